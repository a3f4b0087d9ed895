"""Whether the level of talk changes slowly from day to day, by how much, and where it ended."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.array_types import Floats, Ints
from sim.history.estimation.day_bootstrap import DayEstimate, student_quantile
from sim.history.estimation.day_variation import DayVariation

CLEARLY = 2.0
"""Twice the logarithm of the likelihood ratio that a changing level needs."""
FEWEST_DAYS = 20
LEAST_CHANGE = 0.0005
"""Smaller changes from one day to the next do not matter in months."""
MOST_DAYS = 250
"""So many of the last days count, which bounds the time."""
MOST_MEMORY = 0.8
"""Days that resemble each other for longer differ in their level."""
_QUANTILE = 3.841
USUAL_CHANGE = 0.02
"""Scale of the prior distribution of the change: as many levels change by more as by less."""
_NEARLY_ALL = 10.0
"""Twice the logarithm of a likelihood ratio beyond which values hardly weigh."""
_SPREAD, _CHANGE, _MEMORY = range(3)
"""Positions of the parameters: logarithms of spread and change, and the memory."""
_LEAST, _MOST = float(np.log(1e-4)), float(np.log(0.5))
_BOUNDS = [(_LEAST, _MOST), (_LEAST, _MOST), (0.0, MOST_MEMORY)]
_STEP, _MEMORY_STEP = float(np.log(1.25)), 0.1


@dataclass(frozen=True)
class TalkLevel:
    """A level of talk that changes from day to day by a random walk.

    Attributes
    ----------
    change : DayEstimate
        Standard deviation of its change from one day to the next, as a share.
    at_end : DayEstimate
        Level on the last day that counts, as a ratio to the mean of the log.
    by_day : ndarray, shape (days,)
        Estimated level of each day as a ratio to that mean; that of the end on days after it.
    last : int
        Last day that counts.
    known : int
        Days before the last one from which a walk that begins at the level of the end is as
        uncertain on the last day as that level is.
    is_seen : bool
        Whether a change is seen. Else the level is the mean of the log, and ``change`` what its
        days do not exclude.
    """

    change: DayEstimate
    at_end: DayEstimate
    by_day: Floats
    last: int
    known: int
    is_seen: bool = True


@dataclass(frozen=True)
class _Fixed:
    """A value of a parameter, twice the log-likelihood that it loses, and the best others."""

    value: float
    off: float
    where: Floats


@dataclass(frozen=True)
class _Days:
    """Logarithms of the factors of days, shape (n,), and what their covariance is made of."""

    y: Floats
    noise: Floats
    apart: Floats
    walk: Floats

    def covariance(self, at: Floats) -> Floats:
        """Return the covariance for the logarithms of (spread, change) and the memory."""
        spread, change = np.exp(2 * at[_SPREAD]), np.exp(2 * at[_CHANGE])
        memory = at[_MEMORY]
        found = spread * memory**self.apart + change * self.walk
        return np.asarray(found + np.diag(self.noise + 1e-10))

    def likelihood(self, at: Floats) -> float:
        """Return the restricted log-likelihood, the mean unknown (Patterson and Thompson 1971).

        The Kalman filter whitens the series and a constant day by day (Harvey 1989, ch. 3).
        """
        spread, change = math.exp(2 * at[_SPREAD]), math.exp(2 * at[_CHANGE])
        memory = float(at[_MEMORY])
        of_walk, of_both, of_days = 0.0, 0.0, spread  # covariance of walk and factor of the day
        walk = day = walk_of_one = day_of_one = 0.0
        logarithms = ones = products = squares = 0.0
        gaps = (self.apart[0] - np.append(0.0, self.apart[0, :-1])).tolist()
        for y, noise, gap in zip(self.y.tolist(), self.noise.tolist(), gaps, strict=True):
            if gap:
                kept = memory**gap
                day, day_of_one, of_both = day * kept, day_of_one * kept, of_both * kept
                of_walk += change * gap
                of_days = of_days * kept**2 + spread * (1 - kept**2)
            to_walk, to_day = of_walk + of_both, of_both + of_days
            variance = to_walk + to_day + noise + 1e-10
            off, off_of_one = y - walk - day, 1 - walk_of_one - day_of_one
            logarithms += math.log(variance)
            ones += off_of_one**2 / variance
            products += off_of_one * off / variance
            squares += off**2 / variance
            walk += to_walk * off / variance
            day += to_day * off / variance
            walk_of_one += to_walk * off_of_one / variance
            day_of_one += to_day * off_of_one / variance
            of_walk -= to_walk**2 / variance
            of_both -= to_walk * to_day / variance
            of_days -= to_day**2 / variance
        rest = squares - products**2 / ones
        return -0.5 * (logarithms + math.log(ones) + rest)


def with_talk_level(talk: DayVariation, weight: Floats) -> tuple[DayVariation, TalkLevel | None]:
    """Return the variation of talk that is left beside a level that changes, and that level.

    Parameters
    ----------
    talk : DayVariation
    weight : ndarray, shape (days,)
        Talk that is expected of the answered contacts of each day: the level has their mean 1.

    Returns
    -------
    (DayVariation, TalkLevel or None)
        The variation as it is where no change of the level is certain enough; None where the days
        are too few or alike.

    Notes
    -----
    The logarithm of a day's factor is a random walk (local level: Harvey 1989, Forecasting,
    structural time series models and the Kalman filter, ch. 2), a stationary autoregressive
    series of first order and the sampling error, whose variance is known; days without contacts
    are gaps. The walk is taken where the restricted likelihood is larger by :data:`CLEARLY` than
    without it: a walk alone would also fit days that remember the one before. Intervals are those
    of the profile likelihood; that of the level at the end contains how uncertain the change is.

    Where no change is certain enough, later days are still less certain: the variance of the change
    is the expected one, its standard deviation half-Cauchy a priori with the scale
    :data:`USUAL_CHANGE`, weakly informative (Gelman 2006, Prior distributions for variance
    parameters in hierarchical models, Bayesian Analysis 1), and the profile in the place of the
    marginal likelihood. The mean over a time is as uncertain as a level at its end as
    a walk of a third of that time is.
    """
    rows = np.flatnonzero(talk.factor > 0)[-MOST_DAYS:]
    if rows.size < FEWEST_DAYS or not np.var(talk.factor[rows]) > 0:
        return talk, None
    day = talk.day[rows]
    series = _Days(
        np.log(talk.factor[rows]), talk.noise[rows],
        np.abs(day[:, None] - day).astype(float),
        np.minimum(day[:, None] - day[0], day - day[0]).astype(float),
    )  # fmt: skip
    alone, best = _best(series, {_CHANGE: _LEAST}), _best(series)
    if 2 * (best[0] - alone[0]) < CLEARLY:
        return talk, _not_excluded(series, day, best, talk.cv.records, weight.size)
    records, size = talk.cv.records, rows.size
    profile = [_profile(series, best, at) for at in range(len(_BOUNDS))]
    cv, change = (
        DayEstimate(float(np.exp(best[1][at])), *_ends(profile[at]), records, size)
        for at in (_SPREAD, _CHANGE)
    )
    low, high = _inside(profile[_MEMORY]).tolist()
    memory = DayEstimate(float(best[1][_MEMORY]), low, high, size, size)
    days = weight.size
    level, error = _levels(series, day, best[1], days)
    mean = np.exp(level)
    ratio = talk.factor / np.average(talk.factor, weights=weight[talk.day])
    scale = float(weight[day] @ ratio[rows] / (weight[day] @ mean[day]))
    last = int(day[-1])
    moved = _moved(series, day, profile[_CHANGE], days, float(level[last]))
    error = float(np.sqrt(error**2 + moved))
    value, wide = float(mean[last]) * scale, float(np.exp(student_quantile(10**6) * error))
    at_end = DayEstimate(value, value / wide, value * wide, records, size)
    known = round((error / change.value) ** 2)
    found = TalkLevel(change, at_end, mean * scale, last, known)
    left = talk.factor / found.by_day[talk.day]
    return replace(talk, cv=cv, memory=memory, factor=left / left.mean()), found


def _not_excluded(
    series: _Days, day: Ints, best: tuple[float, Floats], records: int, days: int
) -> TalkLevel | None:
    """Return the mean as the level, with the change that the days do not exclude."""
    profile = _profile(series, best, _CHANGE, _NEARLY_ALL)
    change = np.exp([one.value for one in profile])
    weight = np.exp(-np.array([one.off for one in profile]) / 2)
    weight /= 1 + (change / USUAL_CHANGE) ** 2
    square = np.trapezoid(change**2 * weight, change) / np.trapezoid(weight, change)
    expected = float(np.sqrt(square))
    if expected < LEAST_CHANGE:
        return None
    ago = (int(day[-1] - day[0]) + 1) / 3
    wide = float(np.exp(student_quantile(10**6) * expected * np.sqrt(ago)))
    return TalkLevel(
        DayEstimate(expected, 0.0, _ends(profile)[1], records, day.size),
        DayEstimate(1.0, 1 / wide, wide, records, day.size),
        np.ones(days), int(day[-1]), round(ago), is_seen=False,
    )  # fmt: skip


def _best(
    series: _Days, fixed: dict[int, float] | None = None, start: Floats | None = None
) -> tuple[float, Floats]:
    """Return the largest likelihood and where it is.

    Parameters
    ----------
    series : _Days
    fixed : dict, optional
        Values of parameters that are held fixed, by position.
    start : ndarray, optional
        Where the search begins; from two usual places unless passed.
    """
    from scipy.optimize import minimize

    fixed = fixed or {}
    size = float(np.log(max(float(np.std(series.y)), 1e-3)))
    free = [at for at in range(len(_BOUNDS)) if at not in fixed]

    def full(part: Floats) -> Floats:
        values = np.empty(len(_BOUNDS))
        values[list(fixed)] = list(fixed.values())
        values[free] = part
        return values

    def less_likely(part: Floats) -> float:
        return -series.likelihood(full(part))

    starts = [np.array([size, size - 1.5, 0.1]), np.array([size - 0.3, size - 2.5, 0.5])]
    found: list[Any] = [
        minimize(
            less_likely, one[free], method="L-BFGS-B", bounds=[_BOUNDS[at] for at in free]
        )
        for one in (starts if start is None else [start])
    ]  # fmt: skip
    best = min(found, key=lambda one: float(one.fun))
    return -float(best.fun), full(np.asarray(best.x, dtype=float))


def _profile(
    series: _Days, best: tuple[float, Floats], at: int, until: float = _QUANTILE
) -> list[_Fixed]:
    """Return values of a parameter on both sides of the best, until they are so unlikely.

    Up to beyond the ends of its confidence interval unless passed.
    """
    step = _MEMORY_STEP if at == _MEMORY else _STEP
    low, high = _BOUNDS[at]
    found = [_Fixed(float(best[1][at]), 0.0, best[1])]
    for sign in (-1, 1):
        last = found[0]
        while last.off < until:
            value = float(np.clip(last.value + sign * step, low, high))
            if value == last.value:
                break
            likelihood, where = _best(series, {at: value}, last.where)
            last = _Fixed(value, max(2 * (best[0] - likelihood), 0.0), where)
            found.append(last)
    return sorted(found, key=lambda one: one.value)


def _inside(profile: list[_Fixed]) -> Floats:
    """Return the ends between which the likelihood is large enough, interpolated."""
    values = np.array([one.value for one in profile])
    off = np.array([one.off for one in profile])
    best = int(off.argmin())
    ends = []
    for side in (slice(best, None, -1), slice(best, None)):
        over = np.flatnonzero(off[side] >= _QUANTILE)
        if not over.size:
            ends.append(values[side][-1])
            continue
        k = int(over[0])
        (x0, x1), (y0, y1) = values[side][k - 1 : k + 1], off[side][k - 1 : k + 1]
        ends.append(x0 + (x1 - x0) * (_QUANTILE - y0) / (y1 - y0))
    return np.array(ends)


def _ends(profile: list[_Fixed]) -> tuple[float, float]:
    """Return the ends of the interval of a parameter on the scale of logarithms; 0 for none."""
    low, high = _inside(profile)
    return (0.0 if low <= _LEAST + 0.01 else float(np.exp(low))), float(np.exp(high))


def _levels(series: _Days, day: Ints, at: Floats, days: int) -> tuple[Floats, float]:
    """Return the expected level of each day, and the standard error of that of the last one.

    Best linear unbiased predictions with an unknown mean (Harville 1976, Annals of Statistics 4).
    """
    from scipy.linalg import cho_factor, cho_solve

    factor = cho_factor(series.covariance(at), lower=True, check_finite=False)
    ones = np.ones(day.size)
    by_one = cho_solve(factor, ones, check_finite=False)
    information = float(by_one.sum())
    mean = float(by_one @ series.y) / information
    change = np.exp(2 * at[_CHANGE])
    since = np.clip(np.arange(days) - day[0], 0, None)
    with_days = change * np.minimum(since[:, None], day - day[0])
    found = mean + with_days @ cho_solve(factor, series.y - mean, check_finite=False)
    last = with_days[day[-1]]
    weights = cho_solve(factor, last, check_finite=False)
    variance = change * (day[-1] - day[0]) - last @ weights + (1 - weights.sum()) ** 2 / information
    return found, float(np.sqrt(max(variance, 0.0)))


def _moved(series: _Days, day: Ints, profile: list[_Fixed], days: int, level: float) -> float:
    """Return how far the level at the end moves with the change, as a variance.

    Changes are weighted by their profile likelihood (as in Hamilton 1986, A standard error for
    the estimated state vector of a state-space model, Journal of Econometrics 33).
    """
    levels = np.array([_levels(series, day, one.where, days)[0][day[-1]] for one in profile])
    weights = np.exp(-np.array([one.off for one in profile]) / 2)
    return float(np.average((levels - level) ** 2, weights=weights))
