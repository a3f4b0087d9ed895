"""One replication as sums: what is left of a log when its rows are forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.log import Kind, Outcome, Then
from sim.metrics.agent_time import sum_agent_time
from sim.metrics.tally_fields import WAIT_EDGES, Floats, Issue, Leg, in_ticks

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
    legs : ndarray, shape (len(Leg), queues, intervals)
    issues : ndarray, shape (len(Issue), queues, intervals)
    time : ndarray, shape (len(Time), groups, intervals)
    longest : ndarray, shape (queues,)
        Longest wait (s) of the answered.
    waits : ndarray, shape (queues, len(WAIT_EDGES))
        Answered legs by class of wait.
    completions : ndarray, shape (queues, len(WAIT_EDGES))
        Finished deferred legs by class of the time from arrival until done.
    unstable : bool
        The engine gave up because contacts piled up without end.
    """

    legs: Floats
    issues: Floats
    time: Floats
    longest: Floats
    waits: Counts
    completions: Counts
    unstable: bool = False

    @property
    def nbytes(self) -> int:
        """Return how much memory the arrays take (bytes)."""
        arrays = (self.legs, self.issues, self.time, self.longest, self.waits, self.completions)
        return sum(array.nbytes for array in arrays)


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
    desk = _MeasuredLegs(model, log.legs)
    sums = np.zeros((len(Leg), len(model.queues), model.intervals))
    for tell in (_service, _waits, _callbacks, _handling, _returns, _deferred, _self_service):
        tell(desk, sums)
    sums[Leg.BACKLOG] = _backlog(model, log.legs)
    return Tally(
        legs=sums,
        issues=_issues(log),
        time=sum_agent_time(model, log.states),
        longest=desk.longest(),
        waits=desk.classes(desk.answered, desk.wait),
        completions=desk.classes(desk.finished & desk.is_deferred, desk.completion),
        unstable=log.unstable,
    )


class _MeasuredLegs:
    """The measured legs with the masks that several sums share."""

    def __init__(self, model: Model, legs: Legs) -> None:
        keep = legs.enter >= model.measure_from
        self.model = model
        self.queue = legs.queue[keep]
        self.enter, self.leave = legs.enter[keep], legs.leave[keep]
        self.kind, self.outcome = legs.kind[keep], legs.outcome[keep]
        self.then, self.resolved = legs.then[keep], legs.resolved[keep]
        self.talk_end = legs.talk_end[keep]
        self.talk, self.hold, self.wrap = legs.talk_s[keep], legs.hold_s[keep], legs.wrap_s[keep]
        self.cell = self.queue * model.intervals + model.interval_of(self.enter)
        self.wait = self.leave - self.enter
        self.completion = self.talk_end - self.enter
        self.in_bot = self.kind == Kind.SELF_SERVICE
        self.is_callback = self.kind == Kind.CALLBACK
        # What waited already when the day began was offered on an earlier day.
        self.offered = ~np.isin(self.kind, (Kind.SELF_SERVICE, Kind.CALLBACK, Kind.BACKLOG))
        self.taken = (self.outcome == Outcome.ANSWERED) | (self.outcome == Outcome.IN_HAND)
        self.answered = self.offered & self.taken
        self.finished = (self.outcome == Outcome.ANSWERED) & ~self.in_bot
        self.abandoned = self.offered & self.ended(Outcome.ABANDONED, Outcome.BALKED)
        self.is_deferred = self.of_queue([q.deferred for q in model.queues]).astype(bool)

    def ended(self, *outcomes: Outcome) -> Bools:
        """Mark the legs with one of these outcomes."""
        return np.isin(self.outcome, outcomes)

    def of_queue(self, values: list[float] | list[bool]) -> Floats:
        """Give each leg the value of its queue."""
        return np.asarray(values, dtype=np.float64)[self.queue]

    def count(self, which: Bools) -> Floats:
        """Count legs by queue and interval."""
        return self._cells(np.bincount(self.cell[which], minlength=self._size))

    def total(self, which: Bools, amount: Floats) -> Floats:
        """Sum an amount (s) of legs by queue and interval."""
        exact = in_ticks(amount[which])
        return self._cells(np.bincount(self.cell[which], exact, minlength=self._size))

    def longest(self) -> Floats:
        """Return the longest wait of the answered by queue."""
        most = np.zeros(len(self.model.queues))
        np.maximum.at(most, self.queue[self.answered], self.wait[self.answered])
        return most

    def classes(self, which: Bools, amount: Floats) -> Counts:
        """Count legs by queue and class of time."""
        width = WAIT_EDGES.size
        at = self.queue[which] * width + np.searchsorted(WAIT_EDGES, amount[which])
        size = len(self.model.queues) * width
        return np.bincount(at, minlength=size).reshape(-1, width).astype(np.int32)

    @property
    def _size(self) -> int:
        return len(self.model.queues) * self.model.intervals

    def _cells(self, flat: npt.NDArray[np.generic]) -> Floats:
        return flat.astype(np.float64).reshape(len(self.model.queues), self.model.intervals)


