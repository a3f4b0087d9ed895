"""Numbers as planners write them: 82.7 % ± 0.6, 1:24, 4,812."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isfinite

from sim.units import show_minutes

FINE = {"share": (100.0, 1, " pp"), "s": (1.0, 1, " s"), "h": (1.0, 2, " h")}
"""Scale, usual digits after the point and name of small differences, by unit."""


def show(value: float | None, unit: str, half: float | None = None) -> str:
    """Return a value with half the width of its confidence interval.

    Parameters
    ----------
    value : float or None
        None is shown as a dash.
    unit : str
        ``share`` (shown in percent), ``s``, ``h``, or anything counted.
    half : float or None
        Half the width of the confidence interval; left out when None, zero or not finite.

    Returns
    -------
    str

    Examples
    --------
    >>> show(0.8271, "share", 0.0064)
    '82.7 % ± 0.6'
    >>> show(84.2, "s", 3.1)
    '1:24 ± 3 s'
    """
    if value is None:
        return "-"
    text = _plain(value, unit)
    if not half or not isfinite(half):
        return text
    return f"{text} ± {_half(half, value, unit)}"


def show_difference(value: float | None, unit: str, more: int = 0) -> str:
    """Return a difference with its sign; shares in percentage points.

    Parameters
    ----------
    value : float or None
        None is shown as a dash.
    unit : str
        As for :func:`show`.
    more : int
        Digits after the point beyond the usual, for what is small; see :func:`more_digits`.
    """
    if value is None:
        return "-"
    text = _finer(abs(value), unit, more)
    return text if _is_nothing(text) else ("-" if value < 0 else "+") + text


def more_digits(values: Iterable[float | None], unit: str) -> int:
    """Return how many digits more show every value that is not zero as such, at most 4."""
    known = [abs(value) for value in values if value]
    fits = (k for k in range(4) if not any(_is_nothing(_finer(v, unit, k)) for v in known))
    return next(fits, 4)


def unbroken(text: str) -> str:
    """Return text in which no line ends between a number and its unit."""
    return re.sub(r"(?<=\d) (?=(?:%|pp\b|s\b|h\b))", "\N{NO-BREAK SPACE}", text)


def digits_of(
    difference: float | None, low: float | None, high: float | None, unit: str, shown: bool
) -> int:
    """Return digits beyond the usual for a difference and its confidence interval.

    Parameters
    ----------
    difference, low, high : float or None
    unit : str
    shown : bool
        Whether the difference is significant: only then it must not look like zero.
    """
    return more_digits((difference, low, high), unit) if shown else 0


def _finer(size: float, unit: str, more: int) -> str:
    scale, digits, name = FINE.get(unit, (1.0, 2, ""))
    if more and size * scale < 10:
        return f"{size * scale:.{digits + more}f}{name}"
    return f"{_rounded(size * 100)} pp" if unit == "share" else _plain(size, unit)


def _is_nothing(text: str) -> bool:
    return not any(digit in text for digit in "123456789")


def _plain(value: float, unit: str) -> str:
    if unit == "share":
        return f"{_rounded(value * 100)} %"
    if unit == "s":
        return show_seconds(value)
    if unit == "h":
        return f"{value:,.1f} h" if abs(value) >= 10 else f"{value:.2f} h"
    return _amount(value)


def _rounded(value: float) -> str:
    text = f"{value:.1f}"
    return "0.0" if text == "-0.0" else text


def _half(half: float, value: float, unit: str) -> str:
    if unit == "share":
        return f"{half * 100:.1f}"
    if unit == "s":
        return f"{half:.1f} s" if abs(value) < 60 else f"{show_seconds(round(half))}"
    if unit == "h":
        return f"{half:,.1f}" if abs(value) >= 10 else f"{half:.2f}"
    return _amount(half) if abs(value) < 100 else f"{half:,.0f}"


def _amount(value: float) -> str:
    if abs(value) >= 100 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def show_seconds(value: float) -> str:
    """Return seconds: ``7.8 s`` below a minute, then ``m:ss``, ``h:mm:ss``."""
    if value < 59.95:
        return f"{value:.1f} s" if value != round(value) else f"{value:.0f} s"
    return show_minutes(round(value))
