"""One replication as sums: what is left of a log when its rows are forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.log import Kind, Outcome, Then
from sim.metrics.agent_time import sum_agent_time
from sim.metrics.further_thresholds import sum_within
from sim.metrics.journey_sums import sum_journeys
from sim.metrics.tally_fields import WAIT_EDGES, Floats, IssueSum, LegSum, in_ticks

if TYPE_CHECKING:
    from sim.log import Legs, Log
    from sim.model import Model

Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Tally:
    """The sums of one replication; see :mod:`sim.metrics.tally_fields` for their names.

    Attributes
    ----------
    legs : ndarray, shape (len(LegSum) + further, queues, intervals)
        Behind the others those of :func:`sim.metrics.further_thresholds.further_names`.
    issues : ndarray, shape (len(IssueSum), queues, intervals)
    time : ndarray, shape (len(Time), groups, intervals)
    longest : ndarray, shape (queues,)
        Longest wait (s) of the answered.
    waits : ndarray, shape (queues, len(WAIT_EDGES))
        Answered legs by class of wait.
    completions : ndarray, shape (queues, len(WAIT_EDGES))
        Finished deferred legs by class of the time from arrival until done.
    journeys : ndarray, shape (len(JourneySum), queues * kinds * segments, 1)
        Kinds and segments of none come first; without journeys there are no combinations.
    unstable : bool
        The engine stopped because the queue grew without limit.
    """

    legs: Floats
    issues: Floats
    time: Floats
    longest: Floats
    waits: Counts
    completions: Counts
    journeys: Floats
    unstable: bool = False

    @property
    def nbytes(self) -> int:
        """Return how much memory the arrays take (bytes)."""
        arrays = (self.legs, self.issues, self.time, self.longest, self.waits, self.completions)
        return sum(array.nbytes for array in (*arrays, self.journeys))


def tally_log(log: Log) -> Tally:
    """Sum up one replication.

    Parameters
    ----------
    log : Log

    Returns
    -------
    Tally
        Contacts count in the interval in which they began (after the last interval: in the
        last); those that began before the end of the warm-up do not count. Agent time counts
        where it was spent.
    """
    model = log.model
    measured = _MeasuredLegs(model, log.legs)
    sums = np.zeros((len(LegSum), len(model.queues), model.intervals))
    for add in (
        _service,
        _waits,
        _announced,
        _callbacks,
        _handling,
        _returns,
        _deferred,
        _self_service,
    ):
        add(measured, sums)
    sums[LegSum.BACKLOG] = _backlog(model, log.legs)
    issues, journeys = _issues(log)
    return Tally(
        legs=np.concatenate([sums, measured.within()]) if model.further_thresholds else sums,
        issues=issues,
        journeys=journeys,
        time=sum_agent_time(model, log.states),
        longest=measured.longest(),
        waits=measured.classes(measured.answered, measured.wait),
        completions=measured.classes(measured.finished & measured.is_deferred, measured.completion),
        unstable=log.unstable,
    )


LEFT = (Outcome.ABANDONED, Outcome.BALKED, Outcome.SILENT)
"""Outcomes of those who abandoned."""


NOT_OFFERED = (Kind.SELF_SERVICE, Kind.CALLBACK, Kind.BACKLOG, Kind.OUTBOUND)
"""Kinds of legs that are no contacts offered to a queue."""


class _MeasuredLegs:
    """The measured legs with the masks that several sums share."""

    def __init__(self, model: Model, legs: Legs) -> None:
        keep = legs.enter >= model.measure_from
        self.model = model
        self.queue = legs.queue[keep]
        self.enter, self.leave = legs.enter[keep], legs.leave[keep]
        self.kind, self.outcome = legs.kind[keep], legs.outcome[keep]
        self.then, self.resolved = legs.then[keep], legs.resolved[keep]
        self.talk_end, self.announced = legs.talk_end[keep], legs.announced[keep]
        self.talk, self.hold, self.wrap = legs.talk_s[keep], legs.hold_s[keep], legs.wrap_s[keep]
        self.cell = self.queue * model.intervals + model.interval_of(self.enter)
        self.wait = self.leave - self.enter
        self.completion = self.talk_end - self.enter
        self.in_bot = self.kind == Kind.SELF_SERVICE
        self.is_callback = self.kind == Kind.CALLBACK
        # What waited already when the day began was offered on an earlier day.
        self.offered = ~np.isin(self.kind, NOT_OFFERED)
        self.taken = (self.outcome == Outcome.ANSWERED) | (self.outcome == Outcome.IN_HAND)
        self.answered = self.offered & self.taken
        self.finished = (self.outcome == Outcome.ANSWERED) & ~self.in_bot
        self.abandoned = self.offered & self.ended(*LEFT)
        self.is_outbound = self.kind == Kind.OUTBOUND
        self.is_deferred = self.of_queue([q.deferred for q in model.queues]).astype(bool)
        self.is_deferred &= ~self.is_outbound

    def ended(self, *outcomes: Outcome) -> Bools:
        """Mark the legs with one of these outcomes."""
        return np.isin(self.outcome, outcomes)

    def of_queue(self, values: list[float] | list[bool]) -> Floats:
        """Give each leg the value of its queue."""
        return np.asarray(values, dtype=np.float64)[self.queue]

    def count(self, mask: Bools) -> Floats:
        """Count legs by queue and interval."""
        return self._cells(np.bincount(self.cell[mask], minlength=self._size))

    def total(self, mask: Bools, amount: Floats) -> Floats:
        """Sum an amount (s) of legs by queue and interval."""
        exact = in_ticks(amount[mask])
        return self._cells(np.bincount(self.cell[mask], exact, minlength=self._size))

    def within(self) -> Floats:
        """Count legs within the further thresholds of targets."""
        return sum_within(
            self.model, self.queue, self.enter, self.leave, self.answered, self.abandoned
        )

    def longest(self) -> Floats:
        """Return the longest wait of the answered by queue."""
        most = np.zeros(len(self.model.queues))
        np.maximum.at(most, self.queue[self.answered], self.wait[self.answered])
        return most

    def classes(self, mask: Bools, amount: Floats) -> Counts:
        """Count legs by queue and class of time."""
        width = WAIT_EDGES.size
        at = self.queue[mask] * width + np.searchsorted(WAIT_EDGES, amount[mask])
        size = len(self.model.queues) * width
        return np.bincount(at, minlength=size).reshape(-1, width).astype(np.int32)

    @property
    def _size(self) -> int:
        return len(self.model.queues) * self.model.intervals

    def _cells(self, flat: npt.NDArray[np.generic]) -> Floats:
        return flat.astype(np.float64).reshape(len(self.model.queues), self.model.intervals)


def _service(measured: _MeasuredLegs, sums: Floats) -> None:
    queues, goal = measured.model.queues, measured.model.goal
    limit = measured.enter + measured.of_queue([q.threshold for q in queues])
    common = limit if goal is None else measured.enter + goal.threshold
    short = measured.enter + measured.of_queue([q.short for q in queues])
    sums[LegSum.OFFERED] = measured.count(measured.offered)
    sums[LegSum.ANSWERED] = measured.count(measured.answered)
    # The promise is "answered by then": comparing instants is exact, differences round.
    sums[LegSum.WITHIN] = measured.count(measured.answered & (measured.leave <= limit))
    sums[LegSum.AT_ONCE] = measured.count(measured.answered & (measured.leave <= measured.enter))
    sums[LegSum.ABANDONED] = measured.count(measured.abandoned)
    sums[LegSum.ABANDONED_WITHIN] = measured.count(measured.abandoned & (measured.leave <= limit))
    sums[LegSum.WITHIN_CENTER] = measured.count(measured.answered & (measured.leave <= common))
    sums[LegSum.ABANDONED_WITHIN_CENTER] = measured.count(
        measured.abandoned & (measured.leave <= common)
    )
    sums[LegSum.ABANDONED_SHORT] = measured.count(measured.abandoned & (measured.leave <= short))
    for leg, outcome in _ENDS.items():
        sums[leg] = measured.count(measured.offered & (measured.outcome == outcome))


_ENDS = {
    LegSum.BALKED: Outcome.BALKED,
    LegSum.BUSY: Outcome.BUSY,
    LegSum.FULL: Outcome.FULL,
    LegSum.MESSAGE: Outcome.MESSAGE,
    LegSum.CALLBACKS: Outcome.CALLBACK,
    LegSum.SENT_AWAY: Outcome.SENT_AWAY,
    LegSum.STILL_WAITING: Outcome.WAITING,
    LegSum.IN_HAND: Outcome.IN_HAND,
    LegSum.SILENT: Outcome.SILENT,
}


def _waits(measured: _MeasuredLegs, sums: Floats) -> None:
    others = measured.offered & measured.ended(Outcome.MESSAGE, Outcome.CALLBACK, Outcome.SENT_AWAY)
    sums[LegSum.WAIT_ANSWERED] = measured.total(measured.answered, measured.wait)
    sums[LegSum.WAIT_ABANDONED] = measured.total(measured.abandoned, measured.wait)
    sums[LegSum.WAIT_OTHERS] = measured.total(others, measured.wait)


def _announced(measured: _MeasuredLegs, sums: Floats) -> None:
    heard = measured.offered & ~np.isnan(measured.announced)
    answered = heard & measured.taken
    sums[LegSum.ANNOUNCED] = measured.count(heard)
    sums[LegSum.ANNOUNCED_WAIT] = measured.total(heard, measured.announced)
    sums[LegSum.ANNOUNCED_ANSWERED] = measured.count(answered)
    error = np.abs(measured.announced - measured.wait)
    sums[LegSum.ANNOUNCED_ERROR] = measured.total(answered, error)


def _callbacks(measured: _MeasuredLegs, sums: Floats) -> None:
    answered = measured.is_callback & measured.taken
    sums[LegSum.CALLBACKS_ANSWERED] = measured.count(answered)
    sums[LegSum.CALLBACKS_MISSED] = measured.count(
        measured.is_callback & measured.ended(Outcome.NO_ANSWER)
    )
    sums[LegSum.CALLBACKS_OPEN] = measured.count(
        measured.is_callback & measured.ended(Outcome.WAITING)
    )
    sums[LegSum.WAIT_CALLBACK] = measured.total(answered, measured.wait)


def _handling(measured: _MeasuredLegs, sums: Floats) -> None:
    done = measured.finished
    sums[LegSum.HANDLED] = measured.count(done)
    sums[LegSum.TALK] = measured.total(done, measured.talk)
    sums[LegSum.HOLD] = measured.total(done, measured.hold)
    sums[LegSum.WRAP] = measured.total(done, measured.wrap)
    sums[LegSum.TRANSFERRED] = measured.count(done & (measured.then == Then.TRANSFER))
    rework = done & np.isin(measured.kind, (Kind.REPEAT, Kind.BOUNCE, Kind.TRANSFER))
    sums[LegSum.REWORK] = sum(
        measured.total(rework, each) for each in (measured.talk, measured.hold, measured.wrap)
    )
    of_contacts = done & ~measured.is_outbound
    sums[LegSum.KNOWN] = measured.count(of_contacts & (measured.resolved >= 0))
    sums[LegSum.RESOLVED] = measured.count(of_contacts & (measured.resolved == 1))


def _returns(measured: _MeasuredLegs, sums: Floats) -> None:
    refused = measured.ended(Outcome.BUSY, Outcome.FULL, Outcome.SENT_AWAY)
    lost = measured.abandoned | (measured.offered & refused)
    # Coming back only after the horizon is coming back all the same.
    sums[LegSum.REPEATING] = measured.count(measured.finished & _follows(measured, Then.REPEAT))
    sums[LegSum.RETRYING] = measured.count(lost & _follows(measured, Then.RETRY))
    sums[LegSum.TRANSFERS_IN] = measured.count(measured.kind == Kind.TRANSFER)
    sums[LegSum.RETRIES] = measured.count(measured.kind == Kind.RETRY)
    sums[LegSum.REPEATS] = measured.count(measured.kind == Kind.REPEAT)
    sums[LegSum.BOUNCES] = measured.count(measured.kind == Kind.BOUNCE)


def _follows(measured: _MeasuredLegs, then: Then) -> Bools:
    return np.isin(measured.then, (then, Then.LATER))


def _deferred(measured: _MeasuredLegs, sums: Floats) -> None:
    due = measured.enter + measured.of_queue([q.due for q in measured.model.queues])
    work = measured.is_deferred & ~measured.in_bot & np.isfinite(due)
    met = work & measured.finished & (measured.talk_end <= due)
    late = work & measured.finished & (measured.talk_end > due)
    open_ = work & measured.ended(Outcome.WAITING, Outcome.IN_HAND)
    sums[LegSum.DUE_MET] = measured.count(met)
    sums[LegSum.DUE_MISSED] = measured.count(late | (open_ & (due <= measured.model.horizon)))
    done = measured.is_deferred & measured.finished
    sums[LegSum.DONE] = measured.count(done)
    sums[LegSum.COMPLETION] = measured.total(done, measured.completion)


def _self_service(measured: _MeasuredLegs, sums: Floats) -> None:
    over = measured.in_bot & ~measured.ended(Outcome.IN_SESSION)
    contained = measured.in_bot & measured.ended(Outcome.CONTAINED)
    sums[LegSum.SESSIONS] = measured.count(over)
    sums[LegSum.CONTAINED] = measured.count(contained)
    sums[LegSum.LEFT_INSIDE] = measured.count(measured.in_bot & measured.ended(Outcome.LEFT_INSIDE))
    sums[LegSum.HANDED_OVER] = measured.count(measured.in_bot & measured.ended(Outcome.HANDED_OVER))
    sums[LegSum.BOT_RESOLVED] = measured.count(contained & (measured.resolved == 1))
    sums[LegSum.BOUNCED] = measured.count(contained & _follows(measured, Then.BOUNCE))
    sums[LegSum.SESSION_TIME] = measured.total(over, measured.wait)


def _backlog(model: Model, legs: Legs) -> Floats:
    """Return the deferred legs open at the end of each interval, warm-up included."""
    shape = (len(model.queues), model.intervals + 1)
    deferred = np.array([q.deferred for q in model.queues], dtype=bool)[legs.queue]
    deferred &= ~np.isin(legs.kind, (Kind.SELF_SERVICE, Kind.OUTBOUND))
    open_ = np.isin(legs.outcome, (Outcome.WAITING, Outcome.IN_HAND))
    gone = np.where(np.isnan(legs.talk_end), legs.leave, legs.talk_end)
    into = _by_interval(model, legs.queue, legs.enter, deferred, shape)
    out = _by_interval(model, legs.queue, gone, deferred & ~open_, shape)
    return np.cumsum(into - out, axis=1)[:, :-1]


def _by_interval(
    model: Model,
    queue: npt.NDArray[np.int64],
    instant: Floats,
    mask: Bools,
    shape: tuple[int, int],
) -> Floats:
    at = np.floor(instant[mask] / model.interval_s).astype(np.int64)
    at = queue[mask] * shape[1] + np.clip(at, 0, model.intervals)
    return np.bincount(at, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)


def _issues(log: Log) -> tuple[Floats, Floats]:
    """Sum over issues, by birth queue and interval, and by birth queue, kind and segment."""
    model, born = log.model, log.issues.born
    modelled = np.array([not np.isnan(q.resolved) for q in model.queues], dtype=bool)
    counted = born >= model.measure_from
    counted[log.legs.issue[log.legs.kind == Kind.BACKLOG]] = False
    cell = log.issues.queue * model.intervals + model.interval_of(born)
    size = len(model.queues) * model.intervals
    values = _per_issue(log, born.size)
    values[IssueSum.ISSUES] = 1.0
    judged = modelled[log.issues.queue]
    values[IssueSum.JUDGED] = judged
    for name in (IssueSum.FIRST_RESOLVED, IssueSum.EVER_RESOLVED, IssueSum.RESOLUTION_TIME):
        values[name] *= judged
    journeys = sum_journeys(log, counted, values)
    counted &= values[IssueSum.CONTACTS] > 0  # the others were settled before any contact
    sums = np.zeros((len(IssueSum), size))
    for name in IssueSum:
        sums[name] = np.bincount(cell[counted], values[name][counted], minlength=size)
    return sums.reshape(len(IssueSum), len(model.queues), model.intervals), journeys


def _per_issue(log: Log, issues: int) -> Floats:
    """Return the metrics of each issue, shape (len(IssueSum), issues)."""
    legs = log.legs
    values = np.zeros((len(IssueSum), issues))
    np.maximum.at(values[IssueSum.CONTACTS], legs.issue, legs.contact + 1.0)
    of_contacts = legs.kind != Kind.OUTBOUND
    solved = of_contacts & (legs.resolved == 1)
    values[IssueSum.FIRST_RESOLVED][legs.issue[solved & (legs.contact == 0)]] = 1.0
    values[IssueSum.EVER_RESOLVED][legs.issue[solved]] = 1.0
    over = np.where(np.isnan(legs.talk_end), legs.leave, legs.talk_end)
    first = np.full(issues, np.inf)
    np.minimum.at(first, legs.issue[solved], over[solved])
    taken = np.where(np.isfinite(first), first - log.issues.born, 0.0)
    values[IssueSum.RESOLUTION_TIME] = in_ticks(taken)
    values[IssueSum.GAVE_UP][legs.issue[legs.then == Then.GAVE_UP]] = 1.0
    helped = (legs.outcome == Outcome.ANSWERED) | (legs.outcome == Outcome.IN_HAND)
    values[IssueSum.SERVED][legs.issue[helped & of_contacts]] = 1.0
    values[IssueSum.SWITCHES] = _switches(log, issues)
    return values


def _switches(log: Log, issues: int) -> Floats:
    """Count changes of channel from one leg of an issue to the next."""
    model, of_contacts = log.model, log.legs.kind != Kind.OUTBOUND
    issue, queue = log.legs.issue[of_contacts], log.legs.queue[of_contacts]
    number = {name: k for k, name in enumerate(model.channels)}
    channel = np.array([number[q.channel] for q in model.queues], dtype=np.int64)[queue]
    same = issue[1:] == issue[:-1]
    turned = same & (channel[1:] != channel[:-1])
    return np.bincount(issue[1:][turned], minlength=issues).astype(np.float64)
