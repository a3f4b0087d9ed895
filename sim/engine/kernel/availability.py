"""Which agents are available, on duty and in overtime.

Arguments as in :mod:`sim.engine.kernel.entities`.
"""

from __future__ import annotations

from sim.engine.kernel import codes as c
from sim.engine.kernel import containers, entities, recorder
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled, linked
from sim.engine.kernel.layout import ModelTables, StateTables
from sim.engine.rules import Rank
from sim.log import State

_AGENTS_ON_DUTY = int(Rank.AGENTS_ON_DUTY)
_AGENTS_READY = int(Rank.AGENTS_READY)
_AVAILABLE = int(State.AVAILABLE)
_TALKING = int(State.TALKING)
_WRAPPING = int(State.WRAPPING)
_WORKING = int(State.WORKING)
_DIALLING = int(State.DIALLING)
_IN_WARM_TRANSFER = int(State.HELD)
_ON_BREAK = int(State.ON_BREAK)
_NOT_READY = int(State.NOT_READY)


@linked
def stays_to_serve(m: ModelTables, s: StateTables, now: float, a: int) -> bool:
    """Return whether an agent whose shift is over stays for contacts that wait past closing."""
    if t.agent(s, a).logging_out == 0:
        return False
    g = t.agent(s, a).group
    for k in range(t.group(m, g).skills, t.group(m, g).skills_end):
        if entities.serves_remaining(m, s, t.skill(m, k).queue, now):
            return True
    return False


@linked
def update_availability(m: ModelTables, s: StateTables, now: float, a: int) -> None:
    """Bring the lists of available agents and the state of an agent in the log up to date."""
    agent = t.agent(s, a)
    away = entities.absence_due(s, a)
    stays = away and stays_to_serve(m, s, now, a)
    may_take = agent.on_duty != 0 and (stays or not away)
    idle = may_take and agent.active_count == 0
    if idle != (agent.idle != 0):
        if idle:
            containers.add_idle(s, a)
        else:
            containers.remove_idle(s, a)
    if t.group(m, agent.group).shares_capacity != 0:
        containers.remove_taking(s, a)
        if may_take and not idle:
            containers.add_taking(m, s, a)
    staying = 1 if idle and stays else 0
    t.counts(s).staying += staying - agent.staying
    agent.staying = staying
    recorder.record_state(s, a, agent_state(m, s, a), now)


@linked
def update_phase(m: ModelTables, s: StateTables, now: float, a: int) -> None:
    """Bring up to date what another phase of an active contact changes: the state in the log."""
    if entities.absence_due(s, a):
        update_availability(m, s, now, a)
    else:
        recorder.record_state(s, a, agent_state(m, s, a), now)


@linked
def go_off_duty(m: ModelTables, s: StateTables, now: float, a: int) -> None:
    """Start the break that is due, or log out."""
    agent = t.agent(s, a)
    agent.on_duty = 0
    update_availability(m, s, now, a)
    if agent.logging_out != 0:
        recorder.close_state(s, a, now)
        recorder.record_presence(s, a, now)
        t.group_state(s, agent.group).present -= 1
        agent.logging_out = agent.present = 0
    elif agent.break_due != 0:
        start_break(m, s, now, a)


@compiled
def agent_state(m: ModelTables, s: StateTables, a: int) -> int:
    """Return what an agent does, as the log calls it."""
    active_count = t.agent(s, a).active_count
    if active_count == 0:
        if t.agent(s, a).on_duty != 0:
            return _AVAILABLE
        return _NOT_READY if t.agent(s, a).paused != 0 else _ON_BREAK
    live = transferring = dialling = False
    for n in range(active_count):
        e = t.active(s, a, n).leg
        phase = t.leg(s, e).phase
        if t.leg(s, e).deferred == 0:
            if phase == c.TALK:
                return _TALKING
            live = True
        transferring = transferring or phase == c.WARM_TRANSFER
        dialling = dialling or phase == c.DIAL
    if transferring:
        return _IN_WARM_TRANSFER
    if dialling:
        return _DIALLING
    return _WRAPPING if live else _WORKING


@linked
def begin_pause(m: ModelTables, s: StateTables, now: float, a: int, length: float) -> None:
    """Let an agent without active contacts be not ready for a time (s)."""
    agent = t.agent(s, a)
    agent.on_duty, agent.paused = 0, 1
    agent.pauses += 1
    containers.push_event(s, now + length, _AGENTS_READY, a, c.EVENT_READY, a, agent.pauses)
    update_availability(m, s, now, a)


@compiled
def end_pause(s: StateTables, now: float, a: int) -> None:
    """Let an agent be ready who is in a pause, if so."""
    if t.agent(s, a).paused != 0:
        t.agent(s, a).on_duty, t.agent(s, a).paused = 1, 0
        t.agent(s, a).since = now


@compiled
def start_overtime(s: StateTables, now: float, a: int) -> None:
    """Count what an agent does from now on as overtime."""
    recorder.close_state(s, a, now)
    t.agent(s, a).overtime = 1


@compiled
def end_overtime(s: StateTables, now: float, a: int) -> None:
    """End overtime: what an agent does from now on is within the schedule."""
    if t.agent(s, a).on_duty != 0 or t.agent(s, a).paused != 0:
        recorder.close_state(s, a, now)
    t.agent(s, a).overtime = 0


@compiled
def start_break(m: ModelTables, s: StateTables, now: float, a: int) -> None:
    """Schedule the end of a break that starts now; breaks due by then follow on."""
    agent = t.agent(s, a)
    shift = t.shift(m, agent.shift)
    until = now + t.scheduled_break(m, agent.next_break).length
    agent.next_break += 1
    while agent.next_break < shift.breaks_end:
        if t.scheduled_break(m, agent.next_break).start > until:
            break
        until += t.scheduled_break(m, agent.next_break).length
        agent.next_break += 1
    if until < shift.ends:
        containers.push_event(s, until, _AGENTS_ON_DUTY, a, c.EVENT_BREAK_OVER, agent.shift, 0)


@linked
def release_staying_agents(m: ModelTables, s: StateTables, now: float) -> None:
    """Let agents log out who stayed for contacts that have now left the queue."""
    for a in range(t.agents(s)):
        if t.agent(s, a).staying != 0 and not stays_to_serve(m, s, now, a):
            go_off_duty(m, s, now, a)
