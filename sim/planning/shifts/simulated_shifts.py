"""A plan of shifts with the service that it gives in simulation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.planning.shifts.goal_effects import SimulatedService


@dataclass(frozen=True, eq=False)
class GoalPlan:
    """A plan of shifts with what it gives.

    Attributes
    ----------
    values : ndarray of float, shape (columns,)
    cost : float
    service : SimulatedService
    levels : list of ndarray
        By goal and period, what must not be negative for the goal to hold.
    size : list of ndarray
        By goal and period, the contacts (or seconds) that are counted on a day.
    """

    values: Floats
    cost: float
    service: SimulatedService
    levels: list[Floats]
    size: list[Floats]

    def missed(self, margin: float) -> float:
        """Return the sum of what the goals lack to exceed their targets by a share of contacts."""
        return sum(
            float(-np.minimum(level - margin * size, 0.0).sum())
            for level, size in zip(self.levels, self.size, strict=True)
        )

    def margin(self) -> float:
        """Return by which share of the contacts the tightest goal is exceeded, else below 0."""
        return min(
            float((level / np.maximum(size, 1e-9)).min())
            for level, size in zip(self.levels, self.size, strict=True)
        )
