"""Whether a difference over recorded days is beyond what is random from day to day."""

from __future__ import annotations

import numpy as np

from sim.array_types import Floats
from sim.history.estimation.day_bootstrap import student_quantile

FEWEST_DAYS = 5


def ratio_over_days(above: Floats, below: Floats) -> tuple[float, float, float]:
    """Return a ratio of two sums over days with its 95 % confidence interval.

    Parameters
    ----------
    above, below : ndarray, shape (days,)

    Returns
    -------
    value, low, high : float
        Low and high are NaN with fewer than five days.

    Notes
    -----
    Linearized variance of a ratio, whole days as units (Cochran 1977, Sampling Techniques, 3rd
    ed., sec. 6.4), with Student's t.
    """
    days = below > 0
    above, below, count = above[days], below[days], int(days.sum())
    if not count:
        return np.nan, np.nan, np.nan
    value = float(above.sum() / below.sum())
    if count < FEWEST_DAYS:
        return value, np.nan, np.nan
    squares = float(np.sum((above - value * below) ** 2))
    error = np.sqrt(count / (count - 1) * squares) / float(below.sum())
    half = student_quantile(count - 1) * float(error)
    return value, value - half, value + half
