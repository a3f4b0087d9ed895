"""Issues by first queue, kind and segment, compiled; arguments as in :mod:`sim.metrics.kernel`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled, entry_point
from sim.log import Kind, Outcome, Then
from sim.metrics.kernel.agent_time import FROM, add, ticks
from sim.metrics.kernel.satisfaction import add_expectations, add_value
from sim.metrics.tally_fields import JourneySum
from sim.tape import Prevention

JOURNEY_ROW = np.dtype(
    [("waited", "f8"), ("transfers", "i2"), ("context_lost", "i2")]
    + [(name, "i1") for name in ("attempts", "called", "call_settled", "pending")],
    align=True,
)
"""What the legs of one issue add up to beyond ``ISSUE_ROW``, where a model has journeys."""

_NOT_WAITING = (int(Kind.CALLBACK), int(Kind.SELF_SERVICE), int(Kind.BACKLOG))
_ANSWERED, _IN_HAND = int(Outcome.ANSWERED), int(Outcome.IN_HAND)
_WAITING = int(Outcome.WAITING)
_KIND_OUTBOUND = int(Kind.OUTBOUND)
_NO_ANSWER = int(Outcome.NO_ANSWER)
_STOPPED = (_WAITING, _IN_HAND, int(Outcome.IN_SESSION))
_LATER = int(Then.LATER)
_KIND_TRANSFER = int(Kind.TRANSFER)
_REACHED, _SETTLED = int(Prevention.REACHED), int(Prevention.SETTLED)
_PREVENTED = int(Prevention.PREVENTED)
_SUM_ISSUES = int(JourneySum.ISSUES)
_SUM_CONTACTS = int(JourneySum.CONTACTS)
_SUM_JUDGED = int(JourneySum.JUDGED)
_SUM_FIRST_RESOLVED = int(JourneySum.FIRST_RESOLVED)
_SUM_EVER_RESOLVED = int(JourneySum.EVER_RESOLVED)
_SUM_RESOLUTION_TIME = int(JourneySum.RESOLUTION_TIME)
_SUM_GAVE_UP = int(JourneySum.GAVE_UP)
_SUM_SERVED = int(JourneySum.SERVED)
_SUM_SWITCHES = int(JourneySum.SWITCHES)
_SUM_TRANSFERS = int(JourneySum.TRANSFERS)
_SUM_CONTEXT_LOST = int(JourneySum.CONTEXT_LOST)
_SUM_WAITED = int(JourneySum.WAITED)
_SUM_PREVENTED = int(JourneySum.PREVENTED)
_SUM_REACHED = int(JourneySum.REACHED)
_SUM_SETTLED = int(JourneySum.SETTLED)
_SUM_OUTBOUND_ATTEMPTS = int(JourneySum.OUTBOUND_ATTEMPTS)
_SUM_OUTBOUND_REACHED = int(JourneySum.OUTBOUND_REACHED)
_SUM_OUTBOUND_SETTLED = int(JourneySum.OUTBOUND_SETTLED)
_SUM_OPEN_AT_END = int(JourneySum.OPEN_AT_END)


@compiled
def add_to_journey(leg: Any, outcome: int, targets: Any, journey_rows: Any) -> None:
    """Add a leg to its issue, where there are rows for that."""
    if len(journey_rows) == 0:
        return
    row = journey_rows[leg.issue]
    if leg.kind == _KIND_OUTBOUND:
        _add_call(leg, outcome, row)
        return
    if leg.kind == _KIND_TRANSFER:
        row.transfers += 1
    if leg.context == 0 and outcome in (_ANSWERED, _IN_HAND):
        row.context_lost += 1
    if leg.then == _LATER or outcome in _STOPPED:
        row.pending = 1
    waits = targets[leg.queue].deferred == 0 and leg.kind not in _NOT_WAITING
    if waits and outcome != _WAITING:
        row.waited += ticks(leg.leave - leg.enter)


@compiled
def _add_call(leg: Any, outcome: int, row: Any) -> None:
    if outcome in (_ANSWERED, _NO_ANSWER):
        row.attempts += 1
    if outcome == _ANSWERED:
        row.called = 1
        row.call_settled = leg.resolved


@compiled
def clear_journeys(journey_rows: Any, issues: int) -> None:
    """Make the rows of issues, where there are any, those of issues without any legs yet."""
    for k in range(min(issues, len(journey_rows))):
        row = journey_rows[k]
        row.waited = 0.0
        row.transfers = row.context_lost = 0
        row.attempts = row.called = row.call_settled = row.pending = 0


@entry_point
def sum_journeys(
    m: Any, issue_rows: Any, journey_rows: Any, targets: Any, shape: Any, satisfaction: Any,
    sums: Any, span: Any,
) -> None:  # fmt: skip
    """Add all issues of a model ``m``: compiled by itself, as most models have no journeys.

    ``sums`` has the shape (len(JourneySum), queues * kinds * segments), ``shape`` holds the numbers
    of kinds and segments, those of none counted, and ``satisfaction`` is a
    :class:`sim.metrics.kernel.satisfaction.SatisfactionArrays`.
    """
    for k in range(t.issues(m)):
        if t.born(m, k) < span[FROM] or t.backlog(m, k) != 0:
            continue
        place = (t.first_queue(m, k) * shape[0] + t.issue_kind(m, k)) * shape[1]
        place += t.issue_segment(m, k)
        before = t.prevention(m, k)
        if before == _PREVENTED:
            add(sums, _SUM_PREVENTED, place, 1)
        if before in (_REACHED, _SETTLED):
            add(sums, _SUM_REACHED, place, 1)
        if before == _SETTLED:
            add(sums, _SUM_SETTLED, place, 1)
        row, more = issue_rows[k], journey_rows[k]
        add(sums, _SUM_OUTBOUND_ATTEMPTS, place, more.attempts)
        add(sums, _SUM_OUTBOUND_REACHED, place, more.called)
        add(sums, _SUM_OUTBOUND_SETTLED, place, more.call_settled)
        queue = t.first_queue(m, k)
        resolution = targets[queue].resolution
        expected = resolution != 0 and len(satisfaction.coefficients) > 0
        if row.contacts == 0:  # prevented, or settled before any contact
            if expected:
                add_value(sums, place, satisfaction.values[t.issue_segment(m, k)])
        else:
            _sum_journey(t.born(m, k), row, more, resolution, sums, place)
            if expected:
                add_expectations(
                    sums, place, row.resolved_at < math.inf, row.contacts, more.transfers,
                    more.context_lost, row.switches, more.waited, satisfaction.odds[queue],
                    satisfaction.values[t.issue_segment(m, k)], satisfaction.coefficients,
                )  # fmt: skip


@compiled
def _sum_journey(born: float, row: Any, more: Any, resolution: int, sums: Any, place: int) -> None:
    add(sums, _SUM_ISSUES, place, 1)
    add(sums, _SUM_CONTACTS, place, row.contacts)
    add(sums, _SUM_GAVE_UP, place, row.gave_up)
    add(sums, _SUM_SERVED, place, row.served)
    add(sums, _SUM_SWITCHES, place, row.switches)
    add(sums, _SUM_TRANSFERS, place, more.transfers)
    add(sums, _SUM_CONTEXT_LOST, place, more.context_lost)
    add(sums, _SUM_WAITED, place, more.waited)
    if resolution != 0:
        add(sums, _SUM_JUDGED, place, 1)
        add(sums, _SUM_FIRST_RESOLVED, place, row.first)
        if row.resolved_at < math.inf:
            add(sums, _SUM_EVER_RESOLVED, place, 1)
            add(sums, _SUM_RESOLUTION_TIME, place, ticks(row.resolved_at - born))
        else:
            add(sums, _SUM_OPEN_AT_END, place, more.pending)
