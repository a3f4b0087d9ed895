"""Control variates: sums that a tape draws and whose mean is known beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.tape import Tape
from sim.tape.tape_drawer import TapeDrawer

if TYPE_CHECKING:
    from sim.distributions import TimeDistribution
    from sim.model import Floats, Model, Queue

CONTROLS = ("arrivals", "work")


def control_deviations(model: Model, seed: int, numbers: range, antithetic: bool = False) -> Floats:
    """Return the deviations of some replications from their expectation.

    Only the tape is drawn, no engine runs.

    Parameters
    ----------
    model : Model
    seed : int
    numbers : range
        Numbers of the replications.
    antithetic : bool
        As for :func:`sim.tape.draw_tape`.

    Returns
    -------
    ndarray, shape (len(numbers), 2)
        Arrivals: issues born in the measured time, less the expected volume (busyness has mean
        1). Work: their talk, hold and wrap (s), each less the mean of its distribution; its mean is
        zero whatever the number of issues (Wald). Zero where nothing is random or no mean is known:
        exact and recorded volumes, recorded talk, distributions without a mean.
    """
    expected = sum(expected_arrivals(model, queue) for queue in model.queues)
    out = np.empty((len(numbers), len(CONTROLS)))
    tapes = TapeDrawer(model, antithetic)
    for row, replication in zip(out, numbers, strict=True):
        tape = tapes.draw(seed, replication)
        measured = tape.born >= model.measure_from
        row[:] = _arrivals(tape, measured) - expected, _work(tape, measured)
    return out


def expected_arrivals(model: Model, queue: Queue) -> float:
    """Return how many issues of a queue are expected in the measured time.

    Zero where the number is not drawn.
    """
    if not _is_drawn(queue):
        return 0.0
    ends = np.arange(1, model.intervals + 1) * model.interval_s
    part = np.clip((ends - model.measure_from) / model.interval_s, 0.0, 1.0)
    return float(queue.demand.expected @ part)


def _is_drawn(queue: Queue) -> bool:
    """Return whether the number of a queue's arrivals is random."""
    return queue.demand.recorded is None and not queue.demand.exact


def _arrivals(tape: Tape, measured: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    drawn = np.array([_is_drawn(queue) for queue in tape.model.queues])
    return int(np.count_nonzero(measured & ~tape.backlog & drawn[tape.queue]))


def _work(tape: Tape, measured: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float:
    """Return by how much the work (s) of the measured issues is more than its mean."""
    off = 0.0
    for name in ("talk", "hold", "wrap"):
        means = np.array([_means(tape.model, queue, name) for queue in tape.model.queues])
        means = means[tape.queue, tape.model.interval_of(tape.born)]
        known = measured & np.isfinite(means)
        off += float((getattr(tape, name)[known] - means[known]).sum())
    return off


def _means(model: Model, queue: Queue, name: str) -> Floats:
    """Return the means (s) of a time by interval, infinite where they are not known."""
    variation = model.talk_variation
    correlated = variation.cv > 0 and variation.correlation and model.busyness.cv > 0
    if name in ("talk", "hold") and correlated:
        return np.full(model.intervals, np.inf)  # busier days have other talk
    if name == "talk" and queue.demand.recorded_talk is not None:
        return np.full(model.intervals, np.inf)
    distribution: TimeDistribution = getattr(queue, name)
    return distribution.means(model.intervals)
