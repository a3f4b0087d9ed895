"""Numbers and lengths of time as cells of tables hold them."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sim import units
from sim.units import AmbiguousNumberError, BadInputError

DURATION_FORM = "seconds, 6:10 (minutes and seconds), 1:02:03 (hours, minutes, seconds) or 4min 10s"
_BLANKS = re.compile("(?<=\\d)[ \u00a0\u2009\u202f'\u2019](?=\\d{3}(?!\\d))")
"""What some countries write between thousands."""
_NUMBER = re.compile(r"([+-]?)(\d*(?:[.,]\d+)*[.,]?)(e[+-]?\d{1,3})?", re.IGNORECASE | re.ASCII)
_GROUPS = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*")
_COLONS = re.compile(r"(?:(\d{1,6}):([0-5]\d)|(\d{1,7})):([0-5]\d)(?:[.,](\d{1,9}))?", re.ASCII)
_HUGE = 1e300
_LONGEST = 60
"""Characters of a value that a message shows."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """How the numbers of a table are written.

    Attributes
    ----------
    decimal : str
        The decimal mark, ``"."`` or ``","``.
    certain : bool
        Whether the table itself shows it; only then is ``1,234`` with the other mark a thousand.
    """

    decimal: str = "."
    certain: bool = False

    @property
    def comma(self) -> bool:
        """Whether a comma is the decimal mark."""
        return self.decimal == ","


POINT = Numbers()


class HourMinute(dt.time):
    """A time that a workbook shows without seconds: 06:10 may be typed for 6 min 10 s."""


def numbers_in(rows: Iterable[tuple[int, list[Any]]], separator: str) -> Numbers:
    """Return how the numbers of a table are written, from those that can be read in one way only.

    Without any, a comma is the decimal mark where semicolons separate the cells.
    """
    found = {
        mark
        for _, cells in rows
        for cell in cells
        if isinstance(cell, str) and ("," in cell or "." in cell) and (mark := _decimal_of(cell))
    }
    if len(found) == 1:
        return Numbers(found.pop(), certain=True)
    return Numbers("," if separator == ";" else ".")


def _decimal_of(cell: str) -> str:
    """Return the decimal mark that a number must have, empty when it may have either."""
    match = _NUMBER.fullmatch(_BLANKS.sub("", cell.strip()))
    if match is None:
        return ""
    digits = match[2]
    marks = [c for c in digits if c in ".,"]
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) > 1:
        return "," if marks[0] == "." else "."
    return "" if not marks or _GROUPS.fullmatch(digits) else marks[0]


def number(value: Any, written: Numbers = POINT) -> float:
    """Return the number of a cell.

    Parameters
    ----------
    value : object
        A number, or text such as ``12,5``, ``1.234,5``, ``1 234`` or ``1e3``.
    written : Numbers

    Raises
    ------
    BadInputError
        When it is none, or can be read in two ways (:class:`AmbiguousNumberError`).
    """
    if isinstance(value, str):
        return _number_text(value, written)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInputError(f"{show_value(value)} is not a number")
    if not abs(value) < _HUGE:
        raise BadInputError(f"{show_value(value)} is not a number below 1e300")
    return float(value)


def _number_text(text: str, written: Numbers) -> float:
    match = _NUMBER.fullmatch(_BLANKS.sub("", text.strip()))
    digits = match[2] if match else ""
    if match is None or not any(c not in ".," for c in digits):
        raise BadInputError(f"{show_value(text)} is not a number")
    return number(float(match[1] + _pointed(text, digits, written) + (match[3] or "")))


def _pointed(text: str, digits: str, written: Numbers) -> str:
    """Return digits with a decimal point and nothing between thousands."""
    marks = [c for c in digits if c in ".,"]
    if not marks:
        return digits
    last = marks[-1]
    whole, _, rest = digits.rpartition(last)
    if len(set(marks)) == 2:
        if last in whole or not _GROUPS.fullmatch(whole):
            raise BadInputError(f"{show_value(text)} is not a number")
        return re.sub("[.,]", "", whole) + "." + rest
    if len(marks) > 1:
        if not _GROUPS.fullmatch(digits):
            raise BadInputError(f"{show_value(text)} is not a number")
        return digits.replace(last, "")
    if last == written.decimal or not _GROUPS.fullmatch(digits):
        return f"{whole}.{rest}"
    if not written.certain:
        readings = f"{whole}{rest} or {whole}{written.decimal}{rest}"
        raise AmbiguousNumberError(f"{show_value(text)} may be {readings}; allowed: one of these")
    return whole + rest


def duration(value: Any, written: Numbers = POINT) -> float:
    """Return the length of time of a cell in seconds.

    Parameters
    ----------
    value : object
        A number of seconds, ``6:10`` (m:ss), ``1:02:03`` (h:mm:ss), ``4min 10s``, or a time or
        difference of times of a workbook.
    written : Numbers

    Raises
    ------
    BadInputError
        When it is none, is negative, or can be read in two ways.
    """
    if isinstance(value, dt.timedelta):
        seconds = value.total_seconds()
    elif isinstance(value, dt.time):
        seconds = _time(value)
    elif isinstance(value, str) and ":" in value:
        seconds = _colons(value)
    else:
        seconds = _seconds(value, written)
    if not 0 <= seconds <= units.LONGEST:
        raise BadInputError(f"{show_value(value)} is out of bounds; allowed: {DURATION_FORM}")
    return seconds


def _time(value: dt.time) -> float:
    seconds = value.hour * units.HOUR + value.minute * units.MINUTE + value.second
    if isinstance(value, HourMinute) and seconds:
        hour, minute = value.hour, value.minute
        raise BadInputError(
            f"{value:%H:%M} may be {hour} hours {minute} minutes or {hour} minutes {minute} "
            f"seconds; allowed: the format h:mm:ss for the cell, or a number of seconds"
        )
    return seconds + value.microsecond / 1e6


def _colons(text: str) -> float:
    match = _COLONS.fullmatch(text.strip())
    if match is None:
        raise BadInputError(f"{show_value(text)} is no time; allowed: {DURATION_FORM}")
    hours, minutes = int(match[1] or 0), int(match[2] or match[3])
    fraction = float(f"0.{match[5]}") if match[5] else 0.0
    return hours * units.HOUR + minutes * units.MINUTE + int(match[4]) + fraction


def _seconds(value: Any, written: Numbers) -> float:
    try:
        return number(value, written)
    except AmbiguousNumberError:
        raise
    except BadInputError:
        pass
    try:
        if isinstance(value, str) and written.comma:
            value = value.replace(",", ".")
        return units.duration(value)
    except BadInputError:
        raise BadInputError(f"{show_value(value)} is no time; allowed: {DURATION_FORM}") from None


def is_missing(value: Any) -> bool:
    """Tell whether a cell holds nothing, or the words by which programs say so."""
    if isinstance(value, str):
        return value.strip().lower() in ("", "nan", "null", "#n/a")
    return value is None or (isinstance(value, float) and math.isnan(value))


def show_value(value: Any) -> str:
    """Return a value as a message shows it: quoted, on one line, cut when long."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**30:
        return "a huge number"
    shown = repr(value) if isinstance(value, str) else str(value)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
