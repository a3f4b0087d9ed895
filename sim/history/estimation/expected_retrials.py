"""Retrials that recorded abandonments lead to: volumes hold them, a scenario adds them itself."""

from __future__ import annotations

import numpy as np

from sim.array_types import Floats
from sim.units import DAY

_POINTS = 20  # quantiles that stand for the distribution of delays


def expected_retrials(
    left: Floats, share: float, delays: Floats, days: int, interval_minutes: float = 30.0
) -> Floats:
    """Return how many retrials are expected, shape (days, intervals of 24 h).

    Customers who are not known call again as often as those who are, so that recognized retrials
    alone would be too few to take off the recorded volumes.

    Parameters
    ----------
    left : ndarray, shape (abandoned,)
        When each customer abandoned, in seconds since the start of the first day.
    share : float
        Of the abandoned who call again.
    delays : ndarray
        Seconds from abandonment to retrial, ascending.
    days : int
    interval_minutes : float
    """
    per_day = round(24 * 60 / interval_minutes)
    found = np.zeros(days * per_day)
    if not (share > 0 and delays.size and left.size):
        return found.reshape(days, per_day)
    steps = np.quantile(delays, (np.arange(_POINTS) + 0.5) / _POINTS)
    for step in steps:
        place = ((left + step) // (DAY / per_day)).astype(np.int64)
        found += np.bincount(place[place < found.size], minlength=found.size)
    return (found * share / _POINTS).reshape(days, per_day)
