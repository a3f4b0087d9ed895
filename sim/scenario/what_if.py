"""Common questions as changes by dotted path: more agents, merged groups, a bot, more volume."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim import units
from sim.scenario.calendar import weekdays
from sim.scenario.day_span import days_in_words, intervals_in, time_span
from sim.scenario.field_types import Record
from sim.scenario.problems import all_of
from sim.scenario.schedules import scheduled
from sim.units import BadInputError, counted

if TYPE_CHECKING:
    from sim.scenario.group import Group, Shift
    from sim.scenario.scenario import Scenario

ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a scenario.

    Attributes
    ----------
    words : str
        What it does, as a planner says it.
    changes : dict
        By dotted path, as :meth:`Scenario.with_` takes it; plain texts, numbers, lists, tables.
    """

    words: str
    changes: dict[str, Any]


def add_agents(
    scenario: Scenario,
    group: str,
    agents: int,
    start: str | None = None,
    end: str | None = None,
    days: str | None = None,
) -> Edit:
    """Return the change that puts agents on a group, or takes some off.

    Parameters
    ----------
    scenario : Scenario
    group : str
    agents : int
        More than before; below zero for fewer, of whom none is left below zero.
    start, end : str, optional
        Times of day; from opening to closing unless given, of the days wanted. A group with
        shifts gets one shift more of these hours, without breaks.
    days : str, optional
        Such as ``"mon-fri"``; every day unless given.

    Returns
    -------
    Edit

    Raises
    ------
    BadInputError
        When the span is empty or outside the horizon, or fewer agents are wanted for a part of
        the hours of shifts.
    """
    team = scenario.group[group]
    if agents == 0:
        raise BadInputError("agents: is 0, which changes nothing; allowed: more or fewer")
    words = f"Group {group}: {agents:+d} {'agent' if abs(agents) == 1 else 'agents'}"
    if start is None and end is None and days is None:
        fields = ["agents"] if team.agents is not None else _each_shift(team)
        where = "" if team.agents is not None else " on each shift"
        return Edit(words + where, {f"group.{group}.{field}": f"{agents:+d}" for field in fields})
    if scenario.center.length is not None:
        raise BadInputError("from, to, days: this scenario has no times of day; leave them out")
    begin, finish = time_span(scenario, start, end, days)
    if team.agents is None:  # a shift has the same hours on all days
        start, end = units.show_clock(begin), units.show_clock(finish)
    words += f", {start or 'opening'} to {end or 'closing'}"
    words += f", {days_in_words(days)}" if days else ""
    if team.agents is None:
        return Edit(words, _one_shift_more(group, team, agents, (begin, finish), days))
    before = scheduled(scenario, team)
    numbers = list(before)
    inside = intervals_in(scenario, begin, finish, days)
    if not (start and end):  # days that open later or close earlier keep their hours
        opens = set(scenario.center.grid.open_intervals(scenario.center.open))
        inside = [k for k in inside if k in opens]
    for k in inside:
        numbers[k] = max(numbers[k] + agents, 0.0)
    if numbers == before:
        raise BadInputError(f"agents: {group} has no agents scheduled then, so none can be removed")
    return Edit(words, _headcount(scenario, group, team, numbers))


