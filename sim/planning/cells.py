"""Files of interval rows as planners have them: columns by their many names, cells checked."""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim import units
from sim.scenario import Problem, ScenarioError
from sim.units import BadInputError

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
NEEDED = ("start", "offered")
MOST_TOLD = 50
CLOCK = re.compile(r"\s*(\d+):([0-5]\d):([0-5]\d)(?:\.\d+)?\s*")


@dataclass
class Line:
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
    comma: bool
    """Whether a comma in a number is the decimal point."""


def read(path: str | Path) -> list[Line]:
    """Read the rows of a CSV or XLSX file.

    Parameters
    ----------
    path : str or Path
        Separated by comma, semicolon, tab or pipe, or the first sheet of a workbook.

    Returns
    -------
    list of Line

    Raises
    ------
    ScenarioError
        With every cell that cannot be read, each with row and column.
    """
    file = Path(path)
    sheet = _sheet(file)
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, cells in sheet.rows:
        wrong: list[Problem] = []
        line = _line(sheet, number, cells, wrong)
        problems += wrong
        if line is not None and not wrong:
            lines.append(line)
    refuse(problems)
    if not lines:
        refuse([Problem("", "has no rows; allowed: a header and rows", file=sheet.name)])
    return lines


def refuse(problems: list[Problem]) -> None:
    """Raise problems, if there are any; of very many only the first are told."""
    if len(problems) > MOST_TOLD:
        more = len(problems) - MOST_TOLD
        problems = [*problems[:MOST_TOLD], Problem("", f"and {more} more", file=problems[0].file)]
    if problems:
        raise ScenarioError(problems)


def _sheet(file: Path) -> Sheet:
    if not file.is_file():
        kind = "is a folder" if file.is_dir() else "does not exist"
        refuse([Problem("", f"the file {kind}; allowed: a CSV or XLSX file", file=str(file))])
    try:
        workbook = file.suffix.lower().startswith(".xls")
        rows, mark = (_workbook(file), ",") if workbook else _text(file)
    except (OSError, ValueError, csv.Error) as error:
        refuse([Problem("", f"cannot be read: {error}", file=str(file))])
    if not rows:
        refuse([Problem("", "is empty; allowed: a header and rows", file=str(file))])
    head = [_word(cell) for cell in rows[0][1]]
    columns = {
        meaning: head.index(name)
        for meaning, names in NAMES.items()
        for name in reversed(names)
        if name in head
    }
    missing = [_missing(name) for name in NEEDED if name not in columns]
    if "aht" not in columns and "total" not in columns:
        missing.append("aht_s or total_handle_s")
    found = ", ".join(str(cell) for cell in rows[0][1])
    refuse([Problem(m, f"no such column; the file has: {found}", file=str(file)) for m in missing])
    apart = [head.index(name) for name in APART if name in head]
    titles = {meaning: str(rows[0][1][at]).strip() for meaning, at in columns.items()}
    return Sheet(str(file), rows[1:], columns, titles, apart, mark == ";")


def _missing(meaning: str) -> str:
    return {"start": "interval_start"}.get(meaning, meaning)


