"""Quantities as planners write them: ``20s``, ``80%``, ``08:00``, ``+10%``.

Every function takes what stands in a file or on a command line and returns a plain number
in seconds or as a share, or shows such a number again. Errors say the value and what is
allowed.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass

from sim.numerals import NUMBER as _NUMBER
from sim.numerals import counted, is_ambiguous, read_number, show_number, show_share, to_whole

__all__ = [
    "CHANGE_FORM",
    "CLOCK_FORM",
    "DAY",
    "DURATION_FORM",
    "HOUR",
    "LARGEST",
    "LONGEST",
    "LONGEST_TEXT",
    "MINUTE",
    "MONEY_FORM",
    "MOST_A_DAY",
    "RATE_FORM",
    "SHARE_FORM",
    "WEEK",
    "AmbiguousNumberError",
    "BadInputError",
    "Change",
    "change",
    "clock",
    "counted",
    "duration",
    "is_change",
    "long_duration",
    "matched",
    "money",
    "plain_number",
    "rate",
    "ratio",
    "share",
    "show_clock",
    "show_duration",
    "show_number",
    "show_share",
    "to_whole",
]

MINUTE = 60.0
HOUR = 3600.0
DAY = 86400.0
WEEK = 7 * DAY
LONGEST = 36525 * DAY
"""A hundred years: the longest time that makes sense here."""
MOST_A_DAY = 1e12
"""The largest rate that is read, in contacts a day."""
LARGEST = 1e6
"""The largest ratio that makes sense here."""
LONGEST_TEXT = 100
"""Characters of a quantity; to look for a time in a long text takes long."""

_UNITS = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), HOUR),
    **dict.fromkeys(("d", "day", "days"), DAY),
    **dict.fromkeys(("w", "week", "weeks"), WEEK),
}
_PART = re.compile(rf"\s*({_NUMBER})\s*([a-z]+)\s*", re.IGNORECASE)
_PLAIN = re.compile(rf"\s*({_NUMBER})\s*", re.IGNORECASE)
_SHARE = re.compile(rf"\s*([+-]?{_NUMBER})\s*(%?)\s*", re.IGNORECASE)
_COLONS = re.compile(r"\s*(?:(\d+):(?=\d\d:))?(\d+):([0-5]\d(?:[.,]\d+)?)\s*")
_CLOCK = re.compile(r"\s*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*")
_RATE = re.compile(rf"\s*({_NUMBER})\s*(?:per|an?|/)\s*(.+?)\s*", re.IGNORECASE)
_CHANGE = re.compile(rf"\s*([+\-*x×−])\s*({_NUMBER})\s*(%|pp|[a-z].*)?\s*", re.IGNORECASE)

DURATION_FORM = 'a time such as "20s", "4min 30s", "5:29", "1h" or a number of seconds'
MONEY_FORM = "an amount from 0 to a million such as 24.50"
SHARE_FORM = 'a share such as "80%" or 0.8'
CLOCK_FORM = 'a time of day such as "08:00", up to "24:00"'
RATE_FORM = 'a rate such as "1200 a day" or "48 per min"'
CHANGE_FORM = 'a change such as "+10%", "-2", "*1.1" or "-25s"'


class BadInputError(ValueError):
    """What a user gave cannot be used; the message says field, value and what is allowed."""


class AmbiguousNumberError(BadInputError):
    """A number that can be read in two ways; the message says both."""


def matched(form: re.Pattern[str], value: object) -> re.Match[str] | None:
    """Return how a text matches a form; None for what is no text, or too long for a quantity."""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        return None
    return form.fullmatch(value)


def duration(value: object) -> float:
    """Return a length of time in seconds.

    Parameters
    ----------
    value : str, int or float
        ``"20s"``, ``"4min 30s"``, ``"1h"``, ``"1day"``, ``"90"`` or 90. A plain number is
        a number of seconds; ``"5:29"`` are minutes and seconds, ``"1:02:03"`` hours too.

    Returns
    -------
    float
        Seconds, from zero to a hundred years.

    Raises
    ------
    BadInputError
        When it is no such time, negative or without bound.
    """
    number = _duration_text(value) if isinstance(value, str) else _number(value, DURATION_FORM)
    if number < 0:
        raise BadInputError(f"{_short(value)} is negative; allowed: {DURATION_FORM}")
    if number > LONGEST:
        raise BadInputError(f"{_short(value)} is longer than 100 years; allowed: {DURATION_FORM}")
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


def _duration_text(text: str) -> float:
    if plain := matched(_PLAIN, text):
        return _read(plain[1])
    if found := matched(_COLONS, text):
        return _of_colons(text, found)
    parts = _PART.findall(text) if len(text) <= LONGEST_TEXT else []
    if not parts or _PART.sub("", text):
        raise BadInputError(f"{text!r} is not a time; allowed: {DURATION_FORM}")
    unknown = [unit for _, unit in parts if unit.lower() not in _UNITS]
    if unknown:
        raise BadInputError(
            f"{text!r} has the unknown unit {unknown[0]!r}; allowed: s, min, h, day"
        )
    return sum(_read(number) * _UNITS[unit.lower()] for number, unit in parts)


def _of_colons(text: str, found: re.Match[str]) -> float:
    """Return the seconds of ``"5:29"`` (minutes, seconds) or ``"1:02:03"`` (with hours)."""
    hours, minutes = int(found[1] or 0), int(found[2])
    if found[1] and minutes > 59:
        raise BadInputError(f"{text!r} is not a time; allowed: {DURATION_FORM}")
    return hours * HOUR + minutes * MINUTE + float(found[3].replace(",", "."))


def _read(number: str, *, thousands: bool = True) -> float:
    """Return the number that a text spells.

    Raises
    ------
    BadInputError
        When it may mean two numbers; with both.
    """
    try:
        return read_number(number, thousands=thousands)
    except ValueError as error:
        raise AmbiguousNumberError(str(error)) from None


def plain_number(text: str, *, thousands: bool = True) -> float | None:
    """Return the number that a text spells, None when it is no bare number of 0 or more.

    Raises
    ------
    BadInputError
        When it may mean two numbers, such as ``"1.440"``.
    """
    found = matched(_PLAIN, text)
    return None if found is None else _read(found[1], thousands=thousands)


def share(value: object) -> float:
    """Return a share between 0 and 1.

    Parameters
    ----------
    value : str, int or float
        ``"80%"``, ``0.8`` or ``"0.8"``.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    BadInputError
        When it is no number, or lies outside 0 to 1.
    """
    result = ratio(value)
    if result > 1:
        hint = f'; for {value} percent write "{value}%"' if "%" not in str(value) else ""
        raise BadInputError(f"{value!r} is more than 100%; allowed: {SHARE_FORM}{hint}")
    return result


def ratio(value: object) -> float:
    """Return a ratio of zero or more, such as a coefficient of variation or a speed.

    Parameters
    ----------
    value : str, int or float
        ``"110%"``, ``1.1`` or ``"1.1"``.

    Returns
    -------
    float
        From zero to a million; 1 is 100%.

    Raises
    ------
    BadInputError
        When it is no number or negative.
    """
    if isinstance(value, str):
        match = matched(_SHARE, value)
        if match is None:
            raise BadInputError(f"{value!r} is not a share; allowed: {SHARE_FORM}")
        sign = -1.0 if match[1].startswith("-") else 1.0
        number = sign * _read(match[1].lstrip("+-"), thousands=False)
        number /= 100.0 if match[2] else 1.0
    else:
        number = _number(value, SHARE_FORM)
    if number < 0:
        raise BadInputError(f"{_short(value)} is negative; allowed: {SHARE_FORM}")
    if number > LARGEST:
        raise BadInputError(f"{_short(value)} is above a million; allowed: {SHARE_FORM}")
    return number


def money(value: object) -> float:
    """Return an amount of money, of any currency.

    Parameters
    ----------
    value : str, int or float
        ``24.5`` or ``"24.50"``.

    Returns
    -------
    float
        From zero to a million.

    Raises
    ------
    BadInputError
        When it is no number, negative or larger.
    """
    plain = plain_number(value) if isinstance(value, str) else None
    number = _number(value if plain is None else plain, MONEY_FORM)
    if not 0 <= number <= LARGEST:
        raise BadInputError(f"{_short(value)} is out of bounds; allowed: {MONEY_FORM}")
    return number


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
        When it is no time of day.
    """
    if isinstance(value, dt.time):
        return value.hour * HOUR + value.minute * MINUTE + value.second
    match = matched(_CLOCK, value)
    if match is None:
        raise BadInputError(f"{value!r} is not a time of day; allowed: {CLOCK_FORM}")
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
    total = hours * HOUR + minutes * MINUTE + seconds
    if minutes > 59 or seconds > 59 or total > DAY:
        raise BadInputError(f"{value!r} is not a time of day; allowed: {CLOCK_FORM}")
    return total


