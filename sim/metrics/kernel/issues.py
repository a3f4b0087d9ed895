"""Issues by queue and interval of birth, compiled; arguments as in :mod:`sim.metrics.kernel`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.kernel.jit import compiled, entry_point
from sim.log import Outcome, Then
from sim.metrics.kernel.agent_time import FROM, INTERVALS, interval_of, ticks
from sim.metrics.tally_fields import Issue

NOTE = np.dtype(
    [(name, "i8") for name in ("contacts", "first", "gave_up", "served", "switches", "channel")]
    + [("resolved_at", "f8")]
)
"""What is remembered of an issue while its legs are read."""

_ANSWERED, _IN_HAND, _GAVE_UP = int(Outcome.ANSWERED), int(Outcome.IN_HAND), int(Then.GAVE_UP)
(
    _ISSUES, _CONTACTS, _JUDGED, _FIRST_RESOLVED, _EVER_RESOLVED, _RESOLUTION_TIME, _S_GAVE_UP,
    _SERVED, _SWITCHES,
) = (int(name) for name in Issue)  # fmt: skip


@compiled
def note_issue(leg: Any, outcome: int, channel: int, notes: Any) -> None:
    """Remember what a leg says of its issue; the legs of one issue come in their order."""
    note = notes[leg.issue]
    note.contacts = max(note.contacts, leg.contact + 1)
    if leg.number > 0 and note.channel != channel:
        note.switches += 1
    note.channel = channel
    if leg.resolved == 1:
        if leg.contact == 0:
            note.first = 1
        over = leg.leave if math.isnan(leg.talk_end) else leg.talk_end
        note.resolved_at = min(note.resolved_at, over)
    if leg.then == _GAVE_UP:
        note.gave_up = 1
    if outcome in (_ANSWERED, _IN_HAND):
        note.served = 1


@entry_point
def sum_issues(
    born: Any, queue: Any, backlog: Any, notes: Any, judges: Any, sums: Any, span: Any
) -> None:
    """Add what was noted of all issues, to ``sums``, shape (len(Issue), queues * intervals)."""
    for k in range(len(born)):
        if born[k] < span[FROM] or backlog[k] != 0:
            continue
        cell = queue[k] * int(span[INTERVALS]) + interval_of(born[k], span)
        note = notes[k]
        sums[_ISSUES, cell] += 1
        sums[_CONTACTS, cell] += note.contacts
        sums[_S_GAVE_UP, cell] += note.gave_up
        sums[_SERVED, cell] += note.served
        sums[_SWITCHES, cell] += note.switches
        if judges[queue[k]].resolution != 0:
            sums[_JUDGED, cell] += 1
            sums[_FIRST_RESOLVED, cell] += note.first
            if note.resolved_at < math.inf:
                sums[_EVER_RESOLVED, cell] += 1
                sums[_RESOLUTION_TIME, cell] += ticks(note.resolved_at - born[k])
