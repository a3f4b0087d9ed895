"""Dispatch: contacts are routed and answered, suspended and finished, all within one instant.

Arguments as in :mod:`sim.engine.kernel.entities`.
"""

from __future__ import annotations

import math

from sim.engine.kernel import (
    availability,
    containers,
    draws,
    entities,
    routing_policy,
    rules,
    service,
)
from sim.engine.kernel import codes as c
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled, linked
from sim.engine.kernel.layout import ModelTables, StateTables
from sim.engine.rules import Rank
from sim.log import Kind
from sim.tape import Purpose

_AGENTS_PAUSE = int(Rank.AGENTS_PAUSE)
_OVERFLOW = int(Rank.OVERFLOW)
_OFFER = int(Rank.CALLBACK_OFFER)
_LONGEST_WAIT = int(Rank.LONGEST_WAIT)
_PATIENCE = int(Rank.PATIENCE)
_CALLBACK = int(Kind.CALLBACK)
_OUTBOUND = int(Kind.OUTBOUND)
_ANSWER = int(Purpose.ANSWER_CALLBACK)
_DIAL = int(Purpose.DIAL)
_GAP = int(Purpose.GAP)
_RIGHT_PARTY = int(Purpose.RIGHT_PARTY)
_SILENT_WITHIN = int(Purpose.SILENT_WITHIN)
_SILENT_PART = int(Purpose.SILENT_PART)
_NOTICED = int(Purpose.NOTICED)


@linked
def meet_silence(m: ModelTables, s: StateTables, e: int) -> None:
    """Let an agent find that the customer has left, or lose the customer during the talk."""
    leg, queue = t.leg(s, e), t.queue(m, t.leg(s, e).queue)
    if leg.is_silent != 0:
        leg.remaining = draws.leg_draw(m, s, e, queue.noticed, _NOTICED)
    elif leg.phase == c.TALK and draws.leg_uniform(m, s, e, _SILENT_WITHIN) < queue.silent_within:
        leg.leaves_in_talk = 1
        part = draws.leg_uniform(m, s, e, _SILENT_PART)
        noticed = draws.leg_draw(m, s, e, queue.noticed, _NOTICED)
        leg.talk, leg.hold = leg.talk * part + noticed, leg.hold * part
        leg.remaining = leg.talk + leg.hold


@linked
def reach_customer(m: ModelTables, s: StateTables, e: int) -> None:
    """Let an agent make an outbound call, and reach the customer or not."""
    leg = t.leg(s, e)
    kind, customer = t.kind(m, entities.kind_row(m, leg.issue)), t.customer(s, leg.issue)
    if draws.call_uniform(m, s, e, _RIGHT_PARTY) < kind.right_party:
        customer.called, leg.phase = c.IN_CALL, c.CALL
    else:
        customer.called, leg.phase = c.NO_CALL, c.DIAL
        leg.remaining = draws.call_draw(m, s, e, kind.unanswered, _DIAL)


@linked
def answer(m: ModelTables, s: StateTables, now: float, a: int, e: int) -> None:
    """Let an agent answer a contact, or dial for a promised callback."""
    leg = t.leg(s, e)
    if leg.waiting != 0:
        containers.leave_queue(s, e)
    q, g = leg.queue, t.agent(s, a).group
    leg.agent, leg.group = a, g
    for k in range(t.group(m, g).skills, t.group(m, g).skills_end):
        if t.skill(m, k).queue == q:
            leg.skill = k
            break
    if leg.starts == 0:
        if leg.is_silent == 0:
            leg.leave = now
        leg.remaining = leg.talk + leg.hold
    leg.starts += 1
    leg.phase = c.TALK
    if leg.kind == _CALLBACK and not customer_answers(m, s, e):
        leg.phase = c.DIAL
        leg.remaining = draws.leg_draw(m, s, e, t.queue(m, q).dial, _DIAL + leg.attempt)
    elif leg.kind == _OUTBOUND:
        reach_customer(m, s, e)
    if t.queue(m, q).silent != 0:
        meet_silence(m, s, e)
    service.start_service(m, s, now, a, e)
    service.end_warm_transfer(s, now, e)
    if t.counts(s).staying > 0:
        availability.release_staying_agents(m, s, now)


@linked
def route_to_available(m: ModelTables, s: StateTables, now: float, e: int) -> bool:
    """Route a contact to the best agent with capacity for it; return whether there is one."""
    a = routing_policy.select_agent(m, s, now, e)
    if a < 0:
        return False
    answer(m, s, now, a, e)
    return True


