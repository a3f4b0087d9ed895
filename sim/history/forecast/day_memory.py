"""Correlation from day to day: what the errors of the last days say about the next ones."""

from __future__ import annotations

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.forecast.origins import target_days

_WEIGHT_OF_LAST = 0.3
"""Of the last day in the smoothed error; the rest is from the days before."""
_BOUND = 2.5
"""Errors count up to so many robust standard deviations."""
_SPREAD_DAYS = 28
"""Days that it is from, so that it widens after a change of level."""
_PRIOR_DAYS = 3.0
"""Days of evidence that the belief in no memory weighs."""
_FEWEST = 5
"""Known errors before memory is used."""


def remembered_errors(
    errors: Floats, usable: Bools, origins: Ints, leads: int, known: int
) -> Floats:
    """Forecast the errors of a forecast from its errors of the last days.

    The error at each lead is regressed on the error of the last known day and on a smoothed
    error of the days before, separately for each lead, from the pairs known at the origin. With
    one error per day (the level) this is the random day effect with autocorrelation of
    Aldor-Noiman, Feigin, Mandelbaum (2009) and Ibrahim, L'Ecuyer (2013).

    Parameters
    ----------
    errors : Floats
        Of consecutive origins by lead; shape (origins, leads, scores). NaN unknown.
    usable : Bools
        Days whose error says something of other days; shape (days known,).
    origins : Ints
        Consecutive days known.
    leads : int
        Days ahead.
    known : int
        Days known in all.

    Returns
    -------
    Floats
        Shape (origins, leads, scores).
    """
    errors, last, smooth, spread = _states(errors, usable, origins, known)
    inputs = np.stack([last, smooth], axis=-1)  # (origins, scores, 2)
    fitted = np.zeros_like(errors)
    targets = target_days(origins, leads)
    prior = np.where(np.isfinite(spread), spread, 1.0)  # before it is used
    for lead in range(leads):
        target = errors[:, lead]
        pairs = np.isfinite(target) & usable[np.minimum(targets[:, lead], known - 1)][:, None]
        value = np.where(pairs, target, 0.0)[..., None]
        moments = np.cumsum(pairs[..., None, None] * inputs[..., None] * inputs[..., None, :], 0)
        right = np.cumsum(value * inputs, axis=0)
        number = _later(np.cumsum(pairs.astype(float), axis=0), lead + 1)
        moments, right = _later(moments, lead + 1), _later(right, lead + 1)
        ridge = _PRIOR_DAYS * np.square(prior)[..., None, None] * np.eye(2)
        slopes = np.linalg.solve(moments + ridge, right[..., None])[..., 0]
        fitted[:, lead] = np.where(number >= _FEWEST, (slopes * inputs).sum(axis=-1), 0.0)
    return fitted


def _states(
    errors: Floats, usable: Bools, origins: Ints, known: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Errors within bounds, and the last error, smoothed error and spread at each origin."""
    first = errors[:, 0]
    good = np.isfinite(first) & (origins < known)[:, None]
    good &= usable[np.minimum(origins, known - 1)][:, None]
    last, smooth = np.zeros_like(first), np.zeros_like(first)
    spread = _running_spread(np.where(good, first, np.nan))
    bounded = np.clip(errors, -_BOUND * spread[:, None], _BOUND * spread[:, None])
    for row in range(1, len(first)):
        value, is_good = bounded[row - 1, 0], good[row - 1]
        last[row] = np.where(is_good, value, last[row - 1])
        moved = smooth[row - 1] + _WEIGHT_OF_LAST * (value - smooth[row - 1])
        smooth[row] = np.where(is_good, moved, smooth[row - 1])
    return bounded, last, smooth, spread


def _running_spread(errors: Floats) -> Floats:
    """Robust standard deviation of the errors of the last four weeks, renewed each week."""
    spread = np.full(errors.shape, np.inf)
    for row in range(_FEWEST, len(errors), 7):
        past = np.abs(errors[max(row - _SPREAD_DAYS, 0) : row])
        past = past[np.isfinite(past[:, 0])]
        if len(past) >= _FEWEST:
            spread[row:] = np.maximum(1.4826 * np.median(past, axis=0), 1e-6)
    return spread


def _later(sums: Floats, rows: int) -> Floats:
    """Sums as they were so many origins before; zero at first."""
    moved = np.zeros_like(sums)
    moved[rows:] = sums[:-rows] if rows < len(sums) else 0
    return moved
