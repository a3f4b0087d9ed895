"""Whether goals hold in a simulation: value, confidence interval and probability of each."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.array_types import Bools, Floats
from sim.metrics.estimators import quantile_of_days, ratio
from sim.planning.goal_sums import GoalModel, GoalSums, goal_models, goal_sums
from sim.planning.plan_goals import TIMES, PlanGoal

if TYPE_CHECKING:
    from sim.experiment.replications import Progress
    from sim.metrics import Tallies
    from sim.model import Model

POSSIBLE = 0.025
"""Probability below which a goal certainly does not hold in the long run."""
RESAMPLES = 1000
"""Bootstrap samples behind the probability that a goal holds (Efron and Tibshirani 1993)."""


@dataclass(frozen=True, slots=True)
class GoalRow:
    """One goal compared with a simulation.

    Attributes
    ----------
    scope, name, metric, per : str
        As in :class:`sim.planning.plan_goals.PlanGoal`.
    target : float
    value, low, high : float or None
        The metric in the period in which it is worst, with its 95 % confidence interval; with
        ``days_met`` what the metric reaches on that share of days.
    probability : float or None
        That the goal holds in all its periods, as far as these replications tell; None for one.
    met : bool
        Whether the value reaches the target in every period; never without a value.
    worst : str or None
        Start of the worst period; None over the horizon.
    periods, periods_missed : int
        Periods in which contacts are planned, and those of them that miss the target.
    days_met : float or None
        Share of days on which the goal must hold, where that is asked for.
    days : float or None
        Share of days on which it holds in the worst period.
    text : str
        The goal in words.
    at_least : bool
    """

    scope: str
    name: str
    metric: str
    per: str
    target: float
    value: float | None
    low: float | None
    high: float | None
    probability: float | None
    met: bool
    worst: str | None
    periods: int
    periods_missed: int
    days_met: float | None
    days: float | None
    text: str
    at_least: bool

    def record(self) -> dict[str, Any]:
        """Return it as the command line writes it as JSON."""
        return asdict(self)

    @property
    def shortfall(self) -> float:
        """Return by how much of the target it is missed; below 0 where it is exceeded.

        Then in parts of what can be exceeded: -1 is as good as it gets, such as 100 % in time.
        """
        if self.value is None:
            return 0.0 if self.met else 1.0
        difference = self.target - self.value if self.at_least else self.value - self.target
        share = self.metric not in TIMES
        best = 1 - self.target if share and self.at_least else self.target
        return difference / max(self.target if difference > 0 else best, 1e-9)


def all_met(rows: Sequence[GoalRow]) -> bool:
    """Return whether these replications meet all goals."""
    return all(row.met for row in rows)


def may_all_hold(rows: Sequence[GoalRow]) -> bool:
    """Return whether all goals may hold in the long run though these replications miss some."""
    return all(row.probability is not None and row.probability >= POSSIBLE for row in rows)


def missed_by(rows: Sequence[GoalRow]) -> float:
    """Return by how much goals are missed, in parts of their targets."""
    return sum(max(row.shortfall, 0.0) for row in rows if not row.met)


def simulate_goals(
    model: Model,
    goals: Sequence[PlanGoal],
    runs: int,
    seed: int,
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[GoalRow]:
    """Simulate a model and return its goals, in their order.

    Parameters
    ----------
    model : Model
    goals : sequence of PlanGoal
    runs, seed : int
    workers, progress
        As for :func:`sim.experiment.simulate`.
    """
    return simulate_goals_until(model, goals, runs, seed, np.inf, 1, workers, progress)[0]


def simulate_goals_until(
    model: Model,
    goals: Sequence[PlanGoal],
    runs: int,
    seed: int,
    until: float,
    fewest: int,
    workers: int | None = None,
    progress: Progress | None = None,
) -> tuple[list[GoalRow], int]:
    """Simulate a model as long as there is time; return its goals and the replications.

    Parameters
    ----------
    model : Model
    goals : sequence of PlanGoal
    runs : int
        Replications at most.
    seed : int
    until : float
        Instant of :func:`time.monotonic` at which to end.
    fewest : int
        Replications that are simulated even when the time is up.
    workers, progress
        As for :func:`sim.experiment.simulate`.
    """
    from sim.experiment.replications import simulate_replications
    from sim.metrics import stack

    found: dict[PlanGoal, GoalRow] = {}
    parts = goal_models(model, goals)
    began = time.monotonic()
    until = began + (until - began) / len(parts)  # the first decides for all of them
    for number, part in enumerate(parts):
        tallies = []
        for one in simulate_replications(part.model, seed, range(1, runs + 1), "auto", workers):
            tallies.append(one)
            if progress is not None:
                progress(number * runs + len(tallies), len(parts) * runs)
            if number == 0 and len(tallies) >= fewest and time.monotonic() > until:
                break
        runs = len(tallies)
        found |= dict(zip(part.goals, goal_rows(part, stack(tallies)), strict=True))
    return [found[goal] for goal in goals], runs


def goal_rows(part: GoalModel, tallies: Tallies) -> list[GoalRow]:
    """Return the goals of a model as its replications show them.

    Parameters
    ----------
    part : GoalModel
    tallies : Tallies
        Of its model.
    """
    return [goal_row(part.model, sums) for sums in goal_sums(part, tallies)]


def goal_row(model: Model, sums: GoalSums) -> GoalRow:
    """Return one goal as the replications show it."""
    goal = sums.goal
    judged = judged_surplus(sums)
    missed = sums.counted & (judged.mean(axis=0) < 0)
    valued = bool(_valued(sums).any())
    worst = _worst(sums, judged)
    value, low, high = _value(sums, worst)
    days = None
    if goal.days_met is not None:
        days = float((sums.by_period(sums.surplus)[:, worst] >= 0).mean())
    return GoalRow(
        goal.scope, goal.name, goal.metric, goal.per, goal.target, value, low, high,
        probability(judged[:, sums.counted]) if valued else None, valued and not missed.any(),
        None if goal.per == "horizon" else model.starts[sums.first[worst]],
        int(sums.counted.sum()), int(missed.sum()), goal.days_met, days, str(goal), goal.at_least,
    )  # fmt: skip


def judged_surplus(sums: GoalSums) -> Floats:
    """Return what must not be negative on average for the goal to hold.

    The surplus of each period; with ``days_met`` how far the share of days that have one lies
    above what is asked for.

    Returns
    -------
    ndarray, shape (runs, periods)
    """
    surplus = sums.by_period(sums.surplus)
    if sums.goal.days_met is None:
        return surplus
    return np.asarray((surplus >= 0) - sums.goal.days_met)


def _worst(sums: GoalSums, judged: Floats) -> int:
    """Return the period with the lowest surplus in proportion to what is counted."""
    size = np.maximum(sums.by_period(sums.bottom).mean(axis=0), 1e-9)
    if sums.goal.days_met is not None:
        size = np.ones_like(size)
    valued = _valued(sums)
    among = valued if valued.any() else sums.counted
    level = np.where(among, judged.mean(axis=0) / size, np.inf)
    return int(np.argmin(level))


def _valued(sums: GoalSums) -> Bools:
    """Return the periods with a value: without contacts or agents a metric has none."""
    return np.asarray(sums.counted & (sums.by_period(sums.bottom).sum(axis=0) > 0))


def _value(sums: GoalSums, period: int) -> tuple[float | None, float | None, float | None]:
    """Return the metric in one period with its confidence interval."""
    top = sums.by_period(sums.top)[:, period]
    bottom = sums.by_period(sums.bottom)[:, period]
    goal, most = sums.goal, 1.0 if sums.goal.definition.unit == "share" else np.inf
    found = ratio([top], [bottom]).settled()
    if goal.days_met is not None:
        with np.errstate(invalid="ignore", divide="ignore"):
            daily = np.where(bottom > 0, top / bottom, np.nan)[:, None]
        share = 1 - goal.days_met if goal.at_least else goal.days_met
        found = quantile_of_days(daily, share, 0.0, most)
    numbers = (float(found.value), *(float(bound) for bound in found.bounds(0.0, most)))
    value, low, high = (number if np.isfinite(number) else None for number in numbers)
    return value, low, high


def probability(judged: Floats) -> float | None:
    """Return the probability that no period is negative on average, by the bootstrap.

    Parameters
    ----------
    judged : ndarray, shape (runs, periods)

    Returns
    -------
    float or None
        None for one replication.
    """
    runs = judged.shape[0]
    if runs < 2:
        return None
    drawn = np.random.default_rng(0).multinomial(runs, np.full(runs, 1 / runs), size=RESAMPLES)
    means = drawn @ judged
    return float((means >= -1e-9).all(axis=1).mean())