@linked
def next_wait_timer(m: ModelTables, s: StateTables, now: float, e: int, rank: int) -> None:
    """Schedule what happens first to a waiting contact behind a rank of this instant.

    That is overflow, the offer of a callback, the longest wait or the end of patience; the next
    of them is scheduled as this one happens, for most waits end before. Only the wait for a first
    answer has others than overflow.
    """
    leg, queue = t.leg(s, e), t.queue(m, t.leg(s, e).queue)
    instant, next_rank = math.inf, _OVERFLOW
    for k in range(queue.delays, queue.delays_end):
        if leg.place + t.overflow_delay(m, k) > now:
            instant = leg.place + t.overflow_delay(m, k)
            break
    if leg.kind == _OUTBOUND:
        closes = rules.next_closing(t.spans(m, queue.hours, queue.hours_end), leg.enter)
        if closes < instant and is_behind(closes, _PATIENCE, now, rank):
            instant, next_rank = closes, _PATIENCE
    elif leg.starts == 0 and leg.kind != _CALLBACK:
        offer, longest = leg.enter + queue.offer_after, leg.enter + queue.longest_wait
        patience = leg.enter + entities.lasting_patience(m, s, e)
        if queue.callback != 0 and offer < instant and is_behind(offer, _OFFER, now, rank):
            instant, next_rank = offer, _OFFER
        if longest < instant and is_behind(longest, _LONGEST_WAIT, now, rank):
            instant, next_rank = longest, _LONGEST_WAIT
        if patience < instant and is_behind(patience, _PATIENCE, now, rank):
            instant, next_rank = patience, _PATIENCE
    if instant < math.inf:
        order = entities.leg_order(s, e)
        containers.push_event(s, instant, next_rank, order, c.EVENT_LEG, e, 0)


@compiled
def is_behind(instant: float, rank: int, now: float, rank_now: int) -> bool:
    """Return whether an event comes after those of a rank of this instant."""
    return now < instant or (now == instant and rank_now < rank)


@linked
def suspend_deferred_work(m: ModelTables, s: StateTables, now: float, a: int) -> int:
    """Put the active deferred work of an agent back into its queues, as far as it is done.

    Returns how many legs were suspended; they stand in ``t.suspended(s)``.
    """
    count = 0
    for n in range(t.agent(s, a).active_count):
        e = t.active(s, a, n).leg
        if t.leg(s, e).deferred != 0 and t.leg(s, e).phase == c.TALK:
            t.suspended(s, count).leg = e
            count += 1
    for n in range(count):
        e = t.suspended(s, n).leg
        leg = t.leg(s, e)
        leg.remaining = service.remaining_work(s, now, e)
        leg.talk_s += now - leg.started
        if t.queue(m, t.leg(s, e).queue).start_over != 0:
            total = leg.talk + leg.hold
            leg.lost_work += total - leg.remaining
            leg.remaining = total
        t.leg(s, e).version += 1
        t.leg(s, e).phase = c.WAITING
        service.stop_service(m, s, now, a, e)
        containers.join_queue(s, e)
        set_overflow_timers(m, s, now, e)
    return count


@linked
def take_quiet_break(m: ModelTables, s: StateTables, now: float, a: int) -> None:
    """Let an idle agent take a break."""
    length = draws.agent_draw(m, s, t.group(m, t.agent(s, a).group).length, a)
    availability.begin_pause(m, s, now, a, length)


@linked
def stay_idle(m: ModelTables, s: StateTables, now: float, a: int) -> None:
    """Let an agent for whom nothing waits take a break, now or later if nothing comes before."""
    agent = t.agent(s, a)
    if agent.quiet_since == agent.since:
        return
    agent.quiet_since = agent.since
    has_worked, agent.has_worked = agent.has_worked, 0
    if has_worked != 0 and draws.agent_uniform(m, s, a) < t.group(m, agent.group).quiet_share:
        take_quiet_break(m, s, now, a)
    else:
        agent.break_at = now + draws.agent_draw(m, s, t.group(m, agent.group).ready, a)
        containers.push_event(s, agent.break_at, _AGENTS_PAUSE, a, c.EVENT_READY, a, 0)


@compiled
def later_break(m: ModelTables, s: StateTables, now: float, a: int) -> None:
    """Take a break at this instant, unless a contact or an absence has come before."""
    agent = t.agent(s, a)
    if agent.idle != 0 and not entities.absence_due(s, a) and agent.break_at == now:
        take_quiet_break(m, s, now, a)


@linked
def serve_next(m: ModelTables, s: StateTables, now: float, a: int) -> None:
    """Give an agent waiting contacts while there is capacity, else deferred wrap-up or absence."""
    is_current = t.group(m, t.agent(s, a).group).reserves != 0  # then who is idle counts below
    if is_current:
        availability.update_availability(m, s, now, a)
    while may_take_more(m, s, now, a):
        e = routing_policy.select_contact(m, s, now, a)
        if e >= 0:
            answer(m, s, now, a, e)
            is_current = True
            continue
        e = routing_policy.select_interrupting_contact(m, s, now, a)
        if e < 0:
            break
        interrupt_work(m, s, now, a, e)
        is_current = True
    if not is_current:
        availability.update_availability(m, s, now, a)
    if t.agent(s, a).active_count > 0 or t.agent(s, a).on_duty == 0:
        return
    if t.agent(s, a).deferred_wrap_head >= 0:
        start_deferred_wrap(m, s, now, a)
    elif entities.absence_due(s, a) and not availability.stays_to_serve(m, s, now, a):
        availability.go_off_duty(m, s, now, a)
    elif t.group(m, t.agent(s, a).group).quiet != 0 and not entities.absence_due(s, a):
        stay_idle(m, s, now, a)


