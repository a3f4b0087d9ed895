"""Intervals far from what the rest of their day and the usual profile lead one to expect."""

from __future__ import annotations

import numpy as np

from sim.array_types import Bools, Floats
from sim.history.usual_volumes import UsualVolumes, interval_means
from sim.history.volume_history import VolumeHistory

VERY_FAR = 8.0
"""Robust standard deviations from which an interval is an outlier."""
LOW_SHARE, HIGH_SHARE = 0.4, 2.0
"""Share of the expected contacts below which an interval is low, and above which it is high."""
LEAST = 5.0
"""Expected contacts from which an interval can be low, and from which the spread is measured."""


def outlier_intervals(history: VolumeHistory, usual: UsualVolumes) -> tuple[Bools, Floats]:
    """Return the intervals that are outliers, and the contacts expected without them.

    The level of a day is that of its other intervals: the farthest outlier is left out first,
    and the rest judged without it, so that one wrong number makes no others odd.

    Parameters
    ----------
    history : VolumeHistory
    usual : UsualVolumes
        Of this history. Days whose weekday has too few others are compared with the profile of
        all days.

    Returns
    -------
    (ndarray of bool, ndarray)
        Both of shape (days, intervals).
    """
    profile = usual.profile.copy()
    without = usual.mean_day == 0
    if without.any():
        pooled = interval_means(history.offered, history.is_open)
        profile[without] = np.where(history.is_open[without], pooled, 0.0)
    profile[~np.isfinite(history.offered)] = 0.0
    contacts = np.nan_to_num(history.offered)
    expected = _expected_of_others(contacts, profile)
    spread = _spread(contacts, expected)
    odd = np.zeros(contacts.shape, dtype=bool)
    farthest = _farthest(contacts, expected, spread)
    while (days := np.flatnonzero(farthest >= 0)).size:
        odd[days, farthest[days]] = True
        rest = np.where(odd[days], 0.0, contacts[days])
        expected[days] = _expected_of_others(rest, np.where(odd[days], 0.0, profile[days]))
        farthest[:] = -1
        farthest[days] = _farthest(rest, expected[days], spread)
    kept = np.where(odd, 0.0, profile).sum(axis=1, keepdims=True)
    level = np.where(odd, 0.0, contacts).sum(axis=1, keepdims=True) / np.where(kept > 0, kept, 1.0)
    return odd, level * profile


def _expected_of_others(contacts: Floats, profile: Floats) -> Floats:
    """Return the contacts expected of each interval by the others of its day."""
    others = profile.sum(axis=1, keepdims=True) - profile
    sums = np.where(profile > 0, contacts, 0.0).sum(axis=1, keepdims=True)
    own = np.where(profile > 0, contacts, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(others > 1e-9, (sums - own) / others * profile, 0.0)


def _spread(contacts: Floats, expected: Floats) -> float:
    """Return the robust standard deviation of root counts, at least that of Poisson counts."""
    compared = expected >= LEAST
    if not compared.any():
        compared = expected > 0
    if not compared.any():
        return 0.5
    apart = np.abs(np.sqrt(contacts[compared]) - np.sqrt(expected[compared]))
    return max(0.5, 1.4826 * float(np.median(apart)))


def _farthest(contacts: Floats, expected: Floats, spread: float) -> np.ndarray:
    """Return the outlier of each day that is farthest from its expected contacts, or -1."""
    apart = np.abs(np.sqrt(contacts) - np.sqrt(expected))
    low = (expected >= LEAST) & (contacts < LOW_SHARE * expected)
    high = (expected > 0) & (contacts > HIGH_SHARE * expected)
    apart[~(low | high) | (apart <= VERY_FAR * spread)] = 0.0
    return np.where(apart.max(axis=1, initial=0.0) > 0, apart.argmax(axis=1), -1)
