"""Tables of plain requirements: agents by interval, and by group where a column says it."""

from __future__ import annotations

import datetime as dt
import math
import re
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from sim import units
from sim.fileio import Table, TableError, dates, number, read_table, show_value
from sim.planning.shifts.shift_requirement import ShiftRequirement, repeats
from sim.scenario.calendar import Grid
from sim.units import BadInputError

COLUMNS = {
    "interval": ("interval", "interval start", "interval_start", "start", "time", "hour", "period"),
    "agents": ("agents", "required", "required agents", "requirement", "staff", "headcount"),
    "group": ("group", "team", "skill"),
    "date": ("date", "day"),
}
"""Titles of the columns by meaning, the first is the one that documentation names."""
MOST_AGENTS = 100_000
MOST_DAYS = 366
ONLY_GROUP = "agents"
"""Name of the group of a table without a column for it."""
_TO_END = re.compile(r"\s*[-–]\s*\d{1,2}:\d{2}(:\d{2})?\s*$")
_MONDAY = dt.date(2026, 1, 5)


def is_requirement(table: Table) -> bool:
    """Tell whether a table has agents by interval and no volumes."""
    titles = {title.strip().lower() for title in table.header}
    volumes = {"offered", "volume", "calls", "contacts", "contacts offered"}
    return not titles & volumes and any(word in titles for word in COLUMNS["agents"])


