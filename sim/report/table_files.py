"""Metrics and logs as files of columns: CSV and Parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.fileio import OutputError, escape_formula, replaced

if TYPE_CHECKING:
    from sim.log import Log


def write_rows(path: str | Path, rows: Iterable[dict[str, Any]], fields: Sequence[str]) -> None:
    """Write rows as CSV (UTF-8, comma, point); what is not known is left empty.

    Parameters
    ----------
    path : str or Path
    rows : iterable of dict
    fields : sequence of str
        Columns, in order.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    with replaced(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fields, extrasaction="ignore")
        writer.writeheader()
        writer.writerows({k: escape_formula(v) for k, v in row.items()} for row in rows)


def write_log(folder: str | Path, log: Log) -> list[Path]:
    """Write the tables of one replication as Parquet files into a folder.

    Parameters
    ----------
    folder : str or Path
        Created when its parent exists.
    log : Log

    Returns
    -------
    list of Path
        ``legs-0001.parquet``, ``states-0001.parquet``, ``issues-0001.parquet`` for
        replication 1. Names of queues, groups, outcomes and states stand in words.

    Raises
    ------
    OutputError
        When the folder cannot be made or written.
    """
    place = Path(folder)
    if not place.parent.is_dir():
        raise OutputError(f"{place}: there is no folder {place.parent}")
    if place.exists() and not place.is_dir():
        raise OutputError(f"{place}: is a file, a folder is needed")
    place.mkdir(exist_ok=True)
    written = []
    for name in ("legs", "states", "issues"):
        target = place / f"{name}-{log.replication:04d}.parquet"
        with replaced(target) as temporary:
            log.table(name).to_parquet(temporary, index=False)
        written.append(target)
    return written
