"""The tape by its definition, stream by stream with NumPy's generators: slow and easy to read."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from sim.distributions import DistributionByInterval, TimeDistribution
from sim.model import Demand, Model, Queue
from sim.streams import GOLDEN, RandomStreams, Uniforms

COLUMNS = ("queue", "born", "backlog", "keys", "talk", "hold", "wrap", "patience")


TIMES = ("talk", "hold", "wrap", "patience")


def plain_columns(model: Model, streams: RandomStreams) -> dict[str, list[Any]]:
    """Return the columns of a tape."""
    found: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for number, queue in enumerate(model.queues):
        factors = _busyness(model, queue, streams)
        days = [_day(model, queue, day, factors[day], streams) for day in range(model.days)]
        for part, born in [("backlog", np.zeros(queue.demand.backlog)), *enumerate(days)]:
            name = f"queue/{queue.name}/{part}"
            found["queue"] += [number] * born.size
            found["born"] += born.tolist()
            found["backlog"] += [part == "backlog"] * born.size
            found["keys"] += contact_keys(streams.key(name), born.size).tolist()
            for purpose in TIMES:
                rng = streams.stream(f"{name}/{purpose}")
                times = _times(model, getattr(queue, purpose), born, rng)
                if purpose in ("talk", "hold"):
                    times = times * _talk_factors(model, queue, streams, born)
                if part != "backlog":
                    times = _recorded(queue.demand, purpose, born, times)
                found[purpose] += times.tolist()
    order = np.argsort(found["born"], kind="stable")
    return {name: [column[k] for k in order] for name, column in found.items()}


def _times(model: Model, distribution: TimeDistribution, born: Any, rng: Uniforms) -> Any:
    if not isinstance(distribution, DistributionByInterval):
        return distribution.sample(rng, born.size)
    intervals = np.minimum(born // model.interval_s, model.intervals - 1).astype(int).tolist()
    of_each = (distribution.at(interval) for interval in intervals)
    pairs = zip(of_each, rng.random(born.size), strict=True)
    return np.array([float(one.quantiles(np.array([u]))[0]) for one, u in pairs])


def _innovations(model: Model, queue: Queue, streams: RandomStreams) -> Any:
    normals = [
        special.ndtri(streams.stream(name).random(model.days))
        for name in ("busyness", f"busyness/{queue.name}")
    ]
    shared = model.busyness.shared
    return np.sqrt(shared) * normals[0] + np.sqrt(1 - shared) * normals[1]


def _with_memory(innovations: Any, memory: float) -> Any:
    found = [innovations[0]]
    for new in innovations[1:]:
        found.append(memory * found[-1] + np.sqrt(1 - memory**2) * new if memory else new)
    return np.array(found)


def _lognormal(cv: float, score: Any) -> Any:
    sigma = np.sqrt(np.log1p(cv**2))
    return np.exp(sigma * score - sigma**2 / 2)


def _busyness(model: Model, queue: Queue, streams: RandomStreams) -> Any:
    factor = model.busyness
    if factor.cv == 0:
        return np.ones(model.days)
    score = _with_memory(_innovations(model, queue, streams), factor.memory)
    if factor.lognormal:
        return _lognormal(factor.cv, score)
    shape = factor.cv**-2
    return special.gammaincinv(shape, special.ndtr(score)) / shape


def _talk_factors(model: Model, queue: Queue, streams: RandomStreams, born: Any) -> Any:
    talk, busy = model.talk_variation, model.busyness
    days = np.minimum(born // model.day_s, model.days - 1).astype(int)
    level = _talk_levels(model, streams)[days]
    if talk.cv == 0:
        return level
    a, b = busy.memory, talk.memory
    part = talk.correlation * (1 - a * b) / np.sqrt((1 - a**2) * (1 - b**2)) if busy.cv else 0.0
    own = special.ndtri(streams.stream("talk_variation").random(model.days))
    both = part * _innovations(model, queue, streams) + np.sqrt(max(1 - part**2, 0.0)) * own
    factors = _lognormal(talk.cv, _with_memory(both, talk.memory))
    return factors[days] * level


def _talk_levels(model: Model, streams: RandomStreams) -> Any:
    """Return a level for each day: known some days before the first, then a random walk."""
    talk = model.talk_variation
    if talk.level_change == 0:
        return np.ones(model.days)
    found, at, before = [], 0.0, 0.0
    for day, new in enumerate(special.ndtri(streams.stream("talk_level").random(model.days))):
        variance = np.log1p(talk.level_change**2) * (talk.level_days + day)
        at += np.sqrt(variance - before) * new
        found.append(np.exp(at - variance / 2))
        before = variance
    return np.array(found)


def _day(model: Model, queue: Queue, day: int, busy: float, streams: RandomStreams) -> Any:
    demand, per_day = queue.demand, model.intervals // model.days
    if demand.recorded is not None:
        begin, end = day * model.day_s, (day + 1) * model.day_s
        return demand.recorded[(demand.recorded >= begin) & (demand.recorded < end)]
    expected = demand.expected[day * per_day : (day + 1) * per_day]
    edges = day * model.day_s + np.arange(per_day + 1) * model.interval_s
    rng = streams.stream(f"queue/{queue.name}/{day}/arrivals")
    if demand.exact:
        starts = np.repeat(edges[:-1], np.rint(expected).astype(int))
        return np.sort(starts + rng.random(starts.size) * model.interval_s)
    return _poisson_instants(rng, np.concatenate([[0.0], np.cumsum(expected * busy)]), edges)


def _poisson_instants(rng: Uniforms, total: Any, edges: Any) -> Any:
    """Return the events of a unit Poisson process on the clock of a cumulated expectation."""
    ticks = np.zeros(1)
    while ticks[-1] < total[-1]:
        left = total[-1] - ticks[-1]
        gaps = -np.log1p(-rng.random(int(left + 6 * np.sqrt(left) + 10)))
        ticks = np.concatenate([ticks, ticks[-1] + np.cumsum(gaps)])
    return np.interp(ticks[1:][ticks[1:] < total[-1]], total, edges)


def _recorded(demand: Demand, purpose: str, born: Any, drawn: Any) -> Any:
    actual = {"talk": demand.recorded_talk, "patience": demand.recorded_patience}.get(purpose)
    if demand.recorded is None or actual is None or not born.size:
        return drawn
    known = actual[int(np.searchsorted(demand.recorded, born[0])) :][: born.size]
    return np.where(np.isnan(known), drawn, known)


def contact_keys(key: int, count: int) -> npt.NDArray[np.uint64]:
    """Return the keys of a stream's contacts, shape (count,)."""
    z = np.uint64(key) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(GOLDEN)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
