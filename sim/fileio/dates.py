"""Dates and times as exports write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sim import units
from sim.messages import show_value
from sim.units import BadInputError

ORDERS = ("guess", "year first", "day first", "month first")
"""How a date such as 05/01/2026 is to be read; ``guess`` looks at the whole column."""
ALLOWED = "2026-01-05 08:00, 2026-01-05T08:00:00Z or 05/01/2026 08:00"
SERIALS = 20_000, 80_000
"""What a spreadsheet counts for dates of 1954 to 2119, shown where a cell has no date format."""
_NUMBERS = re.compile(r"\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2}|\d{4})(?:[ T,]+(.+?))?\s*")
_TOGETHER = re.compile(r"\s*(\d{2})(\d{2})(\d{4})\s*")
_YEAR_FIRST = re.compile(r"\s*(\d{4})([/.\-])(\d{1,2})\2(\d{1,2})(?:[ T,]+(.+?))?\s*")
_CLOCK = re.compile(r"\s*(\d{1,2}):?(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*")
_TWELVE = re.compile(
    r"\s*(\d{1,2})(?::(\d{2}))?(?::(\d{2})(?:\.\d+)?)?\s*([ap])\.?\s?m\.?\s*", re.IGNORECASE
)
"""A clock of twelve hours, such as 8:30 am or 9 p.m."""


def order_named(name: str | None) -> str:
    """Return the order of an option such as ``day-first``, ``guess`` without one.

    Raises
    ------
    BadInputError
    """
    order = (name or "guess").replace("-", " ")
    if order not in ORDERS:
        raise BadInputError(
            f"dates: {show_value(name)} is unknown; allowed: day-first, month-first"
        )
    return order


def order_of(cells: Iterable[Any]) -> str:
    """Return how the dates of a column are written, as far as they show it.

    Returns
    -------
    str
        One of :data:`ORDERS`; ``guess`` when they can be read either way.
    """
    shown, numbers = _shown_by(cells)
    if not numbers:
        return "year first"
    return next(iter(shown)) if len(shown) == 1 else "guess"


def contradictory(cells: Iterable[Any]) -> tuple[str, str] | None:
    """Return a date with the day first and one with the month first, None without both."""
    shown, _ = _shown_by(cells)
    return (shown["day first"], shown["month first"]) if len(shown) == 2 else None


def _shown_by(cells: Iterable[Any]) -> tuple[dict[str, str], bool]:
    """Return the first cell that shows each order of day and month, and whether any has numbers."""
    shown: dict[str, str] = {}
    numbers = False
    for cell in cells:
        match = isinstance(cell, str) and (_NUMBERS.fullmatch(cell) or _TOGETHER.fullmatch(cell))
        if match:
            numbers = True
            if int(match[1]) > 12:
                shown.setdefault("day first", cell)
            if int(match[2]) > 12:
                shown.setdefault("month first", cell)
    return shown, numbers


def date(cell: Any, order: str) -> dt.date:
    """Return the date of a cell.

    Raises
    ------
    BadInputError
        When it is none, or can be read either way.
    """
    return _moment(cell, order)[0]


def moment(cell: Any, order: str) -> tuple[dt.date | None, float, dt.tzinfo | None]:
    """Return date, second of the day and zone of a cell; a time alone has no date.

    Raises
    ------
    BadInputError
        When it is not a date and time.
    """
    if isinstance(cell, str) and (found := _date_and_clock(cell, order)) is not None:
        return *found, None
    if isinstance(cell, dt.datetime):
        return cell.date(), _second(cell.time()), cell.tzinfo
    if isinstance(cell, dt.time):
        return None, _second(cell), None
    if isinstance(cell, str) and (clock := _clock(cell)) is not None:
        return None, clock, None
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 0 <= cell <= 2359:
        if cell != int(cell):
            raise BadInputError(f"{cell:g} is not a time; allowed: 08:30 or 8:30 am")
        return moment(f"{cell:04.0f}", order)
    day, clock, zone = _moment(cell, order)
    return day, clock, zone


def _date_and_clock(text: str, order: str) -> tuple[dt.date, float] | None:
    """Return date and second of a text in a common layout, None of others.

    Millions of texts have few dates and few times of the day, each of which is read once.
    """
    day, mark, clock = text.partition("T" if "T" in text else " ")
    if not mark or (date := _day_once(day, order)) is None:
        return None
    second = _clock_once(clock)
    return None if second is None else (date, second)


@lru_cache(maxsize=4_000)
def _day_once(text: str, order: str) -> dt.date | None:
    if not (_YEAR_FIRST.fullmatch(text) or _NUMBERS.fullmatch(text)):
        return None
    try:
        return _written(text, text, order)[0]
    except BadInputError:  # raised anew by who shows the whole cell
        return None


def _moment(cell: Any, order: str) -> tuple[dt.date, float, dt.tzinfo | None]:
    if isinstance(cell, dt.datetime):
        return cell.date(), _second(cell.time()), cell.tzinfo
    if isinstance(cell, dt.date):
        return cell, 0.0, None
    if _is_serial(cell):
        raise BadInputError(_no_moment(cell))
    if isinstance(cell, int) and not isinstance(cell, bool):
        cell = f"{cell:08d}"
    return _written(cell, cell.strip() if isinstance(cell, str) else "", order)


def _written(cell: Any, text: str, order: str) -> tuple[dt.date, float, dt.tzinfo | None]:
    """Return date, second and zone of a text; ``cell`` is what messages show."""
    if match := _YEAR_FIRST.fullmatch(text):
        clock = _clock(match[5]) if match[5] else 0.0
        if clock is not None:
            parts = match[4], match[3], match[1]
            return _ordered(*parts, "day first", cell), clock, None
    if match := _TOGETHER.fullmatch(text):
        return _ordered(match[1], match[2], match[3], order, cell), 0.0, None
    if match := _NUMBERS.fullmatch(text):
        if order == "guess" and text[match.end(1)] == ".":
            order = "day first"  # dots are written where the day comes first
        clock = _clock(match[4]) if match[4] else 0.0
        if clock is not None:
            return _ordered(match[1], match[2], match[3], order, cell), clock, None
    try:
        # An interval may be written with its end, as in 2026-01-05T08:00Z/2026-01-05T08:30Z.
        found = dt.datetime.fromisoformat(text.partition("/")[0])
    except ValueError:
        raise BadInputError(_no_moment(cell)) from None
    return found.date(), _second(found.time()), found.tzinfo


def _is_serial(cell: Any) -> bool:
    """Tell whether a cell holds what a spreadsheet counts for a date."""
    try:
        return not isinstance(cell, bool) and SERIALS[0] <= float(cell) < SERIALS[1]
    except (TypeError, ValueError):
        return False


def _no_moment(cell: Any) -> str:
    hint = " (a date without a date format?)" if _is_serial(cell) else ""
    return f"{show_value(cell)} is not a date and time{hint}; allowed: {ALLOWED}"


def _ordered(one: str, two: str, year: str, order: str, cell: Any) -> dt.date:
    if order not in ("day first", "month first"):
        cure = "dates such as 2026-01-05, or --dates day-first or month-first"
        message = f"{show_value(cell)}: day or month first? Say which; allowed: {cure}"
        raise BadInputError(message)
    day, month = (one, two) if order == "day first" else (two, one)
    try:
        return dt.date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        how = "" if str(cell).strip()[:4].isdigit() else f", read {order}"
        message = f"{show_value(cell)} is not a date{how}; allowed: {ALLOWED}"
        raise BadInputError(message) from None


def _clock(text: str) -> float | None:
    match = _TWELVE.fullmatch(text) or _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if match.re is _TWELVE:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[4].lower() == "p" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return hour * units.HOUR + minute * units.MINUTE + second


_clock_once = lru_cache(maxsize=100_000)(_clock)


def _second(time: dt.time) -> float:
    return time.hour * units.HOUR + time.minute * units.MINUTE + time.second
