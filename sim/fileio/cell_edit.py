"""Changing one cell, or one title, of a CSV file."""

from __future__ import annotations

import io

from sim.fileio.cell_values import numbers_in
from sim.fileio.csv_text import csv_row, decode, encode_as, separator_of
from sim.fileio.limits import UPLOADS, TableLimits
from sim.fileio.table import Row
from sim.fileio.table_reader import table_from_text
from sim.numerals import Numbers, decimal_mark, read_number, write_number


def change_cell(
    content: bytes, title: str, row: int, value: float, bounds: TableLimits = UPLOADS
) -> bytes:
    """Return a CSV file with one number changed; every other line stays byte for byte.

    Parameters
    ----------
    content : bytes
        Encoding, separator and decimal mark stay what they are.
    title : str
        Of the column.
    row : int
        Counted from 0, without the header and rows that hold nothing.
    value : float
    bounds : TableLimits

    Raises
    ------
    TableError
        When the file cannot be read or has no such column.
    """
    text = decode("the file", content)
    table = table_from_text("the file", text, bounds=bounds)
    number, cells = table.rows[row]
    place = table.column(title)
    cells = cells + [""] * (place + 1 - len(cells))
    height = _height(cells)
    cells[place] = _written(value, table.numbers, separator_of(text)[0], table.rows, (row, place))
    return encode_as(content, _with_row(text, number, height, cells))


def _written(
    value: float, written: Numbers, separator: str, rows: list[Row], at: tuple[int, int]
) -> str:
    """Return a number so that it, and every other number of the table, is read as before.

    The cell that is replaced may have been the only one that shows the decimal mark; then the
    new one shows it too, if need be as ``13.0``.
    """
    short = write_number(value, decimal=written.decimal or ".")
    others = [cells if k != at[0] else _without(cells, at[1]) for k, (_, cells) in enumerate(rows)]
    for shown in (short, *(_telling(value, mark) for mark in (written.decimal or ".", ".", ","))):
        found = numbers_in([(0, [shown]), *((0, cells) for cells in others)], separator)
        kept = found.decimal == written.decimal and found.certain >= written.certain
        if kept and read_number(shown, found) == value:
            return shown
    return _telling(value, written.decimal or ".")


def _without(cells: list[str], place: int) -> list[str]:
    return cells[:place] + cells[place + 1 :]


def _telling(value: float, decimal: str) -> str:
    """Return a number that shows the decimal mark, such as ``13.0``."""
    shown = write_number(value, decimal=decimal)
    if decimal_mark(shown):
        return shown
    word, exponent, power = shown.partition("e")
    return f"{word}{'' if decimal in word else decimal}0{exponent}{power}"


def rename_column(content: bytes, old: str, new: str, bounds: TableLimits = UPLOADS) -> bytes:
    """Return a CSV file with another title over one column; all else stays byte for byte.

    Parameters
    ----------
    content : bytes
    old, new : str
        Titles, to the letter.
    bounds : TableLimits

    Raises
    ------
    TableError
        When the file cannot be read or has no such column.
    """
    text = decode("the file", content)
    table = table_from_text("the file", text, bounds=bounds)
    titles = list(table.header)
    titles[table.column(old)] = new
    height = _height(list(table.header))
    return encode_as(content, _with_row(text, table.header_row, height, titles))


def _height(cells: list[str]) -> int:
    """Return how many lines a row takes: cells may hold line breaks."""
    return 1 + sum(cell.count("\n") for cell in cells)


def _with_row(text: str, number: int, height: int, cells: list[str]) -> str:
    """Return the text with other cells in one row, numbered from 1."""
    lines = list(io.StringIO(text, newline=""))
    old = "".join(lines[number - 1 : number - 1 + height])
    ending = old[len(old.rstrip("\r\n")) :]
    lines[number - 1 : number - 1 + height] = [csv_row(cells, separator_of(text)[0]) + ending]
    return "".join(lines)
