"""Contacts: arrival, session with the bot, queue, talk, transfer, wrap-up, callback.

Arguments as in :mod:`sim.engine.kernel.entities`; ``plan`` is the number of a planned recontact,
``factor`` and ``add`` (s) change the talk. Processes of the reference engine are cut where they
wait; the event that is waited for calls the next piece.
"""

from __future__ import annotations

from sim.engine.kernel import codes as c
from sim.engine.kernel import (
    containers,
    dispatch,
    draws,
    entities,
    outbound,
    recontacts,
    recorder,
    rules,
    service,
    trunks,
    waiting,
    work,
)
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled, linked
from sim.engine.kernel.layout import ModelTables, StateTables
from sim.engine.rules import MAX_LEGS, MAX_TRANSFERS, Rank
from sim.log import Kind, Outcome, Then
from sim.tape import Prevention, Purpose

_ARRIVAL = int(Rank.ARRIVAL)
_KIND_INBOUND = int(Kind.INBOUND)
_KIND_BACKLOG = int(Kind.BACKLOG)
_KIND_BOT_RETURN = int(Kind.BOUNCE)
_KIND_CALLBACK = int(Kind.CALLBACK)
_KIND_SESSION = int(Kind.SELF_SERVICE)
_KIND_TRANSFER = int(Kind.TRANSFER)
_KIND_OUTBOUND = int(Kind.OUTBOUND)
_BUSY = int(Outcome.BUSY)
_MAY_RETRY = (
    int(Outcome.ABANDONED), int(Outcome.BALKED), int(Outcome.SENT_AWAY), _BUSY, int(Outcome.FULL),
)  # fmt: skip
_ANSWERED = int(Outcome.ANSWERED)
_NO_ANSWER = int(Outcome.NO_ANSWER)
_SILENT = int(Outcome.SILENT)
_CALLED_BACK = int(Outcome.CALLBACK)
_WAITING = int(Outcome.WAITING)
_WITHDRAWN = int(Outcome.WITHDRAWN)
_CONTAINED = int(Outcome.CONTAINED)
_HANDED_OVER = int(Outcome.HANDED_OVER)
_THEN_TRANSFER = int(Then.TRANSFER)
_THEN_CALLBACK = int(Then.CALLBACK)
_PEOPLE = int(Then.PEOPLE)
_GAVE_UP = int(Then.GAVE_UP)
_REACHED = int(Prevention.REACHED)
_TRY_BOT = int(Purpose.TRY_BOT)
_SESSION = int(Purpose.SESSION)
_SESSION_END = int(Purpose.SESSION_END)
_BOT_RESOLVES = int(Purpose.BOT_RESOLVES)
_TRANSFER = int(Purpose.TRANSFER)
_CALLBACK_DELAY = int(Purpose.CALLBACK_DELAY)
_REDIAL_DELAY = int(Purpose.REDIAL_DELAY)


