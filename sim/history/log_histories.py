"""The history of every queue of a call log: its contacts counted by interval."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import units
from sim.history.call_log import read_call_log
from sim.history.call_log.sorted_log import DAY_STEPS
from sim.history.table_histories import TableHistories, table_histories
from sim.history.tables.actuals import Actuals
from sim.history.tables.interval_reader import Entry
from sim.units import DAY, BadInputError, counted

if TYPE_CHECKING:
    from sim.array_types import Bools, Floats
    from sim.history.calibration.column_file import LogColumns
    from sim.history.call_log import CallLog, Cleaning, ReadLog

INTERVAL = 30 * units.MINUTE
"""Length of an interval by which contacts are counted unless another is asked for (s)."""
LENGTHS = (5, 10, 15, 20, 30, 60)
"""Minutes that an interval may have."""
CALL_LOG = "call log"
"""What the history of a call log is an export of."""
FIELDS = frozenset({"start", "queue", "channel", "offered", "answered", "abandoned", "aht"})


def log_histories(
    path: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    saved: LogColumns | None = None,
    zone: str | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
    not_outcome: Sequence[str] | None = None,
    order: str | None = None,
    sheet: str | None = None,
    opening: object = None,
    interval: float | str | None = None,
    named_days: Mapping[dt.date, str] | None = None,
) -> TableHistories:
    """Read a call log and count its contacts by queue and interval.

    Parameters
    ----------
    path : str or Path
        CSV (also packed by gzip), parquet or XLSX with one row per contact.
    columns : mapping of str to str, optional
        Title of the column by meaning (:data:`sim.history.call_log.LOG_MEANINGS`).
    saved : LogColumns, optional
        What a calibration has kept of columns, time zone and outcomes, used where nothing is said.
    zone : str, optional
        Time zone of the center.
    first, last : date, optional
        Days outside are left out.
    not_outcome : sequence of str, optional
        Records with one of these outcomes are left out.
    order, sheet, opening, named_days
        As for :func:`sim.history.table_histories.read_histories`.
    interval : float or str, optional
        Length of an interval (s or text); half an hour unless given.

    Returns
    -------
    TableHistories

    Raises
    ------
    ScenarioError, TableError, BadInputError
        As :func:`sim.history.call_log.read_call_log`, or when the log has too few days.
    """
    length = _length(interval)
    if zone is None and saved is not None:
        zone = saved.zone_of_log(None)
    read = read_call_log(
        path, columns, saved_columns=None if saved is None else saved.columns,
        zone=zone, first=first, last=last, not_outcome=not_outcome or (),
        saved_not_outcome=saved.not_outcome if saved is not None and not_outcome is None else (),
        needs_talk=False, dates=order or (None if saved is None else saved.dates), sheet=sheet,
    )  # fmt: skip
    return table_histories(
        counted_by_interval(read.log, length, str(path)),
        CALL_LOG,
        center_zone=zone,
        opening=opening,
        named_days=named_days,
        notes=_notes(read, length),
        has_all_contacts=True,
    )


def counted_by_interval(log: CallLog, length: float = INTERVAL, name: str = "") -> Actuals:
    """Return the contacts of a call log by queue and interval, where there are some.

    Every contact counts as offered in the interval in which it asked for an agent, whether it was
    answered, abandoned or blocked, and a retrial is one more. The handle time is the mean of talk
    and wrap-up of the answered contacts whose talk is known.

    Parameters
    ----------
    log : CallLog
    length : float
        Of an interval (s); a day has a whole number of them.
    name : str
        Of the file.
    """
    channels = log.channels or ("",) * len(log.queues)
    entries = [
        entry
        for at, (queue, channel) in enumerate(zip(log.queues, channels, strict=True))
        for entry in _entries(log, np.asarray(log.queue == at), queue, channel, length)
    ]
    return Actuals(name, tuple(entries), length, FIELDS)


def _entries(log: CallLog, mine: Bools, queue: str, channel: str, length: float) -> Iterator[Entry]:
    per_day = round(DAY / length)
    at = log.day * per_day + np.minimum(log.offered // length, per_day - 1).astype(np.int64)

    def sums(rows: Bools, weight: Floats | None = None) -> Floats:
        values = None if weight is None else weight[rows]
        return np.bincount(at[rows], values, log.days * per_day).astype(np.float64)

    answered = mine & log.answered
    known = answered & np.isfinite(log.talk)
    work = log.talk if log.wrap is None else log.talk + np.nan_to_num(log.wrap)
    offered, handled = sums(mine), sums(known)
    numbers = {
        "offered": offered,
        "answered": sums(answered),
        "abandoned": sums(mine & log.abandoned),
        "aht": np.divide(sums(known, work), handled, np.full_like(handled, math.nan),
                         where=handled > 0),
    }  # fmt: skip
    for k in np.flatnonzero(offered).tolist():
        day, interval = divmod(k, per_day)
        row: dict[str, Any] = {key: float(values[k]) for key, values in numbers.items()}
        yield Entry(k + 1, log.date(day), interval * length, queue, channel, row)


def _length(interval: float | str | None) -> float:
    """Return the length of an interval (s)."""
    if interval is None:
        return INTERVAL
    length = units.duration(interval)
    if length / units.MINUTE not in LENGTHS:
        raise BadInputError(
            f"interval: {units.show_duration(length)}; allowed for a call log: "
            f"{', '.join(map(str, LENGTHS[:-1]))} or {LENGTHS[-1]} min"
        )
    return length


def _notes(read: ReadLog, length: float) -> list[str]:
    """Return what was counted, left out and assumed."""
    log = read.log
    days = np.unique(log.day).size
    blocked = len(log) - int(log.answered.sum()) - int(log.abandoned.sum())
    among = f", {counted(blocked, 'blocked one')} among them" if blocked else ""
    notes = [
        f"read as a call log: {counted(len(log), 'contact')} of {counted(days, 'day')}{among}, "
        f"counted as offered in intervals of {length / units.MINUTE:g} min; retrials count "
        "as further contacts"
    ]
    if log.wrap is None and np.isfinite(log.talk).any():
        notes.append(
            "handle times are talk alone: no column has wrap-up (--column wrap=TITLE), and "
            "staffing needs what agents do after a contact as well"
        )
    return [*notes, *_left_out(read.cleaning), *read.cleaning.notes]


def _left_out(cleaning: Cleaning) -> Iterator[str]:
    """Yield what reading has done with records; odd days are found in the history itself."""
    for step in cleaning.steps:
        if step.count and step.name not in DAY_STEPS:
            yield f"{step.name}: {counted(step.count, 'record')}, {step.action}"
