"""Contacts: from the arrival, through self-service, queue and talk, to the end of wrap.

A customer arrives (:func:`arrive`), may spend a session with the bot (:func:`self_service`),
reaches a queue (:func:`reach_queue`), and waits, is served and leaves (:func:`contact`). A transfer
or a callback is another leg, a retrial or a repeat contact another arrival.

Functions that yield are processes of SimPy and take time; the others say what happens at one
instant.
"""

from __future__ import annotations

import simpy
from simpy.events import ProcessGenerator

from sim.engine import rules, waiting
from sim.engine.dispatch import defer_wrap, finish_service, route
from sim.engine.draws import draw, leg_draw, leg_uniform, uniform
from sim.engine.entities import (
    Agent,
    Customer,
    Leg,
    Phase,
    QueueState,
    absence_due,
    conditions,
    new_leg,
)
from sim.engine.recontacts import Recontact, plan_bot_return, plan_retrial, resolve_issue
from sim.engine.rules import Rank
from sim.engine.service import completion, end_warm_transfer, start_phase
from sim.engine.state import CenterState, kind_of, segment_of
from sim.engine.trunks import all_trunks_busy, release_trunk, seize_trunk, transfer_trunk
from sim.engine.work import UNCHANGED, assign_work, callback_leg, carry_context, first_leg
from sim.log import Kind, Outcome, Then
from sim.model import TalkChange, Transfer
from sim.model.opening_hours import next_open
from sim.tape import Purpose

_MAY_RETRY = (
    Outcome.ABANDONED, Outcome.BALKED, Outcome.SENT_AWAY, Outcome.BUSY, Outcome.FULL,
)  # fmt: skip


# -- arrival -------------------------------------------------------------------------------------


def first_contact(state: CenterState, customer: Customer, queue: int, backlog: bool) -> None:
    """Let a customer make the first contact, or have waited since before."""
    queue_state = state.queues[queue]
    if backlog:
        reach_queue(state, first_leg(state, customer, Kind.BACKLOG, queue_state))
    else:
        arrive(state, customer, Kind.INBOUND, queue_state)


def recontact(state: CenterState, plan: Recontact) -> ProcessGenerator:
    """Make a further contact when it is time."""
    yield state.env.timeout_at(plan.instant, Rank.ARRIVAL, plan.order)
    arrive(state, plan.customer, plan.kind, plan.queue_state, plan.previous, plan.change)


def arrive(
    state: CenterState, customer: Customer, kind: Kind, queue_state: QueueState,
    previous: Leg | None = None, change: TalkChange = UNCHANGED,
) -> None:  # fmt: skip
    """Arrive from outside: find all trunks busy, try the bot, or reach the queue."""
    if all_trunks_busy(state, queue_state):
        leg = first_leg(state, customer, kind, queue_state, previous, change)
        leg.times.enter = leg.times.leave = state.env.now
        leave_unserved(state, leg, Outcome.BUSY)
    elif tries_bot(state, customer, kind, queue_state):
        start_session(state, customer, kind, queue_state, previous, change)
    else:
        leg = first_leg(state, customer, kind, queue_state, previous, change)
        seize_trunk(state, leg)
        reach_queue(state, leg)


# -- self-service --------------------------------------------------------------------------------


def tries_bot(state: CenterState, customer: Customer, kind: Kind, queue_state: QueueState) -> bool:
    """Return whether a customer tries the bot, if there is one and it is up."""
    bot = queue_state.queue.bot
    if bot is None or kind == Kind.BOUNCE or rules.bot_is_down(bot.outage, state.env.now):
        return False
    present = conditions(queue_state, state.env.now)
    tried = bot.tried if present is None else present.tried
    share = tried * segment_of(state, customer.issue).tries_bot
    return uniform(state, customer, Purpose.TRY_BOT) < share


def start_session(
    state: CenterState, customer: Customer, kind: Kind, queue_state: QueueState,
    previous: Leg | None, change: TalkChange,
) -> None:  # fmt: skip
    """Start a session with the bot."""
    session = new_leg(customer, Kind.SELF_SERVICE, queue_state, 0)
    session.times.enter = state.env.now
    seize_trunk(state, session)
    state.env.process(self_service(state, session, kind, previous, change))


def self_service(
    state: CenterState, session: Leg, kind: Kind, previous: Leg | None, change: TalkChange
) -> ProcessGenerator:
    """Spend a session with the bot: be helped, give up, or be handed over to the queue."""
    env, bot = state.env, session.queue.bot
    assert bot is not None
    length = draw(state, bot.session, session.customer, Purpose.SESSION)
    yield env.timeout_at(env.now + length, Rank.COMPLETION, session.order)

    outcome = end_session(state, session)
    if outcome == Outcome.HANDED_OVER:
        handover(state, session, kind, previous, change)
    else:
        release_trunk(state, session)


