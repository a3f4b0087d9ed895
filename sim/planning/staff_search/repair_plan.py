"""A plan whose search had to end early, brought to meet its goals on fresh days by the surface."""

from __future__ import annotations

from collections.abc import Callable

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
"""Standard errors of slack that are aimed at, and as many more after each attempt."""


def repaired(
    space: PlanSpace,
    surface: Surface,
    cells: SimulatedPlans,
    plan: Plan,
    days: int,
    unreached: Floats,
    sure: float = 0.0,
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
    sure : float
        Standard errors of slack that every condition must have on these days.

    Returns
    -------
    Plan
        The plan itself where its goals hold, where nothing better is found, or without time.
    """
    periods = surface.periods
    try:
        for attempt in range(ATTEMPTS):
            (tally,) = cells.simulate([plan], days)
            error = (unreached >= 0) * _error(tally)
            if (periods.slack(tally) >= unreached + sure * error).all():
                return plan
            margin = unreached + (sure + SURER * (attempt + 1)) * error
            found = search_surface(
                space, surface.at(plan, tally), periods.size(tally), RADIUS + attempt, margin,
                (attempt + 1) * CAUTION, KICKS, attempt, frozenset(), cells.deadline, nearest=True,
            )  # fmt: skip
            if not found:
                return plan
            plan = found[0][1]
    except SearchStopped:
        pass
    return plan


def cheapest_between(plan: Plan, more: Plan, holds: Callable[[Plan], bool | None]) -> Plan | None:
    """Return a plan that misses goals with as few agents added as hold, by bisection.

    Agents are added in proportion to what a plan that holds has more.

    Parameters
    ----------
    plan, more : Plan
    holds : callable
        Whether the goals of a plan hold; None when there is no time to find out.

    Returns
    -------
    Plan or None
        None when none was simulated that holds.
    """
    apart = np.maximum(np.array(more) - np.array(plan), 0)
    blocks = np.repeat(np.arange(apart.size), apart)
    turn = np.concatenate([(np.arange(n) + 0.5) / n for n in apart if n] or [np.zeros(0)])
    order = blocks[np.argsort(turn, kind="stable")]
    low, high, found = 0, order.size, None
    while high - low > 1:
        middle = (low + high) // 2
        tried = np.array(plan) + np.bincount(order[:middle], minlength=apart.size)
        one = tuple(int(n) for n in tried)
        answer = holds(one)
        if answer is None:
            break
        low, high, found = (low, middle, one) if answer else (middle, high, found)
    return found


def _error(tally: PlanTally) -> Floats:
    return np.asarray(tally.surplus.std(axis=0, ddof=1) / np.sqrt(tally.runs))
