"""The weighted mean of forecasts, by the errors that were known at the time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.forecast.origins import HORIZONS, at_targets

POWER = 16.0
"""Of the inverse error that is a weight: a forecast that errs 5 % more weighs half."""
LEAST_WEIGHT = 0.05
"""Methods that weigh less are not used."""
FEWEST_ERRORS = 5
"""Days whose errors must be known before they choose; until then all weigh the same."""
FEW_CONTACTS = 2.0
"""Mean of an interval below which the median of counts, which has the smallest absolute error, is
far from their mean, which is to be forecast."""
HALF_LIFE = 91.0
"""Days after which an error weighs half."""


def past_errors(forecasts: Floats, counts: Floats, origins: Ints) -> Floats:
    """Return the mean absolute error that was known at each origin, by horizon.

    Errors are shares of the mean day forecast at their origin: after a history has halved or
    doubled, the errors of its busiest months would decide otherwise. Where intervals have few
    contacts, twice the bias is added.

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
        Shape (forecasts, origins, horizons). NaN where too few are known.
    """
    sizes = np.nansum(forecasts, axis=-1).mean(axis=(0, 2))
    scale = np.maximum(sizes, 1e-9)[:, None]
    means = past_means(_day_errors(forecasts, counts, origins, np.abs) / scale, origins)
    if np.nanmean(counts) < FEW_CONTACTS:
        bias = past_means(_day_errors(forecasts, counts, origins, np.positive) / scale, origins)
        means += 2 * np.abs(bias)
    return means


def _day_errors(
    forecasts: Floats, counts: Floats, origins: Ints, size: Callable[[Floats], Floats]
) -> Floats:
    """Sums over the intervals of a day of their errors, or of the size of these; NaN unknown."""
    actual = at_targets(counts, origins, forecasts.shape[-2])
    errors = size(forecasts - actual)
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


def error_weights(means: Floats, least: float = 0.0) -> Floats:
    """Return the weights of forecasts from their mean errors.

    Weights are a power of the inverse error, those of small ones 0; all weigh the same where
    errors are not known.

    Parameters
    ----------
    means : Floats
        Shape (forecasts, ...). NaN unknown.
    least : float
        Smaller weights are 0.

    Returns
    -------
    Floats
        Same shape; sums over the forecasts are 1.

    Notes
    -----
    Bates and Granger (1969) weigh by the inverse of squared errors, as if errors of forecasts were
    independent. Here most of an error is common to all, so that small differences of the errors are
    large ones of what the forecasts can be blamed for.
    """
    positive = np.maximum(means, 1e-9)
    shares: Floats = np.power(np.min(positive, axis=0) / positive, POWER)
    shares = np.where(np.isnan(shares), 1.0, shares)
    shares /= shares.sum(axis=0)
    shares = np.where(shares < least, 0.0, shares)
    shares /= shares.sum(axis=0)
    return shares


def past_error_mean(forecasts: Floats, counts: Floats, origins: Ints) -> Floats:
    """Return the mean of forecasts weighted by past errors, per origin and horizon.

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
    return weighted(forecasts, error_weights(past_errors(forecasts, counts, origins)))


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


def chosen_weights(
    forecasts: Floats, counts: Floats, origins: Ints, doubts: Sequence[float] = ()
) -> Floats:
    """Return the weights of methods by their errors in the past, by origin and horizon.

    Each of them used only errors known at its time, so their errors are those of real forecasts.

    Parameters
    ----------
    forecasts : Floats
        Shape (forecasts, origins, leads, intervals).
    counts : Floats
        Shape (days, intervals).
    origins : Ints
        Increasing days known.
    doubts : Sequence[float]
        By which share the error of each forecast is taken as larger when as many days of
        origins are known as the horizon is long; the share falls as more are. None by default.

    Returns
    -------
    Floats
        Shape (forecasts, origins, horizons).
    """
    means = past_errors(forecasts, counts, origins)
    if doubts:
        spans = np.maximum(origins - origins[0], 1)[:, None] / [one.last for one in HORIZONS]
        means = means * (1 + np.asarray(doubts)[:, None, None] / spans)
    return error_weights(means, LEAST_WEIGHT)
