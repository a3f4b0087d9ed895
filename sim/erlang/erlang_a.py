"""Erlang A: callers with exponential patience hang up while they wait."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from sim.erlang.arguments import Duration, Number, Share, contacts_per_s, fraction, seconds, whole
from sim.erlang.finite_capacity import LimitedLines, limited
from sim.erlang.offered_wait import OfferedWait
from sim.erlang.redials import settle
from sim.erlang.special_functions import Array, erlang_b, lower_gamma_ratio, queue_ratio, share
from sim.erlang.steady_state import SteadyState

# Panel borders in mean patiences: where exp(-t/patience) still bends.
_BENDS = np.array([0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 14, 17, 20, 24, 28, 32, 36, 40])


@dataclass(frozen=True, eq=False)
class ErlangA(SteadyState):
    """M/M/n+M: Erlang C whose waiting callers hang up after an exponential patience.

    Attributes
    ----------
    patience : ndarray
        Mean patience in seconds.

    Notes
    -----
    Palm (1957); Baccelli and Hebuterne (1981) for the offered wait; in the form of Mandelbaum
    and Zeltyn (2007), "Service engineering in action: the Palm/Erlang-A queue". With
    x = agents * patience / handle time, y = rate * patience and Erlang's B, all tails are
    ratios of lower incomplete gamma functions of x.
    """

    patience: Array

    model: ClassVar[str] = "erlang_a"

    def _loss(self) -> Array:
        """P(all agents busy) if there were no queue."""
        return erlang_b(self.rate * self.work, self.staff)

    def _speed(self) -> Array:
        """Contacts finished per second while every agent is busy."""
        return np.asarray(self.staff / self.work)

    @cached_property
    def _xy(self) -> tuple[Array, Array]:
        x, y = np.broadcast_arrays(self._speed() * self.patience, self.rate * self.patience)
        return x, y

    @cached_property
    def _queue(self) -> tuple[Array, Array]:
        """Log P(empty queue | all busy) and the mean queue given all busy."""
        return queue_ratio(*self._xy)

    @cached_property
    def _busy(self) -> tuple[Array, Array]:
        """P(all agents busy) and its complement, each without cancellation."""
        empty, loss = np.exp(self._queue[0]), self._loss()
        total = empty + (1.0 - empty) * loss
        with np.errstate(invalid="ignore", divide="ignore"):
            waits = np.where(total > 0.0, loss / total, 1.0)
            free = np.where(total > 0.0, empty * (1.0 - loss) / total, 0.0)
        return waits, free

    def _waits(self) -> Array:
        return self._busy[0]

    def _answered(self) -> Array:
        x, y = self._xy
        waits, free = self._busy
        with np.errstate(invalid="ignore", divide="ignore"):
            stays = np.where(y > 0.0, -np.expm1(self._queue[0]) * x / y, x / (x + 1.0))
        return np.asarray(free + waits * share(stays))

    def _abandoned(self) -> Array:
        x, y = self._xy
        with np.errstate(invalid="ignore", divide="ignore"):
            leaves = np.where(y > 0.0, self._queue[1] / y, 1.0 / (x + 1.0))
        return np.asarray(self._waits() * share(leaves))

    def _wait(self) -> Array:
        # Each waiting contact leaves at rate 1/patience, so abandonment = wait / patience.
        return np.asarray(self._abandoned() * self.patience)

    def _later(self, t: Array) -> tuple[Array, Array]:
        """P(offered wait > t) and the part of it that is answered, per offered contact."""
        x, y = self._xy
        x, y, t, patience = np.broadcast_arrays(x, y, t, self.patience)
        z = y * np.exp(-t / patience)
        log_empty, queue = queue_ratio(x, z)
        power = -x * (t / patience) - y * np.expm1(-t / patience) + self._queue[0] - log_empty
        later = self._waits() * lower_gamma_ratio(x, z, y + 0.0 * t, power)
        # (z - queue)/y = (x/y)(1 - empty): choose the form that does not cancel.
        with np.errstate(invalid="ignore", divide="ignore"):
            stays = np.where(log_empty < -0.5, -np.expm1(log_empty) * x / y, (z - queue) / y)
        none = x / (x + 1.0) * np.exp(-t / patience)
        return np.asarray(later), np.asarray(later * np.where(y > 0.0, share(stays), none))

    def _answered_after(self, t: Array) -> Array:
        return self._later(t)[1]

    def _virtual_after(self, t: Array) -> Array:
        return self._later(t)[0]

    def _waiting_after(self, t: Array) -> Array:
        return np.asarray(self._later(t)[0] * np.exp(-t / self.patience))

    @cached_property
    def _offered(self) -> OfferedWait:
        patience = np.asarray(self.patience)[..., None]
        return OfferedWait(
            self.rate,
            self._speed(),
            survival=lambda t: np.exp(-t / patience),
            lasting=lambda t: -patience * np.expm1(-t / patience),
            peak=self.patience * np.log(np.maximum(self.rate / self._speed(), 1.0)),
            bends=patience * _BENDS,
        )

    def _answered_wait(self) -> Array:
        return np.asarray(self._waits() * self._offered.means[1])

    def _virtual_wait(self) -> Array:
        return np.asarray(self._waits() * self._offered.means[0])


def a(
    calls: Number,
    per: Duration,
    aht: Duration,
    agents: Number,
    patience: Duration,
    *,
    lines: Number | None = None,
    redial: Share = 0.0,
) -> ErlangA | LimitedLines:
    """Return the metrics of a queue with abandonment (Erlang A, M/M/n/K+M with `lines`).

    Parameters
    ----------
    calls : array_like
        First attempts per `per`.
    per, aht : duration
        Length of the interval and average handle time: seconds, or text such as "30min".
    agents : array_like of int
        Number of agents, >= 1.
    patience : duration
        Mean of the exponential patience, > 0.
    lines : array_like of int, optional
        Lines for contacts in service and waiting together, from agents to a million.
    redial : float
        Share of the abandoned and blocked that redial, patience drawn anew.

    Returns
    -------
    ErlangA or LimitedLines
        An answer exists at any load.

    Raises
    ------
    BadInputError
        If an argument is out of its bounds.
    """
    rate, work = contacts_per_s(calls, per), seconds("aht", aht, above=True)
    n, mean = whole("agents", agents), seconds("patience", patience, above=True)
    redialled = fraction("redial", redial)
    if lines is not None:
        return limited(rate, work, n, lines, np.asarray(1.0 / mean), redialled)
    if bool(np.any(redialled > 0.0)):
        rate = settle(lambda r: ErlangA(r, work, n, mean)._answered(), rate, redialled)
    return ErlangA(rate, work, n, mean)
