"""What exports write in a way of their own, put into columns that every reader understands."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.fileio import duration
from sim.fileio.table import is_empty
from sim.history.tables.column_mapping import PARTS, word
from sim.history.tables.interval_reader import amount
from sim.units import DAY, BadInputError

if TYPE_CHECKING:
    from sim.fileio import Numbers, Table

LONG_TERM = "intervalduration", "daily"
"""Column and value of the rows of whole days that Amazon Connect has among those of intervals."""
_RANGE = re.compile(
    r"\s*(\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?)\s*[-–]\s*\d{1,2}:\d{2}.*", re.I
)
"""An interval written with its end, such as 08:00-08:30."""
_WHOLE = re.compile(r"\d{1,4}")


@dataclass(frozen=True)
class ExportColumns:
    """A table with the columns that were put together.

    Attributes
    ----------
    table : Table
    columns : dict of str to str
        Title by meaning.
    notes : tuple of str
        What was put together, and which rows are no intervals.
    """

    table: Table
    columns: dict[str, str]
    notes: tuple[str, ...]


def export_columns(raw: Table, columns: Mapping[str, str]) -> ExportColumns:
    """Return a table with a column for what an export has in several, or writes in its own way.

    Offered is answered and abandoned together where no column has it; the handle time is the sum
    of its parts; hours of the day such as ``9``, times such as ``930``, intervals such as
    ``09:00-09:30`` and shares of the day such as 0.375 beside a date become times; rows of whole
    days among intervals are left out.

    Parameters
    ----------
    raw : Table
    columns : mapping of str to str
        Title by meaning.

    Returns
    -------
    ExportColumns
        A part that cannot be read stands in the new column as it is, so that readers report it.
    """
    chosen = {key: title for key, title in columns.items() if title}
    found = ExportColumns(raw, chosen, ())
    for step in (_without_long_term, _with_offered, _with_handle_time, _with_times):
        found = step(found)
    kept = {key: title for key, title in found.columns.items() if key not in PARTS}
    return replace(found, columns=kept)


def _without_long_term(found: ExportColumns) -> ExportColumns:
    title, value = LONG_TERM
    head = [word(one) for one in found.table.header]
    if title not in head:
        return found
    at = head.index(title)
    kept = [(n, cells) for n, cells in found.table.rows if word(_text(cells, at)) != value]
    left = len(found.table.rows) - len(kept)
    if not left or not kept:
        return found
    note = f"rows of whole days ({found.table.header[at]} = {value}) are left out: {left}"
    return replace(found, table=replace(found.table, rows=kept), notes=(*found.notes, note))


def _text(cells: list[Any], at: int) -> str:
    return str(cells[at] or "") if at < len(cells) else ""


def _with_offered(found: ExportColumns) -> ExportColumns:
    parts = [found.columns.get(key) for key in ("answered", "abandoned")]
    if "offered" in found.columns or not all(parts):
        return found
    return _with_sum(found, "offered", [part for part in parts if part], amount)


def _with_handle_time(found: ExportColumns) -> ExportColumns:
    if {"aht", "total"} & found.columns.keys():
        return found
    for key, suffix in (("aht", ""), ("total", "_total")):
        names = [f"{part}{suffix}" for part in ("talk", "hold", "wrap")]
        parts = [found.columns[name] for name in names if name in found.columns]
        if f"talk{suffix}" in found.columns:
            return _with_sum(found, key, parts, duration)
    return found


def _with_sum(
    found: ExportColumns, key: str, parts: list[str], read: Callable[[Any, Numbers], float]
) -> ExportColumns:
    """Return the table with the sum of columns as one more column."""
    table = found.table
    title = " + ".join(parts)
    places = [table.column(part) for part in parts]
    width = len(table.header)
    rows = []
    for number, cells in table.rows:
        own = [cells[at] if at < len(cells) else None for at in places]
        filled = [*cells[:width], *[None] * (width - len(cells))]
        rows.append((number, [*filled, _sum(own, table.numbers, read)]))
    new = replace(table, header=(*table.header, title), rows=rows)
    note = f"{'offered' if key == 'offered' else 'the handle time'} is {title}"
    notes = found.notes if len(parts) == 1 else (*found.notes, note)
    return ExportColumns(new, found.columns | {key: title}, notes)


def _sum(cells: list[Any], written: Numbers, read: Callable[[Any, Numbers], float]) -> Any:
    """Return the sum of cells, None where all are empty, and one that cannot be read itself."""
    filled = [cell for cell in cells if not is_empty(cell)]
    total = 0.0
    for cell in filled:
        try:
            total += read(cell, written)
        except BadInputError:
            return cell
    return total if filled else None


def _with_times(found: ExportColumns) -> ExportColumns:
    """Return the table with starts that are whole numbers or ranges as times of day."""
    title = found.columns.get("start")
    if title is None:
        return found
    table = found.table
    at = table.column(title)
    cells = [cell for cell in table.cells(at) if not is_empty(cell)]
    read = _time_reader(cells)
    if read is None and "date" in found.columns and all(map(_is_fraction, cells)):
        read = _of_fraction
    if read is None:
        return found
    rows = []
    for number, row in table.rows:
        if at < len(row) and not is_empty(row[at]):
            row = [*row[:at], read(row[at]), *row[at + 1 :]]
        rows.append((number, row))
    return replace(found, table=replace(table, rows=rows))


def _time_reader(cells: list[Any]) -> Callable[[Any], Any] | None:
    """Return what makes times of day of the starts of a column, None where they are plain."""
    if cells and all(_RANGE.fullmatch(str(cell)) for cell in cells[:50]):
        return _start_of
    whole = [str(cell) for cell in cells]
    if not cells or not all(_WHOLE.fullmatch(text) for text in whole):
        return None
    numbers = [int(text) for text in whole]
    if max(numbers) <= 23:
        return lambda cell: dt.time(int(cell))
    if max(numbers) <= 2359 and all(number % 100 < 60 for number in numbers):
        return lambda cell: dt.time(int(cell) // 100, int(cell) % 100)
    return None


def _is_fraction(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool) and 0 <= cell < 1


def _of_fraction(cell: Any) -> dt.time:
    """Return the time that a workbook counts as a share of the day, where no format shows it."""
    second = min(round(cell * DAY), DAY - 1)
    return (dt.datetime.min + dt.timedelta(seconds=second)).time()


def _start_of(cell: Any) -> Any:
    match = _RANGE.fullmatch(str(cell))
    return match[1].strip() if match else cell
