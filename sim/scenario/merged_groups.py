"""One group made of several, as a change by dotted path."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sim.numerals import to_whole
from sim.scenario.field_types import Record
from sim.scenario.headcount_shifts import shifts_of
from sim.scenario.problems import all_of
from sim.scenario.schedules import net, on_duty, scheduled, turns
from sim.scenario.what_if import ALWAYS, Edit, shift_table
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.scenario.group import Group
    from sim.scenario.scenario import Scenario


def merge_groups(scenario: Scenario, names: Sequence[str]) -> Edit:
    """Return the change that makes one group of several, under the name of the first.

    Its agents have every skill of all; a queue that several serve is served as by the group
    that comes first for it (the lowest level). Headcounts are added up, shifts put together;
    where some have shifts and others headcounts, headcounts become shifts without breaks. So
    as many hours are scheduled and paid as before. Absence, wage and overtime are means,
    weighted by scheduled hours; so is shrinkage, but that of shifts leaves out the same persons
    as before.

    Where headcounts cannot be written as shifts, for they differ from week to week, shifts
    become headcounts net of breaks, and the wage is raised so that the scheduled cost stays.

    Parameters
    ----------
    scenario : Scenario
    names : sequence of str
        At least two.

    Returns
    -------
    Edit

    Raises
    ------
    BadInputError
        When there are fewer than two, or one has persons.
    """
    if len(set(names)) < 2:
        raise BadInputError("groups: fewer than two are named; allowed: two or more to merge")
    groups = [scenario.group[name] for name in names]
    named = next((name for name in names if scenario.group[name].persons), None)
    if named is not None:
        raise BadInputError(
            f"group.{named}.persons: agents with a name keep their place in their group; allowed: "
            "to merge groups without persons"
        )
    first = names[0]
    staff, note = _staff(scenario, groups)
    table = _shared(scenario, groups) | staff
    if note and "wage" in table:
        paid = sum(sum(scheduled(scenario, group)) for group in groups)
        kept = sum(sum(_present(scenario, group)) for group in groups)
        table["wage"] = round(table["wage"] * paid / kept, 10) if kept else table["wage"]
        note += f", wage raised to {table['wage']:.2f} so that the scheduled cost stays"
    changes: dict[str, Any] = {f"group.{name}": "none" for name in names[1:]}
    changes[f"group.{first}"] = table
    for name, target in scenario.target.items():
        if set(names) & set(target.groups):
            stay = dict.fromkeys(first if group in names else group for group in target.groups)
            changes[f"target.{name}.groups"] = list(stay)
    return Edit(f"Groups {all_of(names)} merged into {first}{note}", changes)


def _staff(scenario: Scenario, groups: Sequence[Group]) -> tuple[dict[str, Any], str]:
    """Return shifts put together or headcounts added up, and words where breaks are lost."""
    if all(group.agents is not None for group in groups):
        return _headcounts(scenario, [scheduled(scenario, group) for group in groups]), ""
    shifts = [_as_shifts(scenario, group) for group in groups]
    known = [both for both in shifts if both is not None]
    if len(known) < len(shifts):
        present = [_present(scenario, group) for group in groups]
        return _headcounts(scenario, present), ", shifts as headcounts net of breaks"
    there = [shift for kept, _ in known for shift in kept]
    # Shrinkage leaves out the last persons of a group.
    out = [shift for _, left in known for shift in left]
    staff: dict[str, Any] = {"shifts": there + out}
    persons = sum(shift["agents"] for shift in there + out)
    if out:
        staff["shrinkage"] = round(sum(shift["agents"] for shift in out) / persons, 10)
    elif any(group.shrinkage for group in groups):
        staff["shrinkage"] = 0.0  # too little to leave out anyone
    return staff, ""


_Tables = list[dict[str, Any]]


def _as_shifts(scenario: Scenario, group: Group) -> tuple[_Tables, _Tables] | None:
    """Return the shifts of those on duty and of those whom shrinkage leaves out."""
    if group.agents is None:
        return _parted(group)
    there = [int(n) for n in on_duty(scenario, group)]
    out = [int(n) - m for n, m in zip(scheduled(scenario, group), there, strict=True)]
    kept, left = shifts_of(scenario, there), shifts_of(scenario, out)
    return None if kept is None or left is None else (kept, left)


def _parted(group: Group) -> tuple[_Tables, _Tables]:
    """Part the shifts of a group where shrinkage leaves out the last persons."""
    kept: _Tables = []
    left: _Tables = []
    free = net(group.shift_agents, group.shrinkage)
    for shift in group.shifts:
        there = min(shift.agents, free)
        free -= there
        table = shift_table(shift)
        if there or not shift.agents:
            kept.append(table | {"agents": there})
        if there < shift.agents:
            left.append(table | {"agents": shift.agents - there})
    return kept, left


def _headcounts(scenario: Scenario, columns: Sequence[Sequence[float]]) -> dict[str, Any]:
    """Return headcounts added up."""
    if scenario.center.length is not None:
        return {"agents": int(sum(max(column) for column in columns))}
    summed = [sum(row) for row in zip(*columns, strict=True)]
    grid = scenario.center.grid
    opens = set(grid.open_intervals(scenario.center.open))
    if all(summed[k] == 0 for k in range(grid.intervals) if k not in opens):
        return {"agents": [int(summed[k]) for k in sorted(opens)]}
    return {"agents": [int(n) for n in summed], "open": ALWAYS}


def _present(scenario: Scenario, group: Group) -> list[float]:
    """Return whole scheduled agents by interval; of shifts those not in a break, rounded."""
    numbers = scheduled(scenario, group)
    if group.agents is not None:
        return numbers
    length = scenario.center.grid.interval_s
    for turn in turns(scenario, group):
        for start, long in turn.breaks:
            for k in range(int(start // length), math.ceil((start + long) / length)):
                inside = min(start + long, (k + 1) * length) - max(start, k * length)
                numbers[k] -= turn.shift.agents * inside / length
    return [float(to_whole(n)) for n in numbers]


def _shared(scenario: Scenario, groups: Sequence[Group]) -> dict[str, Any]:
    """Return the fields of a merged group but for its staff."""
    table = _dumped(groups[0], {"agents", "shifts", "open", "skills", "mix", "interrupts"})
    weights = [sum(scheduled(scenario, group)) for group in groups]
    weights = weights if any(weights) else [1.0] * len(groups)
    for field in ("shrinkage", "absent", "overtime", "speed_spread"):
        value = _mean([getattr(group, field) for group in groups], weights)
        if value != type(groups[0]).model_fields[field].default:
            table[field] = value
    if any(group.wage is not None for group in groups):
        # A group without a wage costs nothing, and goes on costing nothing.
        table["wage"] = _mean([group.wage or 0.0 for group in groups], weights)
    skills: dict[str, Any] = {}
    for queue in dict.fromkeys(q for group in groups for q in group.skills):
        best = min((t.skills[queue] for t in groups if queue in t.skills), key=lambda s: s.level)
        skills[queue] = _dumped(best)
    table["skills"] = skills
    if mix := list(dict.fromkeys(pair for group in groups for pair in group.mix)):
        table["mix"] = [list(pair) for pair in mix]
    broken: dict[str, list[str]] = {}
    for group in groups:
        for work, live in group.interrupts.items():
            broken[work] = list(dict.fromkeys([*broken.get(work, []), *live]))
    return table | ({"interrupts": broken} if broken else {})


def _dumped(record: Record, but: Iterable[str] = ()) -> dict[str, Any]:
    found = record.model_dump(
        mode="json", by_alias=True, exclude_unset=True, exclude_none=True, exclude=set(but)
    )
    return dict(found)


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(v * w for v, w in zip(values, weights, strict=True))
    return round(total / sum(weights), 10)
