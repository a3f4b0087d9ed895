"""Talk and wrap-up: how long, with which distribution, and how they differ by hour and queue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats, Ints
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate
from sim.history.estimation.distribution_text import mean_text, points_text
from sim.history.estimation.random_effects import GroupSpread, group_spread

SHORT = 10.0
"""Calls up to this length (s) are counted as short."""
_CLOSE = 0.05
_ENOUGH = 200
_SHARES = np.array([
    0, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.96,
    0.98, 0.99, 0.995, 0.999, 1.0,
])  # fmt: skip


@dataclass(frozen=True)
class DurationFit:
    """One distribution against the times above zero.

    Attributes
    ----------
    family : str
    mean : float
        Mean (s) at the greatest likelihood.
    cv : float
        Coefficient of variation at the greatest likelihood.
    aic : float
    distance : float
        Largest difference of the distribution functions (Kolmogorov and Smirnov).
    """

    family: str
    mean: float
    cv: float
    aic: float
    distance: float


@dataclass(frozen=True)
class DurationModel:
    """Times of one kind.

    Attributes
    ----------
    mean : DayEstimate
        Of all times (s), zeros included, clipped at `longest`.
    cv : DayEstimate
        Coefficient of variation, zeros included, beside what was expected of each time.
    zero : DayEstimate
        Share of zeros.
    short : DayEstimate
        Share of at most ten seconds, zeros included.
    clipped : int
        Times that were longer than `longest`.
    longest : float
        Where times were clipped (s); infinite if nowhere.
    fits : tuple of DurationFit
        Of the times above zero, the nearest distribution first.
    best : str
        Family of the text: the nearest, or ``"points"`` where none is within 5 % of the data.
    curve : tuple of ndarray
        Times (s) and cumulative probabilities of the data above zero, over what was expected.
    text : str
        For a scenario; its mean is that of the data.
    """

    mean: DayEstimate
    cv: DayEstimate
    zero: DayEstimate
    short: DayEstimate
    clipped: int
    longest: float
    fits: tuple[DurationFit, ...]
    best: str
    curve: tuple[Floats, Floats]
    text: str


@dataclass(frozen=True)
class DurationTable:
    """Mean times by cell, such as hour or queue.

    Attributes
    ----------
    weight : ndarray, shape (cells,)
        Sum of what is expected, or count.
    mean, low, high : ndarray, shape (cells,)
        Seconds, or ratios to what is expected, with a 95 % confidence interval; NaN for cells
        without days enough.
    spread : GroupSpread
        Of the logarithms of the means: how much cells differ beyond sampling error, as a share of
        the mean, and the shrunk logarithms.
    cells : ndarray of int
        The cells that `spread` holds.
    """

    weight: Floats
    mean: Floats
    low: Floats
    high: Floats
    spread: GroupSpread
    cells: Ints

    def shrunk_mean(self) -> Floats:
        """Return means drawn towards the common one; the common one for empty cells."""
        found = np.full(self.mean.size, np.exp(self.spread.mean))
        found[self.cells] = np.exp(self.spread.shrunk)
        return found


def duration_model(
    seconds: Floats, rows: Ints, bootstrap: DayBootstrap, longest: float = np.inf,
    expected: Floats | None = None,
) -> DurationModel | None:  # fmt: skip
    """Return moments and distributions of times, None without a time above zero.

    Parameters
    ----------
    seconds : ndarray, shape (records,)
    rows : ndarray of int, shape (records,)
        Their positions in the log of `bootstrap`.
    bootstrap : DayBootstrap
    longest : float
        Longer times are taken as this (s): a clip, for records that cannot be true.
    expected : ndarray, shape (records,), optional
        What is expected of each time, above zero on any scale, where a simulation multiplies the
        distribution by it: variation and distribution are of times over what is expected, in such
        units that their mean stays. All the same unless passed.

    Notes
    -----
    Lognormal talk is what Brown et al. (2005, JASA 100, sec. 4) find once the very short calls are
    set apart; gamma is the usual alternative. Parameters are of greatest likelihood, but the
    text has the mean of the data: a load that is right matters more than a tail.
    """
    clipped = int(np.count_nonzero(seconds > longest))
    times = np.minimum(seconds, longest)
    positive = times[times > 0]
    if positive.size == 0:
        return None
    count, total = bootstrap.sums(None, rows), bootstrap.sums(times, rows)
    mean = bootstrap.ratio(total, count, "log")
    alike = times
    if expected is not None:
        alike = times / expected
        alike *= total.sum() / alike.sum()
        positive = alike[alike > 0]
    one, two = bootstrap.sums(alike, rows), bootstrap.sums(alike**2, rows)
    fits = _fits(positive)
    best = fits[0].family
    # A distance of few records is sampling error: 1.36 / √n at 5 % (Smirnov 1948).
    if fits[0].distance > max(_CLOSE, 1.36 / np.sqrt(positive.size)) and positive.size >= _ENOUGH:
        best = "points"
    zero = bootstrap.ratio(bootstrap.sums(times == 0, rows), count, "logit")
    return DurationModel(
        mean, _cv(count, one, two, bootstrap), zero,
        bootstrap.ratio(bootstrap.sums(times <= SHORT, rows), count, "logit"), clipped, longest,
        fits, best, _curve(positive), _text(best, fits[0], positive, zero.value),
    )  # fmt: skip


def durations_by(
    seconds: Floats, cell: Ints, cells: int, rows: Ints, bootstrap: DayBootstrap,
    expected: Floats | None = None,
) -> DurationTable:  # fmt: skip
    """Return mean times by cell and how they differ beyond sampling error.

    Parameters
    ----------
    seconds : ndarray, shape (records,)
    cell : ndarray of int, shape (records,)
        From 0 to ``cells - 1``.
    cells : int
    rows, bootstrap
        As for :func:`duration_model`.
    expected : ndarray, shape (records,), optional
        What is expected of each time, above zero: the means are ratios to it. 1 unless passed.
    """
    weight = bootstrap.table(cell, cells, rows, expected)
    total = bootstrap.table(cell, cells, rows, seconds)
    mean, low, high, variance = _cell_means(weight, total, bootstrap)
    usable = np.flatnonzero((mean > 0) & np.isfinite(variance) & (variance > 0))
    spread = group_spread(np.log(mean[usable]), variance[usable])
    return DurationTable(weight.sum(axis=0), mean, low, high, spread, usable)


def _cell_means(
    count: Floats, total: Floats, bootstrap: DayBootstrap
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return means, ends of their intervals and variances of their logarithms, by cell."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total.sum(axis=0) / count.sum(axis=0)
        drawn = np.log((bootstrap.weights @ total) / (bootstrap.weights @ count))
    ends = np.full((2, mean.size), np.nan)
    variance = np.full(mean.size, np.nan)
    for k in np.flatnonzero(mean > 0):
        days = int(np.count_nonzero(count[:, k]))
        if days < 3:
            continue
        found = bootstrap.estimate(float(mean[k]), np.exp(drawn[:, k]), "log", days=days)
        ends[:, k] = found.low, found.high
        usable = drawn[np.isfinite(drawn[:, k]), k]
        variance[k] = usable.var() * days / (days - 1)
    return mean, ends[0], ends[1], variance


def _cv(count: Floats, total: Floats, square: Floats, bootstrap: DayBootstrap) -> DayEstimate:
    def cv(n: Floats, one: Floats, two: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.sqrt(np.maximum(n * two / one**2 - 1, 0)))

    value = float(cv(count.sum(), total.sum(), square.sum()))
    w = bootstrap.weights
    return bootstrap.estimate(value, cv(w @ count, w @ total, w @ square), "log", int(count.sum()))


def _fits(positive: Floats) -> tuple[DurationFit, ...]:
    ordered = np.sort(positive)
    found = [_lognormal(ordered), _gamma(ordered)]
    return tuple(sorted(found, key=lambda fit: fit.distance))


def _lognormal(ordered: Floats) -> DurationFit:
    from scipy.special import ndtr

    logs = np.log(ordered)
    mu, sigma = float(logs.mean()), max(float(logs.std()), 1e-9)
    n = ordered.size
    likelihood = -float(logs.sum() + n * (np.log(sigma) + 0.5 * np.log(2 * np.pi) + 0.5))
    distance = _distance(ordered, ndtr((logs - mu) / sigma))
    mean = float(np.exp(mu + sigma**2 / 2))
    return DurationFit(
        "lognormal", mean, float(np.sqrt(np.expm1(sigma**2))), 4 - 2 * likelihood, distance
    )


def _gamma(ordered: Floats) -> DurationFit:
    from scipy.optimize import brentq
    from scipy.special import digamma, gammainc, gammaln

    mean, log_mean = float(ordered.mean()), float(np.log(ordered).mean())
    apart = max(np.log(mean) - log_mean, 1e-12)
    # The likelihood is greatest where log k - digamma(k) is this (Minka 2002).
    k = float(np.exp(brentq(lambda x: x - digamma(np.exp(x)) - apart, -12.0, 28.0)))
    n, scale = ordered.size, mean / k
    likelihood = n * ((k - 1) * log_mean - k - gammaln(k) - k * np.log(scale))
    # Enough quantiles for a distance: the incomplete gamma function is slow.
    some = ordered[np.linspace(0, n - 1, min(n, 4000)).astype(int)]
    distance = _distance(some, gammainc(k, some / scale))
    return DurationFit("gamma", mean, k**-0.5, float(4 - 2 * likelihood), distance)


def _distance(ordered: Floats, model: Floats) -> float:
    """Return the largest difference, at the middles of the steps of whole seconds."""
    first = np.searchsorted(ordered, ordered, side="left")
    last = np.searchsorted(ordered, ordered, side="right")
    return float(np.abs((first + last) / 2 / ordered.size - model).max())


def _curve(positive: Floats) -> tuple[Floats, Floats]:
    shares = np.linspace(0, 1, 201)
    return np.quantile(positive, shares), shares


def _text(best: str, nearest: DurationFit, positive: Floats, zero: float) -> str:
    mean = float(positive.mean())
    if best != "points":
        return mean_text(best, mean, ("cv", nearest.cv), zero)
    times = np.quantile(positive, _SHARES)
    # The end of the tail, in which times are uniform, has the mean of the data there.
    longest = 2 * float(positive[positive >= times[-2]].mean()) - times[-2]
    times[-1] = max(longest, times[-2])
    times *= mean / float(np.sum(np.diff(_SHARES) * (times[1:] + times[:-1]) / 2))
    # Zeros are the start of the curve: it stays at zero up to their share.
    below = zero + (1 - zero) * _SHARES
    if zero > 0:
        times, below = np.concatenate(([0.0, 0.0], times)), np.concatenate(([0.0, zero], below))
    return points_text(times, below)
