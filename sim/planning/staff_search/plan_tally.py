"""What simulated replications of a plan leave behind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.array_types import Floats


@dataclass(frozen=True, eq=False)
class PlanTally:
    """What some replications of a plan give.

    Attributes
    ----------
    total : ndarray, shape (goals, 2, intervals)
        Numerators and denominators, sums over replications.
    surplus : ndarray of float32, shape (runs, conditions)
        By how much each condition holds in each replication.
    """

    total: Floats
    surplus: npt.NDArray[np.float32]

    @property
    def runs(self) -> int:
        """Return the number of replications."""
        return int(self.surplus.shape[0])

    def __add__(self, other: PlanTally) -> PlanTally:
        """Return these replications followed by others of the same plan."""
        return PlanTally(self.total + other.total, np.concatenate([self.surplus, other.surplus]))
