"""The tally of a replication of the event loop, compiled: rows are added as they are written."""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.engine.kernel import layout as t
from sim.engine.kernel.buffers import EmptyState, clear
from sim.engine.kernel.jit import compiled, entry_point
from sim.engine.kernel.loop import advance
from sim.engine.kernel.rules import recontact_cap
from sim.metrics.kernel.agent_time import sum_state
from sim.metrics.kernel.issues import clear_issues, sum_issues
from sim.metrics.kernel.journeys import clear_journeys
from sim.metrics.kernel.legs import sum_leg
from sim.metrics.tally_fields import LegSum

READ_TOGETHER = 128
"""Rows that are written before they are added: few enough to stay in the processor's cache."""

_SUM_BACKLOG = int(LegSum.BACKLOG)


class TallyArrays(NamedTuple):
    """The sums of some replications, those by interval flat.

    Attributes
    ----------
    legs, issues, time : ndarray, shape (replications, sums, queues or groups * intervals)
    longest : ndarray, shape (replications, queues)
    waits, completions : ndarray of int32, shape (replications, queues, classes)
    unstable : ndarray of bool, shape (replications,)
        As in :class:`sim.metrics.tally.Tally`.
    journeys : ndarray, shape (replications, sums, queues * kinds * segments)
    """

    legs: Any
    issues: Any
    time: Any
    longest: Any
    waits: Any
    completions: Any
    unstable: Any
    journeys: Any


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


@compiled
def tally_replication(
    m: Any, s: Any, targets: Any, legs: Any, flow: Any, waits: Any, completions: Any,
    longest: Any, issue_rows: Any, journey_rows: Any, time: Any, span: Any,
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
            sum_leg(
                leg, targets, legs, flow, waits, completions, longest, issue_rows, journey_rows,
                span,
            )  # fmt: skip
        _sum_states(s, time, span)


@compiled
def _sum_backlog(flow: Any, backlog: Any) -> None:
    """Add up what came and went of deferred work; ``backlog`` has shape (queues * intervals,)."""
    intervals = flow.shape[1] - 1
    for q in range(len(flow)):
        is_open = 0.0
        for at in range(intervals):
            is_open += flow[q, at]
            backlog[q * intervals + at] = is_open


@entry_point
def tally_replications(
    models: Any, s: Any, empty: EmptyState, done: int, targets: Any, sums: TallyArrays, flow: Any,
    issue_rows: Any, journey_rows: Any, span: Any,
) -> int:  # fmt: skip
    """Simulate and tally replications in turn.

    Parameters
    ----------
    models : sequence
        Tables of the model for each replication, and ``s`` for the state, as in
        :func:`sim.engine.kernel.loop.advance`.
    empty : EmptyState
    done : int
        Replications that were tallied before.
    targets, issue_rows, journey_rows, span
        As in :mod:`sim.metrics.kernel` and :func:`sim.metrics.kernel.journeys.sum_journeys`.
    sums : TallyArrays
        Zeros for the replications that are not done; filled here, but for ``journeys``.
    flow : ndarray, shape (queues, intervals + 1)

    Returns
    -------
    int
        How many replications are done: fewer than all when a table of the state was too small.
    """
    for k in range(done, len(models)):
        m = models[k]
        issues = t.issues(m)
        clear(empty, issues)
        clear_issues(issue_rows, issues)
        clear_journeys(journey_rows, issues)
        flow[:] = 0
        tally_replication(
            m, s, targets, sums.legs[k], flow, sums.waits[k], sums.completions[k],
            sums.longest[k], issue_rows, journey_rows, sums.time[k], span,
        )  # fmt: skip
        if t.counts(s).is_full != 0:
            return k
        sum_issues(m, issue_rows, targets, sums.issues[k], span)
        _sum_backlog(flow, sums.legs[k, _SUM_BACKLOG])
        sums.unstable[k] = t.counts(s).recontacts >= recontact_cap(issues)
    return len(models)
