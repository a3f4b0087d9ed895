"""Cases to simulate: a scenario, the number of replications, and the expected metrics."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zlib import crc32

import numpy as np

from sim.erlang import SteadyState
from sim.experiment import Result, simulate
from sim.metrics import compute_estimates
from sim.metrics.aggregation import sum_horizon, sum_intervals
from sim.metrics.estimators import InfluenceEstimate, mean_per_replication, ratio
from sim.scenario import Scenario
from verification.checks import Check

Tables = Mapping[str, Any]
"""A scenario as nested tables, as in its file."""

FORMULA = "this project's formula"


class Simulated:
    """A result whose metrics are looked up by name."""

    def __init__(self, result: Result) -> None:
        self.model, self.tallies = result.model, result.tallies

    @cached_property
    def estimates(self) -> dict[tuple[str, str, str], InfluenceEstimate]:
        """Estimates by scope, name and metric."""
        found = compute_estimates(self.model, self.tallies)
        return {(f.scope.kind, f.scope.name, f.metric): f.estimate for f in found}


Estimator = Callable[[Simulated], InfluenceEstimate]


@dataclass(frozen=True)
class Expected:
    """One expected value of a case.

    Attributes
    ----------
    metric : str
    value : float
    estimate : callable
        Estimates the metric, with its influence, from a result.
    allowed : float
        Precision of `value` itself.
    source : str
        Source of `value`, if it is not the source of the case.
    """

    metric: str
    value: float
    estimate: Estimator
    allowed: float = 0.0
    source: str = ""


@dataclass(frozen=True)
class Case:
    """One scenario with its expected values.

    Attributes
    ----------
    name, source : str
    tables : mapping
        The scenario.
    runs : int
        Replications of the thorough verification; a quick one has an eighth.
    expected : tuple of Expected
    whole : bool
        A quick verification has all replications too, because fewer would hide a difference.
    """

    name: str
    source: str
    tables: Tables
    runs: int
    expected: tuple[Expected, ...]
    whole: bool = False

    @property
    def quick_runs(self) -> int:
        """Replications of a quick verification."""
        return self.runs if self.whole else max(10, self.runs // 8)

    @property
    def scenario(self) -> Scenario:
        """The scenario of the tables."""
        import tomlkit

        return Scenario.parse(tomlkit.dumps(self.tables))

    def checks(
        self, quick: bool = False, workers: int | None = None, rerun: bool = False
    ) -> Iterator[Check]:
        """Simulate the case and compare the estimates with the expected values.

        Parameters
        ----------
        quick : bool
            With fewer replications.
        workers : int, optional
            Processes; one for each core unless given.
        again : bool
            With other random numbers, and four times the replications.
        """
        runs = (self.quick_runs if quick else self.runs) * (4 if rerun else 1)
        # The seed depends on the name, so that cases are independent and reproducible.
        seed = crc32(f"{self.name}{', again' if rerun else ''}".encode())
        simulated = Simulated(simulate(self.scenario, runs=runs, seed=seed, workers=workers))
        for e in self.expected:
            found = e.estimate(simulated)
            influence = np.asarray(found.influence)
            error = float(np.sqrt((influence**2).sum() / (runs - 1) / runs))
            yield Check(
                self.name, e.source or self.source, e.metric, float(e.value), e.allowed,
                float(found.value), error, runs - 1,
            )  # fmt: skip


def metric(name: str, scope: str = "total", of: str = "total") -> Estimator:
    """Estimate a metric by name, of the center, a queue or a group."""
    return lambda simulated: simulated.estimates[scope, of, name]


def legs(top: str, bottom: str = "", queue: str | None = None) -> Estimator:
    """Estimate a ratio of sums over contacts, such as ``within / offered``, or a mean sum."""
    return lambda simulated: _ratio(simulated, "legs", top, bottom, queue)


def a_second(top: str, queue: str | None = None) -> Estimator:
    """Take a sum over contacts per second of the measured time."""

    def take(simulated: Simulated) -> InfluenceEstimate:
        found = _ratio(simulated, "legs", top, "", queue)
        span = float(sum_horizon(simulated.model, simulated.tallies).by_name["legs"]["span"].sum())
        return InfluenceEstimate(found.value / span, found.influence / span)

    return take


def time(top: str, bottom: str = "", group: str | None = None) -> Estimator:
    """Take a ratio of sums of agents' time (s)."""
    return lambda simulated: _ratio(simulated, "time", top, bottom, group)


def scaled(estimate: Estimator, factor: float) -> Estimator:
    """Multiply an estimate by a constant."""

    def take(simulated: Simulated) -> InfluenceEstimate:
        found = estimate(simulated)
        return InfluenceEstimate(found.value * factor, found.influence * factor)

    return take


def in_interval(top: str, interval: int, base: Any = "time", each: float = 1.0) -> Estimator:
    """Take a sum of one interval, divided by a constant."""

    def take(simulated: Simulated) -> InfluenceEstimate:
        sums = sum_intervals(simulated.model, simulated.tallies)
        return mean_per_replication(sums.factors(base, top)[0][:, :, interval].sum(axis=1) / each)

    return take


def _ratio(
    simulated: Simulated, base: Any, top: str, bottom: str, member: str | None
) -> InfluenceEstimate:
    sums = sum_horizon(simulated.model, simulated.tallies)
    names = [x.name for x in (simulated.model.groups if base == "time" else simulated.model.queues)]
    rows = slice(None) if member is None else [names.index(member)]

    def total(formula: str) -> Any:
        return sums.factors(base, formula)[0][:, rows, 0].sum(axis=1)

    return ratio([total(top)], [total(bottom)]) if bottom else mean_per_replication(total(top))


# -- scenarios ----------------------------------------------------------------------------------


def steady(
    queues: Mapping[str, Tables],
    groups: Mapping[str, Tables],
    hours: float,
    warm_up: float,
    **center: Any,
) -> Tables:
    """Return a stationary scenario of some hours after a warm-up (hours)."""
    times = {"length": f"{hours * 3600:.12g}s", "warm_up": f"{warm_up * 3600:.12g}s"}
    return {"center": times | center, "queue": dict(queues), "group": dict(groups)}


def line(per_hour: float, talk: str | float, patience: str | float | None = None,
         **more: Any) -> Tables:  # fmt: skip
    """Return a queue by calls per hour, talk and patience; a number is a mean in s."""
    table = {"volume": f"{per_hour:.14g} an hour", "talk": distribution(talk), **more}
    return table if patience is None else table | {"patience": distribution(patience)}


def distribution(value: str | float) -> str:
    """Return a distribution as text; a number is the mean (s) of an exponential one."""
    return value if isinstance(value, str) else f"exponential {value:.14g}s"


def team(agents: int, *skills: str, **more: Any) -> Tables:
    """Return a group with plain skills."""
    return {"agents": agents, "skills": dict.fromkeys(skills, 1), **more}


def expected_of(q: SteadyState, within: float = 20) -> tuple[Expected, ...]:
    """Expect the results of a formula for one queue, with its threshold in seconds."""
    return (
        Expected("wait_probability", float(q.wait_probability), metric("wait_probability")),
        Expected("abandonment", float(q.abandonment), metric("abandonment")),
        Expected("asa_s", float(q.asa_s), metric("asa_s")),
        Expected("service level", float(q.service_level(within)), metric("service_level")),
    )


def one_team(
    queue: Tables, agents: int, hours: float, warm_up: float = 3, **center: object
) -> Tables:
    """Return a stationary scenario of one queue with one team."""
    return steady({"calls": queue}, {"agents": team(agents, "calls")}, hours, warm_up, **center)
