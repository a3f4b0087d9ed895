"""Prediction intervals from the errors of the back-test (conformal prediction).

An error is scaled by the standard deviation that a Poisson count with a random factor of the day
would have; the quantiles of the scaled errors that were known at an origin bound what is forecast
there. So the coverage counted afterwards is out of sample for the quantiles too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats, Ints

_EDGE = 12.0
_STEP = 0.02
_SCORES = np.arange(-_EDGE, _EDGE + _STEP / 2, _STEP)
"""Scaled errors are counted in classes of this grid."""
_PRIOR_EXCESS = 0.15**2
"""Squared CV beyond Poisson that is assumed before errors are known."""
_PRIOR_DAYS = 5.0
"""Days of evidence that it weighs."""
FEWEST_DAYS = 20
"""Days with errors before quantiles are taken from them; a normal distribution until then."""
STEP = 0.02
"""How far the share in a tail moves when a whole day is missed."""
_LEAST_TAIL = 0.002
HALF_LIFE = 91.0
"""Days after which an error weighs half in the quantiles."""


@dataclass(frozen=True, eq=False)
class Bands:
    """Bounds of the actual counts, from errors known at each origin.

    Parameters
    ----------
    low, high : Floats
        Same shape as the forecasts.
    covered : Floats
        1 where the actual count is inside, 0 where not; NaN where it is unknown or where the
        quantiles were not yet from errors.
    """

    low: Floats
    high: Floats
    covered: Floats

    @property
    def coverage(self) -> float:
        """Share of actual counts inside; NaN where none could be compared."""
        known = np.isfinite(self.covered)
        return float(self.covered[known].mean()) if known.any() else float("nan")


def conformal_bands(
    forecasts: Floats,
    actual: Floats,
    known_on: Ints,
    origins: Ints,
    level: float,
    overlap: float = 1.0,
) -> Bands:
    """Return prediction intervals of forecasts by origin.

    Parameters
    ----------
    forecasts : Floats
        Expected counts; shape (origins, leads, values).
    actual : Floats
        Counts; same shape. NaN unknown.
    known_on : Ints
        Days known when the actual count of an origin and lead is; shape (origins, leads).
    origins : Ints
        Days known at each origin; increasing.
    level : float
        Nominal coverage, such as 0.9.
    overlap : float
        Days whose errors go together, so that they are evidence like one.

    Notes
    -----
    Source: Vovk, Gammerman, Shafer (2005), with their correction for the number of days; the
    two tails are bounded apart. Errors of a series are not exchangeable, so each tail is moved
    by the misses that have become known (Gibbs, Candes 2021).
    """
    excess = _excess(forecasts, actual, known_on, origins)
    spread = np.sqrt(np.maximum(forecasts, 0.25) + excess[:, None, None] * np.square(forecasts))
    scores = np.where(forecasts > 0, (actual - forecasts) / spread, np.nan)
    known = _KnownScores(scores, known_on, origins, overlap)
    low, high = np.zeros_like(forecasts), np.zeros_like(forecasts)
    misses: list[Floats] = []  # of each origin: below and above, by lead
    tails = np.full(2, (1 - level) / 2)
    for row, origin in enumerate(origins):
        fresh = [
            misses[past][:, lead]
            for past, lead in zip(*np.nonzero(known_on[:row] == origin), strict=True)
        ]
        if fresh and known.days[row] > FEWEST_DAYS:
            missed = np.nanmean(fresh, axis=0) if np.isfinite(fresh).any() else tails
            tails = np.clip(tails + STEP * ((1 - level) / 2 - missed), _LEAST_TAIL, 0.5)
        bounds = known.quantiles(row, tails, level)
        low[row] = np.maximum(forecasts[row] + bounds[0] * spread[row], 0.0)
        high[row] = np.where(forecasts[row] > 0, forecasts[row] + bounds[1] * spread[row], 0.0)
        misses.append(_misses(forecasts[row], actual[row], low[row], high[row]))
    inside = (actual >= low) & (actual <= high)
    counted = np.isfinite(actual) & (forecasts > 0) & (known.days >= FEWEST_DAYS)[:, None, None]
    return Bands(low, high, np.where(counted, inside, np.nan))


def _misses(forecast: Floats, actual: Floats, low: Floats, high: Floats) -> Floats:
    """Shares of counts below and above the bounds; shape (2, leads), NaN where none is known."""
    known = np.isfinite(actual) & (forecast > 0)
    number = np.where(known.any(axis=1), known.sum(axis=1), np.nan)
    return np.stack([
        (known & (actual < low)).sum(axis=1) / number,
        (known & (actual > high)).sum(axis=1) / number,
    ])  # fmt: skip


def _excess(forecasts: Floats, actual: Floats, known_on: Ints, origins: Ints) -> Floats:
    """Squared CV of the errors beyond Poisson, from those known at each origin."""
    known = np.isfinite(actual)
    error = np.where(known, np.square(actual - forecasts) - forecasts, 0.0).sum(axis=-1)
    size = np.where(known, np.square(forecasts), 0.0).sum(axis=-1)
    length = int(max(known_on.max(), origins[-1])) + 1
    errors, sizes = (np.bincount(known_on.ravel(), sums.ravel(), length) for sums in (error, size))
    errors, sizes = np.cumsum(errors)[origins], np.cumsum(sizes)[origins]
    days = np.cumsum(np.bincount(known_on.ravel(), size.ravel() > 0, length) > 0)[origins]
    prior = _PRIOR_DAYS / np.maximum(days, 1)
    excess: Floats = (errors / np.maximum(sizes, 1e-9) + prior * _PRIOR_EXCESS) / (1 + prior)
    return np.clip(np.where(days > 0, excess, _PRIOR_EXCESS), 0.0, 4.0)


class _KnownScores:
    """Scaled errors in classes, cumulated by the day on which they become known.

    Parameters
    ----------
    scores : Floats
        Shape (origins, leads, values). NaN unknown.
    known_on : Ints
        Shape (origins, leads).
    origins : Ints
        Increasing days known.
    overlap : float
        Days that are evidence like one.
    """

    def __init__(self, scores: Floats, known_on: Ints, origins: Ints, overlap: float) -> None:
        length = int(max(known_on.max(), origins[-1])) + 1
        classes = len(_SCORES)
        known = np.isfinite(scores)
        rows = np.broadcast_to(known_on[..., None], scores.shape)[known]
        found = np.clip(np.round((scores[known] + _EDGE) / _STEP), 0, classes - 1).astype(int)
        by_day = np.bincount(rows * classes + found, minlength=length * classes)
        by_day = by_day.reshape(length, classes)
        has_any = by_day.any(axis=1)
        growth = 2.0 ** ((np.arange(length) - origins[-1]) / HALF_LIFE)
        self.days = np.cumsum(has_any)[origins]
        self._total = np.cumsum(np.cumsum(by_day * growth[:, None], axis=0)[origins], axis=1)
        weights = has_any * growth
        sums, squares = np.cumsum(weights)[origins], np.cumsum(np.square(weights))[origins]
        self._effective = np.square(sums) / np.maximum(squares, 1e-300) / overlap

    def quantiles(self, row: int, tails: Floats, level: float) -> tuple[float, float]:
        """Return the scores that leave these shares below and above, at an origin.

        Those of a normal distribution where too few days are known.
        """
        from scipy.special import ndtri

        if self.days[row] < FEWEST_DAYS:
            normal = float(ndtri(0.5 + level / 2))
            return -normal, normal
        tails = np.maximum(tails - (1 - tails) / self._effective[row], 0.0)
        total = self._total[row]
        low = np.searchsorted(total, tails[0] * total[-1] + 1e-12)
        high = np.searchsorted(total, (1 - tails[1]) * total[-1] - 1e-9 * total[-1])
        return float(_SCORES[low]), float(_SCORES[min(high, len(_SCORES) - 1)])
