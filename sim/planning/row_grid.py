"""The intervals that rows of a file lie on, and the opening hours they tell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from sim import units
from sim.history.tables.interval_reader import IntervalRow, refuse
from sim.scenario import Problem

_LENGTHS = "5 to 60 min, dividing an hour"


@dataclass
class RowGrid:
    """Whole days from the midnight before the first row, in intervals of ``step`` seconds."""

    first: dt.datetime
    step: float
    count: int

    @property
    def per_day(self) -> int:
        """Return the number of intervals of a day."""
        return round(units.DAY / self.step)

    def of(self, start: dt.datetime) -> int:
        """Return the interval in which an instant lies."""
        return int((start - self.first).total_seconds() // self.step)


def row_grid(lines: list[IntervalRow], interval: float | str | None, file: str) -> RowGrid:
    """Return the intervals on which rows lie.

    Parameters
    ----------
    lines : list of IntervalRow
    interval : float or str, optional
        Length of an interval; the shortest distance of two rows unless given.
    file : str
        Name in messages.

    Raises
    ------
    ScenarioError
        When rows start no interval, or span more than 366 days.
    """
    first = min(line.start for line in lines)
    midnight = dt.datetime.combine(first.date(), dt.time())
    instants = sorted({(line.start - midnight).total_seconds() for line in lines})
    gaps = np.diff(instants)
    step = float(gaps.min()) if len(gaps) else 1800.0
    step = min(step, units.HOUR) if interval is None else units.duration(interval)
    if not 300 <= step <= units.HOUR or units.HOUR % step:
        shown = units.show_duration(step)
        refuse([Problem("interval_start", f"rows {shown} apart; allowed: {_LENGTHS}", file=file)])
    off = [line for line in lines if (line.start - midnight).total_seconds() % step]
    shown = units.show_duration(step)
    refuse(
        [
            Problem(
                "interval_start",
                f"{line.start.isoformat(sep=' ')} starts no interval of {shown}",
                file=file,
                line=line.row,
            )
            for line in off
        ]
    )
    days = int(instants[-1] // units.DAY) + 1
    if days > 366:
        refuse([Problem("interval_start", f"spans {days} days; allowed: at most 366", file=file)])
    return RowGrid(midnight, step, days * round(units.DAY / step))


def inside(lines: list[IntervalRow], grid: RowGrid) -> list[int]:
    """Return the intervals from the first to the last row of each day."""
    per_day = grid.per_day
    days: dict[int, list[int]] = {}
    for line in lines:
        at = grid.of(line.start)
        days.setdefault(at // per_day, []).append(at)
    return [i for day in sorted(days) for i in range(min(days[day]), max(days[day]) + 1)]


def opening(lines: list[IntervalRow], grid: RowGrid) -> dict[str, str]:
    """Return opening hours by date, from the first to the last row of each day."""
    per_day = grid.per_day
    days: dict[int, list[int]] = {}
    for i in inside(lines, grid):
        days.setdefault(i // per_day, []).append(i % per_day)
    result = {}
    for day, own in days.items():
        date = (grid.first + dt.timedelta(days=day)).date().isoformat()
        ends = units.show_clock(min(own) * grid.step), units.show_clock((max(own) + 1) * grid.step)
        result[date] = "-".join(ends)
    return result
