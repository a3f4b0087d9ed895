"""Files of interval rows as planners have them: columns by their many names, cells checked."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.fileio import (
    POINT,
    AmbiguousNumberError,
    Numbers,
    dates,
    duration,
    number,
    show_value,
)
from sim.scenario import Problem, ScenarioError
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.fileio import Table

NAMES = {
    "start": (
        "interval start",
        "interval start utc date",
        "interval start date",
        "interval start utc",
        "interval",
        "start",
        "start time",
        "date time",
        "datetime",
        "timestamp",
        "time",
    ),
    "queue": ("queue", "queue name", "queuename"),
    "channel": ("channel", "media type", "mediatype", "channeltype", "channel type"),
    "offered": ("offered", "contacts offered", "calls offered", "volume", "contacts", "calls"),
    "handled": ("handled", "interactions handled", "contacts handled", "answered"),
    "aht": ("aht s", "aht", "aht seconds", "average handle time", "avg handle time"),
    "total": ("total handle s", "total handle time seconds", "total handle time"),
    "patience": ("patience s", "patience"),
    "target": ("target", "service level target"),
    "at_once": ("at once", "concurrency"),
    "due": ("due", "due s"),
    "agents": ("agents", "scheduled", "scheduled agents"),
}
APART = ("skill set", "skillset", "language", "skill", "acd id")
"""Columns by which one queue may have several rows for the same interval; they are added up."""
MAX_REPORTED = 50


@dataclass
class IntervalRow:
    """One row of the file: cells by what they mean, times in seconds, NaN where empty."""

    row: int
    start: dt.datetime
    queue: str
    channel: str
    apart: tuple[str, ...]
    numbers: dict[str, float] = field(default_factory=dict)
    target: str = ""


@dataclass
class Sheet:
    """A file as read: rows with their number, and which column means what."""

    name: str
    rows: list[tuple[int, list[Any]]]
    columns: dict[str, int]
    titles: dict[str, str]
    """The file's own name of each column."""
    apart: list[int]
    numbers: Numbers
    """How numbers are written."""
    order: str
    """How dates are written, one of :data:`sim.fileio.dates.ORDERS`."""
    aht: float | None = None
    """Handle time of rows that have none (s)."""


def read(table: Table, columns: dict[str, int], order: str, aht: float | None) -> list[IntervalRow]:
    """Read the rows of a table.

    Parameters
    ----------
    table : Table
    columns : dict of str to int
        Place of the column by meaning, the keys of :data:`NAMES` and ``date``.
    order : str
        How dates are written, one of :data:`sim.fileio.dates.ORDERS`.
    aht : float or None
        Handle time of rows that have none (s).

    Returns
    -------
    list of IntervalRow

    Raises
    ------
    ScenarioError
        With every cell that cannot be read, each with row and column.
    """
    titles = {meaning: table.header[at] for meaning, at in columns.items()}
    head = [_word(title) for title in table.header]
    apart = [head.index(name) for name in APART if name in head]
    sheet = Sheet(table.name, table.rows, columns, titles, apart, table.numbers, order, aht)
    lines: list[IntervalRow] = []
    problems: list[Problem] = []
    for row, cells in sheet.rows:
        wrong: list[Problem] = []
        line = _line(sheet, row, cells, wrong)
        problems += wrong
        if line is not None and not wrong:
            lines.append(line)
    refuse(problems)
    if not lines:
        refuse([Problem("", "has no rows; allowed: a header and rows", file=sheet.name)])
    return lines


def refuse(problems: list[Problem]) -> None:
    """Raise problems, if there are any; of very many only the first are reported."""
    if len(problems) > MAX_REPORTED:
        more = len(problems) - MAX_REPORTED
        problems = [
            *problems[:MAX_REPORTED],
            Problem("", f"and {more} more", file=problems[0].file),
        ]
    if problems:
        raise ScenarioError(problems)


