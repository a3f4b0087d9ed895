"""Charts of an investment: the frontier of cost against the objective, and the tornado."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.metrics.metric_titles import reference_label
from sim.report.chart_layers import title_of
from sim.report.chart_theme import MOST_TICKS
from sim.report.formatting import show, show_difference

if TYPE_CHECKING:
    from sim.planning.investment.investment_result import Investment
    from sim.report.chart_layers import Layered

BAR_HEIGHT = 30
AROUND_BARS = 140
"""Height of title, legend and axis, which the page counts in the height of a chart."""
MOST_BARS = 12
LONGEST = 40
"""Letters of an assumption beside its bar."""


def frontier_chart(found: Investment) -> Layered:
    """Draw the objective over the cost a month of the mixes that no other beats."""
    import altair as alt
    import pandas as pd

    rows = [
        {"cost": r["cost"], "value": r["value"], "mix": r["words"],
         "best": r["levers"] == found.best["levers"], "text": show(r["value"], found.unit),
         "difference": show_difference(r["difference"], found.unit)}
        for r in found.frontier
    ]  # fmt: skip
    share = found.unit == "share"
    cost = alt.X("cost:Q", title="cost a month", axis=alt.Axis(format=",.0f", tickCount=MOST_TICKS))
    value = alt.Y(
        "value:Q", title=reference_label(found.objective), scale=alt.Scale(zero=False, padding=20),
        axis=alt.Axis(format="%" if share else ",.4~g"),
    )  # fmt: skip
    tips = [
        alt.Tooltip("mix:N"),
        alt.Tooltip("cost:Q", format=",.0f"),
        alt.Tooltip("text:N", title=reference_label(found.objective)),
        alt.Tooltip("difference:N"),
    ]
    base = alt.Chart(pd.DataFrame(rows)).encode(x=cost, y=value, tooltip=tips)
    layers: list[Any] = [
        base.mark_line(interpolate="step-after", strokeWidth=2),
        base.mark_point(size=110, filled=True, opacity=1).encode(
            shape=alt.Shape("best:N", legend=None)
        ),
    ]
    if found.budget is not None:
        limit = pd.DataFrame([{"budget": found.budget}])
        layers.append(alt.Chart(limit).mark_rule(strokeDash=[6, 4]).encode(x="budget:Q"))
    key = "points: mixes that no other beats · dashed: budget"
    title = title_of(f"Cost against {reference_label(found.objective)}", key)
    return alt.layer(*layers).properties(title=title, height=300)


def alt_text_frontier(found: Investment) -> str:
    """Return the frontier in one sentence for each mix."""
    return " ".join(
        f"{r['words']}: {r['cost']:,.0f} a month, {show(r['value'], found.unit)}."
        for r in found.frontier
    )


def tornado_chart(found: Investment) -> Any:
    """Draw the difference that the best mix makes between both ends of each assumption."""
    import altair as alt
    import pandas as pd

    rows = [
        {"assumption": _short(r["assumption"]), "low": r["difference_low"],
         "high": r["difference_high"], "ends": f"{r['low']} to {r['high']}",
         "advice": "changes" if r["changes_advice"] else "stays"}
        for r in found.tornado[:MOST_BARS]
    ]  # fmt: skip
    axis = alt.Axis(format="%" if found.unit == "share" else ",.4~g")
    chart = alt.Chart(pd.DataFrame(rows)).mark_bar(height=16)
    return chart.encode(
        x=alt.X("low:Q", title=f"difference of {reference_label(found.objective)}", axis=axis),
        x2="high:Q",
        y=alt.Y("assumption:N", sort=None, title=None, axis=alt.Axis(labelLimit=280)),
        color=alt.Color(
            "advice:N", title="advice", legend=alt.Legend(orient="top"),
            scale=alt.Scale(domain=["stays", "changes"]),
        ),
        tooltip=["assumption:N", "ends:N", "advice:N"],
    ).properties(
        title=title_of("Tornado", "bars: difference at both ends of an assumption"),
        height=BAR_HEIGHT * len(rows) + AROUND_BARS,
    )  # fmt: skip


def alt_text_tornado(found: Investment) -> str:
    """Return each bar in words."""
    return " ".join(
        f"{r['assumption']} from {r['low']} to {r['high']}: "
        f"{show_difference(r['difference_low'], found.unit)} to "
        f"{show_difference(r['difference_high'], found.unit)}."
        for r in found.tornado[:MOST_BARS]
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
