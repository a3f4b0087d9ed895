"""Two changes of one CSV file made apart, put together by row and cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sim.fileio.csv_text import csv_row, decode, encoding_of, separator_of
from sim.fileio.table import TableError


class _Row(NamedTuple):
    """A row as it is written, end of line included, and its cells."""

    text: str
    cells: list[str]


def merged_rows(before: bytes, own: bytes, other: bytes) -> bytes | None:
    """Return a CSV file with both changes; rows that one side alone changed stay byte for byte.

    Cells of a row that both changed are put together only where the first cell, which names the
    row, is the same in all three.

    Parameters
    ----------
    before : bytes
        What both began with.
    own, other : bytes
        What was made of it.

    Returns
    -------
    bytes or None
        None where they cannot be put together for certain: a cell was changed twice, or rows,
        columns, the separator or the encoding differ.
    """
    files = (before, own, other)
    try:
        texts = [decode("the file", content) for content in files]
        ways = {(*separator_of(text), encoding_of(c)) for text, c in zip(texts, files, strict=True)}
        ((separator, skipped, encoding),) = ways
        for text, content in zip(texts, files, strict=True):
            if not content.decode(encoding).startswith(text):  # its lines are in two encodings
                return None
        rows = [_rows(text, separator) for text in texts]
    except (TableError, csv.Error, ValueError):  # no text, quotes that do not close, several ways
        return None
    if len({len(some) for some in rows}) > 1:
        return None
    if _columns_moved(*(_titles(some, skipped) for some in rows)):
        return None
    found = [_merged(three, separator) for three in zip(*rows, strict=True)]
    text = "".join(row for row in found if row is not None)
    return None if None in found else text.encode(encoding)


def _rows(text: str, separator: str) -> list[_Row]:
    """Return the rows of a text; a comment is a row of one cell."""
    rows, taken = list[_Row](), list[str]()

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            if not taken and line.startswith("#") and not line.startswith("#" + separator):
                rows.append(_Row(line, [line]))
                continue
            taken.append(line)
            yield line

    for cells in csv.reader(lines(), delimiter=separator, strict=True):
        rows.append(_Row("".join(taken), cells))
        taken.clear()
    return rows


def _columns_moved(titles: list[str], *changed: list[str]) -> bool:
    """Tell whether columns came, went or changed places; a new title alone is none of these."""
    return any(
        len(some) != len(titles)
        or any(new != old and new in titles for old, new in zip(titles, some, strict=True))
        for some in changed
    )


def _titles(rows: list[_Row], skipped: int) -> list[str]:
    """Return the cells of the first row of several, after lines that name the separator."""
    several = [row.cells for row in rows if len(row.cells) > 1]
    return several[skipped] if len(several) > skipped else []


def _merged(three: Sequence[_Row], separator: str) -> str | None:
    """Return one row with both changes, None where they cannot be put together."""
    whole = _one_of([row.text for row in three])
    if whole is not None:
        return whole
    first = {tuple(row.cells[:1]) for row in three}
    if len(first) > 1 or three[0].text.lstrip('"').startswith("#"):  # never to become a comment
        return None
    if len({len(row.cells) for row in three}) > 1:
        return None
    cells = [_one_of(some) for some in zip(*(row.cells for row in three), strict=True)]
    ending = _one_of([row.text[len(row.text.rstrip("\r\n")) :] for row in three])
    if None in cells or ending is None:
        return None
    return csv_row(cells, separator) + ending


def _one_of(three: Sequence[str]) -> str | None:
    """Return what one side made of a text, None where both made something else of it."""
    before, own, other = three
    return own if other in (before, own) else other if own == before else None
