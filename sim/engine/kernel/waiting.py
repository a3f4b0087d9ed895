"""Waiting: which contacts may wait in a queue, and what ends a wait.

Arguments as in :mod:`sim.engine.kernel.entities`. A refusal is the outcome of the contact, -1 for
none.
"""

from __future__ import annotations

from sim.engine.kernel import (
    availability,
    containers,
    dispatch,
    draws,
    entities,
    recontacts,
    rules,
)
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled, linked
from sim.engine.kernel.layout import ModelTables, StateTables
from sim.engine.rules import Rank
from sim.log import Kind, Outcome
from sim.model import AtClose
from sim.tape import Purpose

_TRANSFER = int(Kind.TRANSFER)
_CALLBACK = int(Kind.CALLBACK)
_BACKLOG = int(Kind.BACKLOG)
_OUTBOUND = int(Kind.OUTBOUND)
_ABANDONED = int(Outcome.ABANDONED)
_BALKED = int(Outcome.BALKED)
_FULL = int(Outcome.FULL)
_MESSAGE = int(Outcome.MESSAGE)
_CALLED_BACK = int(Outcome.CALLBACK)
_SENT_AWAY = int(Outcome.SENT_AWAY)
_WAITING = int(Outcome.WAITING)
_SILENT = int(Outcome.SILENT)
_WITHDRAWN = int(Outcome.WITHDRAWN)
_SERVE = int(AtClose.SERVE)
_CARRY_OVER = int(AtClose.CARRY_OVER)
_OVERFLOW = int(Rank.OVERFLOW)
_OFFER = int(Rank.CALLBACK_OFFER)
_LONGEST_WAIT = int(Rank.LONGEST_WAIT)
_BALK = int(Purpose.BALK)
_ACCEPT = int(Purpose.ACCEPT_CALLBACK)
_LEAVES_SILENTLY = int(Purpose.SILENT)


@compiled
def refusal_when_closed(m: ModelTables, s: StateTables, now: float, e: int) -> int:
    """Return why a contact that reaches a closed queue may not join."""
    q, kind = t.leg(s, e).queue, t.leg(s, e).kind
    queue = t.queue(m, q)
    if queue.deferred != 0 or kind == _BACKLOG or entities.is_open(m, s, q, now):
        return -1
    if queue.at_close == _CARRY_OVER:
        return _WAITING if entities.is_closed_for_good(m, q, now) else -1
    if kind not in (_TRANSFER, _CALLBACK) and t.leg(s, e).is_internal == 0:
        return _SENT_AWAY
    if queue.at_close == _SERVE:
        for n in range(queue.routes, queue.routes_end):
            if t.group_state(s, t.skill(m, t.route(m, n)).group).present > 0:
                return -1
    return _SENT_AWAY


@compiled
def refusal_by_queue(m: ModelTables, s: StateTables, e: int) -> int:
    """Return why a contact that no agent can take at once does not wait."""
    q, kind = t.leg(s, e).queue, t.leg(s, e).kind
    queue, waiting = t.queue(m, q), t.queue_state(s, q).waiting
    if kind in (_CALLBACK, _BACKLOG):
        return -1
    if waiting >= queue.limit and kind != _TRANSFER:
        return _FULL
    if queue.announce != 0:
        announce_wait(m, s, e)
    present = entities.conditions(m, q, t.leg(s, e).enter)
    balk = queue.balk if present < 0 else t.condition(m, present).balk
    if queue.announce != 0:
        balk = rules.share_by_announcement(balk, queue.announce_balk, t.leg(s, e).announced)
    if balk != 0 and draws.leg_uniform(m, s, e, _BALK) < balk:
        return _BALKED
    if queue.callback == 0 or not rules.callback_offered(queue.offer_at, waiting):
        return -1
    return _CALLED_BACK if accepts_callback(m, s, e) else -1


@compiled
def accepts_callback(m: ModelTables, s: StateTables, e: int) -> bool:
    """Return whether a customer accepts the offer of a callback."""
    queue = t.queue(m, t.leg(s, e).queue)
    accepted = queue.accepted
    if queue.announce != 0:
        announced = t.leg(s, e).announced
        accepted = rules.share_by_announcement(accepted, queue.announce_accept, announced)
    return draws.leg_uniform(m, s, e, _ACCEPT) < accepted


