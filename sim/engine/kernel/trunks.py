"""Telephone lines, compiled: which contacts hold one.

Arguments as in :mod:`sim.engine.kernel.state`.
"""

from __future__ import annotations

from sim.engine.kernel import codes as c
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled
from sim.engine.kernel.layout import Floor, World


@compiled
def no_line_free(w: World, f: Floor, q: int) -> bool:
    """Return whether a contact from outside meets a busy line."""
    common = t.queues(w)[q].shares_lines != 0 and t.counts(f)[c.N_LINES] >= t.limits(w)[2]
    return common or t.lines(f)[q].in_use >= t.queues(w)[q].lines


@compiled
def hold_line(w: World, f: Floor, e: int) -> None:
    """Let a contact occupy a line until its talk ends."""
    q = t.legs(f)[e].queue
    t.legs(f)[e].on_line = 1
    t.lines(f)[q].in_use += 1
    t.counts(f)[c.N_LINES] += t.queues(w)[q].shares_lines


@compiled
def free_line(w: World, f: Floor, e: int) -> None:
    """Let go of the line, if the contact has one."""
    if t.legs(f)[e].on_line != 0:
        q = t.legs(f)[e].queue
        t.legs(f)[e].on_line = 0
        t.lines(f)[q].in_use -= 1
        t.counts(f)[c.N_LINES] -= t.queues(w)[q].shares_lines


@compiled
def move_line(w: World, f: Floor, e: int, second: int) -> None:
    """Let a transferred customer stay on the line."""
    if t.legs(f)[e].on_line != 0:
        free_line(w, f, e)
        hold_line(w, f, second)
