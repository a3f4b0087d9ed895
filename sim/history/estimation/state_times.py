"""What recorded states of agents say: presences, breaks, when agents were ready again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.presences import AgentPresences
from sim.units import DAY

if TYPE_CHECKING:
    from sim.history.estimation.queue_states import WaitingForAgents

NEAR = 10.0
"""States and contacts this near (s) belong together: the clocks of two files differ."""
SAME = 1.0
"""Times are often whole seconds: moments this near (s) are the same."""
LONGEST_GAP = 900.0
"""Whoever is not ready for longer after a contact, while customers wait, is on a break (s)."""
LONGEST_QUIET, LONGEST_ALONE = 1500.0, 3600.0
"""The same where no customer waits. The commonest planned break is half an hour, and a system with
one word for all breaks has it among short ones; where none of such lengths are among them, the
longest is an hour."""
_MORE = 2.0
LEAST_OTHER_WORK = 60.0
"""Shorter times of being busy without a contact of the log count as present (s)."""


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
    planned : ndarray of bool, shape (rows,)
        Not ready by the word of the file for lunch, a meeting and the like.
    """

    agent: Ints
    start: Floats
    end: Floats
    available: Bools
    busy: Bools
    wrap: Bools
    not_ready: Bools
    planned: Bools

    @property
    def length(self) -> Floats:
        """Seconds."""
        return np.asarray(self.end - self.start)

    def joined(self) -> StateRows:
        """Return the same with states that follow each other and are alike as one row."""
        kinds = np.stack([self.available, self.busy, self.wrap, self.not_ready, self.planned])
        apart = np.ones(self.agent.size, dtype=bool)
        apart[1:] = (
            (np.diff(self.agent) != 0)
            | (self.start[1:] > self.end[:-1] + SAME)
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
        Breaks that began when the agent was available and no customer waited for the agent.
    other_work : ndarray of bool, shape (rows,)
        Busy without a contact of the log.
    longest_quiet : float
        Longest time (s) of not being ready that counts as present where no customer waits.
    """

    rows: StateRows
    on_duty: Bools
    quiet_break: Bools
    other_work: Bools
    longest_quiet: float = LONGEST_QUIET


def times_of_states(rows: StateRows, contacts: Contacts, waiting: WaitingForAgents) -> StateTimes:
    """Return which recorded states count as present, and which are breaks.

    Parameters
    ----------
    rows : StateRows
    contacts : Contacts
    waiting : WaitingForAgents
        Customers who waited.

    Notes
    -----
    Whoever is not ready right after work counts as present up to a limit: a scenario has this as
    gap after a contact or, where no customer waits, as break when quiet. So does who goes from
    available to not ready while no customer waits. All other times of not being ready are breaks,
    and so are planned ones, however short.
    """
    rows = rows.joined()
    span = span_of(rows.end, contacts.end)
    after_work, after_available = _begun_after(rows, contacts, span)
    quiet = waiting.before(rows.agent, rows.start) == 0
    unplanned = rows.not_ready & ~rows.planned
    longest = _longest_quiet(rows.length[unplanned & after_available & quiet])
    short = unplanned & (rows.length <= np.where(quiet, longest, LONGEST_GAP))
    stays = short & (after_work | (after_available & quiet))
    begun = np.searchsorted(
        contacts.agent * span + contacts.answer, rows.agent * span + rows.start - NEAR
    )
    until = np.searchsorted(
        contacts.agent * span + contacts.answer, rows.agent * span + rows.end + NEAR
    )
    other = rows.busy & (begun == until) & (rows.length > LEAST_OTHER_WORK)
    on_duty = (~rows.not_ready & ~other) | stays
    return StateTimes(rows, on_duty, stays & ~after_work, other, longest)


def _longest_quiet(length: Floats) -> float:
    """Return up to which length (s) times of not being ready are breaks when quiet.

    If they are exponential, few are longer than :data:`LONGEST_QUIET`; many more than that are
    planned breaks that have the same word.
    """
    short = length <= LONGEST_QUIET
    if not short.any():
        return LONGEST_QUIET
    expected = length.size * np.exp(-LONGEST_QUIET / max(float(length[short].mean()), SAME))
    found = np.count_nonzero(~short)
    return LONGEST_ALONE if found <= _MORE * expected + _MORE else LONGEST_QUIET


def span_of(*moments: Floats) -> float:
    """Return by how much agents are moved apart, so that one axis holds the times of all."""
    return max(float(one.max()) if one.size else 0.0 for one in moments) + 2 * DAY


def _begun_after(rows: StateRows, contacts: Contacts, span: float) -> tuple[Bools, Bools]:
    """Return which rows begin right after work, and which after being available."""
    follows = np.zeros(rows.agent.size, dtype=bool)
    follows[1:] = (np.diff(rows.agent) == 0) & (rows.start[1:] <= rows.end[:-1] + SAME)
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
    span = span_of(end)
    begins = (agent * span + start)[order]
    ends = np.maximum.accumulate((agent * span + end)[order])
    first = np.append(True, begins[1:] > ends[:-1] + SAME)[: order.size]
    starts = np.flatnonzero(first)
    lasts = np.append(starts[1:], order.size) - 1
    who = agent[order][starts]
    zero = np.zeros(who.size, dtype=np.int64)
    return AgentPresences(
        who, start[order][starts], ends[lasts] - who * span, zero, 0.0, zero, zero
    )  # fmt: skip


def on_duty_until(found: AgentPresences, agent: Ints, moment: Floats) -> Floats:
    """Return the end of the presence of an agent at each moment; NaN outside of presences.

    Parameters
    ----------
    found : AgentPresences
        By agent and then time.
    agent : ndarray of int, shape (n,)
    moment : ndarray, shape (n,)
        Seconds.
    """
    span = span_of(found.end, np.nan_to_num(moment))
    place = np.searchsorted(found.agent * span + found.end, agent * span + moment - SAME)
    inside = place < found.agent.size
    place = np.minimum(place, found.agent.size - 1)
    known = inside & np.isfinite(moment) & (found.agent[place] == agent)
    known &= found.start[place] <= moment + SAME
    return np.where(known, found.end[place], np.nan)


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
    span = span_of(rows.end, np.nan_to_num(end))
    ends = rows.agent[free] * span + rows.end[free]
    # An available time that ends with the work began before it, and is that of the clock's error.
    place = np.searchsorted(ends, agent * span + np.nan_to_num(end) + SAME, side="right")
    inside = place < ends.size
    place = np.minimum(place, ends.size - 1)
    same = inside & (rows.agent[free][place] == agent) & np.isfinite(end) & (agent >= 0)
    return np.where(same, np.maximum(rows.start[free][place], end), np.nan)
