"""Contacts: arrival, session with the bot, queue, talk, transfer, wrap-up, callback.

Arguments as in :mod:`sim.engine.kernel.entities`; ``previous`` is the leg that led to this
contact, ``factor`` and ``add`` (s) change the talk. The processes of the reference engine are cut
here where they wait: the event that a process waits for calls the piece that follows.
"""

from __future__ import annotations

import math

from sim.engine.kernel import codes as c
from sim.engine.kernel import (
    containers,
    dispatch,
    draws,
    entities,
    recontacts,
    recorder,
    rules,
    service,
    trunks,
    waiting,
    work,
)
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled
from sim.engine.kernel.layout import ModelTables, StateTables
from sim.engine.rules import MAX_LEGS, MAX_TRANSFERS, Rank
from sim.log import Kind, Outcome, Then
from sim.tape import Purpose

_ARRIVAL = int(Rank.ARRIVAL)
_KIND_INBOUND = int(Kind.INBOUND)
_KIND_BACKLOG = int(Kind.BACKLOG)
_KIND_BOT_RETURN = int(Kind.BOUNCE)
_KIND_CALLBACK = int(Kind.CALLBACK)
_KIND_SESSION = int(Kind.SELF_SERVICE)
_KIND_TRANSFER = int(Kind.TRANSFER)
_ABANDONED = int(Outcome.ABANDONED)
_BALKED = int(Outcome.BALKED)
_BUSY = int(Outcome.BUSY)
_FULL = int(Outcome.FULL)
_SENT_AWAY = int(Outcome.SENT_AWAY)
_ANSWERED = int(Outcome.ANSWERED)
_NO_ANSWER = int(Outcome.NO_ANSWER)
_CALLED_BACK = int(Outcome.CALLBACK)
_WAITING = int(Outcome.WAITING)
_CONTAINED = int(Outcome.CONTAINED)
_HANDED_OVER = int(Outcome.HANDED_OVER)
_THEN_TRANSFER = int(Then.TRANSFER)
_THEN_CALLBACK = int(Then.CALLBACK)
_PEOPLE = int(Then.PEOPLE)
_GAVE_UP = int(Then.GAVE_UP)
_TRY_BOT = int(Purpose.TRY_BOT)
_SESSION = int(Purpose.SESSION)
_SESSION_END = int(Purpose.SESSION_END)
_BOT_RESOLVES = int(Purpose.BOT_RESOLVES)
_TRANSFER = int(Purpose.TRANSFER)
_CALLBACK_DELAY = int(Purpose.CALLBACK_DELAY)
_REDIAL_DELAY = int(Purpose.AGAIN)


@compiled
def first_contact(m: ModelTables, s: StateTables, now: float, issue: int) -> None:
    """Let an issue of the tape make its first contact."""
    q = t.first_queue(m)[issue]
    if t.backlog(m)[issue] != 0:
        reach_queue(m, s, now, work.first_leg(m, s, issue, _KIND_BACKLOG, q, -1, 1.0, 0.0))
    else:
        arrive(m, s, now, issue, _KIND_INBOUND, q, -1, 1.0, 0.0)


@compiled
def recontact(m: ModelTables, s: StateTables, now: float, number: int) -> None:
    """Let a customer make another contact, as planned."""
    plan = t.recontacts(s)[number]
    issue, kind, q, previous = plan.issue, plan.kind, plan.queue, plan.previous
    arrive(m, s, now, issue, kind, q, previous, plan.factor, plan.add)


@compiled
def arrive(
    m: ModelTables, s: StateTables, now: float, issue: int, kind: int, q: int, previous: int,
    factor: float, add: float,
) -> None:  # fmt: skip
    """Arrive from outside: find all trunks busy, try the bot, or reach the queue."""
    queue = t.queues(m)[q]
    if trunks.all_trunks_busy(m, s, q):
        e = work.first_leg(m, s, issue, kind, q, previous, factor, add)
        t.legs(s)[e].enter = t.legs(s)[e].place = t.legs(s)[e].leave = now
        leave_unserved(m, s, now, e, _BUSY)
        return
    if queue.bot != 0 and kind != _KIND_BOT_RETURN:
        outages = t.spans(m)[queue.outages : queue.outages_end]
        contact = t.customers(s)[issue].contact
        tries = draws.unit(m, issue, contact, 0, _TRY_BOT) < queue.tried
        if tries and not rules.bot_is_down(outages, now):
            start_session(m, s, now, issue, kind, q, previous, factor, add)
            return
    e = work.first_leg(m, s, issue, kind, q, previous, factor, add)
    trunks.seize_trunk(m, s, e)
    reach_queue(m, s, now, e)


# -- self-service --------------------------------------------------------------------------------


