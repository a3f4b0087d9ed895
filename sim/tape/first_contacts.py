"""Work and patience of each issue's first contact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.distributions import TimeDistribution
from sim.model import Floats, Ints, Model, Queue
from sim.streams import RandomStreams
from sim.tape.arrivals import Part
from sim.tape.uniforms import fill

TIMES = "talk", "hold", "wrap", "patience"
AT_A_TIME = 2**14
"""How many times are computed together, so that intermediate results stay in the cache."""


@dataclass(frozen=True)
class FirstContacts:
    """The times of all queues, in the order of each queue's own issues.

    Attributes
    ----------
    values : ndarray
        Times (s).
    first, step : ndarray of int64, shape (queues, len(TIMES))
        Where in ``values`` the time of a queue's first issue stands, and how far the next one is:
        1, or 0 where all issues have the same time.
    """

    values: Floats
    first: Ints
    step: Ints


@dataclass(frozen=True)
class _Drawn:
    """Times of one kind of one queue that are drawn."""

    queue: int
    kind: int
    distribution: TimeDistribution
    parts: slice
    names: list[str]
    actual: Floats | None


class FirstContactDrawer:
    """Draws the times of a model's first contacts.

    Parameters
    ----------
    model : Model
    parts : list of Part
    """

    def __init__(self, model: Model, parts: list[Part]) -> None:
        shape = len(model.queues), len(TIMES)
        self._first, self._step = np.zeros(shape, np.int64), np.ones(shape, np.int64)
        self._drawn: list[_Drawn] = []
        fixed: list[Floats] = [np.empty(0)]
        for number, queue in enumerate(model.queues):
            own = [k for k, part in enumerate(parts) if part.queue == number]
            for kind, name in enumerate(TIMES):
                distribution: TimeDistribution = getattr(queue, name)
                actual = _actual(model, queue, name)
                times = _fixed_times(actual, distribution.constant)
                if times is None:
                    names = [f"{parts[k].name}/{name}" for k in own]
                    span = slice(own[0], own[-1] + 1)
                    self._drawn.append(_Drawn(number, kind, distribution, span, names, actual))
                    continue
                self._first[number, kind] = sum(one.size for one in fixed)
                self._step[number, kind] = 0 if actual is None else 1
                fixed.append(times)
        self._fixed = np.concatenate(fixed)
        self._names = [name for one in self._drawn for name in one.names]

    def draw(self, streams: RandomStreams, count: Ints) -> FirstContacts:
        """Return the times of one replication.

        Parameters
        ----------
        streams : RandomStreams
        count : ndarray of int64, shape (parts,)
            Issues of each part.
        """
        first = self._first.copy()
        if not self._drawn:
            return FirstContacts(self._fixed, first, self._step)
        ends = np.cumsum(np.concatenate([count[one.parts] for one in self._drawn]))
        fixed = self._fixed.size
        values = np.empty(fixed + int(ends[-1]))
        values[:fixed] = self._fixed
        fill(streams.stream_keys(self._names), ends, streams.mirrored, values[fixed:])
        last = fixed
        for one in self._drawn:
            begin, last = last, last + int(count[one.parts].sum())
            first[one.queue, one.kind] = begin
            _to_times(one, values[begin:last])
        return FirstContacts(values, first, self._step)


def _actual(model: Model, queue: Queue, name: str) -> Floats | None:
    """Return the recorded times of a queue within the horizon; NaN is to be drawn."""
    demand = queue.demand
    times = {"talk": demand.recorded_talk, "patience": demand.recorded_patience}.get(name)
    if demand.recorded is None or times is None:
        return None
    first, last = np.searchsorted(demand.recorded, [0.0, model.days * model.day_s])
    return np.concatenate([np.full(demand.backlog, np.nan), times[first:last]])


def _fixed_times(actual: Floats | None, constant: float | None) -> Floats | None:
    """Return times that need no draws, a single one where all are the same; None: draw them."""
    if actual is None:
        return None if constant is None else np.array([constant])
    if constant is None and np.isnan(actual).any():
        return None
    return np.where(np.isnan(actual), constant or 0.0, actual)


def _to_times(drawn: _Drawn, numbers: Floats) -> None:
    """Replace uniform numbers by the times that they stand for."""
    for begin in range(0, numbers.size, AT_A_TIME):
        some = numbers[begin : begin + AT_A_TIME]
        some[:] = drawn.distribution.quantiles(some)
    if drawn.actual is not None:
        np.copyto(numbers, drawn.actual, where=~np.isnan(drawn.actual))
