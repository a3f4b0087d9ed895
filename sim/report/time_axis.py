"""The axis of intervals: whole hours of one day, or the beginnings of several days."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt

MOST_LABELS = 13
MOST_DAYS = 8
"""Days above which only the first one of a week has its label."""
CLOSED_WIDTH = 0.25
"""Room of a closed day on the axis, as part of a day with intervals."""
HOURS = (1, 2, 3, 4, 6, 12)
"""Distances of labels within a day."""


def time_axis(rows: Sequence[Any], order: Sequence[str] | None = None) -> alt.X:
    """Build the axis of intervals.

    Parameters
    ----------
    rows : sequence
        With ``interval``, such as ``08:00`` or ``2026-01-05T08:00``, and ``day``.
    order : sequence of str, optional
        All intervals in their order; that of the rows unless given.

    Returns
    -------
    X
        Labels at whole hours; over several days at the first interval of each, where a line
        divides the days.
    """
    import altair as alt

    every = list(order) if order is not None else list(dict.fromkeys(r.interval for r in rows))
    ordered = None if order is None else list(order)
    several = any(row.day for row in rows)
    scale: dict[str, Any] = {}
    if several:
        every = with_closed_days(every)
        scale = {"scale": alt.Scale(domain=every)}
    axis = _days_axis(every) if several else clock_axis(every)
    return alt.X("interval:O", title="start of interval", sort=ordered, axis=axis, **scale)


def with_closed_days(every: Sequence[str]) -> list[str]:
    """Return intervals of several days with room for each day between them that has none.

    Parameters
    ----------
    every : sequence of str
        Such as ``2026-01-05T08:00``.
    """
    ordered = sorted(every)
    days = list(dict.fromkeys(one.partition("T")[0] for one in ordered))
    first, last = (dt.date.fromisoformat(day) for day in (days[0], days[-1]))
    width = range(min(max(1, round(CLOSED_WIDTH * len(ordered) / len(days))), 60))
    dates = [f"{first + dt.timedelta(days=k)}" for k in range((last - first).days + 1)]
    closed = [f"{date}T00:00:{k:02d}" for date in dates if date not in days for k in width]
    return sorted([*ordered, *closed])


def clock_axis(times: Sequence[str]) -> alt.Axis:
    """Return an axis of times of day that is labelled at whole hours.

    Parameters
    ----------
    times : sequence of str
        Such as ``08:00``.
    """
    import altair as alt

    chosen = clock_labels(times)
    ordered: dict[str, Any] = {"values": chosen} if chosen else {}
    return alt.Axis(
        labelOverlap="greedy", labelExpr="datum.value", labelAngle=0, labelSeparation=8, **ordered
    )


def clock_labels(times: Sequence[str], most: int = MOST_LABELS) -> list[str]:
    """Return the times of day that get a label: whole hours, as far apart as there is room."""
    hours = [time for time in dict.fromkeys(times) if time[2:5] == ":00" and len(time) == 5]
    for step in HOURS:
        chosen = [time for time in hours if int(time[:2]) % step == 0]
        if len(chosen) <= most:
            return chosen
    return []


def _days_axis(every: Sequence[str]) -> alt.Axis:
    """Return an axis of several days, with a line where each begins."""
    import altair as alt

    starts: dict[str, str] = {}
    for interval in sorted(every):
        starts.setdefault(interval.partition("T")[0], interval)
    days = _labelled_days(starts)
    begins = f"indexof({json.dumps(days)}, datum.value) >= 0"
    hours = [one for one in every if one not in starts.values() and _is_shown(one, len(starts))]
    return alt.Axis(
        values=sorted([*days, *hours]),
        labelExpr=f"timeFormat(toDate(datum.value), {begins} ? '%a %d %b' : '%H:%M')",
        labelAngle=0,
        labelOverlap="greedy",
        labelSeparation=8,
        grid=True,
        gridOpacity={"condition": {"test": begins, "value": 1}, "value": 0},
    )


def _labelled_days(starts: dict[str, str]) -> list[str]:
    """Return the first intervals of the days that get a label: all, or the first of each week."""
    if len(starts) <= MOST_DAYS:
        return list(starts.values())
    weeks: dict[tuple[int, int], str] = {}
    for day, interval in starts.items():
        weeks.setdefault(dt.date.fromisoformat(day).isocalendar()[:2], interval)
    return list(weeks.values())[:: math.ceil(len(weeks) / MOST_DAYS)]


def _is_shown(interval: str, days: int) -> bool:
    """Tell whether an hour has its label between the days: noon, of a few days also others."""
    clock = interval.partition("T")[2][:5]
    shown = {2: ("10:00", "12:00", "14:00", "16:00", "18:00"), 3: ("12:00", "16:00")}
    return clock in shown.get(days, ("12:00",) if days <= 4 else ())
