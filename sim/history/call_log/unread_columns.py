"""Columns of a call log that are not read, and those of them that may be the queue."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.history.call_log.log_table import CodedTable
from sim.history.tables.unread_columns import LEAST, MOST_QUEUES, queue_note, unread_note

_ROWS = 20_000
"""Rows that are looked at."""
_FEWEST = 2


def unread_columns(table: CodedTable, columns: Mapping[str, str]) -> list[str]:
    """Return notes on the columns that no meaning has.

    Parameters
    ----------
    table : CodedTable
    columns : mapping of str to str
        Title of the column by meaning.

    Returns
    -------
    list of str
        Where the log has no queue, columns with a few different words that nearly all rows have are
        named: left out, different queues would be simulated as one.
    """
    unread = [title for title in table.titles if title and title not in columns.values()]
    if not unread:
        return []
    notes = []
    if "queue" not in columns:
        notes = [queue_note(title, number) for title in unread if (number := _words(table, title))]
    return [*notes, unread_note(unread)]


def _words(table: CodedTable, title: str) -> int:
    """Return how many different words a column has; 0 where it cannot be that of queues."""
    column = table.head(title, _ROWS)
    number = np.bincount(column.codes, minlength=len(column.values))
    words = [
        count
        for value, count in zip(column.values, number.tolist(), strict=True)
        if count and isinstance(value, str) and any(map(str.isalpha, value))
    ]
    often = sum(count >= LEAST * column.codes.size for count in words)
    known = sum(words) >= (1 - LEAST) * column.codes.size
    return len(words) if known and often >= _FEWEST and len(words) <= MOST_QUEUES else 0
