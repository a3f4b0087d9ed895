"""The two decisions of routing: which agent for a contact, which contact for an agent.

They look at the state and change nothing; :mod:`sim.engine.dispatch` acts on them.
"""

from __future__ import annotations

import math

from sim.engine import containers, rules
from sim.engine.entities import (
    Agent,
    GroupState,
    Leg,
    busy_time,
    has_capacity,
    interruptible_for,
    only_deferred_work,
)
from sim.engine.state import CenterState
from sim.model import Rule, Skill

AgentKey = tuple[tuple[float, float, float, float], int]
ContactKey = tuple[tuple[float, float, float, float, float], int]


def may_take(state: CenterState, group_state: GroupState, skill: Skill, leg: Leg) -> bool:
    """Return whether a group may take a contact by now: after its delay, beyond its reserve."""
    if skill.after and not rules.has_waited(leg.wait.place, skill.after, state.env.now):
        return False
    if not skill.reserve or group_state.idle > skill.reserve:
        return True
    return state.queues[skill.queue].reserves_released


# -- an agent for a contact ----------------------------------------------------------------------


def select_agent(state: CenterState, leg: Leg) -> Agent | None:
    """Return the agent with capacity who is best for a contact, if any."""
    best: Agent | None = None
    best_key: AgentKey = ((math.inf, 0.0, 0.0, 0.0), 0)
    for group_state, skill in state.routes[leg.queue_state.number]:
        if skill.level > best_key[0][0]:
            break
        if not may_take(state, group_state, skill, leg):
            continue
        agent = best_agent_of_group(state, group_state, skill, leg)
        if agent is not None:
            key = agent_key(state, agent, skill, leg)
            if key < best_key:
                best, best_key = agent, key
    return best


def select_interruptible_agent(state: CenterState, leg: Leg) -> Agent | None:
    """Return the agent best for a contact among those whose work can be suspended for it."""
    queue = leg.queue_state.number
    found = [
        (agent_key(state, agent, skill, leg), agent)
        for group_state, skill in state.routes[queue]
        if group_state.group.interrupts and may_take(state, group_state, skill, leg)
        for agent in group_state.taking.values()
        if interruptible_for(agent, queue)
    ]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def best_agent_of_group(
    state: CenterState, group_state: GroupState, skill: Skill, leg: Leg
) -> Agent | None:
    """Return the agent of a group, where all are equally skilled, who goes first, if any."""
    by_busy = leg.queue.rule == Rule.LEAST_BUSY
    if group_state.idle:
        if by_busy:
            return min(containers.all_idle(group_state), key=lambda a: (a.busy, a.since, a.number))
        return containers.longest_idle(group_state)
    if not group_state.concurrent:
        return None
    now = state.env.now
    able = [a for a in group_state.taking.values() if has_capacity(a, skill, leg.queue.channel)]
    return min(
        able,
        key=lambda a: (len(a.active), busy_time(a, now) if by_busy else 0.0, a.since, a.number),
        default=None,
    )


def agent_key(state: CenterState, agent: Agent, skill: Skill, leg: Leg) -> AgentKey:
    """Return the key by which a contact chooses among agents of several groups."""
    key = rules.agent_key(
        leg.queue.rule, skill.level, len(agent.active), agent.since,
        busy_time(agent, state.env.now), float(skill.speed[0]), skill.resolves,
    )  # fmt: skip
    return key, agent.number


# -- a contact for an agent ----------------------------------------------------------------------


def select_contact(state: CenterState, agent: Agent) -> Leg | None:
    """Return the waiting contact that an agent with capacity should take next, if any.

    An agent does not begin deferred work that a waiting contact would interrupt at once.
    """
    first = best_first_waiting(state, agent, None)
    if first is None or not first.queue.deferred or not agent.group.interrupts:
        return first
    return best_first_waiting(state, agent, first) or first


def best_first_waiting(state: CenterState, agent: Agent, work: Leg | None) -> Leg | None:
    """Return the best for an agent among those who have waited longest in their queue, if any.

    With ``work``, only among those for whom that deferred work would be suspended again.
    """
    best: Leg | None = None
    best_key: ContactKey | None = None
    for skill in agent.group.skills:
        queue_state = state.queues[skill.queue]
        if not queue_state.waiting:
            continue
        if work is not None:
            pair = (work.queue_state.number, skill.queue)
            if pair not in agent.group.interrupts:
                continue
        first = containers.first_waiting(queue_state)
        if not has_capacity(agent, skill, queue_state.queue.channel):
            continue
        if may_take(state, agent.group_state, skill, first):
            key = contact_key(state, skill, first)
            if best_key is None or key < best_key:
                best, best_key = first, key
    return best


def contact_key(state: CenterState, skill: Skill, leg: Leg) -> ContactKey:
    """Return the key by which an agent chooses among waiting contacts of several queues."""
    queue, place = leg.queue, leg.wait.place
    wait = state.env.now - place
    key = rules.queue_key(
        skill.take, queue.deferred, queue.priority, queue.weight, queue.head_start, wait, place
    )
    return key, leg.order


def select_interrupting_contact(state: CenterState, agent: Agent) -> Leg | None:
    """Return the waiting contact for which an agent should suspend all its work, if any."""
    if not agent.group.interrupts or not only_deferred_work(agent):
        return None
    best: Leg | None = None
    best_key: ContactKey | None = None
    for skill in agent.group.skills:
        queue_state = state.queues[skill.queue]
        if not queue_state.waiting or not interruptible_for(agent, skill.queue):
            continue
        first = containers.first_waiting(queue_state)
        if may_take(state, agent.group_state, skill, first):
            key = contact_key(state, skill, first)
            if best_key is None or key < best_key:
                best, best_key = first, key
    return best
