"""Plans of shifts that cover a requirement at least cost."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.planning.shifts.interruption import was_interrupted
from sim.planning.shifts.place_breaks import PlannedShift, planned_shifts, spread_breaks
from sim.planning.shifts.plan_rows import (
    coverage_rows,
    paid_hours,
    people,
    shift_rows,
    tour_rows,
    uncovered_rows,
)
from sim.planning.shifts.possible_shifts import ShiftTypes, shift_types
from sim.planning.shifts.shift_inputs import ShiftInputs
from sim.planning.shifts.shift_scenario import shift_tables, with_shifts
from sim.planning.shifts.shift_schedule import ShiftSchedule
from sim.planning.shifts.shortfall import reasons, relaxations
from sim.planning.shifts.solve_cover import Cover, solve_cover

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.planning.shifts.cover_model import CoverModel

RELAXING_S = 15.0
"""Longest time in which rules are relaxed for a trial (s)."""


def cover_plan(inputs: ShiftInputs, deadline: float) -> ShiftSchedule:
    """Return the plan that covers a requirement at least cost.

    Parameters
    ----------
    inputs : ShiftInputs
    deadline : float
        Of :func:`time.monotonic`.
    """
    types = shift_types(inputs.requirement, inputs.patterns, inputs.by_wage)
    notes = [
        f"pattern {name}: its shifts in which {words} has no place are left out"
        for name, words in types.without_place.items()
    ]
    cover = solve_cover(inputs.requirement, inputs.patterns, types, inputs.planning, deadline)
    values = spread_breaks(cover.model, inputs.requirement, cover.solution.values)
    if not cover.is_least_short:
        why = "it was interrupted" if was_interrupted() else "the time limit was reached"
        notes.append(f"a plan that covers more may exist: {why}")
    plan = made_plan(inputs, cover.model, values, cover.solution.objective, cover.solution.bound)
    plan = replace(plan, notes=(*plan.notes, *notes))
    return explained(plan, cover, types, deadline) if plan.uncovered else plan


def made_plan(
    inputs: ShiftInputs, model: CoverModel, values: Floats, cost: float, bound: float
) -> ShiftSchedule:
    """Return the plan that a solution of the covering model means.

    Parameters
    ----------
    inputs : ShiftInputs
    model : CoverModel
    values : ndarray of float, shape (columns,)
    cost, bound : float
    """
    requirement = inputs.requirement
    planned = list(planned_shifts(model, values))
    coverage = coverage_rows(model, requirement, values)
    tables, notes = _tables(inputs, model, planned)
    scenario = with_shifts(inputs.scenario, tables) if inputs.scenario and tables else None
    bound = max(bound, 0.0)
    return ShiftSchedule(
        name=inputs.name,
        method="cover",
        shifts=shift_rows(model, requirement, planned),
        coverage=coverage,
        uncovered=uncovered_rows(coverage),
        tours=tour_rows(model, requirement, values),
        hours=paid_hours(model, values),
        cost=cost,
        cost_is="wages" if inputs.by_wage else "hours",
        people=people(model, inputs.patterns, values),
        bound=bound,
        gap=max(cost - bound, 0.0) / cost if cost > 0 else 0.0,
        bound_is="proven",
        reasons=(),
        relaxations=[],
        seconds=0.0,
        notes=(*inputs.notes, *notes),
        inputs=inputs,
        scenario=scenario,
        shift_tables=tables,
    )


def _tables(
    inputs: ShiftInputs, model: CoverModel, planned: Sequence[PlannedShift]
) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
    """Return the shifts as the scenario file writes them, and what is to be said of them."""
    if inputs.scenario is None:
        return {}, []
    tables = shift_tables(inputs.scenario, inputs.requirement, model, planned)
    if tables is None:
        return {}, ["the weeks differ, and a scenario has the same shifts in every week"]
    has_breaks = any(pattern.breaks for pattern in inputs.patterns.values())
    groups = inputs.scenario.group
    notes = [
        f"group {name}: its shrinkage of {groups[name].shrinkage:.0%} is kept; take out of it what "
        "breaks of the patterns now cover"
        for name in tables
        if groups[name].shrinkage > 0 and has_breaks
    ]
    return tables, notes


def explained(
    plan: ShiftSchedule, cover: Cover, types: ShiftTypes, deadline: float
) -> ShiftSchedule:
    """Return a plan with the reasons why agents are missing."""
    inputs = plan.inputs
    found: list[dict[str, Any]] = []
    if inputs.planning.understaffing is None and not was_interrupted():
        until = min(max(deadline, time.monotonic() + 2.0), time.monotonic() + RELAXING_S)
        found = relaxations(
            inputs.requirement, inputs.patterns, inputs.planning, plan.uncovered, cover.short_h,
            inputs.by_wage, until,
        )  # fmt: skip
    said = reasons(inputs.requirement, inputs.patterns, types, plan.uncovered, found)
    if inputs.planning.understaffing is not None:
        said = [*said[:-1], "agents are missing where they cost more than their absence"]
    elif was_interrupted() and not found:
        said = [*said[:-1], "rules to relax were not tried: the search was interrupted"]
    return replace(plan, reasons=tuple(said), relaxations=found)
