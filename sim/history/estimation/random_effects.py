"""How groups differ beyond sampling error: their spread, and each drawn towards the mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats
from sim.history.estimation.day_bootstrap import student_quantile

_WIDEST = 1e6


@dataclass(frozen=True)
class GroupSpread:
    """Means of groups around a common one.

    Attributes
    ----------
    mean : float
        Common mean, by precision.
    spread, low, high : float
        Standard deviation between groups beyond sampling error, with its 95 % confidence interval.
    shrunk : ndarray, shape (groups,)
        Each group's mean, drawn towards the common one by how uncertain it is.
    error : ndarray, shape (groups,)
        Standard deviation of what remains uncertain about each.
    """

    mean: float
    spread: float
    low: float
    high: float
    shrunk: Floats
    error: Floats


def group_spread(mean: Floats, variance: Floats) -> GroupSpread:
    """Return the spread between groups and their shrunk means.

    Parameters
    ----------
    mean : ndarray, shape (groups,)
        On a scale on which they are about normal.
    variance : ndarray, shape (groups,)
        Variance of each by sampling, above zero.

    Notes
    -----
    The spread solves ``Q(spread) = groups - 1`` for the generalised Q statistic (Paule and Mandel
    1982), its interval where Q is at the quantiles of chi-square (Viechtbauer 2007, Statistics in
    Medicine 26, 37-52). Shrunk means are those of Efron and Morris (1975).
    """
    from scipy.special import chdtri

    groups = mean.size
    if groups < 2:
        alone = float(mean[0]) if groups else np.nan
        return GroupSpread(alone, np.nan, np.nan, np.nan, mean.copy(), np.sqrt(variance))
    freedom = groups - 1

    def solved(target: float) -> float:
        return float(_spread_where(mean, variance, target) ** 0.5)

    between = solved(freedom)
    low = solved(float(chdtri(freedom, 0.025)))
    high = solved(float(chdtri(freedom, 0.975)))
    weight = 1 / (between**2 + variance)
    common = float(weight @ mean / weight.sum())
    trust = between**2 * weight
    shrunk = common + trust * (mean - common)
    # What is uncertain about the common mean adds to groups that lean on it.
    error = np.sqrt(trust * variance + (1 - trust) ** 2 / weight.sum())
    return GroupSpread(common, between, low, high, shrunk, error)


def _spread_where(mean: Floats, variance: Floats, target: float) -> float:
    """Return the variance between groups at which Q has a value; 0 if Q is below it there."""
    from scipy.optimize import brentq

    def excess(between: float) -> float:
        weight = 1 / (variance + between)
        common = weight @ mean / weight.sum()
        return float(weight @ (mean - common) ** 2) - target

    if excess(0.0) <= 0:
        return 0.0
    top = max(float(np.var(mean)), float(variance.max()), 1e-12)
    while excess(top) > 0 and top < _WIDEST:
        top *= 4
    return float(brentq(excess, 0.0, top, xtol=1e-14))


def shrunk_ends(found: GroupSpread) -> tuple[Floats, Floats]:
    """Return the ends of the 95 % confidence intervals of shrunk means.

    Student's with a degree of freedom for each group but one: the spread, by which they are
    shrunk, is estimated from the groups (Morris 1983, Parametric empirical Bayes inference, JASA
    78, 47-55).
    """
    value, half = found.shrunk, student_quantile(max(found.shrunk.size - 1, 1)) * found.error
    return value - half, value + half
