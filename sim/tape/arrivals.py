"""When issues are born: at each queue on each day, and those of the backlog at the start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.compile_cache import compiled_when_called
from sim.model import Floats, Ints, Model
from sim.streams import RandomStreams
from sim.tape.uniforms import fill, fill_streams


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
    """Instants of birth of the issues of all parts.

    Attributes
    ----------
    values : ndarray
        Instants (s), ascending within a part.
    first, count : ndarray of int64, shape (parts,)
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
        self._known = {k: instants for k, instants in known.items() if instants is not None}
        drawn = [k for k in range(len(parts)) if k not in self._known]
        exact = [k for k in drawn if model.queues[parts[k].queue].demand.exact]
        self._exact = _ExactArrivals(model, [parts[k] for k in exact], edges)
        poisson = [k for k in drawn if k not in set(exact)]
        self._poisson = _PoissonArrivals(model, [parts[k] for k in poisson], edges)
        self._known_values = np.concatenate([np.empty(0), *self._known.values()])
        known_counts = [instants.size for instants in self._known.values()]
        self._fixed_counts = np.array(known_counts + self._exact.counts, np.int64)
        self._order = np.argsort([*self._known, *exact, *poisson])

    def draw(self, streams: RandomStreams, busy: Floats) -> Instants:
        """Return the instants of one replication.

        Parameters
        ----------
        streams : RandomStreams
        busy : ndarray, shape (days, queues)
            Factors of the expected volume.
        """
        exact = self._exact.draw(streams)
        poisson = self._poisson.draw(streams, busy)
        fixed = self._known_values.size + exact.size
        fixed_first = np.cumsum(self._fixed_counts) - self._fixed_counts
        first = np.concatenate([fixed_first, fixed + poisson.first])[self._order]
        count = np.concatenate([self._fixed_counts, poisson.count])[self._order]
        if not fixed:
            return Instants(poisson.values, first, count)
        return Instants(np.concatenate([self._known_values, exact, poisson.values]), first, count)


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
        self.counts = [starts.size for starts in self._starts]

    def draw(self, streams: RandomStreams) -> Floats:
        """Return the instants of all parts, one after the other."""
        values = fill_streams(streams, self._names, self.counts)
        last = 0
        for starts in self._starts:
            first, last = last, last + starts.size
            values[first:last] = np.sort(starts + values[first:last] * self._interval_s)
        return values


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

    def draw(self, streams: RandomStreams, busy: Floats) -> Instants:
        """Return the instants; arguments as for :meth:`ArrivalDrawer.draw`."""
        totals = np.zeros((len(self._expected), self._expected.shape[1] + 1))
        expected = self._expected * busy[self._day, self._queue][:, None]
        np.cumsum(expected, axis=1, out=totals[:, 1:])
        enough = _enough(totals[:, -1])
        ends, count = np.cumsum(enough), np.empty_like(enough)
        values = np.empty(int(enough.sum()))
        fill(streams.stream_keys(self._names), ends, streams.mirrored, values)
        np.log1p(np.negative(values, out=values), out=values)
        read_on_clock(values, ends, totals, self._edges, self._day, count)
        return self._completed(streams, totals, Instants(values, ends - enough, count))

    def _completed(self, streams: RandomStreams, totals: Floats, found: Instants) -> Instants:
        """Replace the instants of the parts, marked by a count of -1, with too few numbers."""
        for k in np.flatnonzero(found.count < 0):
            more = _drawn_further(streams, self._names[k], totals[k], self._edges[self._day[k]])
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
