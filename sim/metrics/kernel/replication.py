"""The tally of a replication of the event loop, compiled: rows are added as they are written."""

from __future__ import annotations

from typing import Any

from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled, entry_point
from sim.engine.kernel.loop import advance
from sim.metrics.kernel.agent_time import sum_state
from sim.metrics.kernel.legs import sum_leg

READ_TOGETHER = 128
"""Rows that are written before they are added: few enough to stay in the processor's cache."""


@entry_point
def tally_replication(
    m: Any, s: Any, targets: Any, legs: Any, flow: Any, waits: Any, completions: Any,
    longest: Any, issue_rows: Any, time: Any, span: Any,
) -> None:  # fmt: skip
    """Simulate a replication and add its legs and states.

    ``m`` and ``s`` are as in :func:`sim.engine.kernel.loop.advance`, ``legs`` and ``time`` the sums
    of legs and of agents' time, the others as in :func:`sim.metrics.kernel.legs.sum_leg`.
    """
    over = False
    while not over:
        over = advance(m, s) != 0
        if over:
            _list_unfinished_legs(s)
        for n in range(t.counts(s).finished):
            leg = t.leg(s, t.finished(s, n).leg)
            sum_leg(leg, targets, legs, flow, waits, completions, longest, issue_rows, span)
        _sum_states(s, time, span)


@compiled
def _list_unfinished_legs(s: Any) -> None:
    """List the legs that are not over at the end behind those that are."""
    for e in range(t.counts(s).legs):
        if t.leg(s, e).in_log == 0:
            n = t.counts(s).finished
            t.finished(s, n).leg = e
            t.counts(s).finished = n + 1


@compiled
def _sum_states(s: Any, time: Any, span: Any) -> None:
    """Add the states of agents that were written, and forget them."""
    for k in range(t.counts(s).states):
        row = t.agent_state(s, k)
        sum_state(time, row.group, row.state, row.load, row.overtime, row.start, row.end, span)
    t.counts(s).states = 0
