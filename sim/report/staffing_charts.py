"""Charts of a staffing: required and scheduled, over- and understaffing, what if ±3 agents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.report import chart_layers as common
from sim.report.formatting import show
from sim.report.time_axis import time_axis

if TYPE_CHECKING:
    from sim.report.result_views import IntervalValue
    from sim.report.staffing_view import AgentsOutcome, StaffingInterval

UNDER, OVER = "#d55e00", "#009e73"
"""Fewer and more than required; both stand out from light and from dark ground."""
PALE = 0.5
"""Opacity of a bar of no height."""
FULL = 5.0
"""Over- or understaffing, in agents, from which a bar has its full colour, where none is longer."""


FLAT = 0.05
"""Over- or understaffing, in agents, that counts as none."""


def required_chart(rows: Sequence[StaffingInterval], title: str) -> common.Layered:
    """Draw agents required by formula against those on duty, and the agents scheduled for it.

    Parameters
    ----------
    rows : sequence of StaffingInterval
    title : str

    Returns
    -------
    LayerChart
        On duty as bars, required as a thick stepped line on them, scheduled as a thin one.
    """
    import altair as alt

    base = alt.Chart(common.frame(rows)).encode(x=time_axis(rows))
    tips = [
        alt.Tooltip("interval:O", title="interval"),
        alt.Tooltip("required:Q", title="required agents", format=",.0f"),
        alt.Tooltip("on_duty:Q", title="on duty", format=",.1f"),
        alt.Tooltip("scheduled:Q", title="agents scheduled", format=",.0f"),
        alt.Tooltip("to_schedule:Q", title="agents to schedule", format=",.0f"),
    ]
    names = ["on duty", "required"]
    bars = common.named(base, names[0], names).mark_bar(opacity=0.45)
    line = common.named(base, names[1], names).mark_line(interpolate="step", strokeWidth=2.5)
    thin = common.named(base, names[0], names).mark_line(
        interpolate="step", strokeWidth=1, strokeDash=[4, 3]
    )
    layers = [
        bars.encode(y=alt.Y("on_duty:Q", title="agents"), tooltip=tips),
        thin.encode(y=alt.Y("scheduled:Q", title="agents"), detail="day:N", tooltip=tips),
        line.encode(y=alt.Y("required:Q", title="agents"), detail="day:N", tooltip=tips),
    ]
    key = (
        "bars: on duty now · thick line: required by formula · dashed: scheduled, before "
        "shrinkage, absence and breaks"
    )
    return common.finished(layers, title, key)


def over_under_chart(rows: Sequence[StaffingInterval], title: str) -> common.Layered:
    """Draw agents over (up) and under (down) the requirement; the stronger the colour, the more.

    Parameters
    ----------
    rows : sequence of StaffingInterval
    title : str

    Returns
    -------
    LayerChart
    """
    import altair as alt

    bars_of = [
        replace(row, net=net)
        for row in rows
        for net in dict.fromkeys((row.over, -row.under))
        if net or not (row.over or row.under)
    ]
    most = max((abs(row.net) for row in bars_of), default=0.0)
    strength = alt.Scale(domain=[0, max(most, FULL)], range=[PALE, 1.0])
    # Without over- and understaffing the axis would have no length.
    whole = alt.Scale(domain=[-1, 1]) if most < FLAT else alt.Scale()
    bars = (
        alt.Chart(common.frame(bars_of))
        .mark_bar()
        .transform_calculate(strength="abs(datum.net)")
        .encode(
            x=time_axis(rows),
            y=alt.Y("net:Q", title="agents over (+), under (−)", scale=whole),
            color=alt.when(alt.datum.net < 0).then(alt.value(UNDER)).otherwise(alt.value(OVER)),
            opacity=alt.Opacity("strength:Q", scale=strength, legend=None),
            tooltip=[
                alt.Tooltip("interval:O", title="interval"),
                alt.Tooltip("net:Q", title="overstaffed (+) or understaffed (−)", format="+,.1f"),
                alt.Tooltip("on_duty:Q", title="on duty", format=",.1f"),
                alt.Tooltip("required:Q", title="required", format=",.0f"),
            ],
        )
    )
    zero = alt.Chart().mark_rule(color="gray", aria=False).encode(y=alt.datum(0))
    key = "up: overstaffed · down: understaffed · stronger colour: larger difference"
    key = "none: on duty equals required" if most < FLAT else key
    return common.finished([bars, zero], title, key)


def plus_minus_chart(
    rows: Sequence[AgentsOutcome], what: str, title: str, where: str = ""
) -> common.Layered:
    """Draw a share against agents more or fewer, simulated with intervals and by formula.

    Parameters
    ----------
    rows : sequence of Given
    what : {"level", "occupancy"}
    title : str
    where : str
        Where agents are more or fewer, such as "on each shift".

    Returns
    -------
    LayerChart
        Simulated as dots with whiskers, the formula as a dashed line of diamonds.
    """
    import altair as alt
    import pandas as pd

    label = "service level" if what == "level" else "occupancy"
    table = [
        {
            "more": row.more,
            "value": getattr(row, what).value,
            "low": getattr(row, what).low,
            "high": getattr(row, what).high,
            "formula": getattr(row, f"formula_{what}"),
        }
        for row in rows
    ]
    names = ["simulated", "by formula"]
    axis: dict[str, Any] = {
        "axis": alt.Axis(format="%"),
        "scale": alt.Scale(domain=[0, 1]),
        "title": label,
    }
    x = alt.X(
        "more:O",
        title=f"agents more or fewer {where}".strip(),
        axis=alt.Axis(
            labelExpr=f"datum.value === 0 ? '{more_words(0)}' : format(datum.value, '+d')",
            labelAngle=0,
        ),
    )
    base = alt.Chart(pd.DataFrame(table)).encode(
        x=x,
        tooltip=[
            alt.Tooltip("more:O", title="agents", format="+d"),
            alt.Tooltip("value:Q", title=f"{label}, simulated", format=".1%"),
            alt.Tooltip("low:Q", title="95 % from", format=".1%"),
            alt.Tooltip("high:Q", title="to", format=".1%"),
            alt.Tooltip("formula:Q", title="by formula", format=".1%"),
        ],
    )
    drawn = common.named(base, names[0], names)
    by_formula = common.named(base, names[1], names)
    layers = [
        drawn.mark_rule(strokeWidth=2).encode(y=alt.Y("low:Q", **axis), y2="high:Q"),
        drawn.mark_line().encode(y=alt.Y("value:Q", **axis)),
        drawn.mark_point(filled=True, size=70, opacity=1).encode(y=alt.Y("value:Q", **axis)),
        by_formula.mark_line(strokeDash=[6, 4]).encode(y=alt.Y("formula:Q", **axis)),
        by_formula.mark_point(shape="diamond", size=80).encode(y=alt.Y("formula:Q", **axis)),
    ]
    key = "dots: simulated, with 95 % confidence interval · dashed with diamonds: by formula"
    return common.finished(layers, title, key)


def two_levels_chart(
    now: Sequence[IntervalValue],
    required: Sequence[IntervalValue],
    target: float | None,
    title: str,
) -> common.Layered:
    """Draw the service level over the day as scheduled now and with the required agents.

    Parameters
    ----------
    now, required : sequence of IntervalValue
    target : float or None
        Drawn as a dashed line.
    title : str

    Returns
    -------
    LayerChart
    """
    import altair as alt
    import pandas as pd

    names = ["as scheduled now", "with the required agents"]
    every = sorted({point.interval for point in (*now, *required)})
    axis: dict[str, Any] = {"axis": alt.Axis(format="%"), "scale": alt.Scale(domain=[0, 1])}
    layers: list[Any] = []
    for rows, name, dash in ((now, names[0], [1, 0]), (required, names[1], [8, 3])):
        if not rows:
            continue
        base = common.named(alt.Chart(common.frame(rows)), name, names).encode(
            x=time_axis(rows, every), detail="day:N"
        )
        layers += [
            base.mark_area(opacity=0.18).encode(
                y=alt.Y("low:Q", title="service level", **axis), y2="high:Q"
            ),
            base.mark_line(strokeDash=dash, point=len(rows) <= common.MOST_DOTS).encode(
                y=alt.Y("value:Q", title="service level", **axis), tooltip=common.tips()
            ),
        ]
    key = "full line: as scheduled now · dashed line: with the required agents · bands: 95 %"
    if target is not None:
        rule = alt.Chart(pd.DataFrame({"target": [target]}))
        layers.append(
            rule.mark_rule(strokeDash=[2, 3], color="gray", aria=False).encode(y="target:Q")
        )
        key += f" · dotted: target {target:.0%}".replace("%", " %")
    return common.finished(layers, title, key)


def alt_text_balance(rows: Sequence[StaffingInterval]) -> str:
    """Return over- and understaffing in a sentence, for those who cannot see the chart."""
    if not rows:
        return "Over- and understaffing: nothing to show."
    under = [row for row in rows if row.under >= 0.5]
    low, high = max(rows, key=lambda row: row.under), max(rows, key=lambda row: row.over)
    return (
        f"Agents above and below the requirement in {len(rows)} intervals: under in {len(under)}; "
        f"most missing {low.under:.1f} at {low.interval}, most too many {high.over:.1f} at "
        f"{high.interval}."
    )


def alt_text_required(rows: Sequence[StaffingInterval]) -> str:
    """Return required against on duty in a sentence."""
    if not rows:
        return "Agents required and on duty: nothing to show."
    peak = max(rows, key=lambda row: row.required)
    short = sum(row.on_duty < row.required for row in rows)
    return (
        f"Agents required and on duty in {len(rows)} intervals: most required at "
        f"{peak.interval}, {peak.required:.0f} against {peak.on_duty:.1f} on duty of "
        f"{peak.scheduled:.0f} scheduled; fewer on duty than required in {short}."
    )


def more_words(more: int) -> str:
    """Return agents more or fewer with their sign; none is as scheduled."""
    return f"{more:+d}" if more else "as scheduled (0)"


def alt_text_plus_minus(rows: Sequence[AgentsOutcome], what: str) -> str:
    """Return the effect of more or fewer agents in one sentence for each number."""
    return " ".join(
        f"{more_words(row.more)}: {show(getattr(row, what).value, 'share')} simulated, "
        f"{show(getattr(row, f'formula_{what}'), 'share')} by formula."
        for row in rows
    )
