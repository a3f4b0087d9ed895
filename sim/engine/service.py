"""Service: agents work on their active contacts, at a speed that depends on how many there are."""

from __future__ import annotations

from sim.engine import rules
from sim.engine.availability import update_availability
from sim.engine.entities import Agent, Leg, Phase
from sim.engine.ranked_events import Timer
from sim.engine.rules import Rank
from sim.engine.state import CenterState


def start_service(state: CenterState, agent: Agent, leg: Leg) -> None:
    """Make a leg one of an agent's active contacts."""
    now = state.env.now
    if not agent.active:
        agent.busy_since = now
    agent.active.append(leg)
    agent.since = leg.service.started = now
    leg.service.completion = None
    update_service_rates(state, agent)
    update_availability(state, agent)


def stop_service(state: CenterState, agent: Agent, leg: Leg) -> None:
    """Take a leg out of an agent's active contacts."""
    now = state.env.now
    agent.active.remove(leg)
    agent.since = now
    if agent.active:
        update_service_rates(state, agent)
    else:
        agent.busy += now - agent.busy_since


def start_phase(state: CenterState, agent: Agent, leg: Leg, phase: Phase, work: float) -> None:
    """Let an active contact enter its next phase, with the work of that phase (s at full speed)."""
    service = leg.service
    service.phase, service.remaining = phase, work
    service.started, service.completion = state.env.now, None
    if phase is not Phase.WARM_TRANSFER:
        update_service_rates(state, agent)
    update_availability(state, agent)


def update_service_rates(state: CenterState, agent: Agent) -> None:
    """Set the speed of all active contacts by their number, and when each will be done."""
    env, now, load = state.env, state.env.now, len(agent.active)
    for leg in agent.active:
        service = leg.service
        if service.phase is Phase.WARM_TRANSFER:
            continue
        speed = 1.0
        if service.phase is not Phase.DIAL:
            speed = rules.service_speed(agent.group_state.speeds[leg.queue_state.number], load)
            speed *= agent.speed
        if service.completion is None:
            instant = now + service.remaining / speed
            service.completion = env.timer_at(instant, Rank.COMPLETION, leg.order)
        elif speed != service.speed:
            service.remaining = remaining_work(leg, now)
            service.completion.reschedule(now + service.remaining / speed)
        else:
            continue
        service.since, service.speed = now, speed


def remaining_work(leg: Leg, now: float) -> float:
    """Return how much of the work of the present phase (s at full speed) remains."""
    service = leg.service
    return max(0.0, service.remaining - (now - service.since) * service.speed)


def completion(leg: Leg) -> Timer:
    """Return the event that the work of the present phase is done."""
    assert leg.service.completion is not None
    return leg.service.completion


# -- warm transfers ------------------------------------------------------------------------------


def end_warm_transfer(leg: Leg) -> None:
    """Release the agent who stayed on until this leg was answered or over, if any."""
    first = leg.warm_transfer.first
    if first is not None:
        assert first.warm_transfer.over is not None
        first.warm_transfer.over.succeed()
        leg.warm_transfer.first = None


def end_all_warm_transfers(agent: Agent) -> None:
    """End the warm transfers of an agent whose break or end of shift is due."""
    for leg in agent.active:
        if leg.warm_transfer.second is not None:
            end_warm_transfer(leg.warm_transfer.second)
