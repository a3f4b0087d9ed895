"""A day that starts empty: M(t)/M/n(t)+M by its forward equations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from sim.erlang.arguments import Duration, Number, number, seconds, whole
from sim.erlang.finite_capacity import wait_tail
from sim.erlang.special_functions import Array, log_poisson
from sim.erlang.steady_state import VARIANTS, Variant
from sim.units import BadInputError

_MOST_STATES = 200_000


@dataclass(frozen=True, eq=False)
class Piece:
    """A part of the day with constant rate and agents.

    Attributes
    ----------
    rate : float
        Arrivals per second.
    agents : int
        Agents at work.
    length : float
        Seconds.
    """

    rate: float
    agents: int
    length: float


@dataclass(frozen=True, eq=False)
class Day:
    """Expectations over a day.

    Attributes
    ----------
    pieces : list of Piece
    time_in : list of ndarray
        Expected seconds with j = 0, 1, ... contacts present, per piece.
    last : ndarray
        Distribution of the number present at the end of the day.
    work : float
        Average handle time in seconds.
    leave : float
        Hang-ups per second of each waiting contact, 0 for endless patience.

    Notes
    -----
    Arrivals see the state at their time (PASTA, also with a varying rate). The fate of a contact
    is computed exactly from what it finds, with the agents of its own piece staying on.
    """

    pieces: list[Piece]
    time_in: list[Array]
    last: Array
    work: float
    leave: float

    @property
    def arrivals(self) -> float:
        """Expected arrivals."""
        return float(sum(p.rate * p.length for p in self.pieces))

    @property
    def abandons(self) -> float:
        """Expected contacts that hang up before the day ends."""
        return self.leave * self._over(lambda p, j: np.maximum(j - p.agents, 0.0))

    @property
    def mean_queue_length(self) -> float:
        """Mean number waiting, over time."""
        return self._over(lambda p, j: np.maximum(j - p.agents, 0.0)) / self._length

    @property
    def mean_busy(self) -> float:
        """Mean number of busy agents, over time."""
        return self._over(lambda p, j: np.minimum(j, p.agents)) / self._length

    @property
    def occupancy(self) -> float:
        """Busy time over agents' time."""
        paid = sum(p.agents * p.length for p in self.pieces)
        return self.mean_busy * self._length / paid

    @property
    def queue_time_per_arrival_s(self) -> float:
        """Seconds spent waiting before the day ends, per arrival."""
        return self.mean_queue_length * self._length / self.arrivals

    @property
    def abandonment(self) -> float:
        """Share of arrivals that hang up before the day ends."""
        return self.abandons / self.arrivals

    @property
    def wait_probability(self) -> float:
        """Share of arrivals that find every agent busy."""
        return self._per_arrival(lambda p, ahead: (ahead >= 0.0) * 1.0)

    @property
    def asa_s(self) -> float:
        """Mean wait of the answered in seconds, each followed to its end."""
        slow = self._per_arrival(self._answered_wait)
        return slow / self._per_arrival(self._stays)

    def answered_within(self, within: Duration) -> float:
        """Share of arrivals answered after at most `within`."""
        t = float(seconds("within", within))

        def good(p: Piece, ahead: Array) -> Array:
            tail = self._tail(p, ahead, t, 1.0)
            return np.asarray(np.where(ahead < 0.0, 1.0, self._stays(p, ahead) * (1.0 - tail)))

        return self._per_arrival(good)

    def abandoned_within(self, within: Duration) -> float:
        """Share of arrivals that hang up after at most `within`."""
        t = float(seconds("within", within))

        def left(p: Piece, ahead: Array) -> Array:
            late = np.exp(-self.leave * t) * self._tail(p, ahead, t, 0.0)
            late = late - self._stays(p, ahead) * self._tail(p, ahead, t, 1.0)
            return np.asarray(np.where(ahead < 0.0, 0.0, 1.0 - self._stays(p, ahead) - late))

        return max(self._per_arrival(left), 0.0)

    def service_level(
        self, within: Duration, variant: Variant = "abandons_ignored", short: Duration = 5.0
    ) -> float:
        """Service level of the day's arrivals by a named formula, see `SteadyState`.

        Raises
        ------
        BadInputError
            If the variant is unknown.
        """
        if variant not in VARIANTS:
            raise BadInputError(f"variant: {variant!r} must be one of {', '.join(VARIANTS)}")
        good, early = self.answered_within(within), self.abandoned_within(within)
        if variant in ("short_as_met", "short_excluded"):
            early = self.abandoned_within(short)
        if variant in ("abandons_positive", "short_as_met"):
            return good + early
        if variant == "answered_only":
            return good / self._per_arrival(self._stays)
        return good if variant == "abandons_negative" else good / (1.0 - early)

    @property
    def _length(self) -> float:
        return sum(p.length for p in self.pieces)

    def _over(self, value: Any) -> float:
        """Integrate a function of piece and number present over time."""
        pairs = zip(self.pieces, self.time_in, strict=True)
        return float(sum(value(p, np.arange(float(v.size))) @ v for p, v in pairs))

    def _per_arrival(self, value: Any) -> float:
        """Average a function of piece and number ahead (negative: none) over arrivals."""
        return self._over(lambda p, j: p.rate * value(p, j - p.agents)) / self.arrivals

    def _stays(self, p: Piece, ahead: Array) -> Array:
        speed = p.agents / self.work
        places = np.maximum(ahead + 1.0, 0.0)
        if not p.agents:
            return np.zeros(ahead.size)
        return np.asarray(speed / (speed + self.leave * places))

    def _answered_wait(self, p: Piece, ahead: Array) -> Array:
        if not p.agents:
            return np.zeros(ahead.size)
        speed = p.agents / self.work
        steps = np.where(ahead >= 0.0, 1.0 / (speed + self.leave * (np.abs(ahead) + 1.0)), 0.0)
        return np.asarray(self._stays(p, ahead) * np.cumsum(steps))

    def _tail(self, p: Piece, ahead: Array, t: float, extra: float) -> Array:
        if not p.agents:
            return np.ones(ahead.size)
        speed, leave = np.asarray(p.agents / self.work), np.asarray(self.leave)
        return wait_tail(np.maximum(ahead, 0.0), speed, leave, np.asarray(t), extra)


