"""Outbound calls: agents call customers before they contact the center.

Some time ahead of its first contact an issue puts a call into the queue of outbound calls. An agent
who makes it talks to the customer, or does not reach the right party and the next attempt waits its
time. Calls are made within the hours of their queue; what still waits when the customer makes the
contact is withdrawn.
"""

from __future__ import annotations

import numpy as np
from simpy.events import ProcessGenerator

from sim.engine import rules, waiting
from sim.engine.contacts import end_contact, first_contact, record_talk, wrap_up
from sim.engine.dispatch import finish_service, route
from sim.engine.draws import at_present, call_draw, uniform
from sim.engine.entities import Agent, Customer, Leg, Phase, conditions, new_leg
from sim.engine.rules import NEVER, Rank
from sim.engine.service import completion
from sim.engine.state import CenterState, kind_of
from sim.log import Kind, Outcome
from sim.model.journeys import OutboundCalls
from sim.tape import Prevention, Purpose


def outbound_calls(state: CenterState, kind: int, calls: OutboundCalls) -> ProcessGenerator:
    """Start the calls to customers with issues of a kind, each ahead of the first contact."""
    tape = state.tape
    concerned = (tape.issue_kind == kind) & (tape.prevention <= Prevention.REACHED) & ~tape.backlog
    for issue in np.flatnonzero(concerned).tolist():
        instant = call_starts(state, issue, float(tape.born[issue]) - calls.ahead, 0)
        if instant < NEVER:
            yield state.env.timeout_at(instant, Rank.ARRIVAL, rules.leg_order(issue, 0))
            state.called[issue] = Customer(issue)
            make_call(state, state.called[issue], 0)


def call_starts(state: CenterState, issue: int, due: float, calls: int) -> float:
    """Return when a call that is due at an instant may be made, infinite when it is too late."""
    found = kind_of(state, issue).outbound
    assert found is not None
    hours = state.model.queues[found.queue].hours
    return rules.call_starts(hours, due, float(state.tape.born[issue]), calls)


def spares_contact(state: CenterState, issue: int) -> bool:
    """Return whether a call spares the first contact, or may do so; withdraw one that waits."""
    customer = state.called.get(issue)
    if customer is None:
        return False
    if customer.waiting_call is not None:
        waiting.end_wait(state, customer.waiting_call, Outcome.WITHDRAWN)
        customer.waiting_call = None
    return customer.settled_by_call or customer.in_call


def make_call(state: CenterState, customer: Customer, attempt: int) -> None:
    """Let a call be made at once, or wait for an agent."""
    calls = kind_of(state, customer.issue).outbound
    assert calls is not None
    leg = new_leg(customer, Kind.OUTBOUND, state.queues[calls.queue], 0)
    leg.contact, leg.attempt = -1, attempt
    assign_call_work(state, leg)
    leg.times.enter = leg.wait.place = state.env.now
    leg.process = state.env.process(call(state, leg))
    if not route(state, leg):
        customer.waiting_call = leg
        waiting.start_wait(state, leg)


def assign_call_work(state: CenterState, leg: Leg) -> None:
    """Give a call its work: that of its queue, as it is at this instant."""
    work, queue = leg.work, leg.queue
    work.talk = call_draw(state, at_present(state, queue.talk), leg, Purpose.TALK)
    work.hold = call_draw(state, at_present(state, queue.hold), leg, Purpose.HOLD)
    work.wrap = call_draw(state, at_present(state, queue.wrap), leg, Purpose.WRAP)
    present = conditions(leg.queue_state, state.env.now)
    if present is not None:
        work.talk *= present.talk
        work.hold *= present.hold
        work.wrap *= present.wrap


def call(state: CenterState, leg: Leg) -> ProcessGenerator:
    """Wait for an agent, and call the customer: a call from its queue to its end."""
    outcome = yield from waiting.wait(state, leg)
    if outcome == Outcome.WITHDRAWN:
        leg.customer.waiting_call = None
        state.recorder.record_leg(leg, outcome)
        plan_call(state, leg.customer, leg.attempt, state.env.now)
        return
    yield completion(leg)
    agent = leg.service.agent
    assert agent is not None
    if leg.service.phase is Phase.DIAL:
        end_unanswered_call(state, agent, leg)
        return
    settle(state, leg)
    if leg.work.wrap > 0:
        yield from wrap_up(state, agent, leg)
    end_contact(state, agent, leg)


def end_unanswered_call(state: CenterState, agent: Agent, leg: Leg) -> None:
    """End a call that did not reach the customer; plan the next, if any."""
    calls, now = kind_of(state, leg.customer.issue).outbound, state.env.now
    assert calls is not None
    leg.times.talk_end, leg.times.talk_s = now, now - leg.service.started
    leg.service.remaining = 0.0
    if leg.attempt + 1 < calls.attempts:
        delay = call_draw(state, calls.again, leg, Purpose.REDIAL_DELAY)
        plan_call(state, leg.customer, leg.attempt + 1, now + delay)
    state.recorder.record_leg(leg, Outcome.NO_ANSWER, now)
    finish_service(state, agent, leg)


def plan_call(state: CenterState, customer: Customer, attempt: int, due: float) -> None:
    """Plan a call within the hours of its queue, if that is before the customer's own contact."""
    instant = call_starts(state, customer.issue, due, customer.legs)
    if instant < NEVER:
        state.env.process(call_later(state, customer, attempt, instant))


def call_later(
    state: CenterState, customer: Customer, attempt: int, instant: float
) -> ProcessGenerator:
    """Start a call when it is time."""
    order = rules.leg_order(customer.issue, customer.legs)
    yield state.env.timeout_at(instant, Rank.ARRIVAL, order)
    make_call(state, customer, attempt)


def settle(state: CenterState, leg: Leg) -> None:
    """Decide whether a call settles the issue; if not, a customer who was due contacts now."""
    calls, customer, now = kind_of(state, leg.customer.issue).outbound, leg.customer, state.env.now
    assert calls is not None
    record_talk(leg, now)
    customer.in_call = False
    settled = uniform(state, customer, Purpose.CALL_SETTLES) < calls.settled
    customer.settled_by_call, leg.result.resolved = settled, int(settled)
    if not settled and state.tape.born[customer.issue] < now:
        first_contact(state, customer, int(state.tape.queue[customer.issue]), False)