def _word(cell: Any) -> str:
    """Return a heading without case and punctuation."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", str(cell or "").lower()).split())


def _text(file: Path) -> tuple[list[tuple[int, list[Any]]], str]:
    text = file.read_text(encoding="utf-8-sig")
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(",;\t|", key=first.count)
    reader = csv.reader(text.splitlines(), delimiter=mark)
    rows = [(reader.line_num, row) for row in reader]
    return [(n, row) for n, row in rows if any(cell.strip() for cell in row)], mark


def _workbook(file: Path) -> list[tuple[int, list[Any]]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook

    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (BadZipFile, KeyError) as error:
        raise BadInputError(f"no readable XLSX file: {error}") from None
    rows = [(n, list(row)) for n, row in enumerate(book.worksheets[0].values, start=1)]
    book.close()
    return [(n, row) for n, row in rows if any(cell not in (None, "") for cell in row)]


def _line(sheet: Sheet, row: int, cells: list[Any], wrong: list[Problem]) -> Line | None:
    """Return one row, or None when it has no start; what is wrong is added to the list."""

    def cell(meaning: str) -> Any:
        at = sheet.columns.get(meaning)
        value = cells[at] if at is not None and at < len(cells) else None
        return value.strip() if isinstance(value, str) else value

    def told(meaning: str, reader: Any) -> Any:
        value = cell(meaning)
        if value in (None, ""):
            return math.nan
        try:
            return reader(value, sheet.comma)
        except BadInputError as error:
            wrong.append(Problem(sheet.titles[meaning], str(error), file=sheet.name, line=row))
            return math.nan

    numbers = {
        name: told(name, reader) for name, reader in _READERS.items() if name in sheet.columns
    }
    start = told("start", moment)
    _complete(sheet, row, numbers, start, wrong)
    if not isinstance(start, dt.datetime):
        return None
    # A scenario allows neither in a name, because of its dotted paths.
    queue = re.sub(r"[.=]", "_", str(cell("queue") or "all"))
    apart = tuple(str(cells[at]) for at in sheet.apart if at < len(cells))
    channel = str(cell("channel") or "voice").lower()
    return Line(row, start, queue, channel, apart, numbers, str(cell("target") or ""))


def _complete(
    sheet: Sheet, row: int, numbers: dict[str, float], start: Any, wrong: list[Problem]
) -> None:
    """Add a problem for every cell that is missing."""
    if wrong:
        return
    empty = [] if isinstance(start, dt.datetime) else ["start"]
    empty += ["offered"] if math.isnan(numbers["offered"]) else []
    told = {"aht", "total"} & {name for name, value in numbers.items() if not math.isnan(value)}
    if not empty and numbers["offered"] > 0 and not told:
        empty.append("aht" if "aht" in sheet.columns else "total")
    wrong += [
        Problem(sheet.titles[n], "is empty; a value is needed", file=sheet.name, line=row)
        for n in empty
    ]


def amount(value: Any, comma: bool = False) -> float:
    """Return a number of zero or more.

    Raises
    ------
    BadInputError
        When it is none.
    """
    try:
        text = value.replace(",", ".") if comma and isinstance(value, str) else value
        number = float(text) if not isinstance(value, (bool, dt.date, dt.time)) else math.nan
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not 0 <= number < math.inf:
        raise BadInputError(f"{_shown(value)} is no number of 0 or more")
    return number


def whole(value: Any, comma: bool = False) -> float:
    """Return a whole number of one or more.

    Raises
    ------
    BadInputError
        When it is none.
    """
    number = amount(value, comma)
    if number < 1 or number != int(number):
        raise BadInputError(f"{_shown(value)} is no whole number of 1 or more")
    return number


def seconds(value: Any, comma: bool = False) -> float:
    """Return a time in seconds from seconds, ``HH:MM:SS`` or a text such as ``4min``.

    Raises
    ------
    BadInputError
        When it is none, or ``5:10``, which may mean minutes or hours.
    """
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, dt.time):
        return units.clock(value)
    if isinstance(value, str) and (match := CLOCK.fullmatch(value)):
        return int(match[1]) * units.HOUR + int(match[2]) * units.MINUTE + int(match[3])
    try:
        if isinstance(value, str) and comma:
            value = value.replace(",", ".")
        return units.duration(value)
    except ValueError:
        raise BadInputError(f"{_shown(value)} is no time; allowed: seconds or HH:MM:SS") from None


def moment(value: Any, comma: bool = False) -> dt.datetime:
    """Return a date and time as written, without its zone; a time alone is of 2026-01-05.

    Raises
    ------
    BadInputError
        When it is none.
    """
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, dt.time):
        return dt.datetime.combine(dt.date(2026, 1, 5), value)
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", value):
            return dt.datetime(2026, 1, 5) + dt.timedelta(seconds=units.clock(value))
        if not isinstance(value, str) or len(value) < len("2026-01-05T08"):
            raise ValueError
        # An interval may be written with its end, as in 2026-01-05T08:00Z/2026-01-05T08:30Z.
        return dt.datetime.fromisoformat(value.partition("/")[0]).replace(tzinfo=None)
    except ValueError:
        allowed = "2026-01-05 08:00 or 2026-01-05T08:00:00Z"
        raise BadInputError(f"{_shown(value)} is no date and time; allowed: {allowed}") from None


def _shown(value: Any) -> str:
    return repr(value) if isinstance(value, str) else str(value)


_READERS = {
    "offered": amount,
    "handled": amount,
    "aht": seconds,
    "total": seconds,
    "patience": seconds,
    "at_once": whole,
    "due": seconds,
    "agents": amount,
}
