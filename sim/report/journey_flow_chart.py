"""The journey of issues drawn as ribbons between bars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.report.chart_layers import title_of
from sim.report.formatting import show
from sim.report.journey_flow import (
    BEFORE,
    FIRST,
    LATER,
    NO_CONTACT,
    NOT_RESOLVED,
    FlowNode,
    JourneyFlow,
)

GAP = 0.09
"""Between the bars of a stage, as a share of all issues: room for a label."""
BAR = 0.035
"""Width of a bar; stages are one apart."""
BENDS = 24
"""Points of a ribbon's edge."""
HEIGHT = 480
COLOURS = {FIRST: "#00815f", LATER: "#5aa9a0", NOT_RESOLVED: "#d55e00", BEFORE: "#7a7fb0"}
PLAIN = "#8593a0"
"""Of ribbons that do not lead to an outcome."""
_LABEL: dict[str, Any] = {"baseline": "bottom", "dy": -2, "fontSize": 12}
_SIDES: tuple[tuple[Any, str], ...] = (("left", "left"), ("center", "middle"), ("right", "right"))
"""By stage, how a label is set and at which edge of its bar."""


def flow_chart(flow: JourneyFlow, title: str) -> Any:
    """Draw a flow: a bar for each place, as high as its share, and ribbons between them.

    Parameters
    ----------
    flow : JourneyFlow
    title : str

    Returns
    -------
    altair.LayerChart
    """
    import altair as alt
    import pandas as pd

    tops = _tops(flow)
    lowest = max(top + _value(node) for node, top in _placed(flow, tops))
    x: dict[str, Any] = {"axis": None, "scale": alt.Scale(domain=[-BAR, 2 + BAR], nice=False)}
    y: dict[str, Any] = {"axis": None, "scale": alt.Scale(domain=[lowest, -GAP], nice=False)}
    tips = [
        alt.Tooltip("what:N", title=" "),
        alt.Tooltip("share:N", title="share of issues"),
        alt.Tooltip("bounds:N", title="95 % confidence interval"),
    ]
    ribbons = (
        alt.Chart(pd.DataFrame(list(_ribbons(flow, tops))))
        .mark_area(opacity=0.45)
        .encode(
            x=alt.X("x:Q", **x),
            y=alt.Y("top:Q", **y),
            y2="bottom:Q",
            detail="what:N",
            color=alt.Color("colour:N", scale=None, legend=None),
            tooltip=tips,
        )
    )
    nodes = pd.DataFrame(list(_bars(flow, tops)))
    bars = (
        alt.Chart(nodes)
        .mark_rect(opacity=1)
        .encode(
            x=alt.X("left:Q", **x),
            x2="right:Q",
            y=alt.Y("top:Q", **y),
            y2="bottom:Q",
            color=alt.Color("colour:N", scale=None, legend=None),
            tooltip=tips,
        )
    )
    labels = [
        alt.Chart(nodes[nodes.stage == stage])
        .mark_text(**_LABEL, align=align)
        .encode(x=alt.X(f"{side}:Q", **x), y=alt.Y("top:Q", **y), text="label:N")
        for stage, (align, side) in enumerate(_SIDES)
    ]
    key = "what it is about · first channel · outcome · ± is the 95 % confidence interval"
    return alt.layer(ribbons, bars, *labels).properties(title=title_of(title, key), height=HEIGHT)


def alt_text_flow(flow: JourneyFlow) -> str:
    """Return a flow in one sentence for each stage."""
    words = ("What issues are about", "First channel", "Outcome")
    return " ".join(
        f"{word}: {', '.join(_label(node) for node in flow.stage(stage))}."
        for stage, word in enumerate(words)
    )


def flow_rows(flow: JourneyFlow) -> list[dict[str, str]]:
    """Return the ways of a flow as rows of text, the table of the chart."""
    return [
        {
            "From": link.source,
            "To": link.target,
            "Share of issues": show(link.share.value, "share"),
            "95 % confidence interval": _bounds(link.share),
        }
        for link in flow.links
    ]


Tops = dict[tuple[int, str], float]


def _value(node: FlowNode) -> float:
    return node.share.value or 0.0


def _placed(flow: JourneyFlow, tops: Tops) -> Iterator[tuple[FlowNode, float]]:
    return ((node, tops[node.stage, node.name]) for node in flow.nodes)


def _tops(flow: JourneyFlow) -> Tops:
    """Return the upper edge of each bar, downwards from zero."""
    tops = {}
    for stage in range(3):
        edge = stage * GAP * 0.7  # so that the first labels are not side by side where it is narrow
        for node in flow.stage(stage):
            tops[stage, node.name] = edge
            edge += _value(node) + GAP
    return tops


def _ribbons(flow: JourneyFlow, tops: Tops) -> Iterator[dict[str, Any]]:
    """Yield the points of each ribbon; those of a bar lie below one another."""
    out, into = dict(tops), {key: top for key, top in tops.items()}
    steps = np.linspace(0.0, 1.0, BENDS)
    bend = steps * steps * (3 - 2 * steps)
    for link in flow.links:
        start, end = (link.stage, link.source), (link.stage + 1, link.target)
        share = link.share.value or 0.0
        above, below = out[start], into[end]
        out[start] += share
        into[end] += share
        for step, part in zip(steps, bend, strict=True):
            top = float(above + (below - above) * part)
            yield {
                "x": link.stage + BAR + float(step) * (1 - 2 * BAR),
                "top": top,
                "bottom": top + share,
                "what": f"{link.source} → {link.target}",
                "share": show(share, "share"),
                "bounds": _bounds(link.share),
                "colour": COLOURS.get(link.target, PLAIN),
            }


def _bars(flow: JourneyFlow, tops: Tops) -> Iterator[dict[str, Any]]:
    for node, top in _placed(flow, tops):
        colour = COLOURS[BEFORE] if node.name == NO_CONTACT else COLOURS.get(node.name, "#4f6d8a")
        yield {
            "stage": node.stage,
            "left": node.stage - BAR,
            "middle": float(node.stage),
            "right": node.stage + BAR,
            "top": top,
            "bottom": top + _value(node),
            "what": node.name,
            "label": _label(node),
            "share": show(node.share.value, "share"),
            "bounds": _bounds(node.share),
            "colour": colour,
        }


def _label(node: FlowNode) -> str:
    return f"{node.name} {show(node.share.value, 'share', node.share.half)}"


def _bounds(share: Any) -> str:
    if share.low is None or share.high is None:
        return "one replication"
    return f"{show(share.low, 'share')} to {show(share.high, 'share')}"