def rate(value: str) -> tuple[float, float]:
    """Return an amount and the time it is spread over.

    Parameters
    ----------
    value : str
        ``"1200 a day"``, ``"48 per min"``, ``"100 per 30min"`` or ``"400/h"``.

    Returns
    -------
    amount : float
        Zero or more.
    seconds : float
        Length of the time, above zero.

    Raises
    ------
    BadInputError
        When it is no rate.
    """
    match = matched(_RATE, value)
    if match is None:
        raise BadInputError(f"{value!r} is not a rate; allowed: {RATE_FORM}")
    period = match[2] if match[2][0].isdigit() else f"1{match[2]}"
    seconds = duration(period)
    if seconds <= 0:
        raise BadInputError(f"{value!r} is a rate over no time; allowed: {RATE_FORM}")
    number = _number(_read(match[1]), RATE_FORM)
    if number / seconds * DAY > MOST_A_DAY:
        raise BadInputError(f"{value!r} is more than {MOST_A_DAY:,.0f} a day; allowed: {RATE_FORM}")
    return number, seconds


@dataclass(frozen=True, slots=True)
class Change:
    """A relative change of a number: times ``factor``, plus ``add``.

    Attributes
    ----------
    factor : float
        Zero or more.
    add : float
        In the unit of what is changed: seconds when ``unit`` is "s", a share when "pp".
    unit : str
        "s" when a time was written, "pp" for percentage points, else empty.
    """

    factor: float = 1.0
    add: float = 0.0
    unit: str = ""

    def apply(self, number: float) -> float:
        """Return the changed number."""
        return number * self.factor + self.add


