"""Coverage of 95 % confidence intervals: many small experiments with known expected values.

The center is an hour that starts empty, with Poisson calls, exponential talk and patience; its
expected values follow from the forward equations (:mod:`sim.erlang.transient`). It is simulated in
a thousand independent experiments of few replications each, so that even a small error in the
coverage shows.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from zlib import crc32

from scipy.optimize import brentq

from sim.erlang import transient
from sim.experiment import Result, compare, simulate
from sim.metrics import parse_metric
from sim.metrics.estimators import InfluenceEstimate
from sim.model import Model, build
from sim.scenario import Scenario

EXPERIMENTS = 1000
AROUND = 0.02
"""How far from 95 % the coverage may be in a thousand experiments."""

BLOCK = 25
"""Experiments that a process simulates at a time."""

SCENARIO = """
[center]
open = "08:00-09:00"
[queue.calls]
volume = "2 per min"
talk = "exponential 3min"
patience = "exponential 2min"
target = "80% in 20s"
[group.all]
agents = {agents}
skills = {{ calls = 1 }}
"""
FEWER, MORE = 6, 7
METRICS = ("offered", "service_level", "asa_s", "wait_probability", "wait_p90_s")

Experiment = Callable[[int], tuple[dict[str, InfluenceEstimate], int]]
"""Simulates one experiment with a seed; returns estimates, and the number of replications."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the confidence intervals of one metric contain the exact value.

    Attributes
    ----------
    case, metric : str
    exact : float
        Expected value by the forward equations.
    experiments, hits : int
    runs : float
        Mean number of replications per experiment.
    """

    case: str
    metric: str
    exact: float
    experiments: int
    hits: int
    runs: float

    @property
    def share(self) -> float:
        """Share of the experiments whose confidence interval contains the exact value."""
        return self.hits / self.experiments

    @property
    def allowed(self) -> float:
        """How far from 95 % the share may be; wider for fewer experiments, never narrower."""
        return AROUND * max(1.0, float((EXPERIMENTS / self.experiments) ** 0.5))

    @property
    def agrees(self) -> bool:
        """Whether the coverage is close enough to 95 %."""
        return abs(self.share - 0.95) <= self.allowed


@dataclass(frozen=True)
class Study:
    """One way to compute confidence intervals, and the exact values."""

    name: str
    exact: Mapping[str, float]
    experiment: Experiment

    def coverage(
        self, experiments: int, workers: int | None = None, rerun: bool = False
    ) -> Iterator[Coverage]:
        """Measure the coverage.

        Parameters
        ----------
        experiments : int
        workers : int, optional
            Processes; one for each core unless given.
        again : bool
            With other random numbers.
        """
        from joblib import Parallel, delayed

        # Seeds depend on the name, so that studies are independent and reproducible.
        first = crc32(f"{self.name}{', again' if rerun else ''}".encode())
        seeds = range(first, first + experiments)
        blocks = [seeds[k : k + BLOCK] for k in range(0, experiments, BLOCK)]
        pool = Parallel(n_jobs=-1 if workers is None else workers)
        counted = pool(delayed(hits)(self, block) for block in blocks)
        runs = sum(runs for _, runs in counted) / experiments
        for metric, exact in self.exact.items():
            total = sum(found[metric] for found, _ in counted)
            yield Coverage(self.name, metric, exact, experiments, total, runs)


def hits(study: Study, seeds: range) -> tuple[dict[str, int], int]:
    """Return how many intervals of each metric contain it, and all replications."""
    found, runs = dict.fromkeys(study.exact, 0), 0
    for seed in seeds:
        estimates, replications = study.experiment(seed)
        runs += replications
        for metric, exact in study.exact.items():
            low, high = estimates[metric].bounds()
            found[metric] += bool(low <= exact <= high)
    return found, runs


@cache
def hour(agents: int) -> Model:
    """Return the hour with so many agents."""
    return build(Scenario.parse(SCENARIO.format(agents=agents)))


def expected(agents: int) -> dict[str, float]:
    """Return the expected values of the hour."""
    day = transient.day([120.0], "1h", "3min", agents, "2min")
    answered = day.answered_within("1day")
    return {
        "offered": day.arrivals,
        "service_level": day.service_level("20s"),
        "asa_s": day.asa_s,
        "wait_probability": day.wait_probability,
        "wait_p90_s": brentq(lambda t: day.answered_within(t) - 0.9 * answered, 1.0, 600.0),
    }


def alone(
    seed: int, agents: int = FEWER, **options: Any
) -> tuple[dict[str, InfluenceEstimate], int]:
    """Simulate one experiment with the hour."""
    result = simulate(hour(agents), seed=seed, workers=1, **options)
    found = _estimates(result)
    return {name: result.reduction.apply(one) for name, one in found.items()}, result.runs


def against(seed: int, **options: Any) -> tuple[dict[str, InfluenceEstimate], int]:
    """Simulate one experiment with and without one more agent, and return the differences."""
    both = compare([hour(FEWER), hour(MORE)], seed=seed, workers=1, **options)
    base, other = (_estimates(result) for result in both.results)
    found = {name: both.reduction.apply(other[name].minus(base[name])) for name in base}
    return found, both.base.runs


def _estimates(result: Result) -> dict[str, InfluenceEstimate]:
    model, tallies = result.model, result.tallies
    return {name: parse_metric(model, name).evaluate(model, tallies).estimate for name in METRICS}


def studies() -> list[Study]:
    """Return every way to compute confidence intervals, with the exact values."""
    one, two = expected(FEWER), expected(MORE)
    known = {name: one[name] for name in METRICS if name != "offered"}
    gaps = {name: two[name] - one[name] for name in ("service_level", "asa_s")}
    level, wait = ({name: one[name]} for name in gaps)
    mirrored, all_of_it = {"antithetic": True}, {"antithetic": True, "control": True}
    return [
        Study("20 runs", one, partial(alone, runs=20)),
        Study("20 antithetic pairs", one, partial(alone, runs=40, **mirrored)),
        Study("20 runs, controls", known, partial(alone, runs=20, control=True)),
        Study("20 antithetic pairs, controls", known, partial(alone, runs=40, **all_of_it)),
        Study("Difference, 20 paired runs", gaps, partial(against, runs=20)),
        Study("Difference, 20 paired runs, controls", gaps,
              partial(against, runs=20, control=True)),
        Study("Difference, 20 antithetic pairs, controls", gaps,
              partial(against, runs=40, **all_of_it)),
        Study("Until ± 2.5 %", level, partial(alone, precision="2.5%")),
        Study("Until ± 10 % of the value", wait,
              partial(alone, precision="10% of value", of="asa_s")),
        Study("Until ± 1.5 %, controls", level, partial(alone, precision="1.5%", control=True)),
        Study("Until ± 1.8 %, antithetic pairs", level,
              partial(alone, precision="1.8%", antithetic=True)),
        Study("Difference until ± 1 s", {"asa_s": gaps["asa_s"]},
              partial(against, precision="1s", of="asa_s")),
    ]  # fmt: skip


def interval_checks(quick: bool = False, workers: int | None = None) -> Iterator[Coverage]:
    """Measure the coverage of the confidence intervals of every study.

    If it is too low or too high, the study is repeated with other random numbers and four times the
    experiments, and that result counts.

    Parameters
    ----------
    quick : bool
        With an eighth of the experiments.
    workers : int, optional
        Processes; one for each core unless given.
    """
    count = EXPERIMENTS // 8 if quick else EXPERIMENTS
    for study in studies():
        coverage = list(study.coverage(count, workers))
        if not all(one.agrees for one in coverage):
            coverage = list(study.coverage(4 * count, workers, rerun=True))
        yield from coverage
