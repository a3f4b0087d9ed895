"""Changing one cell, or one title, of a CSV file."""

from __future__ import annotations

import csv
import io

from sim.fileio.bounds import UPLOADS, Bounds
from sim.fileio.reading import table_from_text
from sim.fileio.text import decode, encoding_of, separator_of


def change_cell(
    content: bytes, title: str, row: int, value: float, bounds: Bounds = UPLOADS
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
    bounds : Bounds

    Raises
    ------
    TableError
        When the file cannot be read or has no such column.
    """
    text, encoding = decode("the file", content), encoding_of(content)
    table = table_from_text("the file", text, bounds=bounds)
    number, cells = table.rows[row]
    place = table.column(title)
    cells = cells + [""] * (place + 1 - len(cells))
    height = _height(cells)
    cells[place] = f"{value:.10g}".replace(".", table.numbers.decimal)
    return _with_row(text, number, height, cells).encode(encoding)


def rename_column(content: bytes, old: str, new: str, bounds: Bounds = UPLOADS) -> bytes:
    """Return a CSV file with another title over one column; all else stays byte for byte.

    Parameters
    ----------
    content : bytes
    old, new : str
        Titles, to the letter.
    bounds : Bounds

    Raises
    ------
    TableError
        When the file cannot be read or has no such column.
    """
    text, encoding = decode("the file", content), encoding_of(content)
    table = table_from_text("the file", text, bounds=bounds)
    titles = list(table.header)
    titles[table.column(old)] = new
    height = _height(list(table.header))
    return _with_row(text, table.header_row, height, titles).encode(encoding)


def _height(cells: list[str]) -> int:
    """Return how many lines a row takes: cells may hold line breaks."""
    return 1 + sum(cell.count("\n") for cell in cells)


def _with_row(text: str, number: int, height: int, cells: list[str]) -> str:
    """Return the text with other cells in one row, numbered from 1."""
    lines = list(io.StringIO(text, newline=""))
    old = "".join(lines[number - 1 : number - 1 + height])
    sink = io.StringIO()
    # With an empty end of line the module would leave line breaks in cells without quotes.
    csv.writer(sink, delimiter=separator_of(text)[0], lineterminator="\r\n").writerow(cells)
    ending = old[len(old.rstrip("\r\n")) :]
    lines[number - 1 : number - 1 + height] = [sink.getvalue().removesuffix("\r\n") + ending]
    return "".join(lines)
