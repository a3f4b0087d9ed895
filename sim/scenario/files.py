"""Columns of the CSV and XLSX files of a scenario."""

from __future__ import annotations

import datetime as dt
import math
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim import units
from sim.fileio import FILES, SUFFIXES, UPLOADS, Table, TableError, is_missing, number, read_table
from sim.fileio.dates import moment, order_of
from sim.scenario.problems import nearest
from sim.units import AmbiguousNumberError, BadInputError

TIME_COLUMNS = ("interval_start", "start", "time")


@dataclass(frozen=True)
class FileColumn:
    """One column of a file.

    Attributes
    ----------
    values : tuple
        Cells in the order of the file, numbers where they can be read as such.
    times : tuple of str or None
        The time column next to it, when asked for and the file has one: times of day, or dates and
        times in the order of year, month and day.
    source : str
        ``file:column`` of the scenario.
    rows : tuple of int
        Number of each row in the file, counted from 1.
    empty : int
        Rows at the end that have no value in this column; they are left out above.
    """

    values: tuple[Any, ...]
    times: tuple[str, ...] | None
    source: str
    rows: tuple[int, ...]
    empty: int = 0


@dataclass
class Files:
    """The folder of a scenario, and what was read from it.

    Parameters
    ----------
    folder : Path or None
        Where relative paths begin; None when there is no folder.
    confined : bool
        Refuse paths that leave the folder (for scenarios that come from an upload).
    """

    folder: Path | None
    confined: bool = False
    _tables: dict[tuple[Path, str], Table] = field(default_factory=dict)

    @property
    def read(self) -> dict[str, Path]:
        """The files that were read so far, by their paths from the folder."""
        if self.folder is None:
            return {}
        folder = self.folder.resolve()
        inside = (path for path, _ in self._tables if path.is_relative_to(folder))
        return {path.relative_to(folder).as_posix(): path for path in inside}

    def column(self, source: str, timed: bool = False) -> FileColumn:
        """Return a column named as ``file.csv:column`` or ``file.xlsx:Sheet!column``.

        Parameters
        ----------
        source : str
        timed : bool
            Whether the column of times is asked for.

        Raises
        ------
        ValueError
            When the file cannot be found or read, or has no such column.
        """
        name, _, wanted = source.partition(":")
        wanted = wanted.strip()
        if not wanted:
            raise ValueError(f'{source!r} names no column; allowed: "file.csv:column"')
        sheet, _, title = wanted.rpartition("!")
        table = self._read(self._path(name.strip(), source), name.strip(), sheet)
        return _column(table, title, source, timed)

    def records(self, source: str, titles: tuple[str, ...]) -> list[dict[str, Any]]:
        """Return the rows of a file as tables, empty cells left out.

        Parameters
        ----------
        source : str
            ``file.csv``, or ``file.xlsx:Sheet``.
        titles : tuple of str
            Columns that it may have; the first one it must have.

        Raises
        ------
        ValueError
            When the file cannot be found or read, or has another column.
        """
        name, _, sheet = source.partition(":")
        table = self._read(self._path(name.strip(), source), name.strip(), sheet.strip())
        table.column(titles[0])
        for title in filter(None, table.header):
            if title.strip().lower() not in titles:
                allowed = ", ".join(titles)
                raise ValueError(f"{table.name}: unknown column {title!r}; allowed: {allowed}")
        places = {t: at for t in titles if (at := table.find(t)) is not None}
        found = []
        for k, (row, _) in enumerate(table.rows):
            cells = {title: table.cells(at)[k] for title, at in places.items()}
            if is_missing(cells[titles[0]]):
                raise ValueError(f"{table.name} row {row}: {titles[0]} is empty; allowed: a name")
            found.append({title: cell for title, cell in cells.items() if not is_missing(cell)})
        return found

    def _path(self, name: str, source: str) -> Path:
        if self.folder is None:
            raise ValueError(f"{source!r} cannot be read: the scenario has no folder")
        if not name.lower().endswith(SUFFIXES):
            raise ValueError(f"{name!r} is not a CSV or XLSX file; allowed: .csv, .tsv, .xlsx")
        if Path(name).is_absolute():
            raise ValueError(f"{name!r} is absolute; allowed: a path from the scenario's folder")
        folder = self.folder.resolve()
        try:
            path = (folder / name).resolve()
        except (OSError, RuntimeError):
            raise ValueError(f"{name!r} is a link to itself; allowed: a file") from None
        if self.confined and not path.is_relative_to(folder):
            raise ValueError(f"{name!r} leaves the scenario's folder; allowed: files inside it")
        if not path.is_file():
            near = nearest(path.name, (p.name for p in folder.glob("*") if p.is_file()))
            hint = f'; did you mean "{near}"?' if near else ""
            raise ValueError(f"{name!r} does not exist in the folder of the scenario{hint}")
        return path

    def _read(self, path: Path, name: str, sheet: str) -> Table:
        if (path, sheet) not in self._tables:
            bounds = UPLOADS if self.confined else FILES
            self._tables[path, sheet] = read_table(path, sheet or None, bounds=bounds, name=name)
        return self._tables[path, sheet]


def is_file(value: object) -> bool:
    """Return whether a value is written as ``file.csv:column``."""
    if not isinstance(value, str):
        return False
    return value.partition(":")[0].strip().lower().endswith(SUFFIXES)


def _column(table: Table, title: str, source: str, timed: bool) -> FileColumn:
    """Return a column without the empty rows at its end."""
    place = table.column(title)
    cells = table.cells(place)
    end = len(cells)
    while end and is_missing(cells[end - 1]):
        end -= 1
    rows = tuple(row for row, _ in table.rows[:end])
    values = tuple(
        _value(table, title, row, cell) for row, cell in zip(rows, cells[:end], strict=True)
    )
    times = _times(table, place, end) if timed else None
    return FileColumn(values, times, source, rows, len(cells) - end)


def _times(table: Table, place: int, end: int) -> tuple[str, ...] | None:
    heading = next((t for t in table.header if t.lower() in TIME_COLUMNS), None)
    if heading is None or (at := table.column(heading)) == place:
        return None
    cells = table.cells(at)
    order = order_of(cells)
    numbered = zip(table.rows[:end], cells, strict=False)
    return tuple(_time(table, heading, row, cell, order) for (row, _), cell in numbered)


def _time(table: Table, title: str, row: int, cell: Any, order: str) -> str:
    """Return a time of day unchanged, or a date and time in the order of year, month and day."""
    if isinstance(cell, dt.datetime | dt.time):
        return str(cell)
    if isinstance(cell, str):
        with suppress(BadInputError):
            units.clock(cell)
            return cell.strip()
    try:
        day, second, _ = moment(cell, order)
    except BadInputError as error:
        raise TableError(table.name, str(error), row, title) from None
    clock = units.show_clock(second)
    return clock if day is None else f"{day} {clock}"


def _value(table: Table, title: str, row: int, cell: Any) -> Any:
    """Return a number where the cell holds one, NaN where it is empty, else what it holds."""
    if is_missing(cell):
        return math.nan
    if not isinstance(cell, str):
        return cell
    try:
        return number(cell, table.numbers)
    except AmbiguousNumberError as error:
        raise TableError(table.name, str(error), row, title) from None
    except BadInputError:
        return cell.strip()
