"""Intervals put together to hours or days where a chart could not show all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, TypeVar

from sim.units import DAY, HOUR

if TYPE_CHECKING:
    from sim.model import Model
    from sim.report.result_views import IntervalValue

MOST_POINTS = 400
"""Intervals that a chart as wide as a page can show."""
T = TypeVar("T")
MIDNIGHT = "2026-01-05T00:00"


def readable_points(
    model: Model, points: Callable[[int], list[IntervalValue]]
) -> tuple[list[IntervalValue], str]:
    """Return a metric by interval, or by hour or day where there are too many intervals.

    Parameters
    ----------
    model : Model
    points : callable
        Returns the points for a number of intervals that are taken together.

    Returns
    -------
    (list of IntervalValue, str)
        The points, and what they are put together to: "hour", "day" or nothing.
    """
    found, name = points(1), ""
    for longer, seconds in (("hour", HOUR), ("day", DAY)):
        if len(found) <= MOST_POINTS or seconds <= model.interval_s or not found[0].day:
            continue
        found, name = points(round(seconds / model.interval_s)), longer
    return found, name


def readable_agents(rows: Sequence[T]) -> tuple[list[T], str]:
    """Return numbers of agents by interval, or their means by hour or day where there are too many.

    Parameters
    ----------
    rows : sequence
        Records with ``interval``, ``day`` and numbers.
    """
    found, name = list(rows), ""
    for longer, letters in (("hour", 13), ("day", 10)):
        if len(found) > MOST_POINTS and rows[0].day:  # type: ignore[attr-defined]
            found, name = _means(rows, letters), longer
    return found, name


def _means(rows: Sequence[Any], letters: int) -> list[Any]:
    """Return the means of rows whose starts have their first letters in common."""
    together: dict[str, list[Any]] = {}
    for row in rows:
        together.setdefault(row.interval[:letters], []).append(row)
    found = []
    for start, members in together.items():
        numbers = {
            key: sum(getattr(one, key) for one in members) / len(members)
            for key, value in asdict(members[0]).items()
            if isinstance(value, int | float)
        }
        whole = start + MIDNIGHT[-(len(MIDNIGHT) - letters) :]
        found.append(replace(members[0], interval=whole, **numbers))
    return found
