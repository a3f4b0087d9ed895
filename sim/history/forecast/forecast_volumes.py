"""Forecasts of queues: methods tried on their history, chosen by their errors there."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.forecast.back_test import CHOSEN, back_test
from sim.history.forecast.day_busyness import day_busyness, shared_part
from sim.history.forecast.day_pairs import day_pairs, day_ratios, ratios_on_same_days
from sim.history.forecast.day_table import DayTable, day_table
from sim.history.forecast.forecast_bands import ForecastBands
from sim.history.forecast.handle_times import handle_times
from sim.history.forecast.methods import METHODS, MethodForecasts, method_forecasts
from sim.history.forecast.origins import HORIZONS, LEADS, at_targets
from sim.history.forecast.queue_forecast import HorizonChoice, QueueForecast
from sim.history.forecast.weighted_mean import chosen_weights, past_errors, weighted
from sim.history.volume_history import VolumeHistory
from sim.messages import BadInputError, show_value

FEWEST_DAYS = 7
"""Days of history that a forecast needs: each weekday once."""
MOST_DAYS = 366
"""Days that can be forecast."""
TESTED_DAYS = 365
"""Last days of the history from which the back-test forecasts."""
SILENT_DAYS = 7
"""Days without volumes at the end of a history from which a note says so."""
_WARM_UP = 14
"""Days known at the first origin, fewer in a short history."""

Progress = Callable[[int, int], None]


def forecast(
    history: VolumeHistory,
    days: int = LEADS,
    *,
    holidays: Mapping[dt.date, str] | None = None,
    events: Mapping[dt.date, str] | None = None,
    methods: Sequence[str] | None = None,
    level: float = 0.9,
) -> QueueForecast:
    """Forecast the volumes and handle times of one queue.

    Every method forecasts from each of the last 365 days; for the next day, the rest of the
    week and the three weeks after it, their mean is used, weighted by their earlier errors.
    Prediction intervals are from the errors of that mean.

    Parameters
    ----------
    history : VolumeHistory
        At least a week of days.
    days : int
        Days to forecast, 1 to 366.
    holidays, events : Mapping[datetime.date, str], optional
        Days with a name, past and future. They are left out of the ordinary days, and forecast
        from the past days of that name.
    methods : Sequence[str], optional
        Some of :data:`~sim.history.forecast.methods.METHODS`; all where absent.
    level : float
        Nominal coverage of the prediction intervals.

    Raises
    ------
    BadInputError
        When the history is shorter than a week or has no contacts, or an argument is outside
        its bounds.
    """
    return forecast_queues(
        [history], days, holidays=holidays, events=events, methods=methods, level=level
    )[0]


def forecast_queues(
    histories: Sequence[VolumeHistory],
    days: int = LEADS,
    *,
    holidays: Mapping[dt.date, str] | None = None,
    events: Mapping[dt.date, str] | None = None,
    methods: Sequence[str] | None = None,
    level: float = 0.9,
    progress: Progress | None = None,
) -> tuple[QueueForecast, ...]:
    """Forecast several queues, and estimate what part of their busyness they share.

    Parameters are those of :func:`forecast`; ``progress`` is called with the queues done and
    their number.
    """
    wanted = _check(days, level, methods)
    named = {**(holidays or {}), **(events or {})}
    of_events = frozenset((events or {}).values())
    found, ratios = [], []
    for number, history in enumerate(histories):
        if progress is not None:
            progress(number, len(histories))
        one, ratio = _forecast(history, days, named, of_events, wanted, level)
        found.append(one)
        ratios.append((history.first_day, ratio))
    if progress is not None:
        progress(len(histories), len(histories))
    shared = shared_part(ratios_on_same_days(ratios))
    return tuple(dataclasses.replace(one, shared=shared) for one in found)


def _check(days: int, level: float, methods: Sequence[str] | None) -> Sequence[str]:
    """Refuse what is outside the bounds; return the methods to try."""
    if not 1 <= days <= MOST_DAYS:
        raise BadInputError(f"days: {days}; allowed are 1 to {MOST_DAYS}")
    if not 0.5 <= level <= 0.99:
        raise BadInputError(f"level: {level}; allowed are 0.5 to 0.99")
    for name in methods or ():
        if name not in METHODS:
            raise BadInputError(
                f"method: {show_value(name)} is unknown; allowed: {', '.join(METHODS)}"
            )
    return METHODS if not methods else [name for name in METHODS if name in methods]


def _forecast(
    history: VolumeHistory,
    days: int,
    named: Mapping[dt.date, str],
    of_events: frozenset[str],
    methods: Sequence[str],
    level: float,
) -> tuple[QueueForecast, Floats]:
    """Forecast one queue; also the relative errors of its days, a week ahead."""
    _check_history(history)
    table = day_table(history, max(days, LEADS), named, of_events)
    first = min(_WARM_UP, max(history.days // 3, FEWEST_DAYS))
    origins = np.arange(max(first, history.days - TESTED_DAYS), history.days + 1)
    found = method_forecasts(table, origins, LEADS, methods)
    weights = chosen_weights(found.forecasts, table.counts, origins, found.doubts)
    chosen = weighted(found.forecasts, weights)
    actual = at_targets(table.counts, origins, LEADS)
    tested = back_test(
        [*found.names, CHOSEN],
        np.concatenate([found.forecasts, chosen[None]]),
        actual,
        origins,
        history.days,
    )
    path, named_variance = _with_later(chosen, found, table, origins, weights, days)
    bands = ForecastBands(table, path, origins, level, named_variance)
    ratio = day_ratios(table, chosen, origins, found.odd)
    choices = _choices(found, weights, table, origins, bands, chosen)
    aht = handle_times(history, table.weekdays[history.days :][:days])
    result = QueueForecast(
        queue=history.queue,
        channel=history.channel,
        first_day=history.day(history.days),
        interval_minutes=history.interval_minutes,
        level=level,
        intervals=bands.intervals(days, history.intervals),
        days=bands.days(days),
        weeks=bands.weeks(days),
        is_open=_open_hours(table, days, history.intervals),
        aht=None if aht is None else _only_open(aht, table, days),
        back_test=tested,
        choices=choices,
        shared=None,
        refused=found.refused,
        odd_days=tuple(history.day(int(day)) for day in found.odd),
        notes=_notes(table, days, choices),
    )
    return result, ratio


def _check_history(history: VolumeHistory) -> None:
    seen = int((np.isfinite(history.offered) & history.is_open).any(axis=1).sum())
    if history.days < FEWEST_DAYS or seen < 2:
        days = f"{seen} day{'s' * (seen != 1)}"
        raise BadInputError(
            f"queue {history.queue}: {days} with volumes are too few for a forecast; it needs a "
            "history of at least a week, and is better with six weeks or more"
        )
    if not np.nansum(history.offered) > 0:
        raise BadInputError(f"queue {history.queue}: no contacts in the history")


def _open_hours(table: DayTable, days: int, intervals: int) -> Bools:
    """Open intervals of the days forecast, of 24 hours."""
    is_open = np.zeros((days, intervals), bool)
    is_open[:, table.columns] = table.is_open[table.known :][:days]
    return is_open


def _only_open(values: Floats, table: DayTable, days: int) -> Floats:
    """Values of open intervals, NaN in closed ones; both shapes of 24 hours."""
    return np.where(_open_hours(table, days, values.shape[1]), values, np.nan)


def _with_later(
    chosen: Floats,
    found: MethodForecasts,
    table: DayTable,
    origins: Ints,
    weights: Floats,
    days: int,
) -> tuple[Floats, Floats]:
    """Forecasts, and the variance of names, with the days after the fourth week.

    Only the last origin forecasts those; the others have NaN, and no variance.
    """
    if days <= LEADS:
        return chosen, found.named_variance
    recent = origins[-2 * LEADS :]
    recent = recent[recent >= recent[-1] - 2 * LEADS]
    later = method_forecasts(table, recent, days, found.names)
    path = np.full((len(origins), days, chosen.shape[2]), np.nan)
    path[:, :LEADS] = chosen
    path[-1, LEADS:] = weighted(later.forecasts[:, -1:], weights[:, -1:])[0, LEADS:]
    variance = np.zeros(path.shape[:2])
    variance[:, :LEADS] = found.named_variance
    variance[-1, LEADS:] = later.named_variance[-1, LEADS:]
    return path, variance


def _choices(
    found: MethodForecasts,
    weights: Floats,
    table: DayTable,
    origins: Ints,
    bands: ForecastBands,
    chosen: Floats,
) -> tuple[HorizonChoice, ...]:
    """What forecasts each horizon, from the last origin."""
    means = past_errors(found.forecasts, table.counts, origins)[:, -1]
    choices = []
    for index, horizon in enumerate(HORIZONS):
        used = {
            name: float(weight)
            for name, weight in zip(found.names, weights[:, -1, index], strict=True)
            if weight > 0
        }
        errors = day_pairs(table, chosen, origins, found.odd, horizon.last - 1)
        choices.append(
            HorizonChoice(
                horizon.title,
                used,
                bool(np.isfinite(means[:, index]).all()),
                bands.coverage(index),
                day_busyness(*errors),
                bands.coverage_intervals(index),
            )
        )
    return tuple(choices)


def _new_names(table: DayTable, days: int) -> list[str]:
    """What is forecast for coming days whose name no day of the history has."""
    past = set(table.special[: table.known].tolist())
    found: dict[str, list[str]] = {"closed": [], "open": []}
    for day in range(table.known, min(table.known + days, len(table.special))):
        name = int(table.special[day])
        if name not in past and 0 <= name < table.eves_from:
            found["open" if table.is_open[day].any() else "closed"].append(
                table.special_names[name]
            )
    effects = {
        "closed": "taken as closed, as most days with a name were",
        "open": "its effect is the mean of other days with a name, or none",
    }
    return [
        f"no day of the history is named {', '.join(dict.fromkeys(names))}: {effects[kind]}"
        for kind, names in found.items()
        if names
    ]


def _notes(table: DayTable, days: int, choices: Sequence[HorizonChoice]) -> tuple[str, ...]:
    """What a reader should know of this forecast."""
    notes = _new_names(table, days)
    silent = table.known - 1 - int(np.flatnonzero(table.seen)[-1])
    if silent > SILENT_DAYS:
        notes.append(
            f"no volumes are known for the last {silent} days: the forecast goes on as before "
            "them; leave the queue out if it has ended"
        )
    untested = [one.horizon for one in choices if not one.is_tested]
    if untested:
        notes.append(
            f"the history has too few days with contacts to choose for {' and '.join(untested)}: "
            "all methods weigh the same"
        )
    if any(np.isnan(one.coverage["days"]) for one in choices):
        notes.append(
            "where no coverage is shown, too few errors are known to count it, and prediction "
            "intervals are of Student's t distribution"
        )
    return tuple(notes)
