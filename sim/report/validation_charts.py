"""Charts of a simulation compared with actuals: the band of days, the mean, the line of actuals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.metrics.metric_titles import metric_title
from sim.report.chart_layers import title_of
from sim.report.formatting import show
from sim.report.time_axis import time_axis

if TYPE_CHECKING:
    import altair as alt

    from sim.planning.actuals_error import IntervalError, MetricError
    from sim.planning.period_errors import QuantileShare

HEIGHT = 340
MOST_DOTS = 60
"""Intervals above which the line of actuals has no dots: they would run together."""
NAMES = ("95 % of simulated days", "simulated mean, 95 % confidence interval", "actual")
"""The layers, in the order of their colours."""


def validation_chart(cells: Sequence[IntervalError], title: str, band: str) -> Any:
    """Draw one metric of one queue by interval, simulated and actual.

    Parameters
    ----------
    cells : sequence of IntervalError
        In the order of time.
    title : str
    band : str
        What the wide band is, in words.

    Returns
    -------
    LayerChart
        A pale band of days, a darker one of the confidence interval of the mean, its line dashed,
        and the record as a full line; dots are hollow where it leaves the band.
    """
    import altair as alt
    import pandas as pd

    unit = cells[0].unit
    frame = pd.DataFrame([_row(cell) for cell in cells])
    axis: dict[str, Any] = {"title": _axis(cells[0])}
    if unit == "share":
        axis |= {"axis": alt.Axis(format="%"), "scale": alt.Scale(domainMax=1.0, zero=False)}
    base = alt.Chart(frame).encode(x=time_axis(cells), detail="day:N")
    tips = _tips(unit)
    wide = _named(base, 0).mark_area(opacity=0.18, interpolate="monotone")
    narrow = _named(base, 1).mark_area(opacity=0.4, interpolate="monotone")
    mean = _named(base, 1).mark_line(strokeDash=[5, 3], interpolate="monotone")
    line = _named(base, 2).mark_line(strokeWidth=2.5)
    y = alt.Y("simulated:Q", **axis)
    layers: list[Any] = [
        wide.encode(y=alt.Y("band_low:Q", **axis), y2="band_high:Q"),
        narrow.encode(y=alt.Y("low:Q", **axis), y2="high:Q"),
        mean.encode(y=y),
        line.encode(y=alt.Y("recorded:Q", **axis), tooltip=tips),
    ]
    dots = _named(base, 2).encode(y=alt.Y("recorded:Q", **axis), tooltip=tips)
    out = dots.transform_filter("datum.inside === 'no'").mark_point(
        size=75, filled=False, strokeWidth=2.5, shape="diamond"
    )
    if len(cells) <= MOST_DOTS:
        layers.append(
            dots.transform_filter("datum.inside !== 'no'").mark_point(size=28, filled=True)
        )
    layers.append(out)
    key = f"line: actual, hollow where outside · pale band: {band} · dashed: simulated mean"
    return alt.layer(*layers).properties(
        title=title_of(title, key),
        height=HEIGHT,
    )  # fmt: skip


def alt_text_validation(cells: Sequence[IntervalError], verdict: MetricError) -> str:
    """Return such a chart in a few sentences, for those who cannot see it."""
    outside = [cell for cell in cells if cell.inside is False]
    worst = max(
        (cell for cell in cells if cell.simulated is not None),
        key=lambda cell: abs((cell.simulated or 0.0) - cell.recorded),
        default=None,
    )
    text = (
        f"{metric_title(verdict.metric)} of {verdict.queue} in {len(cells)} intervals: actual "
        f"{show(verdict.recorded, verdict.unit)}, simulated "
        f"{show(verdict.simulated, verdict.unit)}; outside the band in {len(outside)}."
    )
    if worst is not None:
        text += (
            f" Furthest apart at {worst.interval.replace('T', ' ')}: actual "
            f"{show(worst.recorded, worst.unit)}, simulated {show(worst.simulated, worst.unit)}."
        )
    return text


def quantile_chart(shares: Sequence[QuantileShare]) -> Any:
    """Draw how often actuals lie below quantiles of the simulated values.

    Parameters
    ----------
    shares : sequence of QuantileShare
        Of one queue.

    Returns
    -------
    LayerChart
        A line for each metric by interval and by day, and the diagonal of a right model.
    """
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame(
        [
            {"quantile": one.quantile, "share": one.share, "low": one.low, "high": one.high,
             "metric": metric_title(one.metric), "by": one.period, "periods": one.count}
            for one in shares
        ]
    )  # fmt: skip
    axis = alt.Axis(format="%")
    scale = alt.Scale(domain=[0, 1])
    x = alt.X("quantile:Q", title="quantile of the simulated values", axis=axis, scale=scale)
    y = alt.Y("share:Q", title="actuals below it", axis=axis, scale=scale)
    base = alt.Chart(frame).encode(x=x)
    tips = [
        alt.Tooltip("metric:N"), alt.Tooltip("by:N"), alt.Tooltip("periods:Q"),
        alt.Tooltip("quantile:Q", format=".1%"),
        alt.Tooltip("share:Q", title="actuals below", format=".1%"),
    ]  # fmt: skip
    lines = base.mark_line(point=True).encode(
        y=y, color=alt.Color("metric:N", title=None), tooltip=tips,
        strokeDash=alt.StrokeDash("by:N", title=None, sort=["day", "interval"]),
    )  # fmt: skip
    ends = pd.DataFrame({"quantile": [0.0, 1.0], "share": [0.0, 1.0]})
    right = alt.Chart(ends).mark_line(color="gray", strokeDash=[2, 4]).encode(x=x, y=y)
    return alt.layer(right, lines).properties(height=HEIGHT)


def alt_text_quantiles(shares: Sequence[QuantileShare]) -> str:
    """Return such a chart in words: how often actuals are below the median."""
    parts = [
        f"{metric_title(one.metric)} by {one.period} {show(one.share, 'share')}"
        for one in shares
        if one.quantile == 0.5
    ]
    return "Actuals below the simulated median (50 % in a right model): " + ", ".join(parts) + "."


def _row(cell: IntervalError) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(cell) | {"inside": {True: "yes", False: "no", None: "-"}[cell.inside]}


def _axis(cell: IntervalError) -> str:
    named = metric_title(cell.metric)
    return named if cell.unit == "share" else f"{named} ({cell.unit})"


def _named(chart: alt.Chart, place: int) -> alt.Chart:
    """Colour a layer by its name, whatever the theme's colours are."""
    import altair as alt

    scale = alt.Scale(domain=list(NAMES))
    return chart.transform_calculate(part=f"'{NAMES[place]}'").encode(
        color=alt.Color("part:N", scale=scale, legend=None)
    )


def _tips(unit: str) -> list[Any]:
    import altair as alt

    form = ".1%" if unit == "share" else ",.1f"
    named = {
        "recorded": "actual", "simulated": "simulated mean",
        "low": "95 % confidence interval from",
        "high": "to", "band_low": "band from", "band_high": "band to",
    }  # fmt: skip
    return [
        alt.Tooltip("interval:O", title="interval"),
        *(alt.Tooltip(f"{key}:Q", title=words, format=form) for key, words in named.items()),
        alt.Tooltip("inside:N", title="in the band"),
    ]
