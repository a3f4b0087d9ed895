"""Dispatch: contacts are answered, suspended and finished as routing decides.

Nothing here takes time; what does is in :mod:`sim.engine.contacts`.
"""

from __future__ import annotations

from simpy import Event
from simpy.events import ProcessGenerator

from sim.distributions import TimeDistribution
from sim.engine import containers
from sim.engine.availability import (
    begin_pause,
    end_pause,
    go_off_duty,
    release_staying_agents,
    stays_to_serve,
    update_availability,
)
from sim.engine.draws import (
    agent_draw,
    agent_uniform,
    call_draw,
    call_uniform,
    leg_draw,
    leg_uniform,
)
from sim.engine.entities import Agent, Leg, Phase, absence_due
from sim.engine.routing_policy import (
    select_agent,
    select_contact,
    select_interruptible_agent,
    select_interrupting_contact,
)
from sim.engine.rules import Rank
from sim.engine.service import end_warm_transfer, remaining_work, start_service, stop_service
from sim.engine.state import CenterState, kind_of
from sim.log import Kind, Outcome
from sim.model import QuietBreaks, Silent
from sim.tape import Purpose

# -- an agent for a contact ----------------------------------------------------------------------


def route(state: CenterState, leg: Leg) -> bool:
    """Give a contact to the best agent who may take it now; return whether there is one."""
    if route_to_available(state, leg):
        return True
    agent = select_interruptible_agent(state, leg)
    if agent is None:
        return False
    interrupt_work(state, agent, leg)
    serve_next(state, agent)
    return True


def route_to_available(state: CenterState, leg: Leg) -> bool:
    """Give a contact to the best agent with capacity for it; return whether there is one."""
    agent = select_agent(state, leg)
    if agent is None:
        return False
    answer(state, agent, leg)
    return True


def interrupt_work(state: CenterState, agent: Agent, leg: Leg) -> None:
    """Let an agent suspend all its work for a contact; others may go on with that work."""
    suspended = suspend_deferred_work(state, agent)
    answer(state, agent, leg)
    for other in suspended:
        route_to_available(state, other)


def set_overflow_timers(state: CenterState, leg: Leg) -> None:
    """Let a waiting contact overflow to further groups in time."""
    if not leg.wait.overflow_set:
        leg.wait.overflow_set = True
        if state.overflow_delays[leg.queue_state.number]:
            state.env.process(overflow(state, leg))


def overflow(state: CenterState, leg: Leg) -> ProcessGenerator:
    """Offer a contact to further groups, each after its delay, if it still waits then."""
    env = state.env
    for delay in state.overflow_delays[leg.queue_state.number]:
        instant = leg.wait.place + delay
        if instant > env.now:
            yield env.timeout_at(instant, Rank.OVERFLOW, leg.order)
            if leg.wait.waiting:
                route(state, leg)


# -- a contact for an agent ----------------------------------------------------------------------


def serve_next(state: CenterState, agent: Agent) -> None:
    """Let an agent answer what waits as far as capacity goes; else do wrap, be idle or leave."""
    update_availability(state, agent)
    while may_take_more(state, agent):
        leg = select_contact(state, agent)
        if leg is not None:
            answer(state, agent, leg)
            continue
        leg = select_interrupting_contact(state, agent)
        if leg is None:
            break
        interrupt_work(state, agent, leg)
    if agent.active or not agent.on_duty:
        return
    if agent.deferred_wraps:
        start_deferred_wrap(state, agent)
    elif absence_due(agent) and not stays_to_serve(state, agent):
        go_off_duty(state, agent)
    elif agent.group.quiet is not None and not absence_due(agent):
        stay_idle(state, agent, agent.group.quiet)


def may_take_more(state: CenterState, agent: Agent) -> bool:
    """Return whether an agent may take contacts: on duty, and not about to leave."""
    return agent.on_duty and (not absence_due(agent) or stays_to_serve(state, agent))


# -- answering and finishing ---------------------------------------------------------------------


def answer(state: CenterState, agent: Agent, leg: Leg) -> None:
    """Let an agent answer a contact, or call the customer back."""
    service = leg.service
    if leg.wait.waiting:
        containers.leave_queue(leg)
    service.agent, service.skill = agent, agent.group_state.skills[leg.queue_state.number]
    if not service.starts:
        if not leg.is_silent:
            leg.times.leave = state.env.now
        service.remaining = leg.work.talk + leg.work.hold
    service.starts += 1
    service.phase = Phase.TALK
    if leg.kind == Kind.CALLBACK and not customer_answers(state, leg):
        assert leg.queue.callback is not None
        service.phase = Phase.DIAL
        service.remaining = leg_draw(
            state, leg.queue.callback.dial, leg, Purpose.DIAL + leg.attempt
        )
    elif leg.kind == Kind.OUTBOUND:
        reach_customer(state, leg)
    if leg.queue.silent is not None:
        meet_silence(state, leg, leg.queue.silent)
    start_service(state, agent, leg)
    if leg.wait.over is not None:
        leg.wait.over.succeed(Outcome.ANSWERED)
    end_warm_transfer(leg)
    release_staying_agents(state)


def customer_answers(state: CenterState, leg: Leg) -> bool:
    """Return whether the customer answers this attempt to call back."""
    assert leg.queue.callback is not None
    u = leg_uniform(state, leg, Purpose.ANSWER_CALLBACK + leg.attempt)
    return u < leg.queue.callback.answered


