"""Estimators of metrics: values with 95 % confidence intervals over independent replications.

Every estimator returns the value and its *influence*, one number per replication with mean
zero: what that replication adds to the error, to first order. The interval follows from the
spread of the influence (delta method with Student's t; Law, Simulation Modeling and Analysis,
5th ed., ch. 9), and the interval of a paired difference from the difference of influences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LEVEL = 0.95

ROUNDING = 1e-10
"""Sums of seconds round: a difference below this (of the value, where that is over 1) is zero."""


@dataclass(frozen=True, slots=True)
class InfluenceEstimate:
    """Values with their influence.

    Attributes
    ----------
    value : ndarray, shape (...)
        NaN where the denominator is zero in every replication.
    influence : ndarray, shape (units, ...)
        Units are independent of each other: replications, or pairs of them.
    span : (float, float) or None
        The interval itself where it is not symmetric (percentiles, shares of days).
    fitted : int
        Numbers that were fitted besides the value; each costs a degree of freedom.
    plain : ndarray or None, shape (...)
        Where the variance was lowered: what as many independent replications would have.
    """

    value: Floats
    influence: Floats
    span: tuple[float, float] | None = None
    fitted: int = 0
    plain: Floats | None = None

    @property
    def units(self) -> int:
        """Return the number of independent units."""
        return int(self.influence.shape[0])

    @property
    def variance(self) -> Floats:
        """Return the variance of the value, NaN for one unit."""
        units = self.units
        if units < 2:
            return np.full(self.value.shape, np.nan)
        # Units last and side by side: sums of one metric and of many round alike then.
        squares = np.ascontiguousarray(np.moveaxis(self.influence, 0, -1)) ** 2
        return np.asarray(squares.sum(axis=-1) / (units - 1) / units)

    @property
    def half(self) -> Floats:
        """Return half the width of the 95 % confidence interval, NaN for one unit."""
        freedom = self.units - 1 - self.fitted
        if freedom < 1:
            return np.full(self.value.shape, np.nan)
        return np.asarray(t_quantile(freedom) * np.sqrt(self.variance))

    @property
    def share_removed(self) -> float | None:
        """Return the share by which the variance was lowered; None where it was not tried."""
        if self.plain is None or not self.plain > 0 or self.units < 2:
            return None
        return 1.0 - float(self.variance / self.plain)

    def bounds(self, lowest: float = -np.inf, highest: float = np.inf) -> tuple[Floats, Floats]:
        """Return the interval, cut to what the metric can be."""
        if self.span is not None and self.units > 1:
            low, high = np.clip(self.span, lowest, highest)
            return np.asarray(low), np.asarray(high)
        half = self.half
        low = np.clip(self.value - half, lowest, highest)
        return low, np.clip(self.value + half, lowest, highest)

    def settled(self) -> InfluenceEstimate:
        """Return the estimate without rounding errors, where the value or its variance is zero."""
        slack = ROUNDING * np.maximum(1.0, np.abs(self.value))
        value = np.where(np.abs(self.value) < ROUNDING, 0.0, self.value)
        influence = np.where(np.abs(self.influence) < slack, 0.0, self.influence)
        return replace(self, value=np.asarray(value), influence=np.asarray(influence))

    def at_most(self, highest: float) -> InfluenceEstimate:
        """Return the metric cut to the largest amount seen, which a class may reach beyond."""
        span = self.span and (min(self.span[0], highest), min(self.span[1], highest))
        return replace(self, value=np.minimum(self.value, highest), span=span)

    def grouped(self, unit_size: int) -> InfluenceEstimate:
        """Return the metric with so many consecutive replications as one unit."""
        if unit_size == 1:
            return self
        shape = self.influence.shape
        units = self.influence.reshape(shape[0] // unit_size, unit_size, *shape[1:])
        return replace(self, influence=np.asarray(units.mean(axis=1)))

    def minus(self, other: InfluenceEstimate) -> InfluenceEstimate:
        """Return the difference of two metrics of the same replications."""
        return InfluenceEstimate(self.value - other.value, self.influence - other.influence)


def t_quantile(freedom: int) -> float:
    """Return the two-sided 95 % quantile of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + LEVEL / 2))


