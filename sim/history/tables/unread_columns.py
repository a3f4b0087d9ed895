"""Columns of a table that are not read, and those of them that may be the queue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sim.fileio import is_missing
from sim.messages import show_value

if TYPE_CHECKING:
    from sim.fileio import Table

MOST_QUEUES = 50
"""Different words up to which a column may be that of queues."""
LEAST = 0.01
"""Share of the rows that may be without a word there."""
_LISTED = 12
_ROWS = 20_000
"""Rows that are looked at."""


def unread_note(titles: Sequence[str]) -> str:
    """Return a note of the columns that are not read."""
    rest = len(titles) - _LISTED
    more = f" and {rest} more" if rest > 0 else ""
    return f"columns that are not read: {', '.join(titles[:_LISTED])}{more}"


def queue_note(title: str, number: int) -> str:
    """Return a note of a column that is not read and may be the queue.

    Parameters
    ----------
    title : str
    number : int
        Of its different words.
    """
    return (
        f"the column {title} is not read and has {number} different words: if these are queues, "
        f"say so: {queue_option(title)}; without it all contacts are of one queue"
    )


def queue_option(title: str) -> str:
    """Return the option that says which column is the queue."""
    name = f'"{title}"' if " " in title else title
    return " ".join(("--column", f"queue={name}"))


def unread_columns(raw: Table, used: Collection[str], has_queue: bool) -> list[str]:
    """Return notes on the columns of a table of intervals that no meaning has.

    Parameters
    ----------
    raw : Table
    used : collection of str
        Titles of the columns that are read.
    has_queue : bool
        Whether one of them is the queue.
    """
    unread = _unread(raw, used)
    if not unread:
        return []
    words = {title: queue_words(_head(raw, at)) for title, at in unread.items() if not has_queue}
    notes = [queue_note(title, len(found)) for title, found in words.items() if len(found) > 1]
    return [*notes, unread_note(list(unread))]


def columns_that_differ(
    raw: Table, used: Collection[str], has_queue: bool, pairs: Sequence[tuple[int, int]]
) -> str:
    """Return the end of a message on pairs of rows: which column tells them apart.

    Parameters
    ----------
    raw : Table
    used, has_queue
        As for :func:`unread_columns`.
    pairs : sequence of (int, int)
        Numbers of two rows of the same interval each.

    Returns
    -------
    str
        Empty where no unread column of words does.
    """
    rows = dict(raw.rows)
    both = [(rows[one], rows[other]) for one, other in pairs]
    found = [
        title
        for title, at in _unread(raw, used).items()
        if all(_cell(one, at) != _cell(other, at) for one, other in both)
        and queue_words(_head(raw, at))
    ]
    if not found:
        return ""
    shown = ", ".join(map(show_value, found))
    are = "is" if len(found) == 1 else "are"
    cure = "" if has_queue else f": if it has the queues, say {queue_option(found[0])}"
    return f"; they differ in {shown}, which {are} not read{cure}"


def queue_words(cells: Sequence[Any]) -> set[str]:
    """Return the different words of a column; none where it cannot be that of queues."""
    known = [_text(cell) for cell in cells if not is_missing(cell)]
    words = set(known)
    if len(known) < (1 - LEAST) * len(cells) or len(words) > MOST_QUEUES:
        return set()
    return words if all(map(_has_letters, words)) else set()


def _head(raw: Table, at: int) -> list[Any]:
    return [cells[at] if at < len(cells) else None for _, cells in raw.rows[:_ROWS]]


def _unread(raw: Table, used: Collection[str]) -> dict[str, int]:
    return {t: at for at, t in enumerate(raw.header) if t and t not in used}


def _cell(cells: Sequence[Any], at: int) -> str:
    return _text(cells[at]) if at < len(cells) else ""


def _text(cell: Any) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _has_letters(text: Iterable[str]) -> bool:
    return any(map(str.isalpha, text))
