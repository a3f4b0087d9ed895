"""A sweep on a page: a line with confidence intervals for one field, tiles for two; a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.metrics import catalogue
from sim.metrics.metric_titles import label
from sim.report.chart_layers import LINE, title_of
from sim.report.formatting import show
from sim.report.heatmap import target_key, target_scale
from sim.report.time_axis import MOST_LABELS

if TYPE_CHECKING:
    import altair as alt

    from sim.experiment.sweep.design import Cell
    from sim.experiment.sweep.worker import CellResult
    from sim.report.chart_layers import Layered


@dataclass(frozen=True, slots=True)
class SweptPoint:
    """One metric of one cell.

    Attributes
    ----------
    place : tuple of str
        Value of each field.
    value, low, high : float or None
    """

    place: tuple[str, ...]
    value: float | None
    low: float | None
    high: float | None


def swept_metrics(results: Mapping[int, CellResult]) -> list[str]:
    """Return the metrics of the whole that the cells have, those looked at first in front."""
    first = ("service_level", "abandonment", "asa_s", "wait_p90_s", "occupancy", "offered", "cost")
    some = next(iter(results.values()), None)
    have = {row[2] for row in some.rows if row[0] == "total"} if some else set()
    return [metric for metric in first if metric in have]


def swept_points(
    cells: Sequence[Cell], results: Mapping[int, CellResult], axes: Sequence[str], metric: str
) -> list[SweptPoint]:
    """Return a metric of the whole for every cell that is finished."""
    found = []
    for cell in cells:
        if cell.number not in results:
            continue
        row = next(
            (r for r in results[cell.number].rows if (r[0], r[2]) == ("total", metric)), None
        )
        if row is not None:
            place = tuple(cell.place[axis] for axis in axes)
            found.append(SweptPoint(place, row[3], row[4], row[5]))
    return found


def formula_of(cells: Mapping[int, CellResult], metric: str) -> str:
    """Return formula and threshold of a service level of the whole in all cells, else ""."""
    if metric != "days_on_target" and not metric.startswith("service_level"):
        return ""
    rows = (row for one in cells.values() for row in one.rows)
    notes = (row[7] for row in rows if (row[0], row[2]) == ("total", metric))
    return " or ".join(str(note).replace("_", " ") for note in dict.fromkeys(notes) if note)


def sweep_chart(
    points: Sequence[SweptPoint],
    axes: Sequence[str],
    metric: str,
    title: str,
    targets: tuple[float, float] | None = None,
    formula: str = "",
) -> Layered | alt.LayerChart:
    """Draw a sweep of one or two fields.

    Parameters
    ----------
    points : sequence of SweptPoint
    axes : sequence of str
        Names of the fields, one or two.
    metric, title : str
    targets : (float, float), optional
        The lowest and the highest target of the service level, from 0 to 1; two fields are drawn
        as below or above them.
    formula : str
        Formula and threshold of a service level, from :func:`formula_of`; the axis names it.
    """
    import pandas as pd

    unit = catalogue()[metric].unit
    shown = {"share": "%", "": ""}.get(unit, unit)
    parts = [part for part in (formula, shown) if part]
    measure = label(metric) + (f" ({', '.join(parts)})" if parts else "")
    frame = pd.DataFrame([_row(point, unit) for point in points])
    order = [list(dict.fromkeys(p.place[k] for p in points)) for k in range(len(axes))]
    return (
        _line(frame, axes[0], order[0], measure, title)
        if len(axes) == 1
        else _tiles(frame, axes, order, unit, title, targets if metric == "service_level" else None)
    )


def _row(point: SweptPoint, unit: str) -> dict[str, Any]:
    scale = 100.0 if unit == "share" else 1.0
    numbers = {"value": point.value, "low": point.low, "high": point.high}
    half = None if point.low is None or point.high is None else (point.high - point.low) / 2
    return {
        "x": point.place[0],
        "y": point.place[-1],
        **{name: None if n is None else n * scale for name, n in numbers.items()},
        "label": show(point.value, unit),
        "shown": show(point.value, unit, half),
    }


def _line(frame: Any, axis: str, order: list[str], measure: str, title: str) -> Layered:
    import altair as alt

    base = alt.Chart(frame).encode(
        x=alt.X("x:O", sort=order, title=axis, axis=_places(order)),
        tooltip=[alt.Tooltip("x:N", title=axis), alt.Tooltip("shown:N", title="value ± 95 %")],
    )
    scale = alt.Scale(zero=False)
    line = base.mark_line().encode(y=alt.Y("value:Q", title=measure, scale=scale))
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(y="value:Q")
    spans = base.mark_rule(strokeWidth=2, color=LINE).encode(
        y=alt.Y("low:Q", title=measure), y2="high:Q"
    )
    layers = alt.layer(line, spans, dots)
    return layers.properties(
        title=title_of(title, "line through: 95 % confidence interval"), height=320
    )


def _places(values: list[str]) -> alt.Axis:
    """Return the axis of a field, with at most so many labels as can be read side by side."""
    import altair as alt

    apart = -(-len(values) // MOST_LABELS)
    return alt.Axis(labelAngle=0, values=values[::apart])


def _tiles(
    frame: Any,
    axes: Sequence[str],
    order: list[list[str]],
    unit: str,
    title: str,
    targets: tuple[float, float] | None,
) -> Layered:
    import altair as alt

    domain = [0, 100] if unit == "share" else alt.Undefined
    scale = alt.Scale(scheme="viridis", domain=domain)
    key, bright = "", _middle(frame, unit)
    if targets is not None:
        scale, key, bright = target_scale(targets, 100.0), target_key(targets), -1.0
    base = alt.Chart(frame).encode(
        x=alt.X("x:O", sort=order[0], title=axes[0], axis=_places(order[0])),
        y=alt.Y("y:O", sort=order[1], title=axes[1]),
        tooltip=[
            alt.Tooltip("x:N", title=axes[0]),
            alt.Tooltip("y:N", title=axes[1]),
            alt.Tooltip("shown:N", title="value ± 95 %"),
        ],
    )
    legend = alt.Legend(title="%" if unit == "share" else unit)
    boxes = base.mark_rect().encode(color=alt.Color("value:Q", scale=scale, legend=legend))
    words = base.mark_text(fontSize=12).encode(
        text="label:N",
        color=alt.when(alt.datum.value > bright)
        .then(alt.value("#111"))
        .otherwise(alt.value("#fff")),
    )
    tall = 60 + 34 * len(order[1])
    return alt.layer(boxes, words).properties(title=title_of(title, key), height=tall)


def _middle(frame: Any, unit: str) -> float:
    """Return the metric above which tiles are bright enough for dark words."""
    if unit == "share":
        return 60.0
    low, high = frame["value"].min(), frame["value"].max()
    return float(low + 0.6 * (high - low))


def sweep_rows(
    cells: Sequence[Cell],
    results: Mapping[int, CellResult],
    axes: Sequence[str],
    metrics: Sequence[str],
) -> list[dict[str, str]]:
    """Return a sweep as rows of text, with half the width of each 95 % confidence interval."""
    table = []
    for cell in cells:
        row = {axis: cell.place[axis] for axis in axes}
        for metric in metrics:
            point = next(iter(swept_points([cell], results, axes, metric)), None)
            unit = catalogue()[metric].unit
            row[metric.removesuffix("_s").replace("_", " ")] = (
                "not yet" if point is None else str(_row(point, unit)["shown"])
            )
        table.append(row)
    return table


def alt_text_sweep(points: Sequence[SweptPoint], axes: Sequence[str], metric: str) -> str:
    """Return a sweep in one sentence."""
    known = [p for p in points if p.value is not None]
    if not known:
        return "A sweep of which no cell is finished."
    unit = catalogue()[metric].unit
    low, high = (pick(known, key=lambda p: p.value or 0.0) for pick in (min, max))
    said = [", ".join(f"{a} {v}" for a, v in zip(axes, p.place, strict=True)) for p in (low, high)]
    return (
        f"{metric.replace('_', ' ')} of {len(known)} cells: lowest {show(low.value, unit)} at "
        f"{said[0]}, highest {show(high.value, unit)} at {said[1]}."
    )
