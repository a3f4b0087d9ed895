"""The requirement of the formulas, scaled until the shifts that cover it just reach goals."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.planning.shifts.interruption import look

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.planning.shifts.shift_requirement import ShiftRequirement

SCALES = 0.5, 1.3
"""Bounds of the factor on the requirement."""
MOST_SCALE = 20.0
"""Up to this the upper bound is doubled where goals are stricter than the targets."""
HALVINGS = 6


def scaled(requirement: ShiftRequirement, scale: float) -> ShiftRequirement:
    """Return a requirement with all agents multiplied by a factor."""
    agents = {name: scale * each for name, each in requirement.agents.items()}
    return replace(requirement, agents=agents)


def scale_requirement(
    requirement: ShiftRequirement,
    reaches: Callable[[ShiftRequirement], bool],
    is_enough: bool,
    deadline: float,
    latest: float,
) -> None:
    """Try larger and smaller requirements, down to one that is just enough.

    Parameters
    ----------
    requirement : ShiftRequirement
    reaches : callable
        Returns whether the shifts that cover a requirement reach the goals.
    is_enough : bool
        Whether the requirement itself is known to be enough.
    deadline : float
        Of :func:`time.monotonic`.
    latest : float
        Deadline while no requirement is enough.
    """
    low, high = SCALES
    while not is_enough and high < MOST_SCALE and time.monotonic() < latest:
        look()
        is_enough = reaches(scaled(requirement, high))
        if not is_enough:
            low, high = high, 2 * high
    for _ in range(HALVINGS):
        if time.monotonic() > deadline:
            break
        look()
        middle = (low + high) / 2
        if reaches(scaled(requirement, middle)):
            high = middle
        else:
            low = middle
