"""Confidence intervals by bootstrap over days.

Contacts of one day are not independent of one another: they share the agents, the queue and
whatever made the day busy. Whole days are drawn with replacement instead of single contacts
(Davison and Hinkley 1997, Bootstrap Methods and their Application, sec. 3.8). An estimator is
computed from sums by day, so that all replicates are one product of matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.array_types import Bools, Floats, Ints

REPLICATES = 500
LEVEL = 0.95
_SEED = 20_140_319

Scale = Literal["plain", "log", "logit"]


@dataclass(frozen=True, slots=True)
class DayEstimate:
    """An estimate with its 95 % confidence interval.

    Attributes
    ----------
    value : float
        NaN where it could not be estimated.
    low, high : float
        Ends of the confidence interval; NaN where there are too few days.
    records : int
        Contacts, calls or pairs that it rests on.
    days : int
        Days that it rests on.
    """

    value: float
    low: float = np.nan
    high: float = np.nan
    records: int = 0
    days: int = 0

    @property
    def error(self) -> float:
        """Standard error, from the width of the confidence interval."""
        return (self.high - self.low) / (2 * student_quantile(max(self.days - 1, 1)))

    def contains(self, value: float) -> bool:
        """Return whether a value is within the confidence interval."""
        return bool(self.low <= value <= self.high)


class DayBootstrap:
    """Days drawn with replacement, the same for every estimator of a log.

    Parameters
    ----------
    day : ndarray of int, shape (records,)
        Day of each record; days without a record do not count.
    replicates : int

    Attributes
    ----------
    days : ndarray of int, shape (days,)
        Ascending.
    code : ndarray of int, shape (records,)
        Position of each record's day in `days`.
    weights : ndarray, shape (replicates, days)
        How often each day was drawn.
    """

    def __init__(self, day: Ints, replicates: int = REPLICATES) -> None:
        self.days, self.code = np.unique(day, return_inverse=True)
        rng = np.random.default_rng(_SEED)
        count = self.days.size
        self.weights: Floats = (
            rng.multinomial(count, np.full(count, 1 / count), size=replicates).astype(float)
            if count
            else np.empty((replicates, 0))
        )

    def sums(
        self, values: Floats | Bools | None = None, rows: Ints | Bools | None = None
    ) -> Floats:
        """Return sums by day, shape (days,).

        Parameters
        ----------
        values : ndarray, optional
            One for each of `rows`; 1 each unless passed.
        rows : ndarray, optional
            Positions or mask of the records that count; all unless passed.
        """
        code = self.code if rows is None else self.code[rows]
        return np.bincount(code, values, self.days.size).astype(float)

    def table(
        self, bins: Ints, count: int, rows: Ints | Bools | None = None,
        values: Floats | Bools | None = None,
    ) -> Floats:  # fmt: skip
        """Return sums by day and bin, shape (days, count).

        Parameters
        ----------
        bins : ndarray of int
            Bin of each of `rows`, from 0 to ``count - 1``.
        count : int
        rows, values : ndarray, optional
            As in :meth:`sums`.
        """
        code = self.code if rows is None else self.code[rows]
        cells = np.bincount(code * count + bins, values, self.days.size * count)
        return cells.astype(float).reshape(self.days.size, count)

    def estimate(
        self, value: float, replicates: Floats, scale: Scale = "plain", records: int = 0,
        days: int | None = None,
    ) -> DayEstimate:  # fmt: skip
        """Return an estimate with the confidence interval that its replicates make.

        The interval is Student's, with the standard deviation of the replicates, on a scale on
        which the estimate is nearer to normal. It holds its level with few days, where percentiles
        of the replicates are too narrow (Davison and Hinkley 1997, sec. 5.2 and 5.4).

        Parameters
        ----------
        value : float
        replicates : ndarray, shape (replicates,)
            NaN where a replicate has nothing to estimate from.
        scale : {"plain", "log", "logit"}
            ``"log"`` for what is positive, ``"logit"`` for shares. A share of 0 or 1 has the score
            interval of its records (Wilson 1927).
        records : int
        days : int, optional
            Days that hold records; all of the log unless passed.
        """
        days = self.days.size if days is None else days
        if scale == "logit" and value in (0.0, 1.0):  # replicates say nothing of what may be
            return _share_at_the_end(float(value), int(records), int(days))
        low, high = student_interval(value, replicates, days, scale)
        return DayEstimate(float(value), low, high, int(records), int(days))

    def ratio(
        self, above: Floats, below: Floats, scale: Scale = "plain", records: int | None = None
    ) -> DayEstimate:
        """Return the ratio of two sums, as for a mean or a share.

        Parameters
        ----------
        above, below : ndarray, shape (days,)
            Sums by day.
        scale : {"plain", "log", "logit"}
        records : int, optional
            The sum of `below` unless passed.
        """
        with np.errstate(invalid="ignore", divide="ignore"):
            value = above.sum() / below.sum()
            replicates = (self.weights @ above) / (self.weights @ below)
        usable = int(np.count_nonzero(below))
        counted = int(below.sum()) if records is None else records
        return self.estimate(value, replicates, scale, counted, usable)


def student_interval(
    value: float, replicates: Floats, days: int, scale: Scale = "plain"
) -> tuple[float, float]:
    """Return the ends of a 95 % confidence interval from bootstrap replicates of `days` days."""
    usable = replicates[np.isfinite(replicates)]
    if days < 2 or usable.size < 2 or not np.isfinite(value):
        return np.nan, np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = to_scale(usable, scale)
        center = float(to_scale(np.float64(value), scale))
    moved = moved[np.isfinite(moved)]
    if moved.size < 2 or not np.isfinite(center):
        return np.nan, np.nan
    # The bootstrap divides by n where an unbiased variance divides by n - 1.
    half = student_quantile(days - 1) * float(moved.std()) * np.sqrt(days / (days - 1))
    return float(from_scale(center - half, scale)), float(from_scale(center + half, scale))


def variance_interval(residuals: Floats, freedom: int) -> tuple[float, float, float]:
    """Return the variance of residuals with a 95 % confidence interval.

    The interval allows for tails that are not normal by the kurtosis about the trimmed mean
    (Bonett 2006, Approximate confidence interval for standard deviation of nonnormal
    distributions, Computational Statistics and Data Analysis 50, 775-782): for variances it holds
    its level with few days, where the bootstrap is too narrow.

    Parameters
    ----------
    residuals : ndarray, shape (n,)
        Deviations from fitted means.
    freedom : int
        ``n`` less the number of fitted means.

    Returns
    -------
    variance, low, high : float
        NaN with fewer than five residuals.
    """
    n = residuals.size
    if n < 5 or freedom < 2:
        return np.nan, np.nan, np.nan
    squares = float(np.sum(residuals**2))
    variance = squares / freedom
    if squares == 0:
        return 0.0, 0.0, 0.0
    trim = int(n / (2 * np.sqrt(n - 4)))
    center = float(np.sort(residuals)[trim : n - trim].mean())
    kurtosis = n * float(np.sum((residuals - center) ** 4)) / squares**2
    z = student_quantile(10**6)
    small = n / (n - z)
    error = small * np.sqrt(max(kurtosis - (n - 3) / n, 0.0) / freedom)
    return variance, variance * small * np.exp(-z * error), variance * small * np.exp(z * error)


def student_quantile(freedom: int, tests: int = 1) -> float:
    """Return the 97.5 % quantile of Student's t; that for so many tests at once (Bonferroni)."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 1 - (1 - LEVEL) / (2 * tests)))


def wilson_interval(hits: float, trials: float) -> tuple[float, float]:
    """Return the 95 % score interval of a share (Wilson 1927), also where no or all trials hit."""
    if trials <= 0:
        return np.nan, np.nan
    z = student_quantile(10**6)
    share, spread = hits / trials, z * z / trials
    center = (share + spread / 2) / (1 + spread)
    half = z * np.sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    return max(float(center - half), 0.0), min(float(center + half), 1.0)


def _share_at_the_end(value: float, trials: int, days: int) -> DayEstimate:
    low, high = wilson_interval(value * trials, trials)
    return DayEstimate(value, low, high, trials, days)


def to_scale(values: Floats | np.float64, scale: Scale) -> Floats:
    """Return values on a scale on which they are nearer to normal."""
    if scale == "log":
        return np.asarray(np.log(values))
    if scale == "logit":
        return np.asarray(np.log(values) - np.log1p(-values))
    return np.asarray(values)


def from_scale(value: float, scale: Scale) -> float:
    """Return the value of a number on a scale."""
    if scale == "log":
        return float(np.exp(min(value, 700.0)))
    if scale == "logit":
        return float(1 / (1 + np.exp(-max(value, -700.0))))
    return value
