"""Coverage of the confidence intervals of estimates from call logs.

Many worlds are simulated whose parameters are known, apart from the engines
(:mod:`verification.known_center`) or as arrays; their logs are estimated from, and the 95 %
confidence intervals should hold the true parameter in 93 to 97 of 100.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from zlib import crc32

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.agent_differences import agent_speeds
from sim.history.estimation.arrival_rates import arrival_table, counts_by_interval
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate
from sim.history.estimation.day_variation import (
    correlation,
    shared_part,
    talk_variation,
    volume_variation,
)
from sim.history.estimation.duration_models import duration_model
from sim.history.estimation.gap_after_contact import gap_estimate, waiting_gaps
from sim.history.estimation.issue_records import issue_records
from sim.history.estimation.patience_curve import patience_curve
from sim.history.estimation.patience_models import patience_models
from sim.history.estimation.repeat_calls import repeat_calls
from sim.history.estimation.satisfaction_fit import fit_satisfaction
from sim.history.estimation.service_order import OrderPairs, service_order
from verification.known_center import KnownCenter, simulate_center

WORLDS = 500
BLOCK = 10
AROUND = 0.02
"""How far from 95 % the coverage may be in a thousand worlds; farther in fewer."""
DAY = 86_400.0

World = Callable[[int], Mapping[str, tuple[DayEstimate, float]]]
"""Returns estimates by name, each with the true value, of the world with a seed."""


@dataclass(frozen=True, slots=True)
class EstimateCoverage:
    """How often the confidence intervals of one estimate hold the true value.

    Attributes
    ----------
    world, name : str
    true : float
        The true value, or its mean where it is drawn anew in each world.
    mean : float
        Mean of the estimates.
    worlds, hits : int
    """

    world: str
    name: str
    true: float
    mean: float
    worlds: int
    hits: int

    @property
    def share(self) -> float:
        """Share of the worlds whose confidence interval holds the true value."""
        return self.hits / self.worlds

    @property
    def agrees(self) -> bool:
        """Whether the coverage is close enough to 95 %."""
        return abs(self.share - 0.95) <= AROUND * max(1.0, float((1000 / self.worlds) ** 0.5))


def estimate_checks(quick: bool = False, workers: int | None = None) -> Iterator[EstimateCoverage]:
    """Measure the coverage of all estimates.

    Where it is too low or too high, four times as many other worlds are simulated, and that result
    counts.

    Parameters
    ----------
    quick : bool
        With an eighth of the worlds.
    workers : int, optional
        Processes; one for each core unless passed.
    """
    count = WORLDS // 8 if quick else WORLDS
    for name in studied():
        coverage = list(_coverage(name, count, workers))
        if not all(one.agrees for one in coverage):
            coverage = list(_coverage(name, 4 * count, workers, rerun=True))
        yield from coverage


def _coverage(
    name: str, count: int, workers: int | None, rerun: bool = False
) -> Iterator[EstimateCoverage]:
    from joblib import Parallel, delayed

    # Seeds depend on the name, so that worlds are independent and reproducible.
    first = crc32(f"{name}{', rerun' if rerun else ''}".encode())
    blocks = [range(k, min(k + BLOCK, count)) for k in range(0, count, BLOCK)]
    pool = Parallel(n_jobs=-1 if workers is None else workers)
    found = pool(delayed(_estimates)(name, first, block) for block in blocks)
    yield from _counted(name, [world for block in found for world in block])


def _estimates(name: str, first: int, numbers: range) -> list[dict[str, tuple[bool, float, float]]]:
    world = studied()[name]
    return [
        {
            key: (estimate.contains(true), estimate.value, true)
            for key, (estimate, true) in world(first + number).items()
        }
        for number in numbers
    ]


def _counted(
    name: str, worlds: list[dict[str, tuple[bool, float, float]]]
) -> Iterator[EstimateCoverage]:
    for key in worlds[0]:
        rows = [world[key] for world in worlds if key in world]
        hits, values, truths = zip(*rows, strict=True)
        yield EstimateCoverage(
            name, key, float(np.mean(truths)), float(np.nanmean(values)), len(rows), sum(hits)
        )


@cache
def studied() -> dict[str, World]:
    """Return the worlds by name."""
    return {
        "center": _center,
        "agents": _agents,
        "days": _days,
        "order": _order,
        "customers": _customers,
        "answers": _answers,
    }


def _center(seed: int) -> dict[str, tuple[DayEstimate, float]]:
    """Return estimates of eight weeks of a center that is short of agents."""
    center = KnownCenter(
        days=40, agents=4, per_hour=60.0, volume_cv=0.1, talk_day_cv=0.08, patience_mean=200.0,
        balk=0.05, gap_mean=36.0, gap_cv=1.5, gap_zero=0.2,
    )  # fmt: skip
    log = simulate_center(center, seed)
    bootstrap, weekday = DayBootstrap(log.day), np.arange(center.days) % 5
    counts = counts_by_interval(log.day, log.offered, center.days)
    table = arrival_table(counts, weekday)
    met = (log.wait > 0) | log.abandoned
    rows = np.flatnonzero(met)
    curve = patience_curve(log.wait[met], log.abandoned[met], rows, bootstrap)
    models = patience_models(log.wait[met], log.abandoned[met], rows, bootstrap, cured=False)
    mean = next(one.mean for one in models if one.family == "exponential")
    answered = np.flatnonzero(~log.abandoned)
    talk = duration_model(log.talk[answered], answered, bootstrap)
    gaps = waiting_gaps(log.instant, log.wait, log.agent, log.end, 1800.0)
    gap = gap_estimate(gaps, bootstrap, 1800.0)
    expected = np.full(answered.size, center.talk_mean)
    days = talk_variation(log.day[answered], log.talk[answered], expected)
    assert talk is not None
    assert gap is not None
    return {
        "arrivals of an interval": (
            DayEstimate(
                float(table.mean[2, 20]), float(table.low[2, 20]), float(table.high[2, 20])
            ),
            30.0,
        ),
        "CV of the days' volume": (volume_variation(counts.sum(axis=1), weekday).cv, 0.1),
        "balking": (curve.balk, 0.05),
        "median patience (s)": (curve.median, 200 * float(np.log(2))),
        "patience beyond a minute": (curve.survival[60.0], float(np.exp(-60 / 200))),
        "mean patience, exponential (s)": (mean, 200.0),
        "mean talk (s)": (talk.mean, center.talk_mean),
        "CV of the days' talk": (days.cv, 0.08),
        "mean gap (s)": (gap.mean, 36.0),
        "share without a gap": (gap.zero, 0.2),
    }


def _agents(seed: int) -> dict[str, tuple[DayEstimate, float]]:
    """Return estimates of a center whose agents differ."""
    center = KnownCenter(days=20, agents=15, per_hour=200.0, speed_cv=0.25)
    log = simulate_center(center, seed)
    answered = ~log.abandoned
    found = agent_speeds(
        log.agent[answered], log.day[answered], log.talk[answered],
        np.full(int(answered.sum()), center.talk_mean), np.inf,
    )  # fmt: skip
    one = DayEstimate(float(found.value[0]), float(found.low[0]), float(found.high[0]))
    return {
        "CV of the speeds": (found.spread, 0.25),
        "speed of one agent": (one, float(log.speeds[found.agent[0]])),
    }


def _days(seed: int) -> dict[str, tuple[DayEstimate, float]]:
    """Return estimates of days that remember the day before, in volume and talk."""
    rng = np.random.default_rng(seed)
    days = 80
    own = rng.standard_normal((2, days))
    for k in range(1, days):
        own[:, k] = 0.5 * own[:, k - 1] + np.sqrt(0.75) * own[:, k]
    weekday = np.arange(days) % 5
    volume = np.exp(0.12 * own[0])
    talk = np.exp(0.08 * (0.6 * own[0] + 0.8 * own[1]))
    day = np.repeat(np.arange(days), 300)
    one = volume_variation(rng.poisson(1000 * volume).astype(float), weekday)
    other = talk_variation(day, talk[day] * rng.lognormal(5.0, 1.0, day.size), np.ones(day.size))
    common, apart = rng.standard_normal(days), rng.standard_normal((days, 3))
    factor = np.exp(0.15 * (np.sqrt(0.6) * common[:, None] + np.sqrt(0.4) * apart))
    shared = shared_part(rng.poisson(500 * factor).astype(float), weekday)
    return {
        "CV of volume with memory": (one.cv, float(np.sqrt(np.expm1(0.12**2)))),
        "CV of talk with memory": (other.cv, float(np.sqrt(np.expm1(0.08**2)))),
        "memory of volume": (one.memory, 0.5),
        "memory of talk": (other.memory, 0.5),
        "correlation of volume and talk": (correlation(one, other), 0.6),
        "shared part of queues": (shared, 0.6),
    }


def _order(seed: int) -> dict[str, tuple[DayEstimate, float]]:
    """Return the head start of contacts that agents do not always prefer."""
    rng = np.random.default_rng(seed)
    n = 3000
    apart, waited = rng.exponential(60.0, n), rng.exponential(60.0, n)
    priority = rng.integers(0, 2, (n, 2)).astype(float)
    advantage = 60.0 * (priority[:, 1] - priority[:, 0])
    overtaken = advantage - apart + rng.logistic(0.0, 15.0, n) > 0
    rows = np.arange(n)
    pairs = OrderPairs(2 * rows, 2 * rows + 1, apart, waited, overtaken)
    found = service_order(pairs, priority.ravel(), DayBootstrap(np.repeat(rows % 40, 2)))
    assert found is not None
    return {"head start (s)": (found.head_start[1], 60.0)}


def _customers(seed: int) -> dict[str, tuple[DayEstimate, float]]:
    """Return how often customers call again, who do so once at most."""
    rng = np.random.default_rng(seed)
    days, n = 40, 6000
    first = np.repeat(np.arange(days), n // days) * DAY + rng.uniform(8, 18, n) * 3600
    abandoned = rng.random(n) < 0.3
    repeats = rng.random(n) < np.where(abandoned, 0.4, 0.1)
    later = first[repeats] + rng.exponential(600.0, int(repeats.sum()))
    offered = np.concatenate((first, later))
    customer = np.concatenate((np.arange(n), np.flatnonzero(repeats)))
    gave_up = np.concatenate((abandoned, np.zeros(later.size, dtype=bool)))
    bootstrap = DayBootstrap((offered // DAY).astype(np.int64))
    found = repeat_calls(customer, offered, offered, gave_up, bootstrap)
    none = np.full(customer.size, -1)
    records = issue_records(customer, offered, none, none, bootstrap)
    assert found is not None
    assert records is not None
    within = float(-np.expm1(-6.0))
    repeat = 0.3 * 0.4 + 0.7 * 0.1
    return {
        "calls again within the hour": (found.abandoned.within_hour, 0.4 * within),
        "first contact resolution": (records.fcr[1.0], 1 - repeat),
    }


def _answers(seed: int) -> dict[str, tuple[DayEstimate, float]]:
    """Return the satisfaction model."""
    rng = np.random.default_rng(seed)
    n = 3000
    effects: dict[str, Floats] = {
        "unresolved": (rng.random(n) < 0.2).astype(float),
        "contact": rng.poisson(0.3, n).astype(float),
        "wait": rng.exponential(2.0, n),
    }
    odds = 6.0 * 0.1 ** effects["unresolved"] * 0.5 ** effects["contact"] * 0.9 ** effects["wait"]
    satisfied: Bools = rng.random(n) < odds / (1 + odds)
    day: Ints = np.arange(n) % 40
    found = fit_satisfaction(satisfied, effects, day)
    assert found is not None
    return {
        "satisfied where nothing went wrong": (found.satisfied, 6 / 7),
        "factor of an unresolved issue": (found.factors["unresolved"], 0.1),
        "factor of a further contact": (found.factors["contact"], 0.5),
        "factor of a minute's wait": (found.factors["wait"], 0.9),
    }
