"""The replications of one scenario, to which more can be added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.cancellation import end_if_cancelled
from sim.experiment.replications import Progress, simulate_replications
from sim.metrics import Tallies, Tally, VarianceReduction, stack

if TYPE_CHECKING:
    from sim.metrics.tally_fields import Floats
    from sim.model import Model


@dataclass
class ReplicationSet:
    """The replications of one scenario so far.

    Attributes
    ----------
    model : Model
    seed : int
    engine : str
        Name of the engine that simulates.
    workers : int or None
    antithetic : bool
        Replications form pairs, of which the second is the mirror of the first.
    control : bool
        Deviations of the drawn arrivals and work from their expectation are recorded.
    """

    model: Model
    seed: int
    engine: str = "auto"
    workers: int | None = None
    antithetic: bool = False
    control: bool = False
    _tallies: Tallies | None = field(default=None, init=False, repr=False)
    _controls: list[Floats] = field(default_factory=list, init=False, repr=False)

    @property
    def runs(self) -> int:
        """Return the number of replications so far."""
        return 0 if self._tallies is None else self._tallies.runs

    @property
    def unit_size(self) -> int:
        """Return how many consecutive replications share random numbers."""
        return 2 if self.antithetic else 1

    @property
    def tallies(self) -> Tallies:
        """Return the sums of all replications so far.

        Raises
        ------
        ValueError
            Before the first one.
        """
        if self._tallies is None:
            raise ValueError("replication_set: no replication was simulated")
        return self._tallies

    @property
    def controls(self) -> Floats | None:
        """Return the deviations of each replication, if control variates are used."""
        return np.concatenate(self._controls) if self.control else None

    @property
    def reduction(self) -> VarianceReduction:
        """Return what was done to lower the variance."""
        return VarianceReduction(self.unit_size, self.controls)

    def simulate_up_to(self, runs: int, progress: Progress | None = None) -> None:
        """Simulate until there are so many replications.

        Parameters
        ----------
        runs : int
        progress : callable, optional
            Called with the replications done and planned.
        """
        numbers = range(self.runs + 1, runs + 1)
        if not numbers:
            return
        more = stack(self._simulated(numbers, progress), self.unit_size)
        self._tallies = more if self._tallies is None else self._tallies + more
        if self.control:
            from sim.experiment.control_variates import control_deviations

            self._controls.append(
                control_deviations(self.model, self.seed, numbers, self.antithetic)
            )

    def _simulated(self, numbers: range, progress: Progress | None) -> Iterator[Tally]:
        tallies = simulate_replications(
            self.model, self.seed, numbers, self.engine, self.workers, self.antithetic
        )
        for done, one in enumerate(tallies, start=numbers[0]):
            end_if_cancelled()
            if progress is not None:
                progress(done, numbers[-1])
            yield one
