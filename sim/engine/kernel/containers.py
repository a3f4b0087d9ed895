"""What the compiled engine keeps in order: events, waiting contacts, idle and busy agents.

Events are a heap, the others linked lists. Every operation costs at most the logarithm of the
length, but for places in the middle of a queue (a kept place, suspended work), which are looked
for from the nearer end. Arguments as in :mod:`sim.engine.kernel.entities`.
"""

from __future__ import annotations

import math
from typing import Any

from sim.engine.kernel import codes as c
from sim.engine.kernel import entities, rules
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled, linked
from sim.engine.kernel.layout import ModelTables, StateTables
from sim.engine.kernel.tables import copy_row

# -- events --------------------------------------------------------------------------------------


@compiled
def _happens_before(instant: float, order: int, other: Any) -> bool:
    if instant != other.instant:
        return bool(instant < other.instant)
    return bool(order < other.order)


@linked
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
    k = t.counts(s).events
    if k >= t.most_events(s) - c.SPARE_EVENTS:
        t.counts(s).is_full = 1
        return
    if k & 3 == 1:
        _clear_siblings(s, k)
    t.counts(s).events = k + 1
    order = rules.event_order(rank, number)
    while k > 0:
        parent = (k - 1) >> 2
        if not _happens_before(instant, order, t.event(s, parent)):
            break
        copy_row(t.event(s, k), t.event(s, parent))
        k = parent
    _set_event(t.event(s, k), instant, order, c.EVENT_KINDS * subject + kind, version)


@compiled
def _clear_siblings(s: StateTables, k: int) -> None:
    """Make places infinite that are read together with the event that will stand before them."""
    for other in range(k + 1, k + 4):
        t.event(s, other).instant = math.inf


@compiled
def pop_event(s: StateTables) -> tuple[float, int, int, int, int]:
    """Take the first event off the heap; return its instant, order, kind, subject and version."""
    first, last = t.event(s, 0), t.counts(s).events - 1
    instant, order, subject, version = first.instant, first.order, first.subject, first.version
    t.counts(s).events = last
    _move_to_its_place(s, last)
    return instant, order, subject & (c.EVENT_KINDS - 1), subject // c.EVENT_KINDS, version


@compiled
def _move_to_its_place(s: StateTables, last: int) -> None:
    """Fill the first place of a heap of ``last`` events with the one that stands behind them."""
    moved = t.event(s, last)
    instant, order, subject, version = moved.instant, moved.order, moved.subject, moved.version
    moved.instant = math.inf
    k = 0
    while 4 * k + 1 < last:
        child = _first_child(s, 4 * k + 1)
        event = t.event(s, child)
        if instant < event.instant or (instant == event.instant and order < event.order):
            break
        copy_row(t.event(s, k), event)
        k = child
    _set_event(t.event(s, k), instant, order, subject, version)


@compiled
def _first_child(s: StateTables, child: int) -> int:
    """Return which of four events happens first; behind the last one, places are infinite.

    Which it is cannot be predicted, so that it is computed without branches.
    """
    a, b = t.event(s, child).instant, t.event(s, child + 1).instant
    e, f = t.event(s, child + 2).instant, t.event(s, child + 3).instant
    one, other = child + (b < a), child + 2 + (f < e)
    before, after = (b if b < a else a), (f if f < e else e)
    best, instant = (other if after < before else one), (after if after < before else before)
    if (a == instant) + (b == instant) + (e == instant) + (f == instant) > 1:
        return _first_of_equals(s, child, instant)
    return best


@compiled
def _first_of_equals(s: StateTables, child: int, instant: float) -> int:
    """Return which of the events of an instant among four comes first."""
    best, order = -1, 0
    for other in range(child, child + 4):
        event = t.event(s, other)
        if event.instant == instant and (best < 0 or event.order < order):
            best, order = other, event.order
    return best


@compiled
def _set_event(event: Any, instant: float, order: int, subject: int, version: int) -> None:
    event.instant = instant
    event.order = order
    event.subject = subject
    event.version = version


# -- queues --------------------------------------------------------------------------------------


@compiled
def _is_ahead(s: StateTables, one: int, other: int) -> bool:
    if t.leg(s, one).place != t.leg(s, other).place:
        return t.leg(s, one).place < t.leg(s, other).place
    if t.leg(s, one).issue != t.leg(s, other).issue:
        return t.leg(s, one).issue < t.leg(s, other).issue
    return t.leg(s, one).number < t.leg(s, other).number


@compiled
def _leg_ahead_of(s: StateTables, q: int, e: int) -> int:
    """Return the leg behind which a leg belongs in a queue, -1 for the front."""
    head, tail = t.queue_state(s, q).head, t.queue_state(s, q).tail
    if tail < 0 or _is_ahead(s, tail, e):
        return tail
    place = t.leg(s, e).place
    if place - t.leg(s, head).place < t.leg(s, tail).place - place:
        before, after = -1, head
        while after >= 0 and _is_ahead(s, after, e):
            before = after
            after = t.leg(s, after).next
        return before
    while tail >= 0 and not _is_ahead(s, tail, e):
        tail = t.leg(s, tail).prev
    return tail