@linked
def route(m: ModelTables, s: StateTables, now: float, e: int) -> bool:
    """Route a contact to the best agent who may take it now; return whether there is one."""
    if route_to_available(m, s, now, e):
        return True
    a = routing_policy.select_interruptible_agent(m, s, now, e)
    if a < 0:
        return False
    interrupt_work(m, s, now, a, e)
    serve_next(m, s, now, a)
    return True


@compiled
def interrupt_work(m: ModelTables, s: StateTables, now: float, a: int, e: int) -> None:
    """Let an agent suspend all active contacts for another; others may continue them."""
    count = suspend_deferred_work(m, s, now, a)
    answer(m, s, now, a, e)
    for k in range(count):
        route_to_available(m, s, now, t.suspended(s, k).leg)


@compiled
def set_overflow_timers(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Schedule the instant from which further groups may take a waiting contact."""
    if t.leg(s, e).overflow_set == 0:
        t.leg(s, e).overflow_set = 1
        next_wait_timer(m, s, now, e, _OVERFLOW)


@compiled
def overflow(m: ModelTables, s: StateTables, now: float, e: int) -> None:
    """Offer a contact that still waits to further groups, after one of their delays."""
    route(m, s, now, e)


@compiled
def may_take_more(m: ModelTables, s: StateTables, now: float, a: int) -> bool:
    """Return whether an agent is on duty and no break or end of shift is due."""
    if t.agent(s, a).on_duty == 0:
        return False
    return not entities.absence_due(s, a) or availability.stays_to_serve(m, s, now, a)


@compiled
def customer_answers(m: ModelTables, s: StateTables, e: int) -> bool:
    """Return whether a customer who is called back answers."""
    leg = t.leg(s, e)
    return draws.leg_uniform(m, s, e, _ANSWER + leg.attempt) < t.queue(m, leg.queue).answered


@compiled
def finish_service(m: ModelTables, s: StateTables, now: float, a: int, e: int) -> None:
    """End the service of a contact and give the agent what comes next."""
    service.stop_service(m, s, now, a, e)
    t.agent(s, a).has_worked = 1
    if t.group(m, t.agent(s, a).group).pauses != 0:
        leave_gap(m, s, now, a, e)
    serve_next(m, s, now, a)


@compiled
def defer_wrap(m: ModelTables, s: StateTables, now: float, a: int, e: int) -> None:
    """Defer the wrap-up of a contact until nothing waits, and take the next one."""
    t.leg(s, e).phase = c.WRAP_DEFERRED
    t.leg(s, e).next = -1
    tail = t.agent(s, a).deferred_wrap_tail
    if tail < 0:
        t.agent(s, a).deferred_wrap_head = e
    else:
        t.leg(s, tail).next = e
    t.agent(s, a).deferred_wrap_tail = e
    service.stop_service(m, s, now, a, e)
    serve_next(m, s, now, a)


@compiled
def start_deferred_wrap(m: ModelTables, s: StateTables, now: float, a: int) -> None:
    """Start the oldest of the deferred wrap-ups."""
    e = t.agent(s, a).deferred_wrap_head
    t.agent(s, a).deferred_wrap_head = t.leg(s, e).next
    if t.agent(s, a).deferred_wrap_head < 0:
        t.agent(s, a).deferred_wrap_tail = -1
    t.leg(s, e).phase = c.WRAP
    t.leg(s, e).remaining = t.leg(s, e).wrap
    service.start_service(m, s, now, a, e)


@linked
def leave_gap(m: ModelTables, s: StateTables, now: float, a: int, e: int) -> None:
    """Let an agent who has finished a contact, and has no other, be not ready for a while."""
    gap = t.agent_factors(m, a).gap
    if gap < 0 or t.agent(s, a).active_count > 0 or entities.absence_due(s, a):
        return
    purpose = _GAP + t.leg(s, e).attempt
    if t.leg(s, e).kind == _OUTBOUND:
        length = draws.call_draw(m, s, e, gap, purpose)
    else:
        length = draws.leg_draw(m, s, e, gap, purpose)
    if length > 0.0:
        availability.begin_pause(m, s, now, a, length)


@compiled
def pause_over(m: ModelTables, s: StateTables, now: float, a: int, pause: int) -> None:
    """Let an agent be ready again, unless this pause has ended before."""
    if t.agent(s, a).paused != 0 and t.agent(s, a).pauses == pause:
        availability.end_pause(s, now, a)
        serve_next(m, s, now, a)


@linked
def requeue_work(m: ModelTables, s: StateTables, now: float, a: int) -> None:
    """Put deferred work back into its queues where the group does so at the end of a shift."""
    if t.group(m, t.agent(s, a).group).hands_back != 0:
        count = suspend_deferred_work(m, s, now, a)
        availability.update_availability(m, s, now, a)
        for n in range(count):
            route_to_available(m, s, now, t.suspended(s, n).leg)
