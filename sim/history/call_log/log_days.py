"""The days of a call log, without reading the rest of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from sim.fileio.dates import order_named
from sim.history.call_log.column_meanings import choose_columns
from sim.history.call_log.log_cells import LogReader
from sim.history.call_log.log_table import read_log_table
from sim.history.tables import time_zones
from sim.scenario import ScenarioError
from sim.units import DAY

TIMES = ("offered", "queue_entry", "answer")
"""Meanings that say when a contact was, the first that the file has."""


def log_days(
    path: str | Path,
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    dates: str | None = None,
    sheet: str | None = None,
) -> tuple[dt.date, ...]:
    """Return the days on which a log has records, ascending.

    Parameters are those of :func:`sim.history.call_log.read_call_log`.

    Raises
    ------
    ScenarioError, TableError
        With file, row, column, value and what is allowed.
    BadInputError
        When there is no such zone.
    """
    table = read_log_table(path, sheet=sheet)
    chosen = choose_columns(table.name, table.titles, columns or {}, {}, needs_talk=False)
    here = time_zones.zone(zone) if zone else None
    reader = LogReader(table, chosen, here, order=order_named(dates))
    meaning = next(one for one in TIMES if reader.has(one))
    instants = reader.instants(meaning, reader.days())
    if reader.problems:
        raise ScenarioError(reader.problems)
    days = np.unique(instants[np.isfinite(instants)] // DAY).astype(int)
    return tuple(dt.date(1970, 1, 1) + dt.timedelta(days=int(day)) for day in days)