def _word(cell: Any) -> str:
    """Return a heading without case and punctuation."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", str(cell or "").lower()).split())


def _line(sheet: Sheet, row: int, cells: list[Any], wrong: list[Problem]) -> IntervalRow | None:
    """Return one row, or None when it has no start; what is wrong is added to the list."""

    def cell(meaning: str) -> Any:
        at = sheet.columns.get(meaning)
        value = cells[at] if at is not None and at < len(cells) else None
        return value.strip() if isinstance(value, str) else value

    def value_of(meaning: str, reader: Any) -> Any:
        value = cell(meaning)
        if value in (None, ""):
            return math.nan
        try:
            return reader(value, sheet.numbers)
        except BadInputError as error:
            wrong.append(Problem(sheet.titles[meaning], str(error), file=sheet.name, line=row))
            return math.nan

    numbers = {
        name: value_of(name, reader) for name, reader in _READERS.items() if name in sheet.columns
    }
    known = {k for k in ("aht", "total") if not math.isnan(numbers.get(k, math.nan))}
    if sheet.aht is not None and not known:
        numbers["aht"] = sheet.aht
    start = value_of("start", lambda value, _: moment(value, sheet.order))
    if "date" in sheet.columns and isinstance(start, dt.datetime):
        start = value_of("date", lambda value, _: _on(value, start, sheet.order))
    _complete(sheet, row, numbers, start, wrong)
    if not isinstance(start, dt.datetime):
        return None
    queue = str(cell("queue") or "all")
    apart = tuple(str(cells[at]) for at in sheet.apart if at < len(cells))
    channel = str(cell("channel") or "voice").lower()
    return IntervalRow(row, start, queue, channel, apart, numbers, str(cell("target") or ""))


def _complete(
    sheet: Sheet, row: int, numbers: dict[str, float], start: Any, wrong: list[Problem]
) -> None:
    """Add a problem for every cell that is missing."""
    if wrong:
        return
    empty = [] if isinstance(start, dt.datetime) else ["start"]
    empty += ["offered"] if math.isnan(numbers["offered"]) else []
    known = {"aht", "total"} & {name for name, value in numbers.items() if not math.isnan(value)}
    if not empty and numbers["offered"] > 0 and not known:
        empty.append("aht" if "aht" in sheet.columns else "total")
    wrong += [
        Problem(sheet.titles[n], "is empty; a value is needed", file=sheet.name, line=row)
        for n in empty
    ]


def _on(value: Any, start: dt.datetime, order: str) -> dt.datetime:
    return dt.datetime.combine(dates.date(value, order), start.time())


def amount(value: Any, written: Numbers = POINT) -> float:
    """Return a number of zero or more.

    Raises
    ------
    BadInputError
        When it is none.
    """
    try:
        found = number(value, written)
    except AmbiguousNumberError:
        raise
    except BadInputError:
        found = math.nan
    if not found >= 0:
        raise BadInputError(f"{show_value(value)} must be a number of 0 or more")
    return found


def whole(value: Any, written: Numbers = POINT) -> float:
    """Return a whole number of one or more.

    Raises
    ------
    BadInputError
        When it is none.
    """
    found = amount(value, written)
    if found < 1 or found != int(found):
        raise BadInputError(f"{show_value(value)} must be a whole number of 1 or more")
    return found


def moment(value: Any, order: str = "year first") -> dt.datetime:
    """Return a date and time without its zone; a time alone is of 2026-01-05.

    Parameters
    ----------
    value : object
    order : str
        How dates are written, one of :data:`sim.fileio.dates.ORDERS`.

    Raises
    ------
    BadInputError
        When it is none, or a date without a time.
    """
    has_time = not isinstance(value, str) or re.search(r":|T|[ap]\.?\s?m", value, re.IGNORECASE)
    if not has_time or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        dates.moment(value, order)  # says more of what is not a date either
        allowed = f"allowed: {dates.ALLOWED}"
        raise BadInputError(f"{show_value(value)} is not a date and time; {allowed}")
    day, second, _ = dates.moment(value, order)
    midnight = dt.datetime.combine(day or dt.date(2026, 1, 5), dt.time())
    return midnight + dt.timedelta(seconds=second)


_READERS = {
    "offered": amount,
    "handled": amount,
    "aht": duration,
    "total": duration,
    "patience": duration,
    "at_once": whole,
    "due": duration,
    "agents": amount,
}
