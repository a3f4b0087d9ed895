"""Numbers read from texts, shown and rounded.

The one place that says which number a text spells. A text may part thousands and have a decimal
comma. Where one separator is followed by exactly three digits, ``1.440`` is 1.44 to some and 1440
to others: it is refused, unless something else decides the reading, as :class:`Numbers` says. For a
table that is its other cells, or what separates its cells.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from sim.messages import BadInputError, show_value

_BLANK = "[ \u00a0\u2009\u202f'\u2019]"
"""What some countries write between thousands, besides point and comma."""
NUMBER = (
    rf"(?:[0-9]+(?:(?:[.,]|{_BLANK}(?=[0-9]{{3}}(?![0-9])))[0-9]+)*[.,]?|[.,][0-9]+)"
    r"(?:e[+-]?[0-9]+)?"
)
"""Pattern of a number without a sign, to be read by :func:`read_number`."""
BARE = re.compile(rf"\s*({NUMBER})\s*", re.IGNORECASE)
LONGEST_TEXT = 100
"""Characters of a quantity; to look for a time in a long text takes long."""

_FORM = "one such as 1234.5"
_SIGNED = re.compile(rf"([+-]?)({NUMBER})", re.IGNORECASE)
_THOUSANDS = re.compile(rf"[1-9][0-9]{{0,2}}([.,]|{_BLANK})[0-9]{{3}}(?:\1[0-9]{{3}})*")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


class AmbiguousNumberError(BadInputError):
    """A number that can be read in two ways; the message says both."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """How numbers are written, as far as known.

    Attributes
    ----------
    decimal : {".", ",", ""}
        The decimal mark; empty where nothing shows it.
    certain : bool
        Whether other numbers show it; only then is ``1,234`` with the other mark a thousand.
    """

    decimal: str = "."
    certain: bool = False


POINT = Numbers()
"""``1.125`` is a little more than one, and ``1,125`` may be anything."""
UNTOLD = Numbers("")
"""Both may be anything: what holds for a text by itself."""


def matched(form: re.Pattern[str], value: object) -> re.Match[str] | None:
    """Return how a text matches a form; None for what is not a text, or too long for a quantity."""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        return None
    return form.fullmatch(value)


def is_ambiguous(text: str) -> bool:
    """Return whether ``"1.440"`` or ``"1,440"`` is written: 1.44 to some, 1440 to others."""
    return _GROUPED.fullmatch(text.strip()) is not None


def read_number(text: str, written: Numbers = UNTOLD) -> float:
    """Return the number that a text spells.

    Parameters
    ----------
    text : str
        Such as ``12,5``, ``1.234,5``, ``1 234``, ``1'234.50`` or ``1e3``, perhaps with a sign.
    written : Numbers
        What decides the reading of ``1.440``, which by itself is refused.

    Raises
    ------
    BadInputError
        When it is none.
    AmbiguousNumberError
        When it can be read in two ways, with both.
    """
    match = _SIGNED.fullmatch(text.strip())
    if match is None:
        raise _no_number(text)
    word, exponent, power = match[2].lower().partition("e")
    mark = _decimal(word, exponent)
    if not mark and is_ambiguous(word):
        mark = _decided_by(text, word, written)
    digits = _digits(word, mark)
    if digits is None:
        raise _no_number(text)
    return finite(float(f"{match[1]}{digits}{exponent}{power}"), _FORM)


def decimal_mark(text: str) -> str:
    """Return the decimal mark that a number must have, empty when it may have either.

    Also empty for what is not a number.
    """
    match = _SIGNED.fullmatch(text.strip())
    if match is None:
        return ""
    word, exponent, _ = match[2].lower().partition("e")
    mark = _decimal(word, exponent)
    return "" if _digits(word, mark) is None else mark


def _digits(word: str, mark: str) -> str | None:
    """Return digits with a decimal point and nothing between thousands, None for other texts."""
    whole, _, part = word.partition(mark) if mark else (word, "", "")
    if _THOUSANDS.fullmatch(whole):
        whole = re.sub("[^0-9]", "", whole)
    return f"{whole}.{part}" if f"{whole}{part}".isdigit() else None


def _decimal(word: str, exponent: str) -> str:
    """Return the decimal mark that digits must have, empty when they have none or may not."""
    marks = [sign for sign in word if sign in ".,"]
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) > 1:  # they part thousands
        return "," if marks[0] == "." else "."
    return "" if not marks or (is_ambiguous(word) and not exponent) else marks[0]


def _decided_by(text: str, word: str, written: Numbers) -> str:
    """Return the decimal mark of digits such as ``1.440``, empty where they are thousands."""
    mark = "." if "." in word else ","
    if mark == written.decimal:
        return mark
    if written.certain:
        return ""
    small, large = word.rstrip("0").rstrip(mark), word.replace(mark, "")
    if written.decimal:
        small = small.replace(mark, written.decimal)
    else:
        small = small.replace(mark, ".")
        small = f"{small}0" if is_ambiguous(small) else small
    raise AmbiguousNumberError(f"{show_value(text)} may be {small} or {large}; write one of these")


def _no_number(text: str) -> BadInputError:
    return BadInputError(f"{show_value(text)} is not a number; allowed: {_FORM}")


def finite(value: object, allowed: str) -> float:
    """Return a float from a number that is not a bool.

    Raises
    ------
    BadInputError
        When it is not a number, or infinite; says what is allowed.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInputError(f"{show_value(value)} is not a number; allowed: {allowed}")
    if not -1e300 < value < 1e300:
        raise BadInputError(f"{show_value(value)} is not a number below 1e300; allowed: {allowed}")
    return float(value)


def plain_number(text: str, *, thousands: bool = True) -> float | None:
    """Return the number that a text spells, None when it is not a bare number of 0 or more.

    Parameters
    ----------
    text : str
    thousands : bool
        Whether numbers above a thousand are likely here; if not, ``1.125`` with a point is
        read as a little more than one. A comma is refused all the same.

    Raises
    ------
    BadInputError
        When it may mean two numbers, such as ``"1.440"``.
    """
    found = matched(BARE, text)
    return None if found is None else read_number(found[1], UNTOLD if thousands else POINT)


def write_number(number: float, digits: int | None = None, decimal: str = ".") -> str:
    """Return a number as a text that is read in one way only.

    Parameters
    ----------
    number : float
    digits : int, optional
        Significant digits at most; as many as it takes to be read as the same number unless
        given. Three decimals that could part thousands get a fourth.
    decimal : str
        The decimal mark.
    """
    shown = repr(float(number)).removesuffix(".0") if digits is None else f"{number:.{digits}g}"
    shown = f"{shown}0" if is_ambiguous(shown.lstrip("+-")) else shown
    return shown.replace(".", decimal)


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


def to_whole(value: float) -> int:
    """Return the nearest whole number, halves upwards, whatever binary fractions do to a half.

    The one way in which counts of agents and contacts are rounded.
    """
    return math.floor(value + 0.5 + 1e-9)


def _trimmed(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
