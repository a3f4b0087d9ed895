"""Pictures of a sweep in the terminal: shades over two axes, bars over one, cost and service."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from sim.experiment import Estimate
from sim.metrics.metric_titles import label, variant_title
from sim.report.formatting import show
from sim.report.text_table import columns

if TYPE_CHECKING:
    from sim.experiment.sweep import SweepResult
    from sim.experiment.sweep.design import Cell

SHADES = " ░▒▓█"
WIDTH = 40
MOST_PANELS = 6
BANDS = 5
MOST_BARS = 40


def picture(swept: SweepResult) -> str:
    """Return the headline over the axes; for a design over each of its factors."""
    grid = swept.grid
    if len(grid) < 2:
        return ""
    if swept.settings.study.design is not None:
        body = over_factors(swept)
    elif len(swept.plan.axes) == 1:
        body = bars(swept, grid)
    else:
        body = panels(swept)
    return "\n\n".join(part for part in (body, cost_and_service(swept)) if part)


def name_of(swept: SweepResult) -> str:
    """Return what the headline is called, a service level with its formula."""
    wanted = swept.headline
    name = label(wanted.metric) + ("" if wanted.scope == "total" else f" of {wanted.name}")
    return with_formula(swept, name, (wanted.scope, wanted.name, wanted.metric))


def with_formula(swept: SweepResult, name: str, key: tuple[str, str, str]) -> str:
    """Return the name of a metric, that of a service level with formula and threshold."""
    formula = swept.formula(*key)
    return f"{name} ({variant_title(formula)})" if formula else name


def values_of(swept: SweepResult, axis: str) -> list[str]:
    """Return the values of an axis in their order."""
    return list(dict.fromkeys(cell.place[axis] for cell in swept.grid))


def span(swept: SweepResult) -> tuple[float, float]:
    """Return from where to where the headline goes over the grid."""
    found = [swept.headline_of(cell.number) for cell in swept.grid]
    known = [f.value for f in found if f is not None and f.value is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    return (low, high) if high > low else (low, low + 1.0)


def length(swept: SweepResult) -> float:
    """Return what the longest bar stands for: all of it, for a share; bars begin at zero."""
    found = [swept.headline_of(cell.number) for cell in swept.grid]
    known = [f for f in found if f is not None and f.value is not None]
    if not known or known[0].unit == "share":
        return 1.0
    return max(f.value for f in known if f.value is not None) or 1.0


def part(estimate: Estimate | None, low: float, high: float) -> float | None:
    """Return where a metric lies between the two, from 0 to 1."""
    if estimate is None or estimate.value is None:
        return None
    return min(max((estimate.value - low) / (high - low), 0.0), 1.0)


def bars(swept: SweepResult, cells: list[Cell]) -> str:
    """Return a bar for each cell of one axis."""
    axis, most = swept.plan.axes[0], length(swept)
    table = [[axis, name_of(swept), ""]]
    for cell in cells[:MOST_BARS]:
        estimate = swept.headline_of(cell.number)
        table.append([cell.place[axis], shown(estimate), bar(part(estimate, 0.0, most))])
    return columns(table)


def bar(size: float | None) -> str:
    """Return a bar of a length from 0 to 1."""
    return "" if size is None else "█" * round(size * WIDTH)


def shown(estimate: Estimate | None) -> str:
    """Return a metric with the half width of its confidence interval, a dash for none."""
    return "-" if estimate is None else show(estimate.value, estimate.unit, estimate.half)


def panels(swept: SweepResult) -> str:
    """Return shades over the last two axes, one panel for each value of the others."""
    *outer, down, across = swept.plan.axes
    by_place = {tuple(cell.place.items()): cell for cell in swept.grid}
    low, high = span(swept)
    found = []
    every = list(product(*(values_of(swept, axis) for axis in outer)))
    for chosen in every[:MOST_PANELS]:
        fixed = list(zip(outer, chosen, strict=True))
        table = [[f"{down} \\ {across}", *values_of(swept, across)]]
        for row in values_of(swept, down):
            line = [row]
            for column in values_of(swept, across):
                cell = by_place[(*fixed, (down, row), (across, column))]
                line.append(shaded(swept.headline_of(cell.number), low, high))
            table.append(line)
        where = ", ".join(f"{axis} {value}" for axis, value in fixed)
        found.append(f"{name_of(swept)}{' at ' + where if where else ''}\n{columns(table)}")
    if len(every) > MOST_PANELS:
        found.append(f"… and {len(every) - MOST_PANELS} more panels: see the report")
    return "\n\n".join(found)


def shaded(estimate: Estimate | None, low: float, high: float) -> str:
    """Return a metric with a shade that is darker the higher it is."""
    size = part(estimate, low, high)
    if estimate is None or size is None:
        return "-"
    shade = SHADES[min(int(size * len(SHADES)), len(SHADES) - 1)]
    return f"{show(estimate.value, estimate.unit)} {shade * 2}"


def over_factors(swept: SweepResult) -> str:
    """Return the mean headline in bands of each factor of a design."""
    from sim.experiment.sweep.binned_means import means_by_bin

    most = length(swept)
    found = []
    for axis in swept.plan.axes:
        table = [[axis, "cells", name_of(swept), "95 % from", "to", ""]]
        for band in means_by_bin(swept, axis, BANDS):
            numbers = [show(x, band.unit) for x in (band.mean, band.low, band.high)]
            size = part(Estimate(band.mean, None, None, band.unit), 0.0, most)
            table.append([band.label, str(band.cells), *numbers, bar(size)])
        found.append(columns(table))
    return "\n\n".join(found)


def cost_and_service(swept: SweepResult) -> str:
    """Return the service for the money, the cheapest cell first; empty without costs."""
    found = []
    for cell in swept.grid:
        cost = swept.estimate(cell.number, "total", "total", "cost")
        if cost is not None and cost.value is not None:
            found.append((cost.value, cell, cost))
    if len(found) < 2:
        return ""
    most = length(swept)
    table = [["cost", "cell", name_of(swept), ""]]
    for _, cell, cost in sorted(found, key=lambda one: one[0])[:MOST_BARS]:
        estimate = swept.headline_of(cell.number)
        where = ", ".join(cell.place.values())
        table.append(
            [show(cost.value, cost.unit), where, shown(estimate), bar(part(estimate, 0.0, most))]
        )
    return columns(table, left=2)
