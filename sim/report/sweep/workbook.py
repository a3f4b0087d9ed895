"""A sweep as a workbook: cells with their metrics, a chart, sensitivity, inputs, definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.fileio import replaced
from sim.metrics import catalogue
from sim.report.sweep.terminal_charts import name_of
from sim.report.sweep.text import title
from sim.report.workbook import Book, formula

if TYPE_CHECKING:
    from sim.experiment.sweep import SweepResult

Key = tuple[str, str, str]


class SweepBook(Book):
    """A workbook with a chart of one column over the rows of its first sheet."""

    def chart(self, sheet: str, rows: int, label: int, value: int, name: str) -> None:
        """Add a sheet with columns, one for each row of another sheet.

        Parameters
        ----------
        sheet : str
        rows : int
        label, value : int
            Columns of that sheet, counted from 0.
        name : str
            Title of the chart.
        """
        chart = self._book.add_chart({"type": "column"})
        chart.add_series(
            {
                "name": name,
                "categories": [sheet, 1, label, rows, label],
                "values": [sheet, 1, value, rows, value],
                "y_error_bars": {
                    "type": "custom",
                    "plus_values": f"='{sheet}'!{_span(value + 3, rows)}",
                    "minus_values": f"='{sheet}'!{_span(value + 3, rows)}",
                },
            }
        )
        chart.set_title({"name": f"{name}, 95 % confidence intervals"})
        chart.set_legend({"none": True})
        chart.set_size({"width": 1100, "height": 520})
        self._book.add_worksheet("Chart").insert_chart(0, 0, chart)


def _span(column: int, rows: int) -> str:
    from xlsxwriter.utility import xl_range_abs

    return str(xl_range_abs(1, column, rows, column))


def write_book(path: str | Path, swept: SweepResult) -> None:
    """Write a sweep: sheets Cells, Chart, Metrics, Sensitivity, Inputs, Definitions.

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
        out = SweepBook(temporary)
        wanted = swept.headline
        keys = swept.shown()
        first = [key for key in keys if wanted.holds(*key)]
        keys = first + [key for key in keys if key not in first]
        _cells(out, swept, keys)
        _sensitivity(out, swept)
        out.sheet("Inputs", ("what", "value"), _inputs(swept))
        used = {key[2] for key in keys}
        rows = [(m, catalogue()[m].unit, formula(m), catalogue()[m].meaning) for m in sorted(used)]
        out.sheet("Definitions", ("metric", "unit", "formula", "meaning"), rows)
        out.close()


def _cells(out: SweepBook, swept: SweepResult, keys: Sequence[Key]) -> None:
    """Write one line for each cell of the grid; the headline comes first."""
    axes = swept.plan.axes
    head = ["cell", *axes, "where"]
    for key in keys:
        head += [title(swept, key), "low", "high", "±"]
    lines, units = [], []
    for cell in swept.grid:
        line: list[object] = [cell.number, *(cell.place.get(axis, "") for axis in axes)]
        line.append(", ".join(cell.place.values()))
        unit = [""] * len(line)
        for key in keys:
            f = swept.estimate(cell.number, *key)
            line += [None] * 4 if f is None else [f.value, f.low, f.high, f.half]
            unit += ["" if f is None else f.unit] * 4
        lines.append(line)
        units.append(unit)
    if not lines:
        return
    out.sheet("Cells", head, lines, units)
    at = 2 + len(axes)
    out.chart("Cells", len(lines), at - 1, at, name_of(swept))


def _sensitivity(out: SweepBook, swept: SweepResult) -> None:

    alone = swept.factor_effects()
    head: tuple[str, ...] = ("factor", "from", "to", "at from", "at base", "at to")
    if alone:
        rows = [
            (m.factor, m.low_value, m.high_value, m.at_low, m.at_base, m.at_high)
            + (m.difference, m.low, m.high)
            for m in alone
        ]
        units = [["", "", "", *[m.unit] * 6] for m in alone]
        out.sheet("One at a time", (*head, "difference", "low", "high"), rows, units)
    if found := swept.sobol_indices():
        head = ("factor", "alone", "low", "high", "with others", "low", "high")
        lines = [
            (s.factor, s.first, s.first_low, s.first_high, s.total, s.total_low, s.total_high)
            for s in found
        ]
        out.sheet("Sobol indices", head, lines)


def _inputs(swept: SweepResult) -> Iterator[tuple[str, object]]:
    from sim import __version__

    common = swept.settings
    yield "study", swept.name
    yield "scenario", common.study.scenario.name
    yield "fingerprint of the scenario", common.study.scenario.fingerprint
    yield "cells", len(swept.plan.cells)
    yield (
        "runs of each cell",
        ", ".join(str(r) for r in sorted({o.runs for o in swept.cell_results.values()})),
    )
    yield "seed", common.seed
    yield "engine", common.engine
    yield "version", __version__
    for path, axis in common.study.axis.items():
        yield f"axis {path}", ", ".join(str(v) for v in axis.points())
    for name, overlay in common.study.overlay.items():
        for label, fields in overlay.items():
            yield f"overlay {name}, {label}", ", ".join(f"{p}={v}" for p, v in fields.items())
    for path, bounds in (common.study.design.factor if common.study.design else {}).items():
        yield f"factor {path}", f"{bounds.low} to {bounds.high}"
