"""The tally of a single queue (:mod:`sim.engine.kernel.single_queue`), compiled.

Arguments as in :mod:`sim.metrics.kernel`.
"""

from __future__ import annotations

from typing import Any

from sim.engine.kernel.jit import compiled, entry_point
from sim.log import Outcome, State
from sim.metrics.kernel.agent_time import FROM, add_time, class_of, interval_of, sum_state
from sim.metrics.kernel.legs import sum_abandoned, sum_answered, sum_handling, sum_otherwise
from sim.metrics.tally_fields import IssueSum, LegSum

_ANSWERED = int(Outcome.ANSWERED)
_ABANDONED = int(Outcome.ABANDONED)
_WAITING = int(Outcome.WAITING)
_SUM_OFFERED = int(LegSum.OFFERED)
_SUM_STILL_WAITING = int(LegSum.STILL_WAITING)
_SUM_ISSUES = int(IssueSum.ISSUES)
_SUM_CONTACTS = int(IssueSum.CONTACTS)
_SUM_SERVED = int(IssueSum.SERVED)
_AVAILABLE = int(State.AVAILABLE)
_TALKING = int(State.TALKING)
_WRAPPING = int(State.WRAPPING)


@entry_point
def sum_single_queue(
    born: Any, hold: Any, talk: Any, times: Any, targets: Any, legs: Any, issues: Any, time: Any,
    waits: Any, longest: Any, span: Any,
) -> None:  # fmt: skip
    """Add all contacts.

    ``times`` is a :class:`sim.engine.kernel.single_queue.ContactTimes`; the sums are as in
    :func:`sum_legs`, :func:`sum_issues` and :func:`sum_states`.
    """
    outcome, leave, talk_end, end, agents, start, end_of_duty = times
    target = targets[0]
    for k in range(len(born)):
        answered = outcome[k] == _ANSWERED
        if answered:
            _sum_agent(time, _TALKING, leave[k], talk_end[k], end_of_duty, span)
            if end[k] > talk_end[k]:
                _sum_agent(time, _WRAPPING, talk_end[k], end[k], end_of_duty, span)
        if born[k] < span[FROM]:
            continue
        column = interval_of(born[k], span)
        issues[_SUM_ISSUES, column] += 1
        issues[_SUM_CONTACTS, column] += 1
        legs[_SUM_OFFERED, column] += 1
        if answered:
            issues[_SUM_SERVED, column] += 1
            wait = leave[k] - born[k]
            waits[0, class_of(wait)] += 1
            longest[0] = max(longest[0], wait)
            sum_answered(born[k], leave[k], target, legs, column)
            talked = talk_end[k] - leave[k]
            on_hold = talked * (hold[k] / (talk[k] + hold[k])) if hold[k] != 0 else 0.0
            sum_handling(talked - on_hold, on_hold, end[k] - talk_end[k], legs, column)
        elif outcome[k] == _ABANDONED:
            sum_abandoned(born[k], leave[k], target, legs, column)
        elif outcome[k] == _WAITING:
            legs[_SUM_STILL_WAITING, column] += 1
        else:
            sum_otherwise(born[k], leave[k], outcome[k], legs, column)
    begin = max(start, span[FROM])
    if begin < end_of_duty:
        add_time(time, _AVAILABLE, 0, begin, end_of_duty, 0.0, span)
    for at in range(time.shape[1]):
        busy = time[_TALKING, at] + time[_WRAPPING, at]
        time[_AVAILABLE, at] = agents * time[_AVAILABLE, at] - busy


@compiled
def _sum_agent(
    time: Any, state: int, start: float, end: float, end_of_duty: float, span: Any
) -> None:
    """Add the state of an agent, overtime after the end of duty (s)."""
    if start < end_of_duty:
        sum_state(time, 0, state, 1, 0, start, min(end, end_of_duty), span)
    if end > end_of_duty:
        sum_state(time, 0, state, 1, 1, max(start, end_of_duty), end, span)
