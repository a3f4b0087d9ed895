"""One metric of one queue compared with its actuals: band, bias, error, and random error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.estimators import (
    InfluenceEstimate,
    mean_per_replication,
    ratio,
    t_quantile,
    wilson,
)
from sim.planning.prediction_bands import ordered_bounds, over, plain, summed

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.model import Floats

SHARE = 0.95
"""Share of days that a band holds."""


@dataclass(frozen=True, slots=True)
class IntervalError:
    """One metric of one queue in one interval.

    Attributes
    ----------
    queue, metric, interval, day, unit : str
        ``day`` is the date, empty for a single day.
    recorded : float
    simulated : float or None
        Mean; None where no run had anything to measure.
    low, high : float or None
        95 % confidence interval of that mean.
    band_low, band_high : float or None
        Between these lie 95 % of simulated days (all of them, below 40 runs).
    inside : bool or None
        Whether the record lies in the band.
    weight : float
        Recorded contacts that the metric is of.
    """

    queue: str
    metric: str
    interval: str
    day: str
    unit: str
    recorded: float
    simulated: float | None
    low: float | None
    high: float | None
    band_low: float | None
    band_high: float | None
    inside: bool | None
    weight: float


@dataclass(frozen=True, slots=True)
class MetricError:
    """One metric of one queue over all intervals that are recorded.

    Attributes
    ----------
    queue, metric, unit : str
    intervals : int
        That are compared.
    recorded, simulated : float
        Over these intervals together.
    low, high : float or None
        95 % confidence interval of the simulated metric.
    bias, bias_low, bias_high : float or None
        Simulated less recorded; of counts as a share of the recorded. The interval includes
        the random variation of the recorded days, taken to vary as simulated days do.
    error, error_low, error_high : float or None
        Mean of the absolute differences, weighted by contacts; of counts as a share of the
        recorded. The interval is that of the simulation.
    chance_low, chance_high : float or None
        Between these lies the error in 95 % of cases when a simulated day takes the place of
        the recorded one.
    inside, inside_low, inside_high : float or None
        Share of intervals whose recorded value lies in the band.
    hours, days : int
        Whole hours, and days recorded over all opening hours; 0 where an interval is as long
        already.
    inside_hours, inside_days : float or None
        Share of them whose recorded value lies in their own band.
    replications : int
        Of the simulation; 0 where unknown.
    """

    queue: str
    metric: str
    unit: str
    intervals: int
    recorded: float
    simulated: float
    low: float | None
    high: float | None
    bias: float | None
    bias_low: float | None
    bias_high: float | None
    error: float | None
    error_low: float | None
    error_high: float | None
    chance_low: float | None
    chance_high: float | None
    inside: float | None
    inside_low: float | None
    inside_high: float | None
    hours: int = 0
    inside_hours: float | None = None
    days: int = 0
    inside_days: float | None = None
    replications: int = 0


def hour_of(label: str) -> str:
    """Return the clock hour of an interval's start, with its date where it has one."""
    return label[:-3]


def date_of(label: str) -> str:
    """Return the date of an interval's start, empty where there is only a time of day."""
    return label.rpartition("T")[0]


def together(runs: int, days: int) -> int:
    """Return how many runs stand for the recorded days, one where there are too few runs."""
    return days if runs // days >= 2 else 1


