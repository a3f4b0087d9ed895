"""Lengths of time and times of day as planners write them: ``20s``, ``6:10``, ``08:00``."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Literal

from sim.messages import BadInputError, show_value
from sim.numerals import (
    BARE,
    LONGEST_TEXT,
    NUMBER,
    UNTOLD,
    Numbers,
    finite,
    is_ambiguous,
    matched,
    read_number,
)

MINUTE = 60.0
HOUR = 3600.0
DAY = 86400.0
WEEK = 7 * DAY
LONGEST = 36525 * DAY
"""A hundred years: the longest time that makes sense here."""

_UNITS = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), HOUR),
    **dict.fromkeys(("d", "day", "days"), DAY),
    **dict.fromkeys(("w", "week", "weeks"), WEEK),
}
_PART = re.compile(rf"\s*({NUMBER})\s*([a-z]+)\s*", re.IGNORECASE)
_COLONS = re.compile(r"\s*(?:([0-9]+):(?=[0-9][0-9]:))?([0-9]+):([0-5][0-9](?:[.,][0-9]+)?)\s*")
_CLOCK = re.compile(r"\s*([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?\s*")

DURATION_FORM = (
    'a time such as "20s", "4min 30s", "5:29" (minutes and seconds), "1:02:03", "1h" or a number '
    "of seconds"
)
CLOCK_FORM = 'a time of day such as "08:00", up to "24:00"'


def duration(value: object, written: Numbers = UNTOLD) -> float:
    """Return a length of time in seconds.

    Parameters
    ----------
    value : str, int or float
        ``"20s"``, ``"4min 30s"``, ``"1h"``, ``"1day"``, ``"90"`` or 90. A plain number is
        a number of seconds; ``"5:29"`` are minutes and seconds, ``"1:02:03"`` hours too.
    written : Numbers
        What decides the reading of numbers in it, such as ``1.440``.

    Returns
    -------
    float
        Seconds, from zero to a hundred years.

    Raises
    ------
    BadInputError
        When it is not such a time, negative or without bound, or can be read in two ways.
    """
    if isinstance(value, str):
        number = _duration_text(value, written)
    else:
        number = finite(value, DURATION_FORM)
    if number < 0:
        raise BadInputError(f"{show_value(value)} is negative; allowed: {DURATION_FORM}")
    if number > LONGEST:
        shown = show_value(value)
        raise BadInputError(f"{shown} is longer than 100 years; allowed: {DURATION_FORM}")
    return number


def long_duration(value: object) -> float:
    """Return a length of time (s) where hours are usual, as of a shift.

    As :func:`duration`, but ``"8:30"`` is refused: there it may as well mean hours.

    Raises
    ------
    BadInputError
        As :func:`duration`, and when there is a single colon, with both readings.
    """
    found = matched(_COLONS, value)
    if found is not None and found[1] is None:
        first, second = int(found[2]), found[3]
        raise BadInputError(
            f'{value!r} may be "{first}min {second}s" or "{first}h {second}min"; write one of these'
        )
    return duration(value)


def _duration_text(text: str, written: Numbers) -> float:
    if plain := matched(BARE, text):
        return read_number(plain[1], written)
    if found := matched(_COLONS, text):
        return _of_colons(text, found)
    parts = _PART.findall(text) if len(text) <= LONGEST_TEXT else []
    if not parts or _PART.sub("", text):
        wrong = "negative" if _is_negative(text) else "not a time"
        raise BadInputError(f"{show_value(text)} is {wrong}; allowed: {DURATION_FORM}")
    unknown = [unit for _, unit in parts if unit.lower() not in _UNITS]
    if unknown:
        raise BadInputError(
            f"{show_value(text)} has the unknown unit {unknown[0]!r}; allowed: s, min, h, day"
        )
    return sum(read_number(number, written) * _UNITS[unit.lower()] for number, unit in parts)


def _is_negative(text: str) -> bool:
    """Return whether a text would be a time without its minus."""
    words = text.strip()
    size = words.removeprefix("-").strip()
    if words == size or len(text) > LONGEST_TEXT:
        return False
    if matched(BARE, size) or matched(_COLONS, size):
        return True
    return bool(_PART.search(size)) and not _PART.sub("", size)


def _of_colons(text: str, found: re.Match[str]) -> float:
    """Return the seconds of ``"5:29"`` (minutes, seconds) or ``"1:02:03"`` (with hours)."""
    hours, minutes = int(found[1] or 0), int(found[2])
    if found[1] and minutes > 59:
        raise BadInputError(f"{show_value(text)} is not a time; allowed: {DURATION_FORM}")
    return hours * HOUR + minutes * MINUTE + float(found[3].replace(",", "."))


def clock(value: object) -> float:
    """Return a time of day in seconds since midnight.

    Parameters
    ----------
    value : str or datetime.time
        ``"08:00"``, ``"8:00"``, ``"08:00:30"``; ``"24:00"`` is the end of the day.

    Returns
    -------
    float
        From 0 to 86400.

    Raises
    ------
    BadInputError
        When it is not a time of day.
    """
    if isinstance(value, dt.time):
        return value.hour * HOUR + value.minute * MINUTE + value.second
    match = matched(_CLOCK, value)
    if match is None:
        raise BadInputError(f"{show_value(value)} is not a time of day; allowed: {CLOCK_FORM}")
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
    total = hours * HOUR + minutes * MINUTE + seconds
    if minutes > 59 or seconds > 59 or total > DAY:
        raise BadInputError(f"{show_value(value)} is not a time of day; allowed: {CLOCK_FORM}")
    return total


def show_duration(seconds: float) -> str:
    """Return a time as a planner writes it, such as ``"4min 30s"``.

    Parameters
    ----------
    seconds : float
        Zero or more; infinite is "unlimited".

    Returns
    -------
    str
        Readable by :func:`duration` (but for "unlimited"), exact to a millisecond.
    """
    if math.isnan(seconds):
        return "unknown"
    if math.isinf(seconds):
        return "unlimited"
    if seconds < 0:
        return f"-{show_duration(-seconds)}"
    rest, parts = round(seconds, 3), []
    for unit, size in (("day", DAY), ("h", HOUR), ("min", MINUTE)):
        count = int(rest // size)
        if count:
            parts.append(f"{count}{unit}")
            rest = round(rest - count * size, 3)
    shown = f"{rest:.3f}".rstrip("0").rstrip(".")
    if is_ambiguous(shown):  # 28.125s could be read as 28125s
        whole, _, part = shown.partition(".")
        parts += [f"{whole}s", f"{int(part)}ms"]
    elif rest or not parts:
        parts.append(f"{shown}s")
    return " ".join(parts)


def readable_duration(seconds: float) -> str:
    """Return a time to three digits or so, as text for people: ``"5.1 s"``, ``"4 d 1 h"``.

    It has the largest unit and the one below; a scenario file takes :func:`show_duration`.

    Parameters
    ----------
    seconds : float
        Infinite is "unlimited".
    """
    if math.isnan(seconds):
        return "unknown"
    if math.isinf(seconds):
        return "unlimited"
    if seconds < 0:
        return f"-{readable_duration(-seconds)}"
    if seconds < MINUTE:
        return f"{seconds:.2g} s" if seconds < 1 else f"{seconds:.1f} s".replace(".0 s", " s")
    size, unit, part, below = next(one for one in _READABLE if seconds >= one[0])
    whole, rest = divmod(round(seconds / part) * part, size)
    return f"{whole:.0f} {unit}" + (f" {rest / part:.0f} {below}" if rest else "")


_READABLE = ((DAY, "d", HOUR, "h"), (HOUR, "h", MINUTE, "min"), (MINUTE, "min", 1.0, "s"))
"""Unit and the one below, with their sizes (s)."""


def show_clock(seconds: float, to: Literal["", "minute", "second"] = "") -> str:
    """Return seconds since midnight as a time of day, such as ``"08:00"``.

    Parameters
    ----------
    seconds : float
    to : str
        "minute" rounds to minutes, "second" always shows seconds; by default they are shown where
        the time is not a whole minute, as in ``"08:00:30"``.
    """
    whole = 60 * round(seconds / MINUTE) if to == "minute" else round(seconds)
    text = f"{whole // 3600:02d}:{whole % 3600 // 60:02d}"
    return text + (f":{whole % 60:02d}" if whole % 60 or to == "second" else "")


def show_minutes(seconds: int) -> str:
    """Return whole seconds as minutes and seconds, ``"5:29"``; with hours ``"1:02:03"``."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes_left = divmod(minutes, 60)
    return f"{hours}:{minutes_left:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
