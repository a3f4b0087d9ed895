"""The tables of a finished sweep, built from the files of its cells in the order of the cells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiment.sweep.cell_files import NUMBERS
from sim.experiment.sweep.worker import COLUMNS, CellResult
from sim.fileio import replaced

if TYPE_CHECKING:
    from sim.experiment.sweep.design import Cell, SweepPlan

METRICS = "figures.parquet"
CELLS = "cells.parquet"
ROWS = 100_000
"""Rows of a table that are held in memory at a time, at least."""


def write_metrics(path: Path, plan: SweepPlan, cells: Iterable[CellResult]) -> None:
    """Write every metric of every cell: the cell, its place, scope, name, metric, interval.

    Parameters
    ----------
    path : Path
    plan : SweepPlan
    cells : iterable of CellResult
        In the order of the plan.
    """
    schema = pa.schema(
        [("cell", pa.int64()), ("role", pa.string())]
        + [(axis, pa.string()) for axis in _axis_columns(plan)]
        + [(name, pa.float64() if name in NUMBERS else pa.string()) for name in COLUMNS]
    )
    with (
        replaced(path, to_disk=True) as temporary,
        pq.ParquetWriter(temporary, schema, compression="zstd") as writer,
    ):
        for rows in _row_batches(plan, cells):
            columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * len(schema)
            arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema), len(rows) or None)


def _axis_columns(plan: SweepPlan) -> list[str]:
    """Return the columns that say where a cell lies; what has a name of ours gets a mark."""
    ours = {"cell", "role", *COLUMNS}
    named = [b.name or path for path, b in plan.factors.items()]
    found = dict.fromkeys([*plan.axes, *named])
    return [f"axis {axis}" if axis in ours else axis for axis in found]


def _row_batches(plan: SweepPlan, cells: Iterable[CellResult]) -> Iterator[list[tuple[Any, ...]]]:
    named = [b.name or path for path, b in plan.factors.items()]
    axes = list(dict.fromkeys([*plan.axes, *named]))
    rows: list[tuple[Any, ...]] = []
    for cell, cell_result in zip(plan.cells, cells, strict=True):
        where = (cell.number, cell.role, *(cell.place.get(axis) for axis in axes))
        rows += [(*where, *row) for row in cell_result.rows]
        if len(rows) >= ROWS:
            yield rows
            rows = []
    yield rows


def write_cells(path: Path, plan: SweepPlan, cell_results: Mapping[int, CellResult]) -> None:
    """Write one row for each cell: what it changes, its runs, what was noted."""
    cells = [_cell_row(cell, cell_results[cell.number]) for cell in plan.cells]
    schema = pa.schema(
        [
            ("cell", pa.int64()),
            ("role", pa.string()),
            ("changes", pa.string()),
            ("runs", pa.int64()),
            ("notes", pa.string()),
        ]
    )
    with replaced(path, to_disk=True) as temporary:
        pq.write_table(pa.Table.from_pylist(cells, schema=schema), temporary, compression="zstd")


def _cell_row(cell: Cell, cell_result: CellResult) -> dict[str, Any]:
    return {
        "cell": cell.number,
        "role": cell.role,
        "changes": json.dumps(cell.changes),
        "runs": cell_result.runs,
        "notes": "; ".join(cell_result.notes),
    }
