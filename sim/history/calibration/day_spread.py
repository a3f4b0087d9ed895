"""How much more recorded days differ than simulated ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats
from sim.history.calibration.period_sums import METRICS, PER_DAY, ContactSums

RUNS = 24
FEWEST_DAYS = 10
CERTAIN = 1.645
"""Standard errors of the mean square by which days have to differ more than simulated ones."""
FARTHEST_DAY = 3.0
"""Days farther from the mean (standard deviations) count as so far."""


@dataclass(frozen=True)
class DaySpread:
    """How days differ.

    Attributes
    ----------
    factor : float
        By what the variation of days is multiplied for recorded days to be as simulated ones.
    unexplained : float
        How many times as much recorded days differ even then; 1 where that may be random.
    """

    factor: float
    unexplained: float


def day_spread(
    actual: ContactSums, simulated: Callable[[float], ContactSums], largest: float
) -> DaySpread:
    """Return by what the variation of days is multiplied for recorded days to be as simulated ones.

    Parameters
    ----------
    actual : ContactSums
        By half hour.
    simulated : callable
        Returns the sums of each replication where the variation is multiplied by a factor.
    largest : float
        Up to which it may be multiplied, at least 1.

    Notes
    -----
    The mean square of the deviations of days, in standard deviations of their simulation and
    without bias, is 1 where the model is right. The variance of a simulated day is taken as linear
    in the square of the factor. Deviations are cut off, so that a few odd days do not decide, and
    what may be random (the variance of n normal deviations has a standard error of √(2/n)) changes
    nothing.
    """
    least = _days(simulated(1.0))
    most = least if largest <= 1 else _days(simulated(largest))
    actuals = _days(actual)
    known = np.isfinite(actuals) & np.isfinite(least).all(axis=0) & np.isfinite(most).all(axis=0)
    if int(known.sum(axis=1).min()) < FEWEST_DAYS:
        return DaySpread(1.0, 1.0)
    runs = int(least.shape[0])
    # A variance of few replications is uncertain, and their mean differs from the true one.
    shrink = (runs - 3) / (runs - 1) / (1 + 1 / runs)
    apart = actuals - least.mean(axis=0)
    small, large = least.var(axis=0, ddof=1), most.var(axis=0, ddof=1)

    def excess(factor: float) -> float:
        part = (factor**2 - 1) / (largest**2 - 1) if largest > 1 else 0.0
        variance = np.maximum(small + part * (large - small), 1e-12)
        squares = [
            _mean_square(apart[m, known[m]], variance[m, known[m]]) for m in range(len(METRICS))
        ]
        return float(np.mean(squares)) * shrink - 1

    days = int(known.sum(axis=1).min())
    random = CERTAIN * float(np.sqrt(2 / days))
    if excess(1.0) <= random:
        return DaySpread(1.0, 1.0)
    if (left := excess(largest)) >= 0:
        return DaySpread(largest, float(np.sqrt(1 + left)) if left > random else 1.0)
    from scipy.optimize import brentq

    return DaySpread(float(brentq(excess, 1.0, largest, xtol=0.005)), 1.0)


def _mean_square(apart: Floats, variance: Floats) -> float:
    bias = float(np.median(apart))  # not of the mean, which a few odd days move
    far = np.clip((apart - bias) / np.sqrt(variance), -FARTHEST_DAY, FARTHEST_DAY)
    return float(np.sum(far**2)) / (far.size - 1)


def _days(sums: ContactSums) -> Floats:
    """Return the metrics by day, shape (…, metrics, days)."""
    days = sums.added_up(PER_DAY)
    return np.stack([days.metric(name) for name in METRICS], axis=-2)