def read_requirement(
    path: str | Path,
    *,
    interval: float | str | None = None,
    is_cyclic: bool | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
) -> ShiftRequirement:
    """Read a table with the columns ``interval`` and ``agents``.

    Parameters
    ----------
    path : str or Path
        CSV or XLSX. ``interval`` is a time of day, a date with a time, or a number that counts the
        intervals of a day or week; further columns may be ``group`` and ``date``.
    interval : float or str, optional
        Length of an interval (s or text); found from the rows unless given.
    is_cyclic : bool, optional
        Whether the end is followed by the beginning; by default when agents are required on both
        sides of midnight, on one day or whole weeks.
    sheet, header_row : optional
        As for :func:`sim.fileio.read_table`.

    Returns
    -------
    ShiftRequirement

    Raises
    ------
    TableError
        Naming the row and column that cannot be used, and what is allowed.
    """
    table = read_table(path, sheet, header_row)
    rows = _rows(table)
    moments, is_dated = _moments(table, rows, interval)
    length = _interval(table, moments, interval)
    first = min(moments) // units.DAY
    days = int(max(moments) // units.DAY - first) + 1
    if days > MOST_DAYS:
        _refuse(table, f"covers {days:,} days; allowed: at most {MOST_DAYS}")
    parts = math.ceil(length / units.HOUR)  # plans have intervals of an hour at most
    grid = Grid(_MONDAY + dt.timedelta(days=int(first)), days, units.DAY, length / parts)
    agents = _filled(table, rows, [one - first * units.DAY for one in moments], grid, parts)
    cyclic = repeats(grid, agents) if is_cyclic is None else is_cyclic
    return ShiftRequirement(
        grid, agents, cyclic, is_dated, dict.fromkeys(agents), dict.fromkeys(agents, 1.0),
        f"the table {table.name}",
    )  # fmt: skip


class _Row:
    """A row of the table: its number, and its cells by meaning."""

    def __init__(self, number_: int, cells: dict[str, Any], agents: float, group: str) -> None:
        self.number, self.cells, self.agents, self.group = number_, cells, agents, group


def _refuse(table: Table, message: str, row: int | None = None, column: str = "") -> NoReturn:
    raise TableError(table.name, message, row, column)


def _columns(table: Table) -> dict[str, int]:
    found = {}
    for meaning, titles in COLUMNS.items():
        places = (table.find(title) for title in titles)
        place = next((one for one in places if one is not None), None)
        if place is not None:
            found[meaning] = place
        elif meaning in ("interval", "agents"):
            table.column(meaning)  # says which columns there are
    return found


def _rows(table: Table) -> list[_Row]:
    columns = _columns(table)
    rows = []
    for line, cells in table.rows:
        by_meaning = {
            meaning: cells[place] if place < len(cells) else None
            for meaning, place in columns.items()
        }
        title = table.header[columns["agents"]]
        agents = _agents(table, line, title, by_meaning["agents"])
        group = str(by_meaning.get("group") or ONLY_GROUP).strip() or ONLY_GROUP
        rows.append(_Row(line, by_meaning, agents, group))
    return rows


def _agents(table: Table, line: int, title: str, cell: Any) -> float:
    allowed = f"allowed: a number of agents from 0 to {MOST_AGENTS:,}"
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        _refuse(table, f"is empty; {allowed}", line, title)
    try:
        found = number(cell, table.numbers)
    except BadInputError as error:
        hint = "" if "allowed" in str(error) else f"; {allowed}"
        _refuse(table, f"{error}{hint}", line, title)
    if not 0 <= found <= MOST_AGENTS:
        _refuse(table, f"{show_value(cell)} is out of bounds; {allowed}", line, title)
    return found


def _moments(
    table: Table, rows: list[_Row], interval: float | str | None
) -> tuple[list[float], bool]:
    """Return the start of each row's interval in seconds, and whether the rows have dates."""
    counted = [_counted(row.cells["interval"]) for row in rows]
    groups: dict[str, list[int]] = {}
    for row, place in zip(rows, counted, strict=True):
        if place is not None:
            groups.setdefault(row.group, []).append(place)
    if "date" not in rows[0].cells and all(place is not None for place in counted):
        return _of_numbers(table, [place or 0 for place in counted], groups, interval)
    order = dates.order_of(row.cells.get("date", row.cells["interval"]) for row in rows)
    found = [_moment(table, row, order) for row in rows]
    dated = [day is not None for day, _ in found]
    if any(dated) and not all(dated):
        row = rows[dated.index(False)]
        _refuse(table, "has no date, as other rows have; allowed: dates in all rows", row.number)
    return [
        (0 if day is None else (day - _MONDAY).days) * units.DAY + second for day, second in found
    ], all(dated)


def _counted(cell: Any) -> int | None:
    """Return the number of an interval from a cell that holds a small whole number."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, str):
        return int(cell) if re.fullmatch(r"\s*\d{1,4}\s*", cell) else None
    return int(cell) if isinstance(cell, int | float) and 0 <= cell == int(cell) else None


def _of_numbers(
    table: Table,
    places: list[int],
    groups: dict[str, list[int]],
    interval: float | str | None,
) -> tuple[list[float], bool]:
    """Return starts of intervals that are counted from 0 or from 1."""
    first, count = min(places), max(places) - min(places) + 1
    for group, own in groups.items():
        missing = sorted(set(range(min(own), max(own) + 1)) - set(own))
        if missing:
            of_group = f" of group {group!r}" if len(groups) > 1 else ""
            _refuse(table, f"interval {missing[0]}{of_group} is missing; allowed: one row for each")
    if first > 1:
        _refuse(table, f"the intervals are counted from {first}; allowed: from 0 or 1")
    if interval is not None:
        length = units.duration(interval)
    elif count % 168 == 0 or count in (24, 48, 96, 144, 288):
        length = units.WEEK / count if count % 168 == 0 else units.DAY / count
    else:
        message = f"{count} numbered intervals do not say how long they are"
        _refuse(table, f"{message}; allowed: times such as 08:00, or --interval 30min")
    return [(place - first) * length for place in places], False


def _moment(table: Table, row: _Row, order: str) -> tuple[dt.date | None, float]:
    cell = row.cells["interval"]
    if isinstance(cell, str):
        cell = _TO_END.sub("", cell) if ":" in cell[:6] else cell
    try:
        day, second, _ = dates.moment(cell, order)
        if "date" in row.cells:
            day = dates.date(row.cells["date"], order)
    except BadInputError as error:
        _refuse(table, str(error), row.number, "interval")
    return day, second


def _interval(table: Table, moments: list[float], interval: float | str | None) -> float:
    """Return the length of an interval: that between the two nearest starts, unless given."""
    distinct = sorted(set(moments))
    if interval is not None:
        length = units.duration(interval)
    elif len(distinct) == 1:
        _refuse(table, "has a single interval, which does not say its length; allowed: --interval")
    else:
        length = min(b - a for a, b in zip(distinct, distinct[1:], strict=False))
    shown = units.show_duration(length)
    if not 300 <= length <= units.DAY or units.DAY % length:
        message = f"intervals of {shown} are not allowed"
        _refuse(table, f"{message}; allowed: 5min to 24h, so that a day has a whole number of them")
    for each in distinct:
        if each % length:
            clock = units.show_clock(each % units.DAY)
            _refuse(table, f"{clock} is not the start of an interval of {shown}")
    return length


def _filled(
    table: Table, rows: list[_Row], moments: list[float], grid: Grid, parts: int
) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
    """Return agents by group and interval; refuse double rows and gaps within a day.

    The interval of a row is divided into so many parts.
    """
    agents: dict[str, Any] = {}
    for row, moment in zip(rows, moments, strict=True):
        values = agents.setdefault(row.group, np.full(grid.intervals, np.nan))
        k = round(moment / grid.interval_s)
        if not np.isnan(values[k]):
            _refuse(table, f"a second row for {grid.label(k)}; allowed: one", row.number)
        values[k : k + parts] = row.agents
    for group, values in agents.items():
        for day in range(grid.days):
            own = values[day * grid.per_day : (day + 1) * grid.per_day]
            there = np.flatnonzero(~np.isnan(own))
            gaps = np.diff(there) > 1
            if gaps.any():
                label = grid.label(day * grid.per_day + int(there[gaps.argmax()]) + 1)
                of_group = f" of group {group!r}" if len(agents) > 1 else ""
                message = f"there is no row for {label}{of_group}, although there are later ones"
                _refuse(table, f"{message}; allowed: a row for each interval, with 0 for no agents")
        agents[group] = np.nan_to_num(values)
    if not any(values.any() for values in agents.values()):
        _refuse(table, "requires no agents at all; allowed: at least one above 0", None, "agents")
    return agents
