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

MINUTE = 60.0
HOUR = 3600.0
DAY = 86400.0
WEEK = 7 * DAY
LONGEST = 36525 * DAY
"""A hundred years: the longest time that makes sense here."""
LARGEST = 1e6
"""The largest ratio that makes sense here."""
LONGEST_TEXT = 100
"""Characters of a quantity; to look for a time in a long text takes long."""

_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), HOUR),
    **dict.fromkeys(("d", "day", "days"), DAY),
    **dict.fromkeys(("w", "week", "weeks"), WEEK),
}
_NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?"
_PART = re.compile(rf"\s*({_NUMBER})\s*([a-z]+)\s*", re.IGNORECASE)
_PLAIN = re.compile(rf"\s*({_NUMBER})\s*", re.IGNORECASE)
_SHARE = re.compile(rf"\s*([+-]?{_NUMBER})\s*(%?)\s*", re.IGNORECASE)
_CLOCK = re.compile(r"\s*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*")
_RATE = re.compile(rf"\s*({_NUMBER})\s*(?:per|an?|/)\s*(.+?)\s*", re.IGNORECASE)
_CHANGE = re.compile(rf"\s*([+\-*x×−])\s*({_NUMBER})\s*(%|pp|[a-z].*)?\s*", re.IGNORECASE)

DURATION_FORM = 'a time such as "20s", "4min 30s", "1h" or a number of seconds'
MONEY_FORM = "an amount from 0 to a million such as 24.50"
SHARE_FORM = 'a share such as "80%" or 0.8'
CLOCK_FORM = 'a time of day such as "08:00", up to "24:00"'
RATE_FORM = 'a rate such as "1200 a day" or "48 per min"'
CHANGE_FORM = 'a change such as "+10%", "-2", "*1.1" or "-25s"'


class BadInputError(ValueError):
    """What a user gave cannot be used; the message says field, value and what is allowed."""


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
        a number of seconds.

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


def _duration_text(text: str) -> float:
    if plain := matched(_PLAIN, text):
        return float(plain[1])
    parts = _PART.findall(text) if len(text) <= LONGEST_TEXT else []
    if not parts or _PART.sub("", text):
        raise BadInputError(f"{text!r} is not a time; allowed: {DURATION_FORM}")
    unknown = [unit for _, unit in parts if unit.lower() not in _UNITS]
    if unknown:
        raise BadInputError(
            f"{text!r} has the unknown unit {unknown[0]!r}; allowed: s, min, h, day"
        )
    return sum(float(number) * _UNITS[unit.lower()] for number, unit in parts)


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
        number = float(match[1]) / (100.0 if match[2] else 1.0)
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
    plain = matched(_PLAIN, value)
    number = _number(float(plain[1]) if plain else value, MONEY_FORM)
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
    return float(match[1]), seconds


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
    sign, number, unit = match[1], float(match[2]), (match[3] or "").lower()
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
    if rest or not parts:
        parts.append(f"{rest:.3f}".rstrip("0").rstrip(".") + "s")
    return " ".join(parts)


def show_share(value: float, digits: int = 1) -> str:
    """Return a share in percent, such as ``"78.5%"``.

    Parameters
    ----------
    value : float
        1 is 100%.
    digits : int
        Decimals at most; trailing zeros are dropped.
    """
    if not math.isfinite(value):
        return "unknown"
    return f"{_trimmed(100 * value, digits)}%"


def show_number(value: float, digits: int = 2) -> str:
    """Return a number with thousands set apart, such as ``"1,234.5"``.

    Parameters
    ----------
    value : float
    digits : int
        Decimals at most; trailing zeros are dropped.
    """
    if not math.isfinite(value):
        return "unlimited" if value > 0 else "unknown"
    return _trimmed(value, digits)


def counted(value: float, one: str, digits: int = 0) -> str:
    """Return a number with its noun, such as ``"1 agent"`` or ``"2.5 agents"``.

    Parameters
    ----------
    value : float
    one : str
        The noun for one; for others it gets an s.
    digits : int
        Decimals at most.
    """
    shown = show_number(value, digits)
    return f"{shown} {one if shown == '1' else one + 's'}"


def show_clock(seconds: float) -> str:
    """Return seconds since midnight as ``"08:00"`` (``"08:00:30"`` with seconds)."""
    whole = round(seconds)
    text = f"{whole // 3600:02d}:{whole % 3600 // 60:02d}"
    return text + (f":{whole % 60:02d}" if whole % 60 else "")


def to_whole(value: float) -> int:
    """Return the nearest whole number, halves upwards, whatever binary fractions do to a half.

    The one way in which counts of agents and contacts are rounded.
    """
    return math.floor(value + 0.5 + 1e-9)


def _trimmed(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


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
