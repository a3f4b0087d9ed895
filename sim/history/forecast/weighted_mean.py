"""The weighted mean of the best forecasts, by the errors that were known at the time."""

from __future__ import annotations

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.forecast.origins import HORIZONS, at_targets

BEST = 3
"""Most forecasts in a mean."""
FEWEST_ERRORS = 5
"""Days whose errors must be known before they choose; until then all weigh the same."""
HALF_LIFE = 91.0
"""Days after which an error weighs half."""


def day_errors(forecasts: Floats, counts: Floats, origins: Ints) -> Floats:
    """Return the absolute errors of days, summed over intervals; NaN where not known.

    Parameters
    ----------
    forecasts : Floats
        Shape (..., origins, leads, intervals).
    counts : Floats
        Shape (days, intervals).
    origins : Ints
        Days known at each origin.

    Returns
    -------
    Floats
        Shape (..., origins, leads).
    """
    actual = at_targets(counts, origins, forecasts.shape[-2])
    errors = np.abs(forecasts - actual)
    known = np.isfinite(actual).any(axis=-1) & np.isfinite(forecasts).any(axis=-1)
    return np.where(known, np.nan_to_num(errors).sum(axis=-1), np.nan)


def past_means(errors: Floats, origins: Ints) -> Floats:
    """Return the mean error of each forecast that was known at each origin, by horizon.

    Parameters
    ----------
    errors : Floats
        Shape (forecasts, origins, leads). NaN unknown.
    origins : Ints
        Increasing days known.

    Returns
    -------
    Floats
        Shape (forecasts, origins, horizons). NaN where too few are known.
    """
    leads = errors.shape[-1]
    compared: Bools = np.logical_and.reduce(np.isfinite(errors), axis=0)
    growth = 2.0 ** ((origins - origins[-1]) / HALF_LIFE)
    means = np.full((*errors.shape[:2], len(HORIZONS)), np.nan)
    for index, horizon in enumerate(HORIZONS):
        sums = np.zeros(errors.shape[:2])
        weights, numbers = np.zeros(len(origins)), np.zeros(len(origins))
        for lead in range(min(horizon.first - 1, leads), min(horizon.last, leads)):
            known_rows = np.searchsorted(origins, origins - lead - 1, side="right")
            weight = np.where(compared[:, lead], growth, 0.0)
            value = np.where(compared[:, lead], errors[:, :, lead], 0.0) * growth
            sums = sums + _before(np.cumsum(value, axis=1), known_rows)
            weights = weights + _before(np.cumsum(weight), known_rows)
            numbers = numbers + _before(np.cumsum(compared[:, lead].astype(float)), known_rows)
        enough = numbers >= FEWEST_ERRORS
        means[:, enough, index] = (sums / np.where(enough, weights, 1.0))[:, enough]
    return means


def _before(sums: Floats, rows: Ints) -> Floats:
    """Cumulated sums of the first so many rows, along the last axis."""
    padded = np.concatenate([np.zeros((*sums.shape[:-1], 1)), sums], axis=-1)
    taken: Floats = padded[..., rows]
    return taken


def best_weights(means: Floats, best: int = BEST) -> Floats:
    """Return the weights of forecasts from their mean errors.

    The best few weigh by the inverse of their squared error (Bates, Granger 1969); all weigh
    the same where errors are not known.

    Parameters
    ----------
    means : Floats
        Shape (forecasts, ...). NaN unknown.
    best : int
        Forecasts that weigh anything.

    Returns
    -------
    Floats
        Same shape; sums over the forecasts are 1.
    """
    inverse = 1.0 / np.square(np.maximum(means, 1e-9))
    rank = np.argsort(np.argsort(means, axis=0, kind="stable"), axis=0, kind="stable")
    weights = np.where(np.isnan(means), 1.0, np.where(rank < best, inverse, 0.0))
    shares: Floats = weights / weights.sum(axis=0)
    return shares


def best_past_mean(forecasts: Floats, counts: Floats, origins: Ints) -> Floats:
    """Return the mean of the forecasts that were best in the past, per origin and horizon.

    Parameters
    ----------
    forecasts : Floats
        Shape (forecasts, origins, leads, intervals).
    counts : Floats
        Shape (days, intervals).
    origins : Ints
        Increasing days known.

    Returns
    -------
    Floats
        Shape (origins, leads, intervals).
    """
    weights = best_weights(past_means(day_errors(forecasts, counts, origins), origins))
    return weighted(forecasts, weights)


def weighted(forecasts: Floats, weights: Floats) -> Floats:
    """Return the mean of forecasts with weights by origin and horizon.

    Parameters
    ----------
    forecasts : Floats
        Shape (forecasts, origins, leads, intervals).
    weights : Floats
        Shape (forecasts, origins, horizons).
    """
    leads = forecasts.shape[2]
    ends = np.array([horizon.last for horizon in HORIZONS])
    horizon = np.minimum(np.searchsorted(ends, np.arange(1, leads + 1)), len(HORIZONS) - 1)
    mean: Floats = np.einsum("mol,molj->olj", weights[:, :, horizon], forecasts)
    return mean


def chosen_weights(forecasts: Floats, counts: Floats, origins: Ints) -> Floats:
    """Return the weights of the winner, or of the mean of the best two or three.

    Which of the three erred least in the past decides, by origin and horizon; each of them used
    only errors known at its time, so their errors are those of real forecasts.

    Parameters
    ----------
    forecasts : Floats
        Shape (forecasts, origins, leads, intervals).
    counts : Floats
        Shape (days, intervals).
    origins : Ints
        Increasing days known.

    Returns
    -------
    Floats
        Shape (forecasts, origins, horizons).
    """
    means = past_means(day_errors(forecasts, counts, origins), origins)
    sizes = range(1, min(BEST, len(forecasts)) + 1)
    choices = np.stack([best_weights(means, size) for size in sizes])
    errors = np.stack(
        [day_errors(weighted(forecasts, weights), counts, origins) for weights in choices]
    )
    past = past_means(errors, origins)
    best = np.where(np.isnan(past).any(axis=0), len(sizes) - 1, np.argmin(past, axis=0))
    chosen: Floats = np.take_along_axis(choices, best[None, None], axis=0)[0]
    return chosen
