"""How agents spent their time, by group and interval."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.log import State
from sim.metrics.tally_fields import Floats, TimeSum, in_ticks

if TYPE_CHECKING:
    from sim.log import States
    from sim.model import Model


Ints = npt.NDArray[np.int64]


def sum_agent_time(model: Model, states: States) -> Floats:
    """Cut the rows of agent states into intervals and sum them.

    Parameters
    ----------
    model : Model
    states : States

    Returns
    -------
    ndarray, shape (len(Time), groups, intervals)
        Seconds within the measured span. What is flagged as overtime or lies after the
        horizon is overtime (counted in the last interval when after the horizon) and in no
        other sum.
    """
    shape = (len(TimeSum), len(model.groups), model.intervals)
    sums = np.zeros(shape)
    flat = sums.reshape(shape[0], -1)
    start = np.maximum(states.start, model.measure_from)
    within = (states.overtime == 0) & (start < np.minimum(states.end, model.horizon))
    end = np.minimum(states.end, model.horizon)
    row, at, length = _cut_at_intervals(start[within], end[within], model.interval_s)
    cell = states.group[within][row] * model.intervals + np.minimum(at, model.intervals - 1)
    state, load = states.state[within][row], states.load[within][row]
    for kind in State:
        mine = state == kind
        flat[kind] = np.bincount(cell[mine], length[mine], minlength=flat.shape[1])
    talking = state == State.TALKING
    active = (load * length)[talking]
    flat[TimeSum.LOAD] = np.bincount(cell[talking], active, minlength=flat.shape[1])
    flat[TimeSum.OVERTIME] = _overtime(model, states)
    logged_in = sums[[int(kind) for kind in State]].sum(axis=0)
    sums[TimeSum.PAID] = np.maximum(scheduled_time(model), logged_in)
    return sums


def measured_time(model: Model) -> Floats:
    """Return how much of each interval is measured (s), shape (intervals,)."""
    start = np.arange(model.intervals) * model.interval_s
    end = np.minimum(start + model.interval_s, model.horizon)
    return np.asarray(np.maximum(end - np.maximum(start, model.measure_from), 0.0))


def open_time(model: Model, queues: Iterable[int]) -> Floats:
    """Return how much of each interval some of the queues are open (s), shape (intervals,).

    Live queues are open in their opening hours; deferred work is taken in at any time. Only
    what is measured counts.
    """
    chosen = [model.queues[k] for k in queues]
    if any(queue.deferred for queue in chosen):
        return measured_time(model)
    hours = sorted((float(a), float(b)) for queue in chosen for a, b in queue.hours)
    sums, until = np.zeros(model.intervals), model.measure_from
    for start, end in hours:
        begin, end = max(start, until), min(end, model.horizon)
        if end > begin:
            _, at, length = _cut_at_intervals(np.array([begin]), np.array([end]), model.interval_s)
            np.add.at(sums, np.minimum(at, model.intervals - 1), length)
            until = end
    return sums


def scheduled_time(model: Model) -> Floats:
    """Return the scheduled time of agents (s), shape (groups, intervals)."""
    heads = np.array([g.scheduled for g in model.groups]).reshape(-1, model.intervals)
    return np.asarray(heads * measured_time(model))


def _overtime(model: Model, states: States) -> Floats:
    """Return overtime (s) by group and interval, flat."""
    size = len(model.groups) * model.intervals
    begin = np.where(states.overtime == 1, states.start, np.maximum(states.start, model.horizon))
    begin = np.maximum(begin, model.measure_from)
    late = begin < states.end
    row, at, length = _cut_at_intervals(begin[late], states.end[late], model.interval_s)
    cell = states.group[late][row] * model.intervals + np.minimum(at, model.intervals - 1)
    return np.bincount(cell, length, minlength=size).astype(np.float64)


def _cut_at_intervals(start: Floats, end: Floats, width: float) -> tuple[Ints, Ints, Floats]:
    """Cut periods at interval bounds: row of origin, interval and length (s) of each piece."""
    first = np.floor(start / width).astype(np.int64)
    last = np.maximum(np.ceil(end / width).astype(np.int64) - 1, first)
    pieces = last - first + 1
    row = np.repeat(np.arange(start.size), pieces)
    offset = np.arange(row.size) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    at = first[row] + offset
    # Instants are rounded, not lengths: however time is cut, the pieces add up to the whole.
    until = in_ticks(np.minimum(end[row], (at + 1) * width))
    return row, at, until - in_ticks(np.maximum(start[row], at * width))