@linked
def reach_queue(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Reach a queue: be refused, answered at once, or wait."""
    leg = t.leg(s, e)
    leg.enter = now
    if leg.kind != _KIND_CALLBACK:
        leg.place = now
    refusal = waiting.refusal_when_closed(m, s, now, e)
    if refusal < 0:
        if dispatch.route(m, s, now, e):
            return
        refusal = waiting.refusal_by_queue(m, s, e)
    if refusal < 0:
        waiting.start_wait(m, s, now, e)
    else:
        waiting.refuse(s, now, e, refusal)


@linked
def leave_unserved(m: ModelTables, s: StateTables, now: float, e: int, outcome: int) -> None:
    """Leave without having been served, perhaps to make a retrial."""
    if outcome == _CALLED_BACK:
        t.leg(s, e).then = _THEN_CALLBACK
    elif outcome in _MAY_RETRY:
        recontacts.plan_retrial(m, s, now, e, outcome)
    recorder.record_leg(s, e, outcome)
    trunks.release_trunk(m, s, e)
    service.end_warm_transfer(s, now, e)
    if outcome == _CALLED_BACK:
        schedule_callback(m, s, now, e)
    elif outcome == _WITHDRAWN:
        outbound.plan_call(m, s, t.leg(s, e).issue, t.leg(s, e).attempt, now)


@linked
def arrive(
    m: ModelTables, s: StateTables, now: float, issue: int, kind: int, q: int, plan: int,
    factor: float, add: float,
) -> None:  # fmt: skip
    """Arrive from outside: find all trunks busy, try the bot, or reach the queue."""
    if trunks.all_trunks_busy(m, s, now, q):
        e = work.first_leg(m, s, now, issue, kind, q, plan, factor, add, False)
        t.leg(s, e).enter = t.leg(s, e).place = t.leg(s, e).leave = now
        leave_unserved(m, s, now, e, _BUSY)
    elif tries_bot(m, s, now, issue, kind, q):
        start_session(m, s, now, issue, kind, q, plan, factor, add)
    else:
        e = work.first_leg(m, s, now, issue, kind, q, plan, factor, add, False)
        trunks.seize_trunk(m, s, e)
        reach_queue(m, s, now, e)


@compiled
def first_contact(m: ModelTables, s: StateTables, now: float, issue: int) -> None:
    """Let an issue of the tape make its first contact, unless it was settled beforehand."""
    if t.settings(m).has_journeys != 0:
        if t.prevention(m, issue) > _REACHED:
            return
        if t.customer(s, issue).called != c.NO_CALL and outbound.spares_contact(m, s, now, issue):
            return
    q = t.first_queue(m, issue)
    if t.backlog(m, issue) != 0:
        e = work.first_leg(m, s, now, issue, _KIND_BACKLOG, q, -1, 1.0, 0.0, False)
        reach_queue(m, s, now, e)
    else:
        arrive(m, s, now, issue, _KIND_INBOUND, q, -1, 1.0, 0.0)


@compiled
def recontact(m: ModelTables, s: StateTables, now: float, number: int) -> None:
    """Let a customer make another contact, as planned."""
    plan = t.recontact(s, number)
    arrive(m, s, now, plan.issue, plan.kind, plan.queue, number, plan.factor, plan.add)


# -- self-service --------------------------------------------------------------------------------


@compiled
def tries_bot(m: ModelTables, s: StateTables, now: float, issue: int, kind: int, q: int) -> bool:
    """Return whether a customer tries the bot, if there is one and it is up."""
    queue = t.queue(m, q)
    if queue.bot == 0 or kind == _KIND_BOT_RETURN:
        return False
    if rules.bot_is_down(t.spans(m, queue.outages, queue.outages_end), now):
        return False
    present = entities.conditions(m, q, now)
    share = queue.tried if present < 0 else t.condition(m, present).tried
    if t.settings(m).has_journeys != 0:
        share *= t.segment(m, entities.segment_row(m, issue)).tries_bot
    return draws.uniform(m, issue, t.customer(s, issue).contact, 0, _TRY_BOT) < share


@compiled
def start_session(
    m: ModelTables, s: StateTables, now: float, issue: int, kind: int, q: int, plan: int,
    factor: float, add: float,
) -> None:  # fmt: skip
    """Start a session with the bot."""
    e = entities.new_leg(m, s, issue, _KIND_SESSION, q, 0)
    leg = t.leg(s, e)
    leg.phase, leg.enter = c.SESSION, now
    leg.kind_after, leg.plan = kind, plan
    leg.factor, leg.add = factor, add
    trunks.seize_trunk(m, s, e)
    length = draws.leg_draw(m, s, e, t.queue(m, q).session, _SESSION)
    service.schedule_completion(s, now + length, e)


@compiled
def self_service(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """End a session with the bot, and hand over to the queue or hang up."""
    if end_session(m, s, now, e) == _HANDED_OVER:
        handover(m, s, now, e)
    else:
        trunks.release_trunk(m, s, e)


@compiled
def end_session(m: ModelTables, s: StateTables, now: float, e: int) -> int:
    """Decide how a session with the bot ends, and record it; return the outcome."""
    leg, queue = t.leg(s, e), t.queue(m, t.leg(s, e).queue)
    present = entities.conditions(m, leg.queue, leg.enter)
    contained = queue.contained if present < 0 else t.condition(m, present).contained
    u = draws.leg_uniform(m, s, e, _SESSION_END)
    kind = t.kind(m, entities.kind_row(m, leg.issue))
    outcome = rules.session_outcome(queue.left, contained * kind.bot_contains, u)
    if outcome == _CONTAINED:
        share = queue.bot_resolved * kind.bot_resolves
        resolved = draws.leg_uniform(m, s, e, _BOT_RESOLVES) < share
        leg.resolved = 1 if resolved else 0
        if not resolved:
            recontacts.plan_bot_return(m, s, now, e)
    elif outcome == _HANDED_OVER:
        leg.then = _PEOPLE
    recorder.record_session(s, e, outcome, now)
    return outcome


@compiled
def handover(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Let a customer continue from the bot to the queue."""
    leg = t.leg(s, e)
    issue, kind = leg.issue, leg.kind_after
    to = work.first_leg(m, s, now, issue, kind, leg.queue, leg.plan, leg.factor, leg.add, True)
    new = t.leg(s, to)
    new.is_internal = 1
    trunks.transfer_trunk(m, s, e, to)
    reach_queue(m, s, now, to)


# -- the queue -----------------------------------------------------------------------------------


# -- talk and wrap-up ----------------------------------------------------------------------------


@compiled
def end_contact(m: ModelTables, s: StateTables, now: float, e: int, a: int) -> None:
    """Record a contact of which all is done, and free the agent."""
    t.leg(s, e).remaining, t.leg(s, e).end = 0.0, now
    recorder.record_leg(s, e, _ANSWERED)
    dispatch.finish_service(m, s, now, a, e)


@linked
def completed(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Continue when a session, or a phase of an active contact, is over."""
    leg = t.leg(s, e)
    phase, a = leg.phase, leg.agent
    if phase == c.SESSION:
        self_service(m, s, now, e)
    elif phase == c.DIAL:
        if leg.kind == _KIND_OUTBOUND:
            outbound.end_unanswered_call(m, s, now, e, a)
        else:
            callback_unanswered(m, s, now, e, a)
    elif phase == c.WRAP:
        leg.wrap_s = now - leg.started
        end_contact(m, s, now, e, a)
    elif phase == c.WARM_TRANSFER:
        leg.hold_s += now - leg.started
        after_talk(m, s, now, e, a)
    elif phase == c.CALL:
        record_talk(s, now, e)
        if outbound.settle(m, s, now, e):
            first_contact(m, s, now, leg.issue)
        after_talk(m, s, now, e, a)
    elif leg.is_silent != 0:
        notice_silence(m, s, now, e, a)
    elif end_talk(m, s, now, e):
        warm_transfer(m, s, now, e)
    else:
        after_talk(m, s, now, e, a)


@compiled
def notice_silence(m: ModelTables, s: StateTables, now: float, e: int, a: int) -> None:
    """End a contact whose customer has left the queue silently, when the agent notices it."""
    leg = t.leg(s, e)
    leg.talk_end, leg.talk_s = now, now - leg.started
    leg.remaining, leg.end = 0.0, now
    trunks.release_trunk(m, s, e)
    recorder.record_leg(s, e, _SILENT)
    dispatch.finish_service(m, s, now, a, e)


@compiled
def after_talk(m: ModelTables, s: StateTables, now: float, e: int, a: int) -> None:
    """Continue when the customer has left: with the wrap-up, if there is any."""
    if t.leg(s, e).wrap > 0:
        wrap_up(m, s, now, e, a)
    else:
        end_contact(m, s, now, e, a)


@compiled
def end_talk(m: ModelTables, s: StateTables, now: float, e: int) -> bool:
    """End the customer's part; return whether the agent stays on for a warm transfer."""
    leg, queue = t.leg(s, e), t.queue(m, t.leg(s, e).queue)
    record_talk(s, now, e)
    if queue.transfers < queue.transfers_end and leg.leaves_in_talk == 0:
        shares = t.transfer_shares(m, queue.transfers, queue.transfers_end)
        chosen = rules.choose_transfer(shares, draws.leg_uniform(m, s, e, _TRANSFER))
        if chosen >= 0:
            return transfer(m, s, now, e, queue.transfers + chosen)
    recontacts.resolve_issue(m, s, now, e)
    trunks.release_trunk(m, s, e)
    return False


@compiled
def record_talk(s: StateTables, now: float, e: int) -> None:
    """Note that the customer's part of a leg ends, and how much of it was talk and hold."""
    leg = t.leg(s, e)
    leg.talk_end, leg.remaining, leg.phase = now, 0.0, c.WARM_TRANSFER
    elapsed = leg.talk_s + now - leg.started
    hold, total = leg.hold, leg.talk + leg.hold
    leg.hold_s = elapsed * (hold / total) if hold != 0 else 0.0
    leg.talk_s = elapsed - leg.hold_s


@compiled
def transfer(m: ModelTables, s: StateTables, now: float, e: int, number: int) -> bool:
    """Transfer the customer to another queue; return whether the agent stays on."""
    leg, way = t.leg(s, e), t.transfer(m, number)
    if leg.transfers >= MAX_TRANSFERS or t.customer(s, leg.issue).legs >= MAX_LEGS:
        leg.then = _GAVE_UP
        trunks.release_trunk(m, s, e)
        return False
    leg.then = _THEN_TRANSFER
    to = entities.new_leg(m, s, leg.issue, _KIND_TRANSFER, way.queue, leg.transfers + 1)
    work.assign_work(m, s, now, to, -1, way.factor, way.add)
    work.carry_context(m, s, to, way.carried, way.lost_factor, way.lost_add)
    trunks.transfer_trunk(m, s, e, to)
    may_stay = not entities.absence_due(s, leg.agent) and t.agent(s, leg.agent).overtime == 0
    warm = way.warm != 0 and may_stay
    if warm:
        t.leg(s, to).transfer_first = e
        leg.transfer_second = to
    reach_queue(m, s, now, to)
    return warm


@compiled
def warm_transfer(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Let the agent stay on until the next one answers, or the customer is gone."""
    service.start_phase(m, s, now, e, c.WARM_TRANSFER, 0.0)


@compiled
def wrap_up(m: ModelTables, s: StateTables, now: float, e: int, a: int) -> None:
    """Start the wrap-up, or defer it until nothing waits."""
    if t.group(m, t.agent(s, a).group).wrap_when_idle != 0:
        dispatch.defer_wrap(m, s, now, a, e)
    else:
        service.start_phase(m, s, now, e, c.WRAP, t.leg(s, e).wrap)


# -- callbacks -----------------------------------------------------------------------------------


@compiled
def schedule_callback(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Put a promised callback into the queue, now or later."""
    q = t.leg(s, e).queue
    promise = work.callback_leg(m, s, e)
    if t.queue(m, q).keeps_place != 0:
        t.leg(s, promise).place = t.leg(s, e).place
        reach_queue(m, s, now, promise)
    else:
        delay = draws.leg_draw(m, s, e, t.queue(m, q).callback_after, _CALLBACK_DELAY)
        call_back_later(m, s, now, promise, delay)


@compiled
def call_back_later(m: ModelTables, s: StateTables, now: float, e: int, delay: float) -> None:
    """Schedule when a promised callback joins the queue; never after the last closing."""
    q = t.leg(s, e).queue
    hours = t.spans(m, t.queue(m, q).hours, t.queue(m, q).hours_end)
    instant = rules.next_open(hours, now + delay)
    if instant >= t.settings(m).horizon:
        t.leg(s, e).enter = now
        recorder.record_leg(s, e, _WAITING)
        return
    order = entities.leg_order(s, e)
    containers.push_event(s, instant, _ARRIVAL, order, c.EVENT_LEG, e, 0)


@compiled
def call_back(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Put a promised callback into the queue at the time set."""
    t.leg(s, e).place = now
    reach_queue(m, s, now, e)


@compiled
def callback_unanswered(m: ModelTables, s: StateTables, now: float, e: int, a: int) -> None:
    """End an attempt that the customer did not answer; schedule another or give up."""
    leg, queue = t.leg(s, e), t.queue(m, t.leg(s, e).queue)
    leg.talk_end, leg.talk_s, leg.remaining = now, now - leg.started, 0.0
    if leg.attempt + 1 < queue.tries:
        leg.then = _THEN_CALLBACK
        promise = work.callback_leg(m, s, e)
        t.leg(s, promise).attempt += 1
        delay = draws.leg_draw(m, s, e, queue.redial_after, _REDIAL_DELAY + leg.attempt)
        call_back_later(m, s, now, promise, delay)
    else:
        leg.then = _GAVE_UP
    leg.end = now
    recorder.record_leg(s, e, _NO_ANSWER)
    dispatch.finish_service(m, s, now, a, e)
