"""Correlation from day to day: what the errors of the last days say about the next ones."""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter

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
    errors: Floats,
    usable: Bools,
    origins: Ints,
    leads: int,
    known: int,
    wanted: slice = slice(None),
) -> Floats:
    """Forecast the errors of a forecast from its errors of the last days.

    The error at each lead is regressed on the error of the last known day and on a smoothed
    error of the days before, separately for each lead, from the pairs known at the origin. With
    one error per day (the level) this is the random day effect with autocorrelation of
    Aldor-Noiman, Feigin, Mandelbaum (2009) and Ibrahim, L'Ecuyer (2013).

    Parameters
    ----------
    errors : Floats
        Of consecutive origins by lead; shape (origins, leads, scores). NaN unknown in all scores.
    usable : Bools
        Days whose error says something of other days; shape (days known,).
    origins : Ints
        Consecutive days known.
    leads : int
        Days ahead.
    known : int
        Days known in all.
    wanted : slice
        Origins to forecast from; all where absent.

    Returns
    -------
    Floats
        Shape (origins wanted, leads, scores).
    """
    errors, last, smooth, spread = _states(errors, usable, origins, known)
    inputs = np.stack([last, smooth])  # (2, origins, scores)
    products = np.stack([last * last, last * smooth, smooth * smooth])
    targets = target_days(origins, leads)
    # The prior is of no use before the spread is known.
    prior = _PRIOR_DAYS * np.square(np.where(np.isfinite(spread), spread, 1.0))[wanted]
    fitted = np.empty((len(prior), *errors.shape[1:]))
    pairs: Bools = np.isfinite(errors[:, :, 0]) & usable[np.minimum(targets, known - 1)]
    for lead in range(leads):
        pair = pairs[:, lead, None]
        value = np.where(pair, errors[:, lead], 0.0)
        first, cross, second, right_last, right_smooth = (
            _later(np.cumsum(one, axis=0), lead + 1)[wanted]
            for one in (*(pair * products), *(value * inputs))
        )
        number = _later(np.cumsum(pair, axis=0), lead + 1)[wanted]
        first, second = first + prior, second + prior
        slopes = (
            (second * right_last - cross * right_smooth) * last[wanted]
            + (first * right_smooth - cross * right_last) * smooth[wanted]
        ) / (first * second - cross * cross)
        fitted[:, lead] = np.where(number >= _FEWEST, slopes, 0.0)
    return fitted


def _states(
    errors: Floats, usable: Bools, origins: Ints, known: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """Errors within bounds, and the last error, smoothed error and spread at each origin."""
    first = errors[:, 0]
    good: Bools = np.isfinite(first[:, 0]) & (origins < known)
    good &= usable[np.minimum(origins, known - 1)]
    spread = _running_spread(np.where(good[:, None], first, np.nan))
    bounded = np.clip(errors, -_BOUND * spread[:, None], _BOUND * spread[:, None])
    kept = bounded[good, 0]
    smoothed = lfilter([_WEIGHT_OF_LAST], [1.0, _WEIGHT_OF_LAST - 1.0], kept, axis=0)
    before: Ints = np.cumsum(good) - good  # good days before each origin
    empty = np.zeros((1, first.shape[1]))
    last, smooth = (np.concatenate([empty, one])[before] for one in (kept, smoothed))
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
