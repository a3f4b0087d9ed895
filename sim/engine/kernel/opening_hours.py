"""Opening hours: what happens when a queue opens and closes.

Arguments as in :mod:`sim.engine.kernel.entities`; ``period`` counts a queue's opening hours from 0.
"""

from __future__ import annotations

from sim.engine.kernel import availability, containers, dispatch, entities, waiting
from sim.engine.kernel import codes as c
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled, linked
from sim.engine.kernel.layout import ModelTables, StateTables
from sim.engine.rules import Rank
from sim.log import Outcome
from sim.model import AtClose

_OPENING = int(Rank.OPENING)
_CLOSING = int(Rank.CLOSING)
_SERVE = int(AtClose.SERVE)
_SEND_AWAY = int(AtClose.SEND_AWAY)
_CARRY_OVER = int(AtClose.CARRY_OVER)
_SENT_AWAY = int(Outcome.SENT_AWAY)
_WAITING = int(Outcome.WAITING)


@compiled
def schedule_opening(m: ModelTables, s: StateTables, q: int, period: int) -> None:
    """Schedule when a queue opens, if there are so many opening hours."""
    k = t.queue(m, q).hours + period
    if k < t.queue(m, q).hours_end:
        containers.push_event(s, t.span(m, k, c.OPENS), _OPENING, q, c.EVENT_QUEUE, q, period)


@linked
def open_queue(m: ModelTables, s: StateTables, now: float, q: int, period: int) -> None:
    """Open a queue."""
    t.queue_state(s, q).period, t.queue_state(s, q).reserves_released = period, 0
    availability.release_staying_agents(m, s, now)
    closes = t.span(m, t.queue(m, q).hours + period, c.CLOSES)
    containers.push_event(s, closes, _CLOSING, q, c.EVENT_QUEUE, q, period)


@linked
def close_queue(m: ModelTables, s: StateTables, now: float, q: int, period: int) -> None:
    """Close a queue: end the waits where remaining contacts are not served."""
    at_close = t.queue(m, q).at_close
    if at_close == _SERVE:
        release_reserves(m, s, now, q)
    elif at_close == _SEND_AWAY:
        end_all_waits(m, s, now, q, _SENT_AWAY)
    elif at_close == _CARRY_OVER and entities.is_closed_for_good(m, q, now):
        end_all_waits(m, s, now, q, _WAITING)
    schedule_opening(m, s, q, period + 1)


@compiled
def release_reserves(m: ModelTables, s: StateTables, now: float, q: int) -> None:
    """Offer the contacts that wait at closing to all groups: reserves are released."""
    t.queue_state(s, q).reserves_released = 1
    for n in range(containers.all_waiting(s, q)):
        e = t.waiting_leg(s, n).leg
        if t.leg(s, e).waiting != 0:  # not answered together with one before it
            dispatch.route(m, s, now, e)


@compiled
def end_all_waits(m: ModelTables, s: StateTables, now: float, q: int, outcome: int) -> None:
    """End the wait of all contacts of a queue."""
    for n in range(containers.all_waiting(s, q)):
        waiting.end_wait(m, s, now, t.waiting_leg(s, n).leg, outcome)
