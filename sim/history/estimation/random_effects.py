"""How groups differ beyond sampling error: their spread, and each drawn towards the mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats
from sim.history.estimation.day_bootstrap import student_quantile

_WIDEST = 1e6
_MEDIAN = 0.5


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


def group_spread(
    mean: Floats, variance: Floats, design: Floats | None = None, shared: Floats | None = None
) -> GroupSpread:
    """Return the spread between groups and their shrunk means.

    Parameters
    ----------
    mean : ndarray, shape (groups,)
        On a scale on which they are about normal.
    variance : ndarray, shape (groups,)
        Variance of each by sampling, above zero.
    design : ndarray, shape (groups, causes), optional
        What else the means differ by, each with an effect of its own, a common mean among them.
        One common mean unless passed.
    shared : ndarray, shape (groups, sources), optional
        Further errors of sampling, which the groups have in common: ``shared @ shared.T`` is their
        covariance.

    Notes
    -----
    The spread solves ``Q(spread) = q`` for the generalised Q statistic (Paule and Mandel 1982), its
    interval where Q is at the quantiles of chi-square with the groups less the rank of the design
    as degrees of freedom (Viechtbauer 2007, Statistics in Medicine 26, 37-52). q is the median of
    that chi-square, not its mean: of few groups the standard deviation would be too small (the
    median-unbiased estimator of Viechtbauer 2021, PMM in his metafor). Shrunk means are those of
    Efron and Morris (1975).
    """
    from scipy.special import chdtri

    groups = mean.size
    causes = np.ones((groups, 1)) if design is None else design
    freedom = groups - int(np.linalg.matrix_rank(causes)) if groups else 0
    if freedom < 1:
        alone = float(np.average(mean, weights=1 / variance)) if groups else np.nan
        return GroupSpread(alone, np.nan, np.nan, np.nan, mean.copy(), np.sqrt(variance))

    common = np.zeros((groups, 0)) if shared is None else shared

    def solved(beyond: float) -> float:
        target = float(chdtri(freedom, beyond))
        return float(_spread_where(mean, variance, causes, common, target) ** 0.5)

    between = solved(_MEDIAN)
    total = between**2 + variance
    weighted = _divided(total, common, causes)
    inverse = np.linalg.pinv(causes.T @ weighted)
    fitted = causes @ (inverse @ (weighted.T @ mean))
    shrunk = fitted + between**2 * _divided(total, common, (mean - fitted)[:, None])[:, 0]
    # What is uncertain about the common mean adds to groups that lean on it.
    leaning = causes - between**2 * weighted
    error = between**2 - between**4 * _divided_diagonal(total, common)
    error = error + np.einsum("ij,jk,ik->i", leaning, inverse, leaning)
    return GroupSpread(
        float(np.average(mean, weights=1 / total)), between, solved(0.025), solved(0.975),
        shrunk, np.sqrt(np.maximum(error, 0.0)),
    )  # fmt: skip


def weighted_spread(
    mean: Floats, variance: Floats, weight: Floats, design: Floats, shared: Floats
) -> float:
    """Return the standard deviation between groups that count by a weight of their own.

    The weighted squares about the common mean, less what sampling adds to them, by what they would
    be with a spread of 1 (moments, as DerSimonian and Laird 1986); 0 where sampling adds more, NaN
    where the design leaves nothing. As in :func:`group_spread` it is the median that is right.

    Parameters
    ----------
    mean, variance, design, shared
        As for :func:`group_spread`.
    weight : ndarray, shape (groups,)
    """
    from scipy.special import chdtri

    leverage = _inverse(design, weight)
    left = mean - design @ (leverage @ (design.T @ (weight * mean)))
    kept = weight - weight**2 * np.einsum("ij,jk,ik->i", design, leverage, design)
    if not kept.sum() > 1e-9 * weight.sum():
        return float("nan")
    freedom = mean.size - int(np.linalg.matrix_rank(design))
    median = float(chdtri(freedom, _MEDIAN)) / freedom if freedom else 1.0
    inside = shared - design @ (leverage @ (design.T @ (weight[:, None] * shared)))
    sampling = kept @ variance + float(weight @ (inside**2).sum(axis=1))
    square = (weight @ left**2 / median - sampling) / kept.sum()
    return float(np.sqrt(max(square, 0.0)))


def _inverse(design: Floats, weight: Floats) -> Floats:
    return np.asarray(np.linalg.pinv(design.T @ (weight[:, None] * design)))


def _divided(total: Floats, shared: Floats, values: Floats) -> Floats:
    """Return ``inv(diag(total) + shared @ shared.T) @ values`` (Woodbury 1950)."""
    weighted = values / total[:, None]
    scaled = shared / total[:, None]
    inner = np.eye(shared.shape[1]) + shared.T @ scaled
    return np.asarray(weighted - scaled @ np.linalg.solve(inner, shared.T @ weighted))


def _divided_diagonal(total: Floats, shared: Floats) -> Floats:
    """Return the diagonal of ``inv(diag(total) + shared @ shared.T)``."""
    scaled = shared / total[:, None]
    inner = np.eye(shared.shape[1]) + shared.T @ scaled
    return np.asarray(1 / total - np.einsum("ij,ji->i", scaled, np.linalg.solve(inner, scaled.T)))


def _spread_where(
    mean: Floats, variance: Floats, design: Floats, shared: Floats, target: float
) -> float:
    """Return the variance between groups at which Q has a value; 0 if Q is below it there."""
    from scipy.optimize import brentq

    def excess(between: float) -> float:
        total = variance + between
        weighted = _divided(total, shared, design)
        left = mean - design @ (np.linalg.pinv(design.T @ weighted) @ (weighted.T @ mean))
        return float(left @ _divided(total, shared, left[:, None])[:, 0]) - target

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
