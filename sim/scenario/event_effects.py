"""What events do to queues, bots and groups, by time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sim import units
from sim.scenario.event import OFF, TIMES, parts_of
from sim.scenario.field_types import Record
from sim.scenario.files import Files
from sim.scenario.interval_series import volume_of
from sim.scenario.overrides import changed
from sim.scenario.schedules import on_duty, scheduled

if TYPE_CHECKING:
    from sim.scenario.scenario_record import ScenarioFields

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class EventChange:
    """A field of one queue, bot or group that an event changes.

    Attributes
    ----------
    event, path : str
        Name of the event, and the path as it writes it.
    field : str
        Empty for a bot as a whole.
    value : str or float
    begin, end : float
        Instants (s).
    """

    event: str
    path: str
    field: str
    value: str | float
    begin: float
    end: float


def event_changes(scenario: ScenarioFields, family: str, name: str) -> list[EventChange]:
    """Return what events change of a queue, bot or group, in the order of the file."""
    return [each for one, each in all_changes(scenario) if one == (family, name)]


def all_changes(scenario: ScenarioFields) -> Iterator[tuple[tuple[str, str], EventChange]]:
    """Yield what events change, each with family and name of what it changes."""
    for event_name, event in scenario.event.items():
        for path, value in event.changes.items():
            found = parts_of(path)
            if found is None:
                continue
            family, name, field = found
            if family == "center":
                owners = [("queue", q) for q, queue in scenario.queue.items() if queue.is_voice]
            else:
                owners = [(family, one) for one in names_meant(scenario, family, name)]
            for owner in owners:
                yield owner, EventChange(event_name, path, field, value, event.begin, event.end)


def changed_record(record: R, changes: Sequence[EventChange]) -> R:
    """Return a queue, bot or group as it is while some events last, one after the other.

    Parameters
    ----------
    record : Record
    changes : sequence of EventChange

    Raises
    ------
    ScenarioError
        When a value does not fit.
    """
    for each in changes:
        if each.field in ("", "lines"):
            off = {"tried": 0.0} if each.field == "" else {"lines": 0}
            record = changed(record, off, Files(None))
        else:
            path = f"{each.field}.mean" if each.field in TIMES else each.field
            record = changed(record, {path: each.value}, Files(None))
    return record


def during(changes: Sequence[EventChange], instant: float) -> list[EventChange]:
    """Return the changes that hold at an instant (s)."""
    return [each for each in changes if each.begin <= instant < each.end]


def edges(changes: Sequence[EventChange], horizon: float) -> list[float]:
    """Return the instants (s) within the horizon from which on other changes hold, 0 included."""
    instants = {instant for each in changes for instant in (each.begin, each.end)}
    return sorted({0.0} | {instant for instant in instants if 0 < instant < horizon})


def volumes(scenario: ScenarioFields, name: str) -> list[float]:
    """Return the contacts of a queue by interval; an event counts by its part of the interval."""
    center, queue = scenario.center, scenario.queue[name]
    grid, usual = center.grid, volume_of(queue, center.grid, center.open)
    changes = [each for each in event_changes(scenario, "queue", name) if each.field == "volume"]
    if not changes:
        return usual
    result, horizon = list(usual), grid.days * grid.day_s
    starts = edges(changes, horizon)
    for begin, end in zip(starts, [*starts[1:], horizon], strict=True):
        now = during(changes, begin)
        if not now:
            continue
        new = volume_of(changed_record(queue, now), grid, center.open)
        for i, part in _parts(begin, end, grid.interval_s):
            result[i] += part * (new[i] - usual[i])
    return result


def _parts(begin: float, end: float, interval_s: float) -> Iterator[tuple[int, float]]:
    """Yield the intervals between two instants, each with its part that lies between them."""
    i = int(begin // interval_s)
    while i * interval_s < end:
        inside = min(end, (i + 1) * interval_s) - max(begin, i * interval_s)
        yield i, inside / interval_s
        i += 1


def headcounts(scenario: ScenarioFields, name: str) -> tuple[list[float], list[float]]:
    """Return the paid and the available agents of a group staffed by headcount, by interval.

    Who is missing because of an event is paid as if scheduled; additional agents are paid, too.
    """
    group, grid = scenario.group[name], scenario.center.grid
    paid, there = scheduled(scenario, group), on_duty(scenario, group)
    changes = [each for each in event_changes(scenario, "group", name) if each.field == "agents"]
    horizon = grid.days * grid.day_s
    starts = edges(changes, horizon) if changes else []
    for begin, end in zip(starts, [*starts[1:], horizon], strict=False):
        now = during(changes, begin)
        if now:
            new = changed_record(group, now)
            new_paid, new_there = scheduled(scenario, new), on_duty(scenario, new)
            for i, _ in _parts(begin, end, grid.interval_s):
                paid[i], there[i] = max(paid[i], new_paid[i]), new_there[i]
    return paid, there


def absent_by_day(scenario: ScenarioFields, name: str) -> tuple[float, ...]:
    """Return the probability that an agent is absent by day, empty where no event changes it.

    An event changes it on every day that it touches.
    """
    group, days = scenario.group[name], scenario.center.grid.days
    changes = [each for each in event_changes(scenario, "group", name) if each.field == "absent"]
    if not changes:
        return ()
    of_days = [
        [each for each in changes if each.begin < (k + 1) * units.DAY and each.end > k * units.DAY]
        for k in range(days)
    ]
    return tuple(changed_record(group, touching).absent for touching in of_days)


def takes_off(value: str | float) -> bool:
    """Return whether a change of a number of agents never raises it."""
    if not units.is_change(value):
        return False
    change = units.change(value)
    return not change.unit and change.factor <= 1 and change.add <= 0


def is_off(value: str | float) -> bool:
    """Return whether a value is the word for what does not work."""
    return isinstance(value, str) and value.strip().lower() == OFF


def names_meant(scenario: ScenarioFields, family: str, name: str) -> list[str]:
    """Return the queues, bots or groups that a name in a path means; ``*`` means all."""
    known = getattr(scenario, family)
    return list(known) if name == "*" else [name] if name in known else []