def set_agents(
    scenario: Scenario,
    group: str,
    agents: int,
    start: str | None = None,
    end: str | None = None,
    days: str | None = None,
) -> Edit:
    """Return the change that schedules the same number of agents in a group for some hours.

    Parameters
    ----------
    scenario : Scenario
    group : str
        One with shifts gets this headcount instead of them, where the hours are all opening hours.
    agents : int
        In every interval, 0 or more.
    start, end, days : str, optional
        As of :func:`add_agents`.

    Raises
    ------
    BadInputError
        When nothing would change, the hours are empty, or they are a part of the hours of shifts.
    """
    team = scenario.group[group]
    if agents < 0:
        raise BadInputError(f"agents: {agents} is below zero; allowed: 0 or more")
    words = f"Group {group}: {counted(agents, 'agent')}"
    if scenario.center.length is not None:
        if start or end or days:
            raise BadInputError("from, to, days: this scenario has no times of day; leave them out")
        return headcounts(scenario, {group: [agents]}, f"{words} at all times")
    whole = start is None and end is None and days is None
    if team.agents is None and not whole:
        raise BadInputError(
            f"agents: {group} works in shifts, which have no headcount by time of day; allowed: "
            "from opening to closing every day, or other shifts on page Scenario"
        )
    grid = scenario.center.grid
    begin, finish = time_span(scenario, start, end, days)
    inside = intervals_in(scenario, begin, finish, days)
    if not (start and end):  # days that open later or close earlier keep their hours
        opens = set(grid.open_intervals(scenario.center.open))
        inside = [k for k in inside if k in opens]
    numbers = [0.0] * grid.intervals if team.agents is None else list(scheduled(scenario, team))
    before = list(numbers)
    for k in inside:
        numbers[k] = float(agents)
    if team.agents is not None and numbers == before:
        raise BadInputError(f"agents: {group} has {agents} scheduled then already")
    words += " all day" if whole else f", {start or 'opening'} to {end or 'closing'}"
    words += f", {days_in_words(days)}" if days else ""
    words += " instead of its shifts" if team.agents is None else ""
    return headcounts(scenario, {group: numbers}, words)


def bot_in_front(scenario: Scenario, queue: str, fields: Mapping[str, Any]) -> Edit:
    """Return the change that puts self-service in front of a queue, in place of any it has.

    Parameters
    ----------
    scenario : Scenario
    queue : str
    fields : mapping
        As in a table ``[bot.NAME]``.
    """
    found = scenario.bot_of(queue)
    if found is not None:
        name, before = found[0], found[1].model_dump(mode="json", by_alias=True, exclude_unset=True)
    else:
        name, before = _free(f"{queue}", scenario.bot), {}
    kept = {key: before[key] for key in ("kind",) if key in before}
    words = f"Bot in front of {queue}{_contained(fields)}"
    return Edit(words, {f"bot.{name}": _plain({"queue": queue, **kept, **fields})})


def _contained(fields: Mapping[str, Any]) -> str:
    """Return the share that a bot contains, and of whom, in words; none where it is not said."""
    if "contained" not in fields:
        return ""
    contained = units.share(fields["contained"])
    tried = units.share(fields["tried"]) if "tried" in fields else 1.0
    if tried < 1.0:
        text = f", {tried:.0%} try it, {contained:.0%} of these contained"
    else:
        text = f", {contained:.0%} contained"
    return text.replace("%", " %")


def change_volume(scenario: Scenario, percent: int, queues: Sequence[str] | None = None) -> Edit:
    """Return the change that scales the volume of queues.

    Parameters
    ----------
    scenario : Scenario
    percent : int
        -100 or more.
    queues : sequence of str, optional
        Every queue whose arrivals are not recorded unless given.

    Raises
    ------
    BadInputError
        When nothing would change.
    """
    if percent < -100 or percent == 0:
        raise BadInputError(f"volume: {percent:+d} % is refused; allowed: -100 % or more, not 0")
    able = [name for name, one in scenario.queue.items() if one.volume.recorded is None]
    wanted = able if not queues else list(queues)
    if recorded := [name for name in wanted if name not in able]:
        raise BadInputError(
            f"queue.{recorded[0]}: its arrivals are recorded one by one and cannot be scaled"
        )
    if not wanted:
        raise BadInputError("volume: no queue has a volume that can be scaled")
    of_queues = "" if not queues else f" of {all_of(wanted)}"
    words = f"Volume{of_queues} {percent:+d} %"
    return Edit(words, {f"queue.{name}.volume": f"{percent:+d}%" for name in wanted})


