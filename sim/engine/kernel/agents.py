"""Agents: shifts, breaks, headcounts.

Arguments as in :mod:`sim.engine.kernel.entities`; ``shift`` is the number of a shift.
"""

from __future__ import annotations

from sim.engine.kernel import availability, containers, dispatch, entities, service
from sim.engine.kernel import codes as c
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled
from sim.engine.kernel.layout import ModelTables, StateTables
from sim.engine.rules import Rank
from sim.log import State

_AGENTS_ON_DUTY = int(Rank.AGENTS_ON_DUTY)
_AGENTS_OFF_DUTY = int(Rank.AGENTS_OFF_DUTY)
_AVAILABLE = int(State.AVAILABLE)


# -- shifts and breaks ---------------------------------------------------------------------------


@compiled
def schedule_shift(m: ModelTables, s: StateTables, shift: int) -> None:
    """Schedule the start of a shift."""
    start, a = t.shift(m, shift).start, t.shift(m, shift).agent
    containers.push_event(s, start, _AGENTS_ON_DUTY, a, c.EVENT_SHIFT, shift, 0)


@compiled
def begin_shift(m: ModelTables, s: StateTables, now: float, shift: int) -> None:
    """Begin a shift, and schedule its end and its first break."""
    a = t.shift(m, shift).agent
    t.agent(s, a).shift, t.agent(s, a).next_break = shift, t.shift(m, shift).breaks
    if t.agent(s, a).present != 0:
        continue_into_shift(m, s, now, a)
    else:
        log_in(m, s, now, a)
    ends = t.shift(m, shift).ends
    containers.push_event(s, ends, _AGENTS_OFF_DUTY, a, c.EVENT_SHIFT, shift, 0)
    next_break(m, s, now, shift)


@compiled
def next_break(m: ModelTables, s: StateTables, now: float, shift: int) -> None:
    """Schedule the next break of a shift; one that is due is requested now."""
    a = t.shift(m, shift).agent
    if t.agent(s, a).next_break < t.shift(m, shift).breaks_end:
        start = t.scheduled_break(m, t.agent(s, a).next_break).start
        if now < start:
            containers.push_event(s, start, _AGENTS_OFF_DUTY, a, c.EVENT_BREAK, shift, 0)
        else:
            leave_for_break(m, s, now, shift)


@compiled
def leave_for_break(m: ModelTables, s: StateTables, now: float, shift: int) -> None:
    """Request the break that is due, unless the shift is over."""
    if now < t.shift(m, shift).ends:
        request_break(m, s, now, t.shift(m, shift).agent)


@compiled
def end_break(m: ModelTables, s: StateTables, now: float, shift: int) -> None:
    """End a break, and schedule the next one."""
    return_from_break(m, s, now, t.shift(m, shift).agent)
    next_break(m, s, now, shift)


@compiled
def end_shift(m: ModelTables, s: StateTables, now: float, shift: int) -> None:
    """End a shift, unless the agent's next one has begun at this instant."""
    a = t.shift(m, shift).agent
    if t.agent(s, a).shift == shift:
        request_log_out(m, s, now, a)


# -- log in, log out -----------------------------------------------------------------------------


@compiled
def log_in(m: ModelTables, s: StateTables, now: float, a: int) -> None:
    """Log in, available at once."""
    agent = t.agent(s, a)
    agent.present = agent.on_duty = 1
    agent.logging_out = agent.break_due = agent.overtime = 0
    agent.since = agent.logged_in = agent.state_since = now
    agent.state, agent.load = _AVAILABLE, 0
    agent.has_worked, agent.quiet_since = 0, -1.0
    t.group_state(s, agent.group).present += 1
    dispatch.serve_next(m, s, now, a)


@compiled
def continue_into_shift(m: ModelTables, s: StateTables, now: float, a: int) -> None:
    """Begin a shift while the last one of the same agent is not yet over."""
    agent = t.agent(s, a)
    availability.end_overtime(s, now, a)
    agent.logging_out = agent.break_due = 0
    if agent.on_duty == 0 and agent.paused == 0:
        agent.on_duty, agent.since = 1, now
    dispatch.serve_next(m, s, now, a)


@compiled
def request_break(m: ModelTables, s: StateTables, now: float, a: int) -> None:
    """Let an agent start a break as soon as no contact is active."""
    t.agent(s, a).break_due = 1
    service.end_all_warm_transfers(s, now, a)
    availability.end_pause(s, now, a)
    dispatch.serve_next(m, s, now, a)


