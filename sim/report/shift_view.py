"""What page Shifts shows: shifts as rows of a table and as bars of a day, and edited shifts."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim import units
from sim.report.formatting import show
from sim.scenario.schedules import turns
from sim.scenario.what_if import Edit, shift_table
from sim.units import BadInputError, counted

if TYPE_CHECKING:
    from sim.planning import ShiftSchedule
    from sim.report.staffing_view import StaffingInterval
    from sim.scenario import Scenario

COLUMNS = ("group", "name", "agents", "start", "length", "breaks", "days")
"""Of the table of shifts; breaks and days are separated by commas."""
MOST_RULES = 4
"""Rules to relax that are listed."""
ShiftTables = Mapping[str, Sequence[Mapping[str, Any]]]
"""Shifts by group as the scenario file writes them."""


@dataclass(frozen=True, slots=True)
class ShiftBar:
    """A shift, or a break of one, on one day.

    Attributes
    ----------
    label : str
        Of the shift, unique on the day.
    group : str
    agents : int
    start, end : float
        Hours from midnight of the day; before 0 or beyond 24 where the shift passes midnight.
    part : {"shift", "break"}
    """

    label: str
    group: str
    agents: int
    start: float
    end: float
    part: str


@dataclass(frozen=True, slots=True)
class DutyStep:
    """Agents required and on duty in an interval of one day.

    Attributes
    ----------
    start, end : float
        Hours from midnight.
    required, on_duty, under, over : float
    """

    start: float
    end: float
    required: float
    on_duty: float
    under: float
    over: float


def shift_tables(scenario: Scenario) -> dict[str, list[dict[str, Any]]]:
    """Return the shifts of each group that has some, as the scenario file writes them."""
    return {
        name: [shift_table(shift) for shift in group.shifts]
        for name, group in scenario.group.items()
        if group.shifts
    }


def shift_rows(tables: ShiftTables) -> list[dict[str, Any]]:
    """Return shifts as rows of text for a table that can be edited, columns as in `COLUMNS`."""
    return [
        {
            "group": group,
            "name": str(one.get("name", "")),
            "agents": int(one["agents"]),
            "start": str(one["start"]),
            "length": str(one["length"]),
            "breaks": ", ".join(one.get("breaks", ())),
            "days": ", ".join(one.get("days", ())),
        }
        for group, shifts in tables.items()
        for one in shifts
    ]


def tables_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return the shifts that the rows of an edited table mean.

    Empty rows are left out.

    Raises
    ------
    BadInputError
        When a row lacks a group, a start, a length or its agents.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for number, row in enumerate(rows, 1):
        cells = {name: _text(row.get(name)) for name in COLUMNS}
        if not any(cells.values()):
            continue
        missing = [name for name in ("group", "agents", "start", "length") if not cells[name]]
        if missing:
            raise BadInputError(f"row {number}: {missing[0]} is empty; allowed: a value")
        table: dict[str, Any] = {
            "agents": _whole(number, cells["agents"]),
            "start": cells["start"],
            "length": cells["length"],
        }
        if cells["breaks"]:
            table["breaks"] = _listed(cells["breaks"])
        if cells["days"]:
            table["days"] = _listed(cells["days"])
        if cells["name"]:
            table["name"] = cells["name"]
        found.setdefault(cells["group"], []).append(table)
    return found


def _text(value: object) -> str:
    """Return a cell as text; empty for none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value).strip()


def _whole(number: int, text: str) -> int:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if value < 0 or not value.is_integer():
        raise BadInputError(f"row {number}: agents: {text!r}; allowed: a whole number of 0 or more")
    return int(value)


def _listed(text: str) -> list[str]:
    return [part for part in re.split(r"\s*[,;]\s*", text) if part]