def _service(desk: _MeasuredLegs, sums: Floats) -> None:
    queues, goal = desk.model.queues, desk.model.goal
    limit = desk.enter + desk.of_queue([q.threshold for q in queues])
    common = limit if goal is None else desk.enter + goal.threshold
    short = desk.enter + desk.of_queue([q.short for q in queues])
    sums[Leg.OFFERED] = desk.count(desk.offered)
    sums[Leg.ANSWERED] = desk.count(desk.answered)
    # The promise is "answered by then": comparing instants is exact, differences round.
    sums[Leg.WITHIN] = desk.count(desk.answered & (desk.leave <= limit))
    sums[Leg.AT_ONCE] = desk.count(desk.answered & (desk.leave <= desk.enter))
    sums[Leg.ABANDONED] = desk.count(desk.abandoned)
    sums[Leg.ABANDONED_WITHIN] = desk.count(desk.abandoned & (desk.leave <= limit))
    sums[Leg.WITHIN_CENTER] = desk.count(desk.answered & (desk.leave <= common))
    sums[Leg.ABANDONED_WITHIN_CENTER] = desk.count(desk.abandoned & (desk.leave <= common))
    sums[Leg.ABANDONED_SHORT] = desk.count(desk.abandoned & (desk.leave <= short))
    for leg, outcome in _ENDS.items():
        sums[leg] = desk.count(desk.offered & (desk.outcome == outcome))


_ENDS = {
    Leg.BALKED: Outcome.BALKED,
    Leg.BUSY: Outcome.BUSY,
    Leg.FULL: Outcome.FULL,
    Leg.MESSAGE: Outcome.MESSAGE,
    Leg.CALLBACKS: Outcome.CALLBACK,
    Leg.SENT_AWAY: Outcome.SENT_AWAY,
    Leg.STILL_WAITING: Outcome.WAITING,
    Leg.IN_HAND: Outcome.IN_HAND,
}


def _waits(desk: _MeasuredLegs, sums: Floats) -> None:
    others = desk.offered & desk.ended(Outcome.MESSAGE, Outcome.CALLBACK, Outcome.SENT_AWAY)
    sums[Leg.WAIT_ANSWERED] = desk.total(desk.answered, desk.wait)
    sums[Leg.WAIT_ABANDONED] = desk.total(desk.abandoned, desk.wait)
    sums[Leg.WAIT_OTHERS] = desk.total(others, desk.wait)


def _callbacks(desk: _MeasuredLegs, sums: Floats) -> None:
    answered = desk.is_callback & desk.taken
    sums[Leg.CALLBACKS_ANSWERED] = desk.count(answered)
    sums[Leg.CALLBACKS_MISSED] = desk.count(desk.is_callback & desk.ended(Outcome.NO_ANSWER))
    sums[Leg.CALLBACKS_OPEN] = desk.count(desk.is_callback & desk.ended(Outcome.WAITING))
    sums[Leg.WAIT_CALLBACK] = desk.total(answered, desk.wait)


def _handling(desk: _MeasuredLegs, sums: Floats) -> None:
    done = desk.finished
    sums[Leg.HANDLED] = desk.count(done)
    sums[Leg.TALK] = desk.total(done, desk.talk)
    sums[Leg.HOLD] = desk.total(done, desk.hold)
    sums[Leg.WRAP] = desk.total(done, desk.wrap)
    sums[Leg.TRANSFERRED] = desk.count(done & (desk.then == Then.TRANSFER))
    sums[Leg.KNOWN] = desk.count(done & (desk.resolved >= 0))
    sums[Leg.RESOLVED] = desk.count(done & (desk.resolved == 1))


def _returns(desk: _MeasuredLegs, sums: Floats) -> None:
    refused = desk.ended(Outcome.BUSY, Outcome.FULL, Outcome.SENT_AWAY)
    lost = desk.abandoned | (desk.offered & refused)
    # Coming back only after the horizon is coming back all the same.
    sums[Leg.COMES_AGAIN] = desk.count(desk.finished & _follows(desk, Then.REPEAT))
    sums[Leg.TRIES_AGAIN] = desk.count(lost & _follows(desk, Then.RETRY))
    sums[Leg.TRANSFERS_IN] = desk.count(desk.kind == Kind.TRANSFER)
    sums[Leg.RETRIES] = desk.count(desk.kind == Kind.RETRY)
    sums[Leg.REPEATS] = desk.count(desk.kind == Kind.REPEAT)
    sums[Leg.BOUNCES] = desk.count(desk.kind == Kind.BOUNCE)


def _follows(desk: _MeasuredLegs, then: Then) -> Bools:
    return np.isin(desk.then, (then, Then.LATER))


def _deferred(desk: _MeasuredLegs, sums: Floats) -> None:
    due = desk.enter + desk.of_queue([q.due for q in desk.model.queues])
    work = desk.is_deferred & ~desk.in_bot & np.isfinite(due)
    met = work & desk.finished & (desk.talk_end <= due)
    late = work & desk.finished & (desk.talk_end > due)
    open_ = work & desk.ended(Outcome.WAITING, Outcome.IN_HAND)
    sums[Leg.DUE_MET] = desk.count(met)
    sums[Leg.DUE_MISSED] = desk.count(late | (open_ & (due <= desk.model.horizon)))
    done = desk.is_deferred & desk.finished
    sums[Leg.DONE] = desk.count(done)
    sums[Leg.COMPLETION] = desk.total(done, desk.completion)


