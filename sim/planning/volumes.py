"""Volumes of a table as the volumes of a scenario: a CSV file beside it, and what names it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.planning.laid import Laid, lay_out
from sim.scenario.spread import rules_of
from sim.units import show_duration

if TYPE_CHECKING:
    from sim.model import Floats
    from sim.planning.recorded import Recording
    from sim.scenario import Scenario

FILE = "volumes.csv"
SAMPLE = """interval_start,queue,channel,offered,handled,aht_s
{date} 08:00,{queue},voice,42,40,00:04:10
{date} 08:30,{queue},voice,55,51,00:04:20
{date} 09:00,{queue},voice,61,56,255
"""
"""A table of volumes with the columns that are understood without a mapping."""


@dataclass(frozen=True)
class Volumes:
    """Volumes for a scenario.

    Attributes
    ----------
    content : bytes
        CSV with a row for each open interval and a column for each queue.
    fields : dict of str to str
        ``volumes.csv:billing`` by path of the field.
    rows : list of dict
        The same for people: queue, contacts before and after, handle times.
    notes : tuple of str
    """

    content: bytes
    fields: dict[str, str]
    rows: list[dict[str, str]]
    notes: tuple[str, ...]


def volumes_of(
    recording: Recording, scenario: Scenario, queues: Mapping[str, str] | None = None
) -> Volumes:
    """Return the volumes that a table gives a scenario.

    Intervals of the table that are longer than the scenario's are spread evenly, shorter ones
    added up; open intervals without a row get no contacts.

    Parameters
    ----------
    recording : Recording
    scenario : Scenario
    queues : mapping of str to str, optional
        Queue of the scenario by name in the table; alike names unless given.

    Raises
    ------
    ScenarioError
        When no queue or day of the table is in the scenario.
    BadInputError
        When the intervals do not fit into each other.
    """
    laid = lay_out(recording, scenario, queues)
    grid = scenario.center.grid
    notes = [*recording.notes, *laid.notes]
    each = round(laid.step / grid.interval_s)
    if each > 1:
        notes.append(
            f"rows of {show_duration(laid.step)} were spread evenly over intervals of "
            f"{show_duration(grid.interval_s)}"
        )
    found: dict[str, Floats] = {}
    opens: set[int] = set()
    for name, sums in laid.queues.items():
        own = grid.open_intervals(rules_of(scenario.queue[name], scenario.center.open))
        opens |= set(own)
        values = np.repeat(sums["offered"] / each, each)
        found[name] = np.nan_to_num(values)
        empty = sum(1 for i in own if np.isnan(values[i]))
        outside = float(found[name].sum() - found[name][own].sum())
        if empty:
            notes.append(f"{name}: {empty} open intervals have no row and get no contacts")
        if outside > 0:
            notes.append(f"{name}: {outside:,.0f} contacts outside the opening hours are left out")
    content = _csv([grid.label(i) for i in sorted(opens)], sorted(opens), found)
    fields = {f"queue.{name}.volume": f"{FILE}:{name}" for name in found}
    return Volumes(content, fields, _told(laid, scenario, found), tuple(notes))


def _csv(labels: list[str], opens: list[int], found: Mapping[str, Floats]) -> bytes:
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(["start", *found])
    for label, i in zip(labels, opens, strict=True):
        writer.writerow([label, *(f"{values[i]:.10g}" for values in found.values())])
    return sink.getvalue().encode()


def _told(laid: Laid, scenario: Scenario, found: Mapping[str, Floats]) -> list[dict[str, str]]:
    from sim.scenario.spread import volume_of

    rows = []
    for name, values in found.items():
        queue = scenario.queue[name]
        own = scenario.center.grid.open_intervals(rules_of(queue, scenario.center.open))
        before = sum(volume_of(queue, scenario.center.grid, scenario.center.open))
        rows.append(
            {
                "Queue": name,
                "Contacts now": f"{before:,.0f}",
                "Contacts of the table": f"{float(values[own].sum()):,.0f}",
                "Handle time now": show_duration(round(queue.hands)),
                "Handle time of the table": _aht(laid, name),
            }
        )
    return rows


def _aht(laid: Laid, name: str) -> str:
    sums = laid.queues[name]
    if "aht" not in sums or "answered" not in sums:
        return "-"
    known = ~np.isnan(sums["aht"]) & ~np.isnan(sums["answered"])
    answered = float(sums["answered"][known].sum())
    return show_duration(round(float(sums["aht"][known].sum()) / answered)) if answered else "-"


def sample(scenario: Scenario) -> str:
    """Return a table of volumes to try with, for a queue and day of the scenario."""
    queue = next(iter(scenario.queue), "billing")
    return SAMPLE.format(date=scenario.center.first_day.isoformat(), queue=queue)


def sample_actuals(scenario: Scenario) -> str:
    """Return a table of actuals to try with."""
    queue = next(iter(scenario.queue), "billing")
    date = scenario.center.first_day.isoformat()
    head = "interval_start,queue,offered,answered,abandoned,service_level,asa_s,aht_s"
    rows = ((8, 0, 42, 40, 2, "82%", 14, 250), (8, 30, 55, 51, 4, "74%", 22, 260),
            (9, 0, 61, 56, 5, "71%", 25, 255))  # fmt: skip
    lines = [
        f"{date} {hour:02d}:{minute:02d},{queue},{','.join(str(cell) for cell in rest)}"
        for hour, minute, *rest in rows
    ]
    return "\n".join([head, *lines]) + "\n"
