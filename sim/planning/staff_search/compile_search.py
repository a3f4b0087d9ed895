"""Compile what a search uses, or load it, before the time of the search begins."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.planning.plan_goals import PlanGoal
from sim.planning.staff_search.goal_periods import goal_periods
from sim.planning.staff_search.plan_simulator import PlanSimulator, PlanTask
from sim.planning.staff_search.plan_space import plan_space
from sim.planning.staff_search.response_surface import fit_surface
from sim.planning.staff_search.surface_search import search_surface

if TYPE_CHECKING:
    from sim.scenario import Scenario


def compile_search(scenario: Scenario, goals: Sequence[PlanGoal]) -> float:
    """Simulate a day and search a flat surface; return how long that took (s).

    Parameters
    ----------
    scenario : Scenario
    goals : sequence of PlanGoal
    """
    began = time.monotonic()
    space = plan_space(scenario, 1)
    periods = goal_periods(space.model, goals)
    plan = (1,) * space.blocks
    tally = PlanSimulator(PlanTask(space, periods, 1)).simulate(plan, range(1, 2))
    surface = fit_surface(space, periods, plan, 1, lambda plans: [tally] * len(plans))
    none = np.zeros(periods.count)
    search_surface(space, surface, periods.size(tally), 1, none, 0.0, 1, 1)
    return time.monotonic() - began