def end_session(state: CenterState, session: Leg) -> Outcome:
    """Decide how a session with the bot ends, and record it."""
    customer, bot = session.customer, session.queue.bot
    assert bot is not None
    kind = kind_of(state, customer.issue)
    present = conditions(session.queue_state, session.times.enter)
    contained = bot.contained if present is None else present.contained
    u = uniform(state, customer, Purpose.SESSION_END)
    outcome = Outcome(rules.session_outcome(bot.left, contained * kind.bot_contains, u))
    if outcome == Outcome.CONTAINED:
        share = bot.resolved * kind.bot_resolves
        resolved = uniform(state, customer, Purpose.BOT_RESOLVES) < share
        session.result.resolved = int(resolved)
        if not resolved:
            start_recontact(state, plan_bot_return(state, session))
    elif outcome == Outcome.HANDED_OVER:
        session.result.then = Then.PEOPLE
    state.recorder.record_session(session, state.env.now, outcome)
    return outcome


def handover(
    state: CenterState, session: Leg, kind: Kind, previous: Leg | None, change: TalkChange
) -> None:
    """Let a customer go on from the bot to the queue."""
    queue_state = session.queue_state
    leg = first_leg(state, session.customer, kind, queue_state, previous, change, session)
    leg.is_internal = True
    transfer_trunk(state, session, leg)
    reach_queue(state, leg)


# -- at the queue --------------------------------------------------------------------------------


def reach_queue(state: CenterState, leg: Leg) -> None:
    """Reach a queue: be refused, answered at once, or wait."""
    leg.times.enter = state.env.now
    if leg.kind != Kind.CALLBACK:
        leg.wait.place = state.env.now
    leg.process = state.env.process(contact(state, leg))
    refusal = waiting.refusal_when_closed(state, leg)
    if refusal is None:
        if route(state, leg):
            return
        refusal = waiting.refusal_by_queue(state, leg)
    if refusal is None:
        waiting.start_wait(state, leg)
    else:
        waiting.refuse(state, leg, refusal)


def contact(state: CenterState, leg: Leg) -> ProcessGenerator:
    """Wait for an agent, talk, and let the agent wrap up: a leg from its queue to its end."""
    outcome = yield from wait_and_talk(state, leg)
    if outcome != Outcome.ANSWERED:
        leave_unserved(state, leg, outcome)
        return
    agent = leg.service.agent
    assert agent is not None
    if leg.service.phase is Phase.DIAL:
        callback_unanswered(state, agent, leg)
        return
    if leg.is_silent:
        notice_silence(state, agent, leg)
        return
    stays_on = end_talk(state, agent, leg)
    if stays_on:
        yield from warm_transfer(state, agent, leg)
    if leg.work.wrap > 0:
        yield from wrap_up(state, agent, leg)
    end_contact(state, agent, leg)


def wait_and_talk(state: CenterState, leg: Leg) -> ProcessGenerator:
    """Wait, and talk when an agent answers; return the outcome.

    Deferred work that an agent suspends for another contact is interrupted, and waits again. A
    customer who leaves silently may make a retrial while the contact waits on.
    """
    while True:
        try:
            outcome = yield from waiting.wait(state, leg)
            if outcome == Outcome.ANSWERED:
                yield completion(leg)
            elif leg.wait.waiting:
                start_recontact(state, plan_retrial(state, leg, outcome))
                continue
            return outcome
        except simpy.Interrupt:
            continue


def warm_transfer(state: CenterState, agent: Agent, leg: Leg) -> ProcessGenerator:
    """Let the agent stay on until the next one answers, or the customer is gone."""
    env, over = state.env, leg.warm_transfer.over
    assert over is not None
    start_phase(state, agent, leg, Phase.WARM_TRANSFER, 0.0)
    yield over
    yield env.timeout_at(env.now, Rank.COMPLETION, leg.order)
    leg.times.hold_s += env.now - leg.service.started


def wrap_up(state: CenterState, agent: Agent, leg: Leg) -> ProcessGenerator:
    """Do the wrap, at once or when nothing waits."""
    if agent.group.wrap_when_idle:
        yield defer_wrap(state, agent, leg)
    else:
        start_phase(state, agent, leg, Phase.WRAP, leg.work.wrap)
    yield completion(leg)
    leg.times.wrap_s = state.env.now - leg.service.started


def end_contact(state: CenterState, agent: Agent, leg: Leg) -> None:
    """End a leg when the agent is done, and let the agent serve the next one."""
    leg.service.remaining = 0.0
    state.recorder.record_leg(leg, Outcome.ANSWERED, state.env.now)
    finish_service(state, agent, leg)


def leave_unserved(state: CenterState, leg: Leg, outcome: Outcome) -> None:
    """Leave without having been served, perhaps to make a retrial or to be called back."""
    if outcome == Outcome.CALLBACK:
        leg.result.then = Then.CALLBACK
    elif outcome in _MAY_RETRY:
        start_recontact(state, plan_retrial(state, leg, outcome))
    state.recorder.record_leg(leg, outcome)
    release_trunk(state, leg)
    end_warm_transfer(leg)
    if outcome == Outcome.CALLBACK:
        schedule_callback(state, leg)


