"""M/M/n+G: callers hang up after a patience of any distribution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from sim.erlang.arguments import (
    Duration,
    Number,
    Share,
    Unstable,
    contacts_per_s,
    fraction,
    seconds,
    whole,
)
from sim.erlang.offered_wait import OfferedWait
from sim.erlang.patience import Patience, curve, exponential
from sim.erlang.redials import settle
from sim.erlang.special_functions import Array, erlang_b, share
from sim.erlang.steady_state import SteadyState
from sim.units import BadInputError


@dataclass(frozen=True, eq=False)
class GeneralPatience(SteadyState):
    """The queue M/M/n+G, exact up to quadrature at rounding error.

    Attributes
    ----------
    patience : Patience
        Patience distribution; a share may balk.

    Notes
    -----
    Baccelli and Hebuterne (1981); Zeltyn and Mandelbaum (2005). Those who balk count as
    abandoned after a wait of zero, and in `wait_probability`.
    """

    patience: Patience

    model: ClassVar[str] = "general_patience"

    @cached_property
    def _offered(self) -> OfferedWait:
        speed = np.asarray(self.staff / self.work)
        peak = np.asarray(_peak(self.patience, float(self.rate), float(speed)))
        curve, bends = self.patience, self.patience.bends
        return OfferedWait(self.rate, speed, curve.survival, curve.lasting, peak, bends)

    @cached_property
    def _busy(self) -> tuple[Array, Array]:
        """P(all agents busy) and its complement."""
        before = erlang_b(self.rate * self.work, self.staff - 1.0)
        with np.errstate(divide="ignore", over="ignore", under="ignore"):
            odds = np.exp(-self._offered.top) / (self.rate * self._offered.whole[0] * before)
            return np.asarray(1.0 / (1.0 + odds)), np.asarray(1.0 - 1.0 / (1.0 + odds))

    def _waits(self) -> Array:
        return self._busy[0]

    def _part(self, row: int, start: Array | None = None) -> Array:
        """One integral of the density beyond `start`, per offered contact."""
        if start is None:
            return np.asarray(self._waits() * self._offered.whole[row] / self._offered.whole[0])
        cells = [self._offered.moments(np.asarray(t))[row] for t in np.ravel(start)]
        some = np.reshape(cells, np.shape(start))
        return np.asarray(self._waits() * some / self._offered.whole[0])

    def _answered(self) -> Array:
        return share(self._busy[1] + self._part(2))

    def _abandoned(self) -> Array:
        return self._part(4)

    def _answered_wait(self) -> Array:
        return self._part(3)

    def _virtual_wait(self) -> Array:
        return self._part(1)

    def _wait(self) -> Array:
        return self._part(5)

    def _answered_after(self, t: Array) -> Array:
        return self._part(2, t)

    def _virtual_after(self, t: Array) -> Array:
        return self._part(0, t)

    def _waiting_after(self, t: Array) -> Array:
        return np.asarray(self._part(0, t) * self.patience.survival(t))


def _peak(patience: Patience, rate: float, speed: float) -> float:
    """Find where rate * survival falls to the speed of service."""

    def crowded(t: float) -> bool:
        return bool(rate * patience.survival(np.asarray(t)) > speed)

    if not crowded(0.0):
        return 0.0
    low, high = 0.0, 1.0 / speed
    while crowded(high):
        low, high = high, 2.0 * high
    for _ in range(100):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if crowded(middle) else (low, middle)
    return high


def as_patience(patience: Duration | Callable[[Any], Any] | Patience) -> Patience:
    """Read a patience: a distribution, a survival function, or a mean (then exponential)."""
    if isinstance(patience, Patience):
        return patience
    return curve(patience) if callable(patience) else exponential(patience)


def g(
    calls: Number,
    per: Duration,
    aht: Duration,
    agents: Number,
    patience: Duration | Callable[[Any], Any] | Patience,
    *,
    redial: Share = 0.0,
) -> GeneralPatience:
    """Return the metrics of a queue with patience of any distribution.

    Parameters
    ----------
    calls : float
        First attempts per `per`; single numbers only.
    per, aht : duration
        Length of the interval and average handle time: seconds, or text such as "30min".
    agents : int
        Number of agents, >= 1.
    patience : Patience, callable or duration
        See `sim.erlang.patience`; a duration is the mean of an exponential.
    redial : float
        Share of the abandoned that redial, patience drawn anew.

    Returns
    -------
    GeneralPatience

    Raises
    ------
    Unstable
        If those who never hang up are too many for the agents.
    BadInputError
        If an argument is out of its bounds.
    """
    rate, work = contacts_per_s(calls, per), seconds("aht", aht, above=True)
    n, redialled, curve = whole("agents", agents), fraction("redial", redial), as_patience(patience)
    if max(rate.ndim, work.ndim, n.ndim, redialled.ndim):
        raise BadInputError("calls, per, aht, agents: general patience takes single numbers")
    if float(redialled) > 0.0:
        rate = settle(lambda r: _each(r, work, n, curve), rate, redialled)
    return general(rate, work, n, curve)


def general(rate: Array, work: Array, staff: Array, patience: Patience) -> GeneralPatience:
    """Build the model for a real number of agents > 0, or raise Unstable."""
    if float(rate) * patience.remain * float(work) >= float(staff):
        raise Unstable(
            f"agents: {float(staff):g} cannot handle {float(rate * work * patience.remain):g} "
            "erlangs of contacts that never hang up"
        )
    return GeneralPatience(rate, work, staff, patience)


def _each(rate: Array, work: Array, staff: Array, patience: Patience) -> Array:
    cells = [float(general(np.asarray(r), work, staff, patience)._answered()) for r in rate.flat]
    return np.reshape(cells, rate.shape)
