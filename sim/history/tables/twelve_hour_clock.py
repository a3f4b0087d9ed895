"""Times of a clock of twelve hours without am and pm: 1:00 after 12:30 is in the afternoon."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.messages import show_value
from sim.units import DAY, HOUR

_FIRST, _NOON, _LAST = 1 * HOUR, 12 * HOUR, 13 * HOUR
_MORNING = 7 * HOUR
_EARLY = 3 * HOUR
"""Before it, a center that is open in the morning alone has no contacts, whatever their order."""
_NAMED = re.compile(r"(?:Z|[+-]\d{2}:?\d{2}|[ap]\.?\s?m\.?)\s*$", re.IGNORECASE)
"""How times end that name their zone or half of the day."""


def rows_out_of_order(second: Floats, group: Ints) -> tuple[int, int, int] | None:
    """Return three rows of one day that only a clock of twelve hours has in their order.

    Times from 7:00 to 11:59, from 12:00 to 12:59 and from 1:00 to 2:59 in this order, or in the
    reverse one, where no time of the file is before 1:00 or from 13:00 on. By a clock of 24 hours
    neither times that rise nor times that fall through a day have noon between the other two.

    Parameters
    ----------
    second : ndarray, shape (rows,)
        Of the day (s), in the order of the file; NaN where unknown.
    group : ndarray, shape (rows,)
        0, 1, …: the day of each row, and what else has rows in an order of its own.

    Returns
    -------
    tuple of int, or None
        Places of the three rows as they follow each other.
    """
    known = second[np.isfinite(second)]
    if not known.size or known.min() < _FIRST or known.max() >= _LAST:
        return None
    noon = second >= _NOON
    morning = (second >= _MORNING) & (second < _NOON)
    early = second < _EARLY
    if not (noon.any() and morning.any() and early.any()):
        return None
    size = int(group.max()) + 1
    found = []
    for before, after in ((morning, early), (early, morning)):
        first, last = _first(before, group, size), _last(after, group, size)
        places = np.flatnonzero(noon)
        of = group[places]
        between = places[(first[of] < places) & (places < last[of])]
        if between.size:
            at = int(between[0])
            follows = np.flatnonzero(after[at:] & (group[at:] == group[at]))
            found.append((int(first[group[at]]), at, at + int(follows[0])))
    return min(found, key=lambda rows: rows[2], default=None)


def _first(selected: Bools, group: Ints, size: int) -> Ints:
    """Return the first of the rows of each group; their number where there is none."""
    found = np.full(size, selected.size)
    places = np.flatnonzero(selected)[::-1]
    found[group[places]] = places  # of several the last one stays
    return found


def _last(selected: Bools, group: Ints, size: int) -> Ints:
    """Return the last of the rows of each group; -1 where there is none."""
    found = np.full(size, -1)
    places = np.flatnonzero(selected)
    found[group[places]] = places
    return found


def days_as_groups(instant: Floats) -> Ints:
    """Return 0, 1, … for the day of each time (s since 1970); 0 where it is unknown."""
    day = np.floor(instant / DAY)
    known = np.isfinite(day)
    least = day[known].min() if known.any() else 0.0
    return np.where(known, day - least, 0.0).astype(np.int64)


def message(cells: Sequence[Any]) -> str:
    """Return what is wrong with the last of three cells in the order of the file.

    Empty where a cell names its zone, or half of the day, which clocks of twelve hours do not do.
    """
    if any(isinstance(one, str) and _NAMED.search(one) for one in cells):
        return ""
    before, noon, after = map(show_value, cells)
    return (
        f"{after} follows {noon}, and that follows {before}, on the same day, and no time of the "
        "file is after 12:59: a clock of twelve hours without am and pm? allowed: 13:00 or 1:00 pm"
    )
