"""Columns of a call log that are not read, and those of them that may be the queue."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.history.call_log.log_table import CodedTable

_ROWS = 20_000
"""Rows that are looked at."""
_FEWEST, _MOST = 2, 50
_LEAST = 0.01
_LISTED = 12


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
        notes = [
            f"the column {title} is not read and has {number} different words: if these are "
            f"queues, say so: --column queue={_quoted(title)}; without it all contacts are of one "
            "queue"
            for title in unread
            if (number := _words(table, title))
        ]
    rest = len(unread) - _LISTED
    more = f" and {rest} more" if rest > 0 else ""
    return [*notes, f"columns that are not read: {', '.join(unread[:_LISTED])}{more}"]


def _words(table: CodedTable, title: str) -> int:
    """Return how many different words a column has; 0 where it cannot be that of queues."""
    column = table.head(title, _ROWS)
    number = np.bincount(column.codes, minlength=len(column.values))
    words = [
        count
        for value, count in zip(column.values, number.tolist(), strict=True)
        if count and isinstance(value, str) and any(map(str.isalpha, value))
    ]
    often = sum(count >= _LEAST * column.codes.size for count in words)
    known = sum(words) >= (1 - _LEAST) * column.codes.size
    return len(words) if known and often >= _FEWEST and len(words) <= _MOST else 0


def _quoted(title: str) -> str:
    return f'"{title}"' if " " in title else title
