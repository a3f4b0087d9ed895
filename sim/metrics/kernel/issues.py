"""Issues by queue and interval of birth, compiled; arguments as in :mod:`sim.metrics.kernel`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled
from sim.log import Kind, Outcome, Then
from sim.metrics.kernel.agent_time import FROM, INTERVALS, add, interval_of, ticks
from sim.metrics.tally_fields import IssueSum

ISSUE_ROW = np.dtype(
    [("resolved_at", "f8"), ("contacts", "i2"), ("switches", "i2")]
    + [(name, "i1") for name in ("first", "gave_up", "served")],
    align=True,
)
"""What the legs of one issue add up to, while they are read."""

_KIND_OUTBOUND = int(Kind.OUTBOUND)
_ANSWERED = int(Outcome.ANSWERED)
_IN_HAND = int(Outcome.IN_HAND)
_THEN_GAVE_UP = int(Then.GAVE_UP)
_SUM_ISSUES = int(IssueSum.ISSUES)
_SUM_CONTACTS = int(IssueSum.CONTACTS)
_SUM_JUDGED = int(IssueSum.JUDGED)
_SUM_FIRST_RESOLVED = int(IssueSum.FIRST_RESOLVED)
_SUM_EVER_RESOLVED = int(IssueSum.EVER_RESOLVED)
_SUM_RESOLUTION_TIME = int(IssueSum.RESOLUTION_TIME)
_SUM_GAVE_UP = int(IssueSum.GAVE_UP)
_SUM_SERVED = int(IssueSum.SERVED)
_SUM_SWITCHES = int(IssueSum.SWITCHES)


@compiled
def add_to_issue(leg: Any, outcome: int, targets: Any, issue_rows: Any) -> None:
    """Add a leg to its issue; ``targets`` say which channel a queue is of."""
    if leg.kind == _KIND_OUTBOUND:
        return
    row = issue_rows[leg.issue]
    row.contacts = max(row.contacts, leg.contact + 1)
    if leg.number > 0 and targets[leg.came_from].channel != targets[leg.queue].channel:
        row.switches += 1
    if leg.resolved == 1:
        if leg.contact == 0:
            row.first = 1
        over = leg.leave if math.isnan(leg.talk_end) else leg.talk_end
        row.resolved_at = min(row.resolved_at, over)
    if leg.then == _THEN_GAVE_UP:
        row.gave_up = 1
    if outcome in (_ANSWERED, _IN_HAND):
        row.served = 1


@compiled
def clear_issues(issue_rows: Any, issues: int) -> None:
    """Make the rows of issues those of issues without any legs yet."""
    for k in range(issues):
        row = issue_rows[k]
        row.resolved_at = math.inf
        row.contacts = row.switches = 0
        row.first = row.gave_up = row.served = 0


@compiled
def sum_issues(m: Any, issue_rows: Any, targets: Any, sums: Any, span: Any) -> None:
    """Add all issues of a model ``m`` to ``sums``, shape (len(Issue), queues * intervals)."""
    for k in range(t.issues(m)):
        born = t.born(m, k)
        if born < span[FROM] or t.backlog(m, k) != 0:
            continue
        row = issue_rows[k]
        if row.contacts == 0:  # settled before any contact
            continue
        queue = t.first_queue(m, k)
        column = queue * int(span[INTERVALS]) + interval_of(born, span)
        add(sums, _SUM_ISSUES, column, 1)
        add(sums, _SUM_CONTACTS, column, row.contacts)
        add(sums, _SUM_GAVE_UP, column, row.gave_up)
        add(sums, _SUM_SERVED, column, row.served)
        add(sums, _SUM_SWITCHES, column, row.switches)
        if targets[queue].resolution != 0:
            add(sums, _SUM_JUDGED, column, 1)
            add(sums, _SUM_FIRST_RESOLVED, column, row.first)
            if row.resolved_at < math.inf:
                add(sums, _SUM_EVER_RESOLVED, column, 1)
                add(sums, _SUM_RESOLUTION_TIME, column, ticks(row.resolved_at - born))
