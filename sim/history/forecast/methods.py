"""The methods of forecasting by name, and their forecasts from every origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats, Ints
from sim.extras import is_installed, missing
from sim.history.forecast.calendar_regression import (
    calendar_fits,
    low_rank,
    plain_roots,
    regression,
)
from sim.history.forecast.day_table import DayTable
from sim.history.forecast.exponential_smoothing import WEEKS_NEEDED, exponential_smoothing
from sim.history.forecast.local_trend import DAYS_NEEDED as TREND_DAYS
from sim.history.forecast.local_trend import local_trend
from sim.history.forecast.naive_methods import median_of_weekdays, seasonal_naive
from sim.history.forecast.origins import target_days
from sim.history.forecast.rolling_regression import odd_day_weights
from sim.history.forecast.special_days import special_days

NAIVE, MEDIAN, REGRESSION, SMOOTHING, LOW_RANK, TREND = METHODS = (
    "seasonal naive",
    "median of six",
    "regression",
    "exponential smoothing",
    "low rank",
    "local trend",
)
"""In the order in which they are shown."""
ODD = 0.1
"""A day that weighs less is named odd: about five standard deviations from the days around."""
DOUBT_OF_TREND = 0.2
"""By which share errors of forecasts with a trend count more when errors of one horizon are known:
such a trend errs far ahead what it errs a day ahead, many times over."""
_DAYS_NEEDED = {NAIVE: 7, MEDIAN: 14, REGRESSION: 2, LOW_RANK: 14, TREND: TREND_DAYS}


@dataclass(frozen=True, eq=False)
class MethodForecasts:
    """Forecasts of all methods from all origins.

    Parameters
    ----------
    names : tuple[str, ...]
        Methods that could be tried.
    forecasts : Floats
        Contacts; shape (methods, origins, leads, intervals). 0 in closed intervals. Where a
        method cannot forecast yet, the regression stands in.
    refused : dict[str, str]
        Why the others could not be tried.
    odd : Ints
        Days that weighed next to nothing at the last origin.
    named_variance : Floats
        Variance of contacts over those expected that the name of a day adds; shape (origins,
        leads).
    """

    names: tuple[str, ...]
    forecasts: Floats
    refused: dict[str, str]
    odd: Ints
    named_variance: Floats

    @property
    def doubts(self) -> list[float]:
        """By how much the errors of each method count more while few are known."""
        return [DOUBT_OF_TREND if name == TREND else 0.0 for name in self.names]


def method_forecasts(
    table: DayTable, origins: Ints, leads: int, wanted: Sequence[str]
) -> MethodForecasts:
    """Forecast by each method from each origin, with what was known there.

    Parameters
    ----------
    table : DayTable
        History.
    origins : Ints
        Consecutive days known.
    leads : int
        Days ahead.
    wanted : Sequence[str]
        Names of :data:`METHODS`.
    """
    refused = {name: why for name in wanted if (why := _refusal(name, table))}
    names = tuple(name for name in wanted if name not in refused) or (REGRESSION,)
    weights = odd_day_weights(plain_roots(table), table.features[: table.known], origins)
    usable = table.seen & (table.special[: table.known] < 0)
    fits = calendar_fits(table, weights, origins, leads)
    ordinary = regression(table, fits, origins, leads, usable)
    special = special_days(table, ordinary, origins, leads)
    factors = special.factors[..., None]
    found = {REGRESSION: ordinary * factors}
    if LOW_RANK in names:
        found[LOW_RANK] = low_rank(table, fits, origins, leads, usable) * factors
    at_first = _weight_at_first(weights, origins)
    if SMOOTHING in names:
        smoothed = exponential_smoothing(table, ordinary, at_first, origins, leads)
        found[SMOOTHING] = smoothed * factors
    if TREND in names:
        found[TREND] = local_trend(table, ordinary, at_first, origins, leads) * factors
    if NAIVE in names:
        found[NAIVE] = seasonal_naive(table, origins, leads)
    if MEDIAN in names:
        found[MEDIAN] = median_of_weekdays(table, origins, leads)
    stacked = np.stack([found[name] for name in names])
    stacked = np.where(np.isfinite(stacked), stacked, found[REGRESSION])
    stacked = np.where(table.is_open[target_days(origins, leads)], np.maximum(stacked, 0.0), 0.0)
    odd = np.flatnonzero(usable & (weights[-1] < ODD))
    return MethodForecasts(names, stacked, refused, odd, special.variance)


def _refusal(name: str, table: DayTable) -> str | None:
    """Return why a method cannot be tried on this history, None where it can."""
    days = int(table.seen.sum())
    if name == SMOOTHING:
        if not is_installed("statsmodels"):
            return missing("statsmodels", SMOOTHING)
        season = len(np.unique(table.weekdays[: table.known][table.seen]))
        if season < 2:
            return "needs at least two working weekdays"
        if table.known * season / 7 < WEEKS_NEEDED * season:
            return f"needs {7 * WEEKS_NEEDED} days of history, there are {table.known}"
        return None
    needed = _DAYS_NEEDED[name]
    known = days if name in (REGRESSION, LOW_RANK) else table.known
    return None if known >= needed else f"needs {needed} days of history, there are {known}"


def _weight_at_first(weights: Floats, origins: Ints) -> Floats:
    """Weight of each day as it was judged on its evening; 1 before the first origin."""
    first = np.ones(weights.shape[1])
    first[origins - 1] = weights[np.arange(len(origins)), origins - 1]
    return first
