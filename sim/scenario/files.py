"""Columns of CSV and XLSX files that stand beside a scenario."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.scenario.problems import nearest

TIME_COLUMNS = ("interval_start", "start", "time")
_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")


@dataclass(frozen=True)
class Column:
    """One column of a file.

    Attributes
    ----------
    values : tuple
        Cells in the order of the file, numbers where they can be read as such.
    times : tuple of str or None
        The time column beside it, when the file has one.
    source : str
        ``file:column`` as written.
    """

    values: tuple[Any, ...]
    times: tuple[str, ...] | None
    source: str


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
    _tables: dict[Path, dict[str, dict[str, list[Any]]]] = field(default_factory=dict)

    @property
    def read(self) -> dict[str, Path]:
        """The files that were read so far, by their paths from the folder."""
        if self.folder is None:
            return {}
        folder = self.folder.resolve()
        inside = (path for path in self._tables if path.is_relative_to(folder))
        return {path.relative_to(folder).as_posix(): path for path in inside}

    def column(self, source: str) -> Column:
        """Return a column named as ``file.csv:column`` or ``file.xlsx:Sheet!column``.

        Raises
        ------
        ValueError
            When the file cannot be found or read, or has no such column.
        """
        name, _, wanted = source.partition(":")
        wanted = wanted.strip()
        if not wanted:
            raise ValueError(f'{source!r} names no column; allowed: "file.csv:column"')
        path = self._path(name.strip(), source)
        sheets = self._read(path)
        sheet, bang, column = wanted.rpartition("!")
        table = self._sheet(sheets, sheet if bang else "", source)
        column = _key(table, column)
        if column not in table:
            hint = nearest(column, table)
            hint = f'; did you mean "{hint}"?' if hint else ""
            known = ", ".join(table)
            raise ValueError(f"{name} has no column {column!r}; it has: {known}{hint}")
        beside = next((t for t in table if t.lower() in TIME_COLUMNS and t != column), None)
        times = tuple(str(cell) for cell in table[beside]) if beside else None
        return _cut(table[column], times, source)

    def _path(self, name: str, source: str) -> Path:
        if self.folder is None:
            raise ValueError(f"{source!r} cannot be read: the scenario has no folder")
        if not name.lower().endswith(_SUFFIXES):
            raise ValueError(f"{name!r} is no CSV or XLSX file; allowed: .csv, .tsv, .xlsx")
        if Path(name).is_absolute():
            raise ValueError(f"{name!r} is absolute; allowed: a path from the scenario's folder")
        folder = self.folder.resolve()
        path = (folder / name).resolve()
        if self.confined and not path.is_relative_to(folder):
            raise ValueError(f"{name!r} leaves the scenario's folder; allowed: files inside it")
        if not path.is_file():
            near = nearest(path.name, (p.name for p in folder.glob("*") if p.is_file()))
            hint = f'; did you mean "{near}"?' if near else ""
            raise ValueError(f"{name!r} does not exist beside the scenario{hint}")
        return path

    def _read(self, path: Path) -> dict[str, dict[str, list[Any]]]:
        if path not in self._tables:
            workbook = path.suffix.lower().startswith(".xls")
            self._tables[path] = _read_xlsx(path) if workbook else {"": _read_csv(path)}
        return self._tables[path]

    @staticmethod
    def _sheet(
        sheets: dict[str, dict[str, list[Any]]], name: str, source: str
    ) -> dict[str, list[Any]]:
        if not name:
            return next(iter(sheets.values()))
        if name not in sheets:
            raise ValueError(f"{source!r}: no sheet {name!r}; it has: {', '.join(sheets)}")
        return sheets[name]


def is_file(value: object) -> bool:
    """Return whether a value is written as ``file.csv:column``."""
    if not isinstance(value, str):
        return False
    return value.partition(":")[0].strip().lower().endswith(_SUFFIXES)


def _key(table: dict[str, list[Any]], name: str) -> str:
    """Return the column's own spelling when it differs in case only."""
    return next((key for key in table if key.lower() == name.lower()), name)


def _cut(cells: list[Any], times: tuple[str, ...] | None, source: str) -> Column:
    """Drop empty rows at the end of a column."""
    end = len(cells)
    while end and _is_empty(cells[end - 1]):
        end -= 1
    values = tuple(_value(cell) for cell in cells[:end])
    return Column(values, times[:end] if times else None, source)


def _is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _value(cell: Any) -> Any:
    if _is_empty(cell):
        return math.nan
    if isinstance(cell, str):
        try:
            return float(cell)
        except ValueError:
            return cell.strip()
    return cell


def _read_csv(path: Path) -> dict[str, list[Any]]:
    """Return the columns of a CSV file, told apart by comma, semicolon or tab."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name!r} cannot be read: {error}") from error
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise ValueError(f"{path.name!r} is empty; allowed: a header and rows")
    mark = max(",;\t", key=lines[0].count)
    return _columns(path.name, list(csv.reader(lines, delimiter=mark)))


def _read_xlsx(path: Path) -> dict[str, dict[str, list[Any]]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (OSError, BadZipFile, InvalidFileException, KeyError) as error:
        raise ValueError(f"{path.name!r} is no readable XLSX file: {error}") from error
    sheets = {}
    for sheet in book.worksheets:
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        rows = [row for row in rows if any(not _is_empty(cell) for cell in row)]
        if rows:
            sheets[sheet.title] = _columns(path.name, rows)
    book.close()
    if not sheets:
        raise ValueError(f"{path.name!r} is empty; allowed: a header and rows")
    return sheets


def _columns(name: str, rows: list[list[Any]]) -> dict[str, list[Any]]:
    header = [str(cell).strip() if cell is not None else "" for cell in rows[0]]
    named = [title for title in header if title]
    doubled = {title for title in named if named.count(title) > 1}
    if doubled:
        raise ValueError(f"{name!r} has two columns named {min(doubled)!r}; allowed: one each")
    return {
        title: [row[i] if i < len(row) else None for row in rows[1:]]
        for i, title in enumerate(header)
        if title
    }