@compiled
def return_from_break(m: ModelTables, s: StateTables, now: float, a: int) -> None:
    """Return from a break, available at once."""
    t.agent(s, a).break_due, t.agent(s, a).on_duty = 0, 1
    t.agent(s, a).since, t.agent(s, a).has_worked = now, 0
    dispatch.serve_next(m, s, now, a)


@compiled
def request_log_out(m: ModelTables, s: StateTables, now: float, a: int) -> None:
    """Let an agent log out as soon as no contact is active; a break still due is dropped."""
    t.agent(s, a).logging_out, t.agent(s, a).break_due = 1, 0
    availability.start_overtime(s, now, a)
    service.end_all_warm_transfers(s, now, a)
    availability.end_pause(s, now, a)
    if t.agent(s, a).on_duty != 0:
        dispatch.requeue_work(m, s, now, a)
        dispatch.serve_next(m, s, now, a)
    else:
        availability.go_off_duty(m, s, now, a)


# -- headcounts ----------------------------------------------------------------------------------


@compiled
def next_headcount(m: ModelTables, s: StateTables, g: int) -> None:
    """Schedule the next change of a group's headcount."""
    interval = t.group_state(s, g).interval
    before = 0 if interval < 0 else t.headcount(m, g, interval)
    interval += 1
    while interval < t.intervals(m) and t.headcount(m, g, interval) == before:
        interval += 1
    t.group_state(s, g).interval = interval
    if interval < t.intervals(m):
        rises = t.headcount(m, g, interval) > before
        rank = _AGENTS_ON_DUTY if rises else _AGENTS_OFF_DUTY
        instant = interval * t.settings(m).interval_s
        first = t.group(m, g).first
        containers.push_event(s, instant, rank, first, c.EVENT_HEADCOUNT, g, before)


@compiled
def change_headcount(m: ModelTables, s: StateTables, now: float, g: int, before: int) -> None:
    """Log agents of a group in, or out as their active contacts end."""
    count = t.headcount(m, g, t.group_state(s, g).interval)
    if count > before:
        add_agents(m, s, now, g, count - before)
    else:
        remove_agents(m, s, now, g, before - count, count == 0)
    next_headcount(m, s, g)


@compiled
def add_agents(m: ModelTables, s: StateTables, now: float, g: int, count: int) -> None:
    """Log agents in; first those stay who were about to log out."""
    first = t.group(m, g).first
    for a in range(first, first + t.group(m, g).agents):
        if count > 0 and t.agent(s, a).logging_out != 0:
            t.agent(s, a).logging_out = 0
            count -= 1
            availability.end_overtime(s, now, a)
            dispatch.serve_next(m, s, now, a)
        elif t.agent(s, a).overtime != 0 and t.agent(s, a).logging_out == 0:
            availability.end_overtime(s, now, a)
    for a in range(first, first + t.group(m, g).agents):
        if count > 0 and t.agent(s, a).present == 0:
            log_in(m, s, now, a)
            count -= 1


@compiled
def remove_agents(
    m: ModelTables, s: StateTables, now: float, g: int, count: int, unstaffed: bool
) -> None:
    """Log agents out: those without a contact, then those who hand work back, then others.

    An agent with active contacts logs out when they are done, and takes no other.
    """
    first = t.group(m, g).first
    last = first + t.group(m, g).agents
    if unstaffed:
        for a in range(first, last):
            if t.agent(s, a).present != 0 and t.agent(s, a).overtime == 0:
                availability.start_overtime(s, now, a)
                service.end_all_warm_transfers(s, now, a)
    for step in range(3):
        for a in range(last - 1, first - 1, -1):
            if count > 0 and may_leave(m, s, g, a, step):
                log_out_when_done(m, s, now, a)
                count -= 1


@compiled
def may_leave(m: ModelTables, s: StateTables, g: int, a: int, step: int) -> bool:
    """Return whether an agent is of those who log out first, second or last (``step`` 0 to 2)."""
    agent = t.agent(s, a)
    if agent.present == 0 or agent.logging_out != 0:
        return False
    if step == 0:
        return agent.idle != 0 or agent.paused != 0
    if step == 1:
        return t.group(m, g).hands_back != 0 and entities.only_deferred_work(m, s, a)
    return True


@compiled
def log_out_when_done(m: ModelTables, s: StateTables, now: float, a: int) -> None:
    """Log one agent of a headcount out when active contacts are done; deferred work goes back."""
    t.agent(s, a).logging_out = 1
    availability.end_pause(s, now, a)
    dispatch.requeue_work(m, s, now, a)
    dispatch.serve_next(m, s, now, a)
