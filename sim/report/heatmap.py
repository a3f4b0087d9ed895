"""A heatmap of intervals: the time of day across, days or scenarios down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.metrics import catalogue
from sim.report.chart_layers import frame, title_of
from sim.report.formatting import show
from sim.report.result_views import offered_by_interval, rows_by_interval
from sim.report.time_axis import clock_axis

if TYPE_CHECKING:
    import altair as alt

    from sim.experiment import Result


@dataclass(frozen=True, slots=True)
class Tile:
    """One interval.

    Attributes
    ----------
    row : str
        Day or scenario.
    time : str
        Start: ``08:00``.
    value : float
    shown, interval : str
        The value and its 95 % confidence interval as text.
    """

    row: str
    time: str
    value: float
    shown: str
    interval: str


def tiles(result: Result, metric: str, queue: str | None = None, row: str = "") -> list[Tile]:
    """Return a metric by day and time of day.

    Parameters
    ----------
    result : Result
    metric : str
    queue : str, optional
        The whole center unless given.
    row : str
        Instead of the day, for a scenario of a single one.

    Returns
    -------
    list of Tile
        Intervals with less than one contact per replication are left out.
    """
    unit, offered = catalogue()[metric].unit, offered_by_interval(result, queue)
    found = []
    for (when, name), one in rows_by_interval(result, queue, (metric,)).items():
        if name != metric or one.value is None or offered.get(when, 0.0) < 1:
            continue
        day, _, time = when.rpartition("T")
        known = one.low is not None
        span = f"{show(one.low, unit)} to {show(one.high, unit)}" if known else "one replication"
        found.append(Tile(row or _weekday(day), time[:5], one.value, show(one.value, unit), span))
    return found


def has_days(result: Result) -> bool:
    """Tell whether a result has several days, which can stand below each other."""
    return result.model.days > 1


def _weekday(day: str) -> str:
    if not day:
        return "day"
    return f"{dt.date.fromisoformat(day):%a %d %b}"


BELOW, AT, ABOVE = "#e8743b", "#f3f0e6", "#5aa9e0"
"""Colours below, at and above a target; dark words can be read on all of them."""


WIDE = 340
"""Pixels of a legend that has room for the labels of targets near 100 %."""


def target_scale(targets: tuple[float, float], whole: float = 1.0) -> alt.Scale:
    """Return a scale of colours that is pale at the target, and stronger the further from it.

    Parameters
    ----------
    targets : (float, float)
        The lowest and the highest of the queues' targets, from 0 to 1; alike where all have one.
    whole : float
        What 1 is drawn as, such as 100 for percent.
    """
    import altair as alt

    low, high = (min(max(target, 0.01), 0.99) * whole for target in targets)
    alike = low == high
    return alt.Scale(
        domain=[0, low, whole] if alike else [0, low, high, whole],
        range=[BELOW, AT, ABOVE] if alike else [BELOW, AT, AT, ABOVE],
        interpolate="rgb",  # others pass through green between pale and blue
        clamp=True,
    )


def target_key(targets: tuple[float, float]) -> str:
    """Return what the colours of :func:`target_scale` stand for."""
    low, high = (show(target, "share") for target in targets)
    if low == high:
        return f"orange: below the target of {low} · pale: at it · blue: above"
    return f"orange: below all targets ({low}) · pale: between · blue: above all ({high})"


def heat_chart(
    found: Sequence[Tile], metric: str, title: str, targets: tuple[float, float] | None = None
) -> alt.Chart:
    """Draw tiles: below or above the targets where there are some, else the brighter, the higher.

    Parameters
    ----------
    found : sequence of Tile
    metric, title : str
    targets : (float, float), optional
        The lowest and the highest target of the service level, from 0 to 1.

    Returns
    -------
    Chart
    """
    import altair as alt

    unit = catalogue()[metric].unit
    rows = list(dict.fromkeys(tile.row for tile in found))
    legend = alt.Legend(title=None, format="%" if unit == "share" else "~s", orient="top")
    key = ""
    if targets is not None and metric == "service_level":
        scale, key = target_scale(targets), target_key(targets)
        legend.values = sorted({0.0, *targets, 1.0})
        legend.gradientLength = WIDE
    elif unit == "share":
        scale = alt.Scale(scheme="viridis", domain=[0, 1])
    else:
        scale = alt.Scale(scheme="viridis", zero=True)
    chart = (
        alt.Chart(frame(found))
        .mark_rect()
        .encode(
            x=alt.X(
                "time:O",
                title="start of interval",
                axis=clock_axis(sorted(tile.time for tile in found)),
            ),
            y=alt.Y("row:N", title=None, sort=rows, axis=alt.Axis(labelLimit=200)),
            color=alt.Color("value:Q", scale=scale, legend=legend),
            tooltip=[
                alt.Tooltip("row:N", title="row"),
                alt.Tooltip("time:O", title="interval"),
                alt.Tooltip("shown:N", title="metric"),
                alt.Tooltip("interval:N", title="95 % confidence interval"),
            ],
        )
    )
    around = 225 if key else 205  # title, legend and axis, which the height includes
    tall = around + min(36 * len(rows), 1000)
    drawn: alt.Chart = chart.properties(title=title_of(title, key), height=tall)
    return drawn


def alt_text_heatmap(found: Sequence[Tile], what: str) -> str:
    """Return a heatmap in one sentence."""
    if not found:
        return f"{what}: nothing to show."
    low, high = (pick(found, key=lambda tile: tile.value) for pick in (min, max))
    return (
        f"{what} in {len(found)} intervals: lowest {low.shown} at {low.row} {low.time}, highest "
        f"{high.shown} at {high.row} {high.time}."
    )