@compiled
def offer_to_staying_agents(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Offer a contact to agents who stay past the end of their shift while contacts wait."""
    queue = t.queue(m, t.leg(s, e).queue)
    for n in range(queue.routes, queue.routes_end):
        g = t.skill(m, t.route(m, n)).group
        first = t.group(m, g).first
        for a in range(first, first + t.group(m, g).agents):
            agent = t.agent(s, a)
            if t.leg(s, e).waiting != 0 and agent.on_duty != 0 and agent.logging_out != 0:
                dispatch.serve_next(m, s, now, a)


@compiled
def start_wait(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Let a contact join its queue."""
    containers.join_queue(s, e)
    dispatch.set_overflow_timers(m, s, now, e)
    if entities.serves_remaining(m, s, t.leg(s, e).queue, now):
        offer_to_staying_agents(m, s, now, e)


@compiled
def wait_timer(m: ModelTables, s: StateTables, now: float, e: int, rank: int) -> None:
    """Handle a timer of a wait, and schedule the next one if the contact waits or may do so."""
    if t.leg(s, e).waiting != 0:
        if rank == _OVERFLOW:
            dispatch.overflow(m, s, now, e)
        elif rank == _OFFER:
            offer_callback(m, s, now, e)
        elif rank == _LONGEST_WAIT:
            end_wait(m, s, now, e, _MESSAGE)
        elif t.leg(s, e).kind == _OUTBOUND:
            end_wait(m, s, now, e, _WITHDRAWN)
        elif leaves_silently(m, s, e):
            leave_silently(m, s, now, e)
        else:
            end_wait(m, s, now, e, _ABANDONED)
    if t.leg(s, e).waiting != 0 or t.queue(m, t.leg(s, e).queue).deferred != 0:
        dispatch.next_wait_timer(m, s, now, e, rank)


@compiled
def offer_callback(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Offer a callback to a customer who still waits."""
    if t.leg(s, e).is_silent == 0 and accepts_callback(m, s, e):
        end_wait(m, s, now, e, _CALLED_BACK)


@linked
def end_wait(m: ModelTables, s: StateTables, now: float, e: int, outcome: int) -> None:
    """End the wait of a contact unserved; work that has begun is not abandoned."""
    if t.leg(s, e).starts != 0:
        return
    containers.leave_queue(s, e)
    if t.leg(s, e).is_silent != 0:
        outcome = _SILENT
    else:
        t.leg(s, e).leave = now
    leave_soon(s, e, outcome)
    if t.counts(s).staying > 0:
        availability.release_staying_agents(m, s, now)


# -- customers who leave without a word ----------------------------------------------------------


@compiled
def leaves_silently(m: ModelTables, s: StateTables, e: int) -> bool:
    """Return whether a customer whose patience ends leaves without the center knowing."""
    queue = t.queue(m, t.leg(s, e).queue)
    if queue.silent == 0:
        return False
    return draws.leg_uniform(m, s, e, _LEAVES_SILENTLY) < queue.silent_waiting


@linked
def leave_silently(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Let a customer leave, perhaps to make a retrial, whose contact stays in the queue."""
    t.leg(s, e).is_silent = 1
    t.leg(s, e).leave = now
    recontacts.plan_retrial(m, s, now, e, _SILENT)


# -- announced waits -----------------------------------------------------------------------------


@linked
def announce_wait(m: ModelTables, s: StateTables, e: int) -> None:
    """Announce the wait to a customer, by how many wait and how many agents are there."""
    q = t.leg(s, e).queue
    queue, capacity = t.queue(m, q), 0.0
    for n in range(queue.routes, queue.routes_end):
        skill = t.skill(m, t.route(m, n))
        present = t.group_state(s, skill.group).present
        at_once = skill.speeds_end - skill.speeds
        capacity += present * at_once * t.speed(m, skill.speeds_end - 1)
    if capacity > 0:
        t.leg(s, e).announced = rules.announced_wait(
            t.queue_state(s, q).waiting, queue.announce_handle, capacity, queue.announce_scale
        )


@compiled
def refuse(s: StateTables, now: float, e: int, outcome: int) -> None:
    """Turn away a contact that reaches a queue."""
    t.leg(s, e).leave = now
    leave_soon(s, e, outcome)


@compiled
def leave_soon(s: StateTables, e: int, outcome: int) -> None:
    """Let a contact leave unserved as soon as the present event is handled.

    See :func:`sim.engine.kernel.loop.leave_all_unserved`.
    """
    n = t.counts(s).unserved
    if n >= t.most_unserved(s):
        t.counts(s).is_full = 1
        return
    t.leg(s, e).outcome = outcome
    t.unserved(s, n).leg = e
    t.counts(s).unserved = n + 1
