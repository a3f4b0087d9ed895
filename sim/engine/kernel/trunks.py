"""Trunks: which contacts occupy a telephone line.

Arguments as in :mod:`sim.engine.kernel.entities`.
"""

from __future__ import annotations

from sim.engine.kernel import codes as c
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled
from sim.engine.kernel.layout import ModelTables, StateTables


@compiled
def all_trunks_busy(m: ModelTables, s: StateTables, q: int) -> bool:
    """Return whether a contact from outside finds no free trunk."""
    queue, common = t.queues(m)[q], t.counts(s)[c.N_TRUNKS_IN_USE]
    if queue.shares_trunks != 0 and common >= t.settings(m)[0].trunks:
        return True
    return t.queue_states(s)[q].trunks_in_use >= queue.trunks


@compiled
def seize_trunk(m: ModelTables, s: StateTables, e: int) -> None:
    """Occupy a trunk for a contact, until its talk ends."""
    q = t.legs(s)[e].queue
    t.legs(s)[e].has_trunk = 1
    t.queue_states(s)[q].trunks_in_use += 1
    t.counts(s)[c.N_TRUNKS_IN_USE] += t.queues(m)[q].shares_trunks


@compiled
def release_trunk(m: ModelTables, s: StateTables, e: int) -> None:
    """Free the trunk of a contact, if it has one."""
    if t.legs(s)[e].has_trunk != 0:
        q = t.legs(s)[e].queue
        t.legs(s)[e].has_trunk = 0
        t.queue_states(s)[q].trunks_in_use -= 1
        t.counts(s)[c.N_TRUNKS_IN_USE] -= t.queues(m)[q].shares_trunks


@compiled
def transfer_trunk(m: ModelTables, s: StateTables, e: int, to: int) -> None:
    """Let the customer keep the trunk, if there is one, on the leg that follows."""
    if t.legs(s)[e].has_trunk != 0:
        release_trunk(m, s, e)
        seize_trunk(m, s, to)
