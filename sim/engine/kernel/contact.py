"""The story of a contact, compiled: the twin of that part of :mod:`sim.engine.reference`.

Arguments as in :mod:`sim.engine.kernel.floor`. What the reference tells in one story is cut
here where it waits: each piece is called by the event that the story waits for.
"""

from __future__ import annotations

import math

from sim.engine import rules
from sim.engine.kernel import codes as c
from sim.engine.kernel import floor, lists
from sim.engine.kernel import tables as t
from sim.engine.kernel.chance import leg_draw, leg_unit, unit
from sim.engine.kernel.compiled import (
    altered,
    bot_is_out,
    compiled,
    end_of_session,
    next_open,
    offered_in_line,
    passed_on,
)
from sim.engine.kernel.tables import Floor, World
from sim.engine.rules import Rank
from sim.log import Kind, Outcome, Then
from sim.model import AtClose
from sim.tape import Purpose

(
    _TRY_BOT, _SESSION, _SESSION_END, _BOT_RESOLVES, _BOUNCE, _BOUNCE_DELAY, _BALK, _RETRY,
    _RETRY_DELAY, _TRANSFER, _RESOLVED, _REPEAT, _REPEAT_DELAY, _ACCEPT, _CALLBACK_DELAY,
    _TALK, _HOLD, _WRAP, _PATIENCE, _ANSWER, _DIAL, _AGAIN,
) = (int(p) for p in Purpose)  # fmt: skip
(
    _K_INBOUND, _K_RETRY, _K_REPEAT, _K_BOUNCE, _K_TRANSFER, _K_CALLBACK, _K_SESSION, _K_BACKLOG,
) = (int(kind) for kind in Kind)  # fmt: skip
(
    _ANSWERED, _ABANDONED, _BALKED, _BUSY, _FULL, _MESSAGE, _CALLED_BACK, _SENT_AWAY,
    _NO_ANSWER, _WAITING, _IN_HAND, _CONTAINED, _LEFT_INSIDE, _HANDED_OVER, _IN_SESSION,
) = (int(outcome) for outcome in Outcome)  # fmt: skip
(
    _NOTHING, _T_RETRY, _T_REPEAT, _T_BOUNCE, _T_TRANSFER, _T_CALLBACK, _PEOPLE, _GAVE_UP,
    _LATER,
) = (int(then) for then in Then)  # fmt: skip
_SERVE, _CARRY_OVER = int(AtClose.SERVE), int(AtClose.CARRY_OVER)
_COMPLETION, _ARRIVAL, _OVERFLOW = int(Rank.COMPLETION), int(Rank.ARRIVAL), int(Rank.OVERFLOW)
_OFFER, _LONGEST_WAIT = int(Rank.CALLBACK_OFFER), int(Rank.LONGEST_WAIT)
_PATIENCE_ENDS = int(Rank.PATIENCE)
_LEGS, _HOPS = rules.LEGS, rules.HOPS


# -- coming in -----------------------------------------------------------------------------------


@compiled
def new_leg(f: Floor, issue: int, kind: int, q: int, hop: int) -> int:
    """Return a new leg; the last place of the table is shared by all that find no room."""
    e = t.counts(f)[c.N_LEGS]
    if e >= len(t.legs(f)) - 1:
        t.counts(f)[c.N_FULL] = 1
    else:
        t.counts(f)[c.N_LEGS] = e + 1
    t.legs(f)[e] = t.blank(f)[0]
    leg, customer = t.legs(f)[e], t.customers(f)[issue]
    leg.issue, leg.kind, leg.queue, leg.hop = issue, kind, q, hop
    leg.number, leg.contact = customer.legs, customer.contact
    customer.legs += 1
    return e


@compiled
def first_contact(w: World, f: Floor, now: float, issue: int) -> None:
    """Let an issue of the tape make its first contact."""
    q = t.first_queue(w)[issue]
    if t.backlog(w)[issue] != 0:
        reach(w, f, now, first_leg(w, f, issue, _K_BACKLOG, q, -1, 1.0, 0.0))
    else:
        front_door(w, f, now, issue, _K_INBOUND, q, -1, 1.0, 0.0)


