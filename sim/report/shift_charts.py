"""Charts of shifts: bars of a day over the requirement (a Gantt chart)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.report import chart_layers as common
from sim.report.staffing_charts import UNDER
from sim.units import DAY, counted, show_clock

if TYPE_CHECKING:
    from sim.report.shift_view import DutyStep, ShiftBar

ROW = 22
"""Height of a bar with its margin, in pixels."""
FRAME = 100
"""Height of title and axis, in pixels."""
MARGIN = 150
"""Room for labels at the left of both charts, so that their axes of time are aligned."""
BREAK = "#f0c808"
_HOURS = "format(floor(datum.value + 24) % 24, '02d') + ':00'"


def shift_chart(bars: Sequence[ShiftBar], steps: Sequence[DutyStep], title: str) -> Any:
    """Draw the shifts of a day as bars, breaks in them.

    Parameters
    ----------
    bars : sequence of ShiftBar
        At least one.
    steps : sequence of DutyStep
        Intervals of the day, which the axis of time spans too.
    title : str
    """
    import altair as alt

    labels = list(dict.fromkeys(bar.label for bar in bars))
    labelled = alt.Axis(labelLimit=MARGIN, minExtent=MARGIN, maxExtent=MARGIN)
    base = (
        alt.Chart(common.frame(bars))
        .encode(
            x=_time_of_day(bars, steps, None),
            x2="end:Q",
            y=alt.Y("label:N", title=None, sort=labels, axis=labelled),
            tooltip=[
                alt.Tooltip("label:N", title="shift"),
                alt.Tooltip("group:N", title="group"),
                alt.Tooltip("part:N", title="part"),
                alt.Tooltip("from:N", title="from"),
                alt.Tooltip("to:N", title="to"),
            ],
        )
        .transform_calculate(**{"from": _clock("start"), "to": _clock("end")})
    )
    groups = list(dict.fromkeys(bar.group for bar in bars))
    legend = common.legend() if len(groups) > 1 else None
    colour = alt.Color("group:N", scale=alt.Scale(domain=groups), legend=legend)
    shifts = base.transform_filter("datum.part == 'shift'").mark_bar(cornerRadius=3, opacity=0.8)
    pauses = base.transform_filter("datum.part == 'break'").mark_bar(
        color=BREAK, height=ROW - 12, aria=False
    )
    return alt.layer(shifts.encode(color=colour), pauses).properties(
        height=ROW * len(labels) + FRAME, title=common.title_of(title, "yellow: breaks")
    )


def duty_chart(bars: Sequence[ShiftBar], steps: Sequence[DutyStep], title: str) -> Any:
    """Draw agents on duty and required over the same axis of time as :func:`shift_chart`.

    Parameters
    ----------
    bars : sequence of ShiftBar
    steps : sequence of DutyStep
    title : str
    """
    import altair as alt

    named = alt.Axis(minExtent=MARGIN, maxExtent=MARGIN)
    base = alt.Chart(common.frame(steps)).encode(
        x=_time_of_day(bars, steps, "time of day"),
        x2="end:Q",
        tooltip=[
            alt.Tooltip("required:Q", title="required agents", format=",.1f"),
            alt.Tooltip("on_duty:Q", title="on duty", format=",.1f"),
            alt.Tooltip("under:Q", title="understaffed by", format=",.1f"),
            alt.Tooltip("over:Q", title="overstaffed by", format=",.1f"),
        ],
    )
    agents = alt.Y("on_duty:Q", title=None, axis=named)
    duty = base.mark_rect(opacity=0.35, color="#7b8794").encode(y=agents, y2=alt.datum(0))
    short = base.transform_filter("datum.under > 0.05").mark_rect(
        opacity=0.6, color=UNDER, aria=False
    )
    short = short.transform_calculate(low="datum.required - datum.under").encode(
        y=alt.Y("low:Q", title=None, axis=named), y2="required:Q"
    )
    line = base.mark_rule(strokeWidth=2.5, aria=False).encode(
        y=alt.Y("required:Q", title=None, axis=named)
    )
    key = "grey: on duty · line: required · orange: understaffed"
    return alt.layer(duty, short, line).properties(
        height=180 + FRAME, title=common.title_of(title, key)
    )


def coverage_chart(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Draw agents on duty net of breaks, and those required, one row of charts a group.

    Parameters
    ----------
    rows : sequence of mapping
        ``group, interval, required, agents``, as in the coverage of a shift schedule.
    """
    import altair as alt
    import pandas as pd

    titles = {"group": "group", "interval": "interval", "agents": "on duty", "required": "required"}
    base = alt.Chart().encode(
        x=alt.X("interval:N", title=None, sort=None),
        tooltip=[alt.Tooltip(name, title=title) for name, title in titles.items()],
    )
    bars = base.mark_bar(color="lightgray").encode(y=alt.Y("agents:Q", title="agents"))
    marks = base.mark_tick(thickness=2, color="black").encode(y="required:Q")
    frame = pd.DataFrame([{name: row[name] for name in titles} for row in rows])
    layers = alt.layer(bars, marks, data=frame)
    return layers.facet(row=alt.Row("group:N", title=None)).properties(
        title=common.title_of("Coverage", "bars: on duty · ticks: required")
    )


def _time_of_day(bars: Sequence[ShiftBar], steps: Sequence[DutyStep], title: str | None) -> Any:
    """Return the axis that both charts share, from the first to the last hour of a day."""
    import altair as alt

    starts = [*(bar.start for bar in bars), *(step.start for step in steps)]
    ends = [*(bar.end for bar in bars), *(step.end for step in steps)]
    scale = alt.Scale(domain=[min(starts, default=0), max(ends, default=24)], nice=False)
    axis = alt.Axis(labelExpr=_HOURS, tickMinStep=1, labelOverlap="greedy", grid=True)
    return alt.X("start:Q", title=title, scale=scale, axis=axis)


def _clock(field: str) -> str:
    """Return the expression of an hour as a time of day."""
    minutes = f"round(((datum.{field} + 24) % 24) * 60)"
    return f"format(floor({minutes} / 60), '02d') + ':' + format({minutes} % 60, '02d')"


def alt_text_shifts(bars: Sequence[ShiftBar]) -> str:
    """Return the shifts of a day in words."""
    shifts = [bar for bar in bars if bar.part == "shift"]
    if not shifts:
        return "No shifts on this day."
    first, last = min(one.start for one in shifts), max(one.end for one in shifts)
    agents = sum(one.agents for one in shifts)
    return (
        f"{counted(len(shifts), 'shift')} of {counted(agents, 'agent')}, from {_time(first)} to "
        f"{_time(last)}."
    )


def alt_text_duty(steps: Sequence[DutyStep]) -> str:
    """Return agents on duty and required in words."""
    if not steps:
        return "Nothing is required and no agent is on duty."
    under = [step for step in steps if step.under >= 0.5]
    worst = max(steps, key=lambda step: step.under)
    if not under:
        return f"No interval of {len(steps)} is understaffed by half an agent or more."
    return (
        f"Understaffed in {len(under)} of {len(steps)} intervals, most at {_time(worst.start)} by "
        f"{worst.under:.1f} agents."
    )


def _time(hours: float) -> str:
    return show_clock(60 * round(60 * hours) % DAY, "minute")
