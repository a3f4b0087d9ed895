"""The story of a contact, compiled: the twin of :mod:`sim.engine.contacts`.

Arguments as in :mod:`sim.engine.kernel.recontacts`. What the reference tells in one story is cut
here where it waits: each piece is called by the event that the story waits for.
"""

from __future__ import annotations

import math

from sim.engine import rules
from sim.engine.kernel import codes as c
from sim.engine.kernel import containers, dispatch, entities, recontacts, state, trunks, waiting
from sim.engine.kernel import layout as t
from sim.engine.kernel.draws import leg_draw, leg_unit, unit
from sim.engine.kernel.jit import (
    bot_is_down,
    changed_work,
    choose_transfer,
    compiled,
    next_open,
    session_outcome,
)
from sim.engine.kernel.layout import Floor, World
from sim.engine.rules import Rank
from sim.log import Kind, Outcome, Then
from sim.tape import Purpose

_K_INBOUND, _K_BACKLOG, _K_BOUNCE = int(Kind.INBOUND), int(Kind.BACKLOG), int(Kind.BOUNCE)
_K_SESSION, _K_TRANSFER = int(Kind.SELF_SERVICE), int(Kind.TRANSFER)
_K_CALLBACK = int(Kind.CALLBACK)
_ABANDONED, _BALKED, _BUSY = int(Outcome.ABANDONED), int(Outcome.BALKED), int(Outcome.BUSY)
_FULL, _SENT_AWAY = int(Outcome.FULL), int(Outcome.SENT_AWAY)
_ANSWERED, _NO_ANSWER = int(Outcome.ANSWERED), int(Outcome.NO_ANSWER)
_CALLED_BACK, _WAITING = int(Outcome.CALLBACK), int(Outcome.WAITING)
_CONTAINED, _HANDED_OVER = int(Outcome.CONTAINED), int(Outcome.HANDED_OVER)
_T_TRANSFER, _T_CALLBACK = int(Then.TRANSFER), int(Then.CALLBACK)
_PEOPLE, _GAVE_UP = int(Then.PEOPLE), int(Then.GAVE_UP)
_TRY_BOT, _SESSION = int(Purpose.TRY_BOT), int(Purpose.SESSION)
_SESSION_END, _BOT_RESOLVES = int(Purpose.SESSION_END), int(Purpose.BOT_RESOLVES)
_TRANSFER, _CALLBACK_DELAY = int(Purpose.TRANSFER), int(Purpose.CALLBACK_DELAY)
_AGAIN = int(Purpose.AGAIN)
_COMPLETION, _ARRIVAL = int(Rank.COMPLETION), int(Rank.ARRIVAL)
_MAX_LEGS, _MAX_TRANSFERS = rules.MAX_LEGS, rules.MAX_TRANSFERS


@compiled
def first_contact(w: World, f: Floor, now: float, issue: int) -> None:
    """Let an issue of the tape make its first contact."""
    q = t.first_queue(w)[issue]
    if t.backlog(w)[issue] != 0:
        reach(w, f, now, recontacts.first_leg(w, f, issue, _K_BACKLOG, q, -1, 1.0, 0.0))
    else:
        front_door(w, f, now, issue, _K_INBOUND, q, -1, 1.0, 0.0)


@compiled
def come_as_planned(w: World, f: Floor, now: float, p: int) -> None:
    """Come in again."""
    plan = t.plans(f)[p]
    issue, kind, q, before = plan.issue, plan.kind, plan.queue, plan.before
    front_door(w, f, now, issue, kind, q, before, plan.factor, plan.add)


@compiled
def front_door(
    w: World, f: Floor, now: float, issue: int, kind: int, q: int, before: int, factor: float,
    add: float,
) -> None:  # fmt: skip
    """Come in from outside: meet a busy line, the bot, or the queue."""
    queue = t.queues(w)[q]
    if trunks.no_line_free(w, f, q):
        e = recontacts.first_leg(w, f, issue, kind, q, before, factor, add)
        t.legs(f)[e].enter = t.legs(f)[e].place = t.legs(f)[e].leave = now
        go_unserved(w, f, now, e, _BUSY)
        return
    if queue.bot != 0 and kind != _K_BOUNCE:
        outages = t.spans(w)[queue.outages : queue.outages_end]
        contact = t.customers(f)[issue].contact
        tries = unit(w, issue, contact, 0, _TRY_BOT) < t.queues(w)[q].tried
        if tries and not bot_is_down(outages, now):
            _begin_session(w, f, now, issue, kind, q, before, factor, add)
            return
    e = recontacts.first_leg(w, f, issue, kind, q, before, factor, add)
    trunks.hold_line(w, f, e)
    reach(w, f, now, e)


@compiled
def _begin_session(
    w: World, f: Floor, now: float, issue: int, kind: int, q: int, before: int, factor: float,
    add: float,
) -> None:  # fmt: skip
    e = entities.new_leg(f, issue, _K_SESSION, q, 0)
    t.legs(f)[e].phase = c.SESSION
    t.legs(f)[e].afterwards, t.legs(f)[e].before = kind, before
    t.legs(f)[e].factor, t.legs(f)[e].add = factor, add
    t.legs(f)[e].enter = now
    trunks.hold_line(w, f, e)
    length = leg_draw(w, f, e, t.queues(w)[q].session, _SESSION)
    order = _COMPLETION | entities.order_of(f, e)
    containers.push_event(f, now + length, order, c.DO_LEG, e, t.legs(f)[e].version)