def satisfaction_model(scenario: Scenario, resolved: str = "70%") -> Edit:
    """Return the change that adds a satisfaction model with its defaults.

    Parameters
    ----------
    scenario : Scenario
    resolved : str
        Share of issues that one contact resolves, of all queues where no queue has one.
    """
    changes: dict[str, Any] = {"satisfaction": {}}
    if any(queue.resolved is not None for queue in scenario.queue.values()):
        return Edit("Satisfaction model", changes)
    changes |= {f"queue.{name}.resolved": resolved for name in scenario.queue}
    return Edit(f"Satisfaction model, {resolved} resolved by one contact", changes)


def headcounts(scenario: Scenario, numbers: Mapping[str, Sequence[float]], words: str) -> Edit:
    """Return the change that schedules agents of groups by interval, instead of any shifts.

    Parameters
    ----------
    scenario : Scenario
    numbers : mapping
        By group: agents to schedule in every interval of the horizon, shrinkage included. A
        stationary run takes the largest.
    words : str
        What the change is called.
    """
    changes: dict[str, Any] = {}
    for name, wanted in numbers.items():
        team = scenario.group[name]
        if team.shifts:
            changes[f"group.{name}.shifts"] = []
        changes |= _headcount(scenario, name, team, wanted)
    return Edit(words, changes)


# How staff is written ----------------------------------------------------------------------------


def _headcount(
    scenario: Scenario, name: str, team: Group, numbers: Sequence[float]
) -> dict[str, Any]:
    """Return the paths that lay whole numbers along the horizon."""
    if scenario.center.length is not None:
        return {f"group.{name}.agents": int(max(numbers))}
    rules = team.open if team.open is not None else scenario.center.open
    opens = scenario.center.grid.open_intervals(rules)
    outside = set(range(len(numbers))) - set(opens)
    changes: dict[str, Any] = {}
    if any(numbers[k] > 0 for k in outside):
        changes[f"group.{name}.open"] = ALWAYS
        opens = list(range(len(numbers)))
    changes[f"group.{name}.agents"] = [int(numbers[k]) for k in opens]
    return changes


def _each_shift(team: Group) -> list[str]:
    return [f"shifts.{k}.agents" for k in range(len(team.shifts))]


def _one_shift_more(
    name: str, team: Group, agents: int, span: tuple[float, float], days: str | None
) -> dict[str, Any]:
    if agents < 0:
        raise BadInputError(
            f"agents: {name} works in shifts, and a part of a shift cannot be taken off; allowed: "
            "fewer agents from opening to closing, or other shifts on page Scenario"
        )
    begin, finish = span
    new: dict[str, Any] = {
        "agents": agents,
        "start": units.show_clock(begin),
        "length": units.show_duration(finish - begin),
        "name": "added",
    }
    if days:
        new["days"] = list(weekdays(days))
    shifts = [shift_table(shift) for shift in team.shifts]
    # Shrinkage leaves out the last persons, who should not be those just added.
    return {f"group.{name}.shifts": [new, *shifts] if team.shrinkage else [*shifts, new]}


def shift_table(shift: Shift) -> dict[str, Any]:
    """Return a shift as a file writes it."""
    table: dict[str, Any] = {
        "agents": shift.agents,
        "start": units.show_clock(shift.start),
        "length": units.show_duration(shift.length),
    }
    if shift.breaks:
        table["breaks"] = [
            f"{units.show_duration(one.length)} at {units.show_clock(one.at)}"
            if one.at is not None
            else f"{units.show_duration(one.length)} after {units.show_duration(one.after or 0.0)}"
            for one in shift.breaks
        ]
    table |= {"days": list(shift.days)} if shift.days is not None else {}
    return table | ({"name": shift.name} if shift.name else {})


def _plain(value: Any) -> Any:
    """Return a value with records as tables, so that it can be stored as text."""
    if isinstance(value, Record):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _free(wish: str, taken: Iterable[str]) -> str:
    return next(_unused(wish, set(taken)))


def _unused(wish: str, taken: set[str]) -> Iterator[str]:
    names = [wish, f"{wish} bot", *(f"{wish} bot {k}" for k in range(2, len(taken) + 3))]
    yield from (name for name in names if name not in taken)