def reach_customer(state: CenterState, leg: Leg) -> None:
    """Let an agent make an outbound call, and reach the customer or not."""
    customer, service = leg.customer, leg.service
    calls = kind_of(state, customer.issue).outbound
    assert calls is not None
    customer.waiting_call = None
    if call_uniform(state, leg, Purpose.RIGHT_PARTY) < calls.right_party:
        customer.in_call, service.phase = True, Phase.CALL
    else:
        service.phase = Phase.DIAL
        service.remaining = call_draw(state, calls.unanswered, leg, Purpose.DIAL)


def meet_silence(state: CenterState, leg: Leg, silent: Silent) -> None:
    """Let an agent find that the customer has left, or lose the customer during the talk."""
    work, service = leg.work, leg.service
    if leg.is_silent:
        service.remaining = leg_draw(state, silent.noticed, leg, Purpose.NOTICED)
    elif (
        service.phase is Phase.TALK
        and leg_uniform(state, leg, Purpose.SILENT_WITHIN) < silent.within
    ):
        leg.leaves_in_talk = True
        part = leg_uniform(state, leg, Purpose.SILENT_PART)
        noticed = leg_draw(state, silent.noticed, leg, Purpose.NOTICED)
        work.talk, work.hold = work.talk * part + noticed, work.hold * part
        service.remaining = work.talk + work.hold


def finish_service(state: CenterState, agent: Agent, leg: Leg) -> None:
    """End an agent's part in a contact, and serve the next one."""
    stop_service(state, agent, leg)
    agent.has_worked = True
    if agent.gap is not None:
        leave_gap(state, agent, leg, agent.gap)
    serve_next(state, agent)


def defer_wrap(state: CenterState, agent: Agent, leg: Leg) -> Event:
    """Leave the wrap for when nothing waits, and serve the next one; return when it starts."""
    leg.service.phase = Phase.WRAP_DEFERRED
    leg.service.wrap_started = started = state.env.event()
    agent.deferred_wraps.append(leg)
    stop_service(state, agent, leg)
    serve_next(state, agent)
    return started


def start_deferred_wrap(state: CenterState, agent: Agent) -> None:
    """Start the oldest of an agent's deferred wraps."""
    leg = agent.deferred_wraps.pop(0)
    leg.service.phase, leg.service.remaining = Phase.WRAP, leg.work.wrap
    start_service(state, agent, leg)
    assert leg.service.wrap_started is not None
    leg.service.wrap_started.succeed()


# -- pauses --------------------------------------------------------------------------------------


def leave_gap(state: CenterState, agent: Agent, leg: Leg, gap: TimeDistribution) -> None:
    """Let an agent who has finished a contact, and has no other, be not ready for a while."""
    if agent.active or absence_due(agent):
        return
    draw = call_draw if leg.kind == Kind.OUTBOUND else leg_draw
    length = draw(state, gap, leg, Purpose.GAP + leg.attempt)
    if length > 0:
        state.env.process(pause(state, agent, begin_pause(state, agent, length)))


def pause(state: CenterState, agent: Agent, over: Event) -> ProcessGenerator:
    """Be not ready until an event, unless a break or the end of the shift is due before."""
    yield over
    if agent.pause is over:
        end_pause(state, agent)
        serve_next(state, agent)


def stay_idle(state: CenterState, agent: Agent, breaks: QuietBreaks) -> None:
    """Let an agent for whom nothing waits take a break, now or later if nothing comes before."""
    if agent.quiet_since == agent.since:
        return
    agent.quiet_since = agent.since
    has_worked, agent.has_worked = agent.has_worked, False
    if has_worked and agent_uniform(state, agent) < breaks.share:
        take_quiet_break(state, agent, breaks)
    else:
        agent.break_at = state.env.now + agent_draw(state, breaks.ready, agent)
        state.env.process(later_break(state, agent, breaks, agent.break_at))


def take_quiet_break(state: CenterState, agent: Agent, breaks: QuietBreaks) -> None:
    """Let an idle agent take a break."""
    length = agent_draw(state, breaks.length, agent)
    state.env.process(pause(state, agent, begin_pause(state, agent, length)))


def later_break(
    state: CenterState, agent: Agent, breaks: QuietBreaks, instant: float
) -> ProcessGenerator:
    """Take a break at an instant (s), unless a contact or an absence has come before."""
    yield state.env.timeout_at(instant, Rank.AGENTS_PAUSE, agent.number)
    if agent.idle and not absence_due(agent) and agent.break_at == instant:
        take_quiet_break(state, agent, breaks)


# -- deferred work is interrupted ----------------------------------------------------------------


def suspend_deferred_work(state: CenterState, agent: Agent) -> list[Leg]:
    """Put an agent's deferred work back into its queues, and return it."""
    now = state.env.now
    suspended = [
        leg for leg in agent.active if leg.queue.deferred and leg.service.phase is Phase.TALK
    ]
    for leg in suspended:
        service, work = leg.service, leg.work.talk + leg.work.hold
        service.remaining = remaining_work(leg, now)
        leg.times.talk_s += now - service.started
        if leg.queue.start_over:
            service.lost_work += work - service.remaining
            service.remaining = work
        service.phase, service.completion = Phase.WAITING, None
        leg.wait.over = state.env.event()
        stop_service(state, agent, leg)
        containers.join_queue(leg)
        set_overflow_timers(state, leg)
        assert leg.process is not None
        leg.process.interrupt("suspended")
    return suspended


def requeue_work(state: CenterState, agent: Agent) -> None:
    """Let others go on with an agent's deferred work, where the group does so at log-out."""
    if agent.group.hands_back:
        suspended = suspend_deferred_work(state, agent)
        update_availability(state, agent)
        for leg in suspended:
            route_to_available(state, leg)