def _self_service(desk: _MeasuredLegs, sums: Floats) -> None:
    over = desk.in_bot & ~desk.ended(Outcome.IN_SESSION)
    contained = desk.in_bot & desk.ended(Outcome.CONTAINED)
    sums[Leg.SESSIONS] = desk.count(over)
    sums[Leg.CONTAINED] = desk.count(contained)
    sums[Leg.LEFT_INSIDE] = desk.count(desk.in_bot & desk.ended(Outcome.LEFT_INSIDE))
    sums[Leg.HANDED_OVER] = desk.count(desk.in_bot & desk.ended(Outcome.HANDED_OVER))
    sums[Leg.BOT_RESOLVED] = desk.count(contained & (desk.resolved == 1))
    sums[Leg.BOUNCED] = desk.count(contained & _follows(desk, Then.BOUNCE))
    sums[Leg.SESSION_TIME] = desk.total(over, desk.wait)


def _backlog(model: Model, legs: Legs) -> Floats:
    """Return the deferred legs open at the end of each interval, warm-up included."""
    shape = (len(model.queues), model.intervals + 1)
    deferred = np.array([q.deferred for q in model.queues], dtype=bool)[legs.queue]
    deferred &= legs.kind != Kind.SELF_SERVICE
    open_ = np.isin(legs.outcome, (Outcome.WAITING, Outcome.IN_HAND))
    gone = np.where(np.isnan(legs.talk_end), legs.leave, legs.talk_end)
    into = _by_interval(model, legs.queue, legs.enter, deferred, shape)
    out = _by_interval(model, legs.queue, gone, deferred & ~open_, shape)
    return np.cumsum(into - out, axis=1)[:, :-1]


def _by_interval(
    model: Model,
    queue: npt.NDArray[np.int64],
    instant: Floats,
    which: Bools,
    shape: tuple[int, int],
) -> Floats:
    at = np.floor(instant[which] / model.interval_s).astype(np.int64)
    at = queue[which] * shape[1] + np.clip(at, 0, model.intervals)
    return np.bincount(at, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)


def _issues(log: Log) -> Floats:
    """Sum over issues, by birth queue and interval."""
    model, born = log.model, log.issues.born
    modelled = np.array([not np.isnan(q.resolved) for q in model.queues], dtype=bool)
    counted = born >= model.measure_from
    counted[log.legs.issue[log.legs.kind == Kind.BACKLOG]] = False
    cell = log.issues.queue * model.intervals + model.interval_of(born)
    size = len(model.queues) * model.intervals
    values = _per_issue(log, born.size)
    values[Issue.ISSUES] = 1.0
    judged = modelled[log.issues.queue]
    values[Issue.JUDGED] = judged
    for name in (Issue.FIRST_RESOLVED, Issue.EVER_RESOLVED, Issue.RESOLUTION_TIME):
        values[name] *= judged
    sums = np.zeros((len(Issue), size))
    for name in Issue:
        sums[name] = np.bincount(cell[counted], values[name][counted], minlength=size)
    return sums.reshape(len(Issue), len(model.queues), model.intervals)


def _per_issue(log: Log, issues: int) -> Floats:
    """Return the figures of each issue, shape (len(Issue), issues)."""
    legs = log.legs
    values = np.zeros((len(Issue), issues))
    np.maximum.at(values[Issue.CONTACTS], legs.issue, legs.contact + 1.0)
    solved = legs.resolved == 1
    values[Issue.FIRST_RESOLVED][legs.issue[solved & (legs.contact == 0)]] = 1.0
    values[Issue.EVER_RESOLVED][legs.issue[solved]] = 1.0
    over = np.where(np.isnan(legs.talk_end), legs.leave, legs.talk_end)
    first = np.full(issues, np.inf)
    np.minimum.at(first, legs.issue[solved], over[solved])
    taken = np.where(np.isfinite(first), first - log.issues.born, 0.0)
    values[Issue.RESOLUTION_TIME] = in_ticks(taken)
    values[Issue.GAVE_UP][legs.issue[legs.then == Then.GAVE_UP]] = 1.0
    helped = (legs.outcome == Outcome.ANSWERED) | (legs.outcome == Outcome.IN_HAND)
    values[Issue.SERVED][legs.issue[helped]] = 1.0
    values[Issue.SWITCHES] = _switches(log, issues)
    return values


def _switches(log: Log, issues: int) -> Floats:
    """Count changes of channel from one leg of an issue to the next."""
    legs, model = log.legs, log.model
    number = {name: k for k, name in enumerate(model.channels)}
    channel = np.array([number[q.channel] for q in model.queues], dtype=np.int64)[legs.queue]
    same = legs.issue[1:] == legs.issue[:-1]
    turned = same & (channel[1:] != channel[:-1])
    return np.bincount(legs.issue[1:][turned], minlength=issues).astype(np.float64)