def shifts_edit(scenario: Scenario, tables: ShiftTables, words: str = "") -> Edit:
    """Return the change that gives groups the shifts of a table; empty where none differs.

    Parameters
    ----------
    scenario : Scenario
    tables : mapping
        Groups that are not in it keep headcounts, and lose their shifts if they had some.
    words : str
        What the change is called; by default the groups and their shifts.

    Raises
    ------
    BadInputError
        When a group is unknown.
    """
    if wrong := [name for name in tables if name not in scenario.group]:
        known = ", ".join(scenario.group)
        raise BadInputError(f"group: {wrong[0]!r} is not in this scenario; allowed: {known}")
    before, changes, changed = shift_tables(scenario), {}, []
    for name, group in scenario.group.items():
        now = [dict(one) for one in tables.get(name, ())]
        if now == before.get(name, []):
            continue
        if group.agents is not None:
            changes[f"group.{name}.agents"] = "none"
        if group.open is not None:
            changes[f"group.{name}.open"] = "none"
        changes[f"group.{name}.shifts"] = now  # type: ignore[assignment]
        agents = sum(one["agents"] for one in now)
        changed.append(f"{name}: {counted(len(now), 'shift')}, {counted(agents, 'agent')}")
    return Edit(words or f"Shifts of {'; '.join(changed)}", dict(changes))


def shift_bars(scenario: Scenario, day: int, group: str | None = None) -> list[ShiftBar]:
    """Return the shifts of a day and their breaks, in the order of their start.

    Parameters
    ----------
    scenario : Scenario
    day : int
        From 0. Shifts that began on the day before are shown on that day.
    group : str, optional
        All groups unless given.
    """
    several = group is None and sum(bool(one.shifts) for one in scenario.group.values()) > 1
    found: list[list[ShiftBar]] = []
    names: dict[str, int] = {}
    for name, one in scenario.group.items():
        if group not in (None, name):
            continue
        for turn in turns(scenario, one):
            if int(turn.begins // units.DAY) != day or not turn.shift.agents:
                continue
            title = turn.shift.name or units.show_clock(turn.shift.start)
            label = f"{name}: {title}" if several else title
            names[label] = names.get(label, 0) + 1
            label += f" ({names[label]})" if names[label] > 1 else ""
            label += f", {counted(turn.shift.agents, 'agent')}"
            spans = [(turn.begins, turn.end, "shift")]
            spans += [(start, start + length, "break") for start, length in turn.breaks]
            found.append(
                [
                    ShiftBar(label, name, turn.shift.agents, *_hours(begin, end, day), part)
                    for begin, end, part in spans
                ]
            )
    ordered = sorted(found, key=lambda bars: (bars[0].start, bars[0].end))
    return [bar for bars in ordered for bar in bars]


def _hours(begin: float, end: float, day: int) -> tuple[float, float]:
    midnight = day * units.DAY
    return (begin - midnight) / units.HOUR, (end - midnight) / units.HOUR


def duty_steps(rows: Sequence[StaffingInterval], interval_s: float, day: str) -> list[DutyStep]:
    """Return required and on duty of one day.

    Parameters
    ----------
    rows : sequence of StaffingInterval
    interval_s : float
    day : str
        Date, empty where there is one day only.
    """
    found = []
    for row in rows:
        if row.day == day:
            start = units.clock(row.interval[-5:]) / units.HOUR
            end = start + interval_s / units.HOUR
            found.append(DutyStep(start, end, row.required, row.on_duty, row.under, row.over))
    return found


def schedule_cards(found: ShiftSchedule) -> list[tuple[str, str, str]]:
    """Return what is shown of a planned schedule: name, value and meaning of each."""
    unit = "money" if found.cost_is == "wages" else "h"
    words = "Wages" if found.cost_is == "wages" else "Paid hours, as not every group has a wage"
    bound = f"No plan costs less than {show(found.bound, unit)} ({found.bound_is})."
    return [
        ("Paid hours", show(found.hours, "h"), "Paid breaks included."),
        ("Cost", show(found.cost, unit), f"{words}, and the price of over- and understaffing."),
        ("Above the bound", show(found.gap, "share"), bound),
        ("Agents", f"{found.people:,}", "Fewest persons for these shifts."),
        ("Not covered", show(found.uncovered_hours, "h"), "Agent-hours of the requirement."),
    ]


def schedule_reasons(found: ShiftSchedule) -> list[str]:
    """Return why something is not covered, with the cheapest rule to relax and others."""
    rules = [
        f"or {one['rule']}, instead {one['instead']}: leaves {show(one['short_h'], 'h')} uncovered"
        for one in found.relaxations[1:MOST_RULES]
    ]
    return [*found.reasons, *rules]
