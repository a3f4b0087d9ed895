"""Solving a mixed-integer model, or a part of it, with HiGHS by :func:`scipy.optimize.milp`."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, vstack

from sim.planning.roster.mixed_integer_model import Floats, MixedIntegerModel

OPTIMAL, LIMIT, INFEASIBLE = 0, 1, 2
"""Status of ``milp``."""
SAME = 1e-6


@dataclass(frozen=True)
class Solved:
    """What the solver found.

    Attributes
    ----------
    x : ndarray or None
        Whole numbers are exactly whole.
    cost : float
        Infinite without a solution.
    bound : float
        No solution costs less.
    optimal, infeasible : bool
    """

    x: Floats | None
    cost: float
    bound: float
    optimal: bool
    infeasible: bool = False


def solve(
    model: MixedIntegerModel, time_limit: float, relaxed: bool = False, gap: float = 0.0
) -> Solved:
    """Solve a model within a time limit.

    Parameters
    ----------
    model : MixedIntegerModel
    time_limit : float
        Seconds.
    relaxed : bool
        Without the requirement of whole numbers.
    gap : float
        Relative gap with which the solver may stop.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    if model.size == 0:
        return Solved(np.zeros(0), model.constant, model.constant, True)
    rows = LinearConstraint(model.matrix, model.row_lower, model.row_upper)
    found = milp(
        model.cost,
        constraints=rows if model.matrix.shape[0] else (),
        bounds=Bounds(model.lower, model.upper),
        integrality=np.zeros_like(model.integral) if relaxed else model.integral,
        options={"time_limit": max(time_limit, 0.05), "mip_rel_gap": gap},
    )
    if found.status == INFEASIBLE:
        return Solved(None, math.inf, math.inf, False, True)
    dual = found.fun if relaxed and found.status == OPTIMAL else found.mip_dual_bound
    bound = model.bound_from(float(dual)) if dual is not None and np.isfinite(dual) else -math.inf
    if found.x is None:
        return Solved(None, math.inf, bound, False)
    x = np.where(model.integral == 1, np.rint(found.x), found.x) if not relaxed else found.x
    cost = model.value(x)
    return Solved(x, cost, min(bound, cost), found.status == OPTIMAL and gap == 0.0)


@dataclass(frozen=True)
class RelaxedSolution:
    """The model without the requirement of whole numbers.

    Attributes
    ----------
    x : ndarray
    reduced_cost : ndarray
        What the first unit of a variable that is zero adds to the cost.
    bound : float
    """

    x: Floats
    reduced_cost: Floats
    bound: float

    def uses(self, model: MixedIntegerModel) -> npt.NDArray[np.bool_]:
        """Return the decisions it uses, or could use at no cost, and all that follows from them."""
        used = (self.x > SAME) | (self.reduced_cost <= SAME)
        return np.asarray(~model.choice | used)


def relax(model: MixedIntegerModel, time_limit: float) -> RelaxedSolution | None:
    """Solve the relaxed model; return None where that takes too long."""
    from scipy.optimize import linprog

    rows = csr_array(model.matrix)
    equal = model.row_lower == model.row_upper
    above = np.flatnonzero(~equal & np.isfinite(model.row_upper))
    below = np.flatnonzero(~equal & np.isfinite(model.row_lower))
    found = linprog(  # type: ignore[call-overload]  # the stubs know no sparse arrays
        model.cost,
        A_ub=vstack([rows[above], -rows[below]]),
        b_ub=np.concatenate([model.row_upper[above], -model.row_lower[below]]),
        A_eq=rows[np.flatnonzero(equal)],
        b_eq=model.row_lower[equal],
        bounds=np.column_stack([model.lower, model.upper]),
        method="highs-ipm",  # three times as fast here as the simplex method
        options={"time_limit": max(time_limit, 0.05)},
    )
    if found.status != OPTIMAL:
        return None
    reduced = found.lower.marginals + found.upper.marginals
    return RelaxedSolution(found.x, reduced, model.bound_from(float(found.fun)))


def improve_part(
    model: MixedIntegerModel,
    free: npt.NDArray[np.bool_],
    x: Floats,
    time_limit: float,
    gap: float = 0.0,
) -> tuple[Floats | None, bool]:
    """Solve some variables while the others stay.

    Returns
    -------
    ndarray or None
        The whole solution, where one was found.
    bool
        Whether the part was solved to the end.
    """
    found = solve(model.part(free, x), time_limit, gap=gap)
    if found.x is None:
        return None, found.infeasible
    result = x.copy()
    result[free] = found.x
    return result, found.optimal or gap > 0.0
