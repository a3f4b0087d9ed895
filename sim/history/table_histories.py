"""The history of every queue of an interval table, and what is odd in it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim import units
from sim.fileio import read_table
from sim.fileio.dates import order_named
from sim.history.clock_and_last_day import INCOMPLETE, clock_changes, incomplete_last_day
from sim.history.irregularities import Irregularity, find_irregularities, leave_out
from sim.history.stated_hours import SELDOM, stated_hours
from sim.history.tables.actuals import NEEDED, read_actuals
from sim.history.tables.column_mapping import apart_of, export_of, settled
from sim.history.tables.days_of_table import within_days
from sim.history.tables.export_columns import export_columns
from sim.history.tables.interval_reader import refuse
from sim.history.tables.unread_columns import unread_columns
from sim.history.tables.wide_table import (
    chosen_columns,
    handle_columns,
    layout_of,
    queue_columns,
    queues_note,
    read_wide,
)
from sim.history.volume_history import VolumeHistory, infer_open
from sim.scenario import Problem
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.array_types import Bools, Floats
    from sim.fileio import Table
    from sim.history.tables.actuals import Actuals
    from sim.history.tables.interval_reader import Entry

MOST_DAYS = 366 * 6
FEWEST_DAYS = 7
MOST_QUEUES = 200
ZEROS_ARE_WRITTEN = 0.002
"""Share of rows with 0 contacts from which on an interval without a row is taken as unknown."""
BEFORE_OPENING = 14
"""Days of zeros before the first contact from which on the queue is taken to have begun with it."""
ONLY_QUEUE = "all"
"""Name of the queue of a table without a column of queues."""


@dataclass(frozen=True)
class TableHistories:
    """The histories of the queues of a table.

    Attributes
    ----------
    name : str
        Of the file.
    export : str
        Whose export it looks like, or empty.
    queues : tuple of VolumeHistory
        As the table has them: NaN where it has no number.
    irregularities : tuple of Irregularity
    notes : tuple of str
        What was assumed in reading.
    """

    name: str
    export: str
    queues: tuple[VolumeHistory, ...]
    irregularities: tuple[Irregularity, ...]
    notes: tuple[str, ...]

    def usable(self) -> tuple[VolumeHistory, ...]:
        """Return the histories without what is left out.

        A last day that is incomplete in all queues is not in them, so that it is forecast.
        """
        kept = [leave_out(one, self.irregularities) for one in self.queues]
        incomplete = {one.queue for one in self.irregularities if one.kind == INCOMPLETE}
        if all(one.queue in incomplete for one in kept):
            kept = [one.until(one.days - 1) for one in kept]
        return tuple(kept)


def read_histories(
    path: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    center_zone: str | None = None,
    order: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    opening: object = None,
    interval: float | str | None = None,
    named_days: Mapping[dt.date, str] | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> TableHistories:
    """Read the histories of all queues of a CSV or XLSX file.

    Parameters
    ----------
    path : str or Path
    columns : mapping of str to str, optional
        Title by meaning where the titles are not understood by themselves.
    zone : str, optional
        Time zone of the table.
    center_zone : str, optional
        Time zone of the center; that of the table unless given.
    order : str, optional
        "day-first" or "month-first", for dates such as 05/01/2026.
    sheet, header_row : optional
        As for :func:`sim.fileio.read_table`.
    opening : str or dict, optional
        Opening hours as :func:`sim.history.stated_hours.stated_hours` reads them; as the rows
        show them where absent.
    interval : float or str, optional
        Length of an interval (s or text) to which shorter ones are put together.
    named_days : mapping of date to str, optional
        Holidays and events: odd days among them are not left out.
    first, last : date, optional
        Days outside are left out.

    Returns
    -------
    TableHistories

    Raises
    ------
    ScenarioError
        With every cell that cannot be read, or when the rows have no dates, are whole days, or
        span too few or too many of them.
    TableError
        When the file is not a table.
    """
    raw = read_table(path, sheet, header_row)
    here = center_zone or zone
    written = order_named(order)
    chosen = chosen_columns(raw, columns)
    if _is_wide(raw, chosen):
        queues = queue_columns(raw)
        actuals = read_wide(raw, chosen, queues, order=written, handle=handle_columns(raw, queues))
        own = [queues_note(raw, chosen, queues)]
    else:
        actuals = read_actuals(
            raw, chosen, zone=zone, center_zone=here, order=written, allow_empty=True
        )
        own = unread_columns(raw, _used(raw, chosen), "queue" in chosen)
    return table_histories(
        within_days(actuals, first, last),
        export_of(raw),
        center_zone=here,
        opening=opening,
        interval=interval,
        named_days=named_days,
        notes=own,
    )


def _used(raw: Table, chosen: Mapping[str, str]) -> list[str]:
    return [*chosen.values(), *(raw.header[at] for at in apart_of(raw, chosen))]


def _is_wide(raw: Table, chosen: Mapping[str, str]) -> bool:
    has_contacts = {"offered", "queue", "answered"} & chosen.keys()
    return not has_contacts and layout_of(raw) == "wide"


def check_columns(raw: Table, columns: Mapping[str, str]) -> None:
    """Refuse a table of intervals whose columns do not say when how many contacts came.

    Parameters
    ----------
    raw : Table
    columns : mapping of str to str
        Title by meaning.

    Raises
    ------
    ScenarioError, TableError
    """
    chosen = chosen_columns(raw, columns)
    if _is_wide(raw, chosen):
        chosen["offered"] = next(iter(queue_columns(raw)), "")
    put = export_columns(raw, chosen)
    settled(put.table, {key: put.columns.get(key, "") for key in NEEDED}, NEEDED)


def table_histories(
    actuals: Actuals,
    export: str,
    *,
    center_zone: str | None = None,
    opening: object = None,
    interval: float | str | None = None,
    named_days: Mapping[dt.date, str] | None = None,
    notes: Sequence[str] = (),
    has_all_contacts: bool = False,
) -> TableHistories:
    """Return the histories of the queues of a table that was read.

    Parameters
    ----------
    actuals : Actuals
    export : str
        Whose export it looks like, or empty.
    center_zone, opening, interval, named_days
        As for :func:`read_histories`.
    notes : sequence of str
        What was assumed before.
    has_all_contacts : bool
        Whether an interval without a row had no contact, on days on which some queue has a row;
        as the table shows by itself unless set.
    """
    _check(actuals)
    groups = _queues(actuals)
    last = max(entry.day for entry in actuals.entries if entry.day)
    whole = {entry.day for entry in actuals.entries if entry.day} if has_all_contacts else None
    hours = None if opening is None else stated_hours(opening)
    minutes = _minutes(actuals.step, interval)
    histories, found, said = [], [], list(notes)
    for (queue, channel), rows in groups.items():
        entries = _since_first_contact(rows)
        if len(entries) < len(rows):
            begin = min(entry.day for entry in entries if entry.day)
            said.append(f"queue {queue}: no contacts before {begin}; its history begins then")
        history, own = _history(queue, channel, entries, actuals.step, last, whole)
        history = history.in_intervals(minutes)
        if hours is not None:
            history, more = hours.within(history)
            said += more
        own += clock_changes(history, center_zone)
        histories.append(history)
        found += find_irregularities(history, named_days, own)
    return TableHistories(
        actuals.name, export, tuple(histories), tuple(found), (*said, *actuals.notes)
    )


def _minutes(step: float, interval: float | str | None) -> int:
    """Return the minutes of an interval.

    Raises
    ------
    BadInputError
        When the length asked for is not a multiple of that of the rows, up to an hour.
    """
    own = round(step / units.MINUTE)
    if interval is None:
        return own
    minutes = units.duration(interval) / units.MINUTE
    if minutes % own or not minutes or 60 % minutes:
        raise BadInputError(
            f"interval: {units.show_duration(minutes * units.MINUTE)}; allowed: a multiple of the "
            f"table's {own} min that divides an hour"
        )
    return round(minutes)


def _check(actuals: Actuals) -> None:
    """Refuse tables from which no history can be made."""
    if any(entry.day is None for entry in actuals.entries):
        row = next(entry.row for entry in actuals.entries if entry.day is None)
        message = "has a time without a date; allowed: a date and time, or --column date=TITLE"
        refuse([Problem("", message, file=actuals.name, line=row)])
    days = {entry.day for entry in actuals.entries if entry.day}
    span = (max(days) - min(days)).days + 1
    if len(days) > 1 and not any(entry.second for entry in actuals.entries):
        message = "rows are whole days; allowed: a row for each interval of 5 to 60 min"
        refuse([Problem("", message, file=actuals.name)])
    if not FEWEST_DAYS <= span <= MOST_DAYS:
        message = f"spans {units.counted(span, 'day')}; allowed: {FEWEST_DAYS} to {MOST_DAYS:,}"
        refuse([Problem("", message, file=actuals.name)])


def _queues(actuals: Actuals) -> dict[tuple[str, str], list[Entry]]:
    """Return the rows by queue and channel; one queue of several channels is several queues."""
    channels: dict[str, set[str]] = {}
    for entry in actuals.entries:
        channels.setdefault(entry.queue, set()).add(entry.channel)
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in actuals.entries:
        name = entry.queue or ONLY_QUEUE
        if len(channels[entry.queue]) > 1:
            name = f"{name} {entry.channel}"
        groups.setdefault((name, entry.channel or "voice"), []).append(entry)
    if len(groups) > MOST_QUEUES:
        message = f"has {len(groups):,} queues; allowed: at most {MOST_QUEUES}"
        refuse([Problem("", message, file=actuals.name)])
    return groups


def _since_first_contact(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Return the rows of a queue from its first day with contacts on.

    Zeros of :data:`BEFORE_OPENING` days or more before it are those of a queue that did not exist.
    """
    with_contacts = [e.day for e in entries if e.day and e.numbers.get("offered", 0.0) > 0]
    begin = min(with_contacts, default=None)
    if begin is None:
        return entries
    before = {entry.day for entry in entries if entry.day and entry.day < begin}
    if len(before) < BEFORE_OPENING:
        return entries
    return [entry for entry in entries if entry.day and entry.day >= begin]


