"""Contacts and handle times of a table on the intervals of the days that it covers."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim import units
from sim.fileio.csv_text import csv_of
from sim.history.tables.interval_reader import refuse
from sim.numerals import write_number
from sim.scenario import Problem
from sim.scenario.calendar import WEEKDAYS

if TYPE_CHECKING:
    from sim.history.tables.actuals import Actuals
    from sim.history.tables.interval_reader import Entry
    from sim.model import Floats

FIRST_DAY = dt.date(2026, 1, 5)
"""A Monday: the day of tables whose rows have a time of day only."""
MOST_DAYS = 366

Hours = str | dict[str, str]


@dataclass(frozen=True)
class TableVolumes:
    """Contacts by queue and interval.

    Attributes
    ----------
    first : date
    days : int
    step : float
        Length of an interval (s).
    offered, work, weight : dict of str to ndarray, shape (intervals,)
        By queue: contacts; handle time of all of them (s), and contacts for which it is known.
    notes : tuple of str
    """

    first: dt.date
    days: int
    step: float
    offered: dict[str, Floats]
    work: dict[str, Floats]
    weight: dict[str, Floats]
    notes: tuple[str, ...] = ()

    @property
    def per_day(self) -> int:
        """Return the number of intervals of a day."""
        return round(units.DAY / self.step)

    def mean_handle_s(self, queue: str) -> float | None:
        """Return the mean handle time of a queue (s), None where the table has none."""
        weight = float(self.weight[queue].sum())
        return float(self.work[queue].sum()) / weight if weight > 0 else None

    def handle_s(self, queue: str) -> Floats | None:
        """Return the handle time of each interval (s), the mean where the table has none."""
        mean = self.mean_handle_s(queue)
        if mean is None:
            return None
        weight = self.weight[queue]
        found: Floats = np.full(len(weight), mean)
        np.divide(self.work[queue], weight, out=found, where=weight > 0)
        return found

    def open_hours(self, queues: Sequence[str]) -> Hours:
        """Return opening hours of queues: from their first to their last contact of each day.

        Returns
        -------
        str or dict of str to str
            ``"08:00-20:00"`` where every day has the same hours, else by weekday where the
            weeks are alike, else by date; days that are not named are closed.
        """
        together = np.sum([self.offered[name] for name in queues], axis=0)
        found: dict[dt.date, str] = {}
        for day in range(self.days):
            own = np.flatnonzero(together[day * self.per_day : (day + 1) * self.per_day])
            if len(own):
                ends = int(own[0]) * self.step, (int(own[-1]) + 1) * self.step
                date = self.first + dt.timedelta(days=day)
                found[date] = "-".join(units.show_clock(end) for end in ends)
        return _short(found, self.first, self.days)

    def csv(self, columns: Mapping[str, Floats]) -> bytes:
        """Return numbers by interval as CSV: a row for each interval in which any queue is open.

        Parameters
        ----------
        columns : mapping of str to ndarray, shape (intervals,)
            By title.
        """
        rows = [["start", *columns]]
        for at in self._rows():
            start = dt.datetime.combine(self.first, dt.time()) + dt.timedelta(
                seconds=at * self.step
            )
            cells = (write_number(values[at], 10) for values in columns.values())
            rows.append([start.isoformat(sep=" ", timespec="minutes"), *cells])
        return csv_of(rows).encode()

    def _rows(self) -> list[int]:
        """Return the intervals from the first to the last contact of each day."""
        together = np.sum(list(self.offered.values()), axis=0)
        rows: list[int] = []
        for day in range(self.days):
            own = np.flatnonzero(together[day * self.per_day : (day + 1) * self.per_day])
            if len(own):
                rows += range(day * self.per_day + own[0], day * self.per_day + own[-1] + 1)
        return rows


def _short(found: dict[dt.date, str], first: dt.date, days: int) -> Hours:
    """Return hours by date as shortly as a scenario can say them."""
    if len(found) == days and len(set(found.values())) == 1:
        return next(iter(found.values()))
    weekly: dict[int, set[str]] = {}
    for day in range(days):
        date = first + dt.timedelta(days=day)
        weekly.setdefault(date.weekday(), set()).add(found.get(date, ""))
    if any(len(hours) > 1 for hours in weekly.values()):
        return {date.isoformat(): hours for date, hours in found.items()}
    runs: list[tuple[int, int, str]] = []
    for weekday, (hours,) in sorted(weekly.items()):
        if hours and runs and runs[-1][1:] == (weekday - 1, hours):
            runs[-1] = (runs[-1][0], weekday, hours)
        elif hours:
            runs.append((weekday, weekday, hours))
    return {
        WEEKDAYS[a] if a == b else f"{WEEKDAYS[a]}-{WEEKDAYS[b]}": hours for a, b, hours in runs
    }


def table_volumes(
    actuals: Actuals,
    queues: Mapping[str, tuple[str, str]],
    days: tuple[dt.date, dt.date] | None = None,
) -> TableVolumes:
    """Return the contacts of a table by queue and interval.

    Parameters
    ----------
    actuals : Actuals
    queues : mapping of str to (str, str)
        Name and channel in the table, by name of the queue.
    days : (date, date), optional
        First and last day to take; all unless given.

    Raises
    ------
    ScenarioError
        When the table has whole days only, spans more than a year, or a queue has no contacts.
    """
    entries = [e for e in actuals.entries if days is None or days[0] <= _day(e) <= days[1]]
    entries = [e for e in entries if (e.queue, e.channel) in queues.values()]
    problems = [
        Problem(f"queue.{name}", "has no contacts in the days that are taken", file=actuals.name)
        for name, source in queues.items()
        if not any((e.queue, e.channel) == source and e.numbers["offered"] > 0 for e in entries)
    ]
    dates = {_day(e) for e in entries}
    if len(dates) > 1 and not any(e.second for e in entries):
        message = "rows are whole days; allowed: a row for each interval of 5 to 60 min"
        problems.append(Problem("", message, file=actuals.name))
    refuse(problems)
    first, span = min(dates), (max(dates) - min(dates)).days + 1
    if span > MOST_DAYS:
        message = f"spans {span} days; allowed: at most {MOST_DAYS}, so choose fewer days"
        refuse([Problem("", message, file=actuals.name)])
    count = span * round(units.DAY / actuals.step)
    found: dict[str, tuple[Floats, Floats, Floats]] = {}
    for name, source in queues.items():
        own = [e for e in entries if (e.queue, e.channel) == source]
        found[name] = _summed(own, first, actuals.step, count)
    notes = [
        f"{name}: {units.counted(unknown, 'interval')} with contacts but no handle time; the mean "
        "of the others was taken"
        for name, (offered, _, weight) in found.items()
        if weight.any() and (unknown := int(np.sum((offered > 0) & (weight == 0))))
    ]
    offered, work, weight = ({n: sums[k] for n, sums in found.items()} for k in range(3))
    return TableVolumes(first, span, actuals.step, offered, work, weight, tuple(notes))


def _day(entry: Entry) -> dt.date:
    return entry.day or FIRST_DAY


def _summed(
    entries: Sequence[Entry], first: dt.date, step: float, count: int
) -> tuple[Floats, Floats, Floats]:
    """Return contacts, handle time of all (s), and contacts whose handle time is known."""
    offered, work, weight = np.zeros(count), np.zeros(count), np.zeros(count)
    for entry in entries:
        at = int(((_day(entry) - first).days * units.DAY + entry.second) // step)
        offered[at] += entry.numbers["offered"]
        answered = entry.numbers.get("answered", math.nan)
        handled = entry.numbers["offered"] if math.isnan(answered) else answered
        aht, total = (entry.numbers.get(key, math.nan) for key in ("aht", "total"))
        worked = aht * handled if not math.isnan(aht) else total
        if worked > 0 and handled > 0:
            work[at] += worked
            weight[at] += handled
    return offered, work, weight
