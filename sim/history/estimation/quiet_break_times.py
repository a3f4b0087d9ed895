"""Breaks that agents take while no customer waits, from recorded states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.state_times import SAME, Contacts, StateTimes, span_of
from sim.units import DAY

if TYPE_CHECKING:
    from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate
    from sim.history.estimation.kaplan_meier import SurvivalCurve

_FEWEST = 30
_STEPS = 400


@dataclass(frozen=True)
class QuietBreakEstimates:
    """Breaks that agents take while no customer waits.

    Attributes
    ----------
    share : DayEstimate
        Of the agents without a contact who would be in such a break if no contact came.
    length : DayEstimate
        Mean (s).
    as_simulated : float
        Share with which a simulation has as much time on breaks. It lets agents take breaks right
        after contacts as often as later, and the recorded ones need not.
    """

    share: DayEstimate
    length: DayEstimate
    as_simulated: float


@dataclass(frozen=True)
class AfterContacts:
    """What followed contacts that ended while no customer waited.

    Attributes
    ----------
    day : ndarray of int, shape (n,)
    excess : ndarray, shape (n,)
        Time (s) from the end of work to being available, less the mean part of the gap that is
        recorded as not ready.
    quiet : ndarray, shape (n,)
        Probability that no customer waited after the gap either.
    """

    day: Ints
    excess: Floats
    quiet: Floats


@dataclass(frozen=True)
class HiddenGap:
    """The part of gaps after contacts in which agents are recorded as available.

    Attributes
    ----------
    curve : SurvivalCurve or None
        Of the whole gap; None without gaps.
    share : float
        Of the time in gaps, the part recorded as available.
    """

    curve: SurvivalCurve | None
    share: float

    def within(self, length: Floats) -> Floats:
        """Return the mean hidden time (s) in the first `length` seconds of being available."""
        if self.curve is None or not self.share or not length.size:
            return np.zeros(length.size)
        time = np.linspace(0.0, max(float(self.curve.time.max(initial=0.0)), 1.0), _STEPS)
        survival = self.curve.at(time)
        steps = np.diff(time) * (survival[1:] + survival[:-1]) / 2
        area = np.concatenate(([0.0], np.cumsum(steps)))
        return np.asarray(self.share * np.interp(length, time, area))


def quiet_breaks(
    found: StateTimes,
    contacts: Contacts,
    after: AfterContacts,
    hidden: HiddenGap,
    bootstrap: DayBootstrap,
) -> QuietBreakEstimates | None:
    """Return the breaks in quiet times, None with fewer than thirty that began when available.

    Parameters
    ----------
    found : StateTimes
    contacts : Contacts
    after : AfterContacts
        Those that ended shortly before the agent left must not be there, long break or not.
    hidden : HiddenGap
        During it an agent is not ready, whatever is recorded.
    bootstrap : DayBootstrap

    Notes
    -----
    Breaks of mean length m that begin from ready with the rate r leave the share
    r m / (1 + r m) on a break where there are no contacts.

    In a simulation, agents without a contact alternate between ready and break, and a break begins
    with probability s after a contact if still no customer waits. N contacts and a time T of
    being ready then have breaks of s m N + T s / (1 - s) on average; `as_simulated` is the s at
    which this is the time observed.
    """
    rows, breaks = found.rows, found.quiet_break
    begun = int(np.count_nonzero(breaks))
    if begun < _FEWEST:
        return None
    ended = np.zeros(rows.agent.size, dtype=bool)  # not by the log-out
    ended[:-1] = (np.diff(rows.agent) == 0) & (rows.start[1:] <= rows.end[:-1] + SAME)

    def by_day(day: Ints, values: Floats) -> Floats:
        most = int(bootstrap.days.max()) + 1
        inside = day < most
        return np.asarray(np.bincount(day[inside], values[inside], most)[bootstrap.days])

    day = np.minimum(rows.start // DAY, 10**6).astype(np.int64)
    time = by_day(day, rows.length * breaks)
    count = by_day(day, (breaks & ended).astype(float))
    number = by_day(day, breaks.astype(float))
    ready = by_day(day[rows.available], _ready_time(found, contacts, hidden))
    length = bootstrap.ratio(time, count, "log")
    mean, means = length.value, (bootstrap.weights @ time) / (bootstrap.weights @ count)
    breaks_begun = bootstrap.weights @ number
    drawn = breaks_begun * means / (breaks_begun * means + bootstrap.weights @ ready)
    on_break = float(number.sum()) * mean
    share = bootstrap.estimate(on_break / (on_break + float(ready.sum())), drawn, "logit", begun)
    simulated = _with_the_same_time(
        mean * float(after.quiet.sum()),
        float(ready.sum()),
        max(on_break + float(after.excess.sum()), 0.0),
    )
    return QuietBreakEstimates(share, length, simulated)


def _with_the_same_time(work: float, ready: float, observed: float) -> float:
    """Return the solution s of ``s m N + T s / (1 - s) = B``: a root of a square equation.

    Parameters
    ----------
    work : float
        m N.
    ready, observed : float
        T and B.
    """
    if work <= 0:
        return observed / max(ready + observed, SAME)
    middle = work + ready + observed
    return float((middle - max(middle**2 - 4 * work * observed, 0.0) ** 0.5) / (2 * work))


def _ready_time(found: StateTimes, contacts: Contacts, hidden: HiddenGap) -> Floats:
    """Return the time (s) of each available row without contacts that it covers, and gaps."""
    rows = found.rows
    free = rows.available
    start, end, agent = rows.start[free], rows.end[free], rows.agent[free]
    span = span_of(rows.end, contacts.end)
    place = np.searchsorted(agent * span + start, contacts.agent * span + contacts.answer) - 1
    safe = np.maximum(place, 0)
    inside = (place >= 0) & (agent[safe] == contacts.agent) & (contacts.answer < end[safe])
    # Contacts that agents have at once cover the time once.
    before = np.append(-np.inf, contacts.end[:-1])
    before[1:][np.diff(contacts.agent) != 0] = -np.inf
    begins = np.maximum(contacts.answer, before)
    covered = np.where(inside, np.maximum(np.minimum(contacts.end, end[safe]) - begins, 0.0), 0.0)
    taken = np.bincount(safe[inside], covered[inside], start.size)
    left = np.maximum(end - start - taken, 0.0)
    gaps = np.where(_after_work(found)[free], hidden.within(left), 0.0)
    return np.asarray(np.maximum(left - gaps, 0.0))


def _after_work(found: StateTimes) -> Bools:
    """Return which rows follow work, or what is not ready after it."""
    rows = found.rows
    gap = rows.not_ready & found.on_duty & ~found.quiet_break
    before = rows.busy | rows.wrap | gap
    follows = np.zeros(rows.agent.size, dtype=bool)
    follows[1:] = (np.diff(rows.agent) == 0) & (rows.start[1:] <= rows.end[:-1] + SAME)
    return follows & np.roll(before, 1)
