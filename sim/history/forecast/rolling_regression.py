"""Regression of root counts on the calendar, fitted at every origin of a rolling back-test.

All origins share the products of features and counts; they differ in the weights of the days.
So one product of matrices fits a year of origins at once.
"""

from __future__ import annotations

import numpy as np

from sim.array_types import Bools, Floats, Ints

_ROUNDS = 3
"""Refits with the weights of odd days."""
_HALF_LIFE = 91.0
"""Days after which a day weighs half in the level that odd days are found by."""
_NEIGHBORS = 3
"""Days before and after a day whose median is the level that it is compared with."""
_TUNING = 6.0
"""Tukey's biweight keeps 98 % of the efficiency of least squares with this."""


def recency(origins: Ints, days: int, half_life: float) -> Floats:
    """Return weights that halve after so many days; 0 for days not known yet.

    Returns
    -------
    Floats
        Shape (origins, days).
    """
    age = origins[:, None] - 1 - np.arange(days)
    return np.where(age >= 0, 0.5 ** (np.maximum(age, 0) / half_life), 0.0)


def odd_day_weights(roots: Floats, features: Floats, origins: Ints) -> Floats:
    """Return the weight of each day at each origin: 1 for ordinary days, less for odd ones, or 0.

    A day is odd where its level is far from the calendar's and also from the days around it; so
    one near-empty day weighs nothing, while a new level counts as soon as most of the last days
    have it.

    Parameters
    ----------
    roots : Floats
        Root counts; shape (days, intervals). NaN unknown.
    features : Floats
        Shape (days, features).
    origins : Ints
        Days known at each origin; the weights of later days are 0.

    Returns
    -------
    Floats
        Shape (origins, days).
    """
    level = day_level(roots)
    known = np.isfinite(level) & (np.arange(len(roots)) < origins[:, None])
    recent = recency(origins, len(roots), _HALF_LIFE)
    weights = known.astype(float)
    for _ in range(_ROUNDS):
        slopes = fit(level[:, None], features, weights * recent, np.ones(features.shape[1]))
        residuals = level - slopes[:, :, 0] @ features.T
        weights = _biweight(residuals, known)
    return weights


def day_level(roots: Floats) -> Floats:
    """Return the mean root of each day over its known intervals, NaN where there is none."""
    known = np.isfinite(roots)
    sums, numbers = np.where(known, roots, 0.0).sum(axis=1), known.sum(axis=1)
    return np.where(numbers > 0, sums / np.maximum(numbers, 1), np.nan)


def _biweight(residuals: Floats, known: Bools) -> Floats:
    """Weights in 0 to 1 by the distance from the median of the days around, per origin."""
    residuals = np.where(known, residuals, np.nan)
    weights = np.zeros(known.shape)
    works = known.any(axis=0)
    kept = residuals[:, works]
    edge = np.full((len(kept), _NEIGHBORS), np.nan)
    framed = np.concatenate([edge, kept, edge], axis=1)
    around = np.lib.stride_tricks.sliding_window_view(framed, 2 * _NEIGHBORS + 1, axis=1)
    distance = np.abs(kept - nan_median(around))
    spread = 1.4826 * nan_median(np.where(known[:, works], distance, np.nan))[:, None]
    scaled = distance / np.maximum(_TUNING * spread, 1e-9)
    weights[:, works] = np.where(scaled < 1, (1 - np.minimum(scaled, 1) ** 2) ** 2, 0.0)
    return np.where(known, weights, 0.0)


def nan_median(values: Floats) -> Floats:
    """Return the median over the last axis without NaN; NaN where all are, without a warning."""
    ordered = np.sort(values, axis=-1)
    numbers = np.isfinite(ordered).sum(axis=-1, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum(numbers - 1, 0) // 2, axis=-1)
    high = np.take_along_axis(ordered, np.minimum(numbers // 2, values.shape[-1] - 1), axis=-1)
    return (0.5 * (low + high))[..., 0]


def fit(roots: Floats, features: Floats, weights: Floats, penalties: Floats) -> Floats:
    """Return coefficients of a weighted ridge regression for every origin.

    Parameters
    ----------
    roots : Floats
        Shape (days, outputs). NaN unknown: weighs nothing in its output.
    features : Floats
        Shape (days, features); the first is 1 and is not penalised.
    weights : Floats
        Shape (origins, days).
    penalties : Floats
        Ratio of the variance of noise to that of each coefficient; shape (features,).

    Returns
    -------
    Floats
        Shape (origins, features, outputs).
    """
    days, inputs = features.shape
    pairs = (features[:, :, None] * features[:, None, :]).reshape(days, -1)
    ridge = np.diag(np.concatenate([[1e-6], penalties[1:]]))
    slopes = np.empty((len(weights), inputs, roots.shape[1]))
    for outputs in _alike(np.isfinite(roots)):
        known = np.isfinite(roots[:, outputs[0]])
        used = weights * known
        moments = (used @ pairs).reshape(-1, inputs, inputs) + ridge
        values = np.where(known[:, None], roots[:, outputs], 0.0)
        right = used @ (features[:, :, None] * values[:, None, :]).reshape(days, -1)
        slopes[:, :, outputs] = np.linalg.solve(moments, right.reshape(-1, inputs, len(outputs)))
    return slopes


def smoothed(
    slopes: Floats, roots: Floats, features: Floats, weights: Floats, nearness: Floats
) -> Floats:
    """Return coefficients averaged over near outputs, by how well each is known.

    Parameters
    ----------
    slopes, roots, features, weights : Floats
        As :func:`fit` returns and takes them. A coefficient counts by the squares of its feature
        on the days on which its output is known: not at all where a weekday is closed.
    nearness : Floats
        Weight of each output (first axis) in the mean of each; shape (outputs, outputs).
    """
    known = np.empty_like(slopes)
    squares = np.square(features)
    for outputs in _alike(np.isfinite(roots)):
        used = weights * np.isfinite(roots[:, outputs[0]])
        known[:, :, outputs] = (used @ squares)[:, :, None]
    sums: Floats = (slopes * known) @ nearness
    sizes = known @ nearness
    return np.where(sizes > 0, sums / np.where(sizes > 0, sizes, 1.0), slopes)


def _alike(known: Bools) -> list[Ints]:
    """Group columns that are known on the same days."""
    groups: dict[bytes, list[int]] = {}
    for column, values in enumerate(known.T):
        groups.setdefault(values.tobytes(), []).append(column)
    return [np.array(group) for group in groups.values()]
