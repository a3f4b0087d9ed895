"""What the days around a day lead one to expect of it, robustly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats
from sim.history.volume_history import VolumeHistory

AROUND = 8
"""Open days before and after a day whose median is its level."""
TRIMMED = 0.25
"""Share of the largest and of the smallest values that a mean leaves out, at least one of each: the
mean of the middle half, between the mean, which one wrong number moves, and the median."""
KNOWN_SHARE = 0.8
"""Share of the usual contacts whose intervals must have numbers, for a day to have a total."""


@dataclass(frozen=True)
class UsualVolumes:
    """Expected contacts of the days of a history.

    Attributes
    ----------
    profile : ndarray, shape (days, intervals)
        Contacts of the usual day of this weekday; 0 where it is usually closed.
    mean_day : ndarray, shape (days,)
        Contacts of the usual day of this weekday, over the whole history.
    level : ndarray, shape (days,)
        Median of the days around, as a share of the usual day; without the day itself.
    expected : ndarray, shape (days, intervals)
        By the level of the days around; 0 where the weekday is usually closed.
    total : ndarray, shape (days,)
        Contacts, scaled up for intervals without a number; NaN where too few have one.
    around : ndarray, shape (days,)
        Contacts expected of the day by the days around it.
    distance : ndarray, shape (days,)
        Robust standard deviations between root total and root of ``around``; NaN unknown.
    """

    profile: Floats
    mean_day: Floats
    level: Floats
    expected: Floats
    total: Floats
    around: Floats
    distance: Floats


def usual_volumes(history: VolumeHistory) -> UsualVolumes:
    """Return what is usual of the weekdays of a history, and the level of its days.

    Parameters
    ----------
    history : VolumeHistory

    Returns
    -------
    UsualVolumes
    """
    weekdays = np.asarray(history.weekdays())
    profile = np.zeros_like(history.offered)
    for weekday in range(7):
        same = weekdays == weekday
        profile[same] = interval_means(history.offered[same], history.is_open[same])
    mean_day = profile.sum(axis=1)
    known = np.where(np.isfinite(history.offered), profile, 0.0).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = known / mean_day
        total = np.where(share >= KNOWN_SHARE, np.nansum(history.offered, axis=1) / share, np.nan)
        level = _level_around(total / mean_day)
        around = np.nan_to_num(level * mean_day)
        apart = np.sqrt(total) - np.sqrt(around)
    finite = np.isfinite(apart) & (around > 0)
    spread = max(0.5, 1.4826 * float(np.median(np.abs(apart[finite])))) if finite.any() else 1.0
    distance = np.where(finite, apart / spread, np.nan)
    level = np.nan_to_num(level)
    expected = level[:, None] * profile
    return UsualVolumes(profile, mean_day, level, expected, total, around, distance)


def interval_means(offered: Floats, is_open: Bools) -> Floats:
    """Return the trimmed mean of each interval over similar days; 0 where mostly closed.

    Parameters
    ----------
    offered, is_open : ndarray, shape (days, intervals)
        Of days such as all Mondays.

    Returns
    -------
    ndarray, shape (intervals,)
        0 everywhere with fewer than three days that have contacts.
    """
    busy = np.nansum(offered, axis=1) > 0
    values = np.sort(offered[busy], axis=0)  # NaN last
    if len(values) < 3:
        return np.zeros(offered.shape[1])
    known = np.isfinite(values).sum(axis=0)
    low = np.minimum(np.maximum((known * TRIMMED).astype(int), 1), (known - 1) // 2)
    places = np.arange(len(values))[:, None]
    used = (places >= low) & (places < known - low)
    sums = np.where(used, np.nan_to_num(values), 0.0).sum(axis=0)
    means: Floats = sums / np.maximum(used.sum(axis=0), 1)
    mostly_open = is_open[busy].mean(axis=0) >= 0.5
    mostly_busy = (np.nan_to_num(offered[busy]) > 0).mean(axis=0) >= 0.5
    return np.where(mostly_open | mostly_busy, means, 0.0)


def _level_around(shares: Floats) -> Floats:
    """Return the median of the shares of the days around each day, without its own."""
    level = np.full(len(shares), np.nan)
    valid = np.flatnonzero(np.isfinite(shares) & (shares > 0))
    for day in range(len(shares)):
        at = int(np.searchsorted(valid, day))
        after = at + 1 if at < len(valid) and valid[at] == day else at
        near = np.concatenate([valid[max(0, at - AROUND) : at], valid[after : after + AROUND]])
        if len(near) >= 3:
            level[day] = np.median(shares[near])
    return level
