"""Waiting: who is refused, who waits, and what ends a wait."""

from __future__ import annotations

from simpy import Event
from simpy.events import ProcessGenerator

from sim.engine import containers, rules
from sim.engine.availability import release_staying_agents
from sim.engine.dispatch import serve_next, set_overflow_timers
from sim.engine.draws import leg_uniform
from sim.engine.entities import (
    Leg,
    conditions,
    is_closed_for_good,
    is_open,
    lasting_patience,
    serves_remaining,
)
from sim.engine.rules import NEVER, Rank
from sim.engine.state import CenterState
from sim.log import Kind, Outcome
from sim.model import AtClose
from sim.model.opening_hours import next_closing
from sim.tape import Purpose

_CALLS = (Kind.CALLBACK, Kind.OUTBOUND)


def wait(state: CenterState, leg: Leg) -> ProcessGenerator:
    """Wait until an agent answers or the wait ends otherwise; return how it ended.

    A contact whose customer leaves silently stays in the queue all the same.
    """
    over = leg.wait.over
    if over is None:
        return Outcome.ANSWERED  # on arrival
    if over.triggered or leg.service.starts:  # refused; or begun work, which is never abandoned
        return (yield over)
    limits = wait_limits(state, leg)
    yield state.env.any_of([over, *limits])
    if not over.triggered:
        [outcome] = [limits[limit] for limit in limits if limit.processed]
        if outcome == Outcome.ABANDONED and leaves_silently(state, leg):
            leave_silently(state, leg)
            return Outcome.SILENT
        end_wait(state, leg, outcome)
    return over.value


def wait_limits(state: CenterState, leg: Leg) -> dict[Event, Outcome]:
    """Return the timeouts that end a wait which begins now, each with the outcome."""
    env, longest, patience = state.env, leg.queue.longest_wait, lasting_patience(leg)
    limits: dict[Event, Outcome] = {}
    if leg.kind == Kind.CALLBACK:
        return limits
    if leg.kind == Kind.OUTBOUND:
        closes = next_closing(leg.queue.hours, leg.times.enter)
        return {env.timeout_at(closes, Rank.PATIENCE, leg.order): Outcome.WITHDRAWN}
    if longest < NEVER:
        message_taken = env.timeout_at(leg.times.enter + longest, Rank.LONGEST_WAIT, leg.order)
        limits[message_taken] = Outcome.MESSAGE
    if patience < NEVER and not leg.is_silent:
        patience_over = env.timeout_at(leg.times.enter + patience, Rank.PATIENCE, leg.order)
        limits[patience_over] = Outcome.ABANDONED
    return limits


def start_wait(state: CenterState, leg: Leg) -> None:
    """Let a contact join its queue."""
    leg.wait.over = state.env.event()
    containers.join_queue(leg)
    set_wait_timers(state, leg)
    if serves_remaining(leg.queue_state, state.env.now):
        offer_to_staying_agents(state, leg)


def set_wait_timers(state: CenterState, leg: Leg) -> None:
    """Set what may change a wait: overflow to further groups, and the offer of a callback."""
    set_overflow_timers(state, leg)
    callback = leg.queue.callback
    if callback is not None and callback.offer_after < NEVER and leg.kind not in _CALLS:
        state.env.process(offer_callback(state, leg, callback.offer_after))


def offer_callback(state: CenterState, leg: Leg, delay: float) -> ProcessGenerator:
    """Offer a callback after a delay (s), if the customer still waits then."""
    yield state.env.timeout_at(state.env.now + delay, Rank.CALLBACK_OFFER, leg.order)
    if leg.wait.waiting and not leg.is_silent and accepts_callback(state, leg):
        end_wait(state, leg, Outcome.CALLBACK)


def end_wait(state: CenterState, leg: Leg, outcome: Outcome) -> None:
    """End the wait of a contact that no agent has answered; begun work goes on waiting."""
    if leg.service.starts:
        return
    assert leg.wait.over is not None
    containers.leave_queue(leg)
    if leg.is_silent:
        outcome = Outcome.SILENT
    else:
        leg.times.leave = state.env.now
    leg.wait.over.succeed(outcome)
    release_staying_agents(state)