def _history(
    queue: str,
    channel: str,
    entries: Sequence[Entry],
    step: float,
    last: dt.date,
    whole: Collection[dt.date] | None,
) -> tuple[VolumeHistory, list[Irregularity]]:
    """Return the history of one queue up to the last day of the table.

    On days of ``whole`` an interval without a row has no contact.
    """
    first = min(entry.day for entry in entries if entry.day)
    days, per_day = (last - first).days + 1, round(units.DAY / step)
    offered, answered, aht = _sums(entries, first, days, per_day, step)
    has_row = _has_number(offered)
    written = np.count_nonzero(offered == 0) >= max(1.0, ZEROS_ARE_WRITTEN * has_row.sum())
    if whole is not None:
        complete = np.array([first + dt.timedelta(days=day) in whole for day in range(days)])
        offered[~has_row & complete[:, None]] = 0.0
    elif not written:  # of a row without a number it is unknown how many there were
        blank = _blank(entries, first, offered.shape, step)
        offered[~has_row & ~blank & has_row.any(axis=1, keepdims=True)] = 0.0
    _close(offered, first)
    is_open = infer_open(offered, first)
    seen = _has_number(offered).any(axis=1, keepdims=True)  # other days stay without rows
    offered[seen & ~is_open & np.isnan(offered)] = 0.0
    minutes = round(step / units.MINUTE)
    history = VolumeHistory(
        queue, channel, first, minutes, offered, is_open, aht=aht, answered=answered
    )
    return history, incomplete_last_day(history, has_row)


