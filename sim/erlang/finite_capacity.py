"""A limited number of trunks: M/M/n/K, and M/M/n/K+M when the waiting hang up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import special

from sim.erlang.arguments import MOST_LINES, whole
from sim.erlang.redials import settle
from sim.erlang.special_functions import Array, erlang_b, share
from sim.erlang.steady_state import SteadyState
from sim.units import BadInputError


@dataclass(frozen=True, eq=False)
class LimitedLines(SteadyState):
    """A birth-death queue with K trunks, waiting contacts included.

    Attributes
    ----------
    lines : ndarray
        Lines K >= agents.
    leave : ndarray
        Rate per second at which each waiting contact hangs up; 0 for endless patience.

    Notes
    -----
    A contact that finds j waiting ahead is served after j + 1 exponential steps of rates
    s + i * leave, i = 0..j, with s = agents / handle time (Palm 1957). Then exp(-leave * wait)
    has a beta distribution with parameters s/leave and j + 1, which gives every tail exactly; with
    endless patience the wait has a gamma distribution.
    """

    lines: Array
    leave: Array

    @property
    def model(self) -> str:  # type: ignore[override]
        """Which of Erlang's models this is a limited form of."""
        if bool(np.all(self.lines == self.staff)):
            return "erlang_b"
        return "erlang_a" if bool(np.any(self.leave > 0.0)) else "erlang_c"

    @cached_property
    def _ahead(self) -> Array:
        """Queue lengths j = 0..space, one row longer than the largest queue space."""
        return np.arange(float(np.max(self.lines - self.staff)) + 1.0)

    def _column(self, value: Array) -> Array:
        return np.asarray(value)[..., None]

    @cached_property
    def _steps(self) -> Array:
        """Rates s + leave * j at which the contact with j ahead moves up, shape (..., space+1)."""
        return np.asarray(
            self._column(self.staff / self.work + 0.0 * self.leave)
            + self._column(self.leave) * self._ahead
        )

    @cached_property
    def _probabilities(self) -> tuple[Array, Array, Array]:
        """P(some agent free), P(n + j present, j < space) and P(all trunks in use)."""
        space = self._column(self.lines - self.staff + 0.0 * self.rate * self.work * self.leave)
        with np.errstate(divide="ignore", invalid="ignore"):
            grow = np.log(self._column(self.rate)) - np.log(self._steps + self._column(self.leave))
            loss = erlang_b(self.rate * self.work, self.staff)
            free = self._column(np.log1p(-loss) - np.log(loss))
        first = np.zeros(grow[..., :1].shape)
        logs = np.concatenate([first, np.cumsum(grow[..., :-1], axis=-1)], axis=-1)
        logs = np.where(self._ahead <= space, logs, -np.inf)
        shape = np.broadcast_shapes(logs.shape[:-1], free.shape[:-1])
        logs = np.broadcast_to(logs, shape + logs.shape[-1:])
        free = np.broadcast_to(free, (*shape, 1))
        top = np.maximum(free, np.max(logs, axis=-1, keepdims=True))
        calm = np.isposinf(top)
        top = np.where(calm, 0.0, top)
        with np.errstate(over="ignore", invalid="ignore"):
            weights, idle = np.exp(logs - top), np.exp(free - top)
            total = idle + np.sum(weights, axis=-1, keepdims=True)
            weights = np.where(calm, 0.0, weights / total)
            idle = np.where(calm, 1.0, idle / total)
        full = np.sum(np.where(self._ahead == space, weights, 0.0), axis=-1)
        return idle[..., 0], np.where(self._ahead < space, weights, 0.0), full

    def _sum(self, per_place: Array) -> Array:
        return np.asarray(np.sum(self._probabilities[1] * per_place, axis=-1))

    @cached_property
    def _stays(self) -> Array:
        """Probability that the contact with j ahead is answered."""
        steps = self._steps
        return np.asarray(self._column(self.staff / self.work) / (steps + self._column(self.leave)))

    def _blocked(self) -> Array:
        return self._probabilities[2]

    def _answered(self) -> Array:
        return np.asarray(self._probabilities[0] + self._sum(self._stays))

    def _abandoned(self) -> Array:
        return self._sum(
            self._column(self.leave)
            * (self._ahead + 1.0)
            / (self._steps + self._column(self.leave))
        )

    def _waits(self) -> Array:
        return self._sum(np.ones(1))

    def _wait(self) -> Array:
        # A contact with j ahead either moves up or leaves; either way it stays in place that long.
        steps, leave = self._steps, self._column(self.leave)
        # Mean of min(patience, virtual wait) = sum of P(still there at step i) / step rate.
        return self._sum((self._ahead + 1.0) / (steps + leave))

    def _answered_wait(self) -> Array:
        slow = np.cumsum(1.0 / (self._steps + self._column(self.leave)), axis=-1)
        return self._sum(self._stays * slow)

    def _virtual_wait(self) -> Array:
        slow = self._sum(np.cumsum(1.0 / self._steps, axis=-1))
        return np.asarray(slow / (1.0 - self._blocked()))

    def _tail(self, t: Array, extra: float) -> Array:
        leave, speed = np.broadcast_arrays(self.leave, self.staff / self.work)
        leave, speed, time = (self._column(v) for v in np.broadcast_arrays(leave, speed, t))
        return wait_tail(self._ahead, speed, leave, time, extra)

    def _answered_after(self, t: Array) -> Array:
        return self._sum(self._stays * self._tail(t, 1.0))

    def _waiting_after(self, t: Array) -> Array:
        return np.asarray(np.exp(-self.leave * t) * self._sum(self._tail(t, 0.0)))

    def _virtual_after(self, t: Array) -> Array:
        return share(self._sum(self._tail(t, 0.0)) / (1.0 - self._blocked()))


