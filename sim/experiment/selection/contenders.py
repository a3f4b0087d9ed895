"""The alternatives of a selection: those that remain, and how the others were eliminated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.special import ndtr

from sim.experiment.compare_scenarios import simulate_all
from sim.experiment.comparison import common_reduction
from sim.experiment.replication_set import ReplicationSet
from sim.experiment.replications import Progress, ReplicationError
from sim.experiment.selection.elimination import (
    PairwiseComparison,
    compare_pairs,
    is_known,
    likely_best,
)
from sim.metrics import MetricRef
from sim.metrics.estimators import InfluenceEstimate
from sim.units import BadInputError


@dataclass(frozen=True, slots=True)
class Elimination:
    """How one was eliminated: by which alternative, and by how much."""

    than: int
    gap: float
    error: float
    wide: float


@dataclass
class Contenders:
    """Alternatives on the same random numbers; those shown to be worse are simulated no further.

    Attributes
    ----------
    replication_sets : sequence of ReplicationSet
    metrics : sequence of MetricRef
        The same metric of each.
    sign : int
        1 where the largest is the best, -1 where the smallest is.
    error : float
        Probability of error of each pair.
    """

    replication_sets: Sequence[ReplicationSet]
    metrics: Sequence[MetricRef]
    sign: int
    error: float
    remaining: list[int] = field(init=False)
    eliminated: dict[int, Elimination] = field(default_factory=dict, init=False)
    comparison: PairwiseComparison = field(init=False)

    def __post_init__(self) -> None:
        """Begin with all alternatives."""
        self.remaining = list(range(len(self.replication_sets)))

    @property
    def unit_size(self) -> int:
        """Return how many consecutive replications share random numbers."""
        return self.replication_sets[0].unit_size

    @property
    def runs(self) -> int:
        """Return the replications of all alternatives so far."""
        return sum(replication_set.runs for replication_set in self.replication_sets)

    @property
    def leader(self) -> int:
        """Return the number of the one that looks best."""
        return self.remaining[self.comparison.leader]

    @property
    def shortfall(self) -> float:
        """Return by how much the leader may be short of the best, at the confidence."""
        return float(self.comparison.short_of_best()[self.comparison.leader])

    @property
    def identical(self) -> bool:
        """Return whether the remaining ones did not differ in any replication."""
        return not self.comparison.errors.any()

    @property
    def likely(self) -> float:
        """Return an estimate of the probability that the leader is the best of all."""
        out = sum(
            float(ndtr(-lost.gap / lost.error)) for lost in self.eliminated.values() if lost.error
        )
        return max(0.0, likely_best(self.comparison.values, self.comparison.errors) - out)

    def simulate_up_to(self, runs: int, budget: int, progress: Progress | None) -> None:
        """Simulate the remaining ones until each has so many replications."""
        before = sum(c.runs for k, c in enumerate(self.replication_sets) if k not in self.remaining)
        counted = None if progress is None else _budget_progress(progress, before, budget)
        try:
            simulate_all([self.replication_sets[k] for k in self.remaining], runs, counted)
        except ReplicationError as error:
            error.place = self.remaining[error.place]
            raise

    def eliminate_worse(self) -> None:
        """Eliminate those that are shown to be worse than another."""
        self.comparison = compare_pairs(self._found(), self.error)
        worse = self.comparison.worse()
        best = self.comparison.leader
        for k in worse:
            than = best if self.comparison.shown(k, best) else self.comparison.beaten_by(k)
            gap = float(self.comparison.values[than] - self.comparison.values[k])
            error = float(self.comparison.errors[than, k])
            wide = float(self.comparison.wide[than, k])
            self.eliminated[self.remaining[k]] = Elimination(self.remaining[than], gap, error, wide)
        if worse:
            kept = [k for k in range(len(self.remaining)) if k not in worse]
            self.remaining = [self.remaining[k] for k in kept]
            self.comparison = self.comparison.of(kept)

    def _found(self) -> list[InfluenceEstimate]:
        """Return the estimate of each remaining one, the larger the better."""
        reduction = common_reduction([self.replication_sets[k] for k in self.remaining])
        found = []
        for k in self.remaining:
            replication_set = self.replication_sets[k]
            raw = self.metrics[k].evaluate(replication_set.model, replication_set.tallies).estimate
            one = reduction.apply(raw)
            if not is_known(one):
                raise BadInputError(
                    f"best: {self.metrics[k]} is not known in {replication_set.model.name}: "
                    "there was nothing to measure"
                )
            signed = replace(one, value=self.sign * one.value, influence=self.sign * one.influence)
            found.append(signed)
        return found

    def order(self) -> list[int]:
        """Return all alternatives, the best estimate first, the first eliminated last."""
        left = [self.remaining[int(k)] for k in np.argsort(-self.comparison.values, kind="stable")]
        return left + sorted(
            self.eliminated, key=lambda k: (-self.replication_sets[k].runs, self.eliminated[k].gap)
        )


def _budget_progress(progress: Progress, before: int, budget: int) -> Progress:
    return lambda done, _: progress(min(before + done, budget), budget)
