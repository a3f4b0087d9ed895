"""What columns of a call log mean whose titles can be read in several ways: by their content."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from sim.fileio import dates, duration, is_missing
from sim.history.tables.column_mapping import word
from sim.units import HOUR, BadInputError

UNCLEAR = frozenset(
    {"answered", "answer", "answer time", "answered time", "accepted", "connected", "picked up",
     "beantwortet"}
)  # fmt: skip
"""Titles of a time, a wait or an outcome."""
LONGEST_WAIT = 4 * HOUR
"""Above it the median of a column without dates is a time of day."""
_LOOKED_AT = 500
"""Values of a column that are looked at."""
_YES_OR_NO = frozenset({"yes", "no", "y", "n", "true", "false", "0", "1", "ja", "nein"})


def unclear_titles(titles: Iterable[str]) -> list[str]:
    """Return the titles that can be read in several ways."""
    return [title for title in titles if title and word(title) in UNCLEAR]


def meanings_by_content(columns: Mapping[str, Iterable[Any]]) -> dict[str, str]:
    """Return the meaning of columns with an unclear title, where their content shows it.

    Parameters
    ----------
    columns : mapping of str to iterable
        Some values by title; titles that are clear are left out.

    Returns
    -------
    dict of str to str
        ``answer`` of times, ``wait`` of lengths of time, ``outcome`` of yes and no, by title.
    """
    found = {}
    for title in unclear_titles(columns):
        values = [one for one in islice(columns[title], _LOOKED_AT) if not is_missing(one)]
        if meaning := _meaning(values):
            found[title] = meaning
    return found


def _meaning(values: Sequence[Any]) -> str:
    if not values:
        return ""
    if {str(one).strip().casefold() for one in values} <= _YES_OR_NO:
        return "outcome"
    if all(map(_names_a_day, values)):
        return "answer"
    try:
        lengths = [duration(one) for one in values]
    except BadInputError:
        return ""
    return "answer" if statistics.median(lengths) > LONGEST_WAIT else "wait"


def _names_a_day(value: Any) -> bool:
    """Return whether a cell has a date and time; plain numbers are none."""
    if isinstance(value, int | float):
        return False
    for order in ("day first", "month first"):
        try:
            return dates.moment(value, order)[0] is not None
        except BadInputError:
            continue
    return False
