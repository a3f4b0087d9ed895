"""A plan of shifts written into its scenario."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim import units
from sim.scenario.calendar import WEEKDAYS
from sim.scenario.schedules import net
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.planning.shifts.cover_model import CoverModel
    from sim.planning.shifts.place_breaks import PlannedShift
    from sim.planning.shifts.shift_requirement import ShiftRequirement
    from sim.scenario import Scenario

Table = dict[str, Any]
_Key = tuple[float, float, tuple[tuple[float, float], ...], str]


def shift_tables(
    scenario: Scenario,
    requirement: ShiftRequirement,
    model: CoverModel,
    planned: Sequence[PlannedShift],
) -> dict[str, list[Table]] | None:
    """Return the shifts of each group as a scenario file writes them.

    Planned shrinkage leaves out the last agents of a group. So each shift is split: what remains
    of it comes first, and what shrinkage leaves out comes last, as it should reach all shifts
    alike.

    Parameters
    ----------
    scenario : Scenario
    requirement : ShiftRequirement
    model : CoverModel
    planned : sequence of PlannedShift

    Returns
    -------
    dict or None
        None when a weekday comes several times with different shifts: shifts are written by
        weekday.
    """
    by_group: dict[str, dict[_Key, Counter[int]]] = {name: {} for name in requirement.agents}
    slot = model.types.slot_s
    for one in planned:
        kind = model.types.types[one.kind]
        start = kind.start * slot - kind.day * units.DAY
        day = kind.day + int(start // units.DAY)
        breaks = tuple(
            (pause.length * slot, at * slot)
            for pause, at in zip(kind.breaks, one.breaks, strict=True)
        )
        key = (start % units.DAY, kind.length * slot, breaks, kind.pattern)
        by_group[kind.group].setdefault(key, Counter())[day] += one.agents
    tables = {}
    for name, shifts in by_group.items():
        rows: list[tuple[_Key, tuple[str, ...] | None, int]] = []
        for key in sorted(shifts):
            spread = _by_weekday(requirement, shifts[key])
            if spread is None:
                return None
            passes = key[0] + key[1] > units.DAY
            rows += [(key, days, n) for days, n in _layers(requirement, spread, passes)]
        tables[name] = _tables(rows, scenario.group[name].shrinkage)
    return tables


def _by_weekday(requirement: ShiftRequirement, days: Counter[int]) -> Counter[str] | None:
    """Return agents by weekday; None when two days of the same weekday differ."""
    found: Counter[str] = Counter()
    grid = requirement.grid
    for day in range(grid.days):
        name = WEEKDAYS[grid.date(day).weekday()]
        if day >= 7 and found[name] != days[day]:
            return None
        found[name] = days[day]
    return found


def _layers(
    requirement: ShiftRequirement, days: Counter[str], passes_midnight: bool
) -> Iterator[tuple[tuple[str, ...] | None, int]]:
    """Yield sets of weekdays with the same number of agents, which add up to those of each day."""
    if requirement.grid.days == 1 and (requirement.is_cyclic or not passes_midnight):
        yield None, max(days.values())
        return
    left = Counter(days)
    while any(left.values()):
        names = tuple(name for name in WEEKDAYS if left[name])
        agents = min(left[name] for name in names)
        left.subtract(dict.fromkeys(names, agents))
        yield names, agents


def _tables(
    rows: Sequence[tuple[_Key, tuple[str, ...] | None, int]], shrinkage: float
) -> list[Table]:
    """Return shifts as tables, what shrinkage leaves out at the end."""
    kept, left_out = [], []
    total = before = 0
    for key, days, agents in rows:
        total += agents
        after = net(total, shrinkage)
        remaining = min(after - before, agents)
        before = after
        if remaining:
            kept.append(_table(key, days, remaining))
        if agents > remaining:
            left_out.append(_table(key, days, agents - remaining))
    return kept + left_out


def _table(key: _Key, days: tuple[str, ...] | None, agents: int) -> Table:
    start, length, breaks, pattern = key
    table: Table = {
        "name": f"{pattern} {units.show_clock(start)}",
        "agents": agents,
        "start": units.show_clock(start),
        "length": units.show_duration(length),
    }
    if breaks:
        table["breaks"] = [
            f"{units.show_duration(size)} after {units.show_duration(at)}" for size, at in breaks
        ]
    if days is not None:
        table["days"] = list(days)
    return table


def with_shifts(scenario: Scenario, tables: Mapping[str, Sequence[Table]]) -> Scenario:
    """Return a scenario in which groups work in the shifts of a plan.

    Groups without planned shifts stay as they are.
    """
    groups: dict[str, Any] = {}
    for name, group in scenario.group.items():
        own = {key: getattr(group, key) for key in group.model_fields_set}
        if tables.get(name):
            own = {key: one for key, one in own.items() if key not in ("agents", "open")}
            own["shifts"] = [dict(table) for table in tables[name]]
        groups[name] = own
    return scenario.with_(group=groups)


def text_with_shifts(scenario: Scenario, tables: Mapping[str, Sequence[Table]]) -> str:
    """Return the text of a scenario file with the shifts of a plan.

    Parameters
    ----------
    scenario : Scenario
        From a file; changes by path are written too.
    tables : mapping of str to sequence of dict
        As :func:`shift_tables` returns them.

    Raises
    ------
    BadInputError
        When the text would be another scenario.
    """
    from sim.scenario.editing import drop, put
    from sim.scenario.written_changes import text_with_changes

    text = text_with_changes(scenario) if scenario.steps else scenario.text
    for name, rows in tables.items():
        if not rows:
            continue
        text = drop(drop(text, f"group.{name}.agents"), f"group.{name}.open")
        text = put(text, f"group.{name}.shifts", [dict(row) for row in rows])
    reread = type(scenario).parse(text, scenario.folder, confined=False)
    wanted = with_shifts(scenario, tables)
    if any(reread.group[name].shifts != wanted.group[name].shifts for name in wanted.group):
        raise BadInputError(f"{scenario.name}: the shifts cannot be written into this file")
    return text
