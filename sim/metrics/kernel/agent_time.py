"""Time in intervals, compiled: the twin of :mod:`sim.metrics.agent_time`."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.engine.kernel.jit import compiled
from sim.log import State
from sim.metrics.tally_fields import TICK_S, WAIT_EDGES, TimeSum

FROM, WIDTH, HORIZON, INTERVALS = range(4)
"""Places in ``span``: end of the warm-up (s), length of an interval (s), end of the horizon (s),
number of intervals."""

_PER_S, _EDGES = 1.0 / TICK_S, WAIT_EDGES
_FINE = int(np.searchsorted(WAIT_EDGES, 60.0))  # classes of half a second up to here
_TALKING, _LOAD, _OVERTIME = int(State.TALKING), int(TimeSum.LOAD), int(TimeSum.OVERTIME)


@compiled
def ticks(seconds: float) -> float:
    """Return a time (s) as the nearest multiple of a tick."""
    return float(np.rint(seconds * _PER_S) * TICK_S)


@compiled
def add(sums: npt.NDArray[np.float64], name: int, column: int, value: float) -> None:
    """Add a value to a sum: statements in place would take the compiler twice as long."""
    sums[name, column] += value


@compiled
def interval_of(instant: float, span: npt.NDArray[np.float64]) -> int:
    """Return the interval in which an instant (s) falls, the last one for later ones."""
    return int(max(0, min(math.floor(instant / span[WIDTH]), int(span[INTERVALS]) - 1)))


@compiled
def class_of(seconds: float) -> int:
    """Return the class of a wait."""
    if seconds <= 60.0:
        return int(max(0, math.ceil(2.0 * seconds)))
    low, high = _FINE, len(_EDGES) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if _EDGES[middle] < seconds:
            low = middle
        else:
            high = middle
    return high


@compiled
def add_time(
    sums: npt.NDArray[np.float64], name: int, group: int, start: float, end: float, load: float,
    span: npt.NDArray[np.float64],
) -> None:  # fmt: skip
    """Add the time from start to end (s) to its intervals; the last one takes what is later.

    With a load, the number of active contacts times the time is added too.
    """
    width, last = span[WIDTH], int(span[INTERVALS]) - 1
    at = math.floor(start / width)
    row = group * (last + 1)
    begin = ticks(start)
    while True:
        boundary = (at + 1) * width
        until = ticks(min(end, boundary))
        column, length = row + min(at, last), until - begin
        sums[name, column] += length
        if load > 0.0:
            sums[_LOAD, column] += load * length
        if end <= boundary:
            return
        begin = until
        at += 1


@compiled
def sum_state(
    sums: npt.NDArray[np.float64], group: int, state: int, load: int, overtime: int,
    start: float, end: float, span: npt.NDArray[np.float64],
) -> None:  # fmt: skip
    """Add the time of a state of an agent: by its kind within the schedule, else as overtime."""
    begin, until = max(start, span[FROM]), min(end, span[HORIZON])
    if overtime == 0 and begin < until:
        add_time(sums, state, group, begin, until, float(load) if state == _TALKING else 0.0, span)
    late = start if overtime == 1 else max(start, span[HORIZON])
    late = max(late, span[FROM])
    if late < end:
        add_time(sums, _OVERTIME, group, late, end, 0.0, span)
