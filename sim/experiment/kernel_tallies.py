"""From tapes to tallies by the compiled engine, without a log in between.

The sums are those of :func:`sim.metrics.tally.tally_log` of the log, equal to the bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.engine.kernel import codes as c
from sim.engine.kernel.engine import Kernel, is_unstable
from sim.engine.kernel.single_queue import as_single_queue
from sim.engine.kernel.tables import readable
from sim.log import Kind, Outcome, State
from sim.metrics.agent_time import scheduled_time
from sim.metrics.further_thresholds import sum_within
from sim.metrics.kernel.issues import ISSUE_ROW, sum_issues
from sim.metrics.kernel.legs import QUEUE_TARGETS
from sim.metrics.kernel.replication import READ_TOGETHER, tally_replication
from sim.metrics.kernel.single_queue import sum_single_queue
from sim.metrics.tally import Tally
from sim.metrics.tally_fields import WAIT_EDGES, Floats, IssueSum, LegSum, TimeSum

if TYPE_CHECKING:
    from sim.engine.kernel.layout import ModelTables, Records
    from sim.engine.kernel.single_queue import ContactTimes
    from sim.model import Model
    from sim.tape import Tape


_NOT_OFFERED = (Kind.SELF_SERVICE, Kind.CALLBACK, Kind.BACKLOG)
_TAKEN = (Outcome.ANSWERED, Outcome.IN_HAND)


class KernelTallier:
    """A model made ready to be simulated and tallied many times.

    Parameters
    ----------
    model : Model
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._single_queue = as_single_queue(model)
        self._kernel = Kernel(model)
        self._targets = readable(_targets(model))
        self._scheduled = scheduled_time(model)
        self._span = np.array(
            [model.measure_from, model.interval_s, model.horizon, float(model.intervals)]
        )
        self._issue_rows = readable(np.empty(0, ISSUE_ROW))

    def tally(self, tape: Tape) -> Tally:
        """Simulate one replication and return its tally.

        Parameters
        ----------
        tape : Tape
            Of this model.

        Returns
        -------
        Tally
        """
        times = None if self._single_queue is None else self._single_queue.simulate(tape)
        if times is not None:
            return self._of_times(tape, times)
        return self._of_events(tape)

    def _of_events(self, tape: Tape) -> Tally:
        """Return the tally of a replication of the event loop."""
        span = self._span
        sums, flow, issue_rows = _TallyArrays(self._model), np.empty(0), self._issue_rows

        def simulate(tables: ModelTables, m: Any, s: Any) -> None:
            nonlocal sums, flow, issue_rows
            sums, issue_rows = _TallyArrays(self._model), self._empty_issue_rows(len(tables.born))
            flow = np.zeros((len(self._model.queues), self._model.intervals + 1))
            tally_replication(
                m, s, self._targets, sums.legs, flow, sums.waits, sums.completions, sums.longest,
                issue_rows, sums.time, span,
            )  # fmt: skip

        together = c.ALL if sums.further.size else READ_TOGETHER
        tables, state = self._kernel.run_by(tape, together, simulate)
        sum_issues(
            tables.born, tables.first_queue, tables.backlog, issue_rows, self._targets,
            sums.issues, span,
        )  # fmt: skip
        sums.legs[LegSum.BACKLOG] = np.cumsum(flow, axis=1)[:, :-1].ravel()
        if sums.further.size:
            sums.further[:] = _within_of_legs(self._model, state.legs[: state.counts["legs"][0]])
        return sums.tally(self._scheduled, is_unstable(state, len(tables.born)))

    def _of_times(self, tape: Tape, times: ContactTimes) -> Tally:
        """Return the tally of a single queue."""
        sums = _TallyArrays(self._model)
        sum_single_queue(
            tape.born, tape.hold, tape.talk, times, self._targets, sums.legs, sums.issues,
            sums.time, sums.waits, sums.longest, self._span,
        )  # fmt: skip
        if sums.further.size:
            sums.further[:] = _within_of_times(self._model, tape, times)
        return sums.tally(self._scheduled)

    def _empty_issue_rows(self, issues: int) -> Records:
        """Return rows of issues without any legs yet."""
        if issues > len(self._issue_rows):
            self._issue_rows = readable(np.empty(int(1.05 * issues) + 64, ISSUE_ROW))
        issue_rows = self._issue_rows[:issues]
        issue_rows.view(np.uint8)[:] = 0
        issue_rows["resolved_at"] = np.inf
        return issue_rows


class _TallyArrays:
    """The arrays of a tally, those by interval still flat."""

    def __init__(self, model: Model) -> None:
        self._shape = len(model.queues), len(model.groups), model.intervals
        queues, groups, intervals = self._shape
        self.legs = np.zeros((len(LegSum), queues * intervals))
        self.further = np.zeros((2 * len(model.further_thresholds), queues, intervals))
        self.issues = np.zeros((len(IssueSum), queues * intervals))
        self.time = np.zeros((len(TimeSum), groups * intervals))
        self.longest = np.zeros(queues)
        self.waits, self.completions = np.zeros((2, queues, WAIT_EDGES.size), np.int32)

    def tally(self, planned: Floats, unstable: bool = False) -> Tally:
        """Return the tally; ``planned`` is the scheduled time, shape (groups, intervals)."""
        queues, groups, intervals = self._shape
        time = self.time.reshape(-1, groups, intervals)
        logged_in = time[: len(State)].sum(axis=0)
        time[TimeSum.PAID] = np.maximum(planned, logged_in)
        legs = self.legs.reshape(-1, queues, intervals)
        return Tally(
            legs=np.concatenate([legs, self.further]) if self.further.size else legs,
            issues=self.issues.reshape(-1, queues, intervals),
            time=time,
            longest=self.longest,
            waits=self.waits,
            completions=self.completions,
            unstable=unstable,
        )


def _within_of_legs(model: Model, legs: Records) -> Floats:
    """Count the legs of the event loop within the further thresholds of targets."""
    legs = legs[(legs["enter"] >= model.measure_from) & ~np.isin(legs["kind"], _NOT_OFFERED)]
    done, outcome = legs["in_log"] != 0, legs["outcome"]
    answered = np.where(done, np.isin(outcome, _TAKEN), legs["starts"] > 0)
    abandoned = done & np.isin(outcome, (Outcome.ABANDONED, Outcome.BALKED))
    return sum_within(model, legs["queue"], legs["enter"], legs["leave"], answered, abandoned)


def _within_of_times(model: Model, tape: Tape, times: ContactTimes) -> Floats:
    """Count the contacts of a single queue within the further thresholds of targets."""
    kept = tape.born >= model.measure_from
    outcome, queue = times.outcome[kept], np.zeros(int(kept.sum()), np.int64)
    return sum_within(
        model, queue, tape.born[kept], times.leave[kept],
        outcome == Outcome.ANSWERED, outcome == Outcome.ABANDONED,
    )  # fmt: skip


def _targets(model: Model) -> npt.NDArray[np.void]:
    common = None if model.goal is None else model.goal.threshold
    rows = [
        (
            queue.threshold, queue.threshold if common is None else common, queue.short, queue.due,
            queue.deferred, model.channels.index(queue.channel), not np.isnan(queue.resolved),
        )
        for queue in model.queues
    ]  # fmt: skip
    return np.array(rows, QUEUE_TARGETS)
