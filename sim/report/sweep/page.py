"""A sweep as a page that stands alone: tables and drawings, without network or script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.fileio import replaced
from sim.report.html_page import drawn, html_page
from sim.report.sweep.svg_charts import bar_drawing, heat_drawings, move_drawing
from sim.report.sweep.svg_cost_chart import cost_drawing
from sim.report.sweep.terminal_charts import name_of, shown
from sim.report.sweep.text import head, move_rows, share_rows, title

if TYPE_CHECKING:
    from sim.experiment.sweep import SweepResult

WHISKERS = {
    True: "Whiskers are 95 % confidence intervals.",
    False: "Each bar is the mean over some cells; whiskers are 95 % confidence intervals over the "
    "values of the other factors.",
}


def write_page(path: str | Path, swept: SweepResult) -> None:
    """Write a sweep as one HTML file.

    Parameters
    ----------
    path : str or Path
    swept : SweepResult

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    with replaced(path) as temporary:
        temporary.write_text(page(swept), encoding="utf-8")


def page(swept: SweepResult) -> str:
    """Return a sweep as HTML."""
    from sim import __version__

    first, second = head(swept).split("\n")
    scenario = swept.settings.study.scenario
    third = f"ccplan {__version__}; fingerprint of the scenario {scenario.fingerprint[:16]}"
    drawings, whiskers = _drawings(swept)
    return html_page(
        "sweep.html",
        title=swept.name,
        metric=name_of(swept),
        heading=(first, second, third),
        drawings=[drawn(one) for one in drawings],
        whiskers=whiskers,
        costs=drawn(cost_drawing(swept)),
        words=len(swept.plan.axes),
        cells=_cells(swept),
        **_effects(swept),
    )


def _drawings(swept: SweepResult) -> tuple[list[str], str]:
    """Return the drawings over the axes, and what their whiskers are."""
    if len(swept.grid) < 2:
        return [], ""
    plain = swept.settings.study.design is None
    if plain and len(swept.plan.axes) > 1:
        return heat_drawings(swept), ""
    return [bar_drawing(swept, axis) for axis in swept.plan.axes], WHISKERS[plain]


def _effects(swept: SweepResult) -> dict[str, Any]:

    alone, of_variance = swept.factor_effects(), swept.sobol_indices()
    drawing = {"drawing": drawn(move_drawing(alone)), "rows": move_rows(alone)} if alone else {}
    return {"moves": drawing, "shares": share_rows(of_variance) if of_variance else []}


def _cells(swept: SweepResult) -> list[list[str]]:
    if not swept.grid:
        return []
    keys, axes = swept.shown(), swept.plan.axes
    rows = [[*axes, *(title(swept, key) for key in keys)]]
    for cell in swept.grid:
        shown_values = [shown(swept.estimate(cell.number, *key)) for key in keys]
        rows.append([*(cell.place.get(axis, "") for axis in axes), *shown_values])
    return rows
