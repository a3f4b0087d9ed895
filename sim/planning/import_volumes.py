"""Volumes of a table as the volumes of a scenario: a CSV file beside it, and what names it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.fileio.csv_text import csv_of
from sim.numerals import write_number
from sim.planning.align_actuals import AlignedActuals, lay_out
from sim.scenario.interval_series import rules_of
from sim.scenario.interval_times import mean_hands, mean_of
from sim.units import BadInputError, counted, show_duration

if TYPE_CHECKING:
    from sim.history.tables.actuals import Actuals
    from sim.model import Floats
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
    talks : dict of str to str
        Talk time with which a queue has the handle time of the table, by path of the field; only
        for queues where that is known.
    rows : list of dict
        The same for people: queue, contacts before and after, handle times.
    notes : tuple of str
    """

    content: bytes
    fields: dict[str, str]
    talks: dict[str, str]
    rows: list[dict[str, str]]
    notes: tuple[str, ...]


def volumes_of(
    actuals: Actuals, scenario: Scenario, queues: Mapping[str, str] | None = None
) -> Volumes:
    """Return the volumes that a table gives a scenario.

    Intervals of the table that are longer than the scenario's are spread evenly, shorter ones
    added up; open intervals without a row get no contacts.

    Parameters
    ----------
    actuals : Actuals
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
    aligned = lay_out(actuals, scenario, queues)
    if aligned.together:
        raise BadInputError("queue: the table names no queues; allowed: a queue for each row")
    grid = scenario.center.grid
    notes = [*actuals.notes, *aligned.warnings, *aligned.notes]
    each = round(aligned.step / grid.interval_s)
    if each > 1:
        notes.append(
            f"rows of {show_duration(aligned.step)} were spread evenly over intervals of "
            f"{show_duration(grid.interval_s)}"
        )
    found: dict[str, Floats] = {}
    opens: set[int] = set()
    for name, sums in aligned.queues.items():
        own = grid.open_intervals(rules_of(scenario.queue[name], scenario.center.open))
        opens |= set(own)
        values = np.repeat(sums["offered"] / each, each)
        found[name] = np.nan_to_num(values)
        empty = sum(1 for i in own if np.isnan(values[i]))
        outside = float(found[name].sum() - found[name][own].sum())
        if empty:
            notes.append(f"{name}: {empty} open intervals have no row and get no contacts")
        if outside > 0:
            notes.append(
                f"{name}: {counted(round(outside), 'contact')} outside the opening hours left out"
            )
    content = _csv([grid.label(i) for i in sorted(opens)], sorted(opens), found)
    fields = {f"queue.{name}.volume": f"{FILE}:{name}" for name in found}
    talks = _talks(aligned, scenario, notes)
    return Volumes(content, fields, talks, _summary(aligned, scenario, found), tuple(notes))


def _talks(aligned: AlignedActuals, scenario: Scenario, notes: list[str]) -> dict[str, str]:
    """Return the talk times that give the handle times of the table, and note where none do."""
    found = {}
    for name in aligned.queues:
        handle = _handle(aligned, name)
        if handle is None:
            continue
        if why := _no_talk(scenario, name, handle):
            notes.append(f"{name}: the handle time of the table cannot be taken, {why}")
            continue
        queue = scenario.queue[name]
        talk = mean_of(scenario, name, "talk")
        rest = mean_of(scenario, name, "hold") + mean_of(scenario, name, "wrap")
        found[f"queue.{name}.talk"] = str(queue.talk.scaled((handle - rest) / talk))
    return found


def _no_talk(scenario: Scenario, name: str, handle: float) -> str:
    """Return why a talk time does not follow from a handle time (s), empty where it does."""
    queue = scenario.queue[name]
    rest = mean_of(scenario, name, "hold") + mean_of(scenario, name, "wrap")
    if scenario.bot_of(name) is not None:
        return "as it is that of what a bot leaves, and talk here is that of all contacts"
    if any(name in g.skills and g.skills[name].at_once > 1 for g in scenario.group.values()):
        return "as agents handle several contacts at once, and talk here is that of one alone"
    if any(name in g.skills and g.skills[name].speed[0] != 1 for g in scenario.group.values()):
        return "as some agents are faster or slower than talk here is"
    if queue.talk.points or not 0 < queue.talk.mean < np.inf or queue.volume.recorded is not None:
        return "as talk is a recorded sample or has no mean"
    if handle <= rest:
        return f"as hold and wrap alone take {show_duration(rest)}"
    return ""


def _csv(labels: list[str], opens: list[int], found: Mapping[str, Floats]) -> bytes:
    rows = [
        [label, *(write_number(values[i], 10) for values in found.values())]
        for label, i in zip(labels, opens, strict=True)
    ]
    return csv_of([["start", *found], *rows]).encode()


def _summary(
    aligned: AlignedActuals, scenario: Scenario, found: Mapping[str, Floats]
) -> list[dict[str, str]]:
    from sim.scenario.interval_series import volume_of

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
                "Handle time now": show_duration(round(mean_hands(scenario, name))),
                "Handle time of the table": _aht(aligned, name),
            }
        )
    return rows


def _aht(aligned: AlignedActuals, name: str) -> str:
    handle = _handle(aligned, name)
    return "-" if handle is None else show_duration(round(handle))


def _handle(aligned: AlignedActuals, name: str) -> float | None:
    """Return the mean handle time (s) of a queue in the table, None where it is not there."""
    sums = aligned.queues[name]
    if "aht" not in sums:
        return None
    weight = sums.get("answered", sums["offered"])
    known = ~np.isnan(sums["aht"]) & ~np.isnan(weight)
    contacts, seconds = float(weight[known].sum()), float(sums["aht"][known].sum())
    return seconds / contacts if contacts and seconds else None


def sample(scenario: Scenario) -> str:
    """Return a table of volumes to try with, for a queue and day of the scenario."""
    queue = next(iter(scenario.queue), "billing")
    return SAMPLE.format(date=scenario.center.first_day.isoformat(), queue=queue)


def sample_actuals(scenario: Scenario) -> str:
    """Return a table of actuals to try with."""
    queue = next(iter(scenario.queue), "billing")
    date = scenario.center.first_day.isoformat()
    head = "interval_start,queue,offered,answered,abandoned,service_level,asa_s,aht_s"
    rows = (("08:00", 42, 40, 2, "82%", 14, 250), ("08:30", 55, 51, 4, "74%", 22, 260),
            ("09:00", 61, 56, 5, "71%", 25, 255))  # fmt: skip
    lines = [
        f"{date} {start},{queue},{','.join(str(cell) for cell in rest)}" for start, *rest in rows
    ]
    return "\n".join([head, *lines]) + "\n"
