"""Issues of one replication by first queue, kind and segment: the twin of the compiled sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.log import Kind, Outcome, Then
from sim.metrics.kernel.satisfaction import satisfaction_arrays, sum_expectations
from sim.metrics.tally_fields import Floats, IssueSum, JourneySum, in_ticks
from sim.tape import Prevention

if TYPE_CHECKING:
    from sim.log import Log
    from sim.model import Model

_STOPPED = (Outcome.WAITING, Outcome.IN_HAND, Outcome.IN_SESSION)
_NOT_WAITING = (Kind.CALLBACK, Kind.SELF_SERVICE, Kind.BACKLOG)


def journey_shape(model: Model) -> tuple[int, int, int]:
    """Return the numbers of queues, kinds and segments, one more of each for none.

    Without journeys there are no combinations: the first number is zero.
    """
    journeys = model.journeys
    if journeys is None:
        return 0, 1, 1
    return len(model.queues), len(journeys.kinds) + 1, len(journeys.segments) + 1


def sum_journeys(log: Log, counted: npt.NDArray[np.bool_], per_issue: Floats) -> Floats:
    """Sum over issues by first queue, kind and segment.

    Parameters
    ----------
    log : Log
    counted : ndarray of bool, shape (issues,)
        Born in the measured time; those that were settled beforehand included.
    per_issue : ndarray, shape (len(IssueSum), issues)
        What each issue adds to the sums that intervals have too.

    Returns
    -------
    ndarray, shape (len(JourneySum), queues * kinds * segments, 1)
        Kinds and segments of none come first.
    """
    queues, kinds, segments = journey_shape(log.model)
    size = queues * kinds * segments
    if not size:
        return np.zeros((len(JourneySum), 0, 1))
    issues = log.issues
    place = (issues.queue * kinds + issues.issue_kind + 1) * segments + issues.segment + 1
    values = np.zeros((len(JourneySum), len(issues)))
    values[: len(per_issue)] = per_issue
    _add_further(log, values)
    values[: JourneySum.SATISFIED] *= per_issue[IssueSum.CONTACTS] > 0
    sums = [np.bincount(place[counted], row[counted], minlength=size) for row in values]
    return np.array(sums, dtype=np.float64)[:, :, None]


def _add_further(log: Log, values: Floats) -> None:
    """Add what each issue adds beyond the sums by interval."""
    legs, issues = log.legs, log.issues
    size = len(issues)
    live = ~np.array([queue.deferred for queue in log.model.queues])[legs.queue]
    waits = live & ~np.isin(legs.kind, _NOT_WAITING) & ~np.isnan(legs.leave)
    answered = np.isin(legs.outcome, (Outcome.ANSWERED, Outcome.IN_HAND))
    wait = in_ticks(np.where(waits, legs.leave - legs.enter, 0.0))
    reached = np.isin(issues.prevention, (Prevention.REACHED, Prevention.SETTLED))
    transfers = np.bincount(legs.issue[legs.kind == Kind.TRANSFER], minlength=size)
    values[JourneySum.TRANSFERS] = transfers
    lost = np.bincount(legs.issue[(legs.context == 0) & answered], minlength=size)
    values[JourneySum.CONTEXT_LOST] = lost
    values[JourneySum.WAITED] = np.bincount(legs.issue, wait, minlength=size)
    values[JourneySum.PREVENTED] = issues.prevention == Prevention.PREVENTED
    values[JourneySum.REACHED] = reached
    values[JourneySum.SETTLED] = issues.prevention == Prevention.SETTLED
    _add_calls(log, values)
    pending = (legs.then == Then.LATER) | np.isin(legs.outcome, _STOPPED)
    pending &= legs.kind != Kind.OUTBOUND
    values[JourneySum.OPEN_AT_END][legs.issue[pending]] = 1.0
    unresolved = values[JourneySum.JUDGED] - values[JourneySum.EVER_RESOLVED]
    values[JourneySum.OPEN_AT_END] *= unresolved
    arrays = satisfaction_arrays(log.model)
    if arrays is not None:
        sum_expectations(issues.queue, issues.segment + 1, arrays, values)


def _add_calls(log: Log, values: Floats) -> None:
    """Add the outbound calls about each issue, those made, answered and successful."""
    legs = log.legs
    outbound = legs.kind == Kind.OUTBOUND
    answered = outbound & (legs.outcome == Outcome.ANSWERED)
    made = answered | (outbound & (legs.outcome == Outcome.NO_ANSWER))
    for name, mask in (
        (JourneySum.OUTBOUND_ATTEMPTS, made),
        (JourneySum.OUTBOUND_REACHED, answered),
        (JourneySum.OUTBOUND_SETTLED, answered & (legs.resolved == 1)),
    ):
        values[name] = np.bincount(legs.issue[mask], minlength=values.shape[1])
