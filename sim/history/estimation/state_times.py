"""What recorded states of agents say: presences, breaks, when agents were ready again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate
from sim.history.estimation.presences import AgentPresences
from sim.units import DAY

if TYPE_CHECKING:
    from sim.history.estimation.queue_states import Waiting

NEAR = 10.0
"""States and contacts this near (s) belong together: the clocks of two files differ."""
_SAME = 1.0
LONGEST_GAP = 900.0
"""Whoever is not ready for longer after a contact, while customers wait, is on a break (s)."""
LONGEST_QUIET = 1800.0
"""The same where no customer waits."""
LEAST_OTHER_WORK = 60.0
"""Shorter times of being busy without a contact of the log count as present (s)."""
FEWEST = 30


@dataclass(frozen=True)
class StateRows:
    """Recorded states by agent and then time; times of one agent do not overlap.

    Attributes
    ----------
    agent : ndarray of int, shape (rows,)
    start, end : ndarray, shape (rows,)
        Seconds since the start of the first day.
    available, busy, wrap, not_ready : ndarray of bool, shape (rows,)
        Neither of them: present.
    """

    agent: Ints
    start: Floats
    end: Floats
    available: Bools
    busy: Bools
    wrap: Bools
    not_ready: Bools

    @property
    def length(self) -> Floats:
        """Seconds."""
        return np.asarray(self.end - self.start)

    def joined(self) -> StateRows:
        """Return the same with states that follow each other and are alike as one row."""
        kinds = np.stack([self.available, self.busy, self.wrap, self.not_ready])
        apart = np.ones(self.agent.size, dtype=bool)
        apart[1:] = (
            (np.diff(self.agent) != 0)
            | (self.start[1:] > self.end[:-1] + _SAME)
            | (kinds[:, 1:] != kinds[:, :-1]).any(axis=0)
        )
        first = np.flatnonzero(apart)
        last = np.append(first[1:], self.agent.size) - 1
        return StateRows(
            self.agent[first], self.start[first], self.end[last], *kinds[:, first]
        )  # fmt: skip


@dataclass(frozen=True)
class Contacts:
    """Contacts of agents, by agent and then answer.

    Attributes
    ----------
    agent : ndarray of int, shape (contacts,)
    answer, end : ndarray, shape (contacts,)
        When the work on each began and ended, wrap-up included.
    """

    agent: Ints
    answer: Floats
    end: Floats

    @classmethod
    def of(cls, agent: Ints, answer: Floats, end: Floats) -> Contacts:
        """Return contacts in order."""
        order = np.lexsort((answer, agent))
        return cls(agent[order], answer[order], end[order])


@dataclass(frozen=True)
class StateTimes:
    """How the time that agents were logged in is split.

    Attributes
    ----------
    rows : StateRows
        States that follow each other and are alike are one.
    on_duty : ndarray of bool, shape (rows,)
        Which rows count as present.
    quiet_break : ndarray of bool, shape (rows,)
        Breaks that began when the agent was available and no customer waited.
    other_work : ndarray of bool, shape (rows,)
        Busy without a contact of the log.
    """

    rows: StateRows
    on_duty: Bools
    quiet_break: Bools
    other_work: Bools


def times_of_states(rows: StateRows, contacts: Contacts, waiting: Waiting) -> StateTimes:
    """Return which recorded states count as present, and which are breaks.

    Parameters
    ----------
    rows : StateRows
    contacts : Contacts
    waiting : Waiting
        Customers who waited.

    Notes
    -----
    Whoever is not ready right after work counts as present up to a limit: a scenario has this as
    gap after a contact or, where no customer waits, as break when quiet. So does who goes from
    available to not ready while no customer waits. All other times of not being ready are breaks.
    """
    rows = rows.joined()
    span = _span(rows.end, contacts.end)
    after_work, after_available = _begun_after(rows, contacts, span)
    quiet = waiting.before(rows.start) == 0
    long = np.where(quiet, LONGEST_QUIET, LONGEST_GAP)
    short = rows.not_ready & (rows.length <= long)
    stays = short & (after_work | (after_available & quiet))
    begun = np.searchsorted(
        contacts.agent * span + contacts.answer, rows.agent * span + rows.start - NEAR
    )
    until = np.searchsorted(
        contacts.agent * span + contacts.answer, rows.agent * span + rows.end + NEAR
    )
    other = rows.busy & (begun == until) & (rows.length > LEAST_OTHER_WORK)
    on_duty = (~rows.not_ready & ~other) | stays
    return StateTimes(rows, on_duty, stays & ~after_work, other)


def _span(*moments: Floats) -> float:
    """Return by how much agents are moved apart, so that one axis holds the times of all."""
    return max(float(one.max()) if one.size else 0.0 for one in moments) + 2 * DAY


def _begun_after(rows: StateRows, contacts: Contacts, span: float) -> tuple[Bools, Bools]:
    """Return which rows begin right after work, and which after being available."""
    follows = np.zeros(rows.agent.size, dtype=bool)
    follows[1:] = (np.diff(rows.agent) == 0) & (rows.start[1:] <= rows.end[:-1] + _SAME)
    before = np.roll(rows.busy | rows.wrap, 1)
    ends = np.sort(contacts.agent * span + contacts.end)
    begins = rows.agent * span + rows.start
    near = np.searchsorted(ends, begins - NEAR) < np.searchsorted(ends, begins + NEAR)
    # Available for a moment after work; where "available" covers the contacts it is longer.
    free = follows & np.roll(rows.available, 1)
    after_work = (follows & before) | (near & ~(free & (np.roll(rows.length, 1) <= 2 * NEAR)))
    return after_work, free & ~after_work


def presences_of_states(found: StateTimes, contacts: Contacts) -> AgentPresences:
    """Return when agents were present: on duty, or with a contact."""
    rows, duty = found.rows, found.on_duty
    agent = np.concatenate([rows.agent[duty], contacts.agent])
    start = np.concatenate([rows.start[duty], contacts.answer])
    end = np.concatenate([rows.end[duty], contacts.end])
    whole = np.isfinite(end)
    agent, start, end = agent[whole], start[whole], end[whole]
    order = np.lexsort((start, agent))
    span = _span(end)
    begins = (agent * span + start)[order]
    ends = np.maximum.accumulate((agent * span + end)[order])
    first = np.append(True, begins[1:] > ends[:-1] + _SAME)[: order.size]
    starts = np.flatnonzero(first)
    lasts = np.append(starts[1:], order.size) - 1
    who = agent[order][starts]
    zero = np.zeros(who.size, dtype=np.int64)
    return AgentPresences(
        who, start[order][starts], ends[lasts] - who * span, zero, 0.0, zero, zero
    )  # fmt: skip


def logged_in_until(rows: StateRows, agent: Ints, moment: Floats) -> Floats:
    """Return until when agents were logged in without interruption; NaN if they were not.

    Parameters
    ----------
    rows : StateRows
    agent : ndarray of int, shape (n,)
    moment : ndarray, shape (n,)
        Seconds.
    """
    span = _span(rows.end, np.nan_to_num(moment))
    parted = (np.diff(rows.agent) != 0) | (rows.start[1:] > rows.end[:-1] + _SAME)
    last = np.append(np.flatnonzero(parted), rows.agent.size - 1)
    ends = rows.agent[last] * span + rows.end[last]
    place = np.searchsorted(ends, agent * span + np.nan_to_num(moment) - _SAME)
    inside = place < last.size
    place = np.minimum(place, last.size - 1)
    same = inside & (rows.agent[last][place] == agent) & np.isfinite(moment)
    return np.where(same, rows.end[last][place], np.nan)


def ready_after_contact(rows: StateRows, agent: Ints, end: Floats) -> Floats:
    """Return when the agent of each contact was available after it; NaN where not recorded.

    Parameters
    ----------
    rows : StateRows
    agent : ndarray of int, shape (contacts,)
        Below 0: none.
    end : ndarray, shape (contacts,)
        End of the work, wrap-up included (s).
    """
    free = rows.available
    if not free.any():
        return np.full(end.size, np.nan)
    span = _span(rows.end, np.nan_to_num(end))
    ends = rows.agent[free] * span + rows.end[free]
    # An available time that ends with the work began before it, and is that of the clock's error.
    place = np.searchsorted(ends, agent * span + np.nan_to_num(end) + _SAME, side="right")
    inside = place < ends.size
    place = np.minimum(place, ends.size - 1)
    same = inside & (rows.agent[free][place] == agent) & np.isfinite(end) & (agent >= 0)
    return np.where(same, np.maximum(rows.start[free][place], end), np.nan)


@dataclass(frozen=True)
class QuietBreakEstimates:
    """Breaks that agents take while no customer waits.

    Attributes
    ----------
    share : DayEstimate
        Of the agents without a contact who are in such a break in quiet times.
    length : DayEstimate
        Mean (s).
    """

    share: DayEstimate
    length: DayEstimate


def quiet_breaks(
    found: StateTimes, contacts: Contacts, lengthened: Floats, bootstrap: DayBootstrap
) -> QuietBreakEstimates | None:
    """Return the breaks in quiet times, None with fewer than thirty that began when available.

    Parameters
    ----------
    found : StateTimes
    contacts : Contacts
    lengthened : ndarray, shape (n, 3)
        Of contacts that ended while no customer waited: day, time (s) from the end of work to
        being ready less the mean gap, and the probability that none waited after the gap.
        Those that ended shortly before the log-out must not be there, long break or not.
    bootstrap : DayBootstrap

    Notes
    -----
    Agents without a contact alternate between ready and break: a break of mean length m begins
    with probability s after a contact if still no customer waits, and from ready with the rate
    s / ((1 - s) m), which leaves the share s on a break where there are no contacts. N contacts
    and a time T of being ready then have breaks of s m N + T s / (1 - s) on average; s is where
    this is the time observed.
    """
    rows, breaks = found.rows, found.quiet_break
    ended = np.zeros(rows.agent.size, dtype=bool)  # not by the log-out
    ended[:-1] = (np.diff(rows.agent) == 0) & (rows.start[1:] <= rows.end[:-1] + _SAME)
    if np.count_nonzero(breaks) < FEWEST:
        return None

    def by_day(day: Ints, values: Floats) -> Floats:
        most = int(bootstrap.days.max()) + 1
        inside = day < most
        return np.asarray(np.bincount(day[inside], values[inside], most)[bootstrap.days])

    day = np.minimum(rows.start // DAY, 10**6).astype(np.int64)
    time = by_day(day, rows.length * breaks)
    count = by_day(day, (breaks & ended).astype(float))
    begun = by_day(day, breaks.astype(float))
    length = bootstrap.ratio(time, count, "log")
    free = _ready_time(rows, contacts)
    ready = by_day(day[rows.available], free)
    contact_day = lengthened[:, 0].astype(np.int64)
    number = by_day(contact_day, lengthened[:, 2])
    excess = by_day(contact_day, lengthened[:, 1])
    sums = np.stack([time, count, begun, ready, number, excess])
    share = float(_share(*sums.sum(axis=1)))
    drawn = _share(*(bootstrap.weights @ one for one in sums))
    estimate = bootstrap.estimate(share, drawn, "logit", int(begun.sum() + number.sum()))
    return QuietBreakEstimates(estimate, length)


def _share(
    time: Floats, count: Floats, begun: Floats, ready: Floats, number: Floats, excess: Floats
) -> Floats:
    """Return the solution s of ``s m N + T s / (1 - s) = B``: a root of a square equation."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = time / count
        work = number * mean
        observed = np.maximum(begun * mean + excess, 0.0)
        middle = work + ready + observed
        root = np.sqrt(np.maximum(middle**2 - 4 * work * observed, 0.0))
        found = np.where(work > 0, (middle - root) / (2 * work), observed / (ready + observed))
    return np.asarray(np.clip(found, 1e-6, 1 - 1e-6))


def _ready_time(rows: StateRows, contacts: Contacts) -> Floats:
    """Return the time (s) of each available row without the contacts that it covers."""
    free = rows.available
    start, end, agent = rows.start[free], rows.end[free], rows.agent[free]
    span = _span(rows.end, contacts.end)
    place = np.searchsorted(agent * span + start, contacts.agent * span + contacts.answer) - 1
    safe = np.maximum(place, 0)
    inside = (place >= 0) & (agent[safe] == contacts.agent) & (contacts.answer < end[safe])
    covered = np.where(inside, np.minimum(contacts.end, end[safe]) - contacts.answer, 0.0)
    taken = np.bincount(safe[inside], covered[inside], start.size)
    return np.maximum(end - start - taken, 0.0)
