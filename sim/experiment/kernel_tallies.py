"""From tapes to tallies by the compiled engine, without a log in between.

The sums are those of :func:`sim.metrics.tally.tally_log` of the log, equal to the bit.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.engine.kernel import codes as c
from sim.engine.kernel.engine import Kernel
from sim.engine.kernel.single_queue import as_single_queue
from sim.engine.kernel.tables import readable
from sim.log import Outcome, State
from sim.metrics.agent_time import scheduled_time
from sim.metrics.further_thresholds import sum_within
from sim.metrics.journey_sums import journey_shape
from sim.metrics.kernel.issues import ISSUE_ROW
from sim.metrics.kernel.journeys import JOURNEY_ROW, sum_journeys
from sim.metrics.kernel.legs import QUEUE_TARGETS
from sim.metrics.kernel.replication import READ_TOGETHER, TallyArrays, tally_replications
from sim.metrics.kernel.satisfaction import NO_SATISFACTION, satisfaction_arrays
from sim.metrics.kernel.single_queue import sum_single_queue
from sim.metrics.tally import LEFT, NOT_OFFERED, Tally
from sim.metrics.tally_fields import WAIT_EDGES, Floats, IssueSum, JourneySum, LegSum, TimeSum
from sim.tape.random_numbers import as_tapes

if TYPE_CHECKING:
    from sim.engine.kernel.buffers import EmptyState
    from sim.engine.kernel.layout import Records
    from sim.engine.kernel.single_queue import ContactTimes
    from sim.model import Model
    from sim.tape import Tape, Tapes


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
        self._needs_legs = bool(model.further_thresholds)
        self._kernel = Kernel(model, c.ALL if self._needs_legs else READ_TOGETHER)
        self._targets = readable(_targets(model))
        self._scheduled = scheduled_time(model)
        self._span = np.array(
            [model.measure_from, model.interval_s, model.horizon, float(model.intervals)]
        )
        self._flow = np.empty((len(model.queues), model.intervals + 1))
        self._issue_rows = readable(np.empty(0, ISSUE_ROW))
        self._journey_rows = readable(np.empty(0, JOURNEY_ROW))
        self._shape = np.array(journey_shape(model)[1:])
        self._satisfaction = satisfaction_arrays(model) or NO_SATISFACTION

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
        return self._of_events(as_tapes(tape))[0]

    def tally_together(self, tapes: Tapes) -> list[Tally]:
        """Simulate some replications and return their tallies: faster than one by one.

        Parameters
        ----------
        tapes : Tapes
            Of this model.

        Returns
        -------
        list of Tally
        """
        if self._needs_legs:
            return [self.tally(tapes[k]) for k in range(len(tapes))]
        return self._of_single_queue(tapes) or self._of_events(tapes)

    def _of_single_queue(self, tapes: Tapes) -> list[Tally]:
        """Return the tallies of a single queue; none where a replication needs the event loop."""
        found = []
        for k in range(len(tapes) if self._single_queue is not None else 0):
            assert self._single_queue is not None
            times = self._single_queue.simulate(tapes[k])
            if times is None:
                return []
            found.append(self._of_times(tapes[k], times))
        return found

    def _of_events(self, tapes: Tapes) -> list[Tally]:
        """Return the tallies of replications of the event loop."""
        most = int(np.diff(tapes.first).max())
        if most > len(self._issue_rows):
            size = int(1.05 * most) + 64
            self._issue_rows = readable(np.empty(size, ISSUE_ROW))
            if self._model.journeys is not None:
                self._journey_rows = readable(np.empty(size, JOURNEY_ROW))
        sums = _tally_arrays(self._model, len(tapes))

        def simulate(models: Any, s: Any, empty: EmptyState, done: int) -> int:
            for array in sums:
                array[done] = 0  # where a table was too small before
            if self._model.journeys is None:
                return self._simulate(models, s, empty, done, sums)
            for k in range(done, len(tapes)):  # the rows of issues are those of one replication
                if self._simulate(models[: k + 1], s, empty, k, sums) == k:
                    return k
                sum_journeys(
                    models[k], self._issue_rows, self._journey_rows, self._targets, self._shape,
                    self._satisfaction, sums.journeys[k], self._span,
                )  # fmt: skip
            return len(tapes)

        state = self._kernel.run_by(tapes, simulate)
        if not self._needs_legs:
            return _tallies(self._model, sums, self._scheduled)
        further = _within_of_legs(self._model, state.legs[: state.counts["legs"][0]])
        return _tallies(self._model, sums, self._scheduled, further)

    def _simulate(
        self, models: Any, s: Any, empty: EmptyState, done: int, sums: TallyArrays
    ) -> int:
        return int(tally_replications(
            models, s, empty, done, self._targets, sums, self._flow, self._issue_rows,
            self._journey_rows, self._span,
        ))  # fmt: skip

    def _of_times(self, tape: Tape, times: ContactTimes) -> Tally:
        """Return the tally of a single queue."""
        sums = _tally_arrays(self._model, 1)
        sum_single_queue(
            tape.born, tape.hold, tape.talk, times, self._targets, sums.legs[0], sums.issues[0],
            sums.time[0], sums.waits[0], sums.longest[0], self._span,
        )  # fmt: skip
        further = _within_of_times(self._model, tape, times) if self._needs_legs else None
        return _tallies(self._model, sums, self._scheduled, further)[0]


def _tally_arrays(model: Model, replications: int) -> TallyArrays:
    """Return the arrays of some tallies: zeros, which are only written when they are needed."""
    make, queues, classes = np.zeros, len(model.queues), WAIT_EDGES.size
    by_queue, by_group = queues * model.intervals, len(model.groups) * model.intervals
    return TallyArrays(
        legs=make((replications, len(LegSum), by_queue)),
        issues=make((replications, len(IssueSum), by_queue)),
        time=make((replications, len(TimeSum), by_group)),
        longest=make((replications, queues)),
        waits=make((replications, queues, classes), np.int32),
        completions=make((replications, queues, classes), np.int32),
        unstable=make(replications, np.bool_),
        journeys=make((replications, len(JourneySum), math.prod(journey_shape(model)))),
    )


def _tallies(
    model: Model, sums: TallyArrays, planned: Floats, further: Floats | None = None
) -> list[Tally]:
    """Return the tallies; ``planned`` is the scheduled time, shape (groups, intervals)."""
    queues, groups, intervals = len(model.queues), len(model.groups), model.intervals
    replications = len(sums.legs)
    legs = sums.legs.reshape(replications, -1, queues, intervals)
    if further is not None:
        legs = np.concatenate([legs, further[None]], axis=1)
    time = sums.time.reshape(replications, -1, groups, intervals)
    np.maximum(planned, time[:, : len(State)].sum(axis=1), out=time[:, TimeSum.PAID])
    issues = sums.issues.reshape(replications, -1, queues, intervals)
    unstable = sums.unstable.tolist()
    return [
        Tally(
            legs[k], issues[k], time[k], sums.longest[k], sums.waits[k], sums.completions[k],
            sums.journeys[k, :, :, None],
            unstable[k],
        )
        for k in range(replications)
    ]  # fmt: skip


def _within_of_legs(model: Model, legs: Records) -> Floats:
    """Count the legs of the event loop within the further thresholds of targets."""
    legs = legs[(legs["enter"] >= model.measure_from) & ~np.isin(legs["kind"], NOT_OFFERED)]
    done, outcome, silent = legs["in_log"] != 0, legs["outcome"], legs["is_silent"] != 0
    answered = np.where(done, np.isin(outcome, _TAKEN), legs["starts"] > 0) & ~silent
    abandoned = (done & np.isin(outcome, LEFT)) | silent
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
