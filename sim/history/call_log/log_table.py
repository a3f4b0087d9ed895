"""Large tables by column: each column as its distinct values and a code per row."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from sim.array_types import Ints
from sim.extras import need
from sim.fileio import FILES, TableError, read_table
from sim.fileio.csv_text import decode_bytes, encoding_of, separator_of
from sim.fileio.limits import MEGABYTE
from sim.history.call_log.column_contents import meanings_by_content, unclear_titles
from sim.history.tables.total_rows import is_row_of_totals

MOST_ROWS = 5_000_000
"""Rows of a call log that are read."""
MOST_BYTES = 1024 * MEGABYTE
"""Bytes of a call log, unpacked."""
SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz", ".parquet", ".xlsx")
_PART = 16 * MEGABYTE
_MOST_HEAD = 1000
"""Rows whose cells may show what a column means."""
_HEAD = 100_000
SEARCHED = 30
"""Rows among which the titles are looked for."""
_FEWEST_TITLES = 3
_BREAK = re.compile(rb"\r\n?|\n")


@dataclass(frozen=True)
class CodedColumn:
    """A column as distinct values and the place of the value of each row."""

    values: list[Any]
    codes: Ints


@dataclass
class CodedTable:
    """A table as read, before anything is known of its meaning.

    Attributes
    ----------
    name : str
        Of the file, for messages.
    titles : tuple of str
    rows : int
    separator : str
        Empty for other files than text.
    text : bytes
        UTF-8 with header, for the number of a row in a message; empty for other files than text.
    skipped : int
        Lines above the header.
    totals : int
        Rows of totals below the others, left out.
    columns : dict of str to object
        Arrow arrays or lists by title.
    sheets : tuple of str
        Titles of the sheets of a workbook, the one that was read first; empty for other files.
    """

    name: str
    titles: tuple[str, ...]
    rows: int
    separator: str = ""
    text: bytes = b""
    skipped: int = 0
    totals: int = 0
    columns: dict[str, Any] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()

    def column(self, title: str) -> CodedColumn:
        """Return a column by its title, text without surrounding blanks."""
        return _coded(self.columns[title])

    def head(self, title: str, rows: int) -> CodedColumn:
        """Return the first rows of a column by its title."""
        return _coded(self.columns[title][:rows])

    def meanings_by_content(self) -> dict[str, str]:
        """Return the meaning of columns that their titles alone do not say, by title."""
        unclear = unclear_titles(self.titles)
        return meanings_by_content(
            {title: self.head(title, _MOST_HEAD).values for title in unclear}
        )

    def line(self, row: int) -> int:
        """Return the line of the file at which a row stands, counted from 1."""
        if not self.text:
            return row + 2
        lines = io.StringIO(self.text.decode("utf-8", "replace"), newline="")
        reader = csv.reader(lines, delimiter=self.separator)
        place = -1
        for cells in reader:
            if cells:
                if place == row:
                    break
                place += 1
        return self.skipped + reader.line_num


def _coded(found: Any) -> CodedColumn:
    import pyarrow as pa

    if isinstance(found, list):
        return _coded_list(found)
    if pa.types.is_timestamp(found.type):
        found = found.cast(pa.timestamp("us", tz=found.type.tz))
    if isinstance(found, pa.ChunkedArray):
        found = found.combine_chunks()
    if not pa.types.is_dictionary(found.type):
        found = found.dictionary_encode()
    codes = np.asarray(found.indices.fill_null(-1).to_numpy(zero_copy_only=False), np.int64)
    values = [v.strip() if isinstance(v, str) else v for v in found.dictionary.to_pylist()]
    if (codes < 0).any():
        codes = np.where(codes < 0, len(values), codes)
        values.append(None)
    return CodedColumn(values, codes)


def _coded_list(cells: list[Any]) -> CodedColumn:
    places: dict[Any, int] = {}
    stripped = (cell.strip() if isinstance(cell, str) else cell for cell in cells)
    codes = np.fromiter((places.setdefault(c, len(places)) for c in stripped), np.int64, len(cells))
    return CodedColumn(list(places), codes)


def read_log_table(
    path: str | Path, row_is: str = "contact", sheet: str | None = None
) -> CodedTable:
    """Read a call log as a table: CSV, also packed by gzip, parquet, or a workbook.

    Text may be in UTF-8, UTF-16 or Windows-1252, separated by comma, semicolon, tab or bar.

    Parameters
    ----------
    path : str or Path
    row_is : str
        What there is one row of, for messages.
    sheet : str, optional
        Of a workbook; the first with a table unless given.

    Raises
    ------
    TableError
        When there is no such file, it is too large, of another kind, or cannot be read.
    MissingExtraError
        When pyarrow is not installed.
    """
    need("reading a call log", "pyarrow")
    file, name = Path(path), str(path)
    lower = file.name.lower()
    if not lower.endswith(SUFFIXES):
        raise TableError(name, f"is another kind of file; allowed: {', '.join(SUFFIXES)}")
    if file.is_dir() or not file.exists():
        kind = "is a folder" if file.is_dir() else "does not exist"
        raise TableError(name, f"the file {kind}; allowed: {', '.join(SUFFIXES)}")
    if sheet is not None and not lower.endswith(".xlsx"):
        raise TableError(name, f"has no sheet {sheet!r}; allowed: sheets of workbooks only")
    if lower.endswith(".parquet"):
        table = _read_parquet(file, name)
    elif lower.endswith(".xlsx"):
        table = _read_workbook(file, name, sheet)
    else:
        table = _read_text(file, name)
    if not table.rows:
        raise TableError(name, f"has no rows; allowed: a header and one row per {row_is}")
    return table


def _read_workbook(file: Path, name: str, sheet: str | None) -> CodedTable:
    found = read_table(file, sheet, bounds=FILES, name=name)
    if sheet is None and len(found.header) < _FEWEST_TITLES:  # a cover
        others = (read_table(file, one, bounds=FILES, name=name) for one in found.sheets[1:])
        found = next((one for one in others if len(one.header) >= _FEWEST_TITLES), found)
    width = len(found.header)
    rows = [(*cells, *[None] * (width - len(cells))) for _, cells in found.rows]
    totals = int(bool(rows) and is_row_of_totals(rows[-1]))
    rows = rows[: len(rows) - totals]
    columns = {title: [row[at] for row in rows] for at, title in enumerate(found.header)}
    return CodedTable(
        name, tuple(found.header), len(rows), totals=totals, columns=columns, sheets=found.sheets
    )


def _read_parquet(file: Path, name: str) -> CodedTable:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        content = pq.ParquetFile(file)
        rows = content.metadata.num_rows
        _guard_rows(name, rows)
        table = content.read()
    except (pa.ArrowInvalid, OSError) as error:
        raise TableError(name, f"cannot be read as parquet: {_first_line(error)}") from None
    columns = {title: table[title] for title in table.column_names}
    return CodedTable(name, tuple(table.column_names), rows, columns=columns)


def _guard_rows(name: str, rows: int) -> None:
    if rows > MOST_ROWS:
        message = (
            f"has {rows:,} rows; allowed: at most {MOST_ROWS:,} (calibrate on fewer months, "
            "or split the file)"
        )
        raise TableError(name, message)


def _read_text(file: Path, name: str) -> CodedTable:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    content = _utf8(name, _content(file, name))
    head = content[:2_000_000].decode("utf-8", "ignore")
    skipped, start = _comments(content)
    separator, named = separator_of(head)
    if named and (found := _BREAK.search(content, start)):
        start, skipped = found.end(), skipped + 1
    for _ in range(_lines_above(content[start : start + _HEAD], separator)):
        found = _BREAK.search(content, start)
        start, skipped = (found.end() if found else start), skipped + 1
    body = content[start:] if start else content
    _guard_rows(name, body.count(b"\n") - body.endswith(b"\n"))
    if not body.strip():
        return CodedTable(name, (), 0)
    titles = _titles(name, body, separator)
    wrong: list[Any] = []

    def note_wrong(row: Any) -> str:
        wrong.append(row)
        return "skip"

    try:
        table = arrow_csv.read_csv(
            io.BytesIO(body),
            read_options=arrow_csv.ReadOptions(
                column_names=[f"c{at}" for at in range(len(titles))], skip_rows=0, use_threads=False
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=separator, newlines_in_values=b'"' in body,
                invalid_row_handler=note_wrong,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={f"c{at}": pa.string() for at in range(len(titles))},
                strings_can_be_null=False, quoted_strings_can_be_null=False,
            ),
        )  # fmt: skip
    except pa.ArrowInvalid as error:
        raise TableError(name, f"cannot be read as a table: {_first_line(error)}") from None
    if wrong:
        raise TableError(
            name,
            f"has {wrong[0].actual_columns} cells; allowed: {len(titles)}, as in its header",
            _line_of_width(body, separator, len(titles), skipped),
        )
    last = [column[-1].as_py() for column in table.columns] if table.num_rows > 1 else []
    totals = int(is_row_of_totals(last))
    table = table.slice(1, table.num_rows - 1 - totals)
    columns = {title: table[f"c{at}"] for at, title in enumerate(titles) if title}
    return CodedTable(name, titles, table.num_rows, separator, body, skipped, totals, columns)


def _lines_above(head: bytes, separator: str) -> int:
    """Return the lines above the titles, such as the name of a report: they have fewer cells."""
    reader = csv.reader(
        io.StringIO(head.decode("utf-8", "ignore"), newline=""), delimiter=separator
    )
    before, rows = [0], []
    for cells in islice(reader, SEARCHED):
        rows.append(cells)
        before.append(reader.line_num)
    return before[title_row(rows)]


def title_row(rows: Sequence[Sequence[str]]) -> int:
    """Return the place of the row with the titles: the first that has not far fewer cells."""
    filled = [sum(bool(cell.strip()) for cell in cells) for cells in rows]
    enough = max(_FEWEST_TITLES, max(filled, default=0) / 2)
    return next((at for at, count in enumerate(filled) if count >= enough), 0)


def _line_of_width(body: bytes, separator: str, width: int, skipped: int) -> int:
    """Return the line of the first row that has not as many cells as the header."""
    reader = csv.reader(io.StringIO(body.decode("utf-8"), newline=""), delimiter=separator)
    for cells in reader:
        if cells and len(cells) != width:
            break
    return skipped + reader.line_num


def _content(file: Path, name: str) -> bytes:
    """Return the bytes of a text, unpacked; refuse more than the bound before it is in memory."""
    parts, size = [], 0
    packed = file.name.lower().endswith(".gz")
    try:
        with gzip.open(file, "rb") if packed else file.open("rb") as source:
            while part := source.read(_PART):
                size += len(part)
                if size > MOST_BYTES:
                    most = f"allowed: at most that, and {MOST_ROWS:,} rows"
                    raise TableError(name, f"has more than {MOST_BYTES // MEGABYTE} MB; {most}")
                parts.append(part)
    except (OSError, EOFError, zlib.error) as error:
        raise TableError(name, f"cannot be read: {_first_line(error)}") from None
    return b"".join(parts)


def _utf8(name: str, content: bytes) -> bytes:
    if encoding_of(content) not in ("utf-8", "utf-8-sig"):
        try:
            content = decode_bytes(content).encode("utf-8")
        except UnicodeDecodeError:
            raise TableError(
                name, "is not a text; allowed: UTF-8, UTF-16 or Windows-1252"
            ) from None
    content = content.removeprefix(b"\xef\xbb\xbf")
    if b"\n" not in content:
        content = content.replace(b"\r", b"\n")  # how old systems end a line
    if b"\0" in content[:100_000]:
        raise TableError(name, "is not a text; allowed: UTF-8, UTF-16 or Windows-1252")
    return content


def _comments(content: bytes) -> tuple[int, int]:
    """Return the number of comment and empty lines above the header, and where it begins."""
    start = lines = 0
    while found := _BREAK.search(content, start):
        line = content[start : found.start()].strip()
        if line and not line.startswith(b"#"):
            break
        start, lines = found.end(), lines + 1
    return lines, start


def _titles(name: str, body: bytes, separator: str) -> tuple[str, ...]:
    head = io.StringIO(body[:100_000].decode("utf-8", "ignore"), newline="")
    cells = next(csv.reader(head, delimiter=separator), [])
    titles = tuple(cell.strip() for cell in cells)
    doubled = sorted({title for title in titles if title and titles.count(title) > 1})
    if doubled:
        raise TableError(name, f"has the column {doubled[0]!r} twice; allowed: one title each")
    return titles


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
