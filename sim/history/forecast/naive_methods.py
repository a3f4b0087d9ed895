"""Forecasts from the last same weekdays: the yardsticks."""

from __future__ import annotations

import numpy as np

from sim.array_types import Floats, Ints
from sim.history.forecast.day_table import DayTable
from sim.history.forecast.origins import target_days
from sim.history.forecast.rolling_regression import nan_median


def seasonal_naive(table: DayTable, origins: Ints, leads: int) -> Floats:
    """Return the counts of the last same weekday; shape (origins, leads, intervals)."""
    return median_of_weekdays(table, origins, leads, 1)


def median_of_weekdays(table: DayTable, origins: Ints, leads: int, weekdays: int = 6) -> Floats:
    """Return the median of the last same weekdays by interval.

    Parameters
    ----------
    table : DayTable
        History.
    origins : Ints
        Days known at each origin.
    leads : int
        Days ahead.
    weekdays : int
        Same weekdays in the median; fewer where the history has fewer.

    Returns
    -------
    Floats
        Shape (origins, leads, intervals). NaN where no same weekday is known.
    """
    targets = target_days(origins, leads)
    forecast = np.full((*targets.shape, table.counts.shape[1]), np.nan)
    for weekday in range(7):
        rows = np.flatnonzero(table.seen & (table.weekdays[: table.known] == weekday))
        padded = np.concatenate([np.full((weekdays, table.counts.shape[1]), np.nan),
                                 table.counts[rows]])  # fmt: skip
        windows = np.lib.stride_tricks.sliding_window_view(padded, weekdays, axis=0)
        medians = nan_median(windows)  # row n: of the last days among the first n same weekdays
        wanted = table.weekdays[targets] == weekday
        numbers = np.broadcast_to(np.searchsorted(rows, origins)[:, None], targets.shape)
        forecast[wanted] = medians[numbers[wanted]]
    return forecast
