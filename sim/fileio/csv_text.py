"""Rows of cells from text: CSV with any of four separators, in the encodings of spreadsheets."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from sim.fileio.limits import TableLimits
from sim.fileio.table import Row, refuse
from sim.units import counted

SEPARATORS = ",;\t|"
SAMPLED = 50
"""Lines that show the separator."""
_BEGINNINGS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
"""Marks at the beginning of a file that say how its text is written."""
_OF_WINDOWS = "cp1252", "latin-1"
"""Encodings of one byte a letter; the second one has a letter for every byte."""
_SEVERAL_BYTES = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
"""What begins a letter of several bytes in UTF-8, and hardly ever stands in a text of Windows."""
_SEP_LINE = re.compile(r"sep=(.)", re.IGNORECASE)
"""A first line that names the separator for spreadsheets."""
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")
_QUOTES = "Does a quotation mark not close?"


def csv_of(rows: Iterable[Iterable[Any]], separator: str = ",", ending: str = "\n") -> str:
    """Return rows of cells as CSV; cells with separators, quotes or line breaks are quoted."""
    sink = io.StringIO()
    csv.writer(sink, delimiter=separator, lineterminator=ending).writerows(rows)
    return sink.getvalue()


def csv_row(cells: Iterable[Any], separator: str) -> str:
    """Return one row of cells as CSV, without the end of the line."""
    # With an empty end of line the module would leave line breaks in cells without quotes.
    return csv_of([cells], separator, "\r\n").removesuffix("\r\n")


def decode(name: str, content: bytes) -> str:
    """Return the text of a file as :func:`decode_bytes` does.

    Raises
    ------
    TableError
        When it is not a text.
    """
    content = content.rstrip(b"\x1a")  # how old systems end a file
    try:
        text = decode_bytes(content)
    except UnicodeDecodeError:
        text = "\0"
    if _CONTROLS.search(text):
        refuse(name, "is not a text; allowed: CSV in UTF-8, UTF-16 or Windows-1252")
    return text


def decode_bytes(content: bytes) -> str:
    """Return a text in UTF-8, UTF-16 or UTF-32 by its mark, else Windows-1252.

    Of a text that several programs wrote, lines that can be UTF-8 are read as that, and the others
    as Windows-1252.

    Raises
    ------
    UnicodeDecodeError
    """
    encoding = encoding_of(content)
    if encoding not in _OF_WINDOWS or not _SEVERAL_BYTES.search(content):
        return content.decode(encoding)
    end = b"\n" if b"\n" in content else b"\r"
    return end.decode().join(map(_decode_line, content.split(end)))


def _decode_line(line: bytes) -> str:
    likely = ("utf-8",) if _SEVERAL_BYTES.search(line) or line.isascii() else ()
    for encoding in (*likely, _OF_WINDOWS[0]):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode(_OF_WINDOWS[1])


def encode_as(content: bytes, text: str) -> bytes:
    """Return a text in the encoding of a content, in UTF-8 where that has not all its letters."""
    try:
        return text.encode(encoding_of(content))
    except UnicodeEncodeError:  # the lines of the content are in several encodings
        return text.encode("utf-8")


def encoding_of(content: bytes) -> str:
    """Return the encoding of a text, by its mark or by what it can be."""
    for mark, encoding in _BEGINNINGS:
        if content.startswith(mark):
            return encoding
    if (wide := _wide(content)) is not None:
        return wide
    for encoding in ("utf-8", _OF_WINDOWS[0]):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return _OF_WINDOWS[1]


def _wide(content: bytes) -> str | None:
    """Return which UTF-16 a text without a mark is in: every other byte of its start is 0."""
    start = content[:200]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) <= len(start) // 4:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def text_rows(
    name: str, text: str, bounds: TableLimits, header_row: int | None = None
) -> tuple[list[Row], str]:
    """Return the rows of a text that hold something, and what separates their cells.

    Lines that begin with # before the first cell are comments.

    Raises
    ------
    TableError
        When a bound is passed or quotes do not close.
    """
    separator, skip = separator_of(text)
    lines = _Lines(text, separator, header_row)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    rows: list[Row] = []
    cells_read = 0
    try:
        for cells in reader:
            number = lines.take()
            if number <= skip or not any(map(str.strip, cells)):
                continue
            rows.append((number, cells))
            cells_read += len(cells)
            _guard(name, number, cells, bounds)
            if len(rows) > bounds.rows + 1 or cells_read > bounds.cells:
                _refuse_size(name, len(rows), bounds)
    except csv.Error as error:
        _refuse_quotes(name, str(error), lines.take(), bounds)
    return rows, separator


def _refuse_quotes(name: str, error: str, number: int, bounds: TableLimits) -> NoReturn:
    """Say what the module says in its own words, of cells and quotation marks."""
    if "limit" in error:
        most = f"allowed: at most {bounds.length:,}"
        refuse(name, f"has a cell that is far too long; {most}. {_QUOTES}", number)
    if "end of data" in error:
        refuse(name, f"ends inside a quoted cell. {_QUOTES}", number)
    refuse(name, f"has a quotation mark inside a quoted cell; allowed: two there ({error})", number)


def _guard(name: str, number: int, cells: list[str], bounds: TableLimits) -> None:
    if len(cells) > bounds.columns:
        if any(cell.strip() for cell in cells[bounds.columns :]):
            shown = f"{len(cells):,}"
            refuse(name, f"has {shown} columns; allowed: at most {bounds.columns:,}", number)
        del cells[bounds.columns :]
    long = max(map(len, cells))
    if long > bounds.length:
        most = f"allowed: at most {bounds.length:,}"
        refuse(name, f"has a cell of {long:,} characters; {most}. {_QUOTES}", number)


def _refuse_size(name: str, rows: int, bounds: TableLimits) -> None:
    if rows > bounds.rows + 1:
        most = counted(bounds.rows, "row")
        refuse(name, f"has more than {most}; allowed: at most {bounds.rows:,}")
    refuse(name, f"has more than {bounds.cells:,} cells; allowed: at most as many")


class _Lines:
    """The lines of a text without comments, and where the row that is being read begins."""

    def __init__(self, text: str, separator: str, header_row: int | None) -> None:
        self.number = 0
        self.first: int | None = None
        self.title = "#" + separator
        self.header_row = header_row
        self.lines = io.StringIO(text, newline="")

    def __iter__(self) -> Iterator[str]:
        """Give the lines; inside a quoted cell # is a sign like others."""
        for line in self.lines:
            self.number += 1
            if self.first is None:
                if line.startswith("#") and self._is_comment(line):
                    continue
                self.first = self.number
            yield line

    def take(self) -> int:
        """Return the line at which the row that was read began."""
        first, self.first = self.first, None
        return first or self.number

    def _is_comment(self, line: str) -> bool:
        return not line.startswith(self.title) and self.number != self.header_row


