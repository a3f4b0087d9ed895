"""One group made of several, as a change by dotted path."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sim.scenario.duty import scheduled, turns
from sim.scenario.fields import Record
from sim.scenario.what_if import ALWAYS, Edit, listed_words, shift_table
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.scenario.group import Group
    from sim.scenario.scenario import Scenario


def merge_groups(scenario: Scenario, names: Sequence[str]) -> Edit:
    """Return the change that makes one group of several, under the name of the first.

    Its agents have every skill of all; a queue that several serve is served as by the group
    that comes first for it (the lowest level). Headcounts are added up, shifts put together;
    where some have shifts and others headcounts, shifts become headcounts net of breaks.
    Shrinkage, absence, wage and overtime are means, weighted by agents.

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
        When there are fewer than two.
    """
    if len(set(names)) < 2:
        raise BadInputError("teams: fewer than two are named; allowed: two or more to merge")
    teams = [scenario.group[name] for name in names]
    first = names[0]
    table = {**_shared(scenario, teams), **_staff(scenario, teams)}
    changes: dict[str, Any] = {f"group.{name}": "none" for name in names[1:]}
    changes[f"group.{first}"] = table
    words = f"Teams {listed_words(names)} merged into {first}"
    mixed = len({team.agents is None for team in teams}) > 1
    return Edit(words + (", shifts as headcounts net of breaks" if mixed else ""), changes)


def _staff(scenario: Scenario, teams: Sequence[Group]) -> dict[str, Any]:
    """Return shifts put together, or headcounts added up."""
    if all(team.agents is None for team in teams):
        return {"shifts": [shift_table(shift) for team in teams for shift in team.shifts]}
    if scenario.center.length is not None:
        return {"agents": int(sum(max(scheduled(scenario, team)) for team in teams))}
    columns = [_present(scenario, team) for team in teams]
    summed = [sum(row) for row in zip(*columns, strict=True)]
    grid = scenario.center.grid
    opens = set(grid.open_intervals(scenario.center.open))
    if all(summed[k] == 0 for k in range(grid.intervals) if k not in opens):
        return {"agents": [int(summed[k]) for k in sorted(opens)]}
    return {"agents": [int(n) for n in summed], "open": ALWAYS}


def _present(scenario: Scenario, team: Group) -> list[float]:
    """Return whole scheduled agents by interval; of shifts those not in a break, rounded."""
    numbers = scheduled(scenario, team)
    if team.agents is not None:
        return numbers
    length = scenario.center.grid.interval_s
    for turn in turns(scenario, team):
        for start, long in turn.breaks:
            for k in range(int(start // length), math.ceil((start + long) / length)):
                inside = min(start + long, (k + 1) * length) - max(start, k * length)
                numbers[k] -= turn.shift.agents * inside / length
    return [float(math.floor(n + 0.5)) for n in numbers]


def _shared(scenario: Scenario, teams: Sequence[Group]) -> dict[str, Any]:
    """Return the fields of a merged group but for its staff."""
    table = _dumped(teams[0], {"agents", "shifts", "open", "skills", "mix", "interrupts"})
    weights = [sum(scheduled(scenario, team)) or 1.0 for team in teams]
    for field in ("shrinkage", "absent", "overtime"):
        value = _mean([getattr(team, field) for team in teams], weights)
        if value != type(teams[0]).model_fields[field].default:
            table[field] = value
    paid = [(team.wage, w) for team, w in zip(teams, weights, strict=True) if team.wage is not None]
    if paid:
        table["wage"] = _mean([wage for wage, _ in paid], [w for _, w in paid])
    skills: dict[str, Any] = {}
    for queue in dict.fromkeys(q for team in teams for q in team.skills):
        best = min((t.skills[queue] for t in teams if queue in t.skills), key=lambda s: s.level)
        skills[queue] = _dumped(best)
    table["skills"] = skills
    if mix := list(dict.fromkeys(pair for team in teams for pair in team.mix)):
        table["mix"] = [list(pair) for pair in mix]
    broken: dict[str, list[str]] = {}
    for team in teams:
        for work, live in team.interrupts.items():
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
