"""Rows of cells from a sheet of an XLSX workbook; nothing in it is run or followed."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, iterparse
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from sim.extras import need
from sim.fileio.cell_values import HourMinute
from sim.fileio.limits import MEGABYTE, TableLimits
from sim.fileio.table import Row, TableError, UnsavedFormula, is_empty, refuse
from sim.messages import show_value

LAST_ROW = 1_048_576
"""Number of the last row that a sheet can have."""
_CHUNK = 65536
_LONGEST_REASON = 200
"""Characters of what the library says of a damaged file, which may repeat its bytes."""


def workbook_rows(
    name: str, content: bytes, sheet: str | None, bounds: TableLimits
) -> tuple[list[Row], tuple[str, ...]]:
    """Return the rows of a sheet that hold something, and the titles of the sheets, it first.

    Without `sheet`, the first one with more than one such row. What is really in the sheet counts,
    not the size that the file claims.

    Raises
    ------
    TableError
        When it is not a readable workbook, a bound is passed, there is no such sheet, or a formula
        has no saved value.
    MissingExtraError
        When the library for workbooks is not installed.
    """
    need(name, "openpyxl")
    need(name, "openpyxl")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which do not matter here
            return _rows(name, content, sheet, bounds)
    except TableError:
        raise
    except MemoryError:
        refuse(name, "is too large to be read as a workbook")
    except Exception as error:
        # Damaged bytes make the library fail in every way there is; all mean the same here.
        shown = " ".join(str(error).split()) or type(error).__name__
        shown = shown if len(shown) <= _LONGEST_REASON else shown[:_LONGEST_REASON] + "…"
        refuse(name, f"cannot be read: no readable XLSX file: {shown}")


def _rows(
    name: str, content: bytes, sheet: str | None, bounds: TableLimits
) -> tuple[list[Row], tuple[str, ...]]:
    from openpyxl import load_workbook

    with ZipFile(io.BytesIO(content)) as archive:
        _guard_parts(name, archive, bounds)
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        titles = tuple(one.title for one in book.worksheets)
        if sheet is not None and sheet not in titles:
            refuse(name, f"has no sheet {sheet!r}; it has: {', '.join(titles[:20]) or 'none'}")
        found: list[Row] = []
        first = titles
        for wanted in titles if sheet is None else (sheet,):
            rows = _bounded(name, _Sheet(name, book, wanted), bounds)
            if len(rows) > len(found):
                found, first = rows, (wanted, *(one for one in titles if one != wanted))
            if len(found) > 1:  # more than the title of a cover
                break
        return found, first
    finally:
        book.close()


def guard_workbook(name: str, content: bytes, bounds: TableLimits) -> None:
    """Refuse what is not a workbook or unpacks to too much, without reading it.

    Raises
    ------
    TableError
    """
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            _guard_size(name, archive, bounds)
    except BadZipFile:
        refuse(name, "is not a workbook (.xlsx)")


def _guard_size(name: str, archive: ZipFile, bounds: TableLimits) -> None:
    if sum(part.file_size for part in archive.infolist()) > bounds.unpacked:
        refuse(
            name, f"unpacks to more than {bounds.unpacked // MEGABYTE} MB; allowed: at most that"
        )


def _guard_parts(name: str, archive: ZipFile, bounds: TableLimits) -> None:
    """Refuse what unpacks to too much, and parts that define entities of their own."""
    _guard_size(name, archive, bounds)
    for part in archive.infolist():
        if part.filename.lower().endswith((".xml", ".rels")) and _has_doctype(archive, part):
            refuse(name, f"defines XML entities in {show_value(part.filename)}; allowed: none")


def _has_doctype(archive: ZipFile, part: Any) -> bool:
    """Tell whether a document type stands before the first element."""
    found: list[bool] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: found.append(True)
    parser.StartElementHandler = lambda *_: found.append(False)
    with archive.open(part) as file:
        while not found and (chunk := file.read(_CHUNK)):
            try:
                parser.Parse(chunk, False)
            except expat.ExpatError:
                break  # what is broken is reported when it is read
    return bool(found) and found[0]


class _Sheet:
    """A sheet as rows of numbered cells; a formula without a value is an :class:`UnsavedFormula`.

    Built on openpyxl's parser of single rows: its reader of sheets believes the size that the
    file claims, pads rows to it, and does not distinguish a formula without a
    value from an empty cell.
    """

    def __init__(self, name: str, book: Any, title: str) -> None:
        from openpyxl.worksheet import _reader

        self.name, self.book, self.title = name, book, title
        self.tags: Any = _reader
        self.short = _short_formats(book)

    def __iter__(self) -> Iterator[tuple[int, list[tuple[int, Any]]]]:
        """Give the number of each row and its cells by column, both counted from 1."""
        sheet, book = self.book[self.title], self.book
        with sheet._get_source() as source:
            parser = self.tags.WorkSheetParser(
                source, sheet._shared_strings, data_only=True, epoch=book.epoch,
                date_formats=book._date_formats, timedelta_formats=book._timedelta_formats,
            )  # fmt: skip
            for _, element in iterparse(source):
                if element.tag == self.tags.ROW_TAG:
                    number, cells = self._parsed(parser, element)
                    pairs = zip(element, cells, strict=True)
                    yield number, [(cell["column"], self._value(e, cell)) for e, cell in pairs]
                    element.clear()

    def _parsed(self, parser: Any, row: Element) -> tuple[int, list[dict[str, Any]]]:
        """Return number and cells of a row; a cell that cannot be read is named."""
        try:
            found: tuple[int, list[dict[str, Any]]] = parser.parse_row(row)
        except ValueError:
            for element in row:
                self._refuse_cell(parser, element)
            raise
        return found

    def _refuse_cell(self, parser: Any, element: Element) -> None:
        try:
            parser.parse_cell(element)
        except ValueError:
            value = show_value(element.findtext(self.tags.VALUE_TAG) or "")
            place = f"{self.title}!{element.get('r') or '?'}"
            refuse(self.name, f"{value} is not a value of a cell; allowed: a number", None, place)

    def _value(self, element: Element, cell: dict[str, Any]) -> Any:
        value = cell["value"]
        from openpyxl.utils import get_column_letter

        if value is None and element.find(self.tags.FORMULA_TAG) is not None:
            if element.get("t") != "str":  # an empty text is a value
                column = get_column_letter(cell["column"])
                return UnsavedFormula(f"{self.title}!{column}{cell['row']}")
        elif isinstance(value, dt.time) and cell["style_id"] in self.short:
            return HourMinute(value.hour, value.minute, value.second, value.microsecond)
        return value


def _short_formats(book: Any) -> set[int]:
    """Return the styles that show a time without seconds."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

    found = set()
    for k, style in enumerate(book._cell_styles):
        own = style.numFmtId - BUILTIN_FORMATS_MAX_SIZE
        custom = book._number_formats[own] if 0 <= own < len(book._number_formats) else ""
        form = (custom or BUILTIN_FORMATS.get(style.numFmtId, "")).lower()
        if "h" in form and "s" not in form:
            found.add(k)
    return found