# -- customers who leave without a word ----------------------------------------------------------


def leaves_silently(state: CenterState, leg: Leg) -> bool:
    """Return whether a customer whose patience ends leaves without the center knowing."""
    silent = leg.queue.silent
    return silent is not None and leg_uniform(state, leg, Purpose.SILENT) < silent.waiting


def leave_silently(state: CenterState, leg: Leg) -> None:
    """Let a customer leave whose contact stays in the queue."""
    leg.is_silent, leg.times.leave = True, state.env.now


# -- announced waits -----------------------------------------------------------------------------


def announce_wait(state: CenterState, leg: Leg) -> None:
    """Announce the wait to a customer, by how many wait and how many agents are there."""
    announce, queue_state = leg.queue.announce, leg.queue_state
    if announce is None:
        return
    capacity = 0.0
    for group_state, skill in state.routes[queue_state.number]:
        full_speed = group_state.speeds[queue_state.number][-1]
        capacity += group_state.present * skill.at_once * full_speed
    if capacity > 0:
        leg.wait.announced = rules.announced_wait(
            queue_state.waiting, announce.handle, capacity, announce.scale
        )


# -- refusals ------------------------------------------------------------------------------------


def refuse(state: CenterState, leg: Leg, outcome: Outcome) -> None:
    """Turn away a contact that reaches a queue."""
    leg.times.leave = state.env.now
    leg.wait.over = state.env.event().succeed(outcome)


def refusal_when_closed(state: CenterState, leg: Leg) -> Outcome | None:
    """Return why a contact that reaches a closed queue may not join it, if so."""
    queue, queue_state, now = leg.queue, leg.queue_state, state.env.now
    if queue.deferred or leg.kind == Kind.BACKLOG or is_open(queue_state, now):
        return None
    if queue.at_close == AtClose.CARRY_OVER:
        return Outcome.WAITING if is_closed_for_good(queue_state, now) else None
    if leg.kind not in (Kind.TRANSFER, Kind.CALLBACK) and not leg.is_internal:
        return Outcome.SENT_AWAY
    staffed = any(group_state.present for group_state, _ in state.routes[queue_state.number])
    return None if staffed and queue.at_close == AtClose.SERVE else Outcome.SENT_AWAY


def refusal_by_queue(state: CenterState, leg: Leg) -> Outcome | None:
    """Return why a contact that no agent can take at once does not wait, if so."""
    queue, waiting = leg.queue, leg.queue_state.waiting
    if leg.kind in (Kind.CALLBACK, Kind.BACKLOG):
        return None
    if waiting >= queue.limit and leg.kind != Kind.TRANSFER:
        return Outcome.FULL
    announce_wait(state, leg)
    present = conditions(leg.queue_state, leg.times.enter)
    balk = queue.balk if present is None else present.balk
    if queue.announce is not None:
        balk = rules.share_by_announcement(balk, queue.announce.balk, leg.wait.announced)
    if balk and leg_uniform(state, leg, Purpose.BALK) < balk:
        return Outcome.BALKED
    callback = queue.callback
    if callback is None or not rules.callback_offered(callback.offer_at, waiting):
        return None
    return Outcome.CALLBACK if accepts_callback(state, leg) else None


def accepts_callback(state: CenterState, leg: Leg) -> bool:
    """Return whether a customer accepts the offer of a callback."""
    assert leg.queue.callback is not None
    announce, accepted = leg.queue.announce, leg.queue.callback.accepted
    if announce is not None:
        accepted = rules.share_by_announcement(accepted, announce.accept, leg.wait.announced)
    return leg_uniform(state, leg, Purpose.ACCEPT_CALLBACK) < accepted


def offer_to_staying_agents(state: CenterState, leg: Leg) -> None:
    """Offer a contact to agents who stay past the end of their shift while contacts wait."""
    for group_state, _ in state.routes[leg.queue_state.number]:
        for agent in group_state.agents:
            if leg.wait.waiting and agent.on_duty and agent.logging_out:
                serve_next(state, agent)
