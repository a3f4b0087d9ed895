"""Root counts by calendar, with a memory from day to day; in full, and as low-rank profiles."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.cancellation import end_if_cancelled
from sim.history.forecast.day_memory import remembered_errors
from sim.history.forecast.day_table import DayTable
from sim.history.forecast.level_shift import level_shifts
from sim.history.forecast.origins import at_targets, target_days
from sim.history.forecast.rolling_regression import fit, recency, smoothed
from sim.history.forecast.root_scale import mean_count, root
from sim.history.forecast.weighted_mean import past_error_mean

HALF_LIFE_DAYS = (28.0, 91.0, 364.0)
"""Days after which a day weighs half; found likewise."""
WEEKDAY_PENALTY = 0.3
"""Variance of the noise of a day over that of the effect of weekdays, which is large."""
PENALTIES = (3.0, 30.0)
"""The same for time of month and year, trend and days next to holidays; the large one all but
leaves them out. What serves best is found by the errors of the past."""
RANK = 3
"""Profiles of the low-rank model; Shen and Huang (2008) use one to four."""
SMOOTHED_MINUTES = 20.0
"""Standard deviation of the kernel over the day that smooths the effects of the calendar: what a
weekday changes in one interval it changes in the next ones too. Hours are hardly smoothed."""
RENEWED = 28
"""Days for which the profiles of the low-rank model stay."""


@dataclass(frozen=True, eq=False)
class CalendarFit:
    """Forecasts of root counts by the calendar alone, from every origin.

    Parameters
    ----------
    paths : Floats
        Root counts; shape (origins, leads, intervals).
    errors : Floats
        Actual less forecast, same shape; NaN unknown.
    weights : Floats
        Of the days, per origin; shape (origins, days known).
    shape : Floats
        Unit vectors in which all intervals rise and fall together; shape (origins, intervals).
    shifts : Floats
        How far the last days are from the calendar, in units of ``shape``, where that seems to
        last; shape (origins,).
    """

    paths: Floats
    errors: Floats
    weights: Floats
    shape: Floats
    shifts: Floats


def plain_roots(table: DayTable) -> Floats:
    """Return the root counts of days without a name; NaN on holidays and days of events."""
    return np.where((table.special[: table.known] < 0)[:, None], root(table.counts), np.nan)


def calendar_fits(
    table: DayTable, ordinary: Floats, origins: Ints, leads: int
) -> list[CalendarFit]:
    """Return the regressions with all decays and penalties.

    Parameters
    ----------
    table : DayTable
        History.
    ordinary : Floats
        Weights of :func:`odd_day_weights`; shape (origins, days known).
    origins : Ints
        Days known.
    leads : int
        Days ahead.
    """
    plain, known = plain_roots(table), table.features[: table.known]
    targets = target_days(origins, leads)
    inputs = table.features[targets]
    nearness = _nearness(table.columns, SMOOTHED_MINUTES / table.interval_minutes)
    fits = []
    for half_life, penalty in product(HALF_LIFE_DAYS, PENALTIES):
        end_if_cancelled()
        weights = ordinary * recency(origins, table.known, half_life)
        penalties = np.where(table.weekday_features, WEEKDAY_PENALTY, penalty)
        slopes = fit(plain, known, weights, penalties)
        slopes[:, 1:] = smoothed(slopes, plain, known, weights, nearness)[:, 1:]
        paths = inputs @ slopes
        shape = _level_shape(weights, root(table.counts))
        shifts = level_shifts(plain, known, slopes, shape, origins)
        errors = at_targets(plain, origins, leads) - paths
        fits.append(CalendarFit(paths, errors, weights, shape, shifts))
    return fits


def _nearness(columns: Ints, width: float) -> Floats:
    """Weights of intervals in the smoothed effects of each; shape (intervals, intervals)."""
    nearness: Floats = np.exp(-0.5 * np.square((columns[:, None] - columns) / width))
    return nearness


def regression(
    table: DayTable, fits: list[CalendarFit], origins: Ints, leads: int, usable: Bools
) -> Floats:
    """Forecast by calendar and interval, with a random level of the day that has a memory.

    The mean over decays and penalties, weighted by the errors known at each origin.

    Returns
    -------
    Floats
        Contacts; shape (origins, leads, intervals).

    Notes
    -----
    Source: Ibrahim, L'Ecuyer (2013), M&SOM 15; Aldor-Noiman, Feigin, Mandelbaum (2009), Annals
    of Applied Statistics 3. Random effects are ridge penalties; the correlation within the day
    shifts all intervals of a day together.
    """
    forecasts = []
    for one in fits:
        end_if_cancelled()
        level = _scores(one.errors, one.shape[:, :, None])
        more = remembered_errors(level, usable, origins, leads, table.known)
        more = _lasting(one.shifts, more, np.ones((len(origins), 1)))
        forecasts.append(mean_count(one.paths + more * one.shape[:, None, :]))
    return past_error_mean(np.stack(forecasts), table.counts, origins)


def low_rank(
    table: DayTable, fits: list[CalendarFit], origins: Ints, leads: int, usable: Bools
) -> Floats:
    """Forecast the scores of a few day profiles by calendar and by the days before.

    The profiles are the leading singular vectors of the weighted root counts, without odd days;
    each score has a memory of its own.

    Returns
    -------
    Floats
        Contacts; shape (origins, leads, intervals).

    Notes
    -----
    Source: Shen, Huang (2008), Annals of Applied Statistics 2.
    """
    roots = np.nan_to_num(root(table.counts))
    forecasts = []
    for one in fits:
        forecast = np.empty_like(one.paths)
        for start in range(0, len(origins), RENEWED):
            end_if_cancelled()
            block = slice(start, start + RENEWED)
            weighted = roots * np.sqrt(one.weights[start])[:, None]
            profiles = np.linalg.svd(weighted, full_matrices=False)[2][:RANK].T
            scores = _scores(one.errors[: block.stop], profiles[None])
            more = remembered_errors(
                scores, usable, origins[: block.stop], leads, table.known, block
            )
            more = _lasting(one.shifts[block], more, one.shape[block] @ profiles)
            forecast[block] = mean_count((one.paths[block] @ profiles + more) @ profiles.T)
        forecasts.append(forecast)
    return past_error_mean(np.stack(forecasts), table.counts, origins)


def _level_shape(weights: Floats, roots: Floats) -> Floats:
    """Unit vectors in which all intervals rise and fall together; shape (origins, intervals)."""
    shape: Floats = np.sqrt(weights @ np.square(np.nan_to_num(roots))) + 1e-9
    shape /= np.linalg.norm(shape, axis=1, keepdims=True)
    return shape


def _lasting(shifts: Floats, more: Floats, shape: Floats) -> Floats:
    """Scores that memory adds, or those of the shift where it is larger.

    Parameters
    ----------
    shifts : Floats
        In units of ``shape``; shape (origins,).
    more : Floats
        Shape (origins, leads, scores).
    shape : Floats
        Scores of the unit vectors of the level; shape (origins, scores).
    """
    shift = (shifts[:, None] * shape)[:, None, :]
    larger = np.linalg.norm(shift, axis=-1) > np.linalg.norm(more, axis=-1)
    return np.where(larger[..., None], shift, more)


def _scores(errors: Floats, profiles: Floats) -> Floats:
    """Errors projected on profiles, NaN where a day is unknown; an unknown interval errs by 0.

    Parameters
    ----------
    errors : Floats
        Shape (origins, leads, intervals).
    profiles : Floats
        Of each origin, or of all; shape (origins or 1, intervals, scores).
    """
    scores = np.nan_to_num(errors) @ profiles
    known: Bools = np.logical_or.reduce(np.isfinite(errors), axis=-1)
    return np.where(known[..., None], scores, np.nan)
