"""Whether a file is a call log or a table of intervals, by its titles."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.fileio import FILES, Table
from sim.fileio.csv_text import decode, text_rows
from sim.history.call_log.column_contents import meanings_by_content, unclear_titles
from sim.history.call_log.column_meanings import LOG_MEANINGS, guess_log_columns
from sim.history.call_log.log_table import SEARCHED, read_log_table, title_row
from sim.history.tables.column_mapping import MEANINGS, PARTS, guess
from sim.units import BadInputError

OF_LOGS = LOG_MEANINGS.keys() - MEANINGS.keys() - PARTS.keys()
"""Meanings that only columns of call logs have."""
_START = 65536
"""Bytes of a file that are read for its titles."""
_ROWS = 1000
"""Rows whose cells may show what a column means."""


def is_call_log(
    path: str | Path,
    columns: Mapping[str, str],
    saved: Mapping[str, str] | None = None,
    sheet: str | None = None,
) -> bool:
    """Return whether a file has one row a contact, by its titles and those of the last time.

    Parameters
    ----------
    path : str or Path
    columns : mapping of str to str
        Title of the column by meaning as the user says it now; a meaning that only call logs or
        only tables of intervals have decides.
    saved : mapping of str to str, optional
        The same from the last time.
    sheet : str, optional
        Of a workbook; the first with a table unless given.
    """
    if columns.keys() - LOG_MEANINGS.keys():
        return False
    if any(columns.get(key) for key in OF_LOGS):
        return True
    head = _head(Path(path), sheet)
    known = {key for key, title in (saved or {}).items() if title in head}
    guessed = guess_log_columns(tuple(head), by_content=meanings_by_content(head))
    found = guessed.keys() | columns.keys() | known
    has_times = {"offered", "queue_entry"} & found and {"wait", "answer"} & found
    has_contacts = {"outcome", "agent"} & found
    counts = {"offered", "answered", "abandoned", "level"} & guess(
        Table(str(path), tuple(head), [])
    ).keys()
    return bool(has_times and has_contacts) and len(counts) < 2


def _head(path: Path, sheet: str | None) -> dict[str, list[Any]]:
    """Return some cells of each column by its title; of text from its first lines alone.

    A file that cannot be read has none.
    """
    try:
        if path.suffix.lower() in (".parquet", ".xlsx"):
            table = read_log_table(path, sheet=sheet)
            unclear = unclear_titles(table.titles)
            return {
                title: table.head(title, _ROWS).values if title in unclear else []
                for title in table.titles
                if title
            }
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            start = file.read(_START).rpartition(b"\n")[0]
        rows, _ = text_rows(path.name, decode(path.name, start), FILES)
    except (OSError, BadInputError):
        return {}  # reading it as a table of intervals says what is wrong
    first = title_row([list(map(str, cells)) for _, cells in rows[:SEARCHED]])
    titles = rows[first][1] if rows else []
    return {
        str(title): [cells[at] for _, cells in rows[first + 1 :][:_ROWS] if at < len(cells)]
        for at, title in enumerate(titles)
    }
