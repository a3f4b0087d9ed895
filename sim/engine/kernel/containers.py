"""The kernel's lists: the heap of events, lines of waiting contacts, idle and busy agents.

Every operation costs at most the logarithm of the list's length, but for places in the
middle of a line (a kept place, work put aside), which are looked for from the nearer end.
"""

from __future__ import annotations

from typing import Any

from sim.engine.kernel import codes as c
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled
from sim.engine.kernel.layout import Floor

# -- events --------------------------------------------------------------------------------------


@compiled
def _before(one: Any, other: Any) -> bool:
    if one.instant != other.instant:
        return bool(one.instant < other.instant)
    return bool(one.order < other.order)


@compiled
def _copy(to: Any, source: Any) -> None:
    to.instant = source.instant
    to.order = source.order
    to.what = source.what
    to.whom = source.whom
    to.version = source.version


@compiled
def push_event(f: Floor, instant: float, order: int, what: int, whom: int, version: int) -> None:
    """Put an event on the heap."""
    k = t.counts(f)[c.N_EVENTS]
    if k >= len(t.events(f)) - 3:
        t.counts(f)[c.N_FULL] = 1
        return
    t.counts(f)[c.N_EVENTS] = k + 1
    new = t.events(f)[len(t.events(f)) - 1]
    new.instant = instant
    new.order = order
    new.what = what
    new.whom = whom
    new.version = version
    while k > 0:
        parent = (k - 1) >> 1
        if not _before(new, t.events(f)[parent]):
            break
        _copy(t.events(f)[k], t.events(f)[parent])
        k = parent
    _copy(t.events(f)[k], new)


@compiled
def pop_event(f: Floor) -> None:
    """Take the first event off the heap and put it in the last place of the table but one."""
    taken, last = len(t.events(f)) - 2, t.counts(f)[c.N_EVENTS] - 1
    _copy(t.events(f)[taken], t.events(f)[0])
    t.counts(f)[c.N_EVENTS] = last
    k = 0
    while True:
        child = 2 * k + 1
        if child >= last:
            break
        if child + 1 < last and _before(t.events(f)[child + 1], t.events(f)[child]):
            child += 1
        if not _before(t.events(f)[child], t.events(f)[last]):
            break
        _copy(t.events(f)[k], t.events(f)[child])
        k = child
    _copy(t.events(f)[k], t.events(f)[last])


# -- lines ---------------------------------------------------------------------------------------


@compiled
def _stands_before(f: Floor, one: int, other: int) -> bool:
    if t.legs(f)[one].place != t.legs(f)[other].place:
        return t.legs(f)[one].place < t.legs(f)[other].place
    if t.legs(f)[one].issue != t.legs(f)[other].issue:
        return t.legs(f)[one].issue < t.legs(f)[other].issue
    return t.legs(f)[one].number < t.legs(f)[other].number


@compiled
def _leg_before_place(f: Floor, line: int, e: int) -> int:
    """Return the leg behind which ``e`` belongs in a line, -1 for the front."""
    head, tail = t.lines(f)[line].head, t.lines(f)[line].tail
    if tail < 0 or _stands_before(f, tail, e):
        return tail
    place = t.legs(f)[e].place
    if place - t.legs(f)[head].place < t.legs(f)[tail].place - place:
        before, after = -1, head
        while after >= 0 and _stands_before(f, after, e):
            before = after
            after = t.legs(f)[after].next
        return before
    while tail >= 0 and not _stands_before(f, tail, e):
        tail = t.legs(f)[tail].prev
    return tail


@compiled
def join_line(f: Floor, e: int) -> None:
    """Put a leg into the line of its queue where its place is."""
    line = t.legs(f)[e].queue
    before = _leg_before_place(f, line, e)
    after = t.lines(f)[line].head if before < 0 else t.legs(f)[before].next
    t.legs(f)[e].prev, t.legs(f)[e].next = before, after
    if before < 0:
        t.lines(f)[line].head = e
    else:
        t.legs(f)[before].next = e
    if after < 0:
        t.lines(f)[line].tail = e
    else:
        t.legs(f)[after].prev = e
    t.legs(f)[e].waiting = 1
    t.lines(f)[line].waiting += 1


@compiled
def quit_line(f: Floor, e: int) -> None:
    """Take a leg out of its line."""
    line = t.legs(f)[e].queue
    before, after = t.legs(f)[e].prev, t.legs(f)[e].next
    if before < 0:
        t.lines(f)[line].head = after
    else:
        t.legs(f)[before].next = after
    if after < 0:
        t.lines(f)[line].tail = before
    else:
        t.legs(f)[after].prev = before
    t.legs(f)[e].waiting = 0
    t.lines(f)[line].waiting -= 1


# -- idle agents, longest idle first -------------------------------------------------------------


