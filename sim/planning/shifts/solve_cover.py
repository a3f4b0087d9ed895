"""Solving the covering model: least cost, and least shortage where not all can be covered."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.planning.shifts.cover_model import CoverModel, build_cover
from sim.planning.shifts.linear_model import FOUND, INFEASIBLE, ROUNDING, Solution
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.planning.shifts.shift_requirement import ShiftRequirement
    from sim.planning.shifts.shift_types import ShiftTypes
    from sim.scenario.pattern import Pattern, ShiftPlanning

SHORTAGE_TIME = 0.5
"""Share of the time for the least shortage, the rest is for the least cost."""


@dataclass(frozen=True)
class Cover:
    """A solved covering model.

    Attributes
    ----------
    model : CoverModel
    solution : Solution
        With the cost as objective: wages or hours, and what over- and understaffing cost.
    short_h : float
        Agent hours that are not covered.
    is_least_short : bool
        Whether it is proven that no plan covers more; true where nothing is missing.
    """

    model: CoverModel
    solution: Solution
    short_h: float
    is_least_short: bool


def solve_cover(
    requirement: ShiftRequirement,
    patterns: Mapping[str, Pattern],
    types: ShiftTypes,
    planning: ShiftPlanning,
    deadline: float,
) -> Cover:
    """Return the shifts that cover a requirement at least cost.

    Without a price of understaffing, as many required hours as possible are covered, and this at
    least cost.

    Parameters
    ----------
    requirement : ShiftRequirement
    patterns : mapping of str to Pattern
    types : ShiftTypes
    planning : ShiftPlanning
    deadline : float
        Of :func:`time.monotonic`.

    Raises
    ------
    BadInputError
        When the bounds of the patterns contradict one another, or no plan is found in time.
    """
    if planning.understaffing is not None:
        priced = build_cover(requirement, patterns, types, planning, is_soft=True)
        return _priced(priced, priced.linear.solve(deadline), patterns)
    hard = build_cover(requirement, patterns, types, planning, is_soft=False)
    solution = hard.linear.solve(deadline)
    if solution.status == FOUND:
        return Cover(hard, solution, 0.0, True)
    late = solution.status != INFEASIBLE
    if late:  # the time is over: a plan with something missing, if need be, is found sooner
        deadline = max(deadline, time.monotonic() + 1.0)
    soft = build_cover(requirement, patterns, types, planning, is_soft=True)
    return _least_short(soft, deadline, patterns, solution.bound if late else -np.inf)


def _priced(model: CoverModel, solution: Solution, patterns: Mapping[str, Pattern]) -> Cover:
    _refuse_unsolved(solution, patterns)
    short = _short(model, solution)
    return Cover(model, solution, short, solution.bound >= solution.objective - ROUNDING)


def _short(model: CoverModel, solution: Solution) -> float:
    hours = sum(float(solution.values[column]) * h for column, h in model.short.items())
    return hours if hours > ROUNDING else 0.0


def _least_short(
    model: CoverModel, deadline: float, patterns: Mapping[str, Pattern], known_bound: float
) -> Cover:
    """Return the cheapest of the plans that cover most."""
    linear = model.linear
    costs = list(linear.costs)
    linear.costs = [model.short.get(column, 0.0) for column in range(len(costs))]
    first = linear.solve(deadline, SHORTAGE_TIME)
    _refuse_unsolved(first, patterns)
    is_least = first.bound >= first.objective - ROUNDING
    linear.costs = costs
    if first.objective <= ROUNDING:
        columns, hours = list(model.short), list(model.short.values())
        linear.row(columns, hours, high=0.0)
    else:
        _fix_shortage(model, first)
    second = linear.solve(max(deadline, time.monotonic() + 0.5))
    if second.status != FOUND:
        cost = float(np.asarray(costs) @ first.values)
        second = Solution(FOUND, first.values, cost, max(second.bound, known_bound))
    if first.objective <= ROUNDING and np.isfinite(known_bound):
        second = Solution(FOUND, second.values, second.objective, max(second.bound, known_bound))
    return Cover(model, second, _short(model, second), is_least)


def _fix_shortage(model: CoverModel, first: Solution) -> None:
    """Bound the missing hours of each part of the model by those of the first solution.

    One row over all would make a single part of days and groups that have nothing in common.
    """
    from sim.planning.shifts.linear_model import parts_of

    for _, columns in parts_of(model.linear.matrix()):
        own = [c for c in columns.tolist() if c in model.short]
        if own:
            hours = [model.short[c] for c in own]
            limit = float(np.dot(first.values[own], hours))
            model.linear.row(own, hours, high=limit + ROUNDING * 0.1)


def _refuse_unsolved(solution: Solution, patterns: Mapping[str, Pattern]) -> None:
    if solution.status == FOUND:
        return
    if solution.status == INFEASIBLE:
        raise BadInputError(f"pattern: {_clash(patterns)}")
    raise BadInputError(
        "time-limit: no plan was found in this time; allowed: more time, fewer patterns or longer "
        "steps"
    )


def _clash(patterns: Mapping[str, Pattern]) -> str:
    """Return which bounds cannot hold together, in words."""
    said = []
    for name, pattern in patterns.items():
        own = []
        if pattern.least:
            own.append(f"least = {pattern.least}")
        if pattern.most is not None:
            own.append(f"most = {pattern.most}")
        if pattern.least_share:
            own.append(f"least_share = {pattern.least_share:.0%}")
        if pattern.most_share < 1:
            own.append(f"most_share = {pattern.most_share:.0%}")
        if own:
            said.append(f"{name} ({', '.join(own)})")
    return (
        f"the bounds of {', '.join(said)} and the seats cannot all hold; allowed: bounds that "
        "leave at least one plan"
    )
