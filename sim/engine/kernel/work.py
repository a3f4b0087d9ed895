"""The work and the patience that each leg brings.

Arguments as in :mod:`sim.engine.kernel.entities`; ``plan`` is the number of a planned recontact,
``factor`` and ``add`` (s) change the talk.
"""

from __future__ import annotations

import math

from sim.engine.kernel import draws, entities, rules
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled, linked
from sim.engine.kernel.layout import ModelTables, StateTables
from sim.log import Kind
from sim.tape import Purpose

_KIND_REPEAT = int(Kind.REPEAT)
_KIND_RETRY = int(Kind.RETRY)
_KIND_CALLBACK = int(Kind.CALLBACK)
_CONTEXT = int(Purpose.CONTEXT)
_TALK = int(Purpose.TALK)
_HOLD = int(Purpose.HOLD)
_WRAP = int(Purpose.WRAP)
_PATIENCE = int(Purpose.PATIENCE)


@linked
def first_leg(
    m: ModelTables, s: StateTables, now: float, issue: int, kind: int, q: int, plan: int,
    factor: float, add: float, is_handed_over: bool,
) -> int:  # fmt: skip
    """Return a contact's leg at the queue it reaches first, with its work and patience."""
    e = entities.new_leg(m, s, issue, kind, q, 0)
    assign_work(m, s, now, e, plan, factor, add)
    if kind == _KIND_REPEAT and plan >= 0 and not is_handed_over:
        last = t.queue(m, t.recontact(s, plan).queue_before)
        carry_context(m, s, e, last.repeat_carried, last.repeat_lost_factor, last.repeat_lost_add)
    if t.queue(m, q).bot != 0:
        queue, present = t.queue(m, q), entities.conditions(m, q, now)
        residual = queue.residual if present < 0 else t.condition(m, present).residual
        returned = t.customer(s, issue).returned_from_bot != 0
        t.leg(s, e).talk = t.leg(s, e).talk * (queue.comeback if returned else residual)
        if is_handed_over and carry_context(
            m, s, e, queue.handover_carried, queue.handover_lost_factor, queue.handover_lost_add
        ):
            talk = t.leg(s, e).talk
            t.leg(s, e).talk = rules.changed_work(talk, queue.handover_factor, queue.handover_add)
    return e


@compiled
def carry_context(
    m: ModelTables, s: StateTables, e: int, carried: float, factor: float, add: float
) -> bool:
    """Decide whether a leg comes with context, where that is modelled; without it talk changes."""
    if math.isnan(carried):
        return True
    leg = t.leg(s, e)
    if carried >= 1.0 or (
        carried > 0.0 and rules.has_context(carried, draws.leg_uniform(m, s, e, _CONTEXT))
    ):
        leg.context = 1
        return True
    leg.context = 0
    leg.talk = rules.changed_work(leg.talk, factor, add)
    return False


@compiled
def assign_work(
    m: ModelTables, s: StateTables, now: float, e: int, plan: int, factor: float, add: float
) -> None:
    """Set work and patience of a leg; a retrial brings the work that was never done.

    What holds at this instant multiplies both, but not a patience that a retrial keeps.
    """
    leg, queue = t.leg(s, e), t.queue(m, t.leg(s, e).queue)
    retried, keeps_patience = plan >= 0 and leg.kind == _KIND_RETRY, False
    if retried and t.recontact(s, plan).queue_before == leg.queue:
        old = t.recontact(s, plan)
        leg.base_talk, leg.base_hold, leg.base_wrap = old.base_talk, old.base_hold, old.base_wrap
        keeps_patience = queue.keeps_patience != 0
        if keeps_patience:
            leg.patience = old.patience
        else:
            leg.patience = draw_patience(m, s, now, e)
    elif leg.contact == 0 and leg.transfers == 0:
        first = t.first_work(m, leg.issue)
        leg.base_talk, leg.base_hold, leg.base_wrap = first.talk, first.hold, first.wrap
        leg.patience = first.patience
        if t.settings(m).has_journeys != 0:
            leg.patience *= t.segment(m, entities.segment_row(m, leg.issue)).patience
    else:
        leg.base_talk = draws.leg_draw(m, s, e, draws.at_present(m, queue.talk, now), _TALK)
        leg.base_hold = draws.leg_draw(m, s, e, draws.at_present(m, queue.hold, now), _HOLD)
        if t.settings(m).talk_varies != 0:
            of_day = talk_factor(m, now, leg.queue)
            leg.base_talk *= of_day
            leg.base_hold *= of_day
        leg.base_wrap = draws.leg_draw(m, s, e, draws.at_present(m, queue.wrap, now), _WRAP)
        leg.patience = draw_patience(m, s, now, e)
    leg.talk, leg.hold, leg.wrap = leg.base_talk, leg.base_hold, leg.base_wrap
    present = entities.conditions(m, leg.queue, now)
    if present >= 0:
        leg.talk *= t.condition(m, present).talk
        leg.hold *= t.condition(m, present).hold
        leg.wrap *= t.condition(m, present).wrap
        if not keeps_patience:
            leg.patience *= t.condition(m, present).patience
    if t.settings(m).has_journeys != 0:
        kind = t.kind(m, entities.kind_row(m, leg.issue))
        leg.talk = rules.changed_work(leg.talk, kind.factor, kind.add)
    if factor != 1.0 or add != 0.0:
        leg.talk = rules.changed_work(leg.talk, factor, add)


@compiled
def talk_factor(m: ModelTables, now: float, q: int) -> float:
    """Return what multiplies talk and hold of a queue on the present day."""
    day = rules.day_at(now, t.settings(m).day_s, t.settings(m).days)
    return float(t.talk_factor(m, day * t.queues(m) + q))


@compiled
def draw_patience(m: ModelTables, s: StateTables, now: float, e: int) -> float:
    """Return a patience (s) for a leg."""
    leg = t.leg(s, e)
    number = draws.at_present(m, t.queue(m, leg.queue).patience, now)
    patience = draws.leg_draw(m, s, e, number, _PATIENCE)
    if t.settings(m).has_journeys != 0:
        patience *= t.segment(m, entities.segment_row(m, leg.issue)).patience
    return patience


@linked
def callback_leg(m: ModelTables, s: StateTables, e: int) -> int:
    """Return the leg by which a customer is called back, with the work of the first call."""
    old = t.leg(s, e)
    promise = entities.new_leg(m, s, old.issue, _KIND_CALLBACK, old.queue, old.transfers)
    new = t.leg(s, promise)
    new.contact, new.attempt = old.contact, old.attempt
    new.context = old.context
    new.talk, new.hold, new.wrap = old.talk, old.hold, old.wrap
    new.base_talk, new.base_hold, new.base_wrap = old.base_talk, old.base_hold, old.base_wrap
    return promise
