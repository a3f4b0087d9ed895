"""The one way in for tables: a path, the bytes of an upload, or pasted text."""

from __future__ import annotations

import io
import zlib
from gzip import BadGzipFile, GzipFile
from pathlib import Path, PurePath

from sim.fileio.csv_text import SEPARATORS, decode, text_rows
from sim.fileio.limits import FILES, MEGABYTE, UPLOADS, TableLimits
from sim.fileio.table import Table, TableError, make_table, refuse
from sim.fileio.workbook import workbook_rows

NO_WORKBOOK = "cannot be read: no readable XLSX file"
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b"
_PACKED = ".gz"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_LOOKED_AT = 4096
"""Bytes that distinguish a table from a scenario."""


def read_table(
    path: str | Path,
    sheet: str | None = None,
    header_row: int | None = None,
    bounds: TableLimits = FILES,
    name: str | None = None,
) -> Table:
    """Read a table from a CSV or XLSX file.

    Parameters
    ----------
    path : str or Path
    sheet : str, optional
        Of a workbook; by default the first that is not empty.
    header_row : int, optional
        Number of the row with the titles, counted from 1; found unless given.
    bounds : TableLimits
    name : str, optional
        Of the file in messages; its path unless given.

    Returns
    -------
    Table

    Raises
    ------
    TableError
        When there is no such file, it is too large, of another kind, or cannot be read.
    """
    file, shown = Path(path), str(path) if name is None else name
    try:
        if file.is_dir() or not file.exists():
            kind = "is a folder" if file.is_dir() else "does not exist"
            refuse(shown, f"the file {kind}; allowed: a CSV or XLSX file")
        with file.open("rb") as source:
            content = source.read(bounds.size + 1)
    except OSError as error:
        refuse(shown, f"cannot be read: {error.strerror or error}")
    if file.is_fifo():  # what another program writes has no name of its own
        return _table(shown, content, sheet, header_row, bounds)
    return table_from_bytes(shown, content, sheet, header_row, bounds)


def table_from_bytes(
    name: str,
    content: bytes,
    sheet: str | None = None,
    header_row: int | None = None,
    bounds: TableLimits = UPLOADS,
) -> Table:
    """Read a table from the content of a file, such as an upload; nothing in it is run.

    Text may be in UTF-8, UTF-16 or Windows-1252, separated by comma, semicolon, tab or bar, and
    packed by gzip. Text and workbooks are distinguished by their content, whatever the name says.

    Parameters
    ----------
    name : str
        Of the file, for messages; its ending must be one of :data:`SUFFIXES`.
    content : bytes
    sheet, header_row, bounds
        As for :func:`read_table`.

    Raises
    ------
    TableError
        When it is too large, of another kind, or cannot be read.
    """
    suffix = _suffix(name)
    if content.startswith(_OLD_WORKBOOK):
        refuse(name, "is a workbook in the old format .xls; allowed: .xlsx (save it as that)")
    if suffix not in SUFFIXES:
        kind = f"a {suffix} file" if suffix else "a file without an ending"
        refuse(name, f"is {kind}; allowed: {', '.join(SUFFIXES)}")
    return _table(name, content, sheet, header_row, bounds)


def _table(
    name: str, content: bytes, sheet: str | None, header_row: int | None, bounds: TableLimits
) -> Table:
    """Return the table that a content holds, by what it begins with."""
    if len(content) > bounds.size:
        refuse(name, f"has more than {bounds.size // MEGABYTE} MB; allowed: at most that")
    if content.startswith(_GZIP):
        content = _unpacked(name, content, bounds)
    is_workbook_name = PurePath(name).suffix.lower().startswith(".xls")
    if content.startswith(_ZIP) or (is_workbook_name and content.startswith(_ZIP[:2])):
        rows, sheets = workbook_rows(name, content, sheet, bounds)
        return make_table(name, rows, bounds, header_row=header_row, sheets=sheets)
    if sheet is not None:
        refuse(name, f"has no sheet {sheet!r}; allowed: sheets of workbooks only")
    try:
        text = decode(name, content)
    except TableError:
        if not is_workbook_name:
            raise
        refuse(name, NO_WORKBOOK)
    if is_workbook_name and "\n" not in text.strip():  # text, but no table either
        refuse(name, NO_WORKBOOK)
    return table_from_text(name, text, header_row, bounds)


def _suffix(name: str) -> str:
    """Return the ending of a file's name, below that of the packing."""
    path = PurePath(name)
    return (path.with_suffix("") if path.suffix.lower() == _PACKED else path).suffix.lower()


def _unpacked(name: str, content: bytes, bounds: TableLimits) -> bytes:
    """Return what a file packed by gzip holds, as far as the bound lets it."""
    try:
        with GzipFile(fileobj=io.BytesIO(content)) as source:
            found = source.read(bounds.size + 1)
    except (BadGzipFile, EOFError, zlib.error) as error:
        refuse(name, f"cannot be unpacked: {error}")
    if len(found) > bounds.size:
        refuse(name, f"holds more than {bounds.size // MEGABYTE} MB; allowed: at most that")
    return found


def is_table(path: str | Path) -> bool:
    """Tell whether a file is meant as a table, by its name, else by what it begins with.

    Parameters
    ----------
    path : str or Path
        A name that is not a file may be that of a shipped scenario, and is not a table.
    """
    file = Path(path)
    suffix = _suffix(file.name)
    if suffix in (*SUFFIXES, ".xls", ".toml"):
        return suffix != ".toml"
    if not file.is_file():
        return False
    with file.open("rb") as source:
        content = source.read(_LOOKED_AT)
    if content.startswith((_ZIP, _OLD_WORKBOOK, _GZIP)):
        return True
    lines = (line.strip() for line in content.decode("latin-1").splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    return any(mark in first for mark in SEPARATORS) and "=" not in first and first[0] != "["


def table_from_text(
    name: str, text: str, header_row: int | None = None, bounds: TableLimits = UPLOADS
) -> Table:
    """Read a table from text, such as cells pasted from a spreadsheet.

    Parameters
    ----------
    name : str
        For messages, such as "pasted cells".
    text : str
    header_row, bounds
        As for :func:`read_table`.

    Raises
    ------
    TableError
        As :func:`table_from_bytes`.
    """
    rows, separator = text_rows(name, text.removeprefix("\ufeff"), bounds, header_row)
    return make_table(name, rows, bounds, separator=separator, header_row=header_row)
