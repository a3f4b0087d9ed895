"""The two decisions of routing, compiled: the twin of :mod:`sim.engine.routing_policy`.

Arguments as in :mod:`sim.engine.kernel.state`.
"""

from __future__ import annotations

import math

from sim.engine.kernel import codes as c
from sim.engine.kernel import containers, entities
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import agent_key, compiled, has_waited, queue_key
from sim.engine.kernel.layout import Floor, World
from sim.model import Rule

_LEAST_BUSY = int(Rule.LEAST_BUSY)


# -- an agent for a contact ----------------------------------------------------------------------


@compiled
def agent_for(w: World, f: Floor, now: float, e: int) -> int:
    """Return the agent with room who is best for a contact."""
    q = t.legs(f)[e].queue
    best, best_key = -1, (math.inf, 0.0, 0.0, 0.0)
    for way in range(t.queues(w)[q].ways, t.queues(w)[q].ways_end):
        k = t.ways(w)[way]
        if t.skills(w)[k].level > best_key[0]:
            break
        if not _may_come_to(w, f, now, k, e):
            continue
        a = _best_of(w, f, now, k)
        if a >= 0:
            key = _key(w, f, now, k, a)
            if key < best_key or (key == best_key and a < best):
                best, best_key = a, key
    return best


@compiled
def interruptible_for(w: World, f: Floor, now: float, e: int) -> int:
    """Return the agent best for a contact among those whose work can be put aside for it."""
    q = t.legs(f)[e].queue
    best, best_key = -1, (math.inf, 0.0, 0.0, 0.0)
    for way in range(t.queues(w)[q].ways, t.queues(w)[q].ways_end):
        k = t.ways(w)[way]
        g = t.skills(w)[k].crew
        if t.groups(w)[g].interrupts == 0 or not _may_come_to(w, f, now, k, e):
            continue
        for load in range(1, t.hand(f).shape[1] + 1):
            a = t.buckets(f)[containers.bucket(f, g, 1, load), 0]
            while a >= 0:
                if entities.works_only_on(w, f, a, q):
                    key = _key(w, f, now, k, a)
                    if best < 0 or key < best_key or (key == best_key and a < best):
                        best, best_key = a, key
                a = t.agents(f)[a].bucket_next
    return best


@compiled
def _may_come_to(w: World, f: Floor, now: float, k: int, e: int) -> bool:
    after = t.skills(w)[k].after
    if after != 0 and not has_waited(t.legs(f)[e].place, after, now):
        return False
    reserve = t.skills(w)[k].reserve
    if reserve == 0 or t.crews(f)[t.skills(w)[k].crew].idle > reserve:
        return True
    return t.lines(f)[t.skills(w)[k].queue].reserves_called != 0


@compiled
def _best_of(w: World, f: Floor, now: float, k: int) -> int:
    g = t.skills(w)[k].crew
    by_busy = t.queues(w)[t.skills(w)[k].queue].rule == _LEAST_BUSY
    head = t.crews(f)[g].idle_head
    if head >= 0:
        return _least_busy(f, now, head) if by_busy else head
    if t.groups(w)[g].concurrent == 0:
        return -1
    for load in range(1, t.hand(f).shape[1] + 1):
        best = -1
        for deferred_only in range(2):
            head = t.buckets(f)[containers.bucket(f, g, deferred_only, load), 0]
            a = _first_with_room(w, f, now, k, head, by_busy)
            if a >= 0 and (best < 0 or _goes_before(f, now, a, best, by_busy)):
                best = a
        if best >= 0:
            return best
    return -1


@compiled
def _least_busy(f: Floor, now: float, head: int) -> int:
    best, a = head, head
    while a >= 0:
        if _goes_before(f, now, a, best, True):
            best = a
        a = t.agents(f)[a].next
    return best


@compiled
def _first_with_room(w: World, f: Floor, now: float, k: int, a: int, by_busy: bool) -> int:
    best = -1
    while a >= 0:
        if entities.has_room(w, f, a, k):
            if not by_busy:
                return a
            if best < 0 or _goes_before(f, now, a, best, True):
                best = a
        a = t.agents(f)[a].bucket_next
    return best


