"""The goals of a plan as one list of conditions: each goal in each of its periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats, Ints
from sim.model import Model
from sim.planning.goal_sums import period_starts, planned_intervals
from sim.planning.plan_goals import PlanGoal
from sim.planning.staff_search.plan_tally import PlanTally

TINY = 1e-7
"""Surplus (of what is counted) that is zero but for rounding."""


@dataclass(frozen=True, eq=False)
class GoalPeriods:
    """Every goal in each period in which it can be missed: the conditions of a plan.

    Attributes
    ----------
    goals : tuple of PlanGoal
    intervals : int
    condition : ndarray of int, shape (goals, intervals)
        Number of the condition to which an interval belongs; ``count`` where to none.
    count : int
    goal : ndarray of int, shape (count,)
        Goal of each condition.
    sign, target : ndarray, shape (goals,)
    """

    goals: tuple[PlanGoal, ...]
    intervals: int
    condition: Ints
    count: int
    goal: Ints
    sign: Floats
    target: Floats

    def collect(self, values: Floats) -> Floats:
        """Return sums over the intervals of each condition.

        Parameters
        ----------
        values : ndarray, shape (goals, ..., intervals)

        Returns
        -------
        ndarray, shape (..., count)
        """
        between = values.shape[1:-1]
        out = np.zeros((*between, self.count + 1))
        for number in range(len(self.goals)):
            inside = self.condition[number] < self.count
            places = self.condition[number][inside]
            rows = values[number].reshape(-1, self.intervals)[:, inside]
            np.add.at(out.reshape(-1, self.count + 1).T, places, rows.T)
        return np.asarray(out[..., : self.count])

    def days(self, days: int) -> Ints | None:
        """Return the day of each condition; None where one is about several days.

        Parameters
        ----------
        days : int
            Of the horizon.
        """
        if days > 1 and any(goal.per == "horizon" for goal in self.goals):
            return None
        found = np.zeros(self.count + 1, np.int64)
        per_day = self.intervals // days
        found[self.condition] = (np.arange(self.intervals) // per_day)[None]
        return found[:-1]

    def slack(self, cell: PlanTally) -> Floats:
        """Return by how much each condition holds, in what is counted; negative where missed.

        On average over replications; of goals for a share of days on the day that many others
        exceed.

        Returns
        -------
        ndarray, shape (count,)
        """
        found = cell.surplus.mean(axis=0, dtype=np.float64)
        for number, goal in enumerate(self.goals):
            if goal.days_met is not None:
                mine = self.goal == number
                rank = int(np.floor((1 - goal.days_met) * cell.runs + 1e-9))
                found[mine] = np.sort(cell.surplus[:, mine], axis=0)[rank]
        return np.where(np.abs(found) <= TINY * self.size(cell), 0.0, found)

    def size(self, cell: PlanTally) -> Floats:
        """Return what is counted in each condition: contacts, or target seconds of them."""
        counted = cell.total[:, 1] / cell.runs
        seconds = np.array([g.definition.unit == "s" for g in self.goals])
        weight = np.where(seconds, np.maximum(self.target, 1.0), 1.0)
        return np.maximum(self.collect(counted * weight[:, None]), 1e-9)


def goal_periods(model: Model, goals: Sequence[PlanGoal]) -> GoalPeriods:
    """Return the conditions of some goals.

    Parameters
    ----------
    model : Model
    goals : sequence of PlanGoal
    """
    condition = np.full((len(goals), model.intervals), -1, np.int64)
    owner: list[int] = []
    for number, goal in enumerate(goals):
        first = period_starts(model, goal.per)
        planned = np.add.reduceat(planned_intervals(model, goal), first) > 0
        period = np.searchsorted(first, np.arange(model.intervals), side="right") - 1
        new = np.where(planned, len(owner) + np.cumsum(planned) - 1, -1)
        condition[number] = new[period]
        owner += [number] * int(planned.sum())
    condition[condition < 0] = len(owner)
    return GoalPeriods(
        tuple(goals), model.intervals, condition, len(owner), np.array(owner, np.int64),
        np.array([1.0 if g.at_least else -1.0 for g in goals]),
        np.array([g.target for g in goals]),
    )  # fmt: skip
