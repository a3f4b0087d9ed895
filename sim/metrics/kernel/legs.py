"""Legs by queue and interval, compiled; arguments as in :mod:`sim.metrics.kernel`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.kernel.jit import compiled
from sim.log import Kind, Outcome, Then
from sim.metrics.kernel.agent_time import (
    FROM,
    HORIZON,
    INTERVALS,
    WIDTH,
    add,
    class_of,
    interval_of,
    ticks,
)
from sim.metrics.kernel.issues import add_to_issue
from sim.metrics.kernel.journeys import add_to_journey
from sim.metrics.tally_fields import LegSum

QUEUE_TARGETS = np.dtype(
    [(name, "f8") for name in ("threshold", "common", "short", "due")]
    + [(name, "i8") for name in ("deferred", "channel", "resolution")]
)
"""Targets of one queue that its legs are compared with, and what kind of queue it is."""

_KIND_RETRY = int(Kind.RETRY)
_KIND_REPEAT = int(Kind.REPEAT)
_KIND_BOUNCE = int(Kind.BOUNCE)
_KIND_TRANSFER = int(Kind.TRANSFER)
_KIND_CALLBACK = int(Kind.CALLBACK)
_KIND_SELF_SERVICE = int(Kind.SELF_SERVICE)
_KIND_BACKLOG = int(Kind.BACKLOG)
_KIND_OUTBOUND = int(Kind.OUTBOUND)
_NO_CONTACTS = (_KIND_SELF_SERVICE, _KIND_OUTBOUND)
_ANSWERED = int(Outcome.ANSWERED)
_ABANDONED = int(Outcome.ABANDONED)
_BALKED = int(Outcome.BALKED)
_BUSY = int(Outcome.BUSY)
_FULL = int(Outcome.FULL)
_MESSAGE = int(Outcome.MESSAGE)
_CALLBACK = int(Outcome.CALLBACK)
_SENT_AWAY = int(Outcome.SENT_AWAY)
_NO_ANSWER = int(Outcome.NO_ANSWER)
_WAITING = int(Outcome.WAITING)
_IN_HAND = int(Outcome.IN_HAND)
_CONTAINED = int(Outcome.CONTAINED)
_LEFT_INSIDE = int(Outcome.LEFT_INSIDE)
_HANDED_OVER = int(Outcome.HANDED_OVER)
_IN_SESSION = int(Outcome.IN_SESSION)
_SILENT = int(Outcome.SILENT)
_THEN_RETRY = int(Then.RETRY)
_THEN_REPEAT = int(Then.REPEAT)
_THEN_BOUNCE = int(Then.BOUNCE)
_THEN_TRANSFER = int(Then.TRANSFER)
_THEN_LATER = int(Then.LATER)
_SUM_OFFERED = int(LegSum.OFFERED)
_SUM_ANSWERED = int(LegSum.ANSWERED)
_SUM_WITHIN = int(LegSum.WITHIN)
_SUM_AT_ONCE = int(LegSum.AT_ONCE)
_SUM_ABANDONED = int(LegSum.ABANDONED)
_SUM_ABANDONED_WITHIN = int(LegSum.ABANDONED_WITHIN)
_SUM_ABANDONED_SHORT = int(LegSum.ABANDONED_SHORT)
_SUM_BALKED = int(LegSum.BALKED)
_SUM_BUSY = int(LegSum.BUSY)
_SUM_FULL = int(LegSum.FULL)
_SUM_MESSAGE = int(LegSum.MESSAGE)
_SUM_CALLBACKS = int(LegSum.CALLBACKS)
_SUM_SENT_AWAY = int(LegSum.SENT_AWAY)
_SUM_STILL_WAITING = int(LegSum.STILL_WAITING)
_SUM_IN_HAND = int(LegSum.IN_HAND)
_SUM_WAIT_ANSWERED = int(LegSum.WAIT_ANSWERED)
_SUM_WAIT_ABANDONED = int(LegSum.WAIT_ABANDONED)
_SUM_WAIT_OTHERS = int(LegSum.WAIT_OTHERS)
_SUM_CALLBACKS_ANSWERED = int(LegSum.CALLBACKS_ANSWERED)
_SUM_CALLBACKS_MISSED = int(LegSum.CALLBACKS_MISSED)
_SUM_CALLBACKS_OPEN = int(LegSum.CALLBACKS_OPEN)
_SUM_WAIT_CALLBACK = int(LegSum.WAIT_CALLBACK)
_SUM_HANDLED = int(LegSum.HANDLED)
_SUM_TALK = int(LegSum.TALK)
_SUM_HOLD = int(LegSum.HOLD)
_SUM_WRAP = int(LegSum.WRAP)
_SUM_REWORK = int(LegSum.REWORK)
_SUM_TRANSFERRED = int(LegSum.TRANSFERRED)
_SUM_REPEATING = int(LegSum.REPEATING)
_SUM_RETRYING = int(LegSum.RETRYING)
_SUM_TRANSFERS_IN = int(LegSum.TRANSFERS_IN)
_SUM_RETRIES = int(LegSum.RETRIES)
_SUM_REPEATS = int(LegSum.REPEATS)
_SUM_BOUNCES = int(LegSum.BOUNCES)
_SUM_KNOWN = int(LegSum.KNOWN)
_SUM_RESOLVED = int(LegSum.RESOLVED)
_SUM_DUE_MET = int(LegSum.DUE_MET)
_SUM_DUE_MISSED = int(LegSum.DUE_MISSED)
_SUM_DONE = int(LegSum.DONE)
_SUM_COMPLETION = int(LegSum.COMPLETION)
_SUM_SESSIONS = int(LegSum.SESSIONS)
_SUM_CONTAINED = int(LegSum.CONTAINED)
_SUM_LEFT_INSIDE = int(LegSum.LEFT_INSIDE)
_SUM_HANDED_OVER = int(LegSum.HANDED_OVER)
_SUM_BOT_RESOLVED = int(LegSum.BOT_RESOLVED)
_SUM_BOUNCED = int(LegSum.BOUNCED)
_SUM_SESSION_TIME = int(LegSum.SESSION_TIME)
_SUM_WITHIN_CENTER = int(LegSum.WITHIN_CENTER)
_SUM_ABANDONED_WITHIN_CENTER = int(LegSum.ABANDONED_WITHIN_CENTER)
_SUM_SILENT = int(LegSum.SILENT)
_SUM_ANNOUNCED = int(LegSum.ANNOUNCED)
_SUM_ANNOUNCED_WAIT = int(LegSum.ANNOUNCED_WAIT)
_SUM_ANNOUNCED_ANSWERED = int(LegSum.ANNOUNCED_ANSWERED)
_SUM_ANNOUNCED_ERROR = int(LegSum.ANNOUNCED_ERROR)


@compiled
def sum_leg(
    leg: Any, targets: Any, sums: Any, flow: Any, waits: Any, completions: Any, longest: Any,
    issue_rows: Any, journey_rows: Any, span: Any,
) -> None:  # fmt: skip
    """Add a leg, at the end also one that is not over.

    ``flow``, shape (queues, intervals + 1), takes the deferred work that arrives and is done;
    ``waits`` and ``completions``, shape (queues, classes), ``longest``, shape (queues,),
    ``issue_rows``, shape (issues,), and ``journey_rows``, likewise or empty, are those of
    :class:`sim.metrics.tally.Tally`, ``ISSUE_ROW`` and ``JOURNEY_ROW``.
    """
    outcome = leg.outcome
    if leg.in_log == 0:
        outcome = _IN_HAND if leg.starts > 0 else _WAITING
        if leg.is_silent != 0:
            outcome = _SILENT
    target = targets[leg.queue]
    if target.deferred != 0 and leg.kind not in _NO_CONTACTS:
        _sum_flow(leg, outcome, flow, span)
    add_to_issue(leg, outcome, targets, issue_rows)
    add_to_journey(leg, outcome, targets, journey_rows)
    if leg.enter < span[FROM]:
        return
    column = leg.queue * int(span[INTERVALS]) + interval_of(leg.enter, span)
    _sum_kind(leg, outcome, target, sums, column)
    if leg.kind in _NO_CONTACTS:
        return
    if outcome == _ANSWERED:
        _sum_handled(leg, sums, column)
    if target.deferred != 0:
        _sum_deferred(leg, outcome, target, sums, completions, column, span)
    if leg.kind not in (_KIND_CALLBACK, _KIND_BACKLOG) and outcome in (_ANSWERED, _IN_HAND):
        wait = leg.leave - leg.enter
        waits[leg.queue, class_of(wait)] += 1
        longest[leg.queue] = max(longest[leg.queue], wait)


@compiled
def _sum_offered(leg: Any, outcome: int, target: Any, sums: Any, column: int) -> None:
    add(sums, _SUM_OFFERED, column, 1)
    if not math.isnan(leg.announced):
        _sum_announced(leg, outcome, sums, column)
    if outcome in (_ANSWERED, _IN_HAND):
        sum_answered(leg.enter, leg.leave, target, sums, column)
        if outcome == _IN_HAND:
            add(sums, _SUM_IN_HAND, column, 1)
    elif outcome in (_ABANDONED, _BALKED, _SILENT):
        _sum_left(leg, outcome, target, sums, column)
    elif outcome in (_BUSY, _FULL):
        add(sums, _SUM_BUSY if outcome == _BUSY else _SUM_FULL, column, 1)
        _sum_retrial(leg, sums, column)
    elif outcome == _WAITING:
        add(sums, _SUM_STILL_WAITING, column, 1)
    elif outcome in (_MESSAGE, _CALLBACK, _SENT_AWAY):
        sum_otherwise(leg.enter, leg.leave, outcome, sums, column)
        if outcome == _SENT_AWAY:
            _sum_retrial(leg, sums, column)


@compiled
def _sum_announced(leg: Any, outcome: int, sums: Any, column: int) -> None:
    add(sums, _SUM_ANNOUNCED, column, 1)
    add(sums, _SUM_ANNOUNCED_WAIT, column, ticks(leg.announced))
    if outcome in (_ANSWERED, _IN_HAND):
        add(sums, _SUM_ANNOUNCED_ANSWERED, column, 1)
        error = abs(leg.announced - (leg.leave - leg.enter))
        add(sums, _SUM_ANNOUNCED_ERROR, column, ticks(error))


@compiled
def _sum_left(leg: Any, outcome: int, target: Any, sums: Any, column: int) -> None:
    sum_abandoned(leg.enter, leg.leave, target, sums, column)
    if outcome == _BALKED:
        add(sums, _SUM_BALKED, column, 1)
    elif outcome == _SILENT:
        add(sums, _SUM_SILENT, column, 1)
    _sum_retrial(leg, sums, column)


@compiled
def sum_answered(enter: float, leave: float, target: Any, sums: Any, column: int) -> None:
    """Add a contact taken up by an agent."""
    add(sums, _SUM_ANSWERED, column, 1)
    add(sums, _SUM_WAIT_ANSWERED, column, ticks(leave - enter))
    if leave <= enter + target.threshold:
        add(sums, _SUM_WITHIN, column, 1)
    if leave <= enter + target.common:
        add(sums, _SUM_WITHIN_CENTER, column, 1)
    if leave <= enter:
        add(sums, _SUM_AT_ONCE, column, 1)


@compiled
def sum_abandoned(enter: float, leave: float, target: Any, sums: Any, column: int) -> None:
    """Add a contact that hung up."""
    add(sums, _SUM_ABANDONED, column, 1)
    add(sums, _SUM_WAIT_ABANDONED, column, ticks(leave - enter))
    if leave <= enter + target.threshold:
        add(sums, _SUM_ABANDONED_WITHIN, column, 1)
    if leave <= enter + target.common:
        add(sums, _SUM_ABANDONED_WITHIN_CENTER, column, 1)
    if leave <= enter + target.short:
        add(sums, _SUM_ABANDONED_SHORT, column, 1)


@compiled
def sum_otherwise(enter: float, leave: float, outcome: int, sums: Any, column: int) -> None:
    """Add a contact that left a message, was promised a callback or was sent away."""
    add(sums, _SUM_WAIT_OTHERS, column, ticks(leave - enter))
    if outcome == _MESSAGE:
        add(sums, _SUM_MESSAGE, column, 1)
    elif outcome == _CALLBACK:
        add(sums, _SUM_CALLBACKS, column, 1)
    else:
        add(sums, _SUM_SENT_AWAY, column, 1)


@compiled
def _sum_retrial(leg: Any, sums: Any, column: int) -> None:
    if leg.then in (_THEN_RETRY, _THEN_LATER):
        add(sums, _SUM_RETRYING, column, 1)


@compiled
def _sum_callback(leg: Any, outcome: int, sums: Any, column: int) -> None:
    if outcome in (_ANSWERED, _IN_HAND):
        add(sums, _SUM_CALLBACKS_ANSWERED, column, 1)
        add(sums, _SUM_WAIT_CALLBACK, column, ticks(leg.leave - leg.enter))
    elif outcome == _NO_ANSWER:
        add(sums, _SUM_CALLBACKS_MISSED, column, 1)
    elif outcome == _WAITING:
        add(sums, _SUM_CALLBACKS_OPEN, column, 1)


@compiled
def _sum_kind(leg: Any, outcome: int, target: Any, sums: Any, column: int) -> None:
    if leg.kind == _KIND_SELF_SERVICE:
        _sum_session(leg, outcome, sums, column)
    elif leg.kind == _KIND_CALLBACK:
        _sum_callback(leg, outcome, sums, column)
    elif leg.kind == _KIND_OUTBOUND:
        _sum_call(leg, outcome, sums, column)
    elif leg.kind != _KIND_BACKLOG:
        _sum_offered(leg, outcome, target, sums, column)
    if leg.kind == _KIND_TRANSFER:
        add(sums, _SUM_TRANSFERS_IN, column, 1)
    elif leg.kind == _KIND_RETRY:
        add(sums, _SUM_RETRIES, column, 1)
    elif leg.kind == _KIND_REPEAT:
        add(sums, _SUM_REPEATS, column, 1)
    elif leg.kind == _KIND_BOUNCE:
        add(sums, _SUM_BOUNCES, column, 1)


@compiled
def _sum_call(leg: Any, outcome: int, sums: Any, column: int) -> None:
    if outcome == _ANSWERED:
        sum_handling(leg.talk_s, leg.hold_s, leg.wrap_s, sums, column)


@compiled
def _sum_handled(leg: Any, sums: Any, column: int) -> None:
    sum_handling(leg.talk_s, leg.hold_s, leg.wrap_s, sums, column)
    if leg.kind in (_KIND_REPEAT, _KIND_BOUNCE, _KIND_TRANSFER):
        add(sums, _SUM_REWORK, column, ticks(leg.talk_s) + ticks(leg.hold_s) + ticks(leg.wrap_s))
    if leg.then == _THEN_TRANSFER:
        add(sums, _SUM_TRANSFERRED, column, 1)
    elif leg.then in (_THEN_REPEAT, _THEN_LATER):
        add(sums, _SUM_REPEATING, column, 1)
    if leg.resolved >= 0:
        add(sums, _SUM_KNOWN, column, 1)
        add(sums, _SUM_RESOLVED, column, leg.resolved)


@compiled
def sum_handling(talk: float, hold: float, wrap: float, sums: Any, column: int) -> None:
    """Add the times (s) of a contact finished by an agent."""
    add(sums, _SUM_HANDLED, column, 1)
    add(sums, _SUM_TALK, column, ticks(talk))
    add(sums, _SUM_HOLD, column, ticks(hold))
    add(sums, _SUM_WRAP, column, ticks(wrap))


@compiled
def _sum_deferred(
    leg: Any, outcome: int, target: Any, sums: Any, completions: Any, column: int, span: Any
) -> None:
    due = leg.enter + target.due
    if outcome == _ANSWERED:
        add(sums, _SUM_DONE, column, 1)
        completions[leg.queue, class_of(leg.talk_end - leg.enter)] += 1
        add(sums, _SUM_COMPLETION, column, ticks(leg.talk_end - leg.enter))
        if math.isfinite(due):
            add(sums, _SUM_DUE_MET if leg.talk_end <= due else _SUM_DUE_MISSED, column, 1)
    elif (outcome in (_WAITING, _IN_HAND)) and due <= span[HORIZON]:
        add(sums, _SUM_DUE_MISSED, column, 1)


@compiled
def _sum_session(leg: Any, outcome: int, sums: Any, column: int) -> None:
    if outcome in (_IN_SESSION, _WAITING):
        return
    add(sums, _SUM_SESSIONS, column, 1)
    add(sums, _SUM_SESSION_TIME, column, ticks(leg.leave - leg.enter))
    if outcome == _LEFT_INSIDE:
        add(sums, _SUM_LEFT_INSIDE, column, 1)
    elif outcome == _HANDED_OVER:
        add(sums, _SUM_HANDED_OVER, column, 1)
    elif outcome == _CONTAINED:
        add(sums, _SUM_CONTAINED, column, 1)
        if leg.resolved == 1:
            add(sums, _SUM_BOT_RESOLVED, column, 1)
        if leg.then in (_THEN_BOUNCE, _THEN_LATER):
            add(sums, _SUM_BOUNCED, column, 1)


@compiled
def _sum_flow(leg: Any, outcome: int, flow: Any, span: Any) -> None:
    last = int(span[INTERVALS])
    flow[leg.queue, max(0, min(math.floor(leg.enter / span[WIDTH]), last))] += 1
    if outcome not in (_WAITING, _IN_HAND):
        gone = leg.leave if math.isnan(leg.talk_end) else leg.talk_end
        flow[leg.queue, max(0, min(math.floor(gone / span[WIDTH]), last))] -= 1
