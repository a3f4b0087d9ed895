"""Open intervals without a row in a table of actuals: no contacts, or not known."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.history.table_histories import ZEROS_ARE_WRITTEN
from sim.history.tables.actuals import Actuals
from sim.history.tables.interval_reader import Entry
from sim.planning.align_actuals import matched
from sim.scenario.interval_series import rules_of
from sim.units import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sim.scenario import Scenario

MOST_SPAN = 366
"""Days from the first to the last of a table whose missing rows are looked for."""


@dataclass(frozen=True)
class CompletedActuals:
    """Actuals with a row for each open interval in which there was no contact.

    Attributes
    ----------
    actuals : Actuals
        Its notes say how many rows were added.
    warnings : tuple of str
        Intervals that are left out, as their contacts are unknown.
    """

    actuals: Actuals
    warnings: tuple[str, ...] = ()


def with_missing_rows(
    actuals: Actuals, scenario: Scenario, queues: Mapping[str, str] | None = None
) -> CompletedActuals:
    """Return a table with zeros for open intervals that have no row.

    Many systems write no row where an interval has no contact. So in a table that has (nearly)
    no rows with zero, a missing row is zero; in others it is unknown and left out. Only intervals
    between the earliest and the latest time of day of the table count, on days that have a row of
    the same queue; on the last day only those up to its last row.

    Parameters
    ----------
    actuals : Actuals
        With dates; others are returned as they are.
    scenario : Scenario
        With the opening hours.
    queues : mapping of str to str, optional
        Queue of the scenario by name in the table; alike names unless given.
    """
    days = {entry.day for entry in actuals.entries if entry.day is not None}
    if not days or len(days) > MOST_SPAN or (max(days) - min(days)).days >= MOST_SPAN:
        return CompletedActuals(actuals)
    names = matched(actuals, scenario) if queues is None else queues
    added = list(_missing(actuals, scenario, names, min(days), max(days)))
    if not added:
        return CompletedActuals(actuals)
    count = f"{len(added):,} open intervals have no row"
    zeros = sum(entry.numbers.get("offered") == 0 for entry in actuals.entries)
    if zeros >= max(1.0, ZEROS_ARE_WRITTEN * len(actuals.entries)):
        text = f"{count} and are left out: the table has rows with zero, so they are unknown"
        return CompletedActuals(actuals, (text,))
    note = f"{count} and count as zero contacts, as the table has no rows with zero"
    return CompletedActuals(
        replace(actuals, entries=actuals.entries + tuple(added), notes=(*actuals.notes, note))
    )


def _missing(
    actuals: Actuals,
    scenario: Scenario,
    names: Mapping[str, str],
    first: dt.date,
    last: dt.date,
) -> Iterator[Entry]:
    """Yield a row of zeros for each open interval without one."""
    step, center = actuals.step, scenario.center
    seconds = [entry.second for entry in actuals.entries]
    low, high = min(seconds), max(seconds)
    latest = max(entry.second for entry in actuals.entries if entry.day == last)
    grid = replace(center.grid, first=first, days=(last - first).days + 1)
    rows: dict[tuple[str, str], set[tuple[dt.date, int]]] = {}
    for entry in actuals.entries:
        if entry.day is not None:
            at = entry.day, int(entry.second // step)
            rows.setdefault((entry.queue, entry.channel), set()).add(at)
    zeros = dict.fromkeys(actuals.fields & {"offered", "answered", "abandoned"}, 0.0)
    unknown = dict.fromkeys(actuals.fields - {"start", "date", "queue", "channel"}, math.nan)
    for (queue, channel), present in rows.items():
        found = scenario.queue.get(names.get(queue, ""))
        rules = center.open if found is None else rules_of(found, center.open)
        seen = {day for day, _ in present}
        for start in _starts(grid.open_intervals(rules), grid.interval_s, step):
            day, second = first + dt.timedelta(days=int(start // DAY)), start % DAY
            end = latest if day == last else high
            if day in seen and low <= second <= end and (day, int(second // step)) not in present:
                yield Entry(0, day, second, queue, channel, unknown | zeros)


def _starts(open_intervals: list[int], interval_s: float, step: float) -> list[float]:
    """Return the starts of the intervals of a table that are open, since the first midnight."""
    found: set[int] = set()
    for k in open_intervals:
        found |= set(range(int(k * interval_s // step), math.ceil((k + 1) * interval_s / step)))
    return [at * step for at in sorted(found)]
