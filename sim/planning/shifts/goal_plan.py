"""The goals of a plan of shifts as simulated, and plans straight from the goals."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim import units
from sim.model.build_model import build_model
from sim.planning.plan_goals import own_goals, parse_goals
from sim.planning.shifts.cover_plan import made_plan
from sim.planning.shifts.goal_search import GoalSearch
from sim.planning.shifts.interruption import note_interruption, was_interrupted
from sim.planning.shifts.possible_shifts import shift_types
from sim.planning.shifts.solve_cover import solve_cover
from sim.planning.simulated_goals import simulate_goals
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.planning.plan_goals import PlanGoal
    from sim.planning.shifts.shift_inputs import ShiftInputs
    from sim.planning.shifts.shift_schedule import ShiftSchedule
    from sim.planning.shifts.simulated_shifts import GoalPlan
    from sim.scenario import Scenario

COVER_S = 10.0
"""Longest time (s) for the plan from which the search starts."""
HURRIED = 20
"""Most replications of a plan whose search was interrupted."""


@dataclass(frozen=True)
class GoalRequest:
    """Goals, and how they are simulated; fields as for :func:`plan_shifts`."""

    goals: Sequence[str]
    per: str
    days_met: float | str | None
    runs: int | None
    seed: int
    workers: int | None
    progress: Callable[[int, int], None] | None

    def of(self, scenario: Scenario) -> tuple[PlanGoal, ...]:
        """Return the goals of a scenario: those wanted, or its own targets."""
        model = build_model(scenario)
        if self.goals:
            return parse_goals(model, self.goals, self.per, self.days_met)
        return own_goals(scenario, model, self.per, self.days_met)


def simulated(plan: ShiftSchedule, request: GoalRequest) -> ShiftSchedule:
    """Return a plan with its goals as simulated.

    Parameters
    ----------
    plan : ShiftSchedule
    request : GoalRequest

    Raises
    ------
    BadInputError
        When the plan comes from a table and has no scenario.
    """
    if plan.scenario is None:
        reason = "the weeks differ" if plan.inputs.scenario else "a table of requirements has none"
        raise BadInputError(f"simulate: needs a scenario with the shifts; {reason}")
    count = plan.scenario.experiment.runs if request.runs is None else request.runs
    progress = request.progress
    if was_interrupted():  # what shows progress may pass the same interruption on
        count, progress = min(count, HURRIED), None
    try:
        found = simulate_goals(
            build_model(plan.scenario), request.of(plan.scenario), count, request.seed,
            request.workers, progress,
        )  # fmt: skip
    except KeyboardInterrupt:
        note_interruption()
        return replace(plan, notes=(*plan.notes, "its goals were not simulated: interrupted"))
    return replace(plan, goals=[row.record() for row in found], runs=count, seed=request.seed)


def goals_plan(inputs: ShiftInputs, request: GoalRequest, seconds: float) -> ShiftSchedule:
    """Return the cheapest plan that is found whose simulation reaches the goals.

    Where none is found that reaches them, it is the one that lacks least.

    Parameters
    ----------
    inputs : ShiftInputs
        With a scenario.
    request : GoalRequest
    seconds : float
        Longest time.
    """
    assert inputs.scenario is not None
    types = shift_types(inputs.requirement, inputs.patterns, inputs.by_wage)
    search = GoalSearch(inputs, request.of(inputs.scenario), types, request.seed)
    free = inputs.planning.model_copy(update={"understaffing": None})
    until = time.monotonic() + min(COVER_S, seconds / 4)
    cover = solve_cover(inputs.requirement, inputs.patterns, types, free, until)
    found = search.run(cover.solution.values[: search.columns], seconds)
    best = min(search.plans, key=lambda one: one.missed(0.0)) if found is None else found
    bound = 0.0 if found is None else min(search.bound, best.cost)  # of plans that reach the goals
    plan = made_plan(inputs, search.model, best.values, best.cost, bound)
    count = units.counted(len(search.plans), "plan")
    notes = [
        f"{count} {'was' if len(search.plans) == 1 else 'were'} simulated on {len(search.days)} "
        f"days each; coverage is compared with {inputs.requirement.source}, which this plan need "
        "not meet",
    ]
    if found is not None and not search.verified:
        notes.append("a goal is missed on days that the search has not seen")
    return replace(
        plan, method="goals", bound_is="heuristic", uncovered=[],
        reasons=() if found is not None else _unreached(best),
        notes=(*plan.notes, *notes),
    )  # fmt: skip


def _unreached(best: GoalPlan) -> tuple[str, ...]:
    """Return which goals no simulated plan reached together, in sentences."""
    lacking = [
        str(one.goal)
        for one, level in zip(best.service.sums, best.levels, strict=True)
        if (level < 0).any()
    ]
    return (
        f"no plan was found that reaches all goals; this one misses least: {'; '.join(lacking)}",
        "more agents may not help where a rule of the patterns leaves an interval unstaffed: see "
        "the coverage",
    )
