"""The required agents of a staffing, as a change of the scenario they were found for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.what_if import Edit, headcounts

if TYPE_CHECKING:
    from sim.planning.staffing_result import Staffing
    from sim.scenario import Scenario


def apply_required(scenario: Scenario, found: Staffing) -> Edit:
    """Return the change that schedules the agents that a staffing requires.

    Shrinkage and absence stay in the scenario: so many people are scheduled that the required
    agents are left. Shifts become headcounts by interval, which have no breaks.

    Parameters
    ----------
    scenario : Scenario
        The one that was staffed.
    found : Staffing

    Returns
    -------
    Edit
        For every group of the staffing.
    """
    grid = scenario.center.grid
    at = {grid.label(k): k for k in range(grid.intervals)}
    numbers: dict[str, list[float]] = {}
    for row in found.of("group"):
        if row["name"] in scenario.group and row["interval"] in at:
            agents = numbers.setdefault(row["name"], [0.0] * grid.intervals)
            agents[at[row["interval"]]] = float(row["scheduled"] or 0.0)
    return headcounts(scenario, numbers, "Required agents by formula")