@compiled
def front_door(
    w: World, f: Floor, now: float, issue: int, kind: int, q: int, before: int, factor: float,
    add: float,
) -> None:  # fmt: skip
    """Come in from outside: meet a busy line, the bot, or the queue."""
    queue = t.queues(w)[q]
    if _no_line_free(w, f, q):
        e = first_leg(w, f, issue, kind, q, before, factor, add)
        t.legs(f)[e].enter = t.legs(f)[e].place = t.legs(f)[e].leave = now
        go_unserved(w, f, now, e, _BUSY)
        return
    if queue.bot != 0 and kind != _K_BOUNCE:
        outages = t.spans(w)[queue.outages : queue.outages_end]
        contact = t.customers(f)[issue].contact
        tries = unit(w, issue, contact, 0, _TRY_BOT) < t.queues(w)[q].tried
        if tries and not bot_is_out(outages, now):
            _begin_session(w, f, now, issue, kind, q, before, factor, add)
            return
    e = first_leg(w, f, issue, kind, q, before, factor, add)
    _hold_line(w, f, e)
    reach(w, f, now, e)


@compiled
def _begin_session(
    w: World, f: Floor, now: float, issue: int, kind: int, q: int, before: int, factor: float,
    add: float,
) -> None:  # fmt: skip
    e = new_leg(f, issue, _K_SESSION, q, 0)
    t.legs(f)[e].phase = c.SESSION
    t.legs(f)[e].afterwards, t.legs(f)[e].before = kind, before
    t.legs(f)[e].factor, t.legs(f)[e].add = factor, add
    t.legs(f)[e].enter = now
    _hold_line(w, f, e)
    length = leg_draw(w, f, e, t.queues(w)[q].session, _SESSION)
    order = _COMPLETION | floor.order_of(f, e)
    lists.push_event(f, now + length, order, c.DO_LEG, e, t.legs(f)[e].version)


@compiled
def end_session(w: World, f: Floor, now: float, e: int) -> None:
    """End a session with the bot: be helped, leave, or go on to people."""
    leg = t.legs(f)[e]
    q = leg.queue
    queue = t.queues(w)[q]
    u = leg_unit(w, f, e, _SESSION_END)
    outcome = end_of_session(queue.left, queue.contained, u)
    if outcome == _CONTAINED:
        helped = leg_unit(w, f, e, _BOT_RESOLVES) < queue.bot_resolved
        leg.resolved = 1 if helped else 0
        if not helped:
            leg.then = _bounce(w, f, now, e)
    elif outcome == _HANDED_OVER:
        leg.then = _PEOPLE
    leg.leave = now
    _write(f, e, outcome)
    if outcome != _HANDED_OVER:
        _free_line(w, f, e)
        return
    after = first_leg(
        w, f, leg.issue, leg.afterwards, q, leg.before, leg.factor,
        leg.add,
    )  # fmt: skip
    talk = t.legs(f)[after].talk
    t.legs(f)[after].talk = altered(talk, queue.handover_factor, queue.handover_add)
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
    refused = _refused_at_close(w, f, now, e)
    if refused < 0:
        if floor.route(w, f, now, e):
            return
        refused = _refused_in_line(w, f, e)
    if refused < 0:
        lists.join_line(f, e)
        _set_timers(w, f, now, e)
        return
    leg.leave = now
    _tell_soon(f, e, refused)


@compiled
def _tell_soon(f: Floor, e: int, outcome: int) -> None:
    t.legs(f)[e].outcome = outcome
    t.to_tell(f)[t.counts(f)[c.N_TO_TELL]] = e
    t.counts(f)[c.N_TO_TELL] += 1


@compiled
def _write(f: Floor, e: int, outcome: int) -> None:
    t.legs(f)[e].outcome = outcome
    t.legs(f)[e].written = 1


# -- waiting -------------------------------------------------------------------------------------


@compiled
def _refused_at_close(w: World, f: Floor, now: float, e: int) -> int:
    q = t.legs(f)[e].queue
    kind = t.legs(f)[e].kind
    if t.queues(w)[q].deferred != 0 or kind == _K_BACKLOG or floor.is_open(w, f, q, now):
        return -1
    if t.queues(w)[q].at_close == _CARRY_OVER:
        return _WAITING if is_over(w, q, now) else -1
    if kind not in (_K_TRANSFER, _K_CALLBACK) and t.legs(f)[e].inside == 0:
        return _SENT_AWAY
    if t.queues(w)[q].at_close == _SERVE:
        for way in range(t.queues(w)[q].ways, t.queues(w)[q].ways_end):
            if t.crews(f)[t.skills(w)[t.ways(w)[way]].crew].present > 0:
                return -1
    return _SENT_AWAY


@compiled
def is_over(w: World, q: int, now: float) -> bool:
    """Return whether a queue will not open again."""
    first, last = t.queues(w)[q].hours, t.queues(w)[q].hours_end
    return first == last or now >= t.spans(w)[last - 1, 1]


