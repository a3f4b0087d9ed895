"""What the compiled engine keeps in order: events, waiting contacts, idle and busy agents.

Events are a heap, the others linked lists. Every operation costs at most the logarithm of the
length, but for places in the middle of a queue (a kept place, suspended work), which are looked
for from the nearer end. Arguments as in :mod:`sim.engine.kernel.entities`.
"""

from __future__ import annotations

from typing import Any

from sim.engine.kernel import codes as c
from sim.engine.kernel import entities, rules
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled
from sim.engine.kernel.layout import ModelTables, StateTables

# -- events --------------------------------------------------------------------------------------


@compiled
def _happens_before(instant: float, order: int, other: Any) -> bool:
    if instant != other.instant:
        return bool(instant < other.instant)
    return bool(order < other.order)


@compiled
def _copy_event(to: Any, source: Any) -> None:
    to.instant = source.instant
    to.order = source.order
    to.kind = source.kind
    to.subject = source.subject
    to.version = source.version


@compiled
def push_event(
    s: StateTables, instant: float, rank: int, number: int, kind: int, subject: int, version: int
) -> None:
    """Schedule an event.

    Parameters
    ----------
    s : StateTables
    instant : float
        Seconds, not before now.
    rank, number : int
        Order events of one instant, see :class:`sim.engine.rules.Rank`.
    kind : int
        ``EVENT_LEG`` and so on.
    subject : int
        Number of the leg, shift, queue or group.
    version : int
        For what happens to say whether the event still holds, or how far things are.
    """
    k = t.counts(s)[c.N_EVENTS]
    if k >= len(t.events(s)):
        t.counts(s)[c.IS_FULL] = 1
        return
    t.counts(s)[c.N_EVENTS] = k + 1
    order = rules.event_order(rank, number)
    while k > 0:
        parent = (k - 1) >> 1
        if not _happens_before(instant, order, t.events(s)[parent]):
            break
        _copy_event(t.events(s)[k], t.events(s)[parent])
        k = parent
    event = t.events(s)[k]
    event.instant = instant
    event.order = order
    event.kind = kind
    event.subject = subject
    event.version = version


@compiled
def pop_event(s: StateTables) -> tuple[float, int, int, int, int]:
    """Take the first event off the heap; return its instant, order, kind, subject and version."""
    first, last = t.events(s)[0], t.counts(s)[c.N_EVENTS] - 1
    popped = first.instant, first.order, first.kind, first.subject, first.version
    moved = t.events(s)[last]
    t.counts(s)[c.N_EVENTS] = last
    k = 0
    while True:
        child = 2 * k + 1
        if child >= last:
            break
        one = t.events(s)[child]
        if child + 1 < last:
            other = t.events(s)[child + 1]
            if _happens_before(other.instant, other.order, one):
                child += 1
        if not _happens_before(t.events(s)[child].instant, t.events(s)[child].order, moved):
            break
        _copy_event(t.events(s)[k], t.events(s)[child])
        k = child
    _copy_event(t.events(s)[k], moved)
    return popped


# -- queues --------------------------------------------------------------------------------------


@compiled
def _is_ahead(s: StateTables, one: int, other: int) -> bool:
    if t.legs(s)[one].place != t.legs(s)[other].place:
        return t.legs(s)[one].place < t.legs(s)[other].place
    if t.legs(s)[one].issue != t.legs(s)[other].issue:
        return t.legs(s)[one].issue < t.legs(s)[other].issue
    return t.legs(s)[one].number < t.legs(s)[other].number


@compiled
def _leg_ahead_of(s: StateTables, q: int, e: int) -> int:
    """Return the leg behind which a leg belongs in a queue, -1 for the front."""
    head, tail = t.queue_states(s)[q].head, t.queue_states(s)[q].tail
    if tail < 0 or _is_ahead(s, tail, e):
        return tail
    place = t.legs(s)[e].place
    if place - t.legs(s)[head].place < t.legs(s)[tail].place - place:
        before, after = -1, head
        while after >= 0 and _is_ahead(s, after, e):
            before = after
            after = t.legs(s)[after].next
        return before
    while tail >= 0 and not _is_ahead(s, tail, e):
        tail = t.legs(s)[tail].prev
    return tail


@compiled
def join_queue(s: StateTables, e: int) -> None:
    """Put a leg into its queue where its place is."""
    q = t.legs(s)[e].queue
    before = _leg_ahead_of(s, q, e)
    after = t.queue_states(s)[q].head if before < 0 else t.legs(s)[before].next
    t.legs(s)[e].prev, t.legs(s)[e].next = before, after
    if before < 0:
        t.queue_states(s)[q].head = e
    else:
        t.legs(s)[before].next = e
    if after < 0:
        t.queue_states(s)[q].tail = e
    else:
        t.legs(s)[after].prev = e
    t.legs(s)[e].waiting = 1
    t.queue_states(s)[q].waiting += 1


