"""Numbers and lengths of time as cells of tables hold them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from typing import Any

from sim import units
from sim.messages import BadInputError
from sim.numerals import POINT, Numbers, decimal_mark, finite, read_number


class HourMinute(dt.time):
    """A time that a workbook shows without seconds: 06:10 may be typed for 6 min 10 s."""


def numbers_in(rows: Iterable[tuple[int, list[Any]]], separator: str) -> Numbers:
    """Return how the numbers of a table are written, from those that can be read in one way only.

    Without any, a comma is the decimal mark where semicolons separate the cells, and a point where
    commas do: ``"1,030"`` in quotes is 1030 there. Tabs and bars say nothing, nor does a single
    column or a workbook.
    """
    found = {
        mark
        for _, cells in rows
        for cell in cells
        if isinstance(cell, str) and ("," in cell or "." in cell) and (mark := decimal_mark(cell))
    }
    if len(found) == 1:
        return Numbers(found.pop(), certain=True)
    return Numbers({";": ",", ",": "."}.get(separator, ""), separator == "," and not found)


def number(value: Any, written: Numbers = POINT) -> float:
    """Return the number of a cell.

    Parameters
    ----------
    value : object
        A number, or text as :func:`sim.numerals.read_number` reads it.
    written : Numbers
        How the table writes numbers.

    Raises
    ------
    BadInputError
        When it is none, or can be read in two ways (:class:`sim.units.AmbiguousNumberError`).
    """
    return read_number(value, written) if isinstance(value, str) else finite(value, "a number")


def duration(value: Any, written: Numbers = POINT) -> float:
    """Return the length of time of a cell in seconds.

    Parameters
    ----------
    value : object
        A number or text as :func:`sim.units.duration` reads it, or a time or difference of times
        of a workbook.
    written : Numbers
        How the table writes numbers.

    Raises
    ------
    BadInputError
        When it is none, is negative, or can be read in two ways.
    """
    if isinstance(value, dt.timedelta):
        value = value.total_seconds()
    elif isinstance(value, dt.time):
        value = _time(value)
    return units.duration(value, written)


def _time(value: dt.time) -> float:
    seconds = value.hour * units.HOUR + value.minute * units.MINUTE + value.second
    if isinstance(value, HourMinute) and seconds:
        hour, minute = value.hour, value.minute
        raise BadInputError(
            f"{value:%H:%M} may be {hour} hours {minute} minutes or {hour} minutes {minute} "
            f"seconds; allowed: the format h:mm:ss for the cell, or a number of seconds"
        )
    return seconds + value.microsecond / 1e6


def is_missing(value: Any) -> bool:
    """Tell whether a cell holds nothing, or the words by which programs say so."""
    if isinstance(value, str):
        return value.strip().lower() in ("", "nan", "null", "#n/a")
    return value is None or (isinstance(value, float) and math.isnan(value))
