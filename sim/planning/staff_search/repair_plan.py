"""A plan whose search had to end early, brought to meet its goals on fresh days by the surface."""

from __future__ import annotations

import numpy as np

from sim.array_types import Floats
from sim.planning.staff_search.plan_space import Plan, PlanSpace
from sim.planning.staff_search.plan_tally import PlanTally
from sim.planning.staff_search.response_surface import Surface
from sim.planning.staff_search.simulated_plans import SearchStopped, SimulatedPlans
from sim.planning.staff_search.surface_search import search_surface

ATTEMPTS = 4
RADIUS = 2
KICKS = 200
CAUTION = 0.15
SURER = 0.5
"""Standard errors of slack that are required, and as many more after each attempt."""


def repaired(
    space: PlanSpace,
    surface: Surface,
    cells: SimulatedPlans,
    plan: Plan,
    days: int,
    unreached: Floats,
) -> Plan:
    """Return the cheapest change of a plan that is foreseen to meet all goals on fresh days.

    Parameters
    ----------
    space : PlanSpace
    surface : Surface
        With slopes from plans nearby.
    cells : SimulatedPlans
        Of fresh days.
    plan : Plan
    days : int
    unreached : ndarray, shape (conditions,)
        Below zero for goals that no staff reaches, else zero.

    Returns
    -------
    Plan
        The plan itself where its goals hold, where nothing better is found, or without time.
    """
    periods, best = surface.periods, plan
    try:
        for attempt in range(ATTEMPTS):
            (tally,) = cells.simulate([plan], days)
            if (periods.slack(tally) >= unreached).all():
                return plan
            best = plan
            margin = unreached + (unreached >= 0) * SURER * (attempt + 1) * _error(tally)
            found = search_surface(
                space, surface.at(plan, tally), periods.size(tally), RADIUS + attempt, margin,
                (attempt + 1) * CAUTION, KICKS, attempt, frozenset(), cells.deadline, nearest=True,
            )  # fmt: skip
            if not found:
                return best
            plan = best = found[0][1]
    except SearchStopped:
        pass
    finally:
        cells.close()
    return best


def _error(tally: PlanTally) -> Floats:
    return np.asarray(tally.surplus.std(axis=0, ddof=1) / np.sqrt(tally.runs))
