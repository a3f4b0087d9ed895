"""The intervals of one day among those of several."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

T = TypeVar("T")


def days_of(rows: Iterable[Any]) -> list[str]:
    """Return the dates of rows over several days, in order; none for rows of a single day.

    Parameters
    ----------
    rows : iterable
        With ``day``, empty for a single day.
    """
    return sorted({row.day for row in rows if row.day})


def of_day(rows: Iterable[T], day: str) -> list[T]:
    """Return the rows of one day, with their times of day as intervals.

    Parameters
    ----------
    rows : iterable
        Records with ``interval``, such as ``2026-01-05T08:00``, and ``day``.
    day : str
        Date.
    """
    own: list[Any] = [row for row in rows if row.day == day]  # type: ignore[attr-defined]
    return [replace(row, interval=row.interval.partition("T")[2][:5], day="") for row in own]