@dataclass(frozen=True)
class ComparedArrays:
    """One metric of one queue on the recorded cells: arrays of shape (cells,) or (runs, cells).

    Attributes
    ----------
    queue, metric, unit : str
    labels : tuple of str
        Start of each cell.
    top, bottom : ndarray, shape (runs, cells)
        Simulated sums whose ratio the metric is; ``bottom`` is None for counts.
    actual_top, actual_bottom : ndarray, shape (cells,)
        The same as recorded.
    weight : ndarray, shape (cells,)
        Recorded contacts that the metric is of.
    days : int
        Recorded days of which the record is the mean.
    whole : frozenset of str
        Hours and days, as :func:`hour_of` and :func:`date_of` call them, of which every interval
        is recorded.
    """

    queue: str
    metric: str
    unit: str
    labels: tuple[str, ...]
    top: Floats
    bottom: Floats | None
    actual_top: Floats
    actual_bottom: Floats | None
    weight: Floats
    days: int
    whole: frozenset[str] = frozenset()

    @property
    def runs(self) -> int:
        """Return the number of replications."""
        return int(self.top.shape[0])

    @property
    def recorded(self) -> Floats:
        """Return the recorded metric, shape (cells,)."""
        return over(self.actual_top, self.actual_bottom)

    @property
    def scale(self) -> float:
        """What counts are divided by, so that bias and error are shares of the recorded."""
        return float(self.actual_top.sum()) if self.bottom is None else 1.0

    def mean(self, top: Floats | None = None, bottom: Floats | None = None) -> Floats:
        """Return the metric of some runs together, shape (cells,)."""
        top = self.top if top is None else top
        bottom = self.bottom if bottom is None else bottom
        return over(top.mean(axis=0), None if bottom is None else bottom.mean(axis=0))

    def cells(self) -> list[IntervalError]:
        """Return every interval."""
        found = self._estimate(self.top, self.bottom)
        low, high = found.bounds(0.0, 1.0 if self.unit == "share" else np.inf)
        band = self.band()
        inside = self.inside(self.recorded, band)
        return [
            IntervalError(
                self.queue, self.metric, label, label.partition("T")[0] if "T" in label else "",
                self.unit, float(self.recorded[k]), plain(found.value[k]), plain(low[k]),
                plain(high[k]), plain(band[0][k]), plain(band[1][k]),
                None if math.isnan(inside[k]) else bool(inside[k]), float(self.weight[k]),
            )
            for k, label in enumerate(self.labels)
        ]  # fmt: skip

    def _estimate(self, top: Floats, bottom: Floats | None) -> InfluenceEstimate:
        return mean_per_replication(top) if bottom is None else ratio([top], [bottom])

    def band(self) -> tuple[Floats, Floats]:
        """Return the bounds between which 95 % of days lie, means of as many as recorded."""
        top, bottom = self._pooled_days()
        return ordered_bounds(over(top, bottom), SHARE)

    def inside(self, values: Floats, band: tuple[Floats, Floats]) -> Floats:
        """Return 1 where values lie in the band, 0 where not, NaN where there is none."""
        with np.errstate(invalid="ignore"):
            within = (values >= band[0] - 1e-9) & (values <= band[1] + 1e-9)
        return np.where(np.isnan(values) | np.isnan(band[0]), np.nan, within)

    def _pooled_days(self) -> tuple[Floats, Floats | None]:
        """Return sums of so many runs together as there are recorded days, for each such lot."""
        each = together(self.runs, self.days)
        lots = self.runs // each

        def lot(values: Floats) -> Floats:
            return np.asarray(values[: lots * each].reshape(lots, each, -1).mean(axis=1))

        return lot(self.top), None if self.bottom is None else lot(self.bottom)

    def error(self, simulated: Floats, recorded: Floats) -> float:
        """Return the weighted absolute error of one set of values against another."""
        gap = np.abs(simulated - recorded)
        weight = np.where(np.isnan(gap), 0.0, self.weight if self.bottom is not None else 1.0)
        if not weight.sum() > 0:
            return math.nan
        whole = float(weight.sum()) if self.bottom is not None else self.scale
        return float((np.nan_to_num(gap) * weight).sum()) / whole if whole > 0 else math.nan

    def verdict(self) -> MetricError:
        """Return the metric over all recorded intervals."""
        whole = self._estimate(
            self.top.sum(axis=1), None if self.bottom is None else self.bottom.sum(axis=1)
        )
        recorded = float(over(self.actual_top.sum(), summed(self.actual_bottom)))
        low, high = whole.bounds(0.0, 1.0 if self.unit == "share" else np.inf)
        scale = self.scale
        bias = (float(whole.value) - recorded) / scale if scale > 0 else math.nan
        off = self._half_bias(whole) / scale if scale > 0 else math.nan
        error, half = self.error(self.mean(), self.recorded), self._half_error()
        random_error = self._random_error()
        inside, spread = self._inside_share()
        hours, inside_hours = self._inside_longer(hour_of)
        days, inside_days = self._inside_longer(date_of)
        return MetricError(
            self.queue, self.metric, self.unit, len(self.labels), recorded,
            float(whole.value), plain(low), plain(high),
            plain(bias), plain(bias - off), plain(bias + off),
            plain(error), plain(max(error - half, 0.0)), plain(error + half),
            plain(random_error[0]), plain(random_error[1]),
            plain(inside), plain(spread[0]), plain(spread[1]),
            hours, inside_hours, days, inside_days, self.runs,
        )  # fmt: skip

    def _half_bias(self, whole: InfluenceEstimate) -> float:
        """Return half the width of the bias's confidence interval; the actuals vary too."""
        if self.runs < 2:
            return math.nan
        spread = float(np.sqrt((whole.influence**2).sum() / (self.runs - 1)))
        return t_quantile(self.runs - 1) * spread * math.sqrt(1 / self.runs + 1 / self.days)

    def _half_error(self) -> float:
        """Return half the width of the error's confidence interval, by the jackknife."""
        n = self.runs
        if n < 2:
            return math.nan
        top, bottom = self.top.sum(axis=0), summed(self.bottom, 0)
        left = []
        for k in range(n):
            rest = None if self.bottom is None else bottom - self.bottom[k]
            mean = over(top - self.top[k], rest)
            left.append(self.error(mean if rest is not None else mean / (n - 1), self.recorded))
        values = np.array(left)
        spread = np.sqrt((n - 1) / n * ((values - values.mean()) ** 2).sum())
        return float(t_quantile(n - 1) * spread)

    def below(self) -> Floats:
        """Return the share of simulated days below the recorded value, shape (cells,).

        Equal ones count half; NaN where nothing is recorded or simulated.
        """
        top, bottom = self._pooled_days()
        days, recorded = over(top, bottom), self.recorded
        known = ~np.isnan(days)
        with np.errstate(invalid="ignore"):
            less = (known & (days < recorded)).sum(axis=0)
            same = (known & (days == recorded)).sum(axis=0)
        count = known.sum(axis=0)
        return over(np.where(np.isnan(recorded), np.nan, less + same / 2), count)

    def _errors_of_days(self) -> Floats:
        """Return the errors that simulated days have in the place of the actuals."""
        top, bottom = self._pooled_days()
        mean = self.mean()
        errors = np.array([self.error(mean, one) for one in over(top, bottom)])
        return np.asarray(errors[~np.isnan(errors)])

    def mean_random_error(self) -> float:
        """Return the mean error when simulated days take the place of the actuals."""
        errors = self._errors_of_days()
        return float(errors.mean()) if errors.size else math.nan

    def _random_error(self) -> tuple[float, float]:
        """Return the range of the error when simulated days take the place of the actuals."""
        known = self._errors_of_days()
        if known.size < 2:
            return math.nan, math.nan
        low, high = ordered_bounds(known[:, None], SHARE)
        return float(low[0]), float(high[0])

    def added_up(self, key: Callable[[str], str]) -> ComparedArrays:
        """Return the metric with the cells of one key added up to one, such as those of a day."""
        places: dict[str, int] = {}
        at = np.array([places.setdefault(key(x), len(places)) for x in self.labels], np.int64)
        names = tuple(places)
        order = np.argsort(at, kind="stable")
        first = np.searchsorted(at[order], np.arange(len(names)))

        def added(values: Floats) -> Floats:
            return np.asarray(np.add.reduceat(values[..., order], first, axis=-1))

        def sums(values: Floats | None) -> Floats | None:
            return None if values is None else added(values)

        bottom, recorded = sums(self.bottom), sums(self.actual_bottom)
        return ComparedArrays(
            self.queue, self.metric, self.unit, names, added(self.top), bottom,
            added(self.actual_top), recorded, added(self.weight), self.days,
        )  # fmt: skip

    def _inside_longer(self, key: Callable[[str], str]) -> tuple[int, float | None]:
        """Return how many whole longer periods there are, and the share that is inside."""
        longer = self.added_up(key)
        if len(longer.labels) == len(self.labels):
            return 0, None
        whole = np.array([name in self.whole for name in longer.labels])
        within = longer.inside(longer.recorded, longer.band())[whole]
        known = within[~np.isnan(within)]
        return int(whole.sum()), float(known.mean()) if known.size else None

    def _inside_share(self) -> tuple[float, tuple[float, float]]:
        """Return the share of intervals inside, with an interval that knows they hang together.

        Wilson's interval, for as many intervals as would vary as much as this share does from
        one simulated day to the next.
        """
        band = self.band()
        within = self.inside(self.recorded, band)
        known = within[~np.isnan(within)]
        if not known.size:
            return math.nan, (math.nan, math.nan)
        share = float(known.mean())
        top, bottom = self._pooled_days()
        days = self.inside(over(top, bottom), band)
        counts = (~np.isnan(days)).sum(axis=1)
        each = np.nansum(days, axis=1)[counts > 0] / counts[counts > 0]
        likely, vary = float(each.mean()), float(each.var(ddof=1)) if each.size > 1 else math.nan
        n = likely * (1 - likely) / vary if vary > 0 and 0 < likely < 1 else float(known.size)
        return share, wilson(share, min(max(n, 1.0), float(known.size)))
