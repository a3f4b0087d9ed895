"""Handle times by weekday and interval, weighted by contacts and smoothed."""

from __future__ import annotations

import numpy as np

from sim.array_types import Floats, Ints
from sim.history.volume_history import VolumeHistory

HALF_LIFE = 56.0
"""Days after which a day weighs half."""
PRIOR_CONTACTS = 100.0
"""Contacts with the mean of the level above, that each weekday and interval begins with."""
_KERNEL = np.array([1.0, 2.0, 1.0])
"""Weights of an interval and its neighbors."""


def handle_times(history: VolumeHistory, weekdays: Ints) -> Floats | None:
    """Forecast mean handle times of days by weekday and interval.

    The mean of all contacts is multiplied by a ratio of the weekday, of the interval, and of
    both together, each shrunk to the level above as if 100 contacts had it. Recent days weigh
    more; days weigh by their contacts; ratios of intervals are smoothed over their neighbors.

    Parameters
    ----------
    history : VolumeHistory
        Volumes and handle times; answered contacts are the weights, offered ones where absent.
    weekdays : Ints
        Weekday of each day to forecast.

    Returns
    -------
    Floats or None
        Seconds; shape (days, intervals of 24 hours). None without handle times.
    """
    if history.aht is None:
        return None
    number = history.offered if history.answered is None else history.answered
    known = np.isfinite(history.aht) & np.isfinite(number) & (number > 0)
    if not known.any():
        return None
    age = history.days - 1 - np.arange(history.days)
    weight = np.where(known, number, 0.0) * 0.5 ** (age / HALF_LIFE)[:, None]
    time = weight * np.where(known, history.aht, 0.0)
    own = np.asarray(history.weekdays())
    weights = np.stack([weight[own == day].sum(axis=0) for day in range(7)])
    times = np.stack([time[own == day].sum(axis=0) for day in range(7)])
    level = times.sum() / weights.sum()
    days = _ratio(times.sum(axis=1), level * weights.sum(axis=1), level)[:, None]
    expected = level * days * weights
    intervals = _ratio(_smooth(times.sum(axis=0)), _smooth(expected.sum(axis=0)), level)
    both = _ratio(_smooth(times), _smooth(expected * intervals), level)
    forecast: Floats = (level * days * intervals * both)[weekdays]
    return forecast


def _ratio(times: Floats, expected: Floats, level: float) -> Floats:
    """Times over what was expected, shrunk to 1."""
    prior = PRIOR_CONTACTS * level
    return (times + prior) / (expected + prior)


def _smooth(values: Floats) -> Floats:
    """Means over an interval and its neighbors of the day, along the last axis."""
    before, after = (np.roll(values, step, axis=-1) for step in (1, -1))
    before[..., 0], after[..., -1] = values[..., 0], values[..., -1]
    mean: Floats = (_KERNEL[0] * before + _KERNEL[1] * values + _KERNEL[2] * after) / _KERNEL.sum()
    return mean
