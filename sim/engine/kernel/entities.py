"""Legs, queues and agents: new legs, and what one asks of each.

Arguments of all functions of this package: ``m`` are the tables of the model and the tape, ``s``
those of the state, ``now`` is the instant (s); ``e`` is the number of a leg, ``a`` of an agent,
``g`` of a group, ``q`` of a queue, ``k`` of a skill. -1 stands for none.
"""

from __future__ import annotations

import math

from sim.engine.kernel import codes as c
from sim.engine.kernel import layout as t
from sim.engine.kernel import rules
from sim.engine.kernel.jit import compiled, linked
from sim.engine.kernel.layout import ModelTables, StateTables
from sim.engine.kernel.tables import copy_row
from sim.model import AtClose

_WHOLE = 1 + 1e-9  # of an agent, shared by active contacts; shares are rounded
_SERVE = int(AtClose.SERVE)


@compiled
def new_leg(m: ModelTables, s: StateTables, issue: int, kind: int, q: int, transfers: int) -> int:
    """Return a new leg; where the table is full, its spare row."""
    e = t.counts(s).free
    if e >= 0:
        t.counts(s).free = t.leg(s, e).next
    else:
        e = t.counts(s).legs
        if e >= t.most_legs(s) - c.SPARE_LEGS:
            t.counts(s).is_full = 1
        else:
            t.counts(s).legs = e + 1
    copy_row(t.leg(s, e), t.blank_leg(s))
    leg, customer = t.leg(s, e), t.customer(s, issue)
    leg.issue, leg.kind, leg.queue, leg.transfers = issue, kind, q, transfers
    leg.number, leg.contact = customer.legs, customer.contact
    leg.deferred = t.queue(m, q).deferred
    leg.came_from, customer.queue = customer.queue, q
    customer.legs += 1
    return e


@compiled
def free_finished_legs(s: StateTables) -> None:
    """Let new legs have the rows of those that are over."""
    for n in range(t.counts(s).finished):
        e = t.finished(s, n).leg
        t.leg(s, e).next = t.counts(s).free
        t.counts(s).free = e
    t.counts(s).finished = 0


@compiled
def leg_order(s: StateTables, e: int) -> int:
    """Return the number by which simultaneous events of legs are ordered."""
    return rules.leg_order(t.leg(s, e).issue, t.leg(s, e).number)


@compiled
def lasting_patience(m: ModelTables, s: StateTables, e: int) -> float:
    """Return how long (s) a customer waits at most, knowing the announced wait."""
    leg = t.leg(s, e)
    queue = t.queue(m, leg.queue)
    if queue.announce == 0 or math.isnan(leg.announced):
        return leg.patience
    return leg.patience * queue.announce_patience


@compiled
def kind_row(m: ModelTables, issue: int) -> int:
    """Return the row of the kind of an issue."""
    return t.issue_kind(m, issue) if t.settings(m).has_journeys != 0 else 0


@compiled
def segment_row(m: ModelTables, issue: int) -> int:
    """Return the row of the segment of the customer with an issue."""
    return t.issue_segment(m, issue) if t.settings(m).has_journeys != 0 else 0


# -- queues --------------------------------------------------------------------------------------


@compiled
def is_open(m: ModelTables, s: StateTables, q: int, now: float) -> bool:
    """Return whether a queue is open."""
    k = t.queue(m, q).hours + t.queue_state(s, q).period
    if k >= t.queue(m, q).hours_end:
        return False
    return t.span(m, k, c.OPENS) <= now < t.span(m, k, c.CLOSES)


@linked
def conditions_among(m: ModelTables, q: int, instant: float) -> int:
    """Return the number of what holds at an instant, of a queue where that changes."""
    first, end = t.queue(m, q).conditions, t.queue(m, q).conditions_end
    return first + rules.conditions_at(t.condition_starts(m, first, end), instant)


@compiled
def conditions(m: ModelTables, q: int, instant: float) -> int:
    """Return the number of what holds of contacts that reach a queue then, -1 where all is one."""
    if t.queue(m, q).conditions == t.queue(m, q).conditions_end:
        return -1
    return conditions_among(m, q, instant)


@compiled
def is_closed_for_good(m: ModelTables, q: int, now: float) -> bool:
    """Return whether a queue does not open any more."""
    first, end = t.queue(m, q).hours, t.queue(m, q).hours_end
    return first == end or now >= t.span(m, end - 1, c.CLOSES)


@compiled
def serves_remaining(m: ModelTables, s: StateTables, q: int, now: float) -> bool:
    """Return whether a queue is closed but the contacts that still wait are to be served."""
    return (
        t.queue_state(s, q).waiting > 0
        and t.queue(m, q).at_close == _SERVE
        and t.queue(m, q).deferred == 0
        and not is_open(m, s, q, now)
    )


# -- agents --------------------------------------------------------------------------------------


@compiled
def absence_due(s: StateTables, a: int) -> bool:
    """Return whether a break or the end of the shift is due."""
    return t.agent(s, a).logging_out != 0 or t.agent(s, a).break_due != 0


@compiled
def only_deferred_work(m: ModelTables, s: StateTables, a: int) -> bool:
    """Return whether an agent's active contacts, of which there are some, are all deferred work."""
    for n in range(t.agent(s, a).active_count):
        if t.leg(s, t.active(s, a, n).leg).deferred == 0:
            return False
    return t.agent(s, a).active_count > 0


@compiled
def has_capacity(m: ModelTables, s: StateTables, a: int, k: int) -> bool:
    """Return whether an agent may take one more contact by a skill."""
    active_count = t.agent(s, a).active_count
    if active_count == 0:
        return True
    used = t.skill(m, k).share
    for n in range(active_count):
        other = t.leg(s, t.active(s, a, n).leg).skill
        if t.compatibility(m, other, t.skill(m, k).queue) & c.MIXES == 0:
            return False
        used += t.skill(m, other).share
    return used <= _WHOLE


@compiled
def busy_time(s: StateTables, now: float, a: int) -> float:
    """Return the time (s) with active contacts so far."""
    agent = t.agent(s, a)
    return agent.busy + (now - agent.busy_since if agent.active_count > 0 else 0.0)


@compiled
def interruptible_for(m: ModelTables, s: StateTables, a: int, q: int) -> bool:
    """Return whether all active contacts may be suspended for a contact of a queue."""
    for n in range(t.agent(s, a).active_count):
        leg = t.leg(s, t.active(s, a, n).leg)
        if leg.phase != c.TALK or t.compatibility(m, leg.skill, q) & c.INTERRUPTIBLE == 0:
            return False
    return True
