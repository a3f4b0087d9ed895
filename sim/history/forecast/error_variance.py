"""How much forecasts err at each number of days ahead, from few errors that overlap.

Errors of forecasts made on consecutive days for the same weeks are alike, so a history of months
holds only a few independent errors far ahead. All numbers of days ahead are therefore pooled by the
growth that a level has which moves as a random walk, and the errors of each of them correct it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints

HALF_LIFE = 91.0
"""Days after which an error weighs half."""
_DOUBLED_AFTER = 14.0
"""Days ahead after which the variance is twice that of one day, before errors are known: the
noise of a day and of its level are then alike."""
_PRIOR_VARIANCE = 0.1**2
"""Squared CV beyond Poisson noise that is assumed before errors are known."""
_PRIOR_ERRORS = 2.0
"""Independent errors that it weighs."""
_POOLED_ERRORS = 3.0
"""Independent errors that the pooled growth weighs beside those of one number of days ahead."""
_BOUND = 4.0
"""Errors count up to so many robust standard deviations; quantiles of 90 % hardly depend on what
is beyond."""
_SPREAD_DAYS = 56
"""Last origins that the robust standard deviation is from."""
_FEWEST = 10
"""Errors known before they are bounded."""
_MEDIAN_OF_SQUARES = 0.455
"""Of a normal distribution with variance 1."""


@dataclass(frozen=True, eq=False)
class ErrorVariance:
    """Variance of relative errors, at each origin for each number of days ahead.

    Parameters
    ----------
    excess : Floats
        Squared CV beyond Poisson noise; shape (origins, leads).
    errors : Floats
        Independent errors that are known; shape (origins, leads).
    """

    excess: Floats
    errors: Floats

    @property
    def freedom(self) -> Floats:
        """Degrees of freedom of the variance; shape (origins, leads)."""
        return self.errors + _POOLED_ERRORS

    def extended(self, leads: int, tested: int, near: int) -> ErrorVariance:
        """Return the variance also for later leads, along the growth from the near ones on.

        Parameters
        ----------
        leads : int
            Wanted.
        tested : int
            Leads with errors, the first ones.
        near : int
            Those of them that are near.
        """
        if leads <= tested:
            return self
        first, last = self.excess[:, :near].mean(axis=1), self.excess[:, near:tested].mean(axis=1)
        slope = np.maximum(last - first, 0.0) / (tested / 2)
        later = self.excess[:, [tested - 1]] + slope[:, None] * np.arange(1, leads - tested + 1)
        errors = np.repeat(self.errors[:, [tested - 1]], leads - tested, axis=1)
        return ErrorVariance(
            np.concatenate([self.excess, later], axis=1),
            np.concatenate([self.errors, errors], axis=1),
        )


def growth(ahead: Floats) -> Floats:
    """Return the variance of errors so many days ahead over that of one day, as pooled."""
    return 1 + (ahead - 1) / _DOUBLED_AFTER


def overlap(ahead: Floats, shared: Floats | float = 1.0) -> Floats:
    """Return how many errors of consecutive origins are evidence like one.

    Parameters
    ----------
    ahead : Floats
        Days ahead.
    shared : Floats or float
        Share of the variance that is of the level, 1 where all is.

    Notes
    -----
    For a level that moves as a random walk, errors over so many days whose origins are k days
    apart are correlated by 1 - k / days; a variance estimated from them is as uncertain as from
    1 + 2 Σ (1 - k / days)² times fewer independent ones, which is near 1 + 2/3 (days - 1).
    """
    return 1 + 2 / 3 * (ahead - 1) * np.square(shared)


def error_variance(
    forecasts: Floats,
    actual: Floats,
    known_on: Ints,
    origins: Ints,
    ahead: Floats,
    overlaps: Floats,
) -> ErrorVariance:
    """Estimate the variance of errors beyond Poisson noise from those known at each origin.

    Parameters
    ----------
    forecasts : Floats
        Expected counts; shape (origins, leads, values).
    actual : Floats
        Counts; same shape. NaN unknown.
    known_on : Ints
        Days known when the actual count of an origin and lead is; shape (origins, leads).
    origins : Ints
        Days known at each origin; consecutive.
    ahead : Floats
        Days from the origin to the end of what is forecast; shape (leads,).
    overlaps : Floats
        Errors of consecutive origins that are evidence like one; shape (leads,).
    """
    growing = growth(ahead)
    counted = np.isfinite(actual) & (forecasts > 0)
    expected = np.where(counted, forecasts, 0.0)
    size = np.square(expected).sum(axis=-1)
    used = size > 0
    size = np.where(used, size, 1.0)
    squares = np.square(np.where(counted, actual - forecasts, 0.0)).sum(axis=-1) / size
    bounds = _bounds(np.where(used, squares / growing, np.nan), known_on, origins)
    excess = np.minimum(squares, bounds[:, None] * growing) - expected.sum(axis=-1) / size
    weight = used * 2.0 ** ((origins - origins[-1]) / HALF_LIFE)[:, None]
    sums = _known_sums(np.where(used, excess, 0.0) * weight, known_on, origins)
    weights = _known_sums(weight, known_on, origins)
    errors = np.square(weights) / np.maximum(_known_sums(weight**2, known_on, origins), 1e-300)
    errors /= overlaps
    own = sums / np.maximum(weights, 1e-300)
    near = (errors * np.maximum(own, 0.0) / growing).sum(axis=1) + _PRIOR_ERRORS * _PRIOR_VARIANCE
    pooled = (near / (errors.sum(axis=1) + _PRIOR_ERRORS))[:, None] * growing
    mean = (_POOLED_ERRORS * pooled + errors * own) / (_POOLED_ERRORS + errors)
    return ErrorVariance(np.maximum(mean, 0.0), errors)


def _bounds(squares: Floats, known_on: Ints, origins: Ints) -> Floats:
    """Most that a squared error counts, by origin, from those known there; NaN unknown."""
    bounds = np.full(len(origins), np.inf)
    for row, origin in enumerate(origins):
        rows = slice(max(row - _SPREAD_DAYS, 0), row)
        known: Bools = (known_on[rows] <= origin) & np.isfinite(squares[rows])
        if known.sum() > _FEWEST:
            bounds[row] = _BOUND**2 * np.median(squares[rows][known]) / _MEDIAN_OF_SQUARES
    return bounds


def _known_sums(values: Floats, known_on: Ints, origins: Ints) -> Floats:
    """Sums over past origins of what is known at each origin, by lead."""
    sums = np.empty_like(values)
    for lead in range(values.shape[1]):
        cumulated = np.concatenate([[0.0], np.cumsum(values[:, lead])])
        sums[:, lead] = cumulated[np.searchsorted(known_on[:, lead], origins, side="right")]
    return sums
