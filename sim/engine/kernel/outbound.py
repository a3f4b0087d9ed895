"""Outbound calls: agents call customers before they contact the center.

Arguments as in :mod:`sim.engine.kernel.entities`; ``attempt`` counts the calls to a customer from
0. That a call is due is an event of the issue.
"""

from __future__ import annotations

import math

from sim.engine.kernel import codes as c
from sim.engine.kernel import containers, dispatch, draws, entities, recorder, rules, waiting
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled, linked
from sim.engine.kernel.layout import ModelTables, StateTables
from sim.engine.rules import Rank
from sim.log import Kind, Outcome
from sim.tape import Prevention, Purpose

_ARRIVAL = int(Rank.ARRIVAL)
_OUTBOUND = int(Kind.OUTBOUND)
_NO_ANSWER = int(Outcome.NO_ANSWER)
_WITHDRAWN = int(Outcome.WITHDRAWN)
_REACHED = int(Prevention.REACHED)
_TALK = int(Purpose.TALK)
_HOLD = int(Purpose.HOLD)
_WRAP = int(Purpose.WRAP)
_REDIAL_DELAY = int(Purpose.REDIAL_DELAY)
_CALL_SETTLES = int(Purpose.CALL_SETTLES)


@compiled
def call_starts(m: ModelTables, issue: int, due: float, calls: int) -> float:
    """Return when a call that is due at an instant may be made, infinite when it is too late."""
    queue = t.queue(m, t.kind(m, t.issue_kind(m, issue)).calls_queue)
    hours = t.spans(m, queue.hours, queue.hours_end)
    return rules.call_starts(hours, due, t.born(m, issue), calls)


@linked
def schedule_first_call(m: ModelTables, s: StateTables, kind: int, first: int) -> None:
    """Schedule the next first call to a customer with an issue of a kind, from an issue on."""
    for issue in range(first, t.issues(m)):
        if t.issue_kind(m, issue) != kind or t.prevention(m, issue) > _REACHED:
            continue
        if t.backlog(m, issue) != 0:
            continue
        due = t.born(m, issue) - t.kind(m, kind).ahead
        instant = call_starts(m, issue, due, 0)
        if instant < math.inf:
            order = rules.leg_order(issue, 0)
            event = c.EVENT_OUTBOUND
            containers.push_event(s, instant, _ARRIVAL, order, event, issue, c.FIRST_CALL)
            return


@linked
def make_call(m: ModelTables, s: StateTables, now: float, issue: int, attempt: int) -> None:
    """Make a call when it is time; schedule that to the next customer where this is the first."""
    if attempt == c.FIRST_CALL:
        attempt = 0
        schedule_first_call(m, s, t.issue_kind(m, issue), issue + 1)
    q = t.kind(m, t.issue_kind(m, issue)).calls_queue
    e = entities.new_leg(m, s, issue, _OUTBOUND, q, 0)
    leg, customer = t.leg(s, e), t.customer(s, issue)
    leg.contact, leg.attempt = -1, attempt
    customer.queue = t.first_queue(m, issue)  # the first contact comes from no other
    assign_call_work(m, s, now, e)
    leg.enter = leg.place = now
    if not dispatch.route(m, s, now, e):
        customer.called, customer.call = c.CALL_WAITS, e
        waiting.start_wait(m, s, now, e)


@compiled
def assign_call_work(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Set the work of a call: that of its queue, as it is at this instant."""
    leg, queue = t.leg(s, e), t.queue(m, t.leg(s, e).queue)
    leg.talk = draws.call_draw(m, s, e, draws.at_present(m, queue.talk, now), _TALK)
    leg.hold = draws.call_draw(m, s, e, draws.at_present(m, queue.hold, now), _HOLD)
    leg.wrap = draws.call_draw(m, s, e, draws.at_present(m, queue.wrap, now), _WRAP)
    present = entities.conditions(m, leg.queue, now)
    if present >= 0:
        leg.talk *= t.condition(m, present).talk
        leg.hold *= t.condition(m, present).hold
        leg.wrap *= t.condition(m, present).wrap


@linked
def spares_contact(m: ModelTables, s: StateTables, now: float, issue: int) -> bool:
    """Return whether a call spares the first contact, or may do so; withdraw one that waits."""
    customer = t.customer(s, issue)
    if customer.called == c.CALL_WAITS:
        waiting.end_wait(m, s, now, customer.call, _WITHDRAWN)
        customer.called = c.NO_CALL
    return bool(customer.called != c.NO_CALL)


@linked
def plan_call(m: ModelTables, s: StateTables, issue: int, attempt: int, due: float) -> None:
    """Schedule a call within the hours of its queue, if that is before the customer's contact."""
    customer = t.customer(s, issue)
    customer.called = c.NO_CALL
    instant = call_starts(m, issue, due, customer.legs)
    if instant < math.inf:
        order = rules.leg_order(issue, customer.legs)
        containers.push_event(s, instant, _ARRIVAL, order, c.EVENT_OUTBOUND, issue, attempt)


@linked
def end_unanswered_call(m: ModelTables, s: StateTables, now: float, e: int, a: int) -> None:
    """End a call that did not reach the customer; schedule the next, if any."""
    leg = t.leg(s, e)
    kind = t.kind(m, t.issue_kind(m, leg.issue))
    leg.talk_end, leg.talk_s, leg.remaining = now, now - leg.started, 0.0
    if leg.attempt + 1 < kind.attempts:
        delay = draws.call_draw(m, s, e, kind.again, _REDIAL_DELAY)
        plan_call(m, s, leg.issue, leg.attempt + 1, now + delay)
    leg.end = now
    recorder.record_leg(s, e, _NO_ANSWER)
    dispatch.finish_service(m, s, now, a, e)


@linked
def settle(m: ModelTables, s: StateTables, now: float, e: int) -> bool:
    """Decide whether a call settles the issue; if not, return whether the contact is due."""
    leg, customer = t.leg(s, e), t.customer(s, t.leg(s, e).issue)
    kind = t.kind(m, t.issue_kind(m, leg.issue))
    settled = draws.uniform(m, leg.issue, 0, 0, _CALL_SETTLES) < kind.call_settles
    customer.called = c.SETTLED_BY_CALL if settled else c.NO_CALL
    leg.resolved = 1 if settled else 0
    return bool(not settled and t.born(m, leg.issue) < now)