def wait_tail(ahead: Array, speed: Array, leave: Array, t: Array, extra: float = 0.0) -> Array:
    """Give P(wait > t) of a patient contact with `ahead` contacts waiting before it.

    Parameters
    ----------
    ahead : ndarray
        Contacts waiting ahead, >= 0.
    speed, leave : ndarray
        Completions per second of all agents together; hang-ups per second of each waiting one.
    t : ndarray
        Time in seconds.
    extra : float
        1 gives the distribution of the wait of answered contacts (tilted by their patience).

    Returns
    -------
    ndarray
        Probability, shape of the broadcast arguments (see `LimitedLines`).
    """
    endless = leave <= 0.0
    theta = np.where(endless, 1.0, leave)
    x, z = speed / theta + extra, np.exp(-theta * t)
    mortal = special.betainc(np.where(endless, 1.0, x), ahead + 1.0, z)
    patient = special.gammaincc(ahead + 1.0, speed * t)
    return np.where(endless, patient, mortal)


def limited(
    rate: Array, work: Array, staff: Array, lines: Any, leave: Array, redial: Array
) -> LimitedLines:
    """Check the trunks, settle redials and build the model.

    Raises
    ------
    BadInputError
        If there are fewer lines than agents, over a million, or `lines` is not a whole number.
    """
    k = whole("lines", lines, most=MOST_LINES)
    k, n = np.broadcast_arrays(k, staff)
    if bool(np.any(k < n)):
        at = int(np.argmax(k < n))
        raise BadInputError(
            f"lines: {k.flat[at]:g} trunks are fewer than the {n.flat[at]:g} agents; allowed: "
            f"{n.flat[at]:g} or more"
        )

    def build(r: Array) -> LimitedLines:
        return LimitedLines(r, work, staff, k, leave)

    answered: Callable[[Array], Array] = lambda r: build(r)._answered()  # noqa: E731
    if bool(np.any(redial > 0.0)):
        rate = settle(answered, rate, redial)
    return build(rate)
