"""Agents: shifts and breaks, and groups that are staffed by headcount.

Processes (:func:`shift`, :func:`breaks`, :func:`headcount`) take time; the other functions say what
happens at one instant.
"""

from __future__ import annotations

from simpy import Event
from simpy.events import ProcessGenerator

from sim.engine.availability import end_overtime, end_pause, go_off_duty, start_overtime
from sim.engine.dispatch import requeue_work, serve_next
from sim.engine.entities import Agent, GroupState, only_deferred_work
from sim.engine.rules import Rank
from sim.engine.service import end_all_warm_transfers
from sim.engine.state import CenterState
from sim.log import State
from sim.model import Shift

# -- shifts --------------------------------------------------------------------------------------


def shift(state: CenterState, agent: Agent, plan: Shift) -> ProcessGenerator:
    """Work one shift, from logging in to logging out."""
    env = state.env
    yield env.timeout_at(plan.start, Rank.AGENTS_ON_DUTY, agent.number)
    begin_shift(state, agent, plan)
    env.process(breaks(state, agent, plan))
    yield env.timeout_at(plan.end, Rank.AGENTS_OFF_DUTY, agent.number)
    end_shift(state, agent, plan)


def begin_shift(state: CenterState, agent: Agent, plan: Shift) -> None:
    """Log in, or go on if the last shift is not over yet."""
    agent.shift = plan
    if agent.present:
        continue_into_shift(state, agent)
    else:
        log_in(state, agent)


def end_shift(state: CenterState, agent: Agent, plan: Shift) -> None:
    """Log out, unless the next shift has begun at this very instant."""
    if agent.shift is plan:
        request_log_out(state, agent)


def log_in(state: CenterState, agent: Agent) -> None:
    """Begin to be present and on duty."""
    now = state.env.now
    agent.present = agent.on_duty = True
    agent.logging_out = agent.break_due = agent.overtime = False
    agent.since = agent.logged_in = agent.state_since = now
    agent.state, agent.load = State.AVAILABLE, 0
    agent.has_worked, agent.quiet_since = False, -1.0
    agent.group_state.present += 1
    serve_next(state, agent)


def continue_into_shift(state: CenterState, agent: Agent) -> None:
    """Begin a shift while the last one is not over yet."""
    end_overtime(state, agent)
    agent.logging_out = agent.break_due = False
    if not agent.on_duty and agent.pause is None:
        agent.on_duty, agent.since = True, state.env.now
    serve_next(state, agent)


def request_log_out(state: CenterState, agent: Agent) -> None:
    """Let an agent log out as soon as no contact is active; a break still due is dropped."""
    agent.logging_out, agent.break_due = True, False
    start_overtime(state, agent)
    end_all_warm_transfers(agent)
    end_pause(state, agent)
    if agent.on_duty:
        requeue_work(state, agent)
        serve_next(state, agent)
    else:
        go_off_duty(state, agent)


# -- breaks --------------------------------------------------------------------------------------


def breaks(state: CenterState, agent: Agent, plan: Shift) -> ProcessGenerator:
    """Take the breaks of a shift, each when no contact is active; what is due by then follows."""
    env, remaining = state.env, plan.breaks.tolist()
    while remaining:
        start, length = remaining.pop(0)
        if env.now < start:
            yield env.timeout_at(start, Rank.AGENTS_OFF_DUTY, agent.number)
        if env.now >= plan.end:
            return
        yield request_break(state, agent)
        until = env.now + length
        while remaining and remaining[0][0] <= until:
            until += remaining.pop(0)[1]
        if until >= plan.end:
            return
        yield env.timeout_at(until, Rank.AGENTS_ON_DUTY, agent.number)
        return_from_break(state, agent)


def request_break(state: CenterState, agent: Agent) -> Event:
    """Let an agent begin a break as soon as no contact is active; return that event."""
    agent.break_started = started = state.env.event()
    agent.break_due = True
    end_all_warm_transfers(agent)
    end_pause(state, agent)
    serve_next(state, agent)
    return started


def return_from_break(state: CenterState, agent: Agent) -> None:
    """Be on duty again after a break."""
    agent.break_due, agent.on_duty, agent.since = False, True, state.env.now
    agent.has_worked = False
    serve_next(state, agent)


# -- headcount -----------------------------------------------------------------------------------


def headcount(state: CenterState, group_state: GroupState) -> ProcessGenerator:
    """Staff a group by headcount, interval by interval."""
    before = 0
    counts = [*state.tape.headcount(group_state.number).tolist(), 0]
    for interval, count in enumerate(counts):
        if count != before:
            instant = interval * state.model.interval_s
            rank = Rank.AGENTS_ON_DUTY if count > before else Rank.AGENTS_OFF_DUTY
            yield state.env.timeout_at(instant, rank, group_state.agents[0].number)
            change_headcount(state, group_state, before, count)
            before = count


def change_headcount(state: CenterState, group_state: GroupState, before: int, count: int) -> None:
    """Let agents of a group log in or out until ``count`` are there."""
    if count > before:
        add_agents(state, group_state, count - before)
    else:
        remove_agents(state, group_state, before - count, unstaffed=count == 0)


def add_agents(state: CenterState, group_state: GroupState, count: int) -> None:
    """Let agents log in; first those stay who were about to log out."""
    for agent in group_state.agents:
        if count and agent.logging_out:
            agent.logging_out = False
            count -= 1
            end_overtime(state, agent)
            serve_next(state, agent)
        elif agent.overtime and not agent.logging_out:
            end_overtime(state, agent)
    for agent in group_state.agents:
        if count and not agent.present:
            log_in(state, agent)
            count -= 1


def remove_agents(state: CenterState, group_state: GroupState, count: int, unstaffed: bool) -> None:
    """Let agents log out: those without a contact, then those who hand work back, then others.

    Who has an active contact logs out when it is done, and takes no other.
    """
    if unstaffed:
        for agent in group_state.agents:
            if agent.present and not agent.overtime:
                start_overtime(state, agent)
                end_all_warm_transfers(agent)
    for step in range(3):
        for agent in reversed(group_state.agents):
            if count and may_leave(agent, step):
                log_out_when_done(state, agent)
                count -= 1


def may_leave(agent: Agent, step: int) -> bool:
    """Return whether an agent is of those who log out in the first, second or third step."""
    if not agent.present or agent.logging_out:
        return False
    if step == 0:
        return agent.idle or agent.pause is not None
    if step == 1:
        return agent.group.hands_back and only_deferred_work(agent)
    return True


def log_out_when_done(state: CenterState, agent: Agent) -> None:
    """Let one agent of a headcount log out, its deferred work handed back."""
    agent.logging_out = True
    end_pause(state, agent)
    requeue_work(state, agent)
    serve_next(state, agent)
