"""Work and patience of each issue's first contact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.distributions import DistributionByInterval, TimeDistribution
from sim.model import Floats, Ints, Model, Queue
from sim.streams import RandomStreams, Words, stream_keys
from sim.tape.arrivals import Instants, Part
from sim.tape.uniforms import fill

TIMES = "talk", "hold", "wrap", "patience"
AT_A_TIME = 2**14
"""How many times are computed together, so that intermediate results stay in the cache."""


@dataclass(frozen=True)
class FirstContacts:
    """The times of all queues in some replications, in the order of each queue's own issues.

    Attributes
    ----------
    values : ndarray
        Times (s).
    first : ndarray of int64, shape (replications, queues, len(TIMES))
        Where in ``values`` the time of a queue's first issue stands.
    step : ndarray of int64, shape (queues, len(TIMES))
        How far the next one is: 1, or 0 where all issues have the same time.
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
    parts: list[int]
    actual: Floats | None


class FirstContactDrawer:
    """Draws the times of a model's first contacts.

    Parameters
    ----------
    model : Model
    parts : list of Part
    """

    def __init__(self, model: Model, parts: list[Part]) -> None:
        self._model = model
        shape = len(model.queues), len(TIMES)
        self._first, self._step = np.zeros(shape, np.int64), np.ones(shape, np.int64)
        self._drawn: list[_Drawn] = []
        self._names: list[str] = []
        fixed: list[Floats] = [np.empty(0)]
        for number, queue in enumerate(model.queues):
            own = [k for k, part in enumerate(parts) if part.queue == number]
            for kind, name in enumerate(TIMES):
                distribution: TimeDistribution = getattr(queue, name)
                actual = _actual(model, queue, name)
                times = _fixed_times(actual, distribution.constant)
                if times is None:
                    self._names += [f"{parts[k].name}/{name}" for k in own]
                    self._drawn.append(_Drawn(number, kind, distribution, own, actual))
                    continue
                self._first[number, kind] = sum(one.size for one in fixed)
                self._step[number, kind] = 0 if actual is None else 1
                fixed.append(times)
        self._fixed = np.concatenate(fixed)

    def draw(self, replications: Sequence[RandomStreams], instants: Instants) -> FirstContacts:
        """Return the times of some replications.

        Parameters
        ----------
        replications : sequence of RandomStreams
        instants : Instants
            When the issues of each part are born.
        """
        first = np.tile(self._first, (len(replications), 1, 1))
        if not self._drawn:
            return FirstContacts(self._fixed, first, self._step)
        keys, counts, ends = self._streams(replications, instants.count)
        fixed, mirrored = self._fixed.size, [streams.mirrored for streams in replications]
        values = np.empty(fixed + int(ends[-1]))
        values[:fixed] = self._fixed
        fill(keys, ends, np.concatenate([np.repeat(mirrored, n.shape[1]) for n in counts]),
             values[fixed:])  # fmt: skip
        last = fixed
        for one, of_parts in zip(self._drawn, counts, strict=True):
            sizes = of_parts.sum(axis=1)
            begins = last + np.cumsum(sizes) - sizes
            first[:, one.queue, one.kind] = begins
            begin, last = last, last + int(sizes.sum())
            _to_times(one, values[begin:last], self._intervals(one, instants))
        return FirstContacts(values, first, self._step)

    def lengthen(
        self, work: Floats, queue: Ints, born: Floats, first: Ints, talk_factor: Floats
    ) -> None:
        """Multiply talk and hold by the factor of the day of birth, recorded talk excepted.

        Parameters
        ----------
        work : ndarray, shape (issues, len(TIMES))
            Changed in place.
        queue, born : ndarray, shape (issues,)
            Issues of one replication after the other.
        first : ndarray of int64, shape (replications + 1,)
            Where the issues of each replication begin.
        talk_factor : ndarray, shape (replications, days, queues)
        """
        replication = np.repeat(np.arange(len(first) - 1), np.diff(first))
        factor = talk_factor[replication, self._model.day_of(born), queue]
        work[:, 1] *= factor
        for number, one in enumerate(self._model.queues):
            actual = _actual(self._model, one, "talk")
            if actual is not None:
                known = np.tile(~np.isnan(actual), len(first) - 1)
                factor[np.flatnonzero(queue == number)[known]] = 1.0
        work[:, 0] *= factor

    def _intervals(self, drawn: _Drawn, instants: Instants) -> Ints | None:
        """Return the intervals of birth of a queue's issues, where their times differ by it."""
        if not isinstance(drawn.distribution, DistributionByInterval):
            return None
        count = instants.count[:, drawn.parts].ravel()
        begins = instants.first[:, drawn.parts].ravel() - (np.cumsum(count) - count)
        places = np.arange(int(count.sum())) + np.repeat(begins, count)
        return self._model.interval_of(instants.values[places])

    def _streams(
        self, replications: Sequence[RandomStreams], count: Ints
    ) -> tuple[Words, list[Ints], Ints]:
        """Return keys, counts and ends of all streams; those of one kind of time stand together.

        The counts, shape (replications, parts of the queue), are by what is drawn.
        """
        counts = [count[:, one.parts] for one in self._drawn]
        keys = stream_keys(replications, self._names)
        before = np.cumsum([0, *(len(one.parts) for one in self._drawn)]).tolist()
        together = [keys[:, a:b].reshape(-1, 2) for a, b in pairwise(before)]
        return (
            np.concatenate(together),
            counts,
            np.cumsum(np.concatenate([n.ravel() for n in counts])),
        )


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


def _to_times(drawn: _Drawn, numbers: Floats, intervals: Ints | None) -> None:
    """Replace uniform numbers by the times that they stand for, in the intervals of birth."""
    for begin in range(0, numbers.size, AT_A_TIME):
        some = numbers[begin : begin + AT_A_TIME]
        if intervals is None:
            some[:] = drawn.distribution.quantiles(some)
        else:
            own = intervals[begin : begin + AT_A_TIME]
            some[:] = drawn.distribution.quantiles_at(own, some)
    if drawn.actual is not None:
        of_each = numbers.reshape(-1, drawn.actual.size)
        np.copyto(of_each, drawn.actual, where=~np.isnan(drawn.actual))