def day(
    calls: Number, per: Duration, aht: Duration, agents: Number, patience: Duration | None = None
) -> Day:
    """Follow a day from empty to its end.

    Parameters
    ----------
    calls : array_like, shape (intervals,)
        Expected contacts per interval.
    per : duration
        Length of one interval.
    aht : duration
        Average handle time.
    agents : array_like of int
        Agents per interval, >= 0; one number for the whole day.
    patience : duration, optional
        Mean of the exponential patience; without it there is no abandonment.

    Returns
    -------
    Day

    Raises
    ------
    BadInputError
        If an argument is out of its bounds, or the queue grows too long to follow.

    Notes
    -----
    Kolmogorov's forward equations, integrated piece by piece by uniformisation (Jensen 1953;
    Grassmann 1977): sums of positive terms, exact to rounding. If the agents become fewer, the
    contacts in excess go back to the queue.
    """
    counts, step = np.atleast_1d(number("calls", calls)), float(seconds("per", per, above=True))
    counts, staff = np.broadcast_arrays(counts, np.atleast_1d(whole("agents", agents, 0)))
    if not float(counts.sum()) > 0.0:
        raise BadInputError("calls: at least one contact must be expected in the day")
    work = float(seconds("aht", aht, above=True))
    leave = 0.0 if patience is None else float(1.0 / seconds("patience", patience, above=True))
    pieces = [Piece(float(c) / step, int(n), step) for c, n in zip(counts, staff, strict=True)]
    space = 64 + int(10 * np.sqrt(max(p.rate for p in pieces) * work))
    while True:
        size = int(staff.max()) + space
        if size > _MOST_STATES:
            raise BadInputError("agents: the queue grows too long to follow; give a patience")
        distribution, time_in, lost = np.eye(1, size + 1)[0], [], 0.0
        for piece in pieces:
            distribution, occupation = _advance(distribution, piece, work, leave)
            time_in.append(occupation)
            lost += piece.rate * float(occupation[-1])
            if lost > 1e-13 * float(counts.sum()):
                break
        else:
            return Day(pieces, time_in, distribution, work, leave)
        space *= 2


def _advance(distribution: Array, piece: Piece, work: float, leave: float) -> tuple[Array, Array]:
    """Move the distribution over one piece; give also the expected time in each state."""
    j = np.arange(float(distribution.size))
    birth = np.full(distribution.size, piece.rate)
    birth[-1] = 0.0
    death = np.minimum(j, piece.agents) / work + np.maximum(j - piece.agents, 0.0) * leave
    speed = float(np.max(birth + death))
    if speed <= 0.0:
        return distribution, distribution * piece.length
    stay, up, down = 1.0 - (birth + death) / speed, birth[:-1] / speed, death[1:] / speed
    mean = speed * piece.length
    k = np.arange(np.ceil(mean + 9.0 * np.sqrt(mean) + 40.0))
    now, after = np.exp(log_poisson(k, np.asarray(mean))), special.gammainc(k + 1.0, mean) / speed
    ahead = np.stack([np.cumsum(now[::-1])[::-1], np.cumsum(after[::-1])[::-1]], axis=1)
    end, occupation = np.zeros_like(distribution), np.zeros_like(distribution)
    for i in range(k.size):
        end += now[i] * distribution
        occupation += after[i] * distribution
        following = stay * distribution
        following[1:] += up * distribution[:-1]
        following[:-1] += down * distribution[1:]
        # Once a step changes nothing that could add up, the rest of the sum is known.
        settled = i % 16 == 15 and np.max(np.abs(following - distribution)) * (k.size - i) < 1e-15
        distribution = following
        if settled and i + 1 < k.size:
            end += ahead[i + 1, 0] * distribution
            occupation += ahead[i + 1, 1] * distribution
            break
    return end / end.sum(), occupation * (piece.length / occupation.sum())
