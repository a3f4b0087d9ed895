"""Times such as 2026-01-05T08:00:00 or 2026-01-05 08:00:00.25, all cells of a column at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.array_types import Floats, Ints
from sim.units import DAY, HOUR, MINUTE

WIDTH = 19
_MOST_DECIMALS = 9
_DIGITS = np.array([0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18])
_MARKS = np.array([4, 7, 13, 16])
_LAST_DAY = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
CELLS_TOGETHER = 100_000


def iso_times(cells: Sequence[Any]) -> Floats:
    """Return seconds since 1970 of cells with date and time, and without a zone.

    Parameters
    ----------
    cells : sequence

    Returns
    -------
    ndarray, shape (cells,)
        NaN for what is written in another way, and for other values.
    """
    found = np.full(len(cells), np.nan)
    for first in range(0, len(cells), CELLS_TOGETHER):
        part = cells[first : first + CELLS_TOGETHER]
        for width, alike in _by_width(part).items():
            text = "".join(part[k] for k in alike).encode("ascii", "replace")
            letters = np.frombuffer(text, np.uint8).reshape(-1, width)
            seconds = _seconds(letters[:, :WIDTH])
            if width > WIDTH:
                seconds += _fraction(letters[:, WIDTH:])
            found[first + np.array(alike)] = seconds
    return found


def _by_width(cells: Sequence[Any]) -> dict[int, list[int]]:
    """Return where texts are that may be times, by their number of letters."""
    found: dict[int, list[int]] = {}
    for k, one in enumerate(cells):
        if isinstance(one, str) and 0 <= len(one) - WIDTH <= 1 + _MOST_DECIMALS:
            found.setdefault(len(one), []).append(k)
    return found


def _fraction(letters: np.ndarray[Any, np.dtype[np.uint8]]) -> Floats:
    """Return the decimals of seconds, shape (texts,), of a mark and digits; NaN without them."""
    digits = letters[:, 1:].astype(np.int64) - ord("0")
    good = np.isin(letters[:, 0], np.frombuffer(b".,", np.uint8))
    good &= ((digits >= 0) & (digits <= 9)).all(axis=1) & (digits.shape[1] > 0)
    powers = 10 ** np.arange(digits.shape[1])[::-1]
    return np.where(good, (digits @ powers) / 10 ** digits.shape[1], np.nan)


def _seconds(letters: np.ndarray[Any, np.dtype[np.uint8]]) -> Floats:
    """Return seconds since 1970 of texts, shape (texts, 19); NaN where they are no times."""
    digits = letters.astype(np.int64) - ord("0")
    marks = letters[:, _MARKS] == np.frombuffer(b"--::", np.uint8)
    good = marks.all(axis=1) & np.isin(letters[:, 10], np.frombuffer(b"T ", np.uint8))
    good &= ((digits[:, _DIGITS] >= 0) & (digits[:, _DIGITS] <= 9)).all(axis=1)

    def number(first: int, last: int) -> Ints:
        found = np.zeros(len(digits), np.int64)
        for k in range(first, last):
            found = 10 * found + digits[:, k]
        return found

    year, month, day = number(0, 4), number(5, 7), number(8, 10)
    hour, minute, second = number(11, 13), number(14, 16), number(17, 19)
    good &= (year >= _FIRST_YEAR) & (year <= _LAST_YEAR) & (month >= 1) & (month <= 12)
    good &= (day >= 1) & (day <= _LAST_DAY[np.where(good, month, 0)])  # 29 February: one by one
    good &= (hour <= 23) & (minute <= 59) & (second <= 59)
    months = np.where(good, 12 * (year - 1970) + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]").astype(np.int64) + day - 1
    return np.where(good, days * DAY + (hour * HOUR + minute * MINUTE + second), np.nan)
