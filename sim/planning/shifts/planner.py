"""Planning shifts: covering a requirement, or straight from the goals, and simulating the plan."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.planning.shifts.place_breaks import PlannedShift, planned_shifts, spread_breaks
from sim.planning.shifts.plan_rows import (
    coverage_rows,
    paid_hours,
    people,
    shift_rows,
    tour_rows,
    uncovered_rows,
)
from sim.planning.shifts.shift_inputs import ShiftInputs, read_inputs
from sim.planning.shifts.shift_scenario import shift_tables, with_shifts
from sim.planning.shifts.shift_schedule import ShiftSchedule
from sim.planning.shifts.shift_types import ShiftTypes, shift_types
from sim.planning.shifts.shortfall import reasons, relaxations
from sim.planning.shifts.solve_cover import Cover, solve_cover
from sim.units import BadInputError, duration

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.planning.shifts.cover_model import CoverModel
    from sim.scenario import Scenario

METHODS = ("cover", "goals", "both")
RELAXING_S = 15.0
"""Longest time in which rules are relaxed for a trial (s)."""
Progress = Callable[[int, int], None]


def plan_shifts(
    center: Scenario | str | Path,
    *,
    patterns: str | Path | Mapping[str, Any] | None = None,
    method: str = "cover",
    requirement: str | Path | None = None,
    goals: Sequence[str] = (),
    per: str = "day",
    days_met: float | str | None = None,
    time_limit: float | str = 60.0,
    understaffing: float | None = None,
    overstaffing: float | None = None,
    seats: int | None = None,
    cyclic: bool | None = None,
    simulate: bool = False,
    runs: int | None = None,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
    **table: Any,
) -> ShiftSchedule:
    """Plan the shifts that cover a requirement, or reach goals, at least cost.

    Parameters
    ----------
    center : Scenario, or path
        A scenario, the path of one, the name of a shipped one, a CSV or XLSX file of requirements
        (columns ``interval`` and ``agents``, optional ``group``) or of interval rows as for
        :func:`sim.planning.staff`.
    patterns : path or mapping, optional
        Shift patterns: a TOML file with tables ``[pattern.NAME]``, or patterns by name. By default
        those of the scenario, and without any a full-time and a part-time pattern.
    method : {"cover", "goals", "both"}
        Cover the requirement of the formulas, or search for the cheapest shifts whose simulation
        reaches the goals; with "both" the plan is the cheaper one that reaches them.
    requirement : path, optional
        Table of requirements to cover instead of that of the formulas.
    goals, per, days_met
        As for :func:`sim.planning.goals.parse_goals`; the targets of the scenario unless given.
    time_limit : float or str
        Longest time (s or text) for the search, after the requirement was computed; the best plan
        so far is returned.
    understaffing, overstaffing : float, optional
        Price of an agent hour too few or too many; by default as in ``shift_planning``.
    seats : int, optional
        Most agents on duty at the same time.
    cyclic : bool, optional
        Whether the end of the horizon is followed by its beginning; by default on one day or whole
        weeks with agents required on both sides of midnight.
    simulate : bool
        Whether to simulate the plan and report the goals.
    runs, seed, workers : optional
        Of the simulation; replications are those of the scenario unless given.
    progress : callable, optional
        Takes what is done and what is planned.
    **table
        For tables: ``interval``, ``sheet``, ``header_row``; of interval rows also ``target``,
        ``patience``, ``shrinkage``, ``aht``, ``columns`` and ``dates``, as for
        :func:`sim.planning.staff`.

    Returns
    -------
    ShiftSchedule

    Raises
    ------
    BadInputError
        When an option, a pattern or a table cannot be used.
    """
    began = time.monotonic()
    if method not in METHODS:
        raise BadInputError(f"method: {method!r} is unknown; allowed: {', '.join(METHODS)}")
    limit = duration(time_limit)
    if limit <= 0:
        raise BadInputError(f"time-limit: {time_limit!r} is not above zero; allowed: such as 60s")
    options = {
        "requirement": requirement, "understaffing": understaffing, "overstaffing": overstaffing,
        "seats": seats, "cyclic": cyclic, **table,
    }  # fmt: skip
    inputs = read_inputs(center, patterns, options)
    deadline = time.monotonic() + limit
    plan = cover_plan(inputs, deadline)
    if simulate:
        plan = simulated(plan, goals, per, days_met, runs, seed, workers, progress)
    return replace(plan, seconds=time.monotonic() - began)


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
        notes.append("a plan that covers more may exist: the time limit was reached")
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
    if inputs.planning.understaffing is None:
        until = min(max(deadline, time.monotonic() + 2.0), time.monotonic() + RELAXING_S)
        found = relaxations(
            inputs.requirement, inputs.patterns, inputs.planning, plan.uncovered, cover.short_h,
            inputs.by_wage, until,
        )  # fmt: skip
    said = reasons(inputs.requirement, inputs.patterns, types, plan.uncovered, found)
    if inputs.planning.understaffing is not None:
        said = [*said[:-1], "agents are missing where they cost more than their absence"]
    return replace(plan, reasons=tuple(said), relaxations=found)


def simulated(
    plan: ShiftSchedule,
    goals: Sequence[str],
    per: str,
    days_met: float | str | None,
    runs: int | None,
    seed: int,
    workers: int | None,
    progress: Progress | None,
) -> ShiftSchedule:
    """Return a plan with its goals as simulated.

    Parameters
    ----------
    plan : ShiftSchedule
    goals, per, days_met, runs, seed, workers, progress
        As for :func:`plan_shifts`.

    Raises
    ------
    BadInputError
        When the plan comes from a table and has no scenario.
    """
    from sim.model.build_model import build_model
    from sim.planning.goal_rows import simulate_goals
    from sim.planning.goals import own_goals, parse_goals

    if plan.scenario is None:
        reason = "the weeks differ" if plan.inputs.scenario else "a table of requirements has none"
        raise BadInputError(f"simulate: needs a scenario with the shifts; {reason}")
    model = build_model(plan.scenario)
    wanted = (
        parse_goals(model, goals, per, days_met)
        if goals
        else own_goals(plan.scenario, model, per, days_met)
    )
    count = plan.scenario.experiment.runs if runs is None else runs
    found = simulate_goals(model, wanted, count, seed, workers, progress)
    rows = [row.record() for row in found]
    return replace(plan, goals=rows, runs=count, seed=seed)
