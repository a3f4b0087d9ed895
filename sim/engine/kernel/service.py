"""Service: which contacts are active at an agent, in which phase and how fast.

Arguments as in :mod:`sim.engine.kernel.entities`.
"""

from __future__ import annotations

from sim.engine.kernel import availability, containers, entities, rules
from sim.engine.kernel import codes as c
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled, linked
from sim.engine.kernel.layout import ModelTables, StateTables
from sim.engine.rules import Rank

_COMPLETION = int(Rank.COMPLETION)


@compiled
def start_service(m: ModelTables, s: StateTables, now: float, a: int, e: int) -> None:
    """Add a contact to the active ones of an agent."""
    n = t.agent(s, a).active_count
    if n == 0:
        t.agent(s, a).busy_since = now
    t.active(s, a, n).leg = e
    t.agent(s, a).active_count = n + 1
    t.agent(s, a).since = now
    t.leg(s, e).started = now
    t.leg(s, e).speed = 0.0
    update_service_rates(m, s, now, a)
    availability.update_availability(m, s, now, a)


@compiled
def stop_service(m: ModelTables, s: StateTables, now: float, a: int, e: int) -> None:
    """Remove a contact from the active ones of an agent."""
    n = t.agent(s, a).active_count - 1
    at = 0
    while t.active(s, a, at).leg != e:
        at += 1
    for k in range(at, n):
        t.active(s, a, k).leg = t.active(s, a, k + 1).leg
    t.agent(s, a).active_count = n
    t.agent(s, a).since = now
    if n == 0:
        t.agent(s, a).busy += now - t.agent(s, a).busy_since
    else:
        update_service_rates(m, s, now, a)


@linked
def update_service_rates(m: ModelTables, s: StateTables, now: float, a: int) -> None:
    """Set the speed of all active contacts by their number, and schedule when they will be done.

    A speed of 0 marks a phase that has not begun to run.
    """
    load = t.agent(s, a).active_count
    for n in range(load):
        e = t.active(s, a, n).leg
        leg = t.leg(s, e)
        if leg.phase == c.WARM_TRANSFER:
            continue
        speed = 1.0
        if leg.phase != c.DIAL:
            skill = t.skill(m, leg.skill)
            speed = rules.service_speed(t.speeds(m, skill.speeds, skill.speeds_end), load)
            speed *= t.agent_factors(m, a).speed
        if speed == leg.speed:
            continue
        if leg.speed != 0.0:
            leg.remaining = remaining_work(s, now, e)
        leg.since, leg.speed = now, speed
        leg.version += 1
        seconds = leg.remaining if speed == 1.0 else leg.remaining / speed
        schedule_completion(s, now + seconds, e)


@compiled
def remaining_work(s: StateTables, now: float, e: int) -> float:
    """Return how much of the work of the present phase (s at full speed) remains."""
    leg = t.leg(s, e)
    done = (now - leg.since) * leg.speed
    return max(0.0, leg.remaining - done)


@compiled
def schedule_completion(s: StateTables, instant: float, e: int) -> None:
    """Schedule the end of the phase of a leg; a later version of the leg makes it void."""
    order, version = entities.leg_order(s, e), t.leg(s, e).version
    containers.push_event(s, instant, _COMPLETION, order, c.EVENT_LEG, e, version)


@compiled
def start_phase(
    m: ModelTables, s: StateTables, now: float, e: int, phase: int, seconds: float
) -> None:
    """Start another phase of an active contact, with its own work (s at full speed)."""
    a = t.leg(s, e).agent
    t.leg(s, e).phase = phase
    t.leg(s, e).remaining = seconds
    t.leg(s, e).started = now
    t.leg(s, e).speed = 0.0
    if phase != c.WARM_TRANSFER:
        update_service_rates(m, s, now, a)
    availability.update_phase(m, s, now, a)


@compiled
def end_warm_transfer(s: StateTables, now: float, e: int) -> None:
    """Release the agent who stayed on until this contact was answered or gone."""
    transferring = t.leg(s, e).transfer_first
    if transferring >= 0:
        schedule_completion(s, now, transferring)
        t.leg(s, e).transfer_first = t.leg(s, transferring).transfer_second = -1


@compiled
def end_all_warm_transfers(s: StateTables, now: float, a: int) -> None:
    """End the warm transfers of an agent whose time is up, though no agent has answered yet."""
    for n in range(t.agent(s, a).active_count):
        to = t.leg(s, t.active(s, a, n).leg).transfer_second
        if to >= 0:
            end_warm_transfer(s, now, to)
