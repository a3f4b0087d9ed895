"""Simulation of plans under common random numbers: every plan meets the same days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.kernel_tallies import KernelTallier
from sim.metrics import stack
from sim.planning.goal_sums import goal_models, goal_sums
from sim.planning.staff_search.plan_tally import PlanTally
from sim.tape.drawn_days import DrawnDays

if TYPE_CHECKING:
    from sim.planning.goal_sums import GoalModel
    from sim.planning.staff_search.goal_periods import GoalPeriods
    from sim.planning.staff_search.plan_space import Plan, PlanSpace


@dataclass(frozen=True)
class PlanTask:
    """What plans are simulated for.

    Attributes
    ----------
    space : PlanSpace
    periods : GoalPeriods
    seed : int
    """

    space: PlanSpace
    periods: GoalPeriods
    seed: int


class PlanSimulator:
    """Simulates plans on the same days, whose random numbers are drawn once.

    Parameters
    ----------
    task : PlanTask
    """

    def __init__(self, task: PlanTask) -> None:
        self.task = task
        groups = tuple(replace(g, agents=task.space.most) for g in task.space.model.groups)
        self._days = DrawnDays(replace(task.space.model, groups=groups), task.seed)

    def simulate(self, plan: Plan, days: range) -> PlanTally:
        """Return what some days give under a plan.

        Parameters
        ----------
        plan : tuple of int
        days : range
            Numbers of the replications.
        """
        first, *others = self.parts(plan, days)
        return sum(others, first)

    def parts(self, plan: Plan, days: range) -> Iterator[PlanTally]:
        """Give what days that are simulated together give under a plan, one after the other.

        Parameters
        ----------
        plan, days
            As for :meth:`simulate`.
        """
        models = goal_models(self.task.space.model_of(plan), self.task.periods.goals)
        talliers = [(part, KernelTallier(part.model)) for part in models]
        for together in self._days.parts(days):
            yield self._tally(talliers, together)

    def _tally(self, talliers: list[tuple[GoalModel, KernelTallier]], days: range) -> PlanTally:
        periods = self.task.periods
        total = np.zeros((len(periods.goals), 2, periods.intervals))
        surplus = np.zeros((len(periods.goals), len(days), periods.intervals))
        numbers = {goal: k for k, goal in enumerate(periods.goals)}
        for part, tallier in talliers:
            tallies = stack(tallier.tally_together(self._days.tapes(part.model, days)))
            for sums in goal_sums(part, tallies):
                k = numbers[sums.goal]
                total[k] = sums.top.sum(axis=0), sums.bottom.sum(axis=0)
                surplus[k] = sums.surplus
        return PlanTally(total, periods.collect(surplus).astype(np.float32))
