"""Contacts after the first: retrials, returns from the bot, repeat contacts.

Arguments as in :mod:`sim.engine.kernel.entities`; ``factor`` and ``add`` (s) change the talk. A
recontact is scheduled here and begins at :func:`sim.engine.kernel.contacts.recontact`.
"""

from __future__ import annotations

import math

from sim.engine.kernel import codes as c
from sim.engine.kernel import containers, draws, entities, rules
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled, linked
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
_GAVE_UP = int(Then.GAVE_UP)
_LATER = int(Then.LATER)
_THEN_RETRY = int(Then.RETRY)
_THEN_REPEAT = int(Then.REPEAT)
_THEN_BOT_RETURN = int(Then.BOUNCE)
_RETRY = int(Purpose.RETRY)
_RETRY_DELAY = int(Purpose.RETRY_DELAY)
_BOT_RETURN = int(Purpose.BOT_RETURN)
_BOT_RETURN_DELAY = int(Purpose.BOT_RETURN_DELAY)
_RESOLVED = int(Purpose.RESOLVED)
_REPEAT = int(Purpose.REPEAT)
_REPEAT_DELAY = int(Purpose.REPEAT_DELAY)


@compiled
def plan_retrial(m: ModelTables, s: StateTables, now: float, e: int, outcome: int) -> None:
    """Decide whether a customer who was not served makes a retrial."""
    leg, queue = t.leg(s, e), t.queue(m, t.leg(s, e).queue)
    if queue.retrial == 0 or leg.kind == _KIND_CALLBACK:
        return
    share = queue.after_busy if outcome in (_BUSY, _FULL) else queue.after_abandon
    if draws.leg_uniform(m, s, e, _RETRY) >= share:
        return
    if t.customer(s, leg.issue).retries >= queue.max_retrials:
        leg.then = _GAVE_UP
        return
    delay = draws.leg_draw(m, s, e, queue.retrial_after, _RETRY_DELAY)
    q = queue.retrial_queue
    if plan_recontact(m, s, now, e, _KIND_RETRY, _THEN_RETRY, q, delay, 1.0, 0.0):
        t.customer(s, leg.issue).retries += 1


@compiled
def plan_bot_return(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Decide whether a customer whom the bot only seemed to help returns, to an agent."""
    leg, queue = t.leg(s, e), t.queue(m, t.leg(s, e).queue)
    customer = t.customer(s, leg.issue)
    if (
        customer.returned_from_bot != 0
        or draws.leg_uniform(m, s, e, _BOT_RETURN) >= queue.comes_back
    ):
        return
    customer.returned_from_bot = 1
    delay = draws.leg_draw(m, s, e, queue.return_after, _BOT_RETURN_DELAY)
    plan_recontact(m, s, now, e, _KIND_BOT_RETURN, _THEN_BOT_RETURN, leg.queue, delay, 1.0, 0.0)


@compiled
def resolve_issue(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Decide whether a contact resolves the issue, and if not, whether the customer repeats it."""
    leg, queue = t.leg(s, e), t.queue(m, t.leg(s, e).queue)
    if math.isnan(queue.resolved):  # not modelled
        return
    present = entities.conditions(m, leg.queue, leg.enter)
    of_queue = queue.resolved if present < 0 else t.condition(m, present).resolved
    kind = t.kind(m, entities.kind_row(m, leg.issue))
    late = leg.leave > leg.enter + queue.waited_over
    share = rules.share_resolved(
        of_queue, t.skill(m, leg.skill).resolves, kind.resolves,
        t.agent_factors(m, leg.agent).resolves, queue.resolves_transferred, leg.transfers,
        queue.resolves_context_lost if leg.context == 0 else 1.0,
        queue.resolves_waited if late else 1.0,
    )  # fmt: skip
    resolved = draws.leg_uniform(m, s, e, _RESOLVED) < share and leg.leaves_in_talk == 0
    leg.resolved = 1 if resolved else 0
    if not resolved:
        plan_repeat(m, s, now, e)


@compiled
def plan_repeat(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Decide whether a customer whose issue is unresolved makes a repeat contact."""
    leg, queue = t.leg(s, e), t.queue(m, t.leg(s, e).queue)
    if queue.repeats == 0 or draws.leg_uniform(m, s, e, _REPEAT) >= queue.repeat_share:
        return
    if t.customer(s, leg.issue).repeats >= queue.max_repeats:
        leg.then = _GAVE_UP
        return
    delay = draws.leg_draw(m, s, e, queue.repeat_after, _REPEAT_DELAY)
    planned = plan_recontact(
        m, s, now, e, _KIND_REPEAT, _THEN_REPEAT, queue.repeat_queue, delay, queue.repeat_factor,
        queue.repeat_add,
    )  # fmt: skip
    if planned:
        t.customer(s, leg.issue).repeats += 1


@linked
def plan_recontact(
    m: ModelTables, s: StateTables, now: float, e: int, kind: int, then: int, q: int, delay: float,
    factor: float, add: float,
) -> bool:  # fmt: skip
    """Schedule a contact after a delay (s), when its queue is open; return whether there is one.

    ``then`` says of the leg that led to it that there is.
    """
    leg = t.leg(s, e)
    customer = t.customer(s, leg.issue)
    hours = t.spans(m, t.queue(m, q).hours, t.queue(m, q).hours_end)
    instant = rules.next_open(hours, now + delay)
    if instant >= t.settings(m).horizon:
        leg.then = _LATER
        return False
    if customer.legs >= MAX_LEGS or is_unstable(m, s):
        leg.then = _GAVE_UP
        return False
    number = t.counts(s).recontacts
    if number >= t.most_recontacts(s):
        t.counts(s).is_full = 1
        return False
    leg.then = then
    customer.contact += 1
    t.counts(s).recontacts = number + 1
    planned = t.recontact(s, number)
    planned.issue, planned.kind, planned.queue = leg.issue, kind, q
    planned.queue_before, planned.patience = leg.queue, leg.patience
    planned.base_talk, planned.base_hold = leg.base_talk, leg.base_hold
    planned.base_wrap = leg.base_wrap
    planned.factor, planned.add = factor, add
    order = rules.leg_order(leg.issue, customer.legs)
    containers.push_event(s, instant, _ARRIVAL, order, c.EVENT_RECONTACT, number, 0)
    return True


@compiled
def is_unstable(m: ModelTables, s: StateTables) -> bool:
    """Return whether there are more recontacts than any finite load leads to."""
    return t.counts(s).recontacts >= rules.recontact_cap(t.issues(m))
