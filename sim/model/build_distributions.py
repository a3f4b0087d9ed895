"""Distributions as parameters of the tape's draws, and their distribution functions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.model import NEVER, Floats, Law, LawKind

if TYPE_CHECKING:
    from sim.scenario import Distribution


def law(distribution: Distribution) -> Law:
    """Return the law of a distribution.

    Parameters
    ----------
    distribution : Distribution

    Returns
    -------
    Law
        Erlang becomes gamma; a mean and a cv become the parameters of :class:`LawKind`.
    """
    zero = distribution.zero
    mean, kind = distribution.time, distribution.law
    if kind == "unlimited":
        return NEVER
    if kind == "points":
        x, u = np.array(distribution.points, dtype=float).T
        return Law(LawKind.POINTS, zero=zero, u=u.copy(), x=x.copy())
    if kind == "uniform":
        return Law(LawKind.UNIFORM, distribution.low, distribution.high, zero)
    if kind == "deterministic":
        return Law(LawKind.DETERMINISTIC, mean, 0.0, zero)
    if kind == "exponential":
        return Law(LawKind.EXPONENTIAL, mean, 0.0, zero)
    return _shaped(distribution)


def _shaped(distribution: Distribution) -> Law:
    zero, mean, kind = distribution.zero, distribution.time, distribution.law
    cv, shape = distribution.spread, distribution.shape
    if kind == "lognormal":
        variance = math.log1p(cv**2)
        return Law(LawKind.LOGNORMAL, math.log(mean) - variance / 2, math.sqrt(variance), zero)
    if kind == "gamma":
        return Law(LawKind.GAMMA, 1 / cv**2, mean * cv**2, zero)
    if kind == "erlang":
        return Law(LawKind.GAMMA, shape, mean / shape, zero)
    return Law(LawKind.WEIBULL, shape, mean / math.gamma(1 + 1 / shape), zero)


def below(law: Law, times: Floats) -> Floats:
    """Return the probability that a draw is at most each time.

    Parameters
    ----------
    law : Law
    times : ndarray
        Seconds, of any sign.

    Returns
    -------
    ndarray
        Same shape, from 0 to 1.
    """
    t = np.asarray(times, dtype=float)
    if law.kind is LawKind.UNLIMITED:
        return np.zeros_like(t)
    inner = _below(law, np.maximum(t, 0.0))
    return np.where(t < 0, 0.0, law.zero + (1 - law.zero) * inner)


def _below(law: Law, t: Floats) -> Floats:
    """Return the distribution function of the draws that are not zero, for t of 0 or more."""
    from scipy import special

    a, b = law.a, law.b
    if law.kind is LawKind.DETERMINISTIC:
        return (t >= a).astype(float)
    if law.kind is LawKind.EXPONENTIAL:
        return np.asarray(-np.expm1(-t / a))
    if law.kind is LawKind.LOGNORMAL:
        with np.errstate(divide="ignore"):
            return np.asarray(special.ndtr((np.log(t) - a) / b), dtype=float)
    if law.kind is LawKind.GAMMA:
        return np.asarray(special.gammainc(a, t / b), dtype=float)
    if law.kind is LawKind.WEIBULL:
        return np.asarray(-np.expm1(-((t / b) ** a)))
    if law.kind is LawKind.UNIFORM:
        width = b - a
        return np.clip((t - a) / width, 0, 1) if width else (t >= a).astype(float)
    return np.interp(t, law.x, law.u, left=0.0)


def mean(law: Law) -> float:
    """Return the mean of a law in seconds; infinite when some draws are never."""
    return (1 - law.zero) * _mean(law)


def _mean(law: Law) -> float:
    a, b = law.a, law.b
    if law.kind is LawKind.LOGNORMAL:
        return math.exp(a + b * b / 2)
    if law.kind is LawKind.GAMMA:
        return a * b
    if law.kind is LawKind.WEIBULL:
        return b * math.gamma(1 + 1 / a)
    if law.kind is LawKind.UNIFORM:
        return (a + b) / 2
    if law.kind is LawKind.POINTS:
        if law.u[-1] < 1:
            return math.inf
        return float(np.sum(np.diff(law.u) * (law.x[1:] + law.x[:-1]) / 2))
    return math.inf if law.kind is LawKind.UNLIMITED else a
