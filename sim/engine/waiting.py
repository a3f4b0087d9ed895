"""Waiting: who is refused, who waits, and what ends a wait."""

from __future__ import annotations

from simpy import Event
from simpy.events import ProcessGenerator

from sim.engine import containers, rules
from sim.engine.availability import release_staying_agents
from sim.engine.dispatch import serve_next, set_overflow_timers
from sim.engine.draws import leg_uniform
from sim.engine.entities import Leg, is_closed_for_good, is_open, serves_remaining
from sim.engine.rules import NEVER, Rank
from sim.engine.state import CenterState
from sim.log import Kind, Outcome
from sim.model import AtClose
from sim.tape import Purpose


def wait(state: CenterState, leg: Leg) -> ProcessGenerator:
    """Wait until an agent answers or the wait ends otherwise; return how it ended."""
    over = leg.wait.over
    if over is None:
        return Outcome.ANSWERED  # on arrival
    if over.triggered or leg.service.starts:  # refused; or begun work, which is never abandoned
        return (yield over)
    limits = wait_limits(state, leg)
    yield state.env.any_of([over, *limits])
    if not over.triggered:
        [outcome] = [limits[limit] for limit in limits if limit.processed]
        end_wait(state, leg, outcome)
    return over.value


def wait_limits(state: CenterState, leg: Leg) -> dict[Event, Outcome]:
    """Return the timeouts that end a wait which begins now, each with the outcome."""
    env, longest, patience = state.env, leg.queue.longest_wait, leg.work.patience
    limits: dict[Event, Outcome] = {}
    if leg.kind == Kind.CALLBACK:
        return limits
    if longest < NEVER:
        message_taken = env.timeout_at(env.now + longest, Rank.LONGEST_WAIT, leg.order)
        limits[message_taken] = Outcome.MESSAGE
    if patience < NEVER:
        patience_over = env.timeout_at(env.now + patience, Rank.PATIENCE, leg.order)
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
    if callback is not None and callback.offer_after < NEVER and leg.kind != Kind.CALLBACK:
        state.env.process(offer_callback(state, leg, callback.offer_after))


def offer_callback(state: CenterState, leg: Leg, delay: float) -> ProcessGenerator:
    """Offer a callback after a delay (s), if the customer still waits then."""
    yield state.env.timeout_at(state.env.now + delay, Rank.CALLBACK_OFFER, leg.order)
    if leg.wait.waiting and accepts_callback(state, leg):
        end_wait(state, leg, Outcome.CALLBACK)


def end_wait(state: CenterState, leg: Leg, outcome: Outcome) -> None:
    """End the wait of a contact that no agent has answered; begun work goes on waiting."""
    if leg.service.starts:
        return
    assert leg.wait.over is not None
    containers.leave_queue(leg)
    leg.times.leave = state.env.now
    leg.wait.over.succeed(outcome)
    release_staying_agents(state)


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
    if queue.balk and leg_uniform(state, leg, Purpose.BALK) < queue.balk:
        return Outcome.BALKED
    callback = queue.callback
    if callback is None or not rules.callback_offered(callback.offer_at, waiting):
        return None
    return Outcome.CALLBACK if accepts_callback(state, leg) else None


def accepts_callback(state: CenterState, leg: Leg) -> bool:
    """Return whether a customer accepts the offer of a callback."""
    assert leg.queue.callback is not None
    return leg_uniform(state, leg, Purpose.ACCEPT_CALLBACK) < leg.queue.callback.accepted


def offer_to_staying_agents(state: CenterState, leg: Leg) -> None:
    """Offer a contact to agents who stay past the end of their shift while contacts wait."""
    for group_state, _ in state.routes[leg.queue_state.number]:
        for agent in group_state.agents:
            if leg.wait.waiting and agent.on_duty and agent.logging_out:
                serve_next(state, agent)
