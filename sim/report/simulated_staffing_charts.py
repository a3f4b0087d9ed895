"""Charts of staff found by simulation: all methods, the plan and the formula, how it improves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.report import chart_layers as common
from sim.report.time_axis import time_axis

if TYPE_CHECKING:
    from sim.report.simulated_staffing_view import MethodInterval, PlannedInterval


def planned_chart(
    rows: Sequence[PlannedInterval], title: str, agents: str, other: str
) -> common.Layered:
    """Draw agents on duty as bars, and what they are compared with as a stepped line.

    Parameters
    ----------
    rows : sequence of PlannedInterval
    title : str
    agents, other : str
        What the bars and the line are.
    """
    import altair as alt

    base = alt.Chart(common.frame(rows)).encode(x=time_axis(rows))
    tips = [
        alt.Tooltip("interval:O", title="interval"),
        alt.Tooltip("agents:Q", title=agents, format=",.0f"),
        alt.Tooltip("other:Q", title=other, format=",.1f"),
    ]
    bars = common.named(base, agents, [agents, other]).mark_bar(opacity=0.5)
    line = common.named(base, other, [agents, other]).mark_line(interpolate="step", strokeWidth=2.5)
    layers = [
        bars.encode(y=alt.Y("agents:Q", title="agents on duty"), tooltip=tips),
        line.encode(y=alt.Y("other:Q", title="agents on duty"), detail="day:N", tooltip=tips),
    ]
    return common.finished(layers, title, f"bars: {agents} · line: {other}")


def agents_chart(rows: Sequence[Mapping[str, Any]], title: str) -> Any:
    """Draw agents on duty as bars, the groups on top of each other.

    Parameters
    ----------
    rows : sequence of mapping
        ``group``, ``interval`` and ``on_duty``, as in the staffing of a plan.
    title : str
    """
    import altair as alt
    import pandas as pd

    titles = {"group": "group", "interval": "interval", "on_duty": "on duty"}
    frame = pd.DataFrame([{name: row[name] for name in titles} for row in rows])
    groups = list(dict.fromkeys(frame["group"]))
    colour = alt.Color("group:N", sort=groups, legend=common.legend() if len(groups) > 1 else None)
    bars = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X("interval:O", title="start of interval", axis=alt.Axis(labelOverlap="greedy")),
            y=alt.Y("on_duty:Q", title="agents on duty"),
            color=colour,
            tooltip=[alt.Tooltip(name, title=shown) for name, shown in titles.items()],
        )
    )
    return bars.properties(title=common.title_of(title), height=common.HEIGHT)


def alt_text_planned(rows: Sequence[PlannedInterval], agents: str, other: str) -> str:
    """Return both in a sentence, for those who cannot see the chart."""
    if not rows:
        return "No agents are planned."
    peak = max(rows, key=lambda row: row.agents)
    fewer = sum(row.agents < row.other for row in rows)
    more = sum(row.agents > row.other for row in rows)
    return (
        f"{len(rows)} intervals; most at {peak.interval}: {peak.agents:.0f} {agents}, "
        f"{peak.other:.0f} {other}; {agents} is lower in {fewer} intervals and higher in {more}."
    )


def methods_chart(rows: Sequence[MethodInterval], title: str) -> common.Layered:
    """Draw the agents on duty by each method, the simulation as bars and the formulas as lines.

    Parameters
    ----------
    rows : sequence of MethodInterval
    title : str
    """
    import altair as alt
    import pandas as pd

    names = list(rows[0].agents)
    values = [{"interval": r.interval, "day": r.day, **r.agents} for r in rows]
    base = alt.Chart(pd.DataFrame(values)).encode(x=time_axis(rows))
    tips = [alt.Tooltip("interval:O", title="interval")]
    tips += [alt.Tooltip(f"{name}:Q", format=",.0f") for name in names]
    layers: list[alt.Chart] = []
    for name in names:
        layer = common.named(base, name, names)
        y = alt.Y(f"{name}:Q", title="agents on duty")
        if name == names[-1]:
            layers.insert(0, layer.mark_bar(opacity=0.45).encode(y=y, tooltip=tips))
        else:
            line = layer.mark_line(interpolate="step", strokeWidth=2)
            layers.append(line.encode(y=y, detail="day:N", tooltip=tips))
    return common.finished(layers, title, f"bars: {names[-1]} · lines: {', '.join(names[:-1])}")


def alt_text_methods(rows: Sequence[MethodInterval]) -> str:
    """Return the most agents by each method in a sentence."""
    names = list(rows[0].agents)
    most = (f"{name} {max(row.agents[name] for row in rows):.0f}" for name in names)
    return f"{len(rows)} intervals; most agents on duty: {', '.join(most)}."
