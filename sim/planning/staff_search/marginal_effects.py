"""What one agent more or less does, and what fewer could at best suffice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from sim.array_types import Floats, Ints
from sim.planning.staff_search.plan_space import Plan, PlanSpace
from sim.planning.staff_search.plan_tally import PlanTally
from sim.planning.staff_search.response_surface import Surface
from sim.planning.staff_search.surface_search import SurfaceState

REACH = 2
"""Agents by which a block may differ in the linear program of the bound."""


@dataclass(frozen=True, eq=False)
class MarginalEffects:
    """Effects of single agents around a plan, from paired differences.

    Attributes
    ----------
    more, less : ndarray, shape (blocks, conditions)
        Change of the slack for one agent more, and for one fewer.
    slack, size : ndarray, shape (conditions,)
        Of the plan itself.
    """

    more: Floats
    less: Floats
    slack: Floats
    size: Floats

    def binding(self) -> Ints:
        """Return for each block the condition that it affects and that is nearest to a miss.

        Returns
        -------
        ndarray of int, shape (blocks,)
        """
        part = np.maximum(np.abs(self.more), np.abs(self.less)) / self.size
        level = self.slack / self.size
        felt = part > 0.02 * np.maximum(part.max(axis=1, keepdims=True), 1e-12)
        return np.asarray(np.argmin(np.where(felt, level[None], np.inf), axis=1))

    def bound(self, space: PlanSpace, plan: Plan) -> float:
        """Return the least cost of fractions of agents near the plan, by linear programming.

        A heuristic bound: effects are estimated, and beyond a few agents they are not linear.
        """
        agents = np.array(plan)
        up, down = space.step_cost(plan, 1), -space.step_cost(plan, -1)
        most = np.concatenate([np.full(agents.size, REACH), np.minimum(agents, REACH)])
        effects = np.concatenate([np.maximum(self.more, 0.0), np.minimum(self.less, 0.0)])
        kept = np.maximum(self.slack, 0.0)
        found = linprog(
            np.concatenate([up, -down]), A_ub=-effects.T, b_ub=kept,
            bounds=[(0.0, float(m)) for m in most], method="highs",
        )  # fmt: skip
        change = float(found.fun or 0.0) if found.status == 0 else 0.0
        return space.cost_of(plan) + min(change, 0.0)


def marginal_effects(
    space: PlanSpace, surface: Surface, plan: Plan, tally: PlanTally
) -> MarginalEffects:
    """Return the effects of single agents around a plan.

    Parameters
    ----------
    space : PlanSpace
    surface : Surface
        With slopes from paired differences around a plan nearby.
    plan : Plan
    tally : PlanTally
        What replications of the plan gave.
    """
    periods = surface.periods
    state = SurfaceState(
        space, surface.at(plan, tally), periods.size(tally), 1, np.zeros(periods.count), 0.0
    )
    more, less = state.effects(1), state.effects(-1)
    less[np.array(plan) == 0] = 0.0
    return MarginalEffects(more, less, periods.slack(tally), periods.size(tally))