@compiled
def end_session(w: World, f: Floor, now: float, e: int) -> None:
    """End a session with the bot: be helped, leave, or go on to people."""
    leg = t.legs(f)[e]
    q = leg.queue
    queue = t.queues(w)[q]
    u = leg_unit(w, f, e, _SESSION_END)
    outcome = session_outcome(queue.left, queue.contained, u)
    if outcome == _CONTAINED:
        helped = leg_unit(w, f, e, _BOT_RESOLVES) < queue.bot_resolved
        leg.resolved = 1 if helped else 0
        if not helped:
            leg.then = recontacts.bounce(w, f, now, e)
    elif outcome == _HANDED_OVER:
        leg.then = _PEOPLE
    leg.leave = now
    _write(f, e, outcome)
    if outcome != _HANDED_OVER:
        trunks.free_line(w, f, e)
        return
    issue, kind, before = leg.issue, leg.afterwards, leg.before
    after = recontacts.first_leg(w, f, issue, kind, q, before, leg.factor, leg.add)
    talk = t.legs(f)[after].talk
    t.legs(f)[after].talk = changed_work(talk, queue.handover_factor, queue.handover_add)
    t.legs(f)[after].on_line, leg.on_line = leg.on_line, 0
    t.legs(f)[after].inside = 1
    reach(w, f, now, after)


@compiled
def reach(w: World, f: Floor, now: float, e: int) -> None:
    """Reach a queue: be refused, served at once, or stand in line."""
    leg = t.legs(f)[e]
    leg.enter = now
    if t.legs(f)[e].kind != _K_CALLBACK:
        leg.place = now
    refused = waiting.refused_at_close(w, f, now, e)
    if refused < 0:
        if dispatch.route(w, f, now, e):
            return
        refused = waiting.refused_in_line(w, f, e)
    if refused < 0:
        containers.join_line(f, e)
        waiting.set_timers(w, f, now, e)
        if entities.serves_out(w, f, leg.queue, now):
            waiting.ask_those_who_stay(w, f, now, e)
        return
    leg.leave = now
    state.tell_soon(f, e, refused)


# -- unserved ------------------------------------------------------------------------------------


@compiled
def tell_unserved(w: World, f: Floor, now: float) -> None:
    """Tell the rest of the story of all whom the present event has left unserved."""
    while t.counts(f)[c.N_TOLD] < t.counts(f)[c.N_TO_TELL]:
        e = t.to_tell(f)[t.counts(f)[c.N_TOLD]]
        t.counts(f)[c.N_TOLD] += 1
        go_unserved(w, f, now, e, t.legs(f)[e].outcome)


@compiled
def go_unserved(w: World, f: Floor, now: float, e: int, outcome: int) -> None:
    """Leave without having been served, perhaps to try again."""
    if outcome == _CALLED_BACK:
        t.legs(f)[e].then = _T_CALLBACK
    elif outcome in (_ABANDONED, _BALKED, _SENT_AWAY, _BUSY, _FULL):
        t.legs(f)[e].then = recontacts.retry(w, f, now, e, outcome)
    _write(f, e, outcome)
    if outcome == _WAITING:
        t.legs(f)[e].leave = math.nan
    trunks.free_line(w, f, e)
    state.let_go(f, now, e)
    if outcome == _CALLED_BACK:
        _promise_callback(w, f, now, e)


@compiled
def _write(f: Floor, e: int, outcome: int) -> None:
    t.legs(f)[e].outcome = outcome
    t.legs(f)[e].written = 1


# -- after the talk ------------------------------------------------------------------------------


@compiled
def completed(w: World, f: Floor, now: float, e: int) -> None:
    """Go on when a phase of a contact in hand, or a session, is over."""
    leg = t.legs(f)[e]
    phase, a = leg.phase, leg.agent
    if phase == c.SESSION:
        end_session(w, f, now, e)
    elif phase == c.DIAL:
        _nobody_answers(w, f, now, e, a)
    elif phase == c.WRAP:
        leg.wrap_s = now - leg.started
        _end(w, f, now, e, a)
    elif phase == c.HELD:
        leg.hold_s += now - leg.started
        _wrap_up(w, f, now, e, a)
    elif _finish_talk(w, f, now, e):
        state.start_phase(w, f, now, e, c.HELD, 0.0)
    else:
        _wrap_up(w, f, now, e, a)


@compiled
def _wrap_up(w: World, f: Floor, now: float, e: int, a: int) -> None:
    wrap = t.legs(f)[e].wrap
    if not wrap > 0:
        _end(w, f, now, e, a)
    elif t.groups(w)[t.agents(f)[a].crew].wrap_when_idle != 0:
        dispatch.put_off_wrap(w, f, now, a, e)
    else:
        state.start_phase(w, f, now, e, c.WRAP, wrap)