def change(value: object) -> Change:
    """Return a relative change.

    Parameters
    ----------
    value : str
        ``"+10%"`` (times 1.1), ``"-2"``, ``"*1.1"``, ``"-25s"`` or ``"+10pp"`` (ten
        percentage points).

    Returns
    -------
    Change

    Raises
    ------
    BadInputError
        When it does not begin with +, - or *, or what follows is no number or time.
    """
    match = matched(_CHANGE, value)
    if match is None:
        raise BadInputError(f"{value!r} is not a change; allowed: {CHANGE_FORM}")
    sign, unit = match[1], (match[3] or "").lower()
    number = _number(_read(match[2], thousands=not unit and sign not in "*x×"), CHANGE_FORM)
    if sign in "*x×":
        if unit not in ("", "%"):
            raise BadInputError(f"{value!r} multiplies by a time; allowed: {CHANGE_FORM}")
        return Change(factor=number / 100 if unit else number)
    direction = 1.0 if sign == "+" else -1.0
    if unit == "%":
        if direction * number < -100:
            raise BadInputError(f"{value!r} takes off more than there is; allowed: at most -100%")
        return Change(factor=(100 + direction * number) / 100)
    if unit == "pp":
        return Change(add=direction * number / 100, unit="pp")
    if unit:
        return Change(add=direction * duration(f"{match[2]}{match[3]}"), unit="s")
    return Change(add=direction * number)


def is_change(value: object) -> bool:
    """Return whether a value is written as a relative change, such as ``"+10%"``."""
    return matched(_CHANGE, value) is not None


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


def show_clock(seconds: float) -> str:
    """Return seconds since midnight as ``"08:00"`` (``"08:00:30"`` with seconds)."""
    whole = round(seconds)
    text = f"{whole // 3600:02d}:{whole % 3600 // 60:02d}"
    return text + (f":{whole % 60:02d}" if whole % 60 else "")


def _number(value: object, allowed: str) -> float:
    """Return a finite float from a number that is no bool."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInputError(f"{_short(value)} is not a number; allowed: {allowed}")
    if not -1e300 < value < 1e300:
        raise BadInputError(f"{_short(value)} is not finite; allowed: {allowed}")
    return float(value)


def _short(value: object) -> str:
    """Return a value as it was written, cut when it is very long."""
    shown = repr(value) if not isinstance(value, int) or abs(value) < 10**30 else "a huge number"
    return shown if len(shown) <= 80 else f"{shown[:77]}…"