def mean_per_replication(amounts: Floats) -> InfluenceEstimate:
    """Estimate the mean of a sum over replications.

    Parameters
    ----------
    amounts : ndarray, shape (runs, ...)
    """
    value = amounts.mean(axis=0)
    return InfluenceEstimate(value, amounts - value)


def ratio(top: Sequence[Floats], bottom: Sequence[Floats]) -> InfluenceEstimate:
    """Estimate a product of means divided by a product of means.

    Parameters
    ----------
    top, bottom : sequence of ndarray, shape (runs, ...)
        Factors. One each is the common case, a ratio of sums over replications. The factors
        of ``bottom`` are nowhere negative.

    Returns
    -------
    InfluenceEstimate
    """
    tops = [t.mean(axis=0) for t in top]
    bottoms = [b.mean(axis=0) for b in bottom]
    under = np.prod(bottoms, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(under > 0, np.prod(tops, axis=0) / under, np.nan)
        influence = sum(-value * (b - m) / m for b, m in zip(bottom, bottoms, strict=True))
        for k, t in enumerate(top):
            others = np.prod([m for j, m in enumerate(tops) if j != k], axis=0) / under
            influence = influence + (t - tops[k]) * others
    return InfluenceEstimate(value, np.asarray(influence))


def share_of_days(hits: Floats, days: Floats, unit_size: int = 1) -> InfluenceEstimate:
    """Estimate the share of days on which something happened.

    Parameters
    ----------
    hits, days : ndarray, shape (runs,)
    unit_size : int
        Consecutive replications that share random numbers.

    Returns
    -------
    InfluenceEstimate
        With the interval of Wilson (1927), which stays honest near 0 and 1, for the number of
        independent days that would have the variance of the replications (Kish 1965; Korn and
        Graubard 1998 for such intervals). Where all days were alike their dependence cannot be
        seen, and each replication counts as one.
    """
    found = ratio([hits], [days])
    units = found.grouped(unit_size)
    if units.units < 2 or np.isnan(found.value):
        return found
    share, variance = float(found.value), float(units.variance)
    alike = share * (1 - share)
    number = alike / variance if alike > 0 and variance > 0 else float(units.units)
    return replace(found, span=wilson(share, number, t_quantile(units.units - 1)))


def wilson(share: float, number: float, quantile: float = 1.959963984540054) -> tuple[float, float]:
    """Return the 95 % confidence interval of a share of independent trials (Wilson 1927).

    Parameters
    ----------
    share, number : float
    quantile : float
        Two-sided, by default of the normal distribution.
    """
    part = quantile**2 / number
    middle = (share + part / 2) / (1 + part)
    half = np.sqrt(part * share * (1 - share) + part**2 / 4) / (1 + part)
    return max(float(middle - half), 0.0), min(float(middle + half), 1.0)


def percentile(
    counts: npt.NDArray[np.integer], edges: Floats, share: float, unit_size: int = 1
) -> InfluenceEstimate:
    """Estimate a percentile from classes counted per replication.

    Parameters
    ----------
    counts : ndarray, shape (runs, classes)
        Class ``k`` holds values above ``edges[k - 1]`` up to and with ``edges[k]``; the first
        holds values equal to its edge.
    edges : ndarray, shape (classes,)
    share : float
        Between 0 and 1.
    unit_size : int
        Consecutive replications that share random numbers.

    Returns
    -------
    InfluenceEstimate
        Linear within a class. The interval is that of the share below the percentile, read
        off the distribution (Woodruff 1952); the slope over it turns the influence on that
        share into one on the percentile.
    """
    total = counts.sum(axis=0).astype(np.float64)
    n = total.sum()
    if n == 0:
        return InfluenceEstimate(np.array(np.nan), np.full(counts.shape[0], np.nan))
    below = np.cumsum(total) / n
    value = _percentile_value(below, edges, share)
    under = _count_below(counts, edges, value)
    sizes = counts.sum(axis=1).astype(np.float64)
    # A percentile at a jump (many waits of exactly zero) has more than its share below it.
    missed = ratio([under], [sizes])
    low, high = _share_bounds(missed.grouped(unit_size), share)
    span = _percentile_value(below, edges, low), _percentile_value(below, edges, high)
    return InfluenceEstimate(np.array(value), -missed.influence * _slope(span, low, high), span)


def _share_bounds(missed: InfluenceEstimate, share: float) -> tuple[float, float]:
    """Return the confidence interval of the share below a percentile."""
    half = float(np.nan_to_num(missed.half))
    return max(share - half, 0.0), min(share + half, 1.0)


def _slope(span: tuple[float, float], low: float, high: float) -> float:
    """Return by how much a percentile grows with its share."""
    return (span[1] - span[0]) / (high - low) if high > low else 0.0


def _percentile_value(below: Floats, edges: Floats, share: float) -> float:
    k = int(np.searchsorted(below, share - 1e-12))
    k = min(k, below.size - 1)
    if k == 0 or not np.isfinite(edges[k]):
        return float(edges[min(k, edges.size - 2)])
    before = below[k - 1]
    part = (share - before) / (below[k] - before) if below[k] > before else 1.0
    return float(edges[k - 1] + min(max(part, 0.0), 1.0) * (edges[k] - edges[k - 1]))


def _count_below(counts: npt.NDArray[np.integer], edges: Floats, value: float) -> Floats:
    """Return how many values of each replication lie at or below a value, shape (runs,)."""
    k = int(np.searchsorted(edges, value))
    whole = counts[:, :k].sum(axis=1).astype(np.float64)
    if k == 0 or not np.isfinite(edges[k]):
        return np.asarray(whole + counts[:, k])
    part = (value - edges[k - 1]) / (edges[k] - edges[k - 1])
    return np.asarray(whole + part * counts[:, k])


def quantile_of_days(
    values: Floats,
    share: float,
    lowest: float = 0.0,
    highest: float = 1.0,
    unit_size: int = 1,
) -> InfluenceEstimate:
    """Estimate a quantile of single days.

    Parameters
    ----------
    values : ndarray, shape (runs, days)
        NaN for days without contacts.
    share : float
    lowest, highest : float
        What the metric can be; a bound of the interval beyond the days that were seen is not
        known and lies there.
    unit_size : int
        Consecutive replications that share random numbers.

    Returns
    -------
    InfluenceEstimate
        The smallest value that at least this share of days does not exceed. Days of one
        replication may depend on each other; the influence is per replication.
    """
    runs = values.shape[0]
    known = np.sort(values[~np.isnan(values)])
    if known.size == 0:
        return InfluenceEstimate(np.array(np.nan), np.full(runs, np.nan))
    value = _order_statistic(known, share)
    under = (values <= value).sum(axis=1).astype(np.float64)
    missed = ratio([under], [(~np.isnan(values)).sum(axis=1).astype(np.float64)])
    low, high = _share_bounds(missed.grouped(unit_size), share)
    # One rank wider: the confidence interval must hold between the days that were seen.
    below, above = int(np.floor(low * known.size)), int(np.ceil(high * known.size)) + 1
    span = (
        _value_at_rank(known, below) if below >= 1 else lowest,
        _value_at_rank(known, above) if above <= known.size else highest,
    )
    return InfluenceEstimate(np.array(value), -missed.influence * _slope(span, low, high), span)


def _order_statistic(ordered: Floats, share: float) -> float:
    return _value_at_rank(ordered, np.ceil(share * ordered.size - 1e-9))


def _value_at_rank(ordered: Floats, rank: float) -> float:
    """Return the value of a rank, counted from 1; the outermost beyond them."""
    return float(ordered[min(max(int(rank), 1), ordered.size) - 1])