@compiled
def _refused_in_line(w: World, f: Floor, e: int) -> int:
    q, kind = t.legs(f)[e].queue, t.legs(f)[e].kind
    waiting = t.lines(f)[q].waiting
    if kind in (_K_CALLBACK, _K_BACKLOG):
        return -1
    if waiting >= t.queues(w)[q].limit and kind != _K_TRANSFER:
        return _FULL
    balk = t.queues(w)[q].balk
    if balk != 0 and leg_unit(w, f, e, _BALK) < balk:
        return _BALKED
    if t.queues(w)[q].callback == 0 or not offered_in_line(t.queues(w)[q].offer_at, waiting):
        return -1
    return _CALLED_BACK if _accepts_callback(w, f, e) else -1


@compiled
def _accepts_callback(w: World, f: Floor, e: int) -> bool:
    return leg_unit(w, f, e, _ACCEPT) < t.queues(w)[t.legs(f)[e].queue].accepted


@compiled
def _set_timers(w: World, f: Floor, now: float, e: int) -> None:
    q, order = t.legs(f)[e].queue, floor.order_of(f, e)
    queue = t.queues(w)[q]
    floor.set_overflow_timers(w, f, now, e)
    if t.legs(f)[e].kind == _K_CALLBACK:
        return
    if queue.callback != 0 and queue.offer_after < math.inf:
        lists.push_event(f, now + queue.offer_after, _OFFER | order, c.DO_LEG, e, 0)
    if queue.longest_wait < math.inf:
        lists.push_event(f, now + queue.longest_wait, _LONGEST_WAIT | order, c.DO_LEG, e, 0)
    if t.legs(f)[e].patience < math.inf:
        instant = now + t.legs(f)[e].patience
        lists.push_event(f, instant, _PATIENCE_ENDS | order, c.DO_LEG, e, 0)


@compiled
def timer(w: World, f: Floor, now: float, e: int, rank: int) -> None:
    """Do what a timer of waiting calls for, if the contact still waits."""
    if t.legs(f)[e].waiting == 0:
        return
    if rank == _OVERFLOW:
        floor.route(w, f, now, e)
    elif rank == _OFFER:
        if _accepts_callback(w, f, e):
            stop_waiting(w, f, now, e, _CALLED_BACK)
    elif rank == _LONGEST_WAIT:
        stop_waiting(w, f, now, e, _MESSAGE)
    else:
        stop_waiting(w, f, now, e, _ABANDONED)


@compiled
def stop_waiting(w: World, f: Floor, now: float, e: int, outcome: int) -> None:
    """Leave the line unserved; work that was begun is not given up."""
    if t.legs(f)[e].stints != 0:
        return
    lists.quit_line(f, e)
    t.legs(f)[e].leave = now
    _tell_soon(f, e, outcome)
    if t.counts(f)[c.N_STAYING] > 0:
        floor.dismiss(w, f, now)


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
        t.legs(f)[e].then = _retry(w, f, now, e, outcome)
    _write(f, e, outcome)
    if outcome == _WAITING:
        t.legs(f)[e].leave = math.nan
    _free_line(w, f, e)
    floor.let_go(f, now, e)
    if outcome == _CALLED_BACK:
        _promise_callback(w, f, now, e)


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
        floor.start_phase(w, f, now, e, c.HELD, 0.0)
    else:
        _wrap_up(w, f, now, e, a)


@compiled
def _wrap_up(w: World, f: Floor, now: float, e: int, a: int) -> None:
    wrap = t.legs(f)[e].wrap
    if not wrap > 0:
        _end(w, f, now, e, a)
    elif t.groups(w)[t.agents(f)[a].crew].wrap_when_idle != 0:
        floor.put_off_wrap(w, f, now, a, e)
    else:
        floor.start_phase(w, f, now, e, c.WRAP, wrap)


@compiled
def _end(w: World, f: Floor, now: float, e: int, a: int) -> None:
    t.legs(f)[e].left = 0.0
    t.legs(f)[e].end = now
    _write(f, e, _ANSWERED)
    floor.release(w, f, now, a, e)


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
        chosen = passed_on(shares, leg_unit(w, f, e, _TRANSFER))
        if chosen >= 0:
            return _pass_on(w, f, now, e, queue.transfers + chosen)
    _end_of_contact(w, f, now, e)
    _free_line(w, f, e)
    return False


