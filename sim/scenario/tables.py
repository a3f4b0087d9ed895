"""Tables as planners have them: CSV, TSV, pipes or a workbook, read strictly and within bounds."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, NoReturn
from zipfile import BadZipFile, ZipFile

from sim.scenario.problems import Problem, ScenarioError, nearest

TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
"""Bytes that a workbook may unpack to."""
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MARKS = ",;\t|"

Rows = list[tuple[int, list[Any]]]


@dataclass(frozen=True)
class Raw:
    """A table as its file says it.

    Attributes
    ----------
    name : str
        Of the file.
    head : tuple of str
        Titles of the columns; an empty one stands for a column without a title.
    rows : list of (int, list)
        Number of the row in the file, counted from 1, and its cells.
    comma : bool
        Whether a comma in a number is the decimal point.
    sheets : tuple of str
        Of a workbook, the one that was read first.
    """

    name: str
    head: tuple[str, ...]
    rows: Rows
    comma: bool = False
    sheets: tuple[str, ...] = ()

    def column(self, title: str) -> int:
        """Return the place of a column.

        Raises
        ------
        ScenarioError
            When there is none of the title.
        """
        if title in self.head:
            return self.head.index(title)
        known = ", ".join(filter(None, self.head))
        hint = nearest(title, self.head)
        message = f"no such column; the file has: {known}"
        raise ScenarioError([Problem(title, message, suggestion=hint, file=self.name)])


def read_table(name: str, content: bytes, sheet: str | None = None) -> Raw:
    """Read a table from the content of a file; nothing in it is run.

    Parameters
    ----------
    name : str
        Of the file; its ending says what it is.
    content : bytes
    sheet : str, optional
        Of a workbook; the first unless given.

    Raises
    ------
    ScenarioError
        When it is too large, of another kind, cannot be read, or has no rows.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in TABLES:
        _refuse(name, f"is a {suffix or 'nameless'} file; allowed: {', '.join(TABLES)}")
    if len(content) > MOST_BYTES:
        size = len(content) / 1024**2
        _refuse(name, f"has {size:,.0f} MB; allowed: at most {MOST_BYTES / 1024**2:,.0f} MB")
    if suffix.startswith(".xls"):
        rows, sheets = _workbook(name, content, sheet)
        return _table(name, rows, False, sheets)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse(name, "cannot be read: is no text in UTF-8; save it as CSV UTF-8")
    return read_text(name, text)


def read_text(name: str, text: str) -> Raw:
    """Read a table from text, such as one copied from a spreadsheet.

    Raises
    ------
    ScenarioError
        As :func:`read_table`.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(MARKS, key=first.count)
    rows: Rows = []
    try:
        reader = csv.reader(io.StringIO(text), delimiter=mark)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, list(cells)))
            if len(rows) > MOST_ROWS + 1:
                break
    except csv.Error as error:
        _refuse(name, f"cannot be read: {error}")
    return _table(name, rows, mark == ";", ())


def _workbook(name: str, content: bytes, sheet: str | None) -> tuple[Rows, tuple[str, ...]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with ZipFile(io.BytesIO(content)) as book:
            unpacked = sum(part.file_size for part in book.infolist())
        if unpacked > MOST_UNPACKED:
            _refuse(name, f"unpacks to more than {MOST_UNPACKED / 1024**2:,.0f} MB")
        found = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, InvalidFileException) as error:
        if isinstance(error, ScenarioError):
            raise
        _refuse(name, f"cannot be read: no readable XLSX file: {error}")
    names = tuple(one.title for one in found.worksheets)
    wanted = sheet or (names[0] if names else "")
    if wanted not in names:
        _refuse(name, f"has no sheet {wanted!r}; it has: {', '.join(names) or 'none'}")
    rows: Rows = []
    for number, cells in enumerate(found[wanted].values, start=1):
        if any(cell not in (None, "") for cell in cells):
            rows.append((number, list(cells)))
        if len(rows) > MOST_ROWS + 1:
            break
    found.close()
    return rows, (wanted, *(one for one in names if one != wanted))


def _table(name: str, rows: Rows, comma: bool, sheets: tuple[str, ...]) -> Raw:
    if not rows:
        _refuse(name, "is empty; allowed: a header and rows")
    head = tuple(str(cell).strip() if cell is not None else "" for cell in rows[0][1])
    doubled = sorted({title for title in head if title and head.count(title) > 1})
    if doubled:
        _refuse(name, f"has two columns named {doubled[0]!r}; allowed: one each", rows[0][0])
    if len(head) > MOST_COLUMNS:
        _refuse(name, f"has {len(head)} columns; allowed: at most {MOST_COLUMNS}", rows[0][0])
    if len(rows) > MOST_ROWS + 1:
        _refuse(name, f"has more than {MOST_ROWS:,} rows; allowed: at most {MOST_ROWS:,}")
    if len(rows) == 1:
        _refuse(name, "has no rows; allowed: a header and rows")
    return Raw(name, head, rows[1:], comma, sheets)


def _refuse(name: str, message: str, line: int | None = None) -> NoReturn:
    raise ScenarioError([Problem("", message, file=name, line=line)])
