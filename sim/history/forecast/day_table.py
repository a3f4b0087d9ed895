"""The history of a queue and its calendar as the arrays that every method works on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.volume_history import VolumeHistory

SAME_WEEKDAYS = 6
"""Same weekdays that decide whether an interval of a future day is open."""
AFTER_UNNAMED = 0.5
"""How much a day after a closed day without a name is like the first of a working week."""
DAYS_OF_A_TREND = 91.0
MONTH_BEGINS, MONTH_ENDS = (1, 2, 3), (1, 2)
"""Working days of a month, counted from its first and from its last one, with an effect of their
own."""
DAYS_OF_A_YEAR = 365.25


@dataclass(frozen=True, eq=False)
class DayTable:
    """Days of a history, then days to forecast, in the intervals that are ever open.

    Parameters
    ----------
    counts : Floats
        Contacts; shape (days known, intervals). NaN where unknown or closed.
    is_open : Bools
        Shape (days known + days ahead, intervals).
    columns : Ints
        The intervals of 24 hours that the columns are.
    interval_minutes : int
        Minutes of an interval.
    weekdays : Ints
        Weekday of each day, 0 for Monday.
    features : Floats
        Properties of each day that are known long before it; shape (days, features). The first
        is 1.
    weekday_features : Bools
        Which features are weekdays; shape (features,).
    restarts : Bools
        Days after an extra closed day, which are like the first day of a working week; shape
        (days,).
    special : Ints
        Index into ``special_names`` of days with a name, -1 for all others.
    special_names : tuple[str, ...]
        Names of holidays and events, each once; then those of the days before them.
    eves_from : int
        First index of a day before a day with a name.
    kinds : Ints
        0 for the names of holidays, 1 for those of events, 2 for days before them; shape (names,).
    """

    counts: Floats
    is_open: Bools
    columns: Ints
    interval_minutes: int
    weekdays: Ints
    features: Floats
    weekday_features: Bools
    restarts: Bools
    special: Ints
    special_names: tuple[str, ...]
    eves_from: int
    kinds: Ints

    @property
    def known(self) -> int:
        """Days of the history."""
        return len(self.counts)

    @property
    def ahead(self) -> int:
        """Days after the history."""
        return len(self.is_open) - len(self.counts)

    @property
    def hours(self) -> Bools:
        """Open intervals of each day; on a closed day those of the last same weekday."""
        hours = self.is_open.copy()
        for day in np.flatnonzero(~hours.any(axis=1)):
            if day >= 7:
                hours[day] = hours[day - 7]
        return hours

    @property
    def seen(self) -> Bools:
        """Days with a known count; shape (days known,)."""
        seen: Bools = np.logical_or.reduce(np.isfinite(self.counts), axis=1)
        return seen


def day_table(
    history: VolumeHistory,
    ahead: int,
    names_of_days: Mapping[dt.date, str],
    of_events: Collection[str] = (),
) -> DayTable:
    """Return history and calendar as arrays.

    Parameters
    ----------
    history : VolumeHistory
        Volumes of one queue.
    ahead : int
        Days to forecast after the last day.
    names_of_days : Mapping[datetime.date, str]
        Holidays and events, past and future.
    of_events : Collection[str]
        Those of the names that are of events.
    """
    days = history.days + ahead
    weekdays = np.asarray(history.weekdays(ahead))
    dates = [history.day(index) for index in range(days)]
    names = tuple(sorted({names_of_days[date] for date in dates if date in names_of_days}))
    special = np.array(
        [names.index(names_of_days[date]) if date in names_of_days else -1 for date in dates]
    )
    is_open = np.concatenate([history.is_open, np.zeros((ahead, history.intervals), bool)])
    _open_days_ahead(is_open, history.days, weekdays, special)
    holidays, special = special >= 0, _with_eves(dates, special, names, names_of_days)
    columns = np.flatnonzero(is_open.any(axis=0))
    counts = np.where(history.is_open, history.offered, np.nan)[:, columns]
    is_open = is_open[:, columns]
    works: Bools = np.logical_or.reduce(is_open, axis=1)
    shares = _weekday_shares(weekdays, works, holidays)
    features = _features(dates, weekdays, shares, works, holidays)
    is_weekday = (np.arange(features.shape[1]) > 0) & (
        np.arange(features.shape[1]) <= len(np.unique(weekdays[works]))
    )
    restarts = works & (shares[np.arange(days), weekdays] < 1)
    return DayTable(
        counts, is_open, columns, history.interval_minutes, weekdays, features, is_weekday,
        restarts, special, (*names, *(f"day before {name}" for name in names)), len(names),
        np.array([*(int(name in of_events) for name in names), *(2 for _ in names)], int),
    )  # fmt: skip


def _with_eves(
    dates: list[dt.date],
    special: Ints,
    names: tuple[str, ...],
    names_of_days: Mapping[dt.date, str],
) -> Ints:
    """Return indices of names also for days before a day with a name, after all others.

    Many of these are half days; how far they differ is estimated as it is for holidays.
    """
    found = special.copy()
    for day, date in enumerate(dates):
        later = names_of_days.get(date + dt.timedelta(days=1))
        if special[day] < 0 and later in names:
            found[day] = len(names) + names.index(later)
    return found


def _open_days_ahead(is_open: Bools, known: int, weekdays: Ints, special: Ints) -> None:
    """Fill in the hours of future days: those of most of the last same weekdays.

    A day with a name is closed where the last day of this name was, or else where most days
    with any name were.
    """
    works: Bools = np.logical_or.reduce(is_open[:known], axis=1)
    named = special[:known] >= 0
    for day in range(known, len(is_open)):
        same = np.flatnonzero((weekdays[:known] == weekdays[day]) & ~named)
        recent = same[-SAME_WEEKDAYS:]
        if (working := recent[works[recent]]).size * 2 > recent.size:
            is_open[day] = is_open[working].mean(axis=0) >= 0.5
        if special[day] >= 0 and named.any():
            alike = works[:known][special[:known] == special[day]]
            is_open[day] &= bool(alike[-1] if alike.size else works[named].mean() >= 0.5)


def _weekday_shares(weekdays: Ints, works: Bools, named: Bools) -> Floats:
    """Return how much each day is like each weekday; shape (days, 7).

    Contacts of a closed day come on the next one, on a Tuesday after a holiday as on Mondays
    after weekends: a day after an extra closed day is like the first of a working week. A closed
    day without a name may be one without records instead. With no weekday that is always closed,
    nothing is known of this.
    """
    shares = np.eye(7)[weekdays]
    usual = np.array([works[weekdays == weekday].mean() >= 0.5 for weekday in range(7)])
    starts = np.flatnonzero(usual & ~np.roll(usual, 1))
    if len(starts) != 1:
        return shares
    closed = usual[weekdays] & ~works
    unnamed = AFTER_UNNAMED * _next_to(closed & ~named, works, -1)
    after = np.maximum(_next_to(closed & named, works, -1), unnamed)[:, None]
    mixed: Floats = (1 - after) * shares + after * np.eye(7)[starts[0]]
    return mixed


def _features(
    dates: list[dt.date], weekdays: Ints, shares: Floats, works: Bools, named: Bools
) -> Floats:
    """Properties of days: weekday, closed neighbors, turns of months, time of month and year."""
    days = len(dates)
    time = np.arange(days)
    usual = np.array([works[weekdays == weekday].mean() >= 0.5 for weekday in range(7)])
    unusual: Bools = (usual[weekdays] & ~works) | named
    # A closed day yesterday is in the opening hours; that of tomorrow may not have been planned.
    columns = [np.ones(days)]
    columns += [shares[:, day] for day in range(7) if works[weekdays == day].any()]
    columns += [_next_to(unusual, works, -1), _next_to(named, works, 1)]
    month = np.array([2 * np.pi * (date.day - 0.5) / 30.44 for date in dates])
    columns += [wave(turns * month) for turns in (1, 2) for wave in (np.sin, np.cos)]
    columns += _turns_of_months(dates, usual, named)
    columns.append(time / DAYS_OF_A_TREND)
    if days > 1.5 * DAYS_OF_A_YEAR:
        year = np.array([2 * np.pi * date.timetuple().tm_yday / DAYS_OF_A_YEAR for date in dates])
        columns += [wave(turns * year) for turns in (1, 2, 3) for wave in (np.sin, np.cos)]
    return np.stack(columns, axis=1)


def _turns_of_months(dates: list[dt.date], usual: Bools, named: Bools) -> list[Floats]:
    """Mark the first three and the last two working days of each month, each apart.

    Bills, salaries and statements come with them; their dates move with the weekdays, so that a
    wave over the month cannot follow. Days outside the table count by their weekday.
    """
    first = dates[0].replace(day=1)
    number = (dates[-1] - first).days + 32
    days = [first + dt.timedelta(days=day) for day in range(number)]
    inside = (dates[0] - first).days
    works: Bools = usual[np.array([date.weekday() for date in days])].copy()
    works[inside : inside + len(dates)] &= ~named
    months = np.array([12 * date.year + date.month for date in days])
    since, until = np.zeros(number), np.zeros(number)
    for month in np.unique(months):
        own = months == month
        since[own] = np.cumsum(works[own])
        until[own] = np.cumsum(works[own][::-1])[::-1]
    counted = [since == place for place in MONTH_BEGINS] + [until == place for place in MONTH_ENDS]
    return [(one & works)[inside : inside + len(dates)].astype(float) for one in counted]


def _next_to(unusual: Bools, works: Bools, step: int) -> Floats:
    """Mark working days whose neighbor (-1 the day before, 1 after) is closed out of turn.

    Days that are always closed, as weekends may be, lie between a day and its neighbor.
    """
    marked = np.zeros(len(works))
    for day in np.flatnonzero(works & ~unusual):
        other = day + step
        while 0 <= other < len(works) and not works[other] and not unusual[other]:
            other += step
        marked[day] = 0 <= other < len(works) and unusual[other]
    return marked