@compiled
def start_session(
    m: ModelTables, s: StateTables, now: float, issue: int, kind: int, q: int, previous: int,
    factor: float, add: float,
) -> None:  # fmt: skip
    """Start a session with the bot."""
    e = entities.new_leg(s, issue, _KIND_SESSION, q, 0)
    leg = t.legs(s)[e]
    leg.phase, leg.enter = c.SESSION, now
    leg.kind_after, leg.previous = kind, previous
    leg.factor, leg.add = factor, add
    trunks.seize_trunk(m, s, e)
    length = draws.leg_draw(m, s, e, t.queues(m)[q].session, _SESSION)
    service.schedule_completion(s, now + length, e)


@compiled
def end_session(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """End a session with the bot: contained, abandoned, or handed over to an agent."""
    leg, queue = t.legs(s)[e], t.queues(m)[t.legs(s)[e].queue]
    u = draws.leg_unit(m, s, e, _SESSION_END)
    outcome = rules.session_outcome(queue.left, queue.contained, u)
    if outcome == _CONTAINED:
        helped = draws.leg_unit(m, s, e, _BOT_RESOLVES) < queue.bot_resolved
        leg.resolved = 1 if helped else 0
        if not helped:
            leg.then = recontacts.plan_bot_return(m, s, now, e)
    elif outcome == _HANDED_OVER:
        leg.then = _PEOPLE
    recorder.record_session(s, e, outcome, now)
    if outcome != _HANDED_OVER:
        trunks.release_trunk(m, s, e)
        return
    issue, kind, previous = leg.issue, leg.kind_after, leg.previous
    to = work.first_leg(m, s, issue, kind, leg.queue, previous, leg.factor, leg.add)
    talk = rules.changed_work(t.legs(s)[to].talk, queue.handover_factor, queue.handover_add)
    t.legs(s)[to].talk = talk
    t.legs(s)[to].is_internal = 1
    trunks.transfer_trunk(m, s, e, to)
    reach_queue(m, s, now, to)


# -- the queue -----------------------------------------------------------------------------------


@compiled
def reach_queue(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Reach a queue: be refused, answered at once, or wait."""
    leg = t.legs(s)[e]
    leg.enter = now
    if leg.kind != _KIND_CALLBACK:
        leg.place = now
    refusal = waiting.refusal_when_closed(m, s, now, e)
    if refusal < 0:
        if dispatch.route(m, s, now, e):
            return
        refusal = waiting.refusal_by_queue(m, s, e)
    if refusal < 0:
        containers.join_queue(s, e)
        waiting.set_wait_timers(m, s, now, e)
        if entities.serves_remaining(m, s, leg.queue, now):
            waiting.offer_to_staying_agents(m, s, now, e)
        return
    leg.leave = now
    waiting.leave_soon(s, e, refusal)


@compiled
def leave_all_unserved(m: ModelTables, s: StateTables, now: float) -> None:
    """Let all contacts leave that the present event has left unserved, in turn."""
    while t.counts(s)[c.N_UNSERVED_DONE] < t.counts(s)[c.N_UNSERVED]:
        e = t.unserved(s)[t.counts(s)[c.N_UNSERVED_DONE]]
        t.counts(s)[c.N_UNSERVED_DONE] += 1
        leave_unserved(m, s, now, e, t.legs(s)[e].outcome)


@compiled
def leave_unserved(m: ModelTables, s: StateTables, now: float, e: int, outcome: int) -> None:
    """Leave without having been served, perhaps to make a retrial."""
    if outcome == _CALLED_BACK:
        t.legs(s)[e].then = _THEN_CALLBACK
    elif outcome in (_ABANDONED, _BALKED, _SENT_AWAY, _BUSY, _FULL):
        t.legs(s)[e].then = recontacts.plan_retrial(m, s, now, e, outcome)
    recorder.record_leg(s, e, outcome)
    if outcome == _WAITING:
        t.legs(s)[e].leave = math.nan
    trunks.release_trunk(m, s, e)
    service.end_warm_transfer(s, now, e)
    if outcome == _CALLED_BACK:
        schedule_callback(m, s, now, e)


# -- talk and wrap-up ----------------------------------------------------------------------------


@compiled
def completed(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Continue when a session, or a phase of an active contact, is over."""
    leg = t.legs(s)[e]
    phase, a = leg.phase, leg.agent
    if phase == c.SESSION:
        end_session(m, s, now, e)
    elif phase == c.DIAL:
        callback_unanswered(m, s, now, e, a)
    elif phase == c.WRAP:
        leg.wrap_s = now - leg.started
        end_contact(m, s, now, e, a)
    elif phase == c.WARM_TRANSFER:
        leg.hold_s += now - leg.started
        start_wrap(m, s, now, e, a)
    elif end_talk(m, s, now, e):
        service.start_phase(m, s, now, e, c.WARM_TRANSFER, 0.0)
    else:
        start_wrap(m, s, now, e, a)


@compiled
def end_talk(m: ModelTables, s: StateTables, now: float, e: int) -> bool:
    """End the customer's part; return whether the agent stays on for a warm transfer."""
    leg, queue = t.legs(s)[e], t.queues(m)[t.legs(s)[e].queue]
    leg.talk_end, leg.remaining, leg.phase = now, 0.0, c.WARM_TRANSFER
    elapsed = leg.talk_s + now - leg.started
    hold, total = leg.hold, leg.talk + leg.hold
    leg.hold_s = elapsed * (hold / total) if hold != 0 else 0.0
    leg.talk_s = elapsed - leg.hold_s
    if queue.transfers < queue.transfers_end:
        shares = t.transfer_shares(m)[queue.transfers : queue.transfers_end]
        chosen = rules.choose_transfer(shares, draws.leg_unit(m, s, e, _TRANSFER))
        if chosen >= 0:
            return transfer(m, s, now, e, queue.transfers + chosen)
    recontacts.resolve_issue(m, s, now, e)
    trunks.release_trunk(m, s, e)
    return False


@compiled
def transfer(m: ModelTables, s: StateTables, now: float, e: int, number: int) -> bool:
    """Transfer the customer to another queue; return whether the agent stays on."""
    leg, way = t.legs(s)[e], t.transfers(m)[number]
    if leg.hop >= MAX_TRANSFERS or t.customers(s)[leg.issue].legs >= MAX_LEGS:
        leg.then = _GAVE_UP
        trunks.release_trunk(m, s, e)
        return False
    leg.then = _THEN_TRANSFER
    to = entities.new_leg(s, leg.issue, _KIND_TRANSFER, way.queue, leg.hop + 1)
    work.assign_work(m, s, to, -1, way.factor, way.add)
    trunks.transfer_trunk(m, s, e, to)
    may_stay = not entities.absence_due(s, leg.agent) and t.agents(s)[leg.agent].overtime == 0
    warm = way.warm != 0 and may_stay
    if warm:
        t.legs(s)[to].transferring = e
        leg.transferred_to = to
    reach_queue(m, s, now, to)
    return warm


@compiled
def start_wrap(m: ModelTables, s: StateTables, now: float, e: int, a: int) -> None:
    """Start the wrap-up, or defer it; without any the contact is over."""
    wrap = t.legs(s)[e].wrap
    if not wrap > 0:
        end_contact(m, s, now, e, a)
    elif t.groups(m)[t.agents(s)[a].group].wrap_when_idle != 0:
        dispatch.defer_wrap(m, s, now, a, e)
    else:
        service.start_phase(m, s, now, e, c.WRAP, wrap)


@compiled
def end_contact(m: ModelTables, s: StateTables, now: float, e: int, a: int) -> None:
    """Record a contact of which all is done, and free the agent."""
    t.legs(s)[e].remaining = 0.0
    t.legs(s)[e].end = now
    recorder.record_leg(s, e, _ANSWERED)
    dispatch.finish_service(m, s, now, a, e)


# -- callbacks -----------------------------------------------------------------------------------


@compiled
def schedule_callback(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Put a promised callback into the queue, now or later."""
    q = t.legs(s)[e].queue
    promise = work.callback_leg(s, e)
    if t.queues(m)[q].keeps_place != 0:
        t.legs(s)[promise].place = t.legs(s)[e].place
        reach_queue(m, s, now, promise)
    else:
        delay = draws.leg_draw(m, s, e, t.queues(m)[q].callback_after, _CALLBACK_DELAY)
        call_back_later(m, s, now, promise, delay)


@compiled
def call_back_later(m: ModelTables, s: StateTables, now: float, e: int, delay: float) -> None:
    """Schedule when a promised callback joins the queue; never after the last closing."""
    q = t.legs(s)[e].queue
    hours = t.spans(m)[t.queues(m)[q].hours : t.queues(m)[q].hours_end]
    instant = rules.next_open(hours, now + delay)
    if instant >= t.settings(m)[0].horizon:
        t.legs(s)[e].enter = now
        recorder.record_leg(s, e, _WAITING)
        return
    order = entities.leg_order(s, e)
    containers.push_event(s, instant, _ARRIVAL, order, c.EVENT_LEG, e, 0)


@compiled
def call_back(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Put a promised callback into the queue at the time set."""
    t.legs(s)[e].place = now
    reach_queue(m, s, now, e)


@compiled
def callback_unanswered(m: ModelTables, s: StateTables, now: float, e: int, a: int) -> None:
    """End an attempt that the customer did not answer; schedule another or give up."""
    leg, queue = t.legs(s)[e], t.queues(m)[t.legs(s)[e].queue]
    leg.talk_end, leg.talk_s, leg.remaining = now, now - leg.started, 0.0
    if leg.attempt + 1 < queue.tries:
        leg.then = _THEN_CALLBACK
        promise = work.callback_leg(s, e)
        t.legs(s)[promise].attempt += 1
        delay = draws.leg_draw(m, s, e, queue.redial_after, _REDIAL_DELAY + leg.attempt)
        call_back_later(m, s, now, promise, delay)
    else:
        leg.then = _GAVE_UP
    leg.end = now
    recorder.record_leg(s, e, _NO_ANSWER)
    dispatch.finish_service(m, s, now, a, e)
