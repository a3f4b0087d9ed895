"""A part: the figures of one cell as a Parquet file that knows whether it is whole."""

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


def write(path: Path, lived: CellResult, sweep: str) -> None:
    """Write the part of a cell whole.

    Parameters
    ----------
    path : Path
    lived : CellResult
    sweep : str
        Fingerprint of the sweep that it belongs to.

    Raises
    ------
    OSError
        When it cannot be written, such as to a full disk.
    """
    head = {
        "cell": lived.number,
        "influence": lived.influence,
        "notes": list(lived.notes),
        "runs": lived.runs,
        "sweep": sweep,
        "version": lived.version,
    }
    head["sum"] = _sum(head, lived.rows)
    columns = [[row[k] for row in lived.rows] for k in range(len(COLUMNS))]
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
        return None  # whatever stands there, it is no part


def _sum(head: dict[str, Any], rows: list[Any]) -> str:
    text = json.dumps([head, rows], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
