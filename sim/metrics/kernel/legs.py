"""Legs by queue and interval, compiled; arguments as in :mod:`sim.metrics.kernel`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.kernel.jit import compiled, entry_point
from sim.log import Kind, Outcome, Then
from sim.metrics.kernel.agent_time import (
    FROM,
    HORIZON,
    INTERVALS,
    WIDTH,
    class_of,
    interval_of,
    ticks,
)
from sim.metrics.kernel.issues import note_issue
from sim.metrics.tally_fields import Leg

JUDGE = np.dtype(
    [(name, "f8") for name in ("threshold", "common", "short", "due")]
    + [(name, "i8") for name in ("deferred", "channel", "resolution")]
)
"""What the legs of one queue are judged by."""

_INBOUND, _RETRY, _REPEAT, _BOUNCE, _TRANSFER, _CALLBACK, _SESSION, _BACKLOG = (
    int(kind) for kind in Kind
)
_ANSWERED, _ABANDONED, _BALKED, _BUSY, _FULL = (int(Outcome(k)) for k in range(5))
_MESSAGE, _CALLED_BACK, _SENT_AWAY = (int(Outcome(k)) for k in range(5, 8))
_NO_ANSWER, _WAITING, _IN_HAND = (int(Outcome(k)) for k in range(8, 11))
_CONTAINED, _LEFT_INSIDE, _HANDED_OVER, _IN_SESSION = (int(Outcome(k)) for k in range(11, 15))
_T_RETRY, _T_REPEAT, _T_BOUNCE = int(Then.RETRY), int(Then.REPEAT), int(Then.BOUNCE)
_T_TRANSFER, _GAVE_UP, _LATER = int(Then.TRANSFER), int(Then.GAVE_UP), int(Then.LATER)
(
    _OFFERED, _S_ANSWERED, _WITHIN, _AT_ONCE, _S_ABANDONED, _ABANDONED_WITHIN, _ABANDONED_SHORT,
    _S_BALKED, _S_BUSY, _S_FULL, _S_MESSAGE, _S_CALLBACKS, _S_SENT_AWAY, _STILL_WAITING,
    _S_IN_HAND, _WAIT_ANSWERED, _WAIT_ABANDONED, _WAIT_OTHERS, _CB_ANSWERED, _CB_MISSED, _CB_OPEN,
    _WAIT_CALLBACK, _HANDLED, _TALK, _HOLD, _WRAP, _TRANSFERRED, _COMES_AGAIN, _TRIES_AGAIN,
    _TRANSFERS_IN, _RETRIES, _REPEATS, _BOUNCES, _KNOWN, _RESOLVED, _DUE_MET, _DUE_MISSED, _DONE,
    _COMPLETION, _S_BACKLOG, _SESSIONS, _S_CONTAINED, _S_LEFT_INSIDE, _S_HANDED_OVER,
    _BOT_RESOLVED, _BOUNCED, _SESSION_TIME, _WITHIN_CENTER, _ABANDONED_WITHIN_CENTER,
) = (int(name) for name in Leg)  # fmt: skip


@entry_point
def sum_legs(
    legs: Any, count: int, judges: Any, sums: Any, flow: Any, waits: Any, completions: Any,
    longest: Any, notes: Any, span: Any,
) -> None:  # fmt: skip
    """Add all legs, shape (rows,).

    ``flow``, shape (queues, intervals + 1), takes the deferred work that comes and goes;
    ``waits`` and ``completions``, shape (queues, classes), ``longest``, shape (queues,), and
    ``notes``, shape (issues,), are those of :class:`sim.metrics.tally.Tally` and ``NOTE``.
    """
    for k in range(count):
        leg = legs[k]
        outcome = leg.outcome
        if leg.recorded == 0:
            outcome = _IN_HAND if leg.services > 0 else _WAITING
        judge = judges[leg.queue]
        if judge.deferred != 0 and leg.kind != _SESSION:
            _sum_flow(leg, outcome, flow, span)
        note_issue(leg, outcome, judge.channel, notes)
        if leg.enter < span[FROM]:
            continue
        cell = leg.queue * int(span[INTERVALS]) + interval_of(leg.enter, span)
        _sum_kind(leg, outcome, judge, sums, cell)
        if leg.kind == _SESSION:
            continue
        if outcome == _ANSWERED:
            _sum_handled(leg, sums, cell)
        if judge.deferred != 0:
            _sum_deferred(leg, outcome, judge, sums, completions, cell, span)
        if leg.kind not in (_CALLBACK, _BACKLOG) and outcome in (_ANSWERED, _IN_HAND):
            wait = leg.leave - leg.enter
            waits[leg.queue, class_of(wait)] += 1
            longest[leg.queue] = max(longest[leg.queue], wait)


@compiled
def _sum_offered(leg: Any, outcome: int, judge: Any, sums: Any, cell: int) -> None:
    sums[_OFFERED, cell] += 1
    if outcome in (_ANSWERED, _IN_HAND):
        sum_answered(leg.enter, leg.leave, judge, sums, cell)
        if outcome == _IN_HAND:
            sums[_S_IN_HAND, cell] += 1
    elif outcome in (_ABANDONED, _BALKED):
        sum_abandoned(leg.enter, leg.leave, judge, sums, cell)
        if outcome == _BALKED:
            sums[_S_BALKED, cell] += 1
        _sum_tries_again(leg, sums, cell)
    elif outcome in (_BUSY, _FULL):
        sums[_S_BUSY if outcome == _BUSY else _S_FULL, cell] += 1
        _sum_tries_again(leg, sums, cell)
    elif outcome == _WAITING:
        sums[_STILL_WAITING, cell] += 1
    elif outcome in (_MESSAGE, _CALLED_BACK, _SENT_AWAY):
        sum_otherwise(leg.enter, leg.leave, outcome, sums, cell)
        if outcome == _SENT_AWAY:
            _sum_tries_again(leg, sums, cell)


@compiled
def sum_answered(enter: float, leave: float, judge: Any, sums: Any, cell: int) -> None:
    """Add a contact taken up by an agent."""
    sums[_S_ANSWERED, cell] += 1
    sums[_WAIT_ANSWERED, cell] += ticks(leave - enter)
    if leave <= enter + judge.threshold:
        sums[_WITHIN, cell] += 1
    if leave <= enter + judge.common:
        sums[_WITHIN_CENTER, cell] += 1
    if leave <= enter:
        sums[_AT_ONCE, cell] += 1


@compiled
def sum_abandoned(enter: float, leave: float, judge: Any, sums: Any, cell: int) -> None:
    """Add a contact that hung up."""
    sums[_S_ABANDONED, cell] += 1
    sums[_WAIT_ABANDONED, cell] += ticks(leave - enter)
    if leave <= enter + judge.threshold:
        sums[_ABANDONED_WITHIN, cell] += 1
    if leave <= enter + judge.common:
        sums[_ABANDONED_WITHIN_CENTER, cell] += 1
    if leave <= enter + judge.short:
        sums[_ABANDONED_SHORT, cell] += 1


@compiled
def sum_otherwise(enter: float, leave: float, outcome: int, sums: Any, cell: int) -> None:
    """Add a contact that left a message, was promised a callback or was sent away."""
    sums[_WAIT_OTHERS, cell] += ticks(leave - enter)
    if outcome == _MESSAGE:
        sums[_S_MESSAGE, cell] += 1
    elif outcome == _CALLED_BACK:
        sums[_S_CALLBACKS, cell] += 1
    else:
        sums[_S_SENT_AWAY, cell] += 1


@compiled
def _sum_tries_again(leg: Any, sums: Any, cell: int) -> None:
    if leg.then in (_T_RETRY, _LATER):
        sums[_TRIES_AGAIN, cell] += 1


@compiled
def _sum_callback(leg: Any, outcome: int, sums: Any, cell: int) -> None:
    if outcome in (_ANSWERED, _IN_HAND):
        sums[_CB_ANSWERED, cell] += 1
        sums[_WAIT_CALLBACK, cell] += ticks(leg.leave - leg.enter)
    elif outcome == _NO_ANSWER:
        sums[_CB_MISSED, cell] += 1
    elif outcome == _WAITING:
        sums[_CB_OPEN, cell] += 1


@compiled
def _sum_kind(leg: Any, outcome: int, judge: Any, sums: Any, cell: int) -> None:
    if leg.kind == _SESSION:
        _sum_session(leg, outcome, sums, cell)
    elif leg.kind == _CALLBACK:
        _sum_callback(leg, outcome, sums, cell)
    elif leg.kind != _BACKLOG:
        _sum_offered(leg, outcome, judge, sums, cell)
    if leg.kind == _TRANSFER:
        sums[_TRANSFERS_IN, cell] += 1
    elif leg.kind == _RETRY:
        sums[_RETRIES, cell] += 1
    elif leg.kind == _REPEAT:
        sums[_REPEATS, cell] += 1
    elif leg.kind == _BOUNCE:
        sums[_BOUNCES, cell] += 1


@compiled
def _sum_handled(leg: Any, sums: Any, cell: int) -> None:
    sum_handling(leg.talk_s, leg.hold_s, leg.wrap_s, sums, cell)
    if leg.then == _T_TRANSFER:
        sums[_TRANSFERRED, cell] += 1
    elif leg.then in (_T_REPEAT, _LATER):
        sums[_COMES_AGAIN, cell] += 1
    if leg.resolved >= 0:
        sums[_KNOWN, cell] += 1
        sums[_RESOLVED, cell] += leg.resolved


@compiled
def sum_handling(talk: float, hold: float, wrap: float, sums: Any, cell: int) -> None:
    """Add the times (s) of a contact finished by an agent."""
    sums[_HANDLED, cell] += 1
    sums[_TALK, cell] += ticks(talk)
    sums[_HOLD, cell] += ticks(hold)
    sums[_WRAP, cell] += ticks(wrap)


@compiled
def _sum_deferred(
    leg: Any, outcome: int, judge: Any, sums: Any, completions: Any, cell: int, span: Any
) -> None:
    due = leg.enter + judge.due
    if outcome == _ANSWERED:
        sums[_DONE, cell] += 1
        completions[leg.queue, class_of(leg.talk_end - leg.enter)] += 1
        sums[_COMPLETION, cell] += ticks(leg.talk_end - leg.enter)
        if math.isfinite(due):
            sums[_DUE_MET if leg.talk_end <= due else _DUE_MISSED, cell] += 1
    elif (outcome in (_WAITING, _IN_HAND)) and due <= span[HORIZON]:
        sums[_DUE_MISSED, cell] += 1


@compiled
def _sum_session(leg: Any, outcome: int, sums: Any, cell: int) -> None:
    if outcome in (_IN_SESSION, _WAITING):
        return
    sums[_SESSIONS, cell] += 1
    sums[_SESSION_TIME, cell] += ticks(leg.leave - leg.enter)
    if outcome == _LEFT_INSIDE:
        sums[_S_LEFT_INSIDE, cell] += 1
    elif outcome == _HANDED_OVER:
        sums[_S_HANDED_OVER, cell] += 1
    elif outcome == _CONTAINED:
        sums[_S_CONTAINED, cell] += 1
        if leg.resolved == 1:
            sums[_BOT_RESOLVED, cell] += 1
        if leg.then in (_T_BOUNCE, _LATER):
            sums[_BOUNCED, cell] += 1


@compiled
def _sum_flow(leg: Any, outcome: int, flow: Any, span: Any) -> None:
    last = int(span[INTERVALS])
    flow[leg.queue, max(0, min(math.floor(leg.enter / span[WIDTH]), last))] += 1
    if outcome not in (_WAITING, _IN_HAND):
        gone = leg.leave if math.isnan(leg.talk_end) else leg.talk_end
        flow[leg.queue, max(0, min(math.floor(gone / span[WIDTH]), last))] -= 1
