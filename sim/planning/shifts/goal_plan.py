"""The goals of a plan of shifts as simulated, and plans straight from the goals."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.model.build_model import build_model
from sim.planning.plan_goals import own_goals, parse_goals
from sim.planning.shifts.cover_plan import cover_plan, made_plan
from sim.planning.shifts.goal_search import GoalPlan, GoalSearch
from sim.planning.shifts.possible_shifts import shift_types
from sim.planning.shifts.solve_cover import solve_cover
from sim.planning.simulated_goals import simulate_goals
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.planning.plan_goals import PlanGoal
    from sim.planning.shifts.shift_inputs import ShiftInputs
    from sim.planning.shifts.shift_schedule import ShiftSchedule
    from sim.scenario import Scenario

COVER_S = 10.0
"""Longest time (s) for the plan from which the search starts."""


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
    found = simulate_goals(
        build_model(plan.scenario), request.of(plan.scenario), count, request.seed,
        request.workers, request.progress,
    )  # fmt: skip
    return replace(plan, goals=[row.record() for row in found], runs=count, seed=request.seed)


def goals_plan(
    inputs: ShiftInputs, request: GoalRequest, seconds: float, *, is_compared: bool
) -> ShiftSchedule:
    """Return the cheapest plan that is found whose simulation reaches the goals.

    Parameters
    ----------
    inputs : ShiftInputs
    request : GoalRequest
    seconds : float
        Longest time.
    is_compared : bool
        Whether the plan that covers the requirement of the formulas is simulated too, and returned
        when it is cheaper.

    Raises
    ------
    BadInputError
        When there is no scenario to simulate.
    """
    if inputs.scenario is None:
        raise BadInputError("method: goals needs a scenario; allowed for a table: cover")
    fresh = replace(request, seed=request.seed + 1)  # days that the search has not seen
    plan = simulated(_searched(inputs, request, seconds), fresh)
    if not is_compared:
        return replace(plan, methods=[_method(plan)])
    covering = simulated(cover_plan(inputs, time.monotonic() + min(seconds, COVER_S)), fresh)
    methods = [_method(covering), _method(plan)]
    return replace(min((plan, covering), key=_preference), methods=methods)


def _preference(plan: ShiftSchedule) -> tuple[int, float]:
    return sum(not row["met"] for row in plan.goals), plan.cost


def _method(plan: ShiftSchedule) -> dict[str, Any]:
    return {
        "method": plan.method,
        "hours": round(plan.hours, 6),
        "cost": round(plan.cost, 6),
        "people": plan.people,
        "bound": round(plan.bound, 6),
        "gap": round(plan.gap, 9),
        "goals_met": sum(bool(row["met"]) for row in plan.goals),
        "goals": len(plan.goals),
    }


def _searched(inputs: ShiftInputs, request: GoalRequest, seconds: float) -> ShiftSchedule:
    """Return the plan of the search; where it reaches no goals, the one that lacks least."""
    assert inputs.scenario is not None
    types = shift_types(inputs.requirement, inputs.patterns, inputs.by_wage)
    goals = request.of(inputs.scenario)
    search = GoalSearch(inputs, goals, types, request.seed, request.progress)
    free = inputs.planning.model_copy(update={"understaffing": None})
    until = time.monotonic() + min(COVER_S, seconds / 4)
    cover = solve_cover(inputs.requirement, inputs.patterns, types, free, until)
    found = search.run(cover.solution.values[: search.columns], seconds)
    best = min(search.plans, key=lambda one: one.missed(0.0)) if found is None else found
    plan = made_plan(inputs, search.model, best.values, best.cost, min(search.bound, best.cost))
    notes = [
        f"{len(search.plans)} plans were simulated on {len(search.days)} days each; coverage is "
        "compared with the requirement of the formulas, which this plan need not meet",
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