@compiled
def _idle_before(f: Floor, one: int, other: int) -> bool:
    if t.agents(f)[one].since != t.agents(f)[other].since:
        return t.agents(f)[one].since < t.agents(f)[other].since
    return one < other


@compiled
def add_idle(f: Floor, a: int) -> None:
    """Count an agent among the idle of its crew."""
    g = t.agents(f)[a].crew
    before = t.crews(f)[g].idle_tail
    while before >= 0 and not _idle_before(f, before, a):
        before = t.agents(f)[before].prev
    after = t.crews(f)[g].idle_head if before < 0 else t.agents(f)[before].next
    t.agents(f)[a].prev, t.agents(f)[a].next = before, after
    if before < 0:
        t.crews(f)[g].idle_head = a
    else:
        t.agents(f)[before].next = a
    if after < 0:
        t.crews(f)[g].idle_tail = a
    else:
        t.agents(f)[after].prev = a
    t.agents(f)[a].idle = 1
    t.crews(f)[g].idle += 1


@compiled
def drop_idle(f: Floor, a: int) -> None:
    """Count an agent no longer among the idle."""
    g = t.agents(f)[a].crew
    before, after = t.agents(f)[a].prev, t.agents(f)[a].next
    if before < 0:
        t.crews(f)[g].idle_head = after
    else:
        t.agents(f)[before].next = after
    if after < 0:
        t.crews(f)[g].idle_tail = before
    else:
        t.agents(f)[after].prev = before
    t.agents(f)[a].idle = 0
    t.crews(f)[g].idle -= 1


# -- agents with something in hand, by kind of work and number in hand ---------------------------


@compiled
def bucket(f: Floor, g: int, deferred_only: int, load: int) -> int:
    """Return the row of the list of a crew's agents with ``load`` contacts in hand."""
    return (g * 2 + deferred_only) * (t.hand(f).shape[1] + 1) + load


@compiled
def add_to_bucket(f: Floor, a: int, deferred_only: int, load: int) -> None:
    """List an agent among those with ``load`` contacts in hand, the longest so first."""
    key = bucket(f, t.agents(f)[a].crew, deferred_only, load)
    ends = t.buckets(f)[key]
    before = ends[1]
    while before >= 0 and not _idle_before(f, before, a):
        before = t.agents(f)[before].bucket_prev
    after = ends[0] if before < 0 else t.agents(f)[before].bucket_next
    t.agents(f)[a].bucket_prev, t.agents(f)[a].bucket_next = before, after
    if before < 0:
        ends[0] = a
    else:
        t.agents(f)[before].bucket_next = a
    if after < 0:
        ends[1] = a
    else:
        t.agents(f)[after].bucket_prev = a
    t.agents(f)[a].bucket = key


@compiled
def drop_from_bucket(f: Floor, a: int) -> None:
    """Take an agent off the list it stands in, if any."""
    key = t.agents(f)[a].bucket
    if key < 0:
        return
    ends = t.buckets(f)[key]
    before, after = t.agents(f)[a].bucket_prev, t.agents(f)[a].bucket_next
    if before < 0:
        ends[0] = after
    else:
        t.agents(f)[before].bucket_next = after
    if after < 0:
        ends[1] = before
    else:
        t.agents(f)[after].bucket_prev = before
    t.agents(f)[a].bucket = -1


# -- notes ---------------------------------------------------------------------------------------


@compiled
def close_state(f: Floor, a: int, now: float) -> None:
    """Write down what an agent has done until now."""
    if t.agents(f)[a].mark < now:
        k = t.counts(f)[c.N_STATES]
        if k >= len(t.states(f)):
            t.counts(f)[c.N_FULL] = 1
            return
        row, agent = t.states(f)[k], t.agents(f)[a]
        row.agent, row.group, row.state = a, agent.crew, agent.state
        row.load, row.overtime = agent.load, agent.overtime
        row.start, row.end = agent.mark, now
        t.counts(f)[c.N_STATES] = k + 1
    t.agents(f)[a].mark = now


@compiled
def note_state(f: Floor, a: int, state: int, now: float) -> None:
    """Note that an agent does something else, or has another number in hand, from now on."""
    load = t.agents(f)[a].in_hand
    if t.agents(f)[a].state == state and t.agents(f)[a].load == load:
        return
    close_state(f, a, now)
    t.agents(f)[a].state = state
    t.agents(f)[a].load = load


@compiled
def note_presence(f: Floor, a: int, now: float) -> None:
    """Write down that an agent logs out."""
    k = t.counts(f)[c.N_PRESENCES]
    if k >= len(t.presences(f)):
        t.counts(f)[c.N_FULL] = 1
        return
    row = t.presences(f)[k]
    row.agent, row.start, row.end = a, t.agents(f)[a].logged_in, now
    t.counts(f)[c.N_PRESENCES] = k + 1
