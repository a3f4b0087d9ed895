"""Charts of self-service: how sessions end, and what staff is needed behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.metrics.target_status import MET, MISSED, UNDECIDED
from sim.report.chart_theme import MOST_TICKS
from sim.report.formatting import show
from sim.report.self_service_view import WORDS, show_amount, unit_of

if TYPE_CHECKING:
    import altair as alt

    from sim.planning.self_service_savings import Cut, Cuts
    from sim.report.self_service_view import Promise

VERDICTS = {MET: "targets reached", UNDECIDED: "undecided", MISSED: "a target missed"}
PARTS = (
    "resolved by the bot",
    "contained, not resolved",
    "abandoned in the bot",
    "handed over to agents",
)


def sessions_chart(rows: Sequence[Promise], title: str) -> Any:
    """Draw how sessions end, as assumed and as simulated, in shares of all sessions.

    Parameters
    ----------
    rows : sequence of Promise
    title : str
    """
    import altair as alt
    import pandas as pd

    from sim.report.chart_layers import title_of

    frame = pd.DataFrame(list(_ends(rows)))
    legend = alt.Legend(title=None, orient="bottom", columns=2, labelLimit=240)
    return (
        alt.Chart(frame)
        .mark_bar(size=34)
        .encode(
            y=alt.Y("what:N", title=None, sort=None),
            x=alt.X(
                "share:Q",
                title="share of sessions",
                axis=alt.Axis(format="%", tickCount=MOST_TICKS),
            ),
            color=alt.Color("end:N", scale=alt.Scale(domain=list(PARTS)), legend=legend),
            order=alt.Order("place:Q"),
            tooltip=[
                alt.Tooltip("what:N", title=" "),
                alt.Tooltip("end:N", title="end"),
                alt.Tooltip("share:Q", title="share", format=".1%"),
            ],
        )
        .properties(title=title_of(title), height=300)
    )


def _ends(rows: Sequence[Promise]) -> Iterator[dict[str, Any]]:
    by_metric = {row.metric: row for row in rows}
    for what, attribute in (("assumed", "promised"), ("simulated", "value")):

        def of(metric: str, attribute: str = attribute) -> float:
            return getattr(by_metric[metric], attribute) or 0.0

        shares = (
            of("bot_resolution"),
            of("contained_share") - of("bot_resolution"),
            of("left_inside_share"),
            1 - of("containment"),
        )
        for place, (end, share) in enumerate(zip(PARTS, shares, strict=True)):
            yield {"what": what, "end": end, "share": max(share, 0.0), "place": place}


def alt_text_sessions(rows: Sequence[Promise]) -> str:
    """Return how sessions end in two sentences."""
    ends = list(_ends(rows))
    sentences = []
    for what in ("assumed", "simulated"):
        parts = [f"{e['end']} {show(e['share'], 'share')}" for e in ends if e["what"] == what]
        sentences.append(f"Sessions {what}: {', '.join(parts)}.")
    return " ".join(sentences)


def cut_chart(found: Cuts, title: str) -> alt.HConcatChart:
    """Draw what is needed in each way, and the simulated service that it gives.

    Parameters
    ----------
    found : Cuts
    title : str

    Returns
    -------
    HConcatChart
        Needs as bars at the left, service levels with intervals at the right.
    """
    import altair as alt
    import pandas as pd

    from sim.report.chart_layers import title_of

    frame = pd.DataFrame([_drawn(row, found) for row in found.rows])
    order = [WORDS[row.name] for row in found.rows]
    y = alt.Y("staff:N", title=None, sort=order, axis=alt.Axis(labelLimit=200))
    verdicts = list(VERDICTS.values())
    marks = alt.Scale(domain=verdicts, range=["circle", "diamond", "triangle-up"])
    colour = alt.Color("verdict:N", scale=alt.Scale(domain=verdicts), legend=None)
    tips = [
        alt.Tooltip("staff:N", title="staff"),
        alt.Tooltip("agents:Q", title=unit_of(found), format=",.1f"),
        alt.Tooltip("level:Q", title="service level", format=".1%"),
        alt.Tooltip("low:Q", title="95 % from", format=".1%"),
        alt.Tooltip("high:Q", title="to", format=".1%"),
        alt.Tooltip("verdict:N", title="verdict"),
    ]
    base = alt.Chart(frame).encode(y=y, tooltip=tips)
    bars = base.mark_bar(opacity=0.75).encode(
        x=alt.X("agents:Q", title=unit_of(found), axis=alt.Axis(tickCount=5)), color=colour
    )
    numbers = base.mark_text(align="left", dx=4, fontSize=13).encode(x="agents:Q", text="shown:N")
    axis: dict[str, Any] = {
        "title": "service level",
        "axis": alt.Axis(format="%", tickCount=5),
        "scale": alt.Scale(domain=[0, 1]),
    }
    bare = alt.Chart(frame).encode(
        y=alt.Y("staff:N", title=None, sort=order, axis=None), tooltip=tips, color=colour
    )
    spans = bare.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", **axis), x2="high:Q")
    dots = bare.mark_point(filled=True, size=110, opacity=1).encode(
        x=alt.X("level:Q", **axis),
        shape=alt.Shape("verdict:N", scale=marks, legend=None),
    )
    goal = alt.Chart(pd.DataFrame({"target": [found.target]})).mark_rule(
        strokeDash=[6, 4], color="gray"
    )
    height = 46 * len(order)
    left = alt.layer(bars, numbers).properties(width=360, height=height)
    right = alt.layer(goal.encode(x="target:Q"), spans, dots).properties(width=300, height=height)
    key = "bars: staff · dots: simulated service level, with 95 % confidence interval · " + (
        f"dashed: target {found.target:.0%}".replace("%", " %")
        + " · diamonds: undecided · triangles: a target missed"
    )
    return alt.hconcat(left, right).properties(title=title_of(title, key))


def _drawn(row: Cut, found: Cuts) -> Mapping[str, Any]:
    return {
        "staff": WORDS[row.name],
        "agents": row.agents,
        "shown": show_amount(row.agents, found),
        "level": row.level.value,
        "low": row.level.low,
        "high": row.level.high,
        "verdict": VERDICTS[row.status],
    }


def alt_text_cuts(found: Cuts) -> str:
    """Return the chart in one sentence for each way to staff."""
    return " ".join(
        f"{WORDS[row.name]}: {show_amount(row.agents, found)}, service level "
        f"{show(row.level.value, 'share')}."
        for row in found.rows
    )
