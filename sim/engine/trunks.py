"""Trunks: the telephone lines that contacts occupy from their arrival until the talk ends."""

from __future__ import annotations

from sim.engine.entities import Leg, QueueState, conditions
from sim.engine.state import CenterState


def all_trunks_busy(state: CenterState, queue_state: QueueState) -> bool:
    """Return whether a contact from outside finds all trunks of its queue busy."""
    queue, present = queue_state.queue, conditions(queue_state, state.env.now)
    if present is not None and present.down:
        return True
    if queue.shares_lines and state.trunks_in_use >= state.model.lines:
        return True
    return queue_state.trunks_in_use >= queue.lines


def seize_trunk(state: CenterState, leg: Leg) -> None:
    """Let a leg occupy a trunk."""
    leg.has_trunk = True
    leg.queue_state.trunks_in_use += 1
    state.trunks_in_use += leg.queue.shares_lines


def release_trunk(state: CenterState, leg: Leg) -> None:
    """Release the trunk of a leg, if it has one."""
    if leg.has_trunk:
        leg.has_trunk = False
        leg.queue_state.trunks_in_use -= 1
        state.trunks_in_use -= leg.queue.shares_lines


def transfer_trunk(state: CenterState, leg: Leg, second: Leg) -> None:
    """Let the next leg of a customer have the trunk of this one, if there is one."""
    if leg.has_trunk:
        release_trunk(state, leg)
        seize_trunk(state, second)
