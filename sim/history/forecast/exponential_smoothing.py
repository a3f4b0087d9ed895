"""Day totals by exponential smoothing with a week's season, spread by the profile of the day."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.cancellation import end_if_cancelled
from sim.history.forecast.day_table import DayTable
from sim.history.forecast.origins import target_days

REFITTED = 1.3
"""Parameters are estimated anew when the days known have grown by this factor; the states of
level and season follow every day."""
WEEKS_NEEDED = 4
"""Weeks of days before the parameters can be estimated."""


def exponential_smoothing(
    table: DayTable, profiles: Floats, ordinary: Floats, origins: Ints, leads: int
) -> Floats:
    """Forecast day totals by smoothed level and season of the week, on the root scale.

    Unknown and odd days enter as they had been forecast by the calendar. A day after an extra
    closed day says nothing of its weekday: it enters as the one a week before, and its forecast
    is that of the calendar. Parameters are
    estimated by maximum likelihood (statsmodels' ETS, additive error, no trend, additive
    season) at thinned origins, from the days known there.

    Parameters
    ----------
    table : DayTable
        History.
    profiles : Floats
        Contacts forecast by calendar; shape (origins, leads, intervals). Gives the share of
        each interval, and what stands for days that are odd or unknown.
    ordinary : Floats
        Weight of each day by the last origin that can know nothing later; shape (days,). Days
        below one half are replaced.
    origins : Ints
        Consecutive days known.
    leads : int
        Days ahead.

    Returns
    -------
    Floats
        Contacts; shape (origins, leads, intervals). NaN before the parameters can be estimated.
    """
    seen = np.unique(table.weekdays[: table.known][table.seen])
    normal = np.isin(table.weekdays, seen)
    season = max(len(seen), 1)
    profiles = profiles * table.hours[target_days(origins, leads)]
    totals = _series(table, profiles, ordinary, origins)
    rows = np.flatnonzero(normal[: table.known])
    totals = totals[rows]
    paths = np.full((len(origins), leads), np.nan)
    known = np.searchsorted(rows, origins)
    start = int(np.searchsorted(known, WEEKS_NEEDED * season)) if season > 1 else len(origins)
    while start < len(origins):
        end_if_cancelled()
        end = max(int(np.searchsorted(known, REFITTED * known[start])), start + 1)
        states = _states(totals[: known[min(end, len(origins)) - 1]], int(known[start]), season)
        block = slice(start, end)
        paths[block] = _paths(states, rows, origins[block], leads, normal, season)
        start = end
    sums = profiles.sum(axis=-1, keepdims=True)
    share = profiles / np.where(sums > 0, sums, 1.0)
    forecast: Floats = np.square(np.maximum(paths, 0.0))[..., None] * share
    as_calendar = table.restarts[target_days(origins, leads)] & np.isfinite(paths)
    forecast[as_calendar] = profiles[as_calendar]
    return forecast


def _series(table: DayTable, profiles: Floats, ordinary: Floats, origins: Ints) -> Floats:
    """Roots of the totals of all days; what is odd or unknown is as it was forecast."""
    expected = np.full(table.known, np.nan)
    inside = origins < table.known
    expected[origins[inside]] = profiles[inside, 0].sum(axis=-1)
    known = np.isfinite(table.counts)
    totals = np.where(known.any(axis=1), np.nan_to_num(table.counts).sum(axis=1), np.nan)
    odd = np.isnan(totals) | (ordinary < 0.5) | (table.special[: table.known] >= 0)
    totals = np.where(odd & np.isfinite(expected), expected, totals)
    gaps = np.flatnonzero(np.isnan(totals))  # before the first origin: as the next known day
    later = np.flatnonzero(np.isfinite(totals))
    totals[gaps] = totals[later[np.minimum(np.searchsorted(later, gaps), len(later) - 1)]]
    for day in np.flatnonzero(table.restarts[7 : table.known]) + 7:
        totals[day] = totals[day - 7]
    return np.sqrt(totals)


def _states(series: Floats, fitted_on: int, season: int) -> Floats:
    """Level, then the seasons of the next days in order of use, after each day of the series."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    def model(values: Floats) -> Any:
        return ETSModel(
            values, error="add", trend=None, seasonal="add", seasonal_periods=season,
            initialization_method="heuristic" if len(values) >= 10 else "estimated",
        )  # fmt: skip

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a search that stops early has parameters all the same
        parameters = model(series[:fitted_on]).fit(disp=False, maxiter=60).params
    return _filter(series, parameters[0], parameters[1], fitted_on, season)


def _filter(series: Floats, alpha: float, gamma: float, start: int, season: int) -> Floats:
    """Level and seasons of ETS(A, N, A) after each day; begins with the means of two weeks."""
    weeks = series[: 2 * season].reshape(2, season)
    level = float(weeks.mean())
    seasons = list(weeks.mean(axis=0) - level)
    states = np.empty((len(series) + 1, season + 1))
    for day, value in enumerate(series):
        states[day] = [level, *seasons]
        error = value - level - seasons[0]
        level += alpha * error
        seasons = [*seasons[1:], seasons[0] + gamma * error]
    states[-1] = [level, *seasons]
    return states


def _paths(
    states: Floats, rows: Ints, origins: Ints, leads: int, normal: Bools, season: int
) -> Floats:
    """Roots of day totals at each origin and lead; each working weekday moves the season."""
    targets = target_days(origins, leads)
    known = np.searchsorted(rows, origins)
    step = np.cumsum(normal[targets], axis=1) - 1
    current = states[np.minimum(known, len(states) - 1)]
    index = 1 + np.maximum(step, 0) % season
    return current[:, :1] + np.take_along_axis(current, index, axis=1)