@compiled
def _goes_before(f: Floor, now: float, one: int, other: int, by_busy: bool) -> bool:
    if by_busy:
        this, that = entities.busy_until(f, now, one), entities.busy_until(f, now, other)
        if this != that:
            return this < that
    if t.agents(f)[one].since != t.agents(f)[other].since:
        return t.agents(f)[one].since < t.agents(f)[other].since
    return one < other


@compiled
def _key(w: World, f: Floor, now: float, k: int, a: int) -> tuple[float, float, float, float]:
    skill = t.skills(w)[k]
    return agent_key(
        t.queues(w)[skill.queue].rule, skill.level, t.agents(f)[a].in_hand, t.agents(f)[a].since,
        entities.busy_until(f, now, a), t.numbers(w)[skill.speeds], skill.resolves,
    )  # fmt: skip


# -- a contact for an agent ----------------------------------------------------------------------


@compiled
def contact_for(w: World, f: Floor, now: float, a: int) -> int:
    """Return the waiting contact that an agent should take next."""
    first = _head_for(w, f, now, a, -1)
    if first < 0 or t.groups(w)[t.agents(f)[a].crew].interrupts == 0:
        return first
    if t.queues(w)[t.legs(f)[first].queue].deferred == 0:
        return first
    other = _head_for(w, f, now, a, t.legs(f)[first].queue)
    return first if other < 0 else other


@compiled
def _head_for(w: World, f: Floor, now: float, a: int, work: int) -> int:
    """Return the best head of a line for an agent.

    With ``work``, a queue of deferred work, only among those for whom it would be put aside.
    """
    g = t.agents(f)[a].crew
    best, best_key = -1, (math.inf, 0.0, 0.0, 0.0, 0.0)
    for k in range(t.groups(w)[g].skills, t.groups(w)[g].skills_end):
        q = t.skills(w)[k].queue
        if t.lines(f)[q].waiting == 0 or (work >= 0 and not _yields(w, g, work, q)):
            continue
        head = t.lines(f)[q].head
        if entities.has_room(w, f, a, k) and _may_come_to(w, f, now, k, head):
            key = _place_of(w, f, now, k, head)
            if best < 0 or _comes_first(f, key, head, best_key, best):
                best, best_key = head, key
    return best


@compiled
def _yields(w: World, g: int, work: int, q: int) -> bool:
    for k in range(t.groups(w)[g].skills, t.groups(w)[g].skills_end):
        if t.skills(w)[k].queue == work:
            return t.together(w)[k, q] & c.YIELDS != 0
    return False


@compiled
def _place_of(
    w: World, f: Floor, now: float, k: int, head: int
) -> tuple[float, float, float, float, float]:
    queue, place = t.queues(w)[t.skills(w)[k].queue], t.legs(f)[head].place
    wait = now - place
    return queue_key(t.skills(w)[k].seek, queue.deferred, queue.priority, queue.weight, wait, place)


@compiled
def _comes_first(
    f: Floor, key: tuple[float, float, float, float, float], head: int,
    best_key: tuple[float, float, float, float, float], best: int,
) -> bool:  # fmt: skip
    return key < best_key or (
        key == best_key and entities.order_of(f, head) < entities.order_of(f, best)
    )


@compiled
def interrupting(w: World, f: Floor, now: float, a: int) -> int:
    """Return the waiting contact for which an agent should put all in hand aside."""
    g = t.agents(f)[a].crew
    if t.groups(w)[g].interrupts == 0 or not entities.only_deferred(w, f, a):
        return -1
    best, best_key = -1, (math.inf, 0.0, 0.0, 0.0, 0.0)
    for k in range(t.groups(w)[g].skills, t.groups(w)[g].skills_end):
        q = t.skills(w)[k].queue
        if t.lines(f)[q].waiting == 0 or not entities.works_only_on(w, f, a, q):
            continue
        head = t.lines(f)[q].head
        if _may_come_to(w, f, now, k, head):
            key = _place_of(w, f, now, k, head)
            if best < 0 or _comes_first(f, key, head, best_key, best):
                best, best_key = head, key
    return best