@compiled
def _end_of_contact(w: World, f: Floor, now: float, e: int) -> None:
    leg, q = t.legs(f)[e], t.legs(f)[e].queue
    resolved = t.queues(w)[q].resolved
    if math.isnan(resolved):
        return
    resolves = t.skills(w)[leg.skill].resolves
    helped = leg_unit(w, f, e, _RESOLVED) < resolved * resolves
    leg.resolved = 1 if helped else 0
    if helped or t.queues(w)[q].repeats == 0:
        return
    if leg_unit(w, f, e, _REPEAT) >= t.queues(w)[q].repeat_share:
        return
    customer = t.customers(f)[leg.issue]
    if customer.repeats >= t.queues(w)[q].repeat_most:
        leg.then = _GAVE_UP
        return
    delay = leg_draw(w, f, e, t.queues(w)[q].repeat_after, _REPEAT_DELAY)
    leg.then = _come_again(
        w, f, now, e, _K_REPEAT, t.queues(w)[q].repeat_to, delay,
        t.queues(w)[q].repeat_factor, t.queues(w)[q].repeat_add, _T_REPEAT,
    )  # fmt: skip
    if leg.then == _T_REPEAT:
        customer.repeats += 1


@compiled
def _pass_on(w: World, f: Floor, now: float, e: int, transfer: int) -> bool:
    leg = t.legs(f)[e]
    if leg.hop >= _HOPS or t.customers(f)[leg.issue].legs >= _LEGS:
        leg.then = _GAVE_UP
        _free_line(w, f, e)
        return False
    leg.then = _T_TRANSFER
    to = t.transfers(w)[transfer].queue
    second = new_leg(f, leg.issue, _K_TRANSFER, to, leg.hop + 1)
    factor, add = t.transfers(w)[transfer].factor, t.transfers(w)[transfer].add
    _fill(w, f, second, -1, factor, add)
    if leg.on_line != 0:
        _free_line(w, f, e)
        _hold_line(w, f, second)
    a = leg.agent
    free_to_stay = not floor.wants_away(f, a) and t.agents(f)[a].overtime == 0
    warm = t.transfers(w)[transfer].warm != 0 and free_to_stay
    if warm:
        t.legs(f)[second].held = e
        leg.second = second
    reach(w, f, now, second)
    return warm


@compiled
def _retry(w: World, f: Floor, now: float, e: int, outcome: int) -> int:
    q, customer = t.legs(f)[e].queue, t.customers(f)[t.legs(f)[e].issue]
    if t.queues(w)[q].retry == 0 or t.legs(f)[e].kind == _K_CALLBACK:
        return _NOTHING
    busy = outcome in (_BUSY, _FULL)
    share = t.queues(w)[q].after_busy if busy else t.queues(w)[q].after_abandon
    if leg_unit(w, f, e, _RETRY) >= share:
        return _NOTHING
    if customer.retries >= t.queues(w)[q].retry_most:
        return _GAVE_UP
    delay = leg_draw(w, f, e, t.queues(w)[q].retry_after, _RETRY_DELAY)
    to = t.queues(w)[q].retry_to
    then = _come_again(w, f, now, e, _K_RETRY, to, delay, 1.0, 0.0, _T_RETRY)
    if then == _T_RETRY:
        customer.retries += 1
    return then


@compiled
def _bounce(w: World, f: Floor, now: float, e: int) -> int:
    q, customer = t.legs(f)[e].queue, t.customers(f)[t.legs(f)[e].issue]
    comes_back = t.queues(w)[q].comes_back
    if customer.bounced != 0 or leg_unit(w, f, e, _BOUNCE) >= comes_back:
        return _NOTHING
    customer.bounced = 1
    delay = leg_draw(w, f, e, t.queues(w)[q].back_after, _BOUNCE_DELAY)
    return _come_again(w, f, now, e, _K_BOUNCE, q, delay, 1.0, 0.0, _T_BOUNCE)


@compiled
def _come_again(
    w: World, f: Floor, now: float, e: int, kind: int, q: int, delay: float, factor: float,
    add: float, then: int,
) -> int:  # fmt: skip
    issue = t.legs(f)[e].issue
    customer = t.customers(f)[issue]
    hours = t.spans(w)[t.queues(w)[q].hours : t.queues(w)[q].hours_end]
    instant = next_open(hours, now + delay)
    if instant >= t.limits(w)[0]:
        return _LATER
    if customer.legs >= _LEGS:
        return _GAVE_UP
    customer.contact += 1
    p = t.counts(f)[c.N_PLANS]
    if p >= len(t.plans(f)):
        t.counts(f)[c.N_FULL] = 1
        return then
    t.counts(f)[c.N_PLANS] = p + 1
    t.plans(f)[p].issue, t.plans(f)[p].kind = issue, kind
    t.plans(f)[p].queue, t.plans(f)[p].before = q, e
    t.plans(f)[p].factor, t.plans(f)[p].add = factor, add
    order = _ARRIVAL | (issue << 8) | customer.legs
    lists.push_event(f, instant, order, c.DO_PLAN, p, 0)
    return then


