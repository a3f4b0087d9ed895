"""Ways to plan shifts, alone or compared: cover a requirement, or straight from the goals."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.planning.shifts.cover_plan import cover_plan
from sim.planning.shifts.goal_plan import GoalRequest, goals_plan, simulated
from sim.planning.shifts.interruption import note_interruption, was_interrupted
from sim.planning.shifts.simulated_requirement import with_simulated_requirement
from sim.units import BadInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.planning.shifts.shift_inputs import ShiftInputs
    from sim.planning.shifts.shift_schedule import ShiftSchedule

COVER_S = 10.0
"""Longest time (s) for a plan that others are compared with."""
AFTER_S = 3.0
"""Longest time (s) in which a requirement is covered whose search was interrupted."""
REQUIREMENT = 0.5
"""Share of the time for the requirement by simulation."""


@dataclass(frozen=True)
class Ways:
    """Which ways are taken.

    Attributes
    ----------
    method : {"cover", "goals", "both"}
    by_simulation : bool
        Whether the requirement comes from simulation.
    simulate : bool
        Whether a plan that is compared with no other one is simulated.
    """

    method: str
    by_simulation: bool
    simulate: bool


def planned(inputs: ShiftInputs, request: GoalRequest, ways: Ways, seconds: float) -> ShiftSchedule:
    """Return the plan of one way, or the best one of several with what each gives.

    Parameters
    ----------
    inputs : ShiftInputs
    request : GoalRequest
    ways : Ways
    seconds : float
        Longest time.

    Raises
    ------
    BadInputError
        When there is no scenario to simulate.
    """
    if ways.method == "cover" and not ways.by_simulation:
        plan = cover_plan(inputs, time.monotonic() + seconds)
        return simulated(plan, request) if ways.simulate else plan
    if inputs.scenario is None:
        what = "requirement: simulation" if ways.method == "cover" else "method: goals"
        allowed = "its own requirement" if ways.method == "cover" else "cover"
        raise BadInputError(f"{what} needs a scenario; allowed for a table: {allowed}")
    fresh = replace(request, seed=request.seed + 1)  # days that no search has seen
    plans = [simulated(one, fresh) for one in _each(inputs, request, ways, seconds)]
    best = min(plans, key=_preference) if ways.method == "both" else plans[-1]
    return replace(best, methods=[_method(plan) for plan in plans])


def _each(
    inputs: ShiftInputs, request: GoalRequest, ways: Ways, seconds: float
) -> Iterator[ShiftSchedule]:
    """Yield the plan of each way; none after an interruption."""
    assert inputs.scenario is not None
    if ways.method != "goals":
        yield cover_plan(inputs, time.monotonic() + min(seconds, COVER_S))
        if was_interrupted():
            return
    if ways.by_simulation:
        limit = REQUIREMENT * seconds
        inputs, is_interrupted = with_simulated_requirement(
            inputs, request.of(inputs.scenario), seconds=limit, seed=request.seed,
            workers=request.workers,
        )  # fmt: skip
        seconds -= limit
        if ways.method != "goals" or is_interrupted:
            yield cover_plan(inputs, time.monotonic() + (AFTER_S if is_interrupted else seconds))
        if is_interrupted and not was_interrupted():
            note_interruption()
    if ways.method != "cover" and not was_interrupted():
        yield goals_plan(inputs, request, seconds)


def _preference(plan: ShiftSchedule) -> tuple[bool, int, float]:
    """Return what is compared: whether it was simulated, goals missed, cost; low is good."""
    return not plan.goals, sum(not row["met"] for row in plan.goals), plan.cost


def _method(plan: ShiftSchedule) -> dict[str, Any]:
    return {
        "method": plan.method,
        "requirement": plan.inputs.requirement.origin if plan.method == "cover" else "",
        "hours": round(plan.hours, 6),
        "cost": round(plan.cost, 6),
        "people": plan.people,
        "bound": round(plan.bound, 6),
        "gap": round(plan.gap, 9),
        "goals_met": sum(bool(row["met"]) for row in plan.goals),
        "goals": len(plan.goals),
    }
