"""Builds Altair charts from rows; the theme sets the colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.report.chart_layers import (
    MOST_DOTS,
    finished,
    frame,
    legend,
    named,
    tips,
    title_of,
)
from sim.report.chart_theme import MOST_TICKS
from sim.report.formatting import show_difference
from sim.report.result_views import verdict
from sim.report.time_axis import time_axis
from sim.units import counted

if TYPE_CHECKING:
    from sim.experiment import Difference
    from sim.planning.queue_agents import IntervalAgents
    from sim.report.chart_layers import Layered
    from sim.report.result_views import IntervalValue


def service_chart(
    points: Sequence[IntervalValue], target: float | None, title: str, runs: int | None = None
) -> Layered:
    """Draw the service level over the day with its 95 % confidence interval as a band.

    Parameters
    ----------
    points : sequence of IntervalValue
        Shares from 0 to 1.
    target : float or None
        Drawn as a dashed line.
    title : str
    runs : int, optional
        Replications, named in the key to the marks.

    Returns
    -------
    LayerChart
    """
    import altair as alt
    import pandas as pd

    goal = "" if target is None else f"target {target:.0%}"
    names = ["service level", goal]
    base = named(alt.Chart(frame(points)), names[0], names).encode(
        x=time_axis(points), detail="day:N"
    )
    axis: dict[str, Any] = {"axis": alt.Axis(format="%"), "scale": alt.Scale(domain=[0, 1])}
    band = base.mark_area(opacity=0.25)
    line = base.mark_line(point=len(points) <= MOST_DOTS)
    layers: list[Any] = [
        band.encode(y=alt.Y("low:Q", title="service level", **axis), y2="high:Q"),
        line.encode(y=alt.Y("value:Q", title="service level", **axis), tooltip=tips()),
    ]
    if goal:
        rule = named(alt.Chart(pd.DataFrame({"target": [target]})), goal, names)
        layers.append(rule.mark_rule(strokeDash=[6, 4], strokeWidth=2).encode(y="target:Q"))
    of = "all replications" if runs is None else counted(runs, "replication")
    key = f"line: {of} · band: 95 % confidence interval" + (f" · dashed: {goal}" if goal else "")
    return finished(layers, title, key)


def staffing_chart(needs: Sequence[IntervalAgents], title: str) -> Layered:
    """Draw agents needed by formula and agents on duty, interval by interval.

    Parameters
    ----------
    needs : sequence of IntervalAgents
    title : str

    Returns
    -------
    LayerChart
        On duty as bars, needed as a stepped line: told apart by form, not only by colour.
    """
    import altair as alt

    base = alt.Chart(frame(needs)).encode(x=time_axis(needs))
    tips = [
        alt.Tooltip("interval:O", title="interval"),
        alt.Tooltip("needed:Q", title="needed by formula", format=",.0f"),
        alt.Tooltip("on_duty:Q", title="on duty", format=",.1f"),
    ]
    names = ["on duty", "needed by formula"]
    bars = named(base, names[0], names).mark_bar(opacity=0.45)
    line = named(base, names[1], names).mark_line(interpolate="step", strokeWidth=2.5)
    layers = [
        bars.encode(y=alt.Y("on_duty:Q", title="agents"), tooltip=tips),
        line.encode(y=alt.Y("needed:Q", title="agents"), detail="day:N", tooltip=tips),
    ]
    key = "bars: on duty · stepped line: fewest agents that reach the target, by formula"
    return finished(layers, title, key)


def difference_chart(rows: Sequence[Difference], unit: str, title: str) -> Layered:
    """Draw differences from the base with 95 % confidence intervals; zero is a dashed line.

    Parameters
    ----------
    rows : sequence of Difference
        Of one metric, one for each scenario.
    unit : str
        Of the metric; shares are drawn in percentage points.
    title : str

    Returns
    -------
    LayerChart
    """
    import altair as alt
    import pandas as pd

    scale, axis = (100.0, "percentage points") if unit == "share" else (1.0, unit)
    table = pd.DataFrame([_scaled(row, scale) for row in rows])
    words = ["significant", "not significant"]
    base = alt.Chart(table).encode(
        y=alt.Y("other:N", title=None, sort=None, axis=alt.Axis(labelLimit=220)),
        color=alt.Color("verdict:N", scale=alt.Scale(domain=words), legend=legend()),
        tooltip=[
            alt.Tooltip("other:N", title="scenario"),
            alt.Tooltip("difference:Q", title=f"difference ({axis})", format="+,.2f"),
            alt.Tooltip("low:Q", title="95 % from", format="+,.2f"),
            alt.Tooltip("high:Q", title="to", format="+,.2f"),
            alt.Tooltip("verdict:N", title="verdict"),
        ],
    )
    ticks = alt.Axis(tickCount=MOST_TICKS)
    span = base.mark_rule(strokeWidth=3).encode(
        x=alt.X("low:Q", title=axis, axis=ticks), x2="high:Q"
    )
    dots = base.mark_point(size=110, filled=True, opacity=1).encode(
        x=alt.X("difference:Q", title=axis, axis=ticks),
        shape=alt.Shape("verdict:N", scale=alt.Scale(domain=words), legend=legend()),
    )
    zero = alt.Chart().mark_rule(strokeDash=[4, 4], color="gray", aria=False).encode(x=alt.datum(0))
    return alt.layer(zero, span, dots).properties(
        title=title_of(title), height=170 + 36 * len(rows)
    )


def alt_text_differences(rows: Sequence[Difference], unit: str) -> str:
    """Return a chart of differences in one sentence for each scenario."""
    sentences = [
        f"{row.other}: {show_difference(row.difference, unit)}, from "
        f"{show_difference(row.low, unit)} to {show_difference(row.high, unit)}, {verdict(row)}."
        for row in rows
    ]
    return " ".join(sentences)


def _scaled(row: Difference, scale: float) -> dict[str, Any]:
    bounds = {"difference": row.difference, "low": row.low, "high": row.high}
    scaled = {name: None if v is None else v * scale for name, v in bounds.items()}
    return {"other": row.other, "verdict": verdict(row), **scaled}


def alt_text_day(points: Sequence[IntervalValue], what: str) -> str:
    """Return a chart over the day in one sentence, for those who cannot see it."""
    known = [point for point in points if point.value is not None]
    if not known:
        return f"{what}: nothing to show."
    low, high = min(known, key=_value), max(known, key=_value)
    return (
        f"{what} by interval, {len(known)} intervals: lowest {_value(low):.0%} at "
        f"{low.interval}, highest {_value(high):.0%} at {high.interval}."
    )


def alt_text_staffing(needs: Sequence[IntervalAgents]) -> str:
    """Return a staffing chart in one sentence."""
    if not needs:
        return "Agents needed and on duty: nothing to show."
    short = [need for need in needs if need.on_duty < need.needed - 0.5]
    worst = min(needs, key=lambda need: need.on_duty - need.needed)
    return (
        f"Agents needed by formula and on duty in {len(needs)} intervals: fewer than needed in "
        f"{len(short)}; tightest at {worst.interval}, {worst.on_duty:.0f} on duty, "
        f"{worst.needed:.0f} needed."
    )


def _value(point: IntervalValue) -> float:
    return point.value or 0.0