@compiled
def join_queue(s: StateTables, e: int) -> None:
    """Put a leg into its queue where its place is."""
    q = t.leg(s, e).queue
    before = _leg_ahead_of(s, q, e)
    after = t.queue_state(s, q).head if before < 0 else t.leg(s, before).next
    t.leg(s, e).prev, t.leg(s, e).next = before, after
    if before < 0:
        t.queue_state(s, q).head = e
    else:
        t.leg(s, before).next = e
    if after < 0:
        t.queue_state(s, q).tail = e
    else:
        t.leg(s, after).prev = e
    t.leg(s, e).waiting = 1
    t.queue_state(s, q).waiting += 1


@compiled
def leave_queue(s: StateTables, e: int) -> None:
    """Take a leg out of its queue, wherever it stands."""
    q = t.leg(s, e).queue
    before, after = t.leg(s, e).prev, t.leg(s, e).next
    if before < 0:
        t.queue_state(s, q).head = after
    else:
        t.leg(s, before).next = after
    if after < 0:
        t.queue_state(s, q).tail = before
    else:
        t.leg(s, after).prev = before
    t.leg(s, e).waiting = 0
    t.queue_state(s, q).waiting -= 1


@compiled
def first_waiting(s: StateTables, q: int) -> int:
    """Return the first leg of a queue."""
    return t.queue_state(s, q).head


@compiled
def all_waiting(s: StateTables, q: int) -> int:
    """List all legs of a queue, in order, in ``t.waiting_legs(s)``; return how many there are."""
    count, e = 0, t.queue_state(s, q).head
    while e >= 0:
        t.waiting_leg(s, count).leg = e
        count += 1
        e = t.leg(s, e).next
    return count


# -- idle agents, longest idle first -------------------------------------------------------------


@compiled
def _since_longer(s: StateTables, one: int, other: int) -> bool:
    if t.agent(s, one).since != t.agent(s, other).since:
        return t.agent(s, one).since < t.agent(s, other).since
    return one < other


@compiled
def add_idle(s: StateTables, a: int) -> None:
    """Count an agent among the idle of its group."""
    g = t.agent(s, a).group
    before = t.group_state(s, g).idle_tail
    while before >= 0 and not _since_longer(s, before, a):
        before = t.agent(s, before).prev
    after = t.group_state(s, g).idle_head if before < 0 else t.agent(s, before).next
    t.agent(s, a).prev, t.agent(s, a).next = before, after
    if before < 0:
        t.group_state(s, g).idle_head = a
    else:
        t.agent(s, before).next = a
    if after < 0:
        t.group_state(s, g).idle_tail = a
    else:
        t.agent(s, after).prev = a
    t.agent(s, a).idle = 1
    t.group_state(s, g).idle_count += 1


@compiled
def remove_idle(s: StateTables, a: int) -> None:
    """Count an agent no longer among the idle."""
    g = t.agent(s, a).group
    before, after = t.agent(s, a).prev, t.agent(s, a).next
    if before < 0:
        t.group_state(s, g).idle_head = after
    else:
        t.agent(s, before).next = after
    if after < 0:
        t.group_state(s, g).idle_tail = before
    else:
        t.agent(s, after).prev = before
    t.agent(s, a).idle = 0
    t.group_state(s, g).idle_count -= 1


@compiled
def longest_idle(s: StateTables, g: int) -> int:
    """Return the agent of a group that has been idle for longest."""
    return t.group_state(s, g).idle_head


# -- busy agents that could take more, by kind of work and number of active contacts -------------


@compiled
def taking_list(s: StateTables, g: int, deferred_only: int, load: int) -> int:
    """Return the row in ``t.taking(s)`` of a group's agents with ``load`` active contacts."""
    return (g * 2 + deferred_only) * (t.most_active(s) + 1) + load


@compiled
def add_taking(m: ModelTables, s: StateTables, a: int) -> None:
    """List an agent among those of its load that could take more, the longest so first."""
    deferred_only = 1 if entities.only_deferred_work(m, s, a) else 0
    row = taking_list(s, t.agent(s, a).group, deferred_only, t.agent(s, a).active_count)
    ends = t.taking(s, row)
    before = ends.tail
    while before >= 0 and not _since_longer(s, before, a):
        before = t.agent(s, before).taking_prev
    after = ends.head if before < 0 else t.agent(s, before).taking_next
    t.agent(s, a).taking_prev, t.agent(s, a).taking_next = before, after
    if before < 0:
        ends.head = a
    else:
        t.agent(s, before).taking_next = a
    if after < 0:
        ends.tail = a
    else:
        t.agent(s, after).taking_prev = a
    t.agent(s, a).taking = row


@compiled
def remove_taking(s: StateTables, a: int) -> None:
    """Take an agent off the list of those that could take more, if it is on one."""
    row = t.agent(s, a).taking
    if row < 0:
        return
    ends = t.taking(s, row)
    before, after = t.agent(s, a).taking_prev, t.agent(s, a).taking_next
    if before < 0:
        ends.head = after
    else:
        t.agent(s, before).taking_next = after
    if after < 0:
        ends.tail = before
    else:
        t.agent(s, after).taking_prev = before
    t.agent(s, a).taking = -1
