"""The result of a sweep: metrics of each cell, sensitivity, tables."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.result import Estimate
from sim.experiment.sweep.sensitivity import (
    FactorEffect,
    SobolIndices,
    factor_effects,
    sobol_indices,
)
from sim.extras import need
from sim.result_output import Output

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.sweep.design import Cell, SweepPlan
    from sim.experiment.sweep.fingerprint import SweepSettings
    from sim.experiment.sweep.study import Study
    from sim.experiment.sweep.study_fields import MetricPattern
    from sim.experiment.sweep.worker import CellResult, CellRow

DEFAULT_METRICS = ("offered", "service_level", "asa_s", "abandonment", "occupancy", "cost")
"""Metrics of the whole that are shown where a study names none."""


def displayed_metrics(cell_result: CellResult, study: Study) -> CellResult:
    """Return a cell with those metrics only that texts and pictures show."""

    def is_shown(row: CellRow) -> bool:
        if study.headline.holds(*row[:3]):
            return True
        if study.figures:
            return any(w.holds(*row[:3]) for w in study.figures)
        return row[0] == "total" and row[2] in DEFAULT_METRICS

    return replace(cell_result, rows=[row for row in cell_result.rows if is_shown(row)])


@dataclass(frozen=True, repr=False)
class SweepResult(Output):
    """The cells of a study, all simulated.

    Attributes
    ----------
    settings : SweepSettings
    plan : SweepPlan
    cell_results : dict of int to CellResult
        By the number of the cell; with the metrics that are shown.
    folder : Path
    fresh : int
        Number of cells simulated by this call.
    """

    settings: SweepSettings
    plan: SweepPlan
    cell_results: dict[int, CellResult] = field(repr=False)
    folder: Path
    fresh: int

    def __repr__(self) -> str:
        """Return the sweep in one line."""
        cells = f"axes={list(self.plan.axes)}, cells={len(self.cell_results)}"
        return f"SweepResult({self.name!r}, {cells}, folder={str(self.folder)!r})"

    @property
    def name(self) -> str:
        """Return the name of the study."""
        return self.settings.study.name

    @property
    def grid(self) -> list[Cell]:
        """Return the cells of the axes and of the design."""
        return [cell for cell in self.plan.cells if cell.role == "grid"]

    @property
    def headline(self) -> MetricPattern:
        """Return the metric that pictures show."""
        return self.settings.study.headline

    def rows(self, cell: int) -> list[CellRow]:
        """Return the metrics of a cell."""
        return self.cell_results[cell].rows

    def estimate(self, cell: int, scope: str, name: str, metric: str) -> Estimate | None:
        """Return one metric of a cell, None where the cell has none such."""
        for row in self.rows(cell):
            if (row[0], row[2]) == (scope, metric) and name in ("*", row[1]):
                return Estimate(*row[3:8])
        return None

    def headline_of(self, cell: int) -> Estimate | None:
        """Return the headline metric of a cell."""
        return self.estimate(cell, self.headline.scope, self.headline.name, self.headline.metric)

    def factor_effects(self) -> list[FactorEffect]:
        """Return what each factor does alone, the strongest first; empty where it was not asked."""
        return factor_effects(self.plan, self.cell_results, self.headline_of)

    def sobol_indices(self) -> list[SobolIndices]:
        """Return the Sobol indices, the highest total first; empty where they were not asked."""
        return sobol_indices(self.plan, self.headline_of, self.settings.seed)

    def formula(self, scope: str, name: str, metric: str) -> str:
        """Return formula and threshold of a service level in all cells, empty for other metrics."""
        if metric != "days_on_target" and not metric.startswith("service_level"):
            return ""
        rows = (row for one in self.cell_results.values() for row in one.rows)
        notes = (r[7] for r in rows if (r[0], r[2]) == (scope, metric) and name in ("*", r[1]))
        found = [note for note in dict.fromkeys(notes) if note]
        return " or ".join(found)

    def shown(self) -> list[tuple[str, str, str]]:
        """Return scope, name and metric of the metrics for a table, in their order."""
        wanted = self.settings.study.figures
        present = dict.fromkeys(row[:3] for one in self.cell_results.values() for row in one.rows)
        if wanted:
            return [key for w in wanted for key in present if w.holds(*key)]
        first = [key for key in present if self.headline.holds(*key)]
        rest = [
            key for m in DEFAULT_METRICS for key in present if key[0] == "total" and key[2] == m
        ]
        return [*(key for key in first if key not in rest), *rest]

    def table(self) -> pd.DataFrame:
        """Return every metric of every cell, as the file ``figures.parquet`` holds it."""
        need("table", "pandas")
        import pandas as pd

        from sim.experiment.sweep.result_tables import METRICS

        return pd.read_parquet(self.folder / METRICS)

    def document(self) -> dict[str, Any]:
        """Return what the command line writes as JSON: the cells with the metrics shown."""
        from sim import __version__

        return {
            "study": self.name,
            "scenario": self.settings.study.scenario.name,
            "seed": self.settings.seed,
            "engine": self.settings.engine,
            "version": __version__,
            "folder": str(self.folder),
            "axes": list(self.plan.axes),
            "headline": str(self.headline),
            "cells": [self._cell(cell) for cell in self.plan.cells],
            "sensitivity": {
                "one_at_a_time": [asdict(move) for move in self.factor_effects()],
                "sobol": [asdict(share) for share in self.sobol_indices()],
            },
        }

    def _cell(self, cell: Cell) -> dict[str, Any]:
        one, shown = self.cell_results[cell.number], set(self.shown())
        names = ("scope", "name", "metric", "value", "low", "high", "unit", "note")
        return {
            "cell": cell.number,
            "role": cell.role,
            "place": cell.place,
            "changes": cell.changes,
            "runs": one.runs,
            "notes": list(one.notes),
            "metrics": [dict(zip(names, row, strict=True)) for row in one.rows if row[:3] in shown],
        }

    def to_json(self) -> str:
        """Return the document as JSON text; metrics that are not known are null."""
        return json.dumps(self.document(), indent=1, allow_nan=False)