@compiled
def come_as_planned(w: World, f: Floor, now: float, p: int) -> None:
    """Come in again."""
    plan, change = t.plans(f)[p], t.plans(f)[p]
    front_door(
        w, f, now, plan.issue, plan.kind, plan.queue, plan.before,
        change.factor, change.add,
    )  # fmt: skip


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
    promise = new_leg(f, leg.issue, _K_CALLBACK, leg.queue, leg.hop)
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
    lists.push_event(f, instant, _ARRIVAL | floor.order_of(f, e), c.DO_LEG, e, 0)


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
        again = _callback_leg(f, e)
        t.legs(f)[again].attempt += 1
        delay = leg_draw(w, f, e, t.queues(w)[q].again, _AGAIN + attempt)
        _call_later(w, f, now, again, delay)
    else:
        leg.then = _GAVE_UP
    leg.end = now
    _write(f, e, _NO_ANSWER)
    floor.release(w, f, now, a, e)


# -- lines (trunks) ------------------------------------------------------------------------------


@compiled
def _no_line_free(w: World, f: Floor, q: int) -> bool:
    common = t.queues(w)[q].shares_lines != 0 and t.counts(f)[c.N_LINES] >= t.limits(w)[2]
    return common or t.lines(f)[q].in_use >= t.queues(w)[q].lines


@compiled
def _hold_line(w: World, f: Floor, e: int) -> None:
    q = t.legs(f)[e].queue
    t.legs(f)[e].on_line = 1
    t.lines(f)[q].in_use += 1
    t.counts(f)[c.N_LINES] += t.queues(w)[q].shares_lines


@compiled
def _free_line(w: World, f: Floor, e: int) -> None:
    if t.legs(f)[e].on_line != 0:
        q = t.legs(f)[e].queue
        t.legs(f)[e].on_line = 0
        t.lines(f)[q].in_use -= 1
        t.counts(f)[c.N_LINES] -= t.queues(w)[q].shares_lines


# -- work ----------------------------------------------------------------------------------------


@compiled
def first_leg(
    w: World, f: Floor, issue: int, kind: int, q: int, before: int, factor: float, add: float
) -> int:
    """Return a contact's leg at the queue it comes to, with its work and patience."""
    e = new_leg(f, issue, kind, q, 0)
    _fill(w, f, e, before, factor, add)
    if t.queues(w)[q].bot != 0:
        t.legs(f)[e].talk = t.legs(f)[e].talk * t.queues(w)[q].residual
    return e


@compiled
def _fill(w: World, f: Floor, e: int, before: int, factor: float, add: float) -> None:
    leg, queue = t.legs(f)[e], t.queues(w)[t.legs(f)[e].queue]
    issue = leg.issue
    retried = before >= 0 and leg.kind == _K_RETRY
    if retried and t.legs(f)[before].queue == leg.queue:
        old = t.legs(f)[before]
        leg.raw_talk, leg.raw_hold, leg.raw_wrap = old.raw_talk, old.raw_hold, old.raw_wrap
        if queue.retry_keeps != 0:
            leg.patience = old.patience
        else:
            leg.patience = leg_draw(w, f, e, queue.patience, _PATIENCE)
    elif leg.contact == 0 and leg.hop == 0:
        leg.raw_talk = t.work(w)[issue, 0]
        leg.raw_hold = t.work(w)[issue, 1]
        leg.raw_wrap = t.work(w)[issue, 2]
        leg.patience = t.work(w)[issue, 3]
    else:
        leg.raw_talk = leg_draw(w, f, e, queue.talk, _TALK)
        leg.raw_hold = leg_draw(w, f, e, queue.hold, _HOLD)
        leg.raw_wrap = leg_draw(w, f, e, queue.wrap, _WRAP)
        leg.patience = leg_draw(w, f, e, queue.patience, _PATIENCE)
    leg.talk = leg.raw_talk
    if factor != 1.0 or add != 0.0:
        leg.talk = altered(leg.talk, factor, add)
    leg.hold, leg.wrap = leg.raw_hold, leg.raw_wrap