@compiled
def _end(w: World, f: Floor, now: float, e: int, a: int) -> None:
    t.legs(f)[e].left = 0.0
    t.legs(f)[e].end = now
    _write(f, e, _ANSWERED)
    dispatch.release(w, f, now, a, e)


@compiled
def _finish_talk(w: World, f: Floor, now: float, e: int) -> bool:
    leg, queue = t.legs(f)[e], t.queues(w)[t.legs(f)[e].queue]
    leg.talk_end, leg.left = now, 0.0
    leg.phase = c.HELD
    elapsed = leg.talk_s + now - leg.started
    hold, work = leg.hold, leg.talk + leg.hold
    leg.hold_s = elapsed * (hold / work) if hold != 0 else 0.0
    leg.talk_s = elapsed - leg.hold_s
    if queue.transfers < queue.transfers_end:
        first = int(t.limits(w)[3])
        shares = t.numbers(w)[first + queue.transfers : first + queue.transfers_end]
        chosen = choose_transfer(shares, leg_unit(w, f, e, _TRANSFER))
        if chosen >= 0:
            return _pass_on(w, f, now, e, queue.transfers + chosen)
    recontacts.end_of_contact(w, f, now, e)
    trunks.free_line(w, f, e)
    return False


@compiled
def _pass_on(w: World, f: Floor, now: float, e: int, transfer: int) -> bool:
    leg = t.legs(f)[e]
    if leg.hop >= _MAX_TRANSFERS or t.customers(f)[leg.issue].legs >= _MAX_LEGS:
        leg.then = _GAVE_UP
        trunks.free_line(w, f, e)
        return False
    leg.then = _T_TRANSFER
    to = t.transfers(w)[transfer].queue
    second = entities.new_leg(f, leg.issue, _K_TRANSFER, to, leg.hop + 1)
    factor, add = t.transfers(w)[transfer].factor, t.transfers(w)[transfer].add
    recontacts.fill(w, f, second, -1, factor, add)
    trunks.move_line(w, f, e, second)
    a = leg.agent
    free_to_stay = not entities.wants_away(f, a) and t.agents(f)[a].overtime == 0
    warm = t.transfers(w)[transfer].warm != 0 and free_to_stay
    if warm:
        t.legs(f)[second].held = e
        leg.second = second
    reach(w, f, now, second)
    return warm


# -- callbacks -----------------------------------------------------------------------------------


@compiled
def _promise_callback(w: World, f: Floor, now: float, e: int) -> None:
    q = t.legs(f)[e].queue
    promise = _callback_leg(f, e)
    if t.queues(w)[q].keeps_place != 0:
        t.legs(f)[promise].place = t.legs(f)[e].place
        reach(w, f, now, promise)
    else:
        delay = leg_draw(w, f, e, t.queues(w)[q].delay, _CALLBACK_DELAY)
        _call_later(w, f, now, promise, delay)


@compiled
def _callback_leg(f: Floor, e: int) -> int:
    leg = t.legs(f)[e]
    promise = entities.new_leg(f, leg.issue, _K_CALLBACK, leg.queue, leg.hop)
    t.legs(f)[promise].contact = leg.contact
    t.legs(f)[promise].attempt = leg.attempt
    new = t.legs(f)[promise]
    new.talk, new.hold, new.wrap = leg.talk, leg.hold, leg.wrap
    new.raw_talk, new.raw_hold, new.raw_wrap = leg.raw_talk, leg.raw_hold, leg.raw_wrap
    return promise


@compiled
def _call_later(w: World, f: Floor, now: float, e: int, delay: float) -> None:
    q = t.legs(f)[e].queue
    hours = t.spans(w)[t.queues(w)[q].hours : t.queues(w)[q].hours_end]
    instant = next_open(hours, now + delay)
    if instant >= t.limits(w)[0]:
        t.legs(f)[e].enter = now
        _write(f, e, _WAITING)
        return
    containers.push_event(f, instant, _ARRIVAL | entities.order_of(f, e), c.DO_LEG, e, 0)


@compiled
def call_as_promised(w: World, f: Floor, now: float, e: int) -> None:
    """Put a promise to call back into the line at the time set."""
    t.legs(f)[e].place = now
    reach(w, f, now, e)


@compiled
def _nobody_answers(w: World, f: Floor, now: float, e: int, a: int) -> None:
    leg, q = t.legs(f)[e], t.legs(f)[e].queue
    leg.talk_end, leg.talk_s = now, now - leg.started
    leg.left = 0.0
    attempt = leg.attempt
    if attempt + 1 < t.queues(w)[q].tries:
        leg.then = _T_CALLBACK
        promise = _callback_leg(f, e)
        t.legs(f)[promise].attempt += 1
        delay = leg_draw(w, f, e, t.queues(w)[q].again, _AGAIN + attempt)
        _call_later(w, f, now, promise, delay)
    else:
        leg.then = _GAVE_UP
    leg.end = now
    _write(f, e, _NO_ANSWER)
    dispatch.release(w, f, now, a, e)
