"""Prediction intervals from the errors of the back-test (conformal prediction).

An error is divided by its standard deviation, which grows with the days ahead; the quantiles of the
scaled errors that were known at an origin bound what is forecast there, together with those of
Student's t distribution, which weighs the more the fewer independent errors there are. So the
coverage counted afterwards is out of sample.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats, Ints
from sim.cancellation import end_if_cancelled
from sim.history.forecast.error_variance import HALF_LIFE, ErrorVariance

_EDGE = 12.0
_STEP = 0.02
_SCORES = np.arange(-_EDGE, _EDGE + _STEP / 2, _STEP)
"""Scaled errors are counted in classes of this grid."""
FEWEST_DAYS = 20
"""Days with errors before quantiles are taken from them, and coverage is counted."""
STUDENT_ERRORS = 12.0
"""Independent errors that Student's t distribution weighs beside their quantiles."""
STUDENT_ERRORS_OF_WEEKS = 25.0
"""The same for weeks: sums of seven days are nearer to a normal distribution."""
STEP = 0.02
"""How far the share in a tail moves when a whole day is missed."""
_LEAST_TAIL = 0.2
"""Of the nominal share."""


@dataclass(frozen=True, eq=False)
class Bands:
    """Bounds of the actual counts, from errors known at each origin.

    Parameters
    ----------
    low, high : Floats
        Same shape as the forecasts.
    covered : Floats
        1 where the actual count is inside, 0 where not; NaN where it is unknown or where too few
        errors were known.
    known_on : Ints
        Days known when the actual count is; shape (origins, leads).
    """

    low: Floats
    high: Floats
    covered: Floats
    known_on: Ints

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
    variance: ErrorVariance,
    overlap: float = 1.0,
    ordinary: Floats | None = None,
    named: Floats | float = 0.0,
    student_errors: float = STUDENT_ERRORS,
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
    variance : ErrorVariance
        Of the same origins and leads.
    overlap : float
        Days whose errors go together, so that they are evidence like one.
    ordinary : Floats, optional
        Counts whose errors say something of ordinary days, where these are not the actual ones.
    named : Floats or float
        Squared CV that the names of days add; shape (origins, leads, 1). It widens both sides by
        the quantiles of Student's t distribution.
    student_errors : float
        Independent errors that Student's t distribution weighs beside the quantiles of errors.

    Notes
    -----
    Source: Vovk, Gammerman, Shafer (2005); the two tails are bounded apart. Errors of a series are
    not exchangeable, so each tail is moved by the misses that have become known (Gibbs, Candes
    2021).
    """
    ordinary = actual if ordinary is None else ordinary
    spread = np.sqrt(np.maximum(forecasts, 0.25) + variance.excess[..., None] * forecasts**2)
    known = _KnownScores(
        np.where(forecasts > 0, (ordinary - forecasts) / spread, np.nan),
        known_on,
        origins,
        overlap,
        student_errors,
    )
    doubt = np.sqrt(named) * forecasts
    low, high = np.zeros_like(forecasts), np.zeros_like(forecasts)
    misses: list[Floats] = []  # of each origin: below and above, by lead
    nominal = (1 - level) / 2
    tails = np.full(2, nominal)
    for row, origin in enumerate(origins):
        end_if_cancelled()
        fresh = [
            misses[past][:, lead]
            for past, lead in zip(*np.nonzero(known_on[:row] == origin), strict=True)
        ]
        if fresh and known.days[row] > FEWEST_DAYS and np.isfinite(fresh).any():
            moved = tails + STEP / overlap * (nominal - np.nanmean(fresh, axis=0))
            tails = np.clip(moved, _LEAST_TAIL * nominal, 0.5)
        student = _student(tails, variance.freedom[row])[..., None]
        below, above = known.quantiles(row, tails, student[..., 0])[..., None] * spread[row]
        if doubt[row].any():
            below = _with_doubt(below, student[0] * doubt[row], -1)
            above = _with_doubt(above, student[1] * doubt[row], 1)
        low[row] = np.maximum(forecasts[row] + below, 0.0)
        high[row] = np.where(forecasts[row] > 0, forecasts[row] + above, 0.0)
        # Errors of one sign move both bounds past the forecast: it stays between them.
        low[row] = np.minimum(low[row], forecasts[row])
        high[row] = np.maximum(high[row], forecasts[row])
        misses.append(_misses(forecasts[row], ordinary[row], low[row], high[row]))
    inside = (actual >= low) & (actual <= high)
    counted = np.isfinite(actual) & (forecasts > 0) & (known.days >= FEWEST_DAYS)[:, None, None]
    return Bands(low, high, np.where(counted, inside, np.nan), known_on)


def _student(tails: Floats, freedom: Floats) -> Floats:
    """Quantiles of Student's t distribution that leave these shares below and above, by lead.

    Of n errors, shares in the tails count as n / (n + 1) times smaller (Vovk et al. 2005).
    """
    from scipy.special import stdtrit

    kept = freedom / (freedom + 1)
    return np.stack([stdtrit(freedom, tails[0] * kept), stdtrit(freedom, 1 - tails[1] * kept)])


def _with_doubt(bound: Floats, doubt: Floats, sign: int) -> Floats:
    """Move a bound away from the forecast by what the name of a day adds, if it has one."""
    away = sign * np.hypot(np.maximum(sign * bound, 0.0), doubt)
    return np.where(doubt == 0, bound, away)


def _misses(forecast: Floats, actual: Floats, low: Floats, high: Floats) -> Floats:
    """Shares of counts below and above the bounds; shape (2, leads), NaN where none is known."""
    known = np.isfinite(actual) & (forecast > 0)
    number = np.where(known.any(axis=1), known.sum(axis=1), np.nan)
    return np.stack([
        (known & (actual < low)).sum(axis=1) / number,
        (known & (actual > high)).sum(axis=1) / number,
    ])  # fmt: skip


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
    student_errors : float
        Independent errors that Student's t distribution weighs.
    """

    def __init__(
        self,
        scores: Floats,
        known_on: Ints,
        origins: Ints,
        overlap: float,
        student_errors: float,
    ) -> None:
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
        effective = np.square(sums) / np.maximum(squares, 1e-300) / overlap
        self._weights = effective / (effective + student_errors)
        if student_errors > STUDENT_ERRORS:  # quantiles of a few errors are too near to their mean
            self._weights = effective**2 / (effective**2 + student_errors**2)

    def quantiles(self, row: int, tails: Floats, student: Floats) -> Floats:
        """Return the scores that leave these shares below and above, at an origin.

        Parameters
        ----------
        row : int
            Of the origin.
        tails : Floats
            Shares below and above.
        student : Floats
            Quantiles of Student's t distribution for the same shares; shape (2, leads).

        Returns
        -------
        Floats
            Shape (2, leads): means of the quantiles of Student's t distribution and of the
            scores.
        """
        if self.days[row] < FEWEST_DAYS:
            return student
        total = self._total[row]
        shares = np.array([tails[0] + 1e-12, 1 - tails[1] - 1e-9]) * total[-1]
        places = np.minimum(np.searchsorted(total, shares), len(_SCORES) - 1)
        weight = self._weights[row]
        mean: Floats = (1 - weight) * student + weight * _SCORES[places][:, None]
        return mean
