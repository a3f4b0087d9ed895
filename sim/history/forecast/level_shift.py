"""A new level that has lasted: what the last days have in common and the calendar does not know."""

from __future__ import annotations

import numpy as np

from sim.array_types import Floats, Ints

FEWEST_DAYS = 8
"""Last days that must all be above or all below the calendar: a week of holidays is not a shift."""
MOST_DAYS = 28
"""Last days that the new level is from."""
_FAR = 1.5
"""Robust standard deviations of the days before that the median of these days is away."""
_DAYS_BEFORE = 70
"""Days whose errors are compared."""


def level_shifts(
    roots: Floats, features: Floats, slopes: Floats, shape: Floats, origins: Ints
) -> Floats:
    """Return how far the last days are from the calendar at each origin; 0 where no shift is seen.

    Memory from day to day is estimated from the past, and forgets a shift that is the first one.
    So where all of the last eight days or more are on one side of the calendar, and their median
    far from it by what is usual, this median is taken to last.

    Parameters
    ----------
    roots : Floats
        Root counts of ordinary days; shape (days, intervals). NaN unknown.
    features : Floats
        Shape (days, features).
    slopes : Floats
        Of the calendar at each origin; shape (origins, features, intervals).
    shape : Floats
        Unit vectors in which all intervals rise and fall together; shape (origins, intervals).
    origins : Ints
        Days known.

    Returns
    -------
    Floats
        In units of ``shape``; shape (origins,).
    """
    known = np.flatnonzero(np.isfinite(roots).any(axis=1))
    shifts = np.zeros(len(origins))
    for row, origin in enumerate(origins):
        days = known[(known < origin) & (known >= origin - _DAYS_BEFORE)]
        if len(days) >= 3 * FEWEST_DAYS:
            errors = np.nan_to_num(roots[days] - features[days] @ slopes[row]) @ shape[row]
            shifts[row] = _shift(errors)
    return shifts


def _shift(errors: Floats) -> float:
    """Median of the last errors, all of one sign; 0 where they are few or not far from 0."""
    other = np.flatnonzero(np.sign(errors) != np.sign(errors[-1]))
    number = min(len(errors) - 1 - (int(other[-1]) if other.size else -1), MOST_DAYS)
    if number < FEWEST_DAYS:
        return 0.0
    before = errors[:-number] if len(errors) - number >= FEWEST_DAYS else errors
    usual = 1.4826 * np.median(np.abs(before - np.median(before)))
    median = float(np.median(errors[-number:]))
    return median * number / (number + 1) if abs(median) > _FAR * usual else 0.0