def separator_of(text: str) -> tuple[str, int]:
    """Return what separates the cells, and how many lines only say so.

    It is the mark by which most lines have several cells; of equals the one by which most lines
    have as many, and then the one by which they have most.
    """
    lines = []
    for line in io.StringIO(text, newline=""):
        if line.strip() and not line.startswith("#"):
            lines.append(line[:100_000])
        if len(lines) >= SAMPLED:
            break
    if lines and (named := _SEP_LINE.fullmatch(lines[0].strip("\ufeff\r\n\"' "))):
        if named[1] in SEPARATORS:
            return named[1], 1
    elif lines and lines[0].strip("\r\n") == "sep=\t":
        return "\t", 1
    return max(SEPARATORS, key=lambda mark: _fit(lines, mark)), 0


def _fit(lines: list[str], mark: str) -> tuple[int, int, int, int]:
    """Return how well a mark separates, to be compared: the larger the better."""
    widths = Counter(_width(line, mark) for line in lines)
    widths.pop(1, None)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    return widths.total(), count, width, -"\t;|,".index(mark)


def _width(line: str, mark: str) -> int:
    """Return the number of cells, marks inside quotes not counted."""
    if '"' not in line:
        return line.count(mark) + 1
    return sum(part.count(mark) for part in line.split('"')[::2]) + 1
