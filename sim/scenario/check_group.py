"""Consistency checks within a group of agents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim import units
from sim.scenario.check_queue import finite
from sim.scenario.interval_series import interval_values
from sim.scenario.problems import Problem

if TYPE_CHECKING:
    from sim.scenario.group import Group, QuietBreaks, Shift, Skill
    from sim.scenario.scenario_record import ScenarioFields

MOST_QUIET = 0.95
"""Most of the agents without a contact who may be in a break that waits for a quiet moment."""
SHORTEST_QUIET_S = 10.0
"""Shortest mean (s) of such breaks: an agent may take one after the other."""


def check_group(scenario: ScenarioFields, path: str, group: Group) -> Iterator[Problem]:
    """Yield a problem for every pair of a group's fields that do not fit."""
    yield from _staffing(scenario, path, group)
    yield from finite(f"{path}.gap", group.gap)
    if group.breaks_when_quiet is not None:
        yield from _quiet_breaks(f"{path}.breaks_when_quiet", group.breaks_when_quiet)
    for queue, skill in group.skills.items():
        yield from _skill(f"{path}.skills.{queue}", group, skill)
    total = sum(band.share for band in group.tenure)
    if total > 1 + 1e-9:
        message = f"shares add up to {units.show_share(total)}; allowed: at most 100%"
        yield Problem(f"{path}.tenure", message)
    seen: set[str] = set()
    for i, person in enumerate(group.persons):
        if person.gap is not None:
            yield from finite(f"{path}.persons.{i}.gap", person.gap)
        if person.name in seen:
            message = f"{person.name!r} is there twice; allowed: each name once"
            yield Problem(f"{path}.persons.{i}.name", message, person.name)
        seen.add(person.name)
    for i, shift in enumerate(group.shifts):
        yield from _shift(f"{path}.shifts.{i}", shift)


def _staffing(scenario: ScenarioFields, path: str, group: Group) -> Iterator[Problem]:
    if group.agents is None and not group.shifts:
        yield Problem(f"{path}.agents", "is missing; allowed: agents = 12, or shifts")
    if group.agents is not None and group.shifts:
        yield Problem(f"{path}.shifts", "cannot be combined with agents; allowed: one of the two")
    if scenario.center.length is not None and group.shifts:
        message = "cannot be combined with a stationary run; allowed: agents = a number"
        yield Problem(f"{path}.shifts", message)
    if group.agents is None:
        return
    rules = group.open if group.open is not None else scenario.center.open
    try:
        interval_values(group.agents, scenario.center.grid, rules, scenario.center.open)
    except ValueError as error:
        yield Problem(f"{path}.agents", str(error))


def _quiet_breaks(path: str, breaks: QuietBreaks) -> Iterator[Problem]:
    if breaks.share > MOST_QUIET:
        shown = units.show_share(breaks.share)
        yield Problem(f"{path}.share", f"{shown} is too much; allowed: up to 95%")
    yield from finite(f"{path}.length", breaks.length)
    if breaks.length.mean < SHORTEST_QUIET_S:
        shown = units.show_duration(breaks.length.mean)
        yield Problem(f"{path}.length", f"has the mean {shown}; allowed: 10s or more")


def _skill(path: str, group: Group, skill: Skill) -> Iterator[Problem]:
    if skill.at_once > 1 and group.wrap == "when idle":
        message = 'above 1 cannot be combined with wrap = "when idle"; allowed: "at once"'
        yield Problem(f"{path}.at_once", message, skill.at_once)
    if len(skill.speed) > skill.at_once:
        message = f"{len(skill.speed)} speeds for at_once = {skill.at_once}; allowed: at most that"
        yield Problem(f"{path}.speed", message)


def _shift(path: str, shift: Shift) -> Iterator[Problem]:
    if shift.length > units.DAY:
        shown = units.show_duration(shift.length)
        yield Problem(f"{path}.length", f"{shown} is longer than a day; allowed: up to 24h")
    taken = 0.0
    for i, pause in sorted(enumerate(shift.breaks), key=lambda item: shift.break_start(item[1])):
        where = f"{path}.breaks.{i}"
        if (pause.after is None) == (pause.at is None):
            yield Problem(where, "needs one of after and at; allowed: either")
            continue
        start = shift.break_start(pause)
        end = start + pause.length
        if end > shift.length:
            shown = units.show_duration(shift.length)
            yield Problem(where, f"ends after the shift, which lasts {shown}; allowed: within it")
        elif start < taken:
            yield Problem(where, "overlaps the previous break; allowed: one after the other")
        taken = max(taken, end)
