"""Contacts after the first, compiled: the twin of :mod:`sim.engine.recontacts`.

Arguments as in :mod:`sim.engine.kernel.state`; ``factor`` and ``add`` (s) alter the talk. Who
comes again is put on the heap of events and met at :func:`sim.engine.kernel.contacts.front_door`.
"""

from __future__ import annotations

import math

from sim.engine import rules
from sim.engine.kernel import codes as c
from sim.engine.kernel import containers, entities
from sim.engine.kernel import layout as t
from sim.engine.kernel.draws import leg_draw, leg_unit
from sim.engine.kernel.jit import changed_work, compiled, next_open, recontact_cap
from sim.engine.kernel.layout import Floor, World
from sim.engine.rules import Rank
from sim.log import Kind, Outcome, Then
from sim.tape import Purpose

_K_RETRY, _K_REPEAT, _K_BOUNCE = int(Kind.RETRY), int(Kind.REPEAT), int(Kind.BOUNCE)
_K_CALLBACK, _BUSY, _FULL = int(Kind.CALLBACK), int(Outcome.BUSY), int(Outcome.FULL)
_NOTHING, _GAVE_UP, _LATER = int(Then.NOTHING), int(Then.GAVE_UP), int(Then.LATER)
_T_RETRY, _T_REPEAT, _T_BOUNCE = int(Then.RETRY), int(Then.REPEAT), int(Then.BOUNCE)
_RETRY, _RETRY_DELAY = int(Purpose.RETRY), int(Purpose.RETRY_DELAY)
_BOUNCE, _BOUNCE_DELAY = int(Purpose.BOUNCE), int(Purpose.BOUNCE_DELAY)
_RESOLVED, _REPEAT = int(Purpose.RESOLVED), int(Purpose.REPEAT)
_REPEAT_DELAY, _PATIENCE = int(Purpose.REPEAT_DELAY), int(Purpose.PATIENCE)
_TALK, _HOLD, _WRAP = int(Purpose.TALK), int(Purpose.HOLD), int(Purpose.WRAP)
_ARRIVAL, _MAX_LEGS = int(Rank.ARRIVAL), rules.MAX_LEGS


# -- trying again, coming back -------------------------------------------------------------------


@compiled
def retry(w: World, f: Floor, now: float, e: int, outcome: int) -> int:
    """Decide whether a customer who was not served tries again."""
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
    then = come_again(w, f, now, e, _K_RETRY, to, delay, 1.0, 0.0, _T_RETRY)
    if then == _T_RETRY:
        customer.retries += 1
    return then


@compiled
def bounce(w: World, f: Floor, now: float, e: int) -> int:
    """Decide whether a customer whom the bot only seemed to help comes back for people."""
    q, customer = t.legs(f)[e].queue, t.customers(f)[t.legs(f)[e].issue]
    comes_back = t.queues(w)[q].comes_back
    if customer.bounced != 0 or leg_unit(w, f, e, _BOUNCE) >= comes_back:
        return _NOTHING
    customer.bounced = 1
    delay = leg_draw(w, f, e, t.queues(w)[q].back_after, _BOUNCE_DELAY)
    return come_again(w, f, now, e, _K_BOUNCE, q, delay, 1.0, 0.0, _T_BOUNCE)


@compiled
def end_of_contact(w: World, f: Floor, now: float, e: int) -> None:
    """Decide whether the issue is resolved, and whether an unresolved one comes back."""
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
    leg.then = come_again(
        w, f, now, e, _K_REPEAT, t.queues(w)[q].repeat_to, delay,
        t.queues(w)[q].repeat_factor, t.queues(w)[q].repeat_add, _T_REPEAT,
    )  # fmt: skip
    if leg.then == _T_REPEAT:
        customer.repeats += 1


@compiled
def come_again(
    w: World, f: Floor, now: float, e: int, kind: int, q: int, delay: float, factor: float,
    add: float, then: int,
) -> int:  # fmt: skip
    """Let a customer make another contact after a delay (s), when the queue is open.

    Returns ``then`` if so, else why not.
    """
    issue = t.legs(f)[e].issue
    customer = t.customers(f)[issue]
    hours = t.spans(w)[t.queues(w)[q].hours : t.queues(w)[q].hours_end]
    instant = next_open(hours, now + delay)
    if instant >= t.limits(w)[0]:
        return _LATER
    if customer.legs >= _MAX_LEGS or t.counts(f)[c.N_PLANS] >= recontact_cap(len(t.born(w))):
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
    containers.push_event(f, instant, order, c.DO_PLAN, p, 0)
    return then


# -- work ----------------------------------------------------------------------------------------


@compiled
def first_leg(
    w: World, f: Floor, issue: int, kind: int, q: int, before: int, factor: float, add: float
) -> int:
    """Return a contact's leg at the queue it comes to, with its work and patience."""
    e = entities.new_leg(f, issue, kind, q, 0)
    fill(w, f, e, before, factor, add)
    if t.queues(w)[q].bot != 0:
        bounced = t.customers(f)[issue].bounced != 0
        share = t.queues(w)[q].comeback if bounced else t.queues(w)[q].residual
        t.legs(f)[e].talk = t.legs(f)[e].talk * share
    return e


@compiled
def fill(w: World, f: Floor, e: int, before: int, factor: float, add: float) -> None:
    """Give a leg its work and patience; a retry brings the work that was never done."""
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
        leg.talk = changed_work(leg.talk, factor, add)
    leg.hold, leg.wrap = leg.raw_hold, leg.raw_wrap
