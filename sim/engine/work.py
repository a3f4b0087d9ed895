"""The work and the patience that each leg brings."""

from __future__ import annotations

import math

from sim.engine import rules
from sim.engine.draws import at_present, leg_draw, leg_uniform
from sim.engine.entities import Customer, Leg, QueueState, conditions, new_leg
from sim.engine.state import CenterState, kind_of, segment_of
from sim.log import Kind
from sim.model import Context, TalkChange
from sim.tape import Purpose

UNCHANGED = TalkChange()
"""Said of the talk of a contact that nothing before it has changed."""


def first_leg(
    state: CenterState, customer: Customer, kind: Kind, queue_state: QueueState,
    previous: Leg | None = None, change: TalkChange = UNCHANGED, session: Leg | None = None,
) -> Leg:  # fmt: skip
    """Return the first leg of a contact, at the queue that it reaches from outside.

    Parameters
    ----------
    state : CenterState
    customer : Customer
    kind : Kind
    queue_state : QueueState
    previous : Leg, optional
        The leg that led to this contact.
    change : TalkChange
        How the previous contact changes the talk.
    session : Leg, optional
        That with the bot which hands over.
    """
    leg = new_leg(customer, kind, queue_state, 0)
    assign_work(state, leg, previous, change)
    if session is None and kind == Kind.REPEAT and previous is not None:
        assert previous.queue.repeat is not None
        carry_context(state, leg, previous.queue.repeat.context)
    bot = leg.queue.bot
    if bot is not None:
        present = conditions(queue_state, state.env.now)
        residual = bot.residual if present is None else present.residual
        share = bot.comeback if customer.returned_from_bot else residual
        leg.work.talk *= share
        if session is not None and carry_context(state, leg, bot.context):
            change = bot.handover
            leg.work.talk = rules.changed_work(leg.work.talk, change.factor, change.add)
    return leg


def carry_context(state: CenterState, leg: Leg, context: Context) -> bool:
    """Decide whether a leg comes with context, where that is modelled; without it talk changes."""
    if math.isnan(context.carried):
        return True
    carried = rules.has_context(context.carried, leg_uniform(state, leg, Purpose.CONTEXT))
    leg.context = int(carried)
    if not carried:
        lost = context.lost
        leg.work.talk = rules.changed_work(leg.work.talk, lost.factor, lost.add)
    return carried


def assign_work(state: CenterState, leg: Leg, previous: Leg | None, change: TalkChange) -> None:
    """Give a leg its work and patience; a retrial brings the work that was never done.

    What holds at this instant multiplies both, but not a patience that a retrial keeps.
    """
    work, queue, issue = leg.work, leg.queue, leg.customer.issue
    present, keeps_patience = conditions(leg.queue_state, state.env.now), False
    if previous is not None and leg.kind == Kind.RETRY and previous.queue is queue:
        assert queue.retry is not None
        work.base, keeps_patience = previous.work.base, queue.retry.keeps_patience
        if keeps_patience:
            work.patience = previous.work.patience
        else:
            work.patience = draw_patience(state, leg)
    elif leg.contact == 0 and leg.transfers == 0:
        work.base = state.first_work[issue]
        work.patience = state.first_patience[issue] * segment_of(state, issue).patience
    else:
        of_day = talk_factor(state, leg.queue_state)
        work.base = (
            leg_draw(state, at_present(state, queue.talk), leg, Purpose.TALK) * of_day,
            leg_draw(state, at_present(state, queue.hold), leg, Purpose.HOLD) * of_day,
            leg_draw(state, at_present(state, queue.wrap), leg, Purpose.WRAP),
        )
        work.patience = draw_patience(state, leg)
    kind, (talk, work.hold, work.wrap) = kind_of(state, issue), work.base
    if present is not None:
        talk *= present.talk
        work.hold *= present.hold
        work.wrap *= present.wrap
        if not keeps_patience:
            work.patience *= present.patience
    talk = rules.changed_work(talk, kind.change.factor, kind.change.add)
    work.talk = rules.changed_work(talk, change.factor, change.add)


def talk_factor(state: CenterState, queue_state: QueueState) -> float:
    """Return what multiplies talk and hold of a queue on the present day."""
    factors, model = state.tape.talk_factor, state.model
    if factors is None:
        return 1.0
    day = rules.day_at(state.env.now, model.day_s, model.days)
    return float(factors[day, queue_state.number])


def draw_patience(state: CenterState, leg: Leg) -> float:
    """Return how long (s) a customer waits at most."""
    patience = leg_draw(state, at_present(state, leg.queue.patience), leg, Purpose.PATIENCE)
    return patience * segment_of(state, leg.customer.issue).patience


def callback_leg(leg: Leg) -> Leg:
    """Return the leg by which a customer is called back, with the work of the first call."""
    callback = new_leg(leg.customer, Kind.CALLBACK, leg.queue_state, leg.transfers)
    callback.contact, callback.attempt = leg.contact, leg.attempt
    callback.context = leg.context
    work = callback.work
    work.base, work.talk = leg.work.base, leg.work.talk
    work.hold, work.wrap = leg.work.hold, leg.work.wrap
    return callback
