"""When an alternative is shown to be worse than another, whatever the number of looks.

Alternatives on the same random numbers are compared by paired differences. One is eliminated as
soon as it is shown to be worse than another, and is simulated no further; so replications go where
they decide (as in the procedures of Kim and Nelson 2001, ACM TOMACS 11, and of Fan, Hong and
Nelson 2016, Operations Research 64, which needs no smallest difference that matters).

That one is worse is shown by a test that holds at all looks unit_size: the likelihood ratio of a
normal sample whose mean over its standard deviation is itself normal, against mean zero, with the
standard deviation integrated out (Robbins 1970, Annals of Mathematical Statistics 41; Lai 1976,
Annals of Statistics 4). Where the mean is zero it ever reaches 1/a with probability a at most
(Ville), whenever one stops. With k alternatives a = (1 - confidence) / (k - 1): the best meets
k - 1 others, so it stays in with the confidence at least.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, inf, isnan, log, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from sim.metrics.estimators import ROUNDING, Floats, InfluenceEstimate

MIXTURE = 10.0
"""Replications that the assumed spread of effects is worth; sharpest about ten times as many."""


def critical_ratio(error: float, units: int, fitted: int = 0) -> float:
    """Return the largest ratio whose evidence stays below ``1 / error``: the inverse.

    Infinite while there are too few units for any ratio to show anything.
    """
    freedom = units - 1 - fitted
    part = MIXTURE / (units + MIXTURE)
    grown = exp(min(2.0 * log(1.0 / (error * sqrt(part))) / (freedom + 1), 700.0))
    if part * grown >= 1:
        return inf
    return sqrt(freedom * (grown - 1.0) / (1.0 - part * grown))


@dataclass(frozen=True, eq=False)
class PairwiseComparison:
    """Alternatives after some replications of all of them.

    Attributes
    ----------
    values : ndarray, shape (k,)
        The larger the better.
    errors : ndarray, shape (k, k)
        Standard errors of the differences.
    units, fitted : int
    error : float
        Probability of error of each pair.
    """

    values: Floats
    errors: Floats
    units: int
    fitted: int
    error: float

    @property
    def leader(self) -> int:
        """Return the one that looks best, the first of equals."""
        return int(np.argmax(self.values))

    def worse(self) -> list[int]:
        """Return those that are shown to be worse than another."""
        return [int(k) for k in np.flatnonzero(self._shown().any(axis=1))]

    def shown(self, one: int, other: int) -> bool:
        """Return whether one is shown to be worse than another."""
        return bool(self._shown()[one, other])

    def beaten_by(self, one: int) -> int:
        """Return the best looking of those that one is shown to be worse than."""
        return int(np.argmax(np.where(self._shown()[one], self.values, -inf)))

    def of(self, kept: list[int]) -> PairwiseComparison:
        """Return the standing of some of them."""
        return replace(self, values=self.values[kept], errors=self.errors[np.ix_(kept, kept)])

    def _shown(self) -> npt.NDArray[np.bool_]:
        """Return who is shown to be worse than whom, shape (k, k)."""
        gaps = self.values[:, None] - self.values[None, :]
        wide = self.wide
        # Without any spread two are told apart by any difference, and equals never.
        slack = ROUNDING * np.maximum(1.0, np.abs(self.values)[:, None])
        return np.asarray((gaps < -wide) & (gaps < -slack))

    @property
    def wide(self) -> Floats:
        """Return half the width of the intervals of all differences, shape (k, k)."""
        factor = critical_ratio(self.error, self.units, self.fitted)
        # Where nothing varies there is nothing to be unsure of.
        factors = np.where(self.errors > 0, factor, 1.0)
        return np.asarray(factors * self.errors, dtype=np.float64)

    def short_of_best(self) -> Floats:
        """Return by how much each may be short of the best of all, at the confidence."""
        gaps = self.values[None, :] - self.values[:, None]
        possible = np.where(np.eye(len(self.values), dtype=bool), 0.0, gaps + self.wide)
        return np.asarray(np.maximum(possible.max(axis=1), 0.0))


def compare_pairs(found: list[InfluenceEstimate], error: float) -> PairwiseComparison:
    """Compare alternatives that were simulated on the same random numbers.

    Parameters
    ----------
    found : list of InfluenceEstimate
        The larger the better; influence of shape (units,).
    error : float
        Probability of error of each pair.
    """
    values = np.array([float(one.value) for one in found])
    influence = np.stack([one.influence for one in found])
    units = influence.shape[1]
    spread = ((influence[:, None, :] - influence[None, :, :]) ** 2).sum(axis=2)
    # The influence of a metric with controls is already scaled for what was fitted.
    return PairwiseComparison(
        values, np.sqrt(spread / (units - 1) / units), units, found[0].fitted, error
    )


def likely_best(values: Floats, errors: Floats) -> float:
    """Return an estimate of the probability that the leader is the best.

    One less the probabilities that each other one is better, were the differences normal about
    what was seen (Bonferroni; Chen 1996, IEEE Transactions on Automatic Control 41).
    """
    leader = int(np.argmax(values))
    gaps, wide = values[leader] - values, errors[leader]
    others = np.arange(len(values)) != leader
    with np.errstate(divide="ignore", invalid="ignore"):
        away = np.where(wide > 0, gaps / wide, np.where(gaps > 0, inf, 0.0))
    return max(0.0, 1.0 - float(ndtr(-away[others]).sum()))


def is_known(found: InfluenceEstimate) -> bool:
    """Return whether a metric and its spread are known."""
    return not (isnan(float(found.value)) or np.isnan(found.influence).any())
