"""A table as its file has it: titles of columns, numbered rows, and how numbers are written."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NoReturn

from sim.fileio.cell_values import numbers_in
from sim.fileio.limits import TableLimits
from sim.numerals import Numbers
from sim.units import BadInputError, counted

Row = tuple[int, list[Any]]
"""Number of a row in its file, counted from 1, and its cells."""
SAMPLED = 50
"""Rows that show how wide a table is."""
MOST_TITLES = 20
"""Titles that a message lists."""


class TableError(BadInputError):
    """A table that cannot be used; the message says file, row, column and what is allowed.

    Parameters
    ----------
    file, message : str
    row : int, optional
        In the file, counted from 1.
    column : str
        Its title, or a cell such as ``Sheet1!C5``.
    """

    def __init__(self, file: str, message: str, row: int | None = None, column: str = "") -> None:
        self.file, self.message, self.row, self.column = file, message, row, column
        place = f"{file}:{row}" if row else file
        super().__init__(": ".join(filter(None, (place, column, message))))

    def __reduce__(self) -> tuple[type[TableError], tuple[str, str, int | None, str]]:
        """Rebuild from its parts, so that it survives being sent to another process."""
        return TableError, (self.file, self.message, self.row, self.column)


@dataclass(frozen=True)
class Table:
    """A table as its file has it.

    Attributes
    ----------
    name : str
        Of the file.
    header : tuple of str
        Titles of the columns; empty where a column has none.
    rows : list of (int, list)
        Number of each row in the file, counted from 1, and its cells: the text in the file; from a
        workbook also numbers, bools, dates, times and None. Rows may be shorter than the header.
        Rows without any content are left out.
    numbers : Numbers
        How numbers in text are written, such as with a decimal comma.
    header_row : int
        Number of the row that holds the titles.
    sheets : tuple of str
        Of a workbook, the one that was read first.
    """

    name: str
    header: tuple[str, ...]
    rows: list[Row]
    numbers: Numbers = field(default_factory=Numbers)
    header_row: int = 1
    sheets: tuple[str, ...] = ()

    def column(self, title: str) -> int:
        """Return the place of a column, counted from 0; upper and lower case are alike.

        Raises
        ------
        TableError
            When there is none of the title.
        """
        place = self.find(title)
        if place is not None:
            return place
        known = [one for one in self.header if one]
        shown = ", ".join(known[:MOST_TITLES])
        more = f" and {len(known) - MOST_TITLES} more" if len(known) > MOST_TITLES else ""
        near = difflib.get_close_matches(title, known, n=1, cutoff=0.55)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        message = f"no such column; the file has: {shown or 'no titles'}{more}{hint}"
        raise TableError(self.name, message, column=title)

    def find(self, title: str) -> int | None:
        """Return the place of a column, None where there is none of the title."""
        if title in self.header:
            return self.header.index(title)
        lower = title.strip().lower()
        return next((k for k, one in enumerate(self.header) if one and one.lower() == lower), None)

    def cells(self, place: int) -> list[Any]:
        """Return the cells of a column in the order of the rows, None where a row is shorter."""
        return [cells[place] if place < len(cells) else None for _, cells in self.rows]


class UnsavedFormula(str):
    """The place of a cell whose formula has no saved value, such as ``Sheet1!C5``."""

    __slots__ = ()


def is_empty(cell: Any) -> bool:
    """Tell whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def make_table(
    name: str,
    rows: list[Row],
    bounds: TableLimits,
    *,
    separator: str = "",
    header_row: int | None = None,
    sheets: tuple[str, ...] = (),
) -> Table:
    """Return rows as a table, once its header is found or given.

    Parameters
    ----------
    name : str
    rows : list of (int, list)
        Those with content.
    bounds : TableLimits
    separator : str
        Between the cells of a text.
    header_row : int, optional
        The row of the titles. By default the first that fills more than half of the usual
        number of cells, so that lines of explanation above the table are passed over.
    sheets : tuple of str

    Raises
    ------
    TableError
        When there are no rows, a title stands twice, or there are too many columns.
    """
    if not rows:
        refuse(name, "is empty; allowed: a header and rows")
    at = _header_at(name, rows, header_row)
    number, cells = rows[at]
    if sheets:
        _refuse_unsaved(name, rows[at:])
    header = tuple("" if cell is None else str(cell).strip() for cell in cells)
    while header and not header[-1]:
        header = header[:-1]
    if len(header) > bounds.columns:
        refuse(name, f"has {len(header):,} columns; allowed: at most {bounds.columns:,}", number)
    times = Counter(filter(None, header))
    doubled = sorted(title for title, count in times.items() if count > 1)
    if doubled:
        refuse(name, f"has two columns named {doubled[0][:80]!r}; allowed: one each", number)
    body = rows[at + 1 :]
    if not body:
        others = f"; its other sheets: {', '.join(sheets[1:20])}" if sheets[1:] else ""
        refuse(name, f"has no rows; allowed: a header and rows{others}")
    if not sheets:
        _refuse_long(name, body, len(cells), number)
    return Table(name, header, body, numbers_in(body, separator), number, sheets)


def _header_at(name: str, rows: list[Row], row_number: int | None) -> int:
    if row_number is not None:
        for k, (number, _) in enumerate(rows):
            if number == row_number:
                return k
        refuse(
            name, f"row {row_number} holds nothing; allowed: the row with the titles of the columns"
        )
    filled = [sum(not is_empty(cell) for cell in cells) for _, cells in rows[:SAMPLED]]
    usual = Counter(filled).most_common(1)[0][0]
    return next((k for k, count in enumerate(filled) if 2 * count > usual), 0)


def _refuse_long(name: str, rows: list[Row], width: int, row: int) -> None:
    """Refuse rows of a text with more cells than titles: what is in them may be displaced."""
    for number, cells in rows:
        if not all(is_empty(cell) for cell in cells[width:]):
            titles = f"the {counted(width, 'title')} of row {row}"
            problem = f"has {counted(len(cells), 'cell')} under {titles}"
            cure = 'put "1,234" in quotes, or write 1234'
            refuse(name, f"{problem}; allowed: at most one for each title ({cure})", number)


def _refuse_unsaved(name: str, rows: list[Row]) -> None:
    """Refuse formulas without a value in columns with a title; elsewhere they are empty cells."""
    titled = [not is_empty(cell) for cell in rows[0][1]]
    for number, cells in rows:
        for k, cell in enumerate(cells):
            if not isinstance(cell, UnsavedFormula):
                continue
            if k < len(titled) and titled[k]:
                refuse(
                    name, "holds a formula without a saved value, and formulas are not computed "
                    "here; open the workbook in a spreadsheet program and save it, or put the "
                    "value in its place", number, str(cell),
                )  # fmt: skip
            cells[k] = None


def refuse(name: str, message: str, row: int | None = None, column: str = "") -> NoReturn:
    """Raise a :class:`TableError`."""
    raise TableError(name, message, row, column)
