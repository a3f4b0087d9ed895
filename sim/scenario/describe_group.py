"""A group of agents as plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim import units
from sim.scenario.calendar import describe_hours
from sim.scenario.describe_queue import show_distribution
from sim.scenario.form_fields import phrases
from sim.scenario.problems import all_of
from sim.scenario.schedules import on_duty

if TYPE_CHECKING:
    from sim.scenario.group import Break, Group, Shift, Skill
    from sim.scenario.scenario_record import ScenarioFields

_MOST_PERSONS = 12  # that are described one by one
_SHOWN = 3  # unstaffed spans that are named
_number, _share, _time = units.show_number, units.show_share, units.show_duration


def describe_group(scenario: ScenarioFields, name: str, group: Group) -> Iterator[str]:
    """Yield what a group says: agents, skills, shifts and breaks, interruption, pay."""
    agents = on_duty(scenario, group)
    asked = [agents[i] for i in _asked(scenario, group)] or agents
    low, high = min(asked), max(agents)
    span = units.counted(high, "agent", 1)
    span = span if low == high else f"{_number(low, 1)} to {span}"
    how = f"{units.counted(group.shift_agents, 'agent')} in shifts, " if group.shifts else ""
    notes = [f"after {_share(group.shrinkage)} shrinkage"] if group.shrinkage else []
    notes += [f"of whom {_share(group.absent)} are absent"] if group.absent else []
    notes += ["rounded to whole agents, halves up"] if _has_parts(group) else []
    off = f" ({', '.join(notes)})" if notes else ""
    order = sorted(group.skills.items(), key=lambda item: item[1].level)
    skills = ", ".join(f"{queue} ({_skill(skill)})" for queue, skill in order)
    yield f"Group {name}: {how}{span} on duty{off}; serves {skills or 'nothing'}."
    if group.open is not None:
        yield f"Group {name} works {describe_hours(group.open)}."
    for band in group.tenure:
        words = ", ".join(phrases(band)) or "like the others"
        yield f"Group {name}: {_share(band.share)} of agents, {words}."
    yield from _persons(name, group, int(high))
    for shift in group.shifts:
        yield f"Group {name}: {_shift(shift)}."
    if group.mix:
        pairs = ", ".join(f"{first} with {second}" for first, second in group.mix)
        yield f"Group {name}: an agent may handle at the same time {pairs}."
    if (quiet := group.breaks_when_quiet) is not None:
        yield (
            f"Group {name}: in quiet times {_share(quiet.share)} of agents without a contact are "
            f"not ready, in a break of {show_distribution(quiet.length)}."
        )
        if further := phrases(quiet):
            yield f"Group {name}: such a break: {', '.join(further)}."
    yield from _interruptions(scenario, name, group)
    if found := phrases(group):
        yield f"Group {name}: {'; '.join(found)}."
    if low == 0 < high:
        yield f"Group {name}: unstaffed {_empty(scenario, group, agents)}."


def _persons(name: str, group: Group, agents: int) -> Iterator[str]:
    """Yield the agents who are known by name: few one by one, many by their extremes."""
    people = group.persons
    if not people:
        return
    there = f"the first {units.counted(len(people), 'agent')}"
    if len(people) > agents:
        there += f", of whom at most {agents} are on duty"
    yield f"Group {name}: {there} are known by name and log in in this order."
    if len(people) <= _MOST_PERSONS:
        for one in people:
            yield f"Group {name}: {', '.join(phrases(one))}."
        return
    if means := [one.gap.mean for one in people if one.gap is not None]:
        span = f"{_time(min(means))} to {_time(max(means))}"
        yield f"Group {name}: {len(means)} of them have a gap of their own, {span} on average."
    speeds, shares = ([getattr(p, key) for p in people] for key in ("speed", "resolves"))
    mean = sum(speeds) / len(speeds)
    yield (
        f"Group {name}: {people[0].name} to {people[-1].name} work at {_share(min(speeds))} to "
        f"{_share(max(speeds))} speed, {_share(mean)} on average, and resolve "
        f"{_share(min(shares))} to {_share(max(shares))} of the usual share."
    )


def _asked(scenario: ScenarioFields, group: Group) -> list[int]:
    """Return the intervals of a group's own or the center's opening hours."""
    rules = scenario.center.open if group.open is None else group.open
    return scenario.center.grid.open_intervals(rules)


def _has_parts(group: Group) -> bool:
    """Return whether scheduled agents net of shrinkage are not whole numbers."""
    series = group.agents
    plain = (group.shift_agents,) if series is None else series.values or (series.each or 0,)
    net = [agents * (1 - group.shrinkage) for agents in plain]
    return any(abs(agents - round(agents)) > 1e-6 for agents in net)


def _empty(scenario: ScenarioFields, group: Group, agents: list[float]) -> str:
    """Return the first unstaffed spans of the opening hours, as words."""
    grid = scenario.center.grid
    spans: list[list[int]] = []
    for i in (i for i in _asked(scenario, group) if agents[i] == 0):
        if spans and spans[-1][1] == i:
            spans[-1][1] = i + 1
        else:
            spans.append([i, i + 1])
    words = [
        f"{grid.label(first)}-{units.show_clock(((end - 1) % grid.per_day + 1) * grid.interval_s)}"
        for first, end in spans[:_SHOWN]
    ]
    more = f" and {len(spans) - _SHOWN} more" if len(spans) > _SHOWN else ""
    return ", ".join(words) + more


def _skill(skill: Skill) -> str:
    """Return what a group may do for a queue, defaults left out."""
    words = [f"level {skill.level}"]
    if skill.take is not None and skill.take != skill.level:
        words.append(f"level {skill.take} for a free agent")
    return ", ".join(words + phrases(skill))


def _shift(shift: Shift) -> str:
    """Return agents, hours and breaks of a shift."""
    end = (shift.start + shift.length) % units.DAY
    days = "" if shift.days is None else f" on {', '.join(shift.days)}"
    breaks = ", ".join(_break(each) for each in shift.breaks) or "no breaks"
    named = f"shift {shift.name}, " if shift.name else ""
    return (
        f"{named}{units.counted(shift.agents, 'agent')} from {units.show_clock(shift.start)} to "
        f"{units.show_clock(end)}{days}; {'; '.join([breaks, *phrases(shift)])}"
    )


def _break(each: Break) -> str:
    at = (
        f"after {_time(each.after or 0.0)}"
        if each.at is None
        else f"at {units.show_clock(each.at)}"
    )
    return " ".join([f"a break of {_time(each.length)} {at}", *phrases(each)])


def _interruptions(scenario: ScenarioFields, name: str, group: Group) -> Iterator[str]:
    """Yield which live contacts interrupt deferred work, and how it resumes."""
    served = [q for q in group.skills if scenario.queue[q].is_deferred]
    for work in served:
        by = {
            live
            for word, queues in group.interrupts.items()
            if work in scenario.queues_meant(word)
            for each in queues
            for live in scenario.queues_meant(each)
            if live in group.skills and not scenario.queue[live].is_deferred
        }
        if by:
            lost = scenario.queue[work].when_interrupted == "start over"
            then = "starts over" if lost else "resumes where it stopped"
            yield (
                f"Group {name}: work on {work} is interrupted by {all_of(sorted(by))} and then "
                f"{then}."
            )
        elif len(served) < len(group.skills):
            yield f"Group {name}: work on {work} is not interrupted by live contacts."
