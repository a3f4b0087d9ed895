"""Quantities as planners write them: ``20s``, ``80%``, ``08:00``, ``+10%``.

Every function takes what stands in a file or on a command line and returns a plain number
in seconds or as a share, or shows such a number again. Errors say the value and what is
allowed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sim.durations import (
    CLOCK_FORM,
    DAY,
    DURATION_FORM,
    HOUR,
    LONGEST,
    MINUTE,
    WEEK,
    clock,
    duration,
    long_duration,
    readable_duration,
    show_clock,
    show_duration,
    show_minutes,
)
from sim.messages import BadInputError, show_value
from sim.numerals import (
    LONGEST_TEXT,
    NUMBER,
    POINT,
    UNTOLD,
    AmbiguousNumberError,
    counted,
    finite,
    matched,
    plain_number,
    read_number,
    show_number,
    show_share,
    to_whole,
)

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
    "readable_duration",
    "show_clock",
    "show_duration",
    "show_minutes",
    "show_number",
    "show_share",
    "to_whole",
]

MOST_A_DAY = 1e12
"""The largest rate that is read, in contacts a day."""
LARGEST = 1e6
"""The largest ratio that makes sense here."""

_SHARE = re.compile(rf"\s*([+-]?{NUMBER})\s*(%?)\s*", re.IGNORECASE)
_RATE = re.compile(rf"\s*({NUMBER})\s*(?:per|an?|/)\s*(.+?)\s*", re.IGNORECASE)
_CHANGE = re.compile(rf"\s*([+\-*x×−])\s*({NUMBER})\s*(%|pp|[a-z].*)?\s*", re.IGNORECASE)

MONEY_FORM = "an amount from 0 to a million such as 24.50"
SHARE_FORM = 'a share such as "80%" or 0.8'
RATE_FORM = 'a rate such as "1200 a day" or "48 per min"'
CHANGE_FORM = 'a change such as "+10%", "-2", "*1.1" or "-25s"'


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
        When it is not a number, or lies outside 0 to 1.
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
        When it is not a number or negative.
    """
    if isinstance(value, str):
        match = matched(_SHARE, value)
        if match is None:
            raise BadInputError(f"{value!r} is not a share; allowed: {SHARE_FORM}")
        sign = -1.0 if match[1].startswith("-") else 1.0
        number = sign * read_number(match[1].lstrip("+-"), POINT)
        number /= 100.0 if match[2] else 1.0
    else:
        number = finite(value, SHARE_FORM)
    if number < 0:
        raise BadInputError(f"{show_value(value)} is negative; allowed: {SHARE_FORM}")
    if number > LARGEST:
        raise BadInputError(f"{show_value(value)} is above a million; allowed: {SHARE_FORM}")
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
        When it is not a number, negative or larger.
    """
    plain = plain_number(value) if isinstance(value, str) else None
    number = finite(value if plain is None else plain, MONEY_FORM)
    if not 0 <= number <= LARGEST:
        raise BadInputError(f"{show_value(value)} is out of bounds; allowed: {MONEY_FORM}")
    return number


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
        When it is not a rate.
    """
    match = matched(_RATE, value)
    if match is None:
        raise BadInputError(f"{value!r} is not a rate; allowed: {RATE_FORM}")
    period = match[2] if match[2][0].isdigit() else f"1{match[2]}"
    seconds = duration(period)
    if seconds <= 0:
        raise BadInputError(f"{value!r} is a rate over no time; allowed: {RATE_FORM}")
    number = finite(read_number(match[1]), RATE_FORM)
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
        When it does not begin with +, - or *, or what follows is not a number or time.
    """
    match = matched(_CHANGE, value)
    if match is None:
        raise BadInputError(f"{value!r} is not a change; allowed: {CHANGE_FORM}")
    sign, unit = match[1], (match[3] or "").lower()
    written = POINT if unit or sign in "*x×" else UNTOLD
    number = finite(read_number(match[2], written), CHANGE_FORM)
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
