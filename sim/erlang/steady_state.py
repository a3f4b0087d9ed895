"""The steady-state metrics of every model, and the six named service levels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args

import numpy as np

from sim.erlang.arguments import Duration, Number, fraction, seconds
from sim.erlang.special_functions import Array, Value, plain, share
from sim.units import BadInputError

Variant = Literal[
    "abandons_ignored",
    "abandons_negative",
    "abandons_positive",
    "answered_only",
    "short_as_met",
    "short_excluded",
]
VARIANTS: tuple[str, ...] = get_args(Variant)


@dataclass(frozen=True, eq=False)
class SteadyState(ABC):
    """Steady-state metrics of one queue; subclasses say how contacts wait.

    Attributes
    ----------
    rate : ndarray
        Contacts offered per second, redials included.
    work : ndarray
        Average handle time in seconds.
    staff : ndarray
        Number of agents.

    Notes
    -----
    Shares are of the offered contacts: answered + abandoned + blocked = 1. Single-number
    arguments give floats, arrays give arrays. Waits are in seconds.
    """

    rate: Array
    work: Array
    staff: Array

    model: ClassVar[str] = ""

    # What a model has to know, all per offered contact.
    @abstractmethod
    def _answered(self) -> Array: ...

    @abstractmethod
    def _waits(self) -> Array: ...

    @abstractmethod
    def _answered_wait(self) -> Array: ...

    @abstractmethod
    def _wait(self) -> Array: ...

    @abstractmethod
    def _virtual_wait(self) -> Array: ...

    @abstractmethod
    def _answered_after(self, t: Array) -> Array: ...

    @abstractmethod
    def _waiting_after(self, t: Array) -> Array: ...

    @abstractmethod
    def _virtual_after(self, t: Array) -> Array: ...

    def _blocked(self) -> Array:
        return np.asarray(0.0 * self._answered())

    def _abandoned(self) -> Array:
        return share(1.0 - self._answered() - self._blocked())

    @property
    def agents(self) -> Value:
        """Number of agents."""
        return plain(self.staff + 0.0 * self.rate)

    @property
    def load_erlangs(self) -> Value:
        """Offered load: contacts per second times handle time (redials included)."""
        return plain(self.rate * self.work)

    @property
    def calls_per_hour(self) -> Value:
        """Contacts offered per hour, redials included."""
        return plain(3600.0 * self.rate)

    @property
    def stable(self) -> Value:
        """Whether a stationary answer exists."""
        return plain(np.isfinite(self._answered()))

    @property
    def answered(self) -> Value:
        """Share of offered contacts answered by an agent."""
        return plain(share(self._answered()))

    @property
    def abandonment(self) -> Value:
        """Share of offered contacts that leave while waiting."""
        return plain(share(self._abandoned()))

    @property
    def blocking(self) -> Value:
        """Share of offered contacts that find every trunk busy."""
        return plain(share(self._blocked()))

    @property
    def wait_probability(self) -> Value:
        """Share of offered contacts that are let in but not answered at once."""
        return plain(share(self._waits()))

    @property
    def occupancy(self) -> Value:
        """Share of agents' time spent handling."""
        return plain(share(self.rate * self._answered() * self.work / self.staff))

    @property
    def asa_s(self) -> Value:
        """Mean wait of the answered contacts, in seconds (those at once count with zero)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return plain(self._answered_wait() / self._answered())

    @property
    def mean_wait_all_s(self) -> Value:
        """Mean wait of answered and abandoned contacts together, in seconds."""
        return plain(self._wait() / (1.0 - self._blocked()))

    @property
    def virtual_wait_s(self) -> Value:
        """Mean wait, in seconds, of a contact let in that would never hang up."""
        return plain(self._virtual_wait())

    @property
    def mean_queue_length(self) -> Value:
        """Mean number of contacts waiting (Little's law)."""
        return plain(self.rate * self._wait())

    def answered_within(self, within: Duration) -> Value:
        """Share of offered contacts answered after a wait of at most `within`."""
        t = seconds("within", within)
        return plain(share(self._answered() - self._answered_after(t)))

    def abandoned_within(self, within: Duration) -> Value:
        """Share of offered contacts that leave after a wait of at most `within`."""
        t = seconds("within", within)
        late = self._waiting_after(t) - self._answered_after(t)
        return plain(share(self._abandoned() - np.maximum(late, 0.0)))

    def waiting_longer(self, than: Duration) -> Value:
        """Share of answered and abandoned contacts whose wait exceeds `than`."""
        t = seconds("than", than)
        return plain(share(self._waiting_after(t) / (1.0 - self._blocked())))

    def virtual_longer(self, than: Duration) -> Value:
        """Probability that a contact of endless patience, once let in, waits over `than`."""
        return plain(share(self._virtual_after(seconds("than", than))))

    def abandonment_excl_short(self, short: Duration = 5.0) -> Value:
        """Abandonment without those who leave within `short`, in either part of the ratio."""
        early = self.abandoned_within(short)
        with np.errstate(divide="ignore", invalid="ignore"):
            return plain(share((self._abandoned() - early) / (1.0 - early)))

    def service_level(
        self, within: Duration, variant: Variant = "abandons_ignored", short: Duration = 5.0
    ) -> Value:
        """Service level by one of six named formulas.

        Parameters
        ----------
        within : duration
            Threshold T in seconds or as text; a wait equal to T counts as within.
        variant : str
            With A answered, Ab abandoned, and the suffix T or s for those within the threshold
            or short: `abandons_ignored` A_T/(A+Ab-Ab_T), `abandons_negative` A_T/(A+Ab),
            `abandons_positive` (A_T+Ab_T)/(A+Ab), `answered_only` A_T/A, `short_as_met`
            (A_T+Ab_s)/(A+Ab), `short_excluded` A_T/(A+Ab-Ab_s).
        short : duration
            Longest wait of a short abandon, used by the last two only.

        Returns
        -------
        float or ndarray
            Share in [0, 1]. Blocked contacts stand in none of the formulas.

        Raises
        ------
        BadInputError
            If the variant is unknown or a duration is negative.
        """
        if variant not in VARIANTS:
            raise BadInputError(f"variant: {variant!r} must be one of {', '.join(VARIANTS)}")
        good = self.answered_within(within)
        reached = self._answered() + self._abandoned()
        if variant == "abandons_negative":
            return _ratio(good, reached)
        if variant == "answered_only":
            return _ratio(good, self._answered())
        if variant in ("abandons_ignored", "abandons_positive"):
            early = self.abandoned_within(within)
        else:
            early = self.abandoned_within(short)
        if variant in ("abandons_positive", "short_as_met"):
            return _ratio(good + early, reached)
        return _ratio(good, reached - early)

    def wait_percentile(self, percent: Number) -> Value:
        """Wait in seconds that `percent` % of the answered contacts do not exceed.

        Raises
        ------
        BadInputError
            If `percent` is not in [0, 100).
        """
        wanted = 1.0 - fraction("percent / 100", np.asarray(percent) / 100.0, below_one=True)
        answered = self._answered()
        return plain(_crossing(self._answered_after, wanted * answered, self.work))


def _ratio(top: Any, bottom: Any) -> Value:
    """Divide; 1 where both parts are zero, since no contact missed the goal."""
    top, bottom = np.broadcast_arrays(np.asarray(top, float), np.asarray(bottom, float))
    with np.errstate(divide="ignore", invalid="ignore"):
        return plain(
            share(np.where(bottom > 0.0, top / bottom, np.where(bottom == 0, 0.0, np.nan)))
        )


def _crossing(tail: Any, level: Array, scale: Array) -> Array:
    """Find the first time at which a falling tail is not above `level`, to about 1e-14."""
    low = np.zeros(np.broadcast_shapes(level.shape, scale.shape))
    high = low + scale
    with np.errstate(invalid="ignore"):
        # nan compares false, so an unstable case neither extends the search nor loops.
        for _ in range(200):
            short = tail(high) > level
            if not bool(np.any(short)):
                break
            low, high = np.where(short, high, low), np.where(short, 2.0 * high, high)
        at_once = ~(tail(np.zeros_like(low)) > level)
        for _ in range(90):
            middle = 0.5 * (low + high)
            late = tail(middle) > level
            low, high = np.where(late, middle, low), np.where(late, high, middle)
    return np.where(np.isnan(level), np.nan, np.where(at_once, 0.0, 0.5 * (low + high)))
