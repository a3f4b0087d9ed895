"""Trunks: which contacts occupy a telephone line.

Arguments as in :mod:`sim.engine.kernel.entities`.
"""

from __future__ import annotations

from sim.engine.kernel import entities
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled
from sim.engine.kernel.layout import ModelTables, StateTables


@compiled
def all_trunks_busy(m: ModelTables, s: StateTables, now: float, q: int) -> bool:
    """Return whether a contact from outside finds no free trunk."""
    queue, common = t.queue(m, q), t.counts(s).trunks_in_use
    present = entities.conditions(m, q, now)
    if present >= 0 and t.condition(m, present).down != 0:
        return True
    if queue.shares_trunks != 0 and common >= t.settings(m).trunks:
        return True
    return t.queue_state(s, q).trunks_in_use >= queue.trunks


@compiled
def seize_trunk(m: ModelTables, s: StateTables, e: int) -> None:
    """Occupy a trunk for a contact, until its talk ends."""
    q = t.leg(s, e).queue
    t.leg(s, e).has_trunk = 1
    t.queue_state(s, q).trunks_in_use += 1
    t.counts(s).trunks_in_use += t.queue(m, q).shares_trunks


@compiled
def release_trunk(m: ModelTables, s: StateTables, e: int) -> None:
    """Free the trunk of a contact, if it has one."""
    if t.leg(s, e).has_trunk != 0:
        q = t.leg(s, e).queue
        t.leg(s, e).has_trunk = 0
        t.queue_state(s, q).trunks_in_use -= 1
        t.counts(s).trunks_in_use -= t.queue(m, q).shares_trunks


@compiled
def transfer_trunk(m: ModelTables, s: StateTables, e: int, to: int) -> None:
    """Let the customer keep the trunk, if there is one, on the leg that follows."""
    if t.leg(s, e).has_trunk != 0:
        release_trunk(m, s, e)
        seize_trunk(m, s, to)
