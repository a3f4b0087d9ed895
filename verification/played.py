"""Cases that are played: a scenario, how often, and what each figure should be."""

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
from sim.metrics.estimate import InfluenceEstimate, mean_per_replication, ratio
from sim.scenario import Scenario
from verification.checks import Check

Tables = Mapping[str, Any]
"""A scenario as nested tables, as its file would hold them."""

FORMULA = "this project's formula"


class Played:
    """A result with its figures looked up by name."""

    def __init__(self, result: Result) -> None:
        self.model, self.tallies = result.model, result.tallies

    @cached_property
    def findings(self) -> dict[tuple[str, str, str], InfluenceEstimate]:
        """Every figure by scope, name and metric."""
        found = compute_estimates(self.model, self.tallies)
        return {(f.scope.kind, f.scope.name, f.metric): f.estimate for f in found}


Estimator = Callable[[Played], InfluenceEstimate]


@dataclass(frozen=True)
class Expected:
    """One figure that a case should show.

    Attributes
    ----------
    figure : str
    value : float
    estimate : callable
        Gives the figure, with its influence, from a result.
    allowed : float
        What `value` may be off by itself.
    source : str
        Where `value` is from, when not from the source of the case.
    """

    figure: str
    value: float
    estimate: Estimator
    allowed: float = 0.0
    source: str = ""


@dataclass(frozen=True)
class Case:
    """One scenario with what is known about it.

    Attributes
    ----------
    name, source : str
    tables : mapping
        The scenario.
    runs : int
        Replications of the thorough verification; a quick one plays an eighth.
    expected : tuple of Expected
    whole : bool
        A quick verification plays it in full too, because less would hide a difference.
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
        self, quick: bool = False, workers: int | None = None, again: bool = False
    ) -> Iterator[Check]:
        """Play the case and set what was found beside what was expected.

        Parameters
        ----------
        quick : bool
            With fewer replications.
        workers : int, optional
            Processes; one for each core unless given.
        again : bool
            With other chance, and four times the replications.
        """
        runs = (self.quick_runs if quick else self.runs) * (4 if again else 1)
        # A seed of its own, so that chance differs between cases and stays the same for each.
        seed = crc32(f"{self.name}{', again' if again else ''}".encode())
        played = Played(simulate(self.scenario, runs=runs, seed=seed, workers=workers))
        for e in self.expected:
            found = e.estimate(played)
            influence = np.asarray(found.influence)
            error = float(np.sqrt((influence**2).sum() / (runs - 1) / runs))
            yield Check(
                self.name, e.source or self.source, e.figure, float(e.value), e.allowed,
                float(found.value), error, runs - 1,
            )  # fmt: skip


def metric(name: str, scope: str = "total", of: str = "total") -> Estimator:
    """Take a figure by name, of the whole, a queue or a group."""
    return lambda played: played.findings[scope, of, name]


def legs(top: str, bottom: str = "", queue: str | None = None) -> Estimator:
    """Take a ratio of sums over contacts, such as ``within / offered``; per run without bottom."""
    return lambda played: _ratio(played, "legs", top, bottom, queue)


def a_second(top: str, queue: str | None = None) -> Estimator:
    """Take a sum over contacts per second of the measured time."""

    def take(played: Played) -> InfluenceEstimate:
        found = _ratio(played, "legs", top, "", queue)
        span = float(sum_horizon(played.model, played.tallies).by_name["legs"]["span"].sum())
        return InfluenceEstimate(found.value / span, found.influence / span)

    return take


def time(top: str, bottom: str = "", group: str | None = None) -> Estimator:
    """Take a ratio of sums of agents' time (s)."""
    return lambda played: _ratio(played, "time", top, bottom, group)


def scaled(estimate: Estimator, factor: float) -> Estimator:
    """Multiply a figure by a constant."""

    def take(played: Played) -> InfluenceEstimate:
        found = estimate(played)
        return InfluenceEstimate(found.value * factor, found.influence * factor)

    return take


def in_interval(top: str, interval: int, base: Any = "time", each: float = 1.0) -> Estimator:
    """Take a sum of one interval, divided by a constant."""

    def take(played: Played) -> InfluenceEstimate:
        sums = sum_intervals(played.model, played.tallies)
        return mean_per_replication(sums.factors(base, top)[0][:, :, interval].sum(axis=1) / each)

    return take


def _ratio(
    played: Played, base: Any, top: str, bottom: str, member: str | None
) -> InfluenceEstimate:
    sums = sum_horizon(played.model, played.tallies)
    names = [x.name for x in (played.model.groups if base == "time" else played.model.queues)]
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
    """Give a stationary run of some hours after a warm-up (hours)."""
    times = {"length": f"{hours * 3600:.12g}s", "warm_up": f"{warm_up * 3600:.12g}s"}
    return {"center": times | center, "queue": dict(queues), "group": dict(groups)}


def line(per_hour: float, talk: str | float, patience: str | float | None = None,
         **more: Any) -> Tables:  # fmt: skip
    """Give a queue by calls an hour, laws of talk and patience; a number is a mean in s."""
    table = {"volume": f"{per_hour:.14g} an hour", "talk": law(talk), **more}
    return table if patience is None else table | {"patience": law(patience)}


def law(value: str | float) -> str:
    """Read a number as the mean (s) of an exponential."""
    return value if isinstance(value, str) else f"exponential {value:.14g}s"


def team(agents: int, *skills: str, **more: Any) -> Tables:
    """Give a group with plain skills."""
    return {"agents": agents, "skills": dict.fromkeys(skills, 1), **more}


def figures_of(q: SteadyState, within: float = 20) -> tuple[Expected, ...]:
    """Expect what a formula gives for one queue, with its threshold in seconds."""
    return (
        Expected("wait_probability", float(q.wait_probability), metric("wait_probability")),
        Expected("abandonment", float(q.abandonment), metric("abandonment")),
        Expected("asa_s", float(q.asa_s), metric("asa_s")),
        Expected("service level", float(q.service_level(within)), metric("service_level")),
    )


def one_team(
    queue: Tables, agents: int, hours: float, warm_up: float = 3, **center: object
) -> Tables:
    """Give a stationary run of one queue with one team."""
    return steady({"calls": queue}, {"agents": team(agents, "calls")}, hours, warm_up, **center)
