"""How much busier or quieter days are than forecast, for the busyness of a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats, Ints

FEWEST_DAYS = 14
"""Days with errors before busyness is estimated."""
_SAMPLES = 1000
_BLOCK = 7
"""Days of a bootstrap block: the days of a week stay together."""
_SEED = 20_241


@dataclass(frozen=True)
class DayBusyness:
    """The random factor of days beyond Poisson noise, at one horizon.

    Parameters
    ----------
    cv : float
        Coefficient of variation of the factor.
    low, high : float
        95 % confidence interval of ``cv``, bootstrap by weeks.
    memory : float
        Autocorrelation of the factor from one day to the next, 0 to 1.
    shape : str
        ``gamma`` or ``lognormal``.
    is_shape_clear : bool
        Whether the interval of the skewness leaves out the other shape; ``gamma`` where not.
    days : int
        Days used, without odd days and days with a name.
    """

    cv: float
    low: float
    high: float
    memory: float
    shape: str
    is_shape_clear: bool
    days: int


def day_busyness(forecast: Floats, actual: Floats) -> DayBusyness | None:
    """Estimate busyness from day totals; None where too few are known.

    Parameters
    ----------
    forecast, actual : Floats
        Contacts of consecutive days, forecast from the same distance; shape (days,). NaN unknown
        or left out.

    Notes
    -----
    The variance of ``actual / forecast`` less that of Poisson counts. A common bias is taken off
    first. The memory is the covariance of neighboring days over that variance: noise of counts
    is independent between days, so nothing is taken off there.
    """
    known = np.isfinite(forecast) & np.isfinite(actual) & (forecast > 0)
    if known.sum() < FEWEST_DAYS:
        return None
    scale = actual[known].sum() / forecast[known].sum()
    mean = np.where(known, forecast * scale, 0.0)
    error = np.where(known, actual, 0.0) - mean
    terms = np.stack([np.square(error) - mean, np.square(mean)])
    variance = max(float(terms[0].sum() / terms[1].sum()), 0.0)
    picks = _week_picks(len(mean))
    sums = np.add.reduceat(terms, np.arange(0, len(mean), _BLOCK), axis=1)
    sampled = sums[:, picks].sum(axis=2)
    squared = np.maximum(sampled[0] / np.maximum(sampled[1], 1e-12), 0.0)
    low, high = np.sqrt(np.quantile(squared, [0.025, 0.975]))
    shape, is_clear = _shape(error, mean, variance, picks)
    memory = _memory(error, mean, variance)
    return DayBusyness(
        float(np.sqrt(variance)), float(low), float(high), memory, shape, is_clear, int(known.sum())
    )


def _week_picks(days: int) -> Ints:
    """Weeks of each bootstrap sample; the same for the same number of days."""
    weeks = -(-days // _BLOCK)
    return np.random.default_rng(_SEED).integers(0, weeks, (_SAMPLES, weeks))


def _memory(error: Floats, mean: Floats, variance: float) -> float:
    """Autocorrelation of the factor between days that follow one another."""
    products, sizes = error[1:] * error[:-1], mean[1:] * mean[:-1]
    if variance <= 0 or sizes.sum() <= 0:
        return 0.0
    return float(np.clip(products.sum() / sizes.sum() / variance, 0.0, 1.0))


def _shape(error: Floats, mean: Floats, variance: float, picks: Ints) -> tuple[str, bool]:
    """Shape whose skewness is the nearer, where the bootstrap can tell them apart."""
    cv = np.sqrt(variance)
    third = np.power(error, 3) - 3 * variance * np.square(mean) - mean
    terms = np.stack([third, np.power(mean, 3)])
    sums = np.add.reduceat(terms, np.arange(0, len(mean), _BLOCK), axis=1)
    sampled = sums[:, picks].sum(axis=2)
    skewness = sampled[0] / np.maximum(sampled[1], 1e-12) / max(cv, 1e-9) ** 3
    low, high = np.quantile(skewness, [0.025, 0.975])
    gamma, lognormal = 2 * cv, 3 * cv + cv**3
    if low > gamma and high >= lognormal:
        return "lognormal", True
    return "gamma", bool(high < lognormal and low <= gamma)


def shared_part(ratios: Sequence[Floats]) -> float | None:
    """Return the part of the day's factor that all queues share; None with one queue.

    The correlation of the factors of two queues, mean over pairs weighted by their size.

    Parameters
    ----------
    ratios : Sequence[Floats]
        Per queue and day: error over forecast, and the variance that Poisson noise adds to it;
        each of shape (2, days). NaN unknown.
    """
    covariance, size = 0.0, 0.0
    for index, one in enumerate(ratios):
        for other in ratios[:index]:
            known = np.isfinite(one[0]) & np.isfinite(other[0])
            if known.sum() < FEWEST_DAYS:
                continue
            spreads = [np.mean(np.square(r[0, known]) - r[1, known]) for r in (one, other)]
            if min(spreads) <= 0:
                continue
            covariance += float(np.mean(one[0, known] * other[0, known]))
            size += float(np.sqrt(spreads[0] * spreads[1]))
    return None if size <= 0 else float(np.clip(covariance / size, 0.0, 1.0))