def _bounded(name: str, sheet: _Sheet, bounds: TableLimits) -> list[Row]:
    rows: list[Row] = []
    count = 0
    for number, cells in sheet:
        known = [(column, value) for column, value in cells if not is_empty(value)]
        if not known:
            continue
        widest = max(column for column, _ in known)
        count += widest
        _guard_row(name, number, known, widest, bounds)
        if len(rows) > bounds.rows or count > bounds.cells:
            most = f"{bounds.rows:,} rows and {bounds.cells:,} cells"
            refuse(name, f"has more than {most}; allowed: at most as many", number)
        row: list[Any] = [None] * widest
        for column, value in known:
            row[column - 1] = value
        rows.append((number, row))
    return rows


def _guard_row(
    name: str, number: int, known: list[tuple[int, Any]], widest: int, bounds: TableLimits
) -> None:
    if not 1 <= number <= LAST_ROW:
        refuse(name, f"has a row number {show_value(number)}; allowed: 1 to {LAST_ROW:,}")
    if widest > bounds.columns or min(column for column, _ in known) < 1:
        refuse(name, f"has {widest:,} columns; allowed: at most {bounds.columns:,}", number)
    long = max((len(value) for _, value in known if isinstance(value, str)), default=0)
    if long > bounds.length:
        most = f"at most {bounds.length:,}"
        refuse(name, f"has a cell of {long:,} characters; allowed: {most}", number)
