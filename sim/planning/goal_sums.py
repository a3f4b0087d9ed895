"""What a simulation counts for goals: numerators and denominators by replication and interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.metrics.aggregation import sum_intervals
from sim.metrics.scopes import CENTER, EACH_QUEUE, TargetOwner
from sim.model import CommonTarget, Goal, Model
from sim.planning.plan_goals import PlanGoal, receives
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.metrics import Tallies

Thresholds = dict[int | str | None, float]
"""Thresholds (s) by number of a queue or name of a target; under None that of the center."""


@dataclass(frozen=True)
class GoalModel:
    """A model whose thresholds are those of some goals, so that its tallies count for them.

    Attributes
    ----------
    model : Model
        Simulates as the scenario's own: thresholds only decide what is counted.
    goals : tuple of PlanGoal
    """

    model: Model
    goals: tuple[PlanGoal, ...]


def goal_models(model: Model, goals: Sequence[PlanGoal]) -> tuple[GoalModel, ...]:
    """Return models that count what all goals need: one, unless their thresholds differ too much.

    A replication counts one threshold for each queue and one for several queues together.

    Parameters
    ----------
    model : Model
    goals : sequence of PlanGoal

    Raises
    ------
    BadInputError
        Without any goal.
    """
    if not goals:
        raise BadInputError("goal: give at least one, such as total=80/20")
    parts: list[tuple[Thresholds, list[PlanGoal]]] = []
    for goal in goals:
        wanted = _thresholds(model, goal)
        for known, members in parts:
            if all(known.get(key, value) == value for key, value in wanted.items()):
                known.update(wanted)
                members.append(goal)
                break
        else:
            parts.append((wanted, [goal]))
    return tuple(GoalModel(_with(model, known), tuple(members)) for known, members in parts)


def _thresholds(model: Model, goal: PlanGoal) -> Thresholds:
    """Return the thresholds that a goal needs."""
    if not goal.metric.startswith("service_level"):
        return {}
    if goal.scope == "target" and goal.within is not None:
        return {goal.name: goal.within}
    if _by_center(model, goal):
        assert goal.within is not None or model.goal is not None
        common = model.goal.threshold if model.goal is not None else 0.0
        return {None: common if goal.within is None else goal.within}
    members = [int(k) for k in goal.members(model)]
    return {k: _threshold(model, goal, k) for k in members}


def _threshold(model: Model, goal: PlanGoal, queue: int) -> float:
    return model.queues[queue].threshold if goal.within is None else goal.within


def _by_center(model: Model, goal: PlanGoal) -> bool:
    """Return whether a goal is counted by the threshold of several queues together."""
    if goal.scope in ("queue", "target") or not goal.metric.startswith("service_level"):
        return False
    return goal.within is not None or model.goal is not None


def _with(model: Model, known: Thresholds) -> Model:
    queues = tuple(
        replace(queue, threshold=known.get(k, queue.threshold))
        for k, queue in enumerate(model.queues)
    )
    live = [queue.variant for queue in queues if not queue.deferred]
    before = model.goal
    variant = before.variant if before is not None else next(iter(live), "")
    targets = tuple(
        replace(one, goal=_judged_within(one, known[one.name], variant))
        if one.name in known
        else one
        for one in model.targets
    )
    model = replace(model, queues=queues, targets=targets)
    if None not in known:
        return model
    target = before.target if before is not None else 0.8
    return replace(model, goal=Goal(known[None], target, variant))


def _judged_within(target: CommonTarget, threshold: float, variant: str) -> Goal:
    """Return the goal of a target with another threshold."""
    if target.goal is None:
        return Goal(threshold, 0.8, variant)
    return replace(target.goal, threshold=threshold)


def _target_owner(model: Model, goal: PlanGoal) -> TargetOwner:
    """Return by whose promise a goal is counted."""
    if goal.scope == "target" and model.target(goal.name).goal is not None:
        return TargetOwner("target", goal.name)
    return CENTER if _by_center(model, goal) else EACH_QUEUE


@dataclass(frozen=True)
class GoalSums:
    """What one goal is computed from.

    Attributes
    ----------
    goal : PlanGoal
    top, bottom : ndarray, shape (runs, intervals)
        Numerator and denominator of the metric. Where contacts came of which none counts, as all
        abandoned at once, they count as missed: no agent at all is not a way to meet a goal.
    first : ndarray, shape (periods,)
        First interval of each period.
    counted : ndarray of bool, shape (periods,)
        Periods in which contacts are planned; only these can miss the goal.
    """

    goal: PlanGoal
    top: Floats
    bottom: Floats
    first: Ints
    counted: Bools

    @property
    def runs(self) -> int:
        """Return the number of replications."""
        return int(self.top.shape[0])

    @property
    def surplus(self) -> Floats:
        """Return by how much the goal is exceeded, in contacts or seconds.

        Zero or more on average is the same as a goal that holds.

        Returns
        -------
        ndarray, shape (runs, intervals)
        """
        sign = 1.0 if self.goal.at_least else -1.0
        return np.asarray(sign * (self.top - self.goal.target * self.bottom))

    def by_period(self, values: Floats) -> Floats:
        """Return sums over the periods of the goal (last axis)."""
        if self.first.size == values.shape[-1]:
            return values
        return np.asarray(np.add.reduceat(values, self.first, axis=-1))


def goal_sums(part: GoalModel, tallies: Tallies) -> list[GoalSums]:
    """Return what each goal is computed from.

    Parameters
    ----------
    part : GoalModel
    tallies : Tallies
        Of its model.
    """
    model = part.model
    sums = sum_intervals(model, tallies)
    found = []
    for goal in part.goals:
        definition, members = goal.definition, goal.members(model)
        owner = _target_owner(model, goal)
        top, bottom = (
            sums.factors(definition.base, formula, owner)[0][:, members].sum(axis=1)
            for formula in (definition.top, definition.bottom)
        )
        if definition.base == "legs" and goal.metric != "on_time":
            offered = sums.factors("legs", "offered")[0][:, members].sum(axis=1)
            top, bottom = _unanswered_missed(goal, top, bottom, offered)
        first = period_starts(model, goal.per)
        planned = np.add.reduceat(planned_intervals(model, goal), first) > 0
        found.append(GoalSums(goal, top, bottom, first, planned))
    return found


def _unanswered_missed(
    goal: PlanGoal, top: Floats, bottom: Floats, offered: Floats
) -> tuple[Floats, Floats]:
    """Count contacts as missed in intervals in which none of any replication counts."""
    none = bottom.sum(axis=0) <= 0
    missed = 0.0 if goal.at_least else 2 * max(goal.target, 1e-6)
    return np.where(none, missed * offered, top), np.where(none, offered, bottom)


def period_starts(model: Model, per: str) -> Ints:
    """Return the first interval of each period."""
    if per == "interval":
        return np.arange(model.intervals)
    if per == "horizon":
        return np.zeros(1, np.int64)
    middles = (np.arange(model.intervals, dtype=np.float64) + 0.5) * model.interval_s
    return np.searchsorted(model.day_of(middles), np.arange(model.days)).astype(np.int64)


def planned_intervals(model: Model, goal: PlanGoal) -> Bools:
    """Return the intervals in which contacts are planned that a goal is about.

    After closing a queue may still get contacts, such as those handed over by a bot; such an
    interval alone cannot miss a goal.
    """
    if goal.definition.base == "time":
        return np.ones(model.intervals, bool)
    starts = np.arange(model.intervals) * model.interval_s
    found = np.zeros(model.intervals, bool)
    for number in goal.members(model):
        queue = model.queues[number]
        found |= queue.demand.expected > 0
        if queue.demand.backlog:
            found[0] = True
        if receives(model, int(number)):
            for opens, closes in queue.hours:
                found |= (starts < closes) & (starts + model.interval_s > opens)
    return found & (starts + model.interval_s > model.measure_from)
