"""Pauses of agents: long times between two contacts during which customers waited."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats, Ints
from sim.history.estimation.agent_skills import able_of
from sim.history.estimation.presences import AgentPresences, latest_ends
from sim.history.estimation.queue_states import Waiting

LONGEST_GAP_AT_WORK = 180.0
"""An agent who went on a pause while customers waited, and for whom they waited longer than this
(s) in all, was not at work."""


@dataclass(frozen=True)
class Pauses:
    """Times in which agents were absent within a presence.

    Attributes
    ----------
    agent : ndarray of int, shape (pauses,)
    start, end : ndarray, shape (pauses,)
        End of the work on a contact, and begin of the next: seconds since the start of the first
        day; in order by agent and start.
    """

    agent: Ints
    start: Floats
    end: Floats


def pauses(
    agent: Ints, start: Floats, end: Floats, queue: Ints, instant: Floats, wait: Floats,
    asked: Ints, longest: float = LONGEST_GAP_AT_WORK, hour: Ints | None = None,
) -> Pauses:  # fmt: skip
    """Return the pauses between the contacts of agents.

    How long agents pause differs from month to month much more than the gap after a contact, and
    is part of who worked when: agents of recorded days are not there in it. Times that begin while
    no customer waits do not count: these are the breaks of quiet times.

    Parameters
    ----------
    agent, queue : ndarray of int, shape (answered,)
        Of contacts of known agents.
    start, end : ndarray, shape (answered,)
        Begin and end of the work on each, in seconds since the start of the first day.
    instant, wait : ndarray, shape (contacts,)
        When all contacts were offered, and how long they waited (s).
    asked : ndarray of int, shape (contacts,)
        Their queues.
    longest : float
        Seconds that customers whom the agent serves may have waited.
    hour : ndarray of int, shape (answered,), optional
        Hour of the day: whom agents serve depends on what others of the same hours took.
    """
    order = np.lexsort((start, agent))
    order = order[np.isfinite(end[order])]
    who, begins, ends = agent[order], start[order], latest_ends(agent[order], end[order])
    following = np.flatnonzero(np.diff(who) == 0)
    from_, to = ends[following], begins[following + 1]
    waited = np.zeros(following.size)
    begun = np.zeros(following.size, dtype=bool)
    able = able_of(agent, queue, asked, hour)
    for serves in np.unique(able, axis=0):
        mine = (able[who[following]] == serves).all(axis=1)
        theirs = serves[asked]
        queued = Waiting.of(instant[theirs], wait[theirs])
        waited[mine] = queued.time_until(to[mine]) - queued.time_until(from_[mine])
        begun[mine] = queued.before(from_[mine]) > 0
    long = begun & (waited > longest)
    return Pauses(who[following][long], from_[long], to[long])


def without_pauses(present: AgentPresences, found: Pauses) -> AgentPresences:
    """Return presences parted by the pauses that lie within them."""
    order = np.lexsort((present.start, present.agent))
    row = _containing(present.agent[order], present.start[order], found)
    inside = row >= 0
    row = order[np.maximum(row, 0)]
    inside &= (present.agent[row] == found.agent) & (found.end <= present.end[row])
    row, begins, ends = row[inside], found.start[inside], found.end[inside]
    columns = {
        name: np.concatenate([getattr(present, name), getattr(present, name)[row]])
        for name in ("agent", "end", "calls", "first_call", "last_call")
    }
    start = np.concatenate([present.start, ends])
    order = np.lexsort((start, columns["agent"]))
    agent, start, end = columns["agent"][order], start[order], columns["end"][order]
    within = Pauses(found.agent[inside], begins, ends)
    until = end.copy()
    until[_containing(agent, start, within)] = begins
    return AgentPresences(
        agent, start, until, columns["calls"][order], present.gap,
        columns["first_call"][order], columns["last_call"][order],
    )  # fmt: skip


def share_left_out(present: AgentPresences, working: AgentPresences) -> float:
    """Return the share of contacts that a pause follows in which an agent is not there.

    Parameters
    ----------
    present : AgentPresences
    working : AgentPresences
        The same without pauses, as of :func:`without_pauses`.
    """
    return (working.agent.size - present.agent.size) / max(int(present.calls.sum()), 1)


def _containing(agent: Ints, start: Floats, found: Pauses) -> Ints:
    """Return the last of some times, in order by agent and start, that begins before each pause."""
    span = 1.0 + max(start.max(initial=0.0), found.start.max(initial=0.0))
    keys = found.agent * span + found.start
    return np.asarray(np.searchsorted(agent * span + start, keys, side="right") - 1)