@compiled
def leave_queue(s: StateTables, e: int) -> None:
    """Take a leg out of its queue, wherever it stands."""
    q = t.legs(s)[e].queue
    before, after = t.legs(s)[e].prev, t.legs(s)[e].next
    if before < 0:
        t.queue_states(s)[q].head = after
    else:
        t.legs(s)[before].next = after
    if after < 0:
        t.queue_states(s)[q].tail = before
    else:
        t.legs(s)[after].prev = before
    t.legs(s)[e].waiting = 0
    t.queue_states(s)[q].waiting -= 1


@compiled
def first_waiting(s: StateTables, q: int) -> int:
    """Return the first leg of a queue."""
    return t.queue_states(s)[q].head


@compiled
def all_waiting(s: StateTables, q: int) -> int:
    """List all legs of a queue, in order, in ``t.waiting_legs(s)``; return how many there are."""
    count, e = 0, t.queue_states(s)[q].head
    while e >= 0:
        t.waiting_legs(s)[count] = e
        count += 1
        e = t.legs(s)[e].next
    return count


# -- idle agents, longest idle first -------------------------------------------------------------


@compiled
def _since_longer(s: StateTables, one: int, other: int) -> bool:
    if t.agents(s)[one].since != t.agents(s)[other].since:
        return t.agents(s)[one].since < t.agents(s)[other].since
    return one < other


@compiled
def add_idle(s: StateTables, a: int) -> None:
    """Count an agent among the idle of its group."""
    g = t.agents(s)[a].group
    before = t.group_states(s)[g].idle_tail
    while before >= 0 and not _since_longer(s, before, a):
        before = t.agents(s)[before].prev
    after = t.group_states(s)[g].idle_head if before < 0 else t.agents(s)[before].next
    t.agents(s)[a].prev, t.agents(s)[a].next = before, after
    if before < 0:
        t.group_states(s)[g].idle_head = a
    else:
        t.agents(s)[before].next = a
    if after < 0:
        t.group_states(s)[g].idle_tail = a
    else:
        t.agents(s)[after].prev = a
    t.agents(s)[a].idle = 1
    t.group_states(s)[g].idle_count += 1


@compiled
def remove_idle(s: StateTables, a: int) -> None:
    """Count an agent no longer among the idle."""
    g = t.agents(s)[a].group
    before, after = t.agents(s)[a].prev, t.agents(s)[a].next
    if before < 0:
        t.group_states(s)[g].idle_head = after
    else:
        t.agents(s)[before].next = after
    if after < 0:
        t.group_states(s)[g].idle_tail = before
    else:
        t.agents(s)[after].prev = before
    t.agents(s)[a].idle = 0
    t.group_states(s)[g].idle_count -= 1


@compiled
def longest_idle(s: StateTables, g: int) -> int:
    """Return the agent of a group that has been idle for longest."""
    return t.group_states(s)[g].idle_head


# -- busy agents that could take more, by kind of work and number of active contacts -------------


@compiled
def taking_list(s: StateTables, g: int, deferred_only: int, load: int) -> int:
    """Return the row in ``t.taking(s)`` of a group's agents with ``load`` active contacts."""
    return (g * 2 + deferred_only) * (t.active(s).shape[1] + 1) + load


@compiled
def add_taking(m: ModelTables, s: StateTables, a: int) -> None:
    """List an agent among those of its load that could take more, the longest so first."""
    deferred_only = 1 if entities.only_deferred_work(m, s, a) else 0
    row = taking_list(s, t.agents(s)[a].group, deferred_only, t.agents(s)[a].active_count)
    ends = t.taking(s)[row]
    before = ends.tail
    while before >= 0 and not _since_longer(s, before, a):
        before = t.agents(s)[before].taking_prev
    after = ends.head if before < 0 else t.agents(s)[before].taking_next
    t.agents(s)[a].taking_prev, t.agents(s)[a].taking_next = before, after
    if before < 0:
        ends.head = a
    else:
        t.agents(s)[before].taking_next = a
    if after < 0:
        ends.tail = a
    else:
        t.agents(s)[after].taking_prev = a
    t.agents(s)[a].taking = row


@compiled
def remove_taking(s: StateTables, a: int) -> None:
    """Take an agent off the list of those that could take more, if it is on one."""
    row = t.agents(s)[a].taking
    if row < 0:
        return
    ends = t.taking(s)[row]
    before, after = t.agents(s)[a].taking_prev, t.agents(s)[a].taking_next
    if before < 0:
        ends.head = after
    else:
        t.agents(s)[before].taking_next = after
    if after < 0:
        ends.tail = before
    else:
        t.agents(s)[after].taking_prev = before
    t.agents(s)[a].taking = -1
