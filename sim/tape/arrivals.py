"""When issues are born: at each queue on each day, and those of the backlog at the start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.compile_cache import compiled_when_called
from sim.model import Floats, Ints, Model
from sim.streams import RandomStreams, stream_keys
from sim.tape.uniforms import fill, fill_streams, mirrored_streams


@dataclass(frozen=True)
class Part:
    """Issues whose numbers come from the same streams: a queue's backlog, or those of one day.

    Attributes
    ----------
    queue : int
    day : int
        -1 for the backlog.
    name : str
        What the names of its streams begin with.
    """

    queue: int
    day: int
    name: str


def parts_of(model: Model) -> list[Part]:
    """Return the parts of all queues: queue by queue, the backlog before the days."""
    return [
        Part(number, day, f"queue/{queue.name}/{'backlog' if day < 0 else day}")
        for number, queue in enumerate(model.queues)
        for day in range(-1 if queue.demand.backlog else 0, model.days)
    ]


@dataclass(frozen=True)
class Instants:
    """Instants of birth of the issues of all parts in some replications.

    Attributes
    ----------
    values : ndarray
        Instants (s), ascending within a part.
    first, count : ndarray of int64, shape (replications, parts)
        Where in ``values`` the instants of a part begin, and how many there are.
    """

    values: Floats
    first: Ints
    count: Ints


class ArrivalDrawer:
    """Draws the instants of birth of all parts of a model.

    Parameters
    ----------
    model : Model
    parts : list of Part
    """

    def __init__(self, model: Model, parts: list[Part]) -> None:
        per_day = model.intervals // model.days
        days = np.arange(model.days)[:, None]
        edges = days * model.day_s + np.arange(per_day + 1) * model.interval_s
        known = {k: _known_instants(model, part) for k, part in enumerate(parts)}
        fixed = {k: instants for k, instants in known.items() if instants is not None}
        drawn = [k for k in range(len(parts)) if k not in fixed]
        exact = [k for k in drawn if model.queues[parts[k].queue].demand.exact]
        self._exact = _ExactArrivals(model, [parts[k] for k in exact], edges)
        poisson = [k for k in drawn if k not in set(exact)]
        self._poisson = _PoissonArrivals(model, [parts[k] for k in poisson], edges)
        count = np.array([[instants.size for instants in fixed.values()]], np.int64)
        values = np.concatenate([np.empty(0), *fixed.values()])
        self._known = Instants(values, np.cumsum(count, axis=1) - count, count)
        self._order = np.argsort([*fixed, *exact, *poisson])

    def draw(self, replications: Sequence[RandomStreams], busy: Floats) -> Instants:
        """Return the instants of some replications; known ones stand there once for all.

        Parameters
        ----------
        replications : sequence of RandomStreams
        busy : ndarray, shape (replications, days, queues)
            Factors of the expected volume.
        """
        exact = self._exact.draw(replications)
        poisson = self._poisson.draw(replications, busy)
        values, firsts, counts, before = [], [], [], 0
        for some in (self._known, exact, poisson):
            shape = len(replications), some.count.shape[1]
            firsts.append(np.broadcast_to(some.first + before, shape))
            counts.append(np.broadcast_to(some.count, shape))
            before += some.values.size
            if some.values.size:
                values.append(some.values)
        return Instants(
            values[0] if len(values) == 1 else np.concatenate([np.empty(0), *values]),
            np.concatenate(firsts, axis=1).take(self._order, axis=1),
            np.concatenate(counts, axis=1).take(self._order, axis=1),
        )


def _known_instants(model: Model, part: Part) -> Floats | None:
    """Return the instants that are not drawn: of the backlog, or recorded ones."""
    demand = model.queues[part.queue].demand
    if part.day < 0:
        return np.zeros(demand.backlog)
    if demand.recorded is None:
        return None
    ends = part.day * model.day_s, (part.day + 1) * model.day_s
    first, last = np.searchsorted(demand.recorded, ends)
    return demand.recorded[first:last]


class _ExactArrivals:
    """Arrivals in exact numbers, anywhere within their interval."""

    def __init__(self, model: Model, parts: list[Part], edges: Floats) -> None:
        self._names = [f"{part.name}/arrivals" for part in parts]
        self._interval_s = model.interval_s
        counts = [np.rint(_expected(model, part)).astype(np.int64) for part in parts]
        self._starts = [
            np.repeat(edges[part.day, :-1], count)
            for part, count in zip(parts, counts, strict=True)
        ]
        self._counts = np.array([starts.size for starts in self._starts], np.int64)

    def draw(self, replications: Sequence[RandomStreams]) -> Instants:
        """Return the instants of all parts in some replications."""
        values = fill_streams(replications, self._names, self._counts)
        ends = np.cumsum(self._counts)
        for starts, end in zip(self._starts, ends.tolist(), strict=True):
            part = values[:, end - starts.size : end]
            part[:] = np.sort(starts + part * self._interval_s, axis=1)
        first = np.arange(len(values))[:, None] * values.shape[1] + ends - self._counts
        return Instants(values.ravel(), first, self._counts[None])


class _PoissonArrivals:
    """A Poisson process of unit rate, read on the clock of the cumulated expectation.

    So contact number k keeps its place in the day when the volume changes.
    """

    def __init__(self, model: Model, parts: list[Part], edges: Floats) -> None:
        self._names = [f"{part.name}/arrivals" for part in parts]
        self._queue = np.array([part.queue for part in parts], np.int64)
        self._day = np.array([part.day for part in parts], np.int64)
        self._edges = edges
        per_day = edges.shape[1] - 1
        self._expected = np.empty((len(parts), per_day))
        for row, part in zip(self._expected, parts, strict=True):
            row[:] = _expected(model, part)

    def draw(self, replications: Sequence[RandomStreams], busy: Floats) -> Instants:
        """Return the instants; arguments as for :meth:`ArrivalDrawer.draw`."""
        runs, (parts, per_day) = len(replications), self._expected.shape
        totals = np.zeros((runs, parts, per_day + 1))
        expected = self._expected * busy[:, self._day, self._queue, None]
        np.cumsum(expected, axis=2, out=totals[:, :, 1:])
        totals = totals.reshape(-1, per_day + 1)
        enough = _enough(totals[:, -1])
        ends, count = np.cumsum(enough), np.empty_like(enough)
        values = np.empty(int(enough.sum()))
        keys = stream_keys(replications, self._names).reshape(-1, 2)
        fill(keys, ends, mirrored_streams(replications, parts), values)
        np.log1p(np.negative(values, out=values), out=values)
        read_on_clock(values, ends, totals, self._edges, np.tile(self._day, runs), count)
        found = self._completed(replications, totals, Instants(values, ends - enough, count))
        return Instants(found.values, found.first.reshape(runs, -1), found.count.reshape(runs, -1))

    def _completed(
        self, replications: Sequence[RandomStreams], totals: Floats, found: Instants
    ) -> Instants:
        """Replace the instants of the parts, marked by a count of -1, with too few numbers."""
        for k in np.flatnonzero(found.count < 0).tolist():
            replication, part = divmod(k, len(self._names))
            edges = self._edges[self._day[part]]
            more = _drawn_further(replications[replication], self._names[part], totals[k], edges)
            found.first[k], found.count[k] = found.values.size, more.size
            found = Instants(np.concatenate([found.values, more]), found.first, found.count)
        return found


def _expected(model: Model, part: Part) -> Floats:
    """Return the expected volume of a part by interval of its day."""
    per_day = model.intervals // model.days
    return model.queues[part.queue].demand.expected[part.day * per_day :][:per_day]


def _enough(expected: Floats) -> Ints:
    """Return how many numbers are as good as always enough for an expected volume."""
    numbers = np.where(expected > 0, expected + 6 * np.sqrt(expected) + 10, 0)
    return numbers.astype(np.int64)


def _drawn_further(streams: RandomStreams, name: str, total: Floats, edges: Floats) -> Floats:
    """Return the instants of a part, from as many numbers as it takes."""
    rng = streams.stream(name)
    ticks = np.zeros(1)
    while ticks[-1] < total[-1]:
        further = np.cumsum(-np.log1p(-rng.random(int(_enough(total[-1] - ticks[-1])))))
        ticks = np.concatenate([ticks, ticks[-1] + further])
    return np.asarray(np.interp(ticks[1:][ticks[1:] < total[-1]], total, edges))


@compiled_when_called
def read_on_clock(
    gaps: Floats, ends: Ints, totals: Floats, edges: Floats, day: Ints, count: Ints
) -> None:
    """Turn the gaps of unit Poisson processes into instants, in place.

    Parameters
    ----------
    gaps : ndarray
        Negative gaps between the events of one process after the other; replaced from the first
        on by the instants (s).
    ends : ndarray of int64, shape (processes,)
        Where the gaps of each process end.
    totals : ndarray, shape (processes, edges)
        Cumulated expectation at the edges of the intervals.
    edges : ndarray, shape (days, edges)
        Instants (s) of the edges.
    day : ndarray of int64, shape (processes,)
    count : ndarray of int64, shape (processes,)
        Filled with the number of instants, -1 where the gaps did not reach the end.
    """
    first = 0
    for process in range(len(ends)):
        total, edge = totals[process], edges[day[process]]
        last = total[-1]
        interval, tick, next_total, slope = 0, 0.0, 0.0, 0.0
        count[process] = -1 if last > 0 else 0
        for k in range(first, ends[process]):
            tick -= gaps[k]
            if tick >= last:
                count[process] = k - first
                break
            if tick >= next_total:
                while total[interval + 1] <= tick:
                    interval += 1
                next_total = total[interval + 1]
                slope = (edge[interval + 1] - edge[interval]) / (next_total - total[interval])
            gaps[k] = slope * (tick - total[interval]) + edge[interval]
        first = ends[process]
