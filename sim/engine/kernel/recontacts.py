"""Contacts after the first: retrials, returns from the bot, repeat contacts.

Arguments as in :mod:`sim.engine.kernel.entities`; ``factor`` and ``add`` (s) change the talk. A
recontact is scheduled here and begins at :func:`sim.engine.kernel.contacts.recontact`.
"""

from __future__ import annotations

import math

from sim.engine.kernel import codes as c
from sim.engine.kernel import containers, draws, rules
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled
from sim.engine.kernel.layout import ModelTables, StateTables
from sim.engine.rules import MAX_LEGS, Rank
from sim.log import Kind, Outcome, Then
from sim.tape import Purpose

_ARRIVAL = int(Rank.ARRIVAL)
_KIND_RETRY = int(Kind.RETRY)
_KIND_REPEAT = int(Kind.REPEAT)
_KIND_BOT_RETURN = int(Kind.BOUNCE)
_KIND_CALLBACK = int(Kind.CALLBACK)
_BUSY = int(Outcome.BUSY)
_FULL = int(Outcome.FULL)
_NOTHING = int(Then.NOTHING)
_GAVE_UP = int(Then.GAVE_UP)
_LATER = int(Then.LATER)
_THEN_RETRY = int(Then.RETRY)
_THEN_REPEAT = int(Then.REPEAT)
_THEN_BOT_RETURN = int(Then.BOUNCE)
_RETRY = int(Purpose.RETRY)
_RETRY_DELAY = int(Purpose.RETRY_DELAY)
_BOT_RETURN = int(Purpose.BOUNCE)
_BOT_RETURN_DELAY = int(Purpose.BOUNCE_DELAY)
_RESOLVED = int(Purpose.RESOLVED)
_REPEAT = int(Purpose.REPEAT)
_REPEAT_DELAY = int(Purpose.REPEAT_DELAY)


@compiled
def plan_retrial(m: ModelTables, s: StateTables, now: float, e: int, outcome: int) -> int:
    """Decide whether a customer who was not served makes a retrial."""
    queue, customer = t.queues(m)[t.legs(s)[e].queue], t.customers(s)[t.legs(s)[e].issue]
    if queue.retrial == 0 or t.legs(s)[e].kind == _KIND_CALLBACK:
        return _NOTHING
    share = queue.after_busy if outcome in (_BUSY, _FULL) else queue.after_abandon
    if draws.leg_unit(m, s, e, _RETRY) >= share:
        return _NOTHING
    if customer.retries >= queue.max_retrials:
        return _GAVE_UP
    delay = draws.leg_draw(m, s, e, queue.retrial_after, _RETRY_DELAY)
    q = queue.retrial_queue
    then = plan_recontact(m, s, now, e, _KIND_RETRY, q, delay, 1.0, 0.0, _THEN_RETRY)
    if then == _THEN_RETRY:
        customer.retries += 1
    return then


@compiled
def plan_bot_return(m: ModelTables, s: StateTables, now: float, e: int) -> int:
    """Decide whether a customer whom the bot only seemed to help returns, to an agent."""
    q, customer = t.legs(s)[e].queue, t.customers(s)[t.legs(s)[e].issue]
    comes_back = t.queues(m)[q].comes_back
    if customer.returned_from_bot != 0 or draws.leg_unit(m, s, e, _BOT_RETURN) >= comes_back:
        return _NOTHING
    customer.returned_from_bot = 1
    delay = draws.leg_draw(m, s, e, t.queues(m)[q].return_after, _BOT_RETURN_DELAY)
    return plan_recontact(m, s, now, e, _KIND_BOT_RETURN, q, delay, 1.0, 0.0, _THEN_BOT_RETURN)


@compiled
def resolve_issue(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Decide whether the issue is resolved, and whether an unresolved one leads to a contact."""
    leg, resolved = t.legs(s)[e], t.queues(m)[t.legs(s)[e].queue].resolved
    if math.isnan(resolved):  # not modelled
        return
    helped = draws.leg_unit(m, s, e, _RESOLVED) < resolved * t.skills(m)[leg.skill].resolves
    leg.resolved = 1 if helped else 0
    if not helped:
        leg.then = plan_repeat(m, s, now, e)


@compiled
def plan_repeat(m: ModelTables, s: StateTables, now: float, e: int) -> int:
    """Decide whether a customer whose issue is unresolved makes a repeat contact."""
    queue, customer = t.queues(m)[t.legs(s)[e].queue], t.customers(s)[t.legs(s)[e].issue]
    if queue.repeats == 0 or draws.leg_unit(m, s, e, _REPEAT) >= queue.repeat_share:
        return _NOTHING
    if customer.repeats >= queue.max_repeats:
        return _GAVE_UP
    delay = draws.leg_draw(m, s, e, queue.repeat_after, _REPEAT_DELAY)
    then = plan_recontact(
        m, s, now, e, _KIND_REPEAT, queue.repeat_queue, delay, queue.repeat_factor,
        queue.repeat_add, _THEN_REPEAT,
    )  # fmt: skip
    if then == _THEN_REPEAT:
        customer.repeats += 1
    return then


@compiled
def plan_recontact(
    m: ModelTables, s: StateTables, now: float, e: int, kind: int, q: int, delay: float,
    factor: float, add: float, then: int,
) -> int:  # fmt: skip
    """Schedule another contact of a customer after a delay (s), when the queue is open.

    Returns ``then`` if so, else why not.
    """
    issue = t.legs(s)[e].issue
    customer = t.customers(s)[issue]
    hours = t.spans(m)[t.queues(m)[q].hours : t.queues(m)[q].hours_end]
    instant = rules.next_open(hours, now + delay)
    if instant >= t.settings(m)[0].horizon:
        return _LATER
    if customer.legs >= MAX_LEGS or is_unstable(m, s):
        return _GAVE_UP
    customer.contact += 1
    number = t.counts(s)[c.N_RECONTACTS]
    if number >= len(t.recontacts(s)):
        t.counts(s)[c.IS_FULL] = 1
        return then
    t.counts(s)[c.N_RECONTACTS] = number + 1
    planned = t.recontacts(s)[number]
    planned.issue, planned.kind, planned.queue, planned.previous = issue, kind, q, e
    planned.factor, planned.add = factor, add
    order = rules.leg_order(issue, customer.legs)
    containers.push_event(s, instant, _ARRIVAL, order, c.EVENT_RECONTACT, number, 0)
    return then


@compiled
def is_unstable(m: ModelTables, s: StateTables) -> bool:
    """Return whether there are more recontacts than any finite load leads to."""
    return t.counts(s)[c.N_RECONTACTS] >= rules.recontact_cap(len(t.born(m)))
