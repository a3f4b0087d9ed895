"""Numbers read from texts, where a point or comma may part thousands, and shown and rounded."""

from __future__ import annotations

import math
import re

NUMBER = r"(?:\d+(?:[.,]\d+)*[.,]?|[.,]\d+)(?:e[+-]?\d+)?"
"""Pattern of a number without a sign, to be read by :func:`read_number`."""

_GROUPED = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


class NumeralError(ValueError):
    """A text that may mean two numbers, or none."""


def is_ambiguous(text: str) -> bool:
    """Return whether ``"1.440"`` or ``"1,440"`` is written: 1.44 to some, 1440 to others."""
    return _GROUPED.fullmatch(text.strip()) is not None


def read_number(text: str, *, thousands: bool = True) -> float:
    """Return the number that a text of the form :data:`NUMBER` spells.

    A comma is a decimal comma. One separator followed by exactly three digits may part
    thousands and is refused, unless a zero leads (``0.125``).

    Parameters
    ----------
    text : str
    thousands : bool
        Whether numbers above a thousand are likely here; if not, ``1.125`` with a point is
        read as a little more than one. A comma is refused all the same.

    Raises
    ------
    NumeralError
        With both readings.
    """
    word, exponent, power = text.strip().lower().partition("e")
    seps = [mark for mark in word if mark in ".,"]
    if len(seps) > 1:
        raise NumeralError(
            f"{text!r} is no plain number; write it without separators of thousands, "
            f"such as {_plain(word)}"
        )
    if is_ambiguous(word) and not exponent and (thousands or seps == [","]):
        small = word.replace(",", ".").rstrip("0").rstrip(".")
        large = re.sub(r"[.,]", "", word)
        raise NumeralError(f"{text!r} may be {small} or {large}; write one of these")
    return float(word.replace(",", ".") + exponent + power)


def _plain(word: str) -> str:
    """Return a number without separators of thousands; the last is decimal if it differs."""
    *_, last = (mark for mark in word if mark in ".,")
    whole, _, part = word.rpartition(last)
    if last in whole:
        return re.sub(r"[.,]", "", word)
    return f"{re.sub(r'[.,]', '', whole)}.{part}"


def write_number(number: float, digits: int = 12) -> str:
    """Return a number as a text that is read in one way only.

    Parameters
    ----------
    number : float
    digits : int
        Significant digits at most. Three decimals that could part thousands get a fourth.
    """
    shown = f"{number:.{digits}g}"
    return f"{shown}0" if is_ambiguous(shown.lstrip("+-")) else shown


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
