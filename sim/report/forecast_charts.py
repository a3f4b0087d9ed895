"""Charts of a forecast: history with the forecast and its band, by day and by interval."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.chart_layers import HEIGHT, legend, title_of
from sim.report.forecast_text import day_span

if TYPE_CHECKING:
    from sim.history.forecast_history import HistoryForecast
    from sim.report.chart_layers import Layered

SHOWN_DAYS = 84
"""Days of the history before a forecast that its chart shows."""
WEEK = 7
ACTUAL, EXPECTED = "actual contacts", "expected contacts, with prediction interval"
"""What the colours are."""


def weeks_of(found: HistoryForecast) -> list[str]:
    """Return which days each seven days of the forecast are, in words."""
    one = found.intervals[0]
    days = [one.first_day + dt.timedelta(days=day) for day in range(one.days)]
    return [day_span(days[k], days[min(k + WEEK, one.days) - 1]) for k in range(0, one.days, WEEK)]


def forecast_by_day(found: HistoryForecast, queue: int) -> Layered:
    """Draw the contacts of the last days and of those that are forecast, with their band.

    Parameters
    ----------
    found : HistoryForecast
    queue : int
        Place of the queue.
    """
    days = found.to_dict()["queues"][queue]["days"]
    rows = [
        {"at": one["date"], "value": one["offered"], "low": one["low"], "high": one["high"]}
        for one in days
    ]
    title = f"Contacts by day: {found.queues[queue].queue}"
    return _chart(_past_days(found, queue), rows, title, found.queues[queue].level, "day")


def forecast_by_interval(found: HistoryForecast, queue: int, week: int) -> Layered:
    """Draw the intervals of one week of the forecast, with their band.

    Parameters
    ----------
    found : HistoryForecast
    queue : int
        Place of the queue.
    week : int
        Place of the week.
    """
    one = found.intervals[queue]
    days = range(WEEK * week, min(WEEK * (week + 1), one.days))
    rows = [
        {
            "at": one.start(day, k).isoformat(),
            "value": float(one.offered[day, k]),
            "low": float(one.low[day, k]),
            "high": float(one.high[day, k]),
        }
        for day in days
        for k in range(one.offered.shape[1])
    ]
    first = one.first_day + dt.timedelta(days=days[0])
    last = one.first_day + dt.timedelta(days=days[-1])
    title = f"Contacts by interval: {one.queue}, {day_span(first, last)}"
    return _chart([], rows, title, found.queues[queue].level, "interval")


def forecast_alt_text(found: HistoryForecast, queue: int) -> str:
    """Return the charts of a queue in words."""
    one = found.intervals[queue]
    return (
        f"Forecast of {one.queue}: {one.offered.sum():,.0f} contacts from {one.first_day} to "
        f"{one.last_day}, with prediction intervals"
    )


def _past_days(found: HistoryForecast, queue: int) -> list[dict[str, Any]]:
    history = found.history.queues[queue]
    before = found.queues[queue].first_day
    days = [day for day in range(history.days) if history.day(day) < before]
    return [
        {"at": history.day(day).isoformat(), "value": float(np.nansum(history.offered[day]))}
        for day in days[-SHOWN_DAYS:]
        if np.isfinite(history.offered[day]).any()
    ]


def _chart(
    past: list[dict[str, Any]], rows: list[dict[str, Any]], title: str, level: float, step: str
) -> Layered:
    import altair as alt
    import pandas as pd

    of_day = step == "day"
    x = alt.X(
        "at:T",
        title=None,
        axis=alt.Axis(format="%d %b" if of_day else "%a %H:%M", labelOverlap=True),
    )
    y = alt.Y("value:Q", title=f"contacts by {step}", scale=alt.Scale(zero=True))
    colour = alt.Color(
        "kind:N", title=None, legend=legend() if past else None,
        scale=alt.Scale(domain=[ACTUAL, EXPECTED]),
    )  # fmt: skip
    tips = [
        alt.Tooltip("at:T", title=step, format="%a %d %b %Y" if of_day else "%a %d %b %H:%M"),
        alt.Tooltip("value:Q", title="contacts", format=",.1f"),
    ]
    bounds = [
        alt.Tooltip("low:Q", title=f"{100 * level:.0f} % prediction interval from", format=",.1f"),
        alt.Tooltip("high:Q", title="to", format=",.1f"),
    ]
    frame = pd.DataFrame([{**row, "kind": EXPECTED} for row in rows])
    ahead = alt.Chart(frame)
    layers = [
        ahead.mark_area(opacity=0.22).encode(
            x=x, y=alt.Y("low:Q", title=f"contacts by {step}"), y2="high:Q", color=colour
        ),
        ahead.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, tooltip=[*tips, *bounds]),
    ]
    if past:
        before = alt.Chart(pd.DataFrame([{**row, "kind": ACTUAL} for row in past]))
        layers.insert(
            0, before.mark_line(strokeWidth=1.5).encode(x=x, y=y, color=colour, tooltip=tips)
        )
    key = f"line: expected contacts · band: {100 * level:.0f} % prediction interval of each {step}"
    return alt.layer(*layers).properties(height=HEIGHT, title=title_of(title, key))
