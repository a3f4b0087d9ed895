"""Opening hours: queues open and close."""

from __future__ import annotations

from simpy.events import ProcessGenerator

from sim.engine import containers
from sim.engine.availability import release_staying_agents
from sim.engine.dispatch import route
from sim.engine.entities import QueueState, is_closed_for_good
from sim.engine.rules import Rank
from sim.engine.state import CenterState
from sim.engine.waiting import end_wait
from sim.log import Outcome
from sim.model import AtClose


def opening_hours(state: CenterState, queue_state: QueueState) -> ProcessGenerator:
    """Open and close a queue."""
    env = state.env
    for period, (opens, closes) in enumerate(queue_state.hours):
        yield env.timeout_at(opens, Rank.OPENING, queue_state.number)
        open_queue(state, queue_state, period)
        yield env.timeout_at(closes, Rank.CLOSING, queue_state.number)
        close_queue(state, queue_state)


def open_queue(state: CenterState, queue_state: QueueState, period: int) -> None:
    """Open a queue for one of its opening hours."""
    queue_state.period, queue_state.reserves_released = period, False
    release_staying_agents(state)


def close_queue(state: CenterState, queue_state: QueueState) -> None:
    """Close a queue: serve those who wait, send them away, or let them wait on."""
    at_close = queue_state.queue.at_close
    if at_close == AtClose.SERVE:
        release_reserves(state, queue_state)
    elif at_close == AtClose.SEND_AWAY:
        end_all_waits(state, queue_state, Outcome.SENT_AWAY)
    elif is_closed_for_good(queue_state, state.env.now):
        end_all_waits(state, queue_state, Outcome.WAITING)


def release_reserves(state: CenterState, queue_state: QueueState) -> None:
    """Offer those who wait at closing to all groups: no agent is held in reserve any more."""
    queue_state.reserves_released = True
    for leg in containers.all_waiting(queue_state):
        if leg.wait.waiting:  # not answered together with one before it
            route(state, leg)


def end_all_waits(state: CenterState, queue_state: QueueState, outcome: Outcome) -> None:
    """End the wait of all who wait."""
    for leg in containers.all_waiting(queue_state):
        end_wait(state, leg, outcome)
