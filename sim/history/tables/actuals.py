"""What a table records: contacts by queue and interval, read strictly, local to the center."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim import units
from sim.cancellation import end_if_cancelled
from sim.fileio import Numbers, dates, duration
from sim.history.tables import time_zones
from sim.history.tables.column_mapping import (
    apart_of,
    guess,
    if_of_contacts,
    settled,
)
from sim.history.tables.export_columns import export_columns
from sim.history.tables.interval_checks import (
    check_clock,
    check_doubled,
    check_handle_times,
    more_answered,
)
from sim.history.tables.interval_reader import Entry, amount, refuse
from sim.history.tables.personal_data import check_names
from sim.history.tables.share_cells import SHARES, columns_in_percent, share_of_cell
from sim.history.tables.total_rows import LEFT_OUT, is_row_of_totals
from sim.scenario import Problem
from sim.units import BadInputError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from sim.fileio import Table

NEEDED = ("start", "offered")
Reading = Callable[[Any, Numbers], Any]
"""Reads a cell, by how the table writes numbers."""
MAX_REPORTED = 8
"""Rows of one kind that a note names."""
ROWS_AT_A_TIME = 1000
"""Rows that are read before a look whether the work was cancelled."""


@dataclass(frozen=True)
class Actuals:
    """A table as recorded intervals.

    Attributes
    ----------
    name : str
        Of the file.
    entries : tuple of Entry
    step : float
        Length of an interval (s).
    fields : frozenset of str
        Meanings that have a column.
    notes : tuple of str
        What was assumed, and what daylight saving did.
    """

    name: str
    entries: tuple[Entry, ...]
    step: float
    fields: frozenset[str]
    notes: tuple[str, ...] = ()


@dataclass
class _Reader:
    """What reading the rows of one table needs, and what it found to complain of."""

    raw: Table
    places: dict[str, int]
    order: str
    percent: dict[str, bool]
    here: ZoneInfo | None
    there: ZoneInfo | None
    allow_empty: bool = False
    needs_handle_time: bool = False
    more: Mapping[str, Reading] = field(default_factory=dict)
    apart: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    known: dict[tuple[str, Any], Any] = field(default_factory=dict)
    """What cells that were seen before mean, by meaning and cell: columns repeat themselves."""
    flags: dict[str, list[int]] = field(default_factory=dict)

    def cell(self, cells: list[Any], key: str) -> Any:
        at = self.places.get(key)
        value = cells[at] if at is not None and at < len(cells) else None
        return (value.strip() or None) if isinstance(value, str) else value

    def value(self, row: int, key: str, read: Callable[[], Any]) -> Any:
        """Return what a reader gives, or None after noting what is wrong with the cell."""
        try:
            return read()
        except BadInputError as error:
            title = self.raw.header[self.places[key]]
            self.problems.append(Problem(title, str(error), file=self.raw.name, line=row))
            return None

    def read(self, row: int, key: str, cell: Any, read: Callable[[Any], Any]) -> Any:
        """Return what a cell means, as :meth:`value` does; read once where it repeats."""
        if not isinstance(cell, str):
            return self.value(row, key, lambda: read(cell))
        if (key, cell) not in self.known:
            found = self.value(row, key, lambda: read(cell))
            if found is None:
                return None
            self.known[key, cell] = found
        return self.known[key, cell]

    def flag(self, what: str, row: int) -> None:
        self.flags.setdefault(what, []).append(row)


def read_actuals(
    raw: Table,
    mapping: Mapping[str, str] | None = None,
    *,
    zone: str | None = None,
    center_zone: str | None = None,
    order: str = "guess",
    allow_empty: bool = False,
    needs_handle_time: bool = False,
    more: Mapping[str, Reading] | None = None,
    known_queues: Collection[str] = (),
) -> Actuals:
    """Read recorded intervals from a table.

    Parameters
    ----------
    raw : Table
    mapping : mapping of str to str, optional
        Title of the column by meaning (:data:`sim.history.tables.column_mapping.MEANINGS`); guessed
        where it is missing.
    zone : str, optional
        Time zone of the table, such as "UTC"; that of the center unless given.
    center_zone : str, optional
        Time zone of the center.
    order : str
        How dates are written, one of :data:`sim.fileio.dates.ORDERS`.
    allow_empty : bool
        Take an interval without a number of contacts as unknown (NaN) instead of refusing it.
    needs_handle_time : bool
        Refuse rows with contacts but no handle time.
    more : mapping of str to callable, optional
        Further meanings that the mapping may have, and what reads their cells.
    known_queues : collection of str
        Names that are queues even where they look like telephone numbers.

    Raises
    ------
    ScenarioError
        With every cell that cannot be read: file, row, column, value and what is allowed.
    BadInputError
        When there is no such zone or order.
    """
    said = guess(raw) if mapping is None else mapping
    put = export_columns(raw, said)
    raw, columns = put.table, put.columns
    further = dict(more or {})
    places = settled(raw, {k: v for k, v in columns.items() if k not in further}, NEEDED)
    places |= {key: raw.column(title) for key, title in columns.items() if key in further}
    reader = _Reader(
        raw, places, _order(raw, places, order), columns_in_percent(raw, places),
        time_zones.zone(center_zone) if center_zone else None,
        time_zones.zone(zone) if zone else None, allow_empty,
        needs_handle_time, further, apart_of(raw, columns),
    )  # fmt: skip
    rows = (_entry(reader, row, cells) for row, cells in raw.rows)
    plain = tuple(entry for entry in rows if entry is not None)
    refuse(reader.problems)
    if not plain:
        refuse([Problem("", "has no rows with contacts", file=raw.name)])
    for key in ("queue", "channel"):
        if key in places:
            rows_of = Counter(str(getattr(entry, key)) for entry in plain)
            known = known_queues if key == "queue" else ()
            check_names(raw.name, raw.header[places[key]], key, rows_of, known)
    title = raw.header[places["start"]]
    if reader.there is None:
        check_clock(raw, title, plain)
    twice = {row for what, rows in reader.flags.items() if "twice" in what for row in rows}
    check_doubled(raw, title, plain, twice, {*said.values(), *columns.values()})
    check_handle_times(raw, columns, plain)
    notes = put.notes + tuple(f"{what}: {_rows(rows)}" for what, rows in reader.flags.items())
    notes += more_answered(plain)
    notes += time_zones.set_forward({entry.day for entry in plain if entry.day}, reader.here)
    return Actuals(raw.name, plain, _step(reader, plain), frozenset(places), notes)


def _order(raw: Table, places: dict[str, int], order: str) -> str:
    if order not in dates.ORDERS:
        raise BadInputError(f"dates: {order!r} is unknown; allowed: {', '.join(dates.ORDERS)}")
    if order != "guess":
        return order
    at = places.get("date", places["start"])
    return dates.order_of(cells[at] for _, cells in raw.rows if at < len(cells))


def _entry(reader: _Reader, row: int, cells: list[Any]) -> Entry | None:
    """Return one row, or None when it has neither start nor contacts, or only totals."""
    if not row % ROWS_AT_A_TIME:
        end_if_cancelled()
    start = reader.cell(cells, "start")
    if start is None and reader.cell(cells, "offered") is None:
        return None
    if is_row_of_totals(cells) and (start is None or is_row_of_totals([start])):
        reader.flag(LEFT_OUT, row)
        return None
    if start is None:
        reader.value(row, "start", _empty)
        return None
    found = reader.read(row, "start", start, lambda cell: dates.moment(cell, reader.order))
    numbers = _numbers(reader, row, cells)
    if found is None or numbers is None:
        return None
    day, second, there = found
    if (written := reader.cell(cells, "date")) is not None:
        day = reader.read(row, "date", written, lambda cell: dates.date(cell, reader.order))
    if day is not None:
        day, second = _local(reader, row, day, second, there)
    queue = str(reader.cell(cells, "queue") or "")
    channel = str(reader.cell(cells, "channel") or "").lower()
    apart = tuple(str(cells[at]) for at in reader.apart if at < len(cells))
    texts = {key: value for key, value in numbers.items() if isinstance(value, str)}
    for key in texts:
        del numbers[key]
    return Entry(row, day, second, queue, channel, numbers, apart, texts)


def _numbers(reader: _Reader, row: int, cells: list[Any]) -> dict[str, Any] | None:
    written, before = reader.raw.numbers, len(reader.problems)
    numbers: dict[str, Any] = {}
    for key in reader.places:
        if key in ("start", "date", "queue", "channel"):
            continue
        value = reader.cell(cells, key)
        if value is None and key == "offered" and not reader.allow_empty:
            reader.value(row, key, _empty)
            continue
        read = reader.more.get(key) or _reader_of(key, reader.percent.get(key, False))
        number = math.nan
        if value is not None:
            number = reader.read(row, key, value, lambda cell, read=read: read(cell, written))  # type: ignore[misc]
        numbers[key] = number
    if len(reader.problems) == before:
        _require_handle_time(reader, row, numbers)
    return numbers if len(reader.problems) == before else None


def _require_handle_time(reader: _Reader, row: int, numbers: dict[str, Any]) -> None:
    known = any(not math.isnan(numbers.get(key, math.nan)) for key in ("aht", "total"))
    if reader.needs_handle_time and not known and numbers.get("offered", 0) > 0:
        reader.value(row, "aht" if "aht" in reader.places else "total", _empty)


def _empty() -> None:
    raise BadInputError("is empty; a value is needed")


def _reader_of(key: str, percent: bool) -> Reading:
    if key in SHARES:
        return lambda value, written: share_of_cell(value, percent, written)
    return duration if key in ("asa", "aht", "total") else amount


def _local(
    reader: _Reader, row: int, day: dt.date, second: float, there: dt.tzinfo | None
) -> tuple[dt.date, float]:
    """Return date and second by the clock of the center; flag what daylight saving does."""
    local = dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=second)
    there = reader.there or there
    if there is not None and reader.here is None:
        if reader.there is not None:
            reader.flag(
                "the scenario has no time_zone, so times are taken as the scenario's local time",
                row,
            )
        else:
            reader.flag(
                "times with Z or an offset stay as they are written, without the time zone of the "
                "center (--center-zone, or center.time_zone of a scenario)",
                row,
            )
        return day, second
    if there is not None and reader.here is not None:
        if reader.there is reader.here or str(there) == str(reader.here):
            there = None
        else:
            local = local.replace(tzinfo=there).astimezone(reader.here).replace(tzinfo=None)
    if there is None and reader.here is not None and time_zones.is_missing(local, reader.here):
        reader.flag(
            f"the clock of {reader.here} jumps over this hour (set forward), yet it has rows; "
            "they are counted where they are written", row,
        )  # fmt: skip
    if reader.here is not None and time_zones.is_doubled(local, reader.here):
        reader.flag(
            f"the clock of {reader.here} shows this hour twice (set back); both are added up", row
        )
    midnight = dt.datetime.combine(local.date(), dt.time())
    return local.date(), (local - midnight).total_seconds()


def _step(reader: _Reader, entries: tuple[Entry, ...]) -> float:
    """Return the length of an interval: the longest that all rows begin, at most an hour.

    Of rows that all begin at one time of day it is half an hour.
    """
    instants = {round(entry.second) for entry in entries}
    step = math.gcd(int(units.HOUR if len(instants) > 1 else units.HOUR / 2), *instants)
    if step < 5 * units.MINUTE:
        odd = next((e for e in entries if e.second % (5 * units.MINUTE)), entries[0])
        message = (
            f"begins at {units.show_clock(odd.second)}, not a multiple of 5 min; allowed: "
            "intervals of 5 to 60 min that begin at multiples of their length"
            f"{if_of_contacts(reader.raw)}"
        )
        title = reader.raw.header[reader.places["start"]]
        refuse([Problem(title, message, file=reader.raw.name, line=odd.row)])
    return float(step)


def _rows(rows: list[int]) -> str:
    shown = ", ".join(str(row) for row in rows[:MAX_REPORTED])
    more = len(rows) - MAX_REPORTED
    return f"row{'s' * (len(rows) > 1)} {shown}" + (f" and {more} more" if more > 0 else "")