def notice_silence(state: CenterState, agent: Agent, leg: Leg) -> None:
    """End a contact whose customer has left the queue silently, when the agent notices it."""
    now = state.env.now
    leg.times.talk_end, leg.times.talk_s = now, now - leg.service.started
    leg.service.remaining = 0.0
    release_trunk(state, leg)
    state.recorder.record_leg(leg, Outcome.SILENT, now)
    finish_service(state, agent, leg)


# -- after the talk ------------------------------------------------------------------------------


def end_talk(state: CenterState, agent: Agent, leg: Leg) -> bool:
    """End the customer's part of a leg; return whether the agent stays for a warm transfer."""
    record_talk(leg, state.env.now)
    if leg.queue.transfers and not leg.leaves_in_talk:
        shares = state.transfer_shares[leg.queue_state.number]
        chosen = rules.choose_transfer(shares, leg_uniform(state, leg, Purpose.TRANSFER))
        if chosen >= 0:
            return transfer(state, agent, leg, leg.queue.transfers[chosen])
    start_recontact(state, resolve_issue(state, leg))
    release_trunk(state, leg)
    return False


def record_talk(leg: Leg, now: float) -> None:
    """Note that the customer's part of a leg ends, and how much of it was talk and hold."""
    times, service, work = leg.times, leg.service, leg.work
    times.talk_end, service.remaining, service.phase = now, 0.0, Phase.WARM_TRANSFER
    elapsed = times.talk_s + now - service.started
    if work.hold:
        times.hold_s = elapsed * (work.hold / (work.talk + work.hold))
    times.talk_s = elapsed - times.hold_s


def transfer(state: CenterState, agent: Agent, leg: Leg, to: Transfer) -> bool:
    """Transfer the customer to another queue; return whether the agent stays on."""
    if leg.transfers >= rules.MAX_TRANSFERS or leg.customer.legs >= rules.MAX_LEGS:
        leg.result.then = Then.GAVE_UP
        release_trunk(state, leg)
        return False
    leg.result.then = Then.TRANSFER
    second = new_leg(leg.customer, Kind.TRANSFER, state.queues[to.queue], leg.transfers + 1)
    assign_work(state, second, None, to.change)
    carry_context(state, second, to.context)
    transfer_trunk(state, leg, second)
    stays_on = to.warm and not (absence_due(agent) or agent.overtime)
    if stays_on:
        second.warm_transfer.first, leg.warm_transfer.second = leg, second
        leg.warm_transfer.over = state.env.event()
    reach_queue(state, second)
    return stays_on


def start_recontact(state: CenterState, plan: Recontact | None) -> None:
    """Let a customer make a further contact, if one is planned."""
    if plan is not None:
        state.env.process(recontact(state, plan))


# -- callbacks -----------------------------------------------------------------------------------


def schedule_callback(state: CenterState, leg: Leg) -> None:
    """Let a promised callback wait in the queue, from now on or after the delay set for it."""
    offer, callback = leg.queue.callback, callback_leg(leg)
    assert offer is not None
    if offer.keeps_place:
        callback.wait.place = leg.wait.place
        reach_queue(state, callback)
    else:
        delay = leg_draw(state, offer.delay, leg, Purpose.CALLBACK_DELAY)
        state.env.process(call_back_later(state, callback, delay))


def call_back_later(state: CenterState, callback: Leg, delay: float) -> ProcessGenerator:
    """Let a callback wait in the queue after a delay (s); never after the last closing."""
    env = state.env
    instant = next_open(callback.queue.hours, env.now + delay)
    if instant >= state.model.horizon:
        callback.times.enter = env.now
        state.recorder.record_leg(callback, Outcome.WAITING)
        return
    yield env.timeout_at(instant, Rank.ARRIVAL, callback.order)
    call_back(state, callback)


def call_back(state: CenterState, callback: Leg) -> None:
    """Let a promised callback wait in the queue from now on."""
    callback.wait.place = state.env.now
    reach_queue(state, callback)


def callback_unanswered(state: CenterState, agent: Agent, leg: Leg) -> None:
    """End an attempt to call back that the customer did not answer; plan the next, if any."""
    times, service, now, offer = leg.times, leg.service, state.env.now, leg.queue.callback
    assert offer is not None
    times.talk_end, times.talk_s = now, now - service.started
    service.remaining = 0.0
    if leg.attempt + 1 < offer.tries:
        leg.result.then = Then.CALLBACK
        callback = callback_leg(leg)
        callback.attempt += 1
        delay = leg_draw(state, offer.again, leg, Purpose.REDIAL_DELAY + leg.attempt)
        state.env.process(call_back_later(state, callback, delay))
    else:
        leg.result.then = Then.GAVE_UP
    state.recorder.record_leg(leg, Outcome.NO_ANSWER, now)
    finish_service(state, agent, leg)
