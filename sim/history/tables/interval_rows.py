"""Interval rows of a table to be staffed: one row for each queue, or one column for each queue."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim import units
from sim.fileio import TableError, dates, duration, read_table, show_value
from sim.history.tables.actuals import Reading, read_actuals
from sim.history.tables.column_mapping import MEANINGS, PARTS, if_of_contacts, word
from sim.history.tables.export_columns import ExportColumns, export_columns
from sim.history.tables.interval_reader import NAMES, Entry, IntervalRow, refuse, whole
from sim.history.tables.wide_table import (
    chosen_columns,
    handle_columns,
    layout_of,
    queue_columns,
    read_wide,
)
from sim.scenario import Problem
from sim.scenario.problems import listed, nearest

if TYPE_CHECKING:
    from pathlib import Path

    from sim.fileio import Table

ONLY_HERE: dict[str, Reading] = {
    "patience": duration,
    "target": lambda value, _: str(value),
    "at_once": whole,
    "due": duration,
}
"""Meanings that a column has for staffing alone, and what reads them."""
USED = ("date", "answered")
"""Meanings besides those of the names that count for staffing."""
FIRST_DAY = dt.date(2026, 1, 5)
"""The day of rows that have a time only."""


def read_rows(
    path: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    order: str | None = None,
    aht: float | str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
) -> tuple[list[IntervalRow], list[str]]:
    """Read the interval rows of a CSV or XLSX file.

    Parameters
    ----------
    path : str or Path
    columns : mapping of str to str, optional
        Title by meaning where the titles are not understood by themselves.
    order : str, optional
        "day-first" or "month-first", for dates such as 05/01/2026.
    aht : float or str, optional
        Handle time of contacts for which the table has none (s or text).
    sheet, header_row : optional
        As for :func:`sim.fileio.read_table`.

    Returns
    -------
    (list of IntervalRow, list of str)
        The rows, and what was assumed.

    Raises
    ------
    ScenarioError
        With every column that is missing and every cell that cannot be read.
    """
    try:
        table = read_table(path, sheet, header_row)
        chosen = dict(columns or {})
        put = _titles(table, chosen)
        table, titles = put.table, put.columns
    except TableError as error:
        refuse([Problem(error.column, error.message, file=error.file, line=error.row)])
    handle_s = None if aht is None else units.duration(aht)
    written = dates.order_named(order)
    if not {"offered", "queue"} & titles.keys() and layout_of(table) == "wide":
        lines, notes = _wide(table, titles, written, handle_s)
    else:
        lines, notes = _long(table, titles, written, handle_s), []
    return _renamed(lines, [*put.notes, *notes])


def _titles(table: Table, chosen: dict[str, str]) -> ExportColumns:
    """Return the columns that count, by the keys of ``NAMES`` and ``date``."""
    known = [*MEANINGS, *PARTS, *ONLY_HERE]
    for key in chosen:
        if key not in known:
            message = f"{key!r} is not a meaning of a column; allowed: {listed(known)}"
            refuse([Problem("", message, suggestion=nearest(key, known), file=table.name)])
    put = export_columns(table, chosen_columns(table, chosen))
    table, found = put.table, put.columns
    heads = {word(title): title for title in table.header if title}
    for key in ONLY_HERE:
        own = next((heads[name] for name in NAMES[key] if name in heads), None)
        if own is not None:
            found.setdefault(key, own)
    used = (*NAMES, *USED)
    kept = {key: title for key, title in found.items() if title and key in used}
    return replace(
        put, columns={key: table.header[table.column(title)] for key, title in kept.items()}
    )


def _long(
    table: Table, titles: dict[str, str], order: str, handle_s: float | None
) -> list[IntervalRow]:
    """Return the rows of a table with one row for each queue and interval."""
    missing = [key for key in ("start", "offered") if key not in titles]
    if not {"aht", "total"} & titles.keys() and handle_s is None:
        missing.append("aht")
    shown = {"start": "interval_start", "aht": "aht_s or total_handle_s"}
    cure = {key: f"say --column {key}=TITLE" for key in missing}
    cure["aht"] = "say --aht 4min or --column aht=TITLE"
    found = ", ".join(filter(None, table.header))
    refuse(
        [
            Problem(
                shown.get(key, key),
                f"no such column; {cure[key]}; the file has: {found}"
                f"{if_of_contacts(table) if key == missing[-1] else ''}",
                file=table.name,
            )
            for key in missing
        ]
    )
    refuse(_without_times(table, titles))
    actuals = read_actuals(
        table, titles, order=order, needs_handle_time=handle_s is None, more=ONLY_HERE
    )
    return [_line(entry, handle_s) for entry in actuals.entries]


def _line(entry: Entry, handle_s: float | None) -> IntervalRow:
    start = dt.datetime.combine(entry.day or FIRST_DAY, dt.time())
    start += dt.timedelta(seconds=entry.second)
    numbers = {"handled" if key == "answered" else key: n for key, n in entry.numbers.items()}
    queue, channel = entry.queue or "all", entry.channel or "voice"
    target = entry.texts.get("target", "")
    if handle_s is not None and all(
        math.isnan(numbers.get(key, math.nan)) for key in ("aht", "total")
    ):
        numbers["aht"] = handle_s
    return IntervalRow(entry.row, start, queue, channel, entry.apart, numbers, target)


def _without_times(table: Table, titles: dict[str, str]) -> list[Problem]:
    """Return the rows whose start is a date without a time, where no other column has it."""
    if "date" in titles:
        return []
    at = table.column(titles["start"])
    message = f"is not a date and time; allowed: {dates.ALLOWED}"
    return [
        Problem(titles["start"], f"{show_value(cells[at])} {message}", file=table.name, line=row)
        for row, cells in table.rows
        if at < len(cells) and _is_date_alone(cells[at])
    ]


def _is_date_alone(cell: Any) -> bool:
    if isinstance(cell, str):
        return bool(re.fullmatch(r"\s*\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\s*", cell))
    return isinstance(cell, dt.date) and not isinstance(cell, dt.datetime)


def _wide(
    table: Table, titles: dict[str, str], order: str, handle_s: float | None
) -> tuple[list[IntervalRow], list[str]]:
    """Return the rows of a table with one column of contacts for each queue."""
    queues = queue_columns(table)
    handle = handle_columns(table, queues)
    if handle_s is None:
        cure = 'give --aht, such as --aht 4min, or a column titled "AHT'
        refuse(
            [
                Problem(title, f'has no handle time; {cure} {title}"', file=table.name)
                for title in queues
                if title not in handle
            ]
        )
    actuals = read_wide(table, titles, queues, order=order, handle=handle)
    lines = []
    for entry in actuals.entries:
        start = dt.datetime.combine(entry.day or FIRST_DAY, dt.time())
        numbers = dict(entry.numbers)
        if not numbers.get("aht", -1.0) >= 0 and handle_s is not None:
            numbers["aht"] = handle_s
        at = start + dt.timedelta(seconds=entry.second)
        lines.append(IntervalRow(entry.row, at, entry.queue, "voice", (), numbers))
    noted = f"each column of contacts is taken as a voice queue: {', '.join(queues)}"
    return lines, [noted, *actuals.notes]


def _renamed(lines: list[IntervalRow], notes: list[str]) -> tuple[list[IntervalRow], list[str]]:
    """Take out of names what a scenario allows in none, because of its dotted paths."""
    names = {line.queue: re.sub(r"[.=]", "_", line.queue) for line in lines}
    noted = [
        f"queue {old!r} is called {new!r} here: names have no . and ="
        for old, new in names.items()
        if old != new
    ]
    return [replace(line, queue=names[line.queue]) for line in lines], [*noted, *notes]
