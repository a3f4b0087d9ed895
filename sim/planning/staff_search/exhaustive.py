"""Small cases: every cheaper plan is simulated, to prove that none of them meets the goals."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from sim.array_types import Floats, Ints
from sim.planning.staff_search.plan_space import Plan, PlanSpace

MOST_PLANS = 1500
"""Cheaper plans up to which all are simulated."""
BLOCKS = 8


def least_agents(space: PlanSpace, best: Plan, holds: Callable[[Plan], bool]) -> Ints | None:
    """Return agents below which no block can go, however many the others have.

    It is taken that more agents elsewhere never make a goal worse.

    Parameters
    ----------
    space : PlanSpace
    best : Plan
        A plan whose goals hold.
    holds : callable
        Whether the goals hold under a plan.

    Returns
    -------
    ndarray of int, shape (blocks,), or None
        None where there are too many blocks to ask.
    """
    if space.blocks > BLOCKS:
        return None
    plenty = np.minimum(3 * np.array(best) + 10, space.most)
    least = np.zeros(space.blocks, np.int64)
    for b in range(space.blocks):
        low, high = min(int(space.least[b]), best[b]), best[b]
        while low < high:  # the fewest with which the goals hold when all others have plenty
            middle = (low + high) // 2
            tried = plenty.copy()
            tried[b] = middle
            low, high = (low, middle) if holds(_plan(tried)) else (middle + 1, high)
        least[b] = low
    return least


def cheaper_plans(space: PlanSpace, best: Plan, least: Ints) -> list[Plan] | None:
    """Return the plans that cost less and to which no agent can be added, the cheapest first.

    All others that cost less have fewer agents than one of these. None where there are too many.
    """
    price = space.hours * space.wage
    table = [space.scheduled[g] for g in space.group]
    limit = space.cost_of(best) - 1e-9
    base = sum(float(table[b][least[b]] * price[b]) for b in range(space.blocks))
    found: list[tuple[float, Plan]] = []
    for cost, plan in _plans(least, table, price, limit, base):
        more = space.step_cost(plan, 1)
        if cost + float(more[more > 0].min(initial=np.inf)) >= limit:
            found.append((cost, plan))
        if len(found) > MOST_PLANS:
            return None
    return [plan for _, plan in sorted(found)]


def _plans(
    least: Ints, table: list[Ints], price: Floats, limit: float, base: float
) -> Iterator[tuple[float, Plan]]:
    """Give every plan from the least agents upwards whose cost stays below the limit."""
    stack: list[tuple[int, float, tuple[int, ...]]] = [(0, base, ())]
    while stack:
        b, cost, chosen = stack.pop()
        if b == least.size:
            yield cost, chosen
            continue
        fewest = int(table[b][least[b]])
        for n in range(int(least[b]), table[b].size):
            total = cost + float((table[b][n] - fewest) * price[b])
            if total >= limit:
                break
            stack.append((b + 1, total, (*chosen, n)))


def _plan(agents: Ints) -> Plan:
    return tuple(int(n) for n in agents)
