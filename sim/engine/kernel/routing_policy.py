"""The two decisions of routing: an agent for a contact, a contact for an agent.

Nothing is changed here; :mod:`sim.engine.kernel.dispatch` acts on what is decided. Arguments as in
:mod:`sim.engine.kernel.entities`.
"""

from __future__ import annotations

import math

from sim.engine.kernel import codes as c
from sim.engine.kernel import containers, entities, rules
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled
from sim.engine.kernel.layout import ModelTables, StateTables
from sim.model import Rule

AgentKey = tuple[float, float, float, float]
ContactKey = tuple[float, float, float, float, float]

_LEAST_BUSY = int(Rule.LEAST_BUSY)


@compiled
def select_agent(m: ModelTables, s: StateTables, now: float, e: int) -> int:
    """Return the agent with capacity who is best for a contact."""
    q = t.leg(s, e).queue
    best, best_key = -1, (math.inf, 0.0, 0.0, 0.0)
    for n in range(t.queue(m, q).routes, t.queue(m, q).routes_end):
        k = t.route(m, n)
        if t.skill(m, k).level > best_key[0]:
            break
        if not may_take(m, s, now, k, e):
            continue
        a = best_agent_of_group(m, s, now, k)
        if a >= 0:
            key = agent_key(m, s, now, k, a)
            if key < best_key or (key == best_key and a < best):
                best, best_key = a, key
    return best


@compiled
def select_interruptible_agent(m: ModelTables, s: StateTables, now: float, e: int) -> int:
    """Return the agent best for a contact among those whose work can be suspended for it."""
    q = t.leg(s, e).queue
    best, best_key = -1, (math.inf, 0.0, 0.0, 0.0)
    for n in range(t.queue(m, q).routes, t.queue(m, q).routes_end):
        k = t.route(m, n)
        g = t.skill(m, k).group
        if t.group(m, g).interrupts == 0 or not may_take(m, s, now, k, e):
            continue
        for load in range(1, t.most_active(s) + 1):
            a = t.taking(s, containers.taking_list(s, g, 1, load)).head
            while a >= 0:
                if entities.interruptible_for(m, s, a, q):
                    key = agent_key(m, s, now, k, a)
                    if best < 0 or key < best_key or (key == best_key and a < best):
                        best, best_key = a, key
                a = t.agent(s, a).taking_next
    return best


@compiled
def may_take(m: ModelTables, s: StateTables, now: float, k: int, e: int) -> bool:
    """Return whether a group may take a contact by now: overflow delay and reserve."""
    after = t.skill(m, k).after
    if after != 0 and not rules.has_waited(t.leg(s, e).place, after, now):
        return False
    reserve = t.skill(m, k).reserve
    if reserve == 0 or t.group_state(s, t.skill(m, k).group).idle_count > reserve:
        return True
    return t.queue_state(s, t.skill(m, k).queue).reserves_released != 0


@compiled
def best_agent_of_group(m: ModelTables, s: StateTables, now: float, k: int) -> int:
    """Return the agent of a group who is best for a contact by a skill."""
    g = t.skill(m, k).group
    by_busy = t.queue(m, t.skill(m, k).queue).rule == _LEAST_BUSY
    head = containers.longest_idle(s, g)
    if head >= 0:
        return _least_busy(s, now, head) if by_busy else head
    if t.group(m, g).concurrent == 0:
        return -1
    for load in range(1, t.most_active(s) + 1):
        best = -1
        for deferred_only in range(2):
            head = t.taking(s, containers.taking_list(s, g, deferred_only, load)).head
            a = _first_with_capacity(m, s, now, k, head, by_busy)
            if a >= 0 and (best < 0 or _goes_before(s, now, a, best, by_busy)):
                best = a
        if best >= 0:
            return best
    return -1


@compiled
def _least_busy(s: StateTables, now: float, head: int) -> int:
    best, a = head, head
    while a >= 0:
        if _goes_before(s, now, a, best, True):
            best = a
        a = t.agent(s, a).next
    return best


@compiled
def _first_with_capacity(
    m: ModelTables, s: StateTables, now: float, k: int, a: int, by_busy: bool
) -> int:
    best = -1
    while a >= 0:
        if entities.has_capacity(m, s, a, k):
            if not by_busy:
                return a
            if best < 0 or _goes_before(s, now, a, best, True):
                best = a
        a = t.agent(s, a).taking_next
    return best


