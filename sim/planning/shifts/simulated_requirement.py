"""The requirement by simulation: the least agents by interval whose goals hold when simulated."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.planning.shifts.interruption import look
from sim.planning.shifts.shift_requirement import BY_SIMULATION, ShiftRequirement, repeats
from sim.planning.staff_search.solve import SEARCH, SearchOptions, StaffingSolver
from sim.units import BadInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.planning.plan_goals import PlanGoal
    from sim.planning.shifts.shift_inputs import ShiftInputs


def with_simulated_requirement(
    inputs: ShiftInputs,
    goals: Sequence[PlanGoal],
    *,
    seconds: float,
    seed: int,
    workers: int | None,
) -> tuple[ShiftInputs, bool]:
    """Return inputs whose requirement comes from simulation, and whether that was interrupted.

    Parameters
    ----------
    inputs : ShiftInputs
        With a scenario; its requirement says whether the horizon is cyclic.
    goals : sequence of PlanGoal
    seconds : float
        Longest time of the search.
    seed : int
    workers : int or None
        Processes.

    Raises
    ------
    BadInputError
        When no agents are required.
    """
    scenario, before = inputs.scenario, inputs.requirement
    assert scenario is not None
    options = SearchOptions(
        seconds / SEARCH, None, seed, workers, lambda progress, space: look(), None, None
    )
    solver = StaffingSolver(scenario, tuple(goals), options)
    with solver.searched():
        plan = solver.best
    space = solver.space
    by_group = space.by_interval(space.scheduled_agents(plan))
    agents = {
        group.name: row
        for group, row in zip(space.model.groups, by_group, strict=True)
        if row.any()
    }
    if not agents:
        raise BadInputError(f"{scenario.name}: no agents are required in any interval")
    groups = {name: scenario.group[name] for name in agents}
    found = ShiftRequirement(
        before.grid, agents, before.is_cyclic or repeats(before.grid, agents), True,
        {name: group.wage for name, group in groups.items()},
        {name: group.overtime for name, group in groups.items()},
        BY_SIMULATION,
    )  # fmt: skip
    return replace(inputs, requirement=found, notes=(*inputs.notes, *solver.notes)), (
        solver.stopped == "interrupted"
    )
