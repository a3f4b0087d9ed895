"""The requirement of the formulas, scaled until the shifts that cover it just reach goals."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.planning.shifts.interruption import look
from sim.planning.shifts.solve_cover import solve_cover

if TYPE_CHECKING:
    from sim.planning.shifts.goal_search import GoalSearch
    from sim.planning.shifts.shift_requirement import ShiftRequirement

SCALES = 0.5, 1.3
"""Bounds of the factor on the requirement."""
MOST_SCALE = 20.0
"""Up to this the upper bound is doubled where goals are stricter than the targets."""
HALVINGS = 6
COVER_S = 1.5
"""Longest time (s) in which one requirement is covered."""
SMALL = 1e-6


def scaled(requirement: ShiftRequirement, scale: float) -> ShiftRequirement:
    """Return a requirement with all agents multiplied by a factor."""
    agents = {name: scale * each for name, each in requirement.agents.items()}
    return replace(requirement, agents=agents)


def scale_requirement(search: GoalSearch, deadline: float, latest: float) -> None:
    """Simulate the shifts of larger and smaller requirements, down to one that is just enough.

    Parameters
    ----------
    search : GoalSearch
        Its plans grow by those that are simulated.
    deadline : float
        Of :func:`time.monotonic`.
    latest : float
        Deadline while no plan reaches the goals.
    """
    low, high = SCALES
    while search.best is None and high < MOST_SCALE and time.monotonic() < latest:
        look()
        if _reaches(search, high):
            break
        low, high = high, 2 * high
    for _ in range(HALVINGS):
        if time.monotonic() > deadline:
            break
        look()
        middle = (low + high) / 2
        if _reaches(search, middle):
            high = middle
        else:
            low = middle


def _reaches(search: GoalSearch, scale: float) -> bool:
    """Simulate the shifts that cover a scaled requirement; return whether they reach the goals."""
    inputs = search.inputs
    planning = inputs.planning.model_copy(update={"overstaffing": 0.0, "understaffing": None})
    requirement = scaled(inputs.requirement, scale)
    until = time.monotonic() + COVER_S
    cover = solve_cover(requirement, inputs.patterns, search.types, planning, until)
    return search.evaluate(cover.solution.values[: search.columns]).missed(0.0) <= SMALL
