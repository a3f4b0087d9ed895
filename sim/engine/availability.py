"""Which agents are available, and what each of them is seen to do."""

from __future__ import annotations

from simpy import Event

from sim.engine import containers
from sim.engine.entities import Agent, Phase, absence_due, serves_remaining
from sim.engine.rules import Rank
from sim.engine.state import CenterState
from sim.log import State


def update_availability(state: CenterState, agent: Agent) -> None:
    """Bring the lists of available agents, and what is recorded of an agent, up to date."""
    leaving = absence_due(agent)
    stays = leaving and stays_to_serve(state, agent)
    may_take = agent.on_duty and (stays or not leaving)
    idle = may_take and not agent.active
    if idle and not agent.idle:
        containers.add_idle(agent)
    elif agent.idle and not idle:
        containers.remove_idle(agent)
    if agent.group_state.shares_capacity:
        if may_take and agent.active:
            containers.add_taking(agent)
        else:
            containers.remove_taking(agent)
    if idle and stays:
        state.staying[agent.number] = agent
    else:
        state.staying.pop(agent.number, None)
    state.recorder.record_state(agent, agent_state(agent), state.env.now)


def stays_to_serve(state: CenterState, agent: Agent) -> bool:
    """Return whether an agent whose shift is over stays for those who wait in a closed queue."""
    if not agent.logging_out:
        return False
    now, queues = state.env.now, state.queues
    return any(serves_remaining(queues[skill.queue], now) for skill in agent.group.skills)


def release_staying_agents(state: CenterState) -> None:
    """Let those agents go who stayed for contacts that no longer wait."""
    for number in sorted(state.staying):
        agent = state.staying.get(number)
        if agent is not None and not stays_to_serve(state, agent):
            go_off_duty(state, agent)


def go_off_duty(state: CenterState, agent: Agent) -> None:
    """Log out, or begin the break that is due, now."""
    now = state.env.now
    agent.on_duty = False
    update_availability(state, agent)
    if agent.logging_out:
        state.recorder.close_state(agent, now)
        state.recorder.record_presence(agent, now)
        agent.group_state.present -= 1
        agent.logging_out = agent.present = False
    elif agent.break_started is not None:
        agent.break_started.succeed()


def begin_pause(state: CenterState, agent: Agent, length: float) -> Event:
    """Let an agent without active contacts be not ready for a time (s); return its end."""
    agent.on_duty = False
    agent.pause = over = state.env.timeout_at(
        state.env.now + length, Rank.AGENTS_READY, agent.number
    )
    update_availability(state, agent)
    return over


def end_pause(state: CenterState, agent: Agent) -> None:
    """Let an agent be ready who is in a pause, if so."""
    if agent.pause is not None:
        agent.on_duty, agent.pause, agent.since = True, None, state.env.now


def start_overtime(state: CenterState, agent: Agent) -> None:
    """Record what an agent does from now on as overtime."""
    state.recorder.close_state(agent, state.env.now)
    agent.overtime = True


def end_overtime(state: CenterState, agent: Agent) -> None:
    """Record what an agent does from now on as within its schedule."""
    if agent.on_duty or agent.pause is not None:
        state.recorder.close_state(agent, state.env.now)
    agent.overtime = False


def agent_state(agent: Agent) -> State:
    """Return what an agent is seen to do: the liveliest of its active contacts decides."""
    if not agent.active:
        if agent.on_duty:
            return State.AVAILABLE
        return State.ON_BREAK if agent.pause is None else State.NOT_READY
    phases = [leg.service.phase for leg in agent.active]
    live = [leg.service.phase for leg in agent.active if not leg.queue.deferred]
    if Phase.TALK in live:
        return State.TALKING
    if Phase.WARM_TRANSFER in phases:
        return State.HELD
    if Phase.DIAL in phases:
        return State.DIALLING
    return State.WRAPPING if live else State.WORKING
