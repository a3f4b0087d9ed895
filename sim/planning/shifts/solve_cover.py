"""Solving the covering model: least cost, and least shortage where not all can be covered."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.planning.shifts.cover_model import CoverModel, build_cover
from sim.planning.shifts.greedy_cover import greedy_cover
from sim.planning.shifts.interruption import was_interrupted
from sim.planning.shifts.linear_model import FOUND, INFEASIBLE, ROUNDING, Solution, parts_of
from sim.units import HOUR, BadInputError

if TYPE_CHECKING:
    from sim.planning.shifts.possible_shifts import ShiftTypes
    from sim.planning.shifts.shift_requirement import ShiftRequirement
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
    least = _least_cost(requirement, types)
    if planning.understaffing is not None:
        model = build_cover(requirement, patterns, types, planning, is_soft=True)
        solution = model.linear.solve(deadline)
        solution = _or_greedy(model, [solution], requirement, patterns, planning)
        _refuse_unsolved(solution, patterns, planning)
        proven = solution.bound >= solution.objective - ROUNDING
        return Cover(model, solution, _short(model, solution), proven)
    hard = build_cover(requirement, patterns, types, planning, is_soft=False)
    solution = hard.linear.solve(deadline)
    if solution.status == FOUND:
        return Cover(hard, _at_least(solution, least), 0.0, True)
    late = solution.status != INFEASIBLE
    if late:  # the time is over: a plan with something missing, if need be, is found sooner
        deadline = max(deadline, time.monotonic() + 1.0)
    model = build_cover(requirement, patterns, types, planning, is_soft=True)
    linear = model.linear
    costs = list(linear.costs)
    linear.costs = [model.short.get(column, 0.0) for column in range(len(costs))]
    first = linear.solve(deadline, SHORTAGE_TIME)
    first = _or_greedy(model, [first, solution], requirement, patterns, planning)
    linear.costs = costs
    _refuse_unsolved(first, patterns, planning)
    known = max(solution.bound, least) if late else -np.inf
    return _cheapest(model, first, deadline, known)


def _least_cost(requirement: ShiftRequirement, types: ShiftTypes) -> float:
    """Return what the required hours cost by the shifts that are cheapest for an hour on duty."""
    found = 0.0
    slot_h = types.slot_s / HOUR
    for group, agents in requirement.agents.items():
        rates = [
            one.cost / (slot_h * (one.length - sum(pause.length for pause in one.breaks)))
            for one in types.types
            if one.group == group
        ]
        hours = float(np.ceil(agents - ROUNDING).sum()) * requirement.grid.interval_s / HOUR
        found += hours * min(rates, default=0.0)
    return found


def _at_least(solution: Solution, bound: float) -> Solution:
    """Return a solution whose bound is not below a known one."""
    better = min(max(solution.bound, bound), solution.objective)
    return Solution(solution.status, solution.values, solution.objective, better)


def _or_greedy(
    model: CoverModel,
    found: Sequence[Solution],
    requirement: ShiftRequirement,
    patterns: Mapping[str, Pattern],
    planning: ShiftPlanning,
) -> Solution:
    """Return a solution, or a plan made at once where the time was over before there was any.

    Such a plan keeps what was found for parts of the model, by the first of some solutions.
    """
    solution = found[0]
    if solution.status in (FOUND, INFEASIBLE):
        return solution
    known = np.full(len(model.linear.costs), np.nan)
    for one in found:
        part = one.values[: len(known)]
        known[: len(part)] = np.where(np.isnan(known[: len(part)]), part, known[: len(part)])
    values = greedy_cover(model, requirement, patterns, planning, known)
    if values is None:
        return solution
    cost = float(np.asarray(model.linear.costs) @ values)
    return Solution(FOUND, values, cost, max(solution.bound, 0.0))


def _short(model: CoverModel, solution: Solution) -> float:
    hours = sum(float(solution.values[column]) * h for column, h in model.short.items())
    return hours if hours > ROUNDING else 0.0


def _cheapest(model: CoverModel, first: Solution, deadline: float, known_bound: float) -> Cover:
    """Return the cheapest of the plans that cover as much as a first one."""
    linear = model.linear
    is_least = first.bound >= first.objective - ROUNDING
    cost = float(np.asarray(linear.costs) @ first.values)
    _fix_shortage(model, first)
    second = linear.solve(max(deadline, time.monotonic() + 0.5))
    if second.status != FOUND:
        second = Solution(FOUND, first.values, cost, max(second.bound, 0.0))
    if first.objective <= ROUNDING:
        second = _at_least(second, known_bound)
    return Cover(model, second, _short(model, second), is_least)


def _fix_shortage(model: CoverModel, first: Solution) -> None:
    """Bound the missing hours of each part of the model by those of the first solution.

    One row over all would make a single part of days and groups that have nothing in common.
    """
    for _, columns in parts_of(model.linear.matrix()):
        own = [c for c in columns.tolist() if c in model.short]
        if own:
            hours = [model.short[c] for c in own]
            limit = float(np.dot(first.values[own], hours))
            model.linear.row(own, hours, high=limit + ROUNDING * 0.1)


def _refuse_unsolved(
    solution: Solution, patterns: Mapping[str, Pattern], planning: ShiftPlanning
) -> None:
    if solution.status == FOUND:
        return
    if solution.status == INFEASIBLE:
        raise BadInputError(f"pattern: {_clash(patterns, planning)}")
    if was_interrupted():
        raise KeyboardInterrupt
    raise BadInputError(
        "time-limit: no plan was found in this time; allowed: more time, fewer patterns or longer "
        "steps"
    )


def _clash(patterns: Mapping[str, Pattern], planning: ShiftPlanning) -> str:
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
    if planning.seats is not None:
        said.append(f"shift_planning (seats = {planning.seats})")
    return f"the bounds of {', '.join(said)} cannot all hold; allowed: bounds that leave a plan"
