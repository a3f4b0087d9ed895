"""Recontacts: whether, when and where a customer makes another contact.

Retrials after a busy signal or an abandonment, repeat contacts of unresolved issues, and returns of
those whom the bot only seemed to help. Planned here, made in :mod:`sim.engine.contacts`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.engine import rules
from sim.engine.draws import draw, leg_draw, leg_uniform, uniform
from sim.engine.entities import Customer, Leg, QueueState, conditions
from sim.engine.state import CenterState, kind_of
from sim.engine.work import UNCHANGED
from sim.log import Kind, Outcome, Then
from sim.model import TalkChange
from sim.model.opening_hours import next_open
from sim.tape import Purpose


@dataclass(frozen=True, slots=True)
class Recontact:
    """A contact that a customer is going to make.

    Attributes
    ----------
    instant : float
        When (s).
    order : int
        Among simultaneous events.
    customer : Customer
    kind : Kind
    queue_state : QueueState
    previous : Leg
        The leg that led to it.
    change : TalkChange
        How that leg changes the talk.
    """

    instant: float
    order: int
    customer: Customer
    kind: Kind
    queue_state: QueueState
    previous: Leg
    change: TalkChange


def plan_retrial(state: CenterState, leg: Leg, outcome: Outcome) -> Recontact | None:
    """Decide whether a customer who was not served makes a retrial."""
    retry, customer = leg.queue.retry, leg.customer
    if retry is None or leg.kind == Kind.CALLBACK:
        return None
    found_busy = outcome in (Outcome.BUSY, Outcome.FULL)
    share = retry.after_busy if found_busy else retry.after_abandon
    if leg_uniform(state, leg, Purpose.RETRY) >= share:
        return None
    if customer.retries >= retry.at_most:
        leg.result.then = Then.GAVE_UP
        return None
    delay = leg_draw(state, retry.delay, leg, Purpose.RETRY_DELAY)
    recontact = plan_recontact(state, leg, Kind.RETRY, retry.queue, delay)
    if recontact is not None:
        customer.retries += 1
    return recontact


def plan_bot_return(state: CenterState, session: Leg) -> Recontact | None:
    """Decide whether a customer whom the bot only seemed to help returns for an agent."""
    bot, customer = session.queue.bot, session.customer
    assert bot is not None
    if customer.returned_from_bot or uniform(state, customer, Purpose.BOT_RETURN) >= bot.comes_back:
        return None
    customer.returned_from_bot = True
    delay = draw(state, bot.comes_back_after, customer, Purpose.BOT_RETURN_DELAY)
    return plan_recontact(state, session, Kind.BOUNCE, session.queue_state.number, delay)


def resolve_issue(state: CenterState, leg: Leg) -> Recontact | None:
    """Decide whether a contact resolves the issue, and if not, whether the customer repeats it."""
    skill = leg.service.skill
    assert skill is not None
    if math.isnan(leg.queue.resolved):  # not modelled
        return None
    present = conditions(leg.queue_state, leg.times.enter)
    of_queue = leg.queue.resolved if present is None else present.resolved
    kind, factors = kind_of(state, leg.customer.issue), leg.queue.resolution
    agent = leg.service.agent
    assert agent is not None
    late = leg.times.leave > leg.times.enter + factors.waited_over
    share = rules.share_resolved(
        of_queue, skill.resolves, kind.resolves, agent.resolves, factors.transferred,
        leg.transfers, factors.context_lost if leg.context == 0 else 1.0,
        factors.waited if late else 1.0,
    )  # fmt: skip
    resolved = not leg.leaves_in_talk and leg_uniform(state, leg, Purpose.RESOLVED) < share
    leg.result.resolved = int(resolved)
    return None if resolved else plan_repeat(state, leg)


def plan_repeat(state: CenterState, leg: Leg) -> Recontact | None:
    """Decide whether a customer whose issue is unresolved makes a repeat contact."""
    repeat, customer = leg.queue.repeat, leg.customer
    if repeat is None or leg_uniform(state, leg, Purpose.REPEAT) >= repeat.share:
        return None
    if customer.repeats >= repeat.at_most:
        leg.result.then = Then.GAVE_UP
        return None
    delay = leg_draw(state, repeat.delay, leg, Purpose.REPEAT_DELAY)
    recontact = plan_recontact(state, leg, Kind.REPEAT, repeat.queue, delay, repeat.change)
    if recontact is not None:
        customer.repeats += 1
    return recontact


def plan_recontact(
    state: CenterState,
    leg: Leg,
    kind: Kind,
    queue: int,
    delay: float,
    change: TalkChange = UNCHANGED,
) -> Recontact | None:
    """Plan a contact after a delay (s), when its queue is open; note what the customer does."""
    queue_state, customer = state.queues[queue], leg.customer
    instant = next_open(queue_state.queue.hours, state.env.now + delay)
    if instant >= state.model.horizon:
        leg.result.then = Then.LATER
        return None
    if customer.legs >= rules.MAX_LEGS or is_unstable(state):
        leg.result.then = Then.GAVE_UP
        return None
    leg.result.then = Then[kind.name]
    customer.contact += 1
    state.recontacts += 1
    order = rules.leg_order(customer.issue, customer.legs)
    return Recontact(instant, order, customer, kind, queue_state, leg, change)


def is_unstable(state: CenterState) -> bool:
    """Return whether recontacts lead to recontacts without end."""
    return state.recontacts >= state.recontact_cap
