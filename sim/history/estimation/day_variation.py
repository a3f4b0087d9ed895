"""How days differ in number of contacts and in talk, beyond sampling error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.day_bootstrap import (
    DayBootstrap,
    DayEstimate,
    student_quantile,
    variance_interval,
)

_NEAR = 3
_FEWEST = 5
_CLEARLY = 2.0


@dataclass(frozen=True)
class DayVariation:
    """A factor of the day with mean 1.

    Attributes
    ----------
    cv : DayEstimate
        Coefficient of variation of the factor, with what sampling alone adds taken off.
    memory : DayEstimate
        Correlation of the factors of days that follow each other.
    sampling_cv : float
        What the days would differ by with no factor.
    shape : str
        ``"gamma"``, or ``"lognormal"`` where its likelihood is clearly better.
    day : ndarray of int, shape (n,)
        Days that count.
    factor : ndarray, shape (n,)
        The observed factors, sampling error included: the picture against the data.
    noise : ndarray, shape (n,)
        Sampling variance of each.
    """

    cv: DayEstimate
    memory: DayEstimate
    sampling_cv: float
    shape: str
    day: Ints
    factor: Floats
    noise: Floats

    def shrunk(self, days: int) -> Floats:
        """Return the factor of each day, drawn towards 1 by how uncertain it is; 1 if not known."""
        found = np.ones(days)
        beyond = float(np.nan_to_num(self.cv.value)) ** 2
        certain = beyond / np.maximum(beyond + self.noise, 1e-300)
        found[self.day] += certain * (self.factor - 1)
        return found


def volume_variation(
    totals: Floats, weekday: Ints, usable: Bools | None = None, trend: Floats | None = None
) -> DayVariation:
    """Return how the numbers of contacts of the days differ beyond Poisson.

    Parameters
    ----------
    totals : ndarray, shape (days,)
        Contacts by day.
    weekday : ndarray of int, shape (days,)
    usable : ndarray of bool, shape (days,), optional
        Days that count: all but outages and closed days.
    trend : ndarray, shape (days,), optional
        What is expected of each day as a ratio to the mean of its weekday, by a trend that was
        estimated; the factors are of what is left after it.

    Notes
    -----
    With a factor F of mean 1 a day's number has the variance ``m + m² Var F`` (doubly stochastic
    Poisson arrivals: Whitt 1999, Dynamic staffing in a telephone call center, Operations Research
    Letters 24, 205-212; Avramidis, Deslauriers and L'Ecuyer 2004, Management Science 50). Means
    are those of the weekday, which costs a degree of freedom each; a trend costs one more.
    """
    usable = np.ones(totals.size, dtype=bool) if usable is None else usable
    day = np.flatnonzero(usable & (totals > 0))
    codes, place = np.unique(weekday[day], return_inverse=True)
    size = np.bincount(place, minlength=codes.size)
    enough = size[place] > 1
    day, place = day[enough], place[enough]
    lost = int(np.count_nonzero(size > 1))
    level = size[place] if trend is None else np.bincount(place, trend[day], codes.size)[place]
    mean = np.bincount(place, totals[day], codes.size)[place] / level
    if trend is not None:
        mean = mean * trend[day]
    factor = totals[day] / mean
    # A mean of n days moves with each: deviations are made as large as around the true mean.
    widened = (factor - 1) * np.sqrt(size[place] / (size[place] - 1))
    freedom = day.size - lost
    if trend is not None and freedom > 1:
        widened, freedom = widened * np.sqrt(freedom / (freedom - 1)), freedom - 1
    return _variation(day, factor, widened, 1 / mean, freedom, int(totals[day].sum()))


def talk_variation(
    day: Ints, talk: Floats, expected: Floats, usable: Bools | None = None
) -> DayVariation:
    """Return how the talk times of the days differ beyond what sampling and mix explain.

    Parameters
    ----------
    day : ndarray of int, shape (answered,)
        Days of the calls that were answered.
    talk : ndarray, shape (answered,)
        Seconds.
    expected : ndarray, shape (answered,)
        Mean talk (s) of calls like it: of its queue and hour, perhaps of its agent.
    usable : ndarray of bool, shape (days,), optional
        Days that count.

    Notes
    -----
    The factor of a day is the sum of its talk over the sum that is expected. Its variance by
    sampling is that of the single talks around their expected, and is taken off (method of moments
    of a random effect: DerSimonian and Laird 1986, Controlled Clinical Trials 7, 177-188).
    """
    days = int(day.max(initial=-1)) + 1
    sums, base = np.bincount(day, talk, days), np.bincount(day, expected, days)
    count = np.bincount(day, minlength=days)
    usable = (count > 1) & (base > 0)
    if usable is not None:
        usable &= usable[:days]
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = sums / base
        level = float(sums[usable].sum() / base[usable].sum()) if usable.any() else np.nan
        factor = factor / level
        residual = talk - expected * (factor * level)[day]
        noise = np.bincount(day, residual**2, days) * count / (count - 1) / (base * level) ** 2
    rows = np.flatnonzero(usable)
    center = float(factor[rows].mean()) if rows.size else 1.0
    return _variation(
        rows, factor[rows] / center, factor[rows] / center - 1, noise[rows], rows.size - 1,
        int(count[rows].sum()),
    )  # fmt: skip


def correlation(one: DayVariation, other: DayVariation) -> DayEstimate:
    """Return the correlation of two factors of the same days, with sampling error taken off.

    The observed covariance is that of the factors where the sampling error of one does not move
    the other; it is divided by the standard deviations beyond sampling error (correction for
    attenuation: Spearman 1904). NaN where one of them does not vary beyond sampling error.
    """
    days, first, second = np.intersect1d(one.day, other.day, return_indices=True)
    a, b = one.factor[first] - 1, other.factor[second] - 1
    if days.size < _FEWEST or not one.cv.value * other.cv.value > 0:
        return DayEstimate(np.nan, records=days.size, days=days.size)
    bootstrap = DayBootstrap(days)
    tops = a * b
    below = np.stack([a * a - one.noise[first], b * b - other.noise[second]])
    value = _attenuated(tops.sum(), below[0].sum(), below[1].sum())
    drawn = _attenuated(
        bootstrap.weights @ tops, bootstrap.weights @ below[0], bootstrap.weights @ below[1]
    )
    found = bootstrap.estimate(float(value), drawn, "plain", days.size)
    return _bounded(found)


def shared_part(
    totals: Floats, weekday: Ints, usable: Bools | None = None,
    trends: Sequence[Floats | None] | None = None,
) -> DayEstimate:  # fmt: skip
    """Return how much of the variation of the days all queues share.

    Parameters
    ----------
    totals : ndarray, shape (days, queues)
        Contacts by day and queue.
    weekday, usable : ndarray
        As in :func:`volume_variation`.
    trends : sequence, optional
        Trend of each queue, None for none, as in :func:`volume_variation`.

    Returns
    -------
    DayEstimate
        1: one factor for all queues, 0: one for each; NaN with a single queue.

    Notes
    -----
    The sampling error of one queue does not move another, so that covariances between queues are
    those of their factors; they are set in relation to the variances beyond sampling error, the
    pairs weighted by their numbers of contacts.
    """
    trends = [None] * totals.shape[1] if trends is None else trends
    queues = [
        volume_variation(column, weekday, usable, trend)
        for column, trend in zip(totals.T, trends, strict=True)
    ]
    days = np.arange(totals.shape[0])
    bootstrap = DayBootstrap(days)
    tops, below = np.zeros(days.size), np.zeros(days.size)
    for i, one in enumerate(queues):
        for j, other in enumerate(queues[:i]):
            both, first, second = np.intersect1d(one.day, other.day, return_indices=True)
            weight = float(totals[:, i].sum() * totals[:, j].sum())
            a, b = one.factor[first] - 1, other.factor[second] - 1
            tops[both] += weight * a * b
            own = (a * a - one.noise[first] + b * b - other.noise[second]) / 2
            below[both] += weight * own
    if not below.sum() > 0:
        return DayEstimate(np.nan, days=days.size)
    found = bootstrap.ratio(tops, below, records=days.size)
    value, low, high = (
        float(np.clip(one, 0, 1)) for one in (found.value, found.low, found.high)
    )  # fmt: skip
    return DayEstimate(value, low, high, days.size, found.days)


def _variation(
    day: Ints, factor: Floats, deviation: Floats, noise: Floats, freedom: int, records: int
) -> DayVariation:
    sampling = float(noise.mean()) if noise.size else np.nan
    variance, low, high = variance_interval(deviation, max(freedom, 0))
    if not variance > 0:
        nothing = DayEstimate(np.nan, records=records, days=day.size)
        return DayVariation(nothing, nothing, sampling**0.5, "gamma", day, factor, noise)
    # `deviation` was widened for the means already, so it is divided by the number of days.
    scale = freedom / deviation.size
    # Days that resemble the day before tell less: their squares correlate by the square of
    # their correlation (Bartlett 1946).
    follows = _follows(day)
    seen = float(np.clip(_observed_memory(deviation, follows), 0.0, 0.9))
    wider = float(np.sqrt((1 + seen**2) / (1 - seen**2)))
    low, high = variance * (low / variance) ** wider, variance * (high / variance) ** wider
    value, low, high = (
        float(max(end * scale - sampling, 0.0) ** 0.5) for end in (variance, low, high)
    )
    cv = DayEstimate(value, low, high, records, day.size)
    memory = _memory(deviation, noise, follows)
    shape = _shape(factor, value)
    return DayVariation(cv, memory, sampling**0.5, shape, day, factor, noise)


def _follows(day: Ints) -> Ints:
    """Return the positions of days that are followed by one, at most a weekend later."""
    return np.flatnonzero(np.diff(day) <= _NEAR)


def _observed_memory(deviation: Floats, follows: Ints) -> float:
    if follows.size < _FEWEST:
        return 0.0
    square = float(np.mean(deviation**2))
    return float(np.mean(deviation[follows] * deviation[follows + 1])) / square


def _memory(deviation: Floats, noise: Floats, follows: Ints) -> DayEstimate:
    """Return the correlation of days that follow each other, with sampling error taken off.

    A correlation from n days is too small by (1 + 3 r) / n (Kendall 1954, Biometrika 41); the
    interval is the wider one of the bootstrap and of Bartlett's variance (1 - r²) / n.
    """
    n = follows.size
    if n < _FEWEST:
        return DayEstimate(np.nan, records=n, days=n)
    bootstrap = DayBootstrap(follows)
    tops = deviation[follows] * deviation[follows + 1]
    squares = (deviation[follows] ** 2 + deviation[follows + 1] ** 2) / 2
    below = squares - (noise[follows] + noise[follows + 1]) / 2
    if not below.sum() > 0:
        return DayEstimate(np.nan, records=n, days=n)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = float(tops.sum() / below.sum())
        weighted = bootstrap.weights @ below
        drawn = np.where(weighted > 0, (bootstrap.weights @ tops) / weighted, np.nan)
    found = bootstrap.estimate(value, drawn, "plain", n)
    seen = float(np.clip(tops.sum() / squares.sum(), -1, 1))
    bartlett = float(np.sqrt((1 - seen**2) / n) * squares.sum() / below.sum())
    half = max((found.high - found.low) / 2, student_quantile(n - 1) * bartlett)
    moved = value + (1 + 3 * value) / n
    return _bounded(DayEstimate(moved, moved - half, moved + half, n, n))


def _bounded(found: DayEstimate) -> DayEstimate:
    low, high = max(found.low, -1.0), min(found.high, 1.0)
    return DayEstimate(float(np.clip(found.value, -1, 1)), low, high, found.records, found.days)


def _attenuated(top: Floats, one: Floats, other: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(top / np.sqrt(np.where((one > 0) & (other > 0), one * other, np.nan)))


def _shape(factor: Floats, cv: float) -> str:
    from scipy.special import gammaln

    if factor.size < 10 or not cv > 0 or factor.min() <= 0:
        return "gamma"
    logs = np.log(factor)
    # The observed factors are compared: their sampling error is about normal and small.
    observed = float(np.mean((factor - 1) ** 2))
    k = 1 / observed
    gamma = np.sum(k * np.log(k) - gammaln(k) + (k - 1) * logs - k * factor)
    s2 = np.log1p(observed)
    lognormal = np.sum(-logs - 0.5 * np.log(2 * np.pi * s2) - (logs + s2 / 2) ** 2 / (2 * s2))
    return "lognormal" if lognormal - gamma > _CLEARLY else "gamma"
