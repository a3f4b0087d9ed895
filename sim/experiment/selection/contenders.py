"""The alternatives of a choice: who is still in, and how those that are out went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.special import ndtr

from sim.experiment.compare_scenarios import simulate_all
from sim.experiment.comparison import common_reduction
from sim.experiment.replicate import Progress, ReplicationError
from sim.experiment.replication_run import ReplicationSet
from sim.experiment.selection.elimination import (
    PairwiseComparison,
    compare_pairs,
    is_known,
    likely_best,
)
from sim.metrics import MetricRef
from sim.metrics.estimate import InfluenceEstimate
from sim.units import BadInputError


@dataclass(frozen=True, slots=True)
class Elimination:
    """How one went out: by whom it was beaten, and by how much."""

    than: int
    gap: float
    error: float
    wide: float


@dataclass
class Contenders:
    """Alternatives that live the same days, those shown to be worse no more.

    Attributes
    ----------
    courses : sequence of ReplicationSet
    figures : sequence of MetricRef
        The same figure of each.
    sign : int
        1 where the largest is the best, -1 where the smallest is.
    error : float
        Probability of error of each pair.
    """

    courses: Sequence[ReplicationSet]
    figures: Sequence[MetricRef]
    sign: int
    error: float
    left: list[int] = field(init=False)
    lost: dict[int, Elimination] = field(default_factory=dict, init=False)
    now: PairwiseComparison = field(init=False)

    def __post_init__(self) -> None:
        """Begin with everyone."""
        self.left = list(range(len(self.courses)))

    @property
    def together(self) -> int:
        """Return how many consecutive replications share chance."""
        return self.courses[0].together

    @property
    def runs(self) -> int:
        """Return the replications of all alternatives so far."""
        return sum(course.runs for course in self.courses)

    @property
    def leader(self) -> int:
        """Return the number of the one that looks best."""
        return self.left[self.now.leader]

    @property
    def short(self) -> float:
        """Return by how much the leader may be short of the best, at the confidence."""
        return float(self.now.short_of_best()[self.now.leader])

    @property
    def alike(self) -> bool:
        """Tell whether those that are left did not differ in any replication."""
        return not self.now.errors.any()

    @property
    def likely(self) -> float:
        """Return an estimate of the probability that the leader is the best of all."""
        out = sum(float(ndtr(-lost.gap / lost.error)) for lost in self.lost.values() if lost.error)
        return max(0.0, likely_best(self.now.values, self.now.errors) - out)

    def go_on(self, runs: int, budget: int, progress: Progress | None) -> None:
        """Go on with those that are left until each has lived so many replications."""
        before = sum(c.runs for k, c in enumerate(self.courses) if k not in self.left)
        told = None if progress is None else _budget_progress(progress, before, budget)
        try:
            simulate_all([self.courses[k] for k in self.left], runs, told)
        except ReplicationError as error:
            error.place = self.left[error.place]
            raise

    def look(self) -> None:
        """Find out who is worse than another of those that are left."""
        self.now = compare_pairs(self._found(), self.error)
        worse = self.now.worse()
        best = self.now.leader
        for k in worse:
            than = best if self.now.shown(k, best) else self.now.beaten_by(k)
            gap = float(self.now.values[than] - self.now.values[k])
            error = float(self.now.errors[than, k])
            wide = float(self.now.wide[than, k])
            self.lost[self.left[k]] = Elimination(self.left[than], gap, error, wide)
        if worse:
            kept = [k for k in range(len(self.left)) if k not in worse]
            self.left = [self.left[k] for k in kept]
            self.now = self.now.of(kept)

    def _found(self) -> list[InfluenceEstimate]:
        """Return the figure of each that is left, the larger the better."""
        reduction = common_reduction([self.courses[k] for k in self.left])
        found = []
        for k in self.left:
            course = self.courses[k]
            raw = self.figures[k].of(course.model, course.tallies).estimate
            one = reduction.of(raw)
            if not is_known(one):
                raise BadInputError(
                    f"best: {self.figures[k]} is not known in {course.model.name}: "
                    "there was nothing to measure"
                )
            signed = replace(one, value=self.sign * one.value, influence=self.sign * one.influence)
            found.append(signed)
        return found

    def order(self) -> list[int]:
        """Return all alternatives, the best looking first, those that went out first last."""
        left = [self.left[int(k)] for k in np.argsort(-self.now.values, kind="stable")]
        return left + sorted(self.lost, key=lambda k: (-self.courses[k].runs, self.lost[k].gap))


def _budget_progress(progress: Progress, before: int, budget: int) -> Progress:
    return lambda done, _: progress(min(before + done, budget), budget)
