"""Consistency checks of events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim import units
from sim.scenario.bot import Bot
from sim.scenario.event import ALLOWED, OFF, TIMES, parts_of
from sim.scenario.event_effects import (
    EventChange,
    all_changes,
    changed_record,
    during,
    event_changes,
    is_off,
    takes_off,
)
from sim.scenario.interval_times import mean_of
from sim.scenario.problems import Problem, ScenarioError, listed, nearest

if TYPE_CHECKING:
    from sim.scenario.event import Event
    from sim.scenario.field_types import Record
    from sim.scenario.group import Group
    from sim.scenario.scenario_record import ScenarioFields


def unknown_paths(scenario: ScenarioFields, path: str, event: Event) -> Iterator[Problem]:
    """Yield a problem for every path that an event may not change, and every unknown name."""
    if not event.changes:
        yield Problem(f"{path}.changes", 'is empty; allowed: { "queue.calls.talk" = "+20%" }')
    for changed_path, value in event.changes.items():
        where = f"{path}.changes.{changed_path}"
        found = parts_of(changed_path)
        if found is None:
            yield Problem(where, f"an event cannot change it; allowed: {ALLOWED}", value)
            continue
        family, name, field = found
        if family != "center" and name != "*" and name not in getattr(scenario, family):
            known = getattr(scenario, family)
            message = f"the {family} {name!r} is unknown; allowed: {listed(known)}."
            yield Problem(where, message, name, nearest(name, known))
        if (field in ("", "lines")) != is_off(value):
            allowed = (
                f'"{OFF}"' if field in ("", "lines") else 'a change such as "+20%", or a value'
            )
            yield Problem(where, f"{value!r} is not possible here; allowed: {allowed}", value)


def check_event(scenario: ScenarioFields, path: str, event: Event) -> Iterator[Problem]:
    """Yield a problem where an event lies outside the horizon or a change does not fit."""
    grid = scenario.center.grid
    if event.begin >= grid.days * grid.day_s:
        last = f"days 1 to {grid.days}" if not grid.stationary else units.show_duration(grid.day_s)
        yield Problem(path, f"starts after the end of the horizon; allowed: {last}")
        return
    name = path.removeprefix("event.")
    for (family, owner), change in all_changes(scenario):
        if change.event == name:
            where = f"{path}.changes.{change.path}"
            found = list(_unsuitable(scenario, where, family, owner, change))
            yield from found or _together(scenario, where, family, owner, change)


def _unsuitable(
    scenario: ScenarioFields, where: str, family: str, owner: str, change: EventChange
) -> Iterator[Problem]:
    """Yield a problem where a field is such that no event can change it so."""
    if family == "group" and change.field == "agents":
        yield from _agents(scenario, where, scenario.group[owner], change)
    if family != "queue":
        return
    queue = scenario.queue[owner]
    if change.field == "volume" and queue.volume.recorded is not None:
        message = "recorded arrivals cannot be changed; allowed: volumes per interval"
        yield Problem(where, message, change.value)
    elif change.field in TIMES and not 0 < getattr(queue, change.field).time < units.LONGEST:
        message = f"{change.field} is {getattr(queue, change.field)}; allowed: a mean above 0s"
        yield Problem(where, message, change.value)
    elif change.field == "resolved" and queue.resolved is None:
        message = 'needs the share resolved; allowed with resolved = "75%" in the queue'
        yield Problem(where, message, change.value)


def _agents(
    scenario: ScenarioFields, where: str, group: Group, change: EventChange
) -> Iterator[Problem]:
    if group.agents is None:
        if not takes_off(change.value):
            message = f"{change.value!r} takes no agents off"
            yield Problem(where, f'{message}; allowed with shifts: "-3" or "-10%"', change.value)
        return
    interval = scenario.center.interval_s
    for instant in (change.begin, change.end):
        if instant % interval:
            clock = units.show_clock(instant % units.DAY)
            message = f"{clock} falls within an interval of {units.show_duration(interval)}"
            allowed = "allowed: multiples, or a shorter interval"
            yield Problem(where, f"{message}, and agents change with intervals; {allowed}")
            return


def _together(
    scenario: ScenarioFields, where: str, family: str, owner: str, change: EventChange
) -> Iterator[Problem]:
    """Yield a problem where a value does not fit, alone or with the events at that time."""
    record = getattr(scenario, family)[owner]
    if family == "group" and record.agents is None and change.field == "agents":
        return
    try:
        new = changed_record(record, [change])
    except ScenarioError as error:
        for problem in error.problems:
            yield Problem(where, problem.message, change.value, problem.suggestion)
        return
    others = during(event_changes(scenario, family, owner), change.begin)
    if family == "group" and record.agents is None:
        others = [each for each in others if each.field != "agents"]
    if all(_fits(record, [each]) for each in others) and not _fits(record, others):
        named = listed({each.event for each in others})
        message = f"does not fit together with others; allowed: other values of the events {named}"
        yield Problem(where, message, change.value)
    if isinstance(new, Bot):
        yield from _bot(scenario, where, new, new.queue or owner)


def _fits(record: Record, changes: list[EventChange]) -> bool:
    try:
        changed_record(record, changes)
    except ScenarioError:
        return False
    return True


def _bot(scenario: ScenarioFields, where: str, bot: Bot, queue: str) -> Iterator[Problem]:
    total = bot.contained + bot.left
    if total > 1 + 1e-12:
        message = f"contained and left add up to {units.show_share(total)}"
        yield Problem(where, f"{message}; allowed: at most 100%")
    elif bot.residual(mean_of(scenario, queue, "talk")) <= 0:
        yield Problem(where, "the bot takes more talk than there is; allowed: a smaller share")
