"""Some of the days of a table: from one to another, and without some of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.history.tables.actuals import Actuals


def within_days(table: Actuals, first: dt.date | None, last: dt.date | None) -> Actuals:
    """Return a table without the rows before a first and after a last day.

    Raises
    ------
    BadInputError
        When rows have no date, or nothing is left.
    """
    if first is None and last is None:
        return table
    days = [entry.day for entry in table.entries if entry.day is not None]
    if len(days) < len(table.entries):
        raise BadInputError(
            f"from, to: some rows of {table.name} have no date; allowed: rows with dates"
        )
    low, high = first or min(days), last or max(days)
    entries = tuple(e for e in table.entries if e.day is not None and low <= e.day <= high)
    if not entries:
        raise BadInputError(
            f"from, to: {table.name} has no row from {low} to {high}; allowed: days from "
            f"{min(days)} to {max(days)}"
        )
    return replace(table, entries=entries)


def without_days(table: Actuals, days: Sequence[str]) -> Actuals:
    """Return a table without the rows of some dates.

    Raises
    ------
    BadInputError
        When one cannot be read or is not in the table, or nothing is left.
    """
    dropped = set()
    known = {entry.day for entry in table.entries}
    for text in days:
        try:
            day = dt.date.fromisoformat(text.strip())
        except ValueError:
            raise BadInputError(
                f"without: {text!r} is not a date; allowed: dates such as 2026-01-05"
            ) from None
        if day not in known:
            raise BadInputError(f"without: {table.name} has no row on {day}")
        dropped.add(day)
    entries = tuple(entry for entry in table.entries if entry.day not in dropped)
    if not entries:
        raise BadInputError(f"without: no day of {table.name} is left; allowed: fewer dates")
    return replace(table, entries=entries)
