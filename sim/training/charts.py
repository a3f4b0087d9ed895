"""Charts of the classroom: a day so far, many days compared with the formula, a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.report.chart_layers import LINE, finished, legend, title_of
from sim.report.chart_theme import MOST_TICKS
from sim.report.time_axis import clock_axis
from sim.training.class_results import LessonResult
from sim.training.lesson_text import NAMES, metric_name
from sim.training.reveal import CaseEstimate, Moment

if TYPE_CHECKING:
    import altair as alt

    from sim.report.chart_layers import Layered
    from sim.training.free_play_plans import PlanResult

UNITS = {"share": "", "s": " (s)", "h": " (h)"}


def line_chart(moments: Sequence[Moment], until: int, title: str) -> Layered:
    """Draw who waits and who is busy, every quarter of an hour up to one of them.

    Parameters
    ----------
    moments : sequence of Moment
        The whole day, so that the axis does not move.
    until : int
        Index of the last one that is drawn.
    title : str
    """
    import altair as alt

    names = ["waiting", "agents busy", "agents there"]
    most = max(max(m.waiting, m.busy, m.on_duty) for m in moments)
    scale = alt.Scale(domain=[0, most])
    base = alt.Chart(_frame(moments[: until + 1])).encode(x=_clock(moments))
    tips = [
        alt.Tooltip("time:O", title="time"),
        *(alt.Tooltip(f"{field}:Q", title=name)
          for field, name in zip(("waiting", "busy", "on_duty"), names, strict=True)),
    ]  # fmt: skip

    def layer(field: str, name: str, mark: str, **look: Any) -> Any:
        chart = base.transform_calculate(part=f"'{name}'")
        drawn = getattr(chart, f"mark_{mark}")(**look)
        colour = alt.Color("part:N", scale=alt.Scale(domain=names), legend=legend())
        return drawn.encode(
            y=alt.Y(f"{field}:Q", title="contacts, agents", scale=scale),
            color=colour,
            tooltip=tips,
        )

    layers = [
        layer("waiting", names[0], "bar", opacity=0.6),
        layer("on_duty", names[2], "line", interpolate="step-after", strokeDash=[5, 3]),
        layer("busy", names[1], "line", interpolate="step-after", strokeWidth=2.5),
    ]
    return finished(layers, title, "bars: waiting · line: agents busy · dashed: agents there")


def level_chart(moments: Sequence[Moment], until: int, target: float | None, title: str) -> Layered:
    """Draw the service level so far, up to one quarter of an hour, and the target."""
    import altair as alt
    import pandas as pd

    axis: dict[str, Any] = {"axis": alt.Axis(format="%"), "scale": alt.Scale(domain=[0, 1])}
    base = alt.Chart(_frame(moments[: until + 1])).encode(x=_clock(moments))
    tips = [
        alt.Tooltip("time:O", title="time"),
        alt.Tooltip("level:Q", title="service level so far", format=".1%"),
    ]
    layers: list[Any] = [
        base.mark_line(strokeWidth=2.5).encode(
            y=alt.Y("level:Q", title="service level so far", **axis), tooltip=tips
        )
    ]
    if target is not None:
        rule = alt.Chart(pd.DataFrame({"target": [target]})).mark_rule(
            strokeDash=[6, 4], strokeWidth=2, color=LINE
        )
        layers.append(rule.encode(y="target:Q"))
    key = "line: one day, so far" + ("" if target is None else f" · dashed: target {target:.0%}")
    return alt.layer(*layers).properties(title=title_of(title, key), height=270)


def cases_chart(rows: Sequence[CaseEstimate], metric: str, axis: str, title: str) -> Layered:
    """Draw a metric over many days with confidence intervals, and the line of the formula.

    Parameters
    ----------
    rows : sequence of CaseEstimate
    metric : str
    axis : str
        What is swept, such as ``agents``; cases without a value stand in the table only.
    title : str

    Returns
    -------
    LayerChart
        Over the swept values, or case by case where nothing is swept.
    """
    own = [row for row in rows if row.metric == metric]
    swept = [row for row in own if row.x is not None]
    return _over(swept or own, metric, axis, title, cases=not swept)


def _over(rows: Sequence[CaseEstimate], metric: str, axis: str, title: str, cases: bool) -> Layered:
    """Draw a metric over a swept value, or case by case."""
    import altair as alt
    import pandas as pd

    unit = rows[0].simulated.unit
    form = "%" if unit == "share" else ",.0f"
    title_of_value = f"{metric_name(metric).lower()}{UNITS.get(unit, '')}"
    models = [m for m in NAMES if any(m in row.formula for row in rows)]
    names = ["simulated", *(NAMES[m] for m in models)]
    colour = alt.Color("part:N", scale=alt.Scale(domain=names), legend=legend())
    value, whole = (
        alt.Axis(format=form, tickCount=MOST_TICKS),
        alt.Axis(format="d", tickMinStep=1, tickCount=MOST_TICKS),
    )
    where: dict[str, Any] = (
        {"y": alt.Y("case:N", title=None, sort=None, axis=alt.Axis(labelLimit=300))}
        if cases
        else {"x": alt.X("x:Q", title=axis, axis=whole, scale=alt.Scale(zero=False, padding=16))}
    )
    main, low, high = ("x", "x", "x2") if cases else ("y", "y", "y2")
    channel = alt.X if cases else alt.Y
    simulated = alt.Chart(pd.DataFrame([_point(row) for row in rows])).encode(color=colour, **where)
    tips = [
        alt.Tooltip("case:N", title="case"),
        alt.Tooltip("value:Q", title=title_of_value, format=".1%" if unit == "share" else ",.1f"),
        alt.Tooltip("low:Q", title="95 % from", format=".1%" if unit == "share" else ",.1f"),
        alt.Tooltip("high:Q", title="to", format=".1%" if unit == "share" else ",.1f"),
        alt.Tooltip("mine:N", title="your decision"),
    ]
    layers: list[Any] = []
    lines = [_by(row, m) for row in rows for m in models if m in row.formula]
    known = [line for line in lines if line["value"] is not None]
    if known:
        base = alt.Chart(pd.DataFrame(known)).encode(color=colour, **where)
        drawn = base.mark_tick(thickness=3, size=26) if cases else base.mark_line(strokeDash=[7, 3])
        layers.append(drawn.encode(**{main: channel("value:Q", title=title_of_value, axis=value)}))
    span = {low: channel("low:Q", title=title_of_value, axis=value), high: "high:Q"}
    layers.append(simulated.mark_rule(strokeWidth=3).encode(**span))
    layers.append(
        simulated.mark_point(filled=True, opacity=1, size=90).encode(
            tooltip=tips,
            shape=alt.Shape(
                "mine:N",
                scale=alt.Scale(domain=["no", "yes"], range=["circle", "diamond"]),
                legend=None,
            ),
            size=alt.Size(
                "mine:N", scale=alt.Scale(domain=["no", "yes"], range=[80, 260]), legend=None
            ),
            **{main: channel("value:Q", title=title_of_value, axis=value)},
        )
    )
    key = "dots: simulated, with 95 % confidence intervals · large diamond: your decision"
    if known:
        key += " · ticks: formula" if cases else " · dashed lines: formula"
    height = 150 + 40 * len(rows) if cases else 360
    return alt.layer(*layers).properties(title=title_of(title, key), height=height)


def class_chart(one: LessonResult, revealed: bool, title: str) -> Layered:
    """Draw the predictions of a class as dots, and the truth once it is revealed."""
    import altair as alt
    import pandas as pd

    rows = [
        {"learner": a.learner, "value": a.prediction, "reason": a.reason or ""}
        for a in one.attempts
    ]
    form = ".1%" if one.unit == "share" else ",.1f"
    base = alt.Chart(pd.DataFrame(rows)).encode(
        y=alt.Y("learner:N", title=None, axis=alt.Axis(labelLimit=220)),
        x=alt.X(
            "value:Q",
            title=f"predicted{UNITS.get(one.unit, '')}",
            axis=alt.Axis(
                format="%" if one.unit == "share" else ",.0f",
                tickMinStep=0.01 if one.unit == "share" else 1,
                tickCount=MOST_TICKS,
            ),
            scale=alt.Scale(zero=False, padding=20),
        ),
        tooltip=[
            alt.Tooltip("learner:N", title="learner"),
            alt.Tooltip("value:Q", title="predicted", format=form),
            alt.Tooltip("reason:N", title="because"),
        ],
    )
    layers: list[Any] = [base.mark_point(filled=True, size=140, opacity=1)]
    key = "dots: what each learner predicted"
    if revealed and one.truth is not None:
        rule = alt.Chart(pd.DataFrame({"truth": [one.truth]}))
        layers.append(rule.mark_rule(strokeWidth=3, strokeDash=[6, 4]).encode(x=alt.X("truth:Q")))
        key += " · dashed: the truth"
    return alt.layer(*layers).properties(title=title_of(title, key), height=190 + 30 * len(rows))


def plans_chart(found: Sequence[PlanResult], title: str) -> Layered:
    """Draw what every plan cost: on the day itself, and on other days with confidence intervals."""
    import altair as alt
    import pandas as pd

    names = ["this day", "other days, mean"]
    colour = alt.Color("part:N", scale=alt.Scale(domain=names), legend=legend())
    where = alt.Y("plan:N", title=None, sort=None, axis=alt.Axis(labelLimit=280))
    today = [{"plan": one.plan.name, "points": one.today.points, "part": names[0]} for one in found]
    other = [
        {
            "plan": one.plan.name,
            "points": one.points.value,
            "low": one.points.low,
            "high": one.points.high,
            "part": names[1],
        }
        for one in found
    ]
    tips = [
        alt.Tooltip("plan:N", title="plan"),
        alt.Tooltip("part:N", title="days"),
        alt.Tooltip("points:Q", title="points", format=",.1f"),
    ]
    axis: dict[str, Any] = {
        "title": "points: fewer are better",
        "axis": alt.Axis(tickCount=MOST_TICKS),
    }
    bars = alt.Chart(pd.DataFrame(today)).mark_bar(opacity=0.55, height=16)
    base = alt.Chart(pd.DataFrame(other)).encode(y=where, color=colour)
    layers = [
        bars.encode(y=where, x=alt.X("points:Q", **axis), color=colour, tooltip=tips),
        base.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", **axis), x2="high:Q"),
        base.mark_point(filled=True, size=100, opacity=1).encode(
            x=alt.X("points:Q", **axis), tooltip=tips
        ),
    ]
    key = "bars: this day · dots: other days, with 95 % confidence intervals"
    height = 150 + 34 * len(found)
    return alt.layer(*layers).properties(title=title_of(title, key), height=height)


def _frame(moments: Sequence[Moment]) -> Any:
    import pandas as pd

    return pd.DataFrame([asdict(moment) for moment in moments])


def _clock(moments: Sequence[Moment]) -> alt.X:
    import altair as alt

    times = [moment.time for moment in moments]
    axis = clock_axis(times)
    return alt.X("time:O", title="time", sort=None, axis=axis, scale=alt.Scale(domain=times))


def _point(row: CaseEstimate) -> dict[str, Any]:
    quantity = row.simulated
    value = quantity.value
    return {
        "case": row.case,
        "x": row.x,
        "value": value,
        "low": value if quantity.low is None else quantity.low,
        "high": value if quantity.high is None else quantity.high,
        "mine": "yes" if row.mine else "no",
        "part": "simulated",
    }


def _by(row: CaseEstimate, model: str) -> dict[str, Any]:
    quantity = row.formula[model]
    return {"case": row.case, "x": row.x, "value": quantity.value, "part": NAMES[model]}
