"""One scenario lived more and more often, until its figures are as sure as wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.replicate import Progress, simulate_replications
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
        Name of the engine that plays.
    workers : int or None
    antithetic : bool
        Replications come in pairs, of which the second is the mirror of the first.
    control : bool
        What the tapes drew is compared with what was to be expected.
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
    def together(self) -> int:
        """Return how many consecutive replications share chance."""
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
            raise ValueError("course: no replication was lived")
        return self._tallies

    @property
    def controls(self) -> Floats | None:
        """Return by how much each replication missed what was expected, if that was asked."""
        return np.concatenate(self._controls) if self.control else None

    @property
    def reduction(self) -> VarianceReduction:
        """Return what was done to lower the variance."""
        return VarianceReduction(self.together, self.controls)

    def go_on(self, runs: int, progress: Progress | None = None) -> None:
        """Go on until there are so many replications.

        Parameters
        ----------
        runs : int
        progress : callable, optional
            Called with the replications done and planned.
        """
        which = range(self.runs + 1, runs + 1)
        if not which:
            return
        more = stack(self._lived(which, progress), self.together)
        self._tallies = more if self._tallies is None else self._tallies + more
        if self.control:
            from sim.experiment.control_variates import control_deviations

            self._controls.append(control_deviations(self.model, self.seed, which, self.antithetic))

    def _lived(self, which: range, progress: Progress | None) -> Iterator[Tally]:
        lived = simulate_replications(
            self.model, self.seed, which, self.engine, self.workers, self.antithetic
        )
        for done, one in enumerate(lived, start=which[0]):
            if progress is not None:
                progress(done, which[-1])
            yield one