def _sums(
    entries: Sequence[Entry], first: dt.date, days: int, per_day: int, step: float
) -> tuple[Floats, Floats | None, Floats | None]:
    """Return contacts, answered, and handle time by day and interval; NaN without a row."""
    size = days * per_day
    at = np.array(
        [((e.day or first) - first).days * per_day + int(e.second // step) for e in entries]
    )
    columns = {
        key: np.array([entry.numbers.get(key, math.nan) for entry in entries])
        for key in ("offered", "answered", "aht", "total")
    }
    offered = _added(at, columns["offered"], size)
    answered = _added(at, columns["answered"], size)
    weight = np.where(np.isnan(columns["answered"]), columns["offered"], columns["answered"])
    work = np.where(np.isnan(columns["aht"]), columns["total"], columns["aht"] * weight)
    known = np.isfinite(work) & (work > 0) & (weight > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        aht = _added(at[known], work[known], size) / _added(at[known], weight[known], size)
    shape = (days, per_day)
    return (
        offered.reshape(shape),
        answered.reshape(shape) if np.isfinite(answered).any() else None,
        aht.reshape(shape) if np.isfinite(aht).any() else None,
    )


def _added(at: np.ndarray, values: Floats, size: int) -> Floats:
    """Return the sums of values by place, NaN where there are none."""
    known = np.isfinite(values)
    sums = np.bincount(at[known], weights=values[known], minlength=size)
    counts = np.bincount(at[known], minlength=size)
    return np.where(counts > 0, sums, np.nan)


def _blank(entries: Sequence[Entry], first: dt.date, shape: tuple[int, ...], step: float) -> Bools:
    """Return which intervals have a row whose contacts are blank."""
    blank = np.zeros(shape, dtype=bool)
    for entry in entries:
        if entry.day is not None and math.isnan(entry.numbers.get("offered", math.nan)):
            blank[(entry.day - first).days, int(entry.second // step)] = True
    return blank


def _has_number(values: Floats) -> Bools:
    return np.array(np.isfinite(values), dtype=bool, ndmin=2)


def _close(offered: Floats, first: dt.date) -> None:
    """Set days without rows to 0 where their weekday has seldom rows: it is closed."""
    weekdays = (first.weekday() + np.arange(len(offered))) % 7
    has_rows = np.array([row.any() for row in _has_number(offered)], dtype=bool)
    for weekday in range(7):
        same = weekdays == weekday
        if same.any() and has_rows[same].mean() <= SELDOM:
            offered[same & ~has_rows] = 0.0
