"""The metrics of one cell as a Parquet file with a checksum."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiment.sweep.worker import COLUMNS, CellResult
from sim.fileio import write_file

NUMBERS = ("value", "low", "high")
SCHEMA = pa.schema([(name, pa.float64() if name in NUMBERS else pa.string()) for name in COLUMNS])
KEY = b"ccplan"


def write(path: Path, cell_result: CellResult, sweep: str) -> None:
    """Write the part of a cell whole.

    Parameters
    ----------
    path : Path
    cell_result : CellResult
    sweep : str
        Fingerprint of the sweep that it belongs to.

    Raises
    ------
    OSError
        When it cannot be written, such as to a full disk.
    """
    head = {
        "cell": cell_result.number,
        "influence": cell_result.influence,
        "notes": list(cell_result.notes),
        "runs": cell_result.runs,
        "sweep": sweep,
        "version": cell_result.version,
    }
    head["sum"] = _sum(head, cell_result.rows)
    columns = [[row[k] for row in cell_result.rows] for k in range(len(COLUMNS))]
    table = pa.table(
        dict(zip(COLUMNS, columns, strict=True)),
        schema=SCHEMA.with_metadata({KEY: json.dumps(head).encode()}),
    )
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, sink.getvalue().to_pybytes(), to_disk=True)


def read(path: Path, cell: int, sweep: str) -> CellResult | None:
    """Return the part of a cell.

    Returns
    -------
    CellResult or None
        None when there is none, or it is of another cell or sweep, or not whole.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        table = pq.read_table(pa.BufferReader(content))
        head: dict[str, Any] = json.loads(table.schema.metadata[KEY])
        rows = list(zip(*(table.column(name).to_pylist() for name in COLUMNS), strict=True))
        whole = head.pop("sum") == _sum(head, rows)
        if not whole or (head["cell"], head["sweep"]) != (cell, sweep):
            return None
        notes = tuple(head["notes"])
        return CellResult(cell, head["runs"], rows, head["influence"], notes, head["version"])
    except (
        pa.ArrowException,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ):
        return None  # not the file of a cell


def _sum(head: dict[str, Any], rows: list[Any]) -> str:
    text = json.dumps([head, rows], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