@compiled
def _goes_before(s: StateTables, now: float, one: int, other: int, by_busy: bool) -> bool:
    if by_busy:
        this, that = entities.busy_time(s, now, one), entities.busy_time(s, now, other)
        if this != that:
            return this < that
    if t.agent(s, one).since != t.agent(s, other).since:
        return t.agent(s, one).since < t.agent(s, other).since
    return one < other


@compiled
def agent_key(m: ModelTables, s: StateTables, now: float, k: int, a: int) -> AgentKey:
    """Return what an agent is compared by: the smallest key is best."""
    skill, agent = t.skill(m, k), t.agent(s, a)
    return rules.agent_key(
        t.queue(m, skill.queue).rule, skill.level, agent.active_count, agent.since,
        entities.busy_time(s, now, a), t.speed(m, skill.speeds), skill.resolves,
    )  # fmt: skip


@compiled
def select_contact(m: ModelTables, s: StateTables, now: float, a: int) -> int:
    """Return the waiting contact that an agent should take next."""
    first = best_first_waiting(m, s, now, a, -1)
    if first < 0 or t.group(m, t.agent(s, a).group).interrupts == 0:
        return first
    if t.queue(m, t.leg(s, first).queue).deferred == 0:
        return first
    other = best_first_waiting(m, s, now, a, t.leg(s, first).queue)
    return first if other < 0 else other


@compiled
def best_first_waiting(m: ModelTables, s: StateTables, now: float, a: int, suspendable: int) -> int:
    """Return the contact best for an agent among the first of each queue.

    With ``suspendable``, a queue of deferred work, only among those for whom it would be suspended.
    """
    g = t.agent(s, a).group
    best, best_key = -1, (math.inf, 0.0, 0.0, 0.0, 0.0)
    for k in range(t.group(m, g).skills, t.group(m, g).skills_end):
        q = t.skill(m, k).queue
        if t.queue_state(s, q).waiting == 0:
            continue
        if suspendable >= 0 and not _interrupts(m, g, suspendable, q):
            continue
        head = containers.first_waiting(s, q)
        if entities.has_capacity(m, s, a, k) and may_take(m, s, now, k, head):
            key = contact_key(m, s, now, k, head)
            if best < 0 or _comes_first(s, key, head, best_key, best):
                best, best_key = head, key
    return best


@compiled
def _interrupts(m: ModelTables, g: int, suspendable: int, q: int) -> bool:
    for k in range(t.group(m, g).skills, t.group(m, g).skills_end):
        if t.skill(m, k).queue == suspendable:
            return t.compatibility(m, k, q) & c.INTERRUPTIBLE != 0
    return False


@compiled
def contact_key(m: ModelTables, s: StateTables, now: float, k: int, head: int) -> ContactKey:
    """Return what the first of a queue is compared by: the smallest key comes first."""
    skill, place = t.skill(m, k), t.leg(s, head).place
    queue = t.queue(m, skill.queue)
    return rules.queue_key(
        skill.preference, queue.deferred, queue.priority, queue.weight, queue.head_start,
        now - place, place,
    )  # fmt: skip


@compiled
def _comes_first(
    s: StateTables, key: ContactKey, head: int, best_key: ContactKey, best: int
) -> bool:
    return key < best_key or (
        key == best_key and entities.leg_order(s, head) < entities.leg_order(s, best)
    )


@compiled
def select_interrupting_contact(m: ModelTables, s: StateTables, now: float, a: int) -> int:
    """Return the waiting contact for which an agent should suspend all active ones."""
    g = t.agent(s, a).group
    if t.group(m, g).interrupts == 0 or not entities.only_deferred_work(m, s, a):
        return -1
    best, best_key = -1, (math.inf, 0.0, 0.0, 0.0, 0.0)
    for k in range(t.group(m, g).skills, t.group(m, g).skills_end):
        q = t.skill(m, k).queue
        if t.queue_state(s, q).waiting == 0 or not entities.interruptible_for(m, s, a, q):
            continue
        head = containers.first_waiting(s, q)
        if may_take(m, s, now, k, head):
            key = contact_key(m, s, now, k, head)
            if best < 0 or _comes_first(s, key, head, best_key, best):
                best, best_key = head, key
    return best
