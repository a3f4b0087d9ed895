"""Forecast and actual contacts of whole days, as what is estimated of days needs them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from sim.array_types import Floats, Ints
from sim.history.forecast.back_test import SCORED_FROM
from sim.history.forecast.day_table import DayTable
from sim.history.forecast.origins import HORIZONS


def day_pairs(
    table: DayTable, chosen: Floats, origins: Ints, odd: Ints, lead: int
) -> tuple[Floats, Floats]:
    """Forecast and actual contacts of days at one lead, in order; NaN for days left out."""
    forecast, actual = np.full((2, table.known), np.nan)
    targets = origins + lead
    rows = targets < table.known
    known = np.isfinite(table.counts)
    values = np.where(known.any(axis=1), np.nan_to_num(table.counts).sum(axis=1), np.nan)
    actual[targets[rows]] = values[targets[rows]]
    paths = np.where(known[targets[rows]], chosen[rows, lead], 0.0)
    forecast[targets[rows]] = paths.sum(axis=-1)
    special = table.special[: table.known] >= 0
    actual[special] = np.nan
    actual[odd] = np.nan
    start = max(int(origins[0] + lead), min(SCORED_FROM, table.known // 2))
    return forecast[start:], actual[start:]


def day_ratios(table: DayTable, chosen: Floats, origins: Ints, odd: Ints) -> Floats:
    """Relative errors of all days a week ahead, and the variance of Poisson noise in them."""
    forecast, actual = day_pairs(table, chosen, origins, odd, HORIZONS[1].last - 1)
    ratios = np.full((2, table.known), np.nan)
    if forecast.size:
        ratios[0, -len(forecast) :] = actual / np.where(forecast > 0, forecast, np.nan) - 1
        ratios[1, -len(forecast) :] = 1 / np.where(forecast > 0, forecast, np.nan)
    return ratios


def ratios_on_same_days(ratios: Sequence[tuple[dt.date, Floats]]) -> list[Floats]:
    """Ratios of all queues on the days of the calendar that any of them has."""
    if not ratios:
        return []
    start = min(first for first, _ in ratios)
    end = max(first + dt.timedelta(days=values.shape[1]) for first, values in ratios)
    aligned = []
    for first, values in ratios:
        full = np.full((2, (end - start).days), np.nan)
        at = (first - start).days
        full[:, at : at + values.shape[1]] = values
        aligned.append(full)
    return aligned
