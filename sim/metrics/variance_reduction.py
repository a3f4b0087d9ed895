"""What an experiment did to lower the variance of its metrics, and how much that took off.

Antithetic pairs: the independent units are the means of pairs. Controls: sums whose mean is known
are regressed on the influence of a metric, and the metric is moved by what the controls missed of
their own mean (Lavenberg and Welch 1981, Management Science 27; Law, Simulation Modeling and
Analysis, 5th ed., sec. 11.4).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.metrics.estimators import Floats, InfluenceEstimate

COLLINEAR = 1e-6
"""A control with less than this share of its spread left beside the others adds nothing."""


@dataclass(frozen=True, eq=False)
class VarianceReduction:
    """How the replications of an experiment belong unit_size, and what is known about them.

    Attributes
    ----------
    unit_size : int
        Consecutive replications that share random numbers: 1, or 2 for antithetic pairs.
    controls : ndarray, shape (runs, controls), or None
        By how much sums with a known mean missed it in each replication.
    """

    unit_size: int = 1
    controls: Floats | None = None

    def __bool__(self) -> bool:
        """Return whether anything was done."""
        return self.unit_size > 1 or self.controls is not None

    def apply(self, estimate: InfluenceEstimate) -> InfluenceEstimate:
        """Return a metric of all replications with its variance lowered.

        Parameters
        ----------
        estimate : InfluenceEstimate
            Influence of shape (runs, ...).
        """
        if not self:
            return estimate
        paired = estimate.grouped(self.unit_size)
        found = paired if self.controls is None else apply_controls(paired, self._by_unit)
        return replace(found, plain=estimate.variance)

    @cached_property
    def _by_unit(self) -> Floats:
        """Controls that tell each other apart, shape (units, controls), mean over each unit."""
        assert self.controls is not None
        runs, count = self.controls.shape
        units = self.controls.reshape(runs // self.unit_size, self.unit_size, count).mean(axis=1)
        return _independent_columns(units)


def apply_controls(estimate: InfluenceEstimate, controls: Floats) -> InfluenceEstimate:
    """Return a metric without what its controls explain.

    Parameters
    ----------
    estimate : InfluenceEstimate
        Influence of shape (units, ...).
    controls : ndarray, shape (units, q)
        Independent columns of mean zero, each unit's deviation from the known mean.

    Returns
    -------
    InfluenceEstimate
        The regression's value at the known means. Its variance is that of the residuals, with
        units - q - 1 degrees of freedom, and holds what the coefficients themselves are unsure
        by: ``s² (1/n + m' (X'X)⁻¹ m)`` with ``m`` the mean and ``X`` the centred controls
        (Lavenberg and Welch 1981). Without enough units there is no interval.
    """
    units, count = controls.shape
    if not count or units < count + 3:
        return estimate
    mean = controls.mean(axis=0)
    centred = controls - mean
    known = ~np.isnan(estimate.value)
    influence = np.where(known, estimate.influence, 0.0).reshape(units, -1)
    weights = np.linalg.lstsq(centred, influence, rcond=None)[0]
    left = influence - centred @ weights
    unsure = 1.0 + units * float(mean @ np.linalg.solve(centred.T @ centred, mean))
    left *= np.sqrt((units - 1) / (units - count - 1) * unsure)
    shape = estimate.value.shape
    moved = estimate.value - (mean @ weights).reshape(shape)
    found = replace(
        estimate,
        value=np.asarray(moved),
        influence=np.where(known, left.reshape(units, *shape), np.nan),
        fitted=estimate.fitted + count,
        span=None,
    )
    return replace(found, span=_scaled_ci(estimate, found)) if estimate.span else found


def _scaled_ci(before: InfluenceEstimate, after: InfluenceEstimate) -> tuple[float, float] | None:
    """Return an asymmetric confidence interval, moved and narrowed as the variance was."""
    assert before.span is not None
    if not before.half > 0:
        return before.span
    part = float(after.half / before.half)
    low, high = (part * (bound - float(before.value)) for bound in before.span)
    return float(after.value) + low, float(after.value) + high


def _independent_columns(controls: Floats) -> Floats:
    """Return the controls that vary and that the ones before them do not already tell."""
    kept: list[Floats] = []
    base: list[Floats] = []
    for column in controls.T:
        rest = column - column.mean()
        size = float(np.linalg.norm(rest))
        for other in base:
            rest = rest - (rest @ other) * other
        left = float(np.linalg.norm(rest))
        if size > 0 and left > COLLINEAR * size:
            kept.append(column)
            base.append(rest / left)
    return np.array(kept).T.reshape(len(controls), len(kept))
