"""Whether the number of contacts grows or falls over a log, and by how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.day_bootstrap import DayEstimate, student_quantile
from sim.history.estimation.day_variation import volume_variation

LEAST_CHANGE = 0.05
"""Change over the log below which a trend is left in the variation of the days."""
_LEAST_FREEDOM = 5
_NEAR = 3
_MOST_MEMORY = 0.95


@dataclass(frozen=True)
class VolumeTrend:
    """The log-linear trend of the contacts of the days.

    Attributes
    ----------
    weekly : DayEstimate
        Change per week as a share of the volume; NaN with too few days.
    certain : bool
        Whether the interval excludes zero and the change over the log is :data:`LEAST_CHANGE` or
        more.
    factor : ndarray, shape (days,)
        Expected contacts of each day as a ratio to the mean of the days; 1 unless `certain`.
    ahead : float
        By how much (share) the level on the last day is above that mean; 0 unless `certain`.
    """

    weekly: DayEstimate
    certain: bool
    factor: Floats
    ahead: float


def volume_trend(
    totals: Floats, weekday: Ints, usable: Bools | None = None, tests: int = 1
) -> VolumeTrend:
    """Return the change of the contacts per week.

    Parameters
    ----------
    totals : ndarray, shape (days,)
        Contacts by day.
    weekday : ndarray of int, shape (days,)
    usable : ndarray of bool, shape (days,), optional
        Days that count: all but outages and closed days.
    tests : int
        Trends that are tested at once (Bonferroni); the interval itself is of 95 % for each.

    Notes
    -----
    Logarithms of day totals are explained by weekday and day, weighted by the inverse of their
    variance: that of sampling and that of the factor of the day. Days resemble the day before:
    the standard error is made larger by the root of ``(1 + r) / (1 - r)``, and the degrees of
    freedom fewer by its square, with r the correlation of residuals of following days, which from
    n days without their trend is too small by ``(2 + 4 r) / n`` (Kendall 1954, Biometrika 41;
    Bartlett 1946).
    """
    usable = np.ones(totals.size, dtype=bool) if usable is None else usable
    day = np.flatnonzero(usable & (totals > 0))
    codes, place = np.unique(weekday[day], return_inverse=True)
    freedom = day.size - codes.size - 1
    if freedom < _LEAST_FREEDOM:
        return _none(totals.size, day.size)
    spread = np.nan_to_num(volume_variation(totals, weekday, usable).cv.value) ** 2
    mean = np.bincount(place, totals[day]) / np.bincount(place)
    root = np.sqrt(1 / (1 / mean[place] + spread))
    weeks = (day - day.mean()) / 7
    explaining = np.column_stack([np.eye(codes.size)[place], weeks]) * root[:, None]
    logs = np.log(totals[day]) * root
    found, _, rank, _ = np.linalg.lstsq(explaining, logs, rcond=None)
    if rank <= codes.size:  # each weekday occurs once
        return _none(totals.size, day.size)
    slope, residual = float(found[-1]), logs - explaining @ found
    inverse = float(np.linalg.inv(explaining.T @ explaining)[-1, -1])
    error = np.sqrt(float(residual @ residual) / freedom * inverse)
    longer = _memory_factor(day, residual)
    error *= np.sqrt(longer)
    left = max(int(freedom / longer), 1)
    half = student_quantile(left) * error
    low, high = (float(np.expm1(slope + side * half)) for side in (-1, 1))
    weekly = DayEstimate(float(np.expm1(slope)), low, high, int(totals[day].sum()), day.size)
    needed = student_quantile(left, tests) * error
    over = abs(np.expm1(slope * float(weeks[-1] - weeks[0])))
    if abs(slope) <= needed or over < LEAST_CHANGE:
        return VolumeTrend(weekly, False, np.ones(totals.size), 0.0)
    factor = np.exp(slope * np.arange(totals.size) / 7)
    factor = factor / factor[day].mean()
    return VolumeTrend(weekly, True, factor, float(factor[day[-1]] - 1))


def levels_of_halves(
    totals: Floats, weekday: Ints, usable: Bools, first: Bools
) -> tuple[float, float]:
    """Return the contacts of a day on average in two parts of a log, both with the same weekdays.

    Parameters
    ----------
    totals, weekday, usable : ndarray
        As in :func:`volume_trend`.
    first : ndarray of bool, shape (days,)
        Days of the first part.
    """
    found = volume_variation(totals, weekday, usable)
    before = first[found.day]
    level = float(totals[found.day].mean()) if found.day.size else np.nan
    if before.all() or not before.any():
        return np.nan, np.nan
    return level * float(found.factor[before].mean()), level * float(found.factor[~before].mean())


def _none(days: int, used: int) -> VolumeTrend:
    return VolumeTrend(DayEstimate(np.nan, days=used), False, np.ones(days), 0.0)


def _memory_factor(day: Ints, residual: Floats) -> float:
    """Return how many times the variance of a mean of days is that of independent ones."""
    follows = np.flatnonzero(np.diff(day) <= _NEAR)
    square = float(np.mean(residual**2))
    if follows.size < _LEAST_FREEDOM or square == 0:
        return 1.0
    seen = float(np.mean(residual[follows] * residual[follows + 1])) / square
    memory = float(np.clip(seen + (2 + 4 * seen) / day.size, 0.0, _MOST_MEMORY))
    return (1 + memory) / (1 - memory)
