"""What the rows of a table of intervals must be together, beyond each cell alone."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import units
from sim.history.duration_unit import other_unit
from sim.history.tables import twelve_hour_clock
from sim.history.tables.column_mapping import ONE_PER_CONTACT
from sim.history.tables.interval_reader import Entry, refuse
from sim.history.tables.unread_columns import columns_that_differ
from sim.scenario import Problem

if TYPE_CHECKING:
    from sim.fileio import Table

_CURE = "(where the clock was set back, say --zone, or add the two up)"
LOG_SHARE = 0.2
"""A table with more rows of the same intervals than this share is taken for a call log."""
_NAMED = 5
"""Rows of one kind that a note names."""


def check_clock(raw: Table, title: str, entries: Sequence[Entry]) -> None:
    """Refuse times of a clock of twelve hours without am and pm.

    Parameters
    ----------
    raw : Table
    title : str
        Of the column with the start of the interval.
    entries : sequence of Entry

    Raises
    ------
    ScenarioError
    """
    places: dict[tuple[Any, ...], int] = {}
    days = ((one.day, one.queue, one.channel, one.apart) for one in entries)
    group = np.array([places.setdefault(day, len(places)) for day in days])
    found = twelve_hour_clock.rows_out_of_order(np.array([one.second for one in entries]), group)
    if found is None:
        return
    lines = [entries[at].row for at in found]
    at = raw.column(title)
    cells = {row: cells[at] for row, cells in raw.rows if row in lines}
    message = twelve_hour_clock.message([cells[line] for line in lines])
    if message:
        refuse([Problem(title, message, file=raw.name, line=lines[-1])])


def check_doubled(
    raw: Table,
    title: str,
    entries: Sequence[Entry],
    twice: Collection[int],
    used: Collection[str],
) -> None:
    """Refuse two rows for one interval, unless the clock shows it twice.

    Parameters
    ----------
    raw, title, entries
        As for :func:`check_clock`.
    twice : collection of int
        Rows in hours that the clock shows twice.
    used : collection of str
        Titles of the columns that are read.

    Raises
    ------
    ScenarioError
    """
    seen: dict[tuple[Any, ...], int] = {}
    found: list[tuple[int, int]] = []
    for entry in entries:
        key = (entry.day, entry.second, entry.queue, entry.channel, entry.apart)
        if key in seen and entry.row not in twice:
            found.append((entry.row, seen[key]))
        seen.setdefault(key, entry.row)
    if not found:
        return
    (row, first), more = found[0], len(found) - 1
    message = f"the same queue and interval as row {first}; allowed: one row {_CURE}"
    if more:
        message += f"; {units.counted(more, 'further row')} of intervals with a row before"
    has_queue = any(entry.queue for entry in entries)
    differ = columns_that_differ(raw, used, has_queue, found)
    uneven = sum(entry.second % units.MINUTE != 0 for entry in entries)
    if not differ and len(found) > LOG_SHARE * len(entries) or uneven > LOG_SHARE * len(entries):
        differ += f"; {ONE_PER_CONTACT}"
    refuse([Problem(title, message + differ, file=raw.name, line=row)])


def check_handle_times(raw: Table, titles: Mapping[str, str], entries: Sequence[Entry]) -> None:
    """Refuse handle times that are hardly in seconds.

    Parameters
    ----------
    raw : Table
    titles : mapping of str to str
        Title of the column by meaning.
    entries : sequence of Entry

    Raises
    ------
    ScenarioError
    """
    for key in titles.keys() & {"aht", "total"}:
        known = [
            (one.row, one.numbers[key], contacts)
            for one in entries
            if one.numbers.get(key, 0.0) > 0 and (contacts := one.numbers.get("offered", 1.0)) > 0
        ]
        if known:
            work = sum(time * (contacts if key == "aht" else 1) for _, time, contacts in known)
            message = other_unit(titles[key], work / sum(contacts for *_, contacts in known))
            if message:
                refuse([Problem(titles[key], message, file=raw.name, line=known[0][0])])


def more_answered(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return a note of rows with more contacts answered than offered, if there are any."""
    nan = math.nan
    rows = [
        one.row
        for one in entries
        if one.numbers.get("answered", nan) > one.numbers.get("offered", nan)
    ]
    if not rows:
        return ()
    shown = ", ".join(map(str, rows[:_NAMED]))
    more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
    return (
        f"more contacts are answered than offered in {len(rows):,} of "
        f"{units.counted(len(entries), 'row')} (row{'s' * (len(rows) > 1)} {shown}{more}): right "
        "only where they were offered in an interval before",
    )
