"""A waterfall: what each change adds when changes are made one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiment import Comparison
from sim.experiment.compare_scenarios import unique_labels
from sim.metrics import catalogue
from sim.report.chart_layers import LINE, legend, title_of
from sim.report.formatting import digits_of, show, show_difference
from sim.report.metrics_by_scenario import BETTER, CHANGED, SAME, WORSE, judgement

if TYPE_CHECKING:
    import altair as alt

    from sim.experiment import Difference, Result
    from sim.report.chart_layers import Layered

UNSURE, LEVEL = "not significant", "level"
ALL = "with all changes"
COLOURS = {
    LEVEL: "#0072b2",
    BETTER: "#00815f",
    WORSE: "#d55e00",
    CHANGED: "#56b4e9",
    UNSURE: "#8090a0",
}
"""By kind of bar, as in the matrix: green is better, whether that is more or less."""


@dataclass(frozen=True, slots=True)
class WaterfallBar:
    """One bar of a waterfall.

    Attributes
    ----------
    label : str
    start, end : float
        Of the bar; it starts at zero for the first and the last.
    difference, low, high : float or None
        What the change adds, with its 95 % confidence interval of pairs of runs; None for the
        first.
    kind : str
        One of :data:`COLOURS`: what the change means, changed where more is neither better nor
        worse.
    """

    label: str
    start: float
    end: float
    difference: float | None
    low: float | None
    high: float | None
    kind: str


def waterfall(results: Sequence[Result], labels: Sequence[str], metric: str) -> list[WaterfallBar]:
    """Return what each change adds to a metric of the whole.

    Parameters
    ----------
    results : sequence of Result
        The base, then with one change more each; all used the same simulated days.
    labels : sequence of str
        Name of the base, then of each change.
    metric : str

    Returns
    -------
    list of WaterfallBar
        The base, each change, and with all of them; empty where the metric is not known.
    """
    names = unique_labels([*labels, ALL], len(results) + 1)
    pairs = [
        _between(one, other, label, metric)
        for one, other, label in zip(results, results[1:], names[1:], strict=False)
    ]
    known = [p for p in pairs if p is not None and p.base is not None and p.value is not None]
    if not known or len(known) < len(pairs):
        return []
    first, last = known[0].base or 0.0, known[-1].value or 0.0
    bars = [WaterfallBar(names[0], 0.0, first, None, None, None, LEVEL)]
    bars += [
        WaterfallBar(p.other, p.base or 0.0, p.value or 0.0, p.difference, p.low, p.high, _kind(p))
        for p in known
    ]
    whole = _between(results[0], results[-1], ALL, metric)
    bounds = (None, None, None) if whole is None else (whole.difference, whole.low, whole.high)
    return [*bars, WaterfallBar(names[-1], 0.0, last, *bounds, LEVEL)]


def _between(one: Result, other: Result, label: str, metric: str) -> Difference | None:
    rows = Comparison((one, other), ("", label)).rows
    return next((r for r in rows if (r.scope, r.metric) == ("total", metric)), None)


def _kind(row: Difference) -> str:
    found = judgement(row)
    return UNSURE if found == SAME else found


def waterfall_table(steps: Sequence[WaterfallBar], metric: str) -> list[dict[str, str]]:
    """Return a waterfall as rows of text."""
    unit = catalogue()[metric].unit
    return [
        {
            "Change": one.label,
            "Adds": show_difference(one.difference, unit, _more(one, unit)),
            "95 % from": show_difference(one.low, unit, _more(one, unit)),
            "to": show_difference(one.high, unit, _more(one, unit)),
            "Then": show(one.end, unit),
            "Verdict": "" if one.kind == LEVEL else _verdict(one),
        }
        for one in steps
    ]


def _more(one: WaterfallBar, unit: str) -> int:
    """Return how many digits more show a significant difference."""
    return digits_of(one.difference, one.low, one.high, unit, one.kind != UNSURE)


def _verdict(one: WaterfallBar) -> str:
    if one.low is None:
        return "one replication: no confidence interval"
    if one.kind in (UNSURE, CHANGED):
        return UNSURE if one.kind == UNSURE else "significant"
    return one.kind


def waterfall_chart(steps: Sequence[WaterfallBar], metric: str, title: str) -> Layered:
    """Draw a waterfall: each bar begins where the one before it ended.

    Parameters
    ----------
    steps : sequence of WaterfallBar
    metric : str
    title : str
    """
    import altair as alt
    import pandas as pd

    unit = catalogue()[metric].unit
    scale, axis = (100.0, "%") if unit == "share" else (1.0, unit)
    bottom, top = _bounds(steps)
    frame = pd.DataFrame([_scaled(one, scale, unit, bottom) for one in steps])
    order = [one.label for one in steps]
    base = alt.Chart(frame).encode(
        x=alt.X(
            "label:N",
            title=None,
            sort=order,
            axis=alt.Axis(labelAngle=0, labelLimit=150),
        ),
        tooltip=[
            alt.Tooltip("label:N", title="change"),
            alt.Tooltip("adds:N", title="adds"),
            alt.Tooltip("between:N", title="95 % confidence interval"),
            alt.Tooltip("after:N", title="level after it"),
        ],
    )
    bars = base.mark_bar(size=46).encode(
        y=alt.Y(
            "start:Q",
            title=f"{title.partition(':')[0]} ({axis})",
            scale=alt.Scale(domain=[bottom * scale, top * scale], zero=False, nice=False),
        ),
        y2="end:Q",
        color=alt.Color("kind:N", scale=_colours(steps), legend=legend()),
    )
    spans = base.mark_rule(strokeWidth=2, color=LINE).encode(y="low:Q", y2="high:Q")
    words = base.mark_text(dy=-9, fontSize=12).encode(y="top:Q", text="shown:N")
    key = "each bar begins where the last one ended · line: 95 % confidence interval of the change"
    key += f" · the axis begins at {show(bottom, unit)}" if bottom else ""
    return alt.layer(bars, spans, words).properties(title=title_of(title, key), height=340)


def _colours(steps: Sequence[WaterfallBar]) -> alt.Scale:
    """Return the colours of the kinds that there are."""
    import altair as alt

    known = [kind for kind in COLOURS if any(one.kind == kind for one in steps)]
    return alt.Scale(domain=known, range=[COLOURS[kind] for kind in known])


def _bounds(steps: Sequence[WaterfallBar]) -> tuple[float, float]:
    """Return where the axis begins and ends: small changes of a high level are to be seen."""
    ends = [one.end for one in steps]
    ends += [one.start + edge for one in steps[1:-1] for edge in (one.low, one.high) if edge]
    low, high = min(ends), max(ends)
    span = max(high - low, 1e-3 * abs(high), 1e-9)
    bottom = max(low - 0.5 * span, 0.0)
    return (bottom if bottom > 0.3 * high else 0.0), high + 0.25 * span


def _scaled(one: WaterfallBar, scale: float, unit: str, bottom: float) -> dict[str, Any]:
    more, known = _more(one, unit), one.low is not None
    adds = show_difference(one.difference, unit, more)
    low = None if one.low is None or one.kind == LEVEL else (one.start + one.low) * scale
    high = None if one.high is None or one.kind == LEVEL else (one.start + one.high) * scale
    return {
        "label": one.label,
        "start": max(one.start, bottom) * scale,
        "end": one.end * scale,
        "low": low,
        "high": high,
        "top": max(x for x in (one.start * scale, one.end * scale, high) if x is not None),
        "kind": one.kind,
        "adds": adds,
        "between": f"{show_difference(one.low, unit, more)} to "
        f"{show_difference(one.high, unit, more)}"
        if known
        else "-",
        "after": show(one.end, unit),
        "shown": show(one.end, unit) if one.kind == LEVEL else adds,
    }


def alt_text_waterfall(steps: Sequence[WaterfallBar], metric: str) -> str:
    """Return a waterfall in one sentence for each bar."""
    unit = catalogue()[metric].unit
    return " ".join(
        f"{one.label}: {show(one.end, unit)}."
        if one.kind == LEVEL
        else f"{one.label}: {show_difference(one.difference, unit, _more(one, unit))}, "
        f"{_verdict(one)}."
        for one in steps
    )
