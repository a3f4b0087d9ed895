"""What was understood of a group of agents, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim import units
from sim.scenario.calendar import describe_hours
from sim.scenario.form_fields import phrases
from sim.scenario.schedules import on_duty

if TYPE_CHECKING:
    from sim.scenario.group import Break, Group, Shift, Skill
    from sim.scenario.scenario_fields import ScenarioFields

_SHOWN = 3  # stretches without agents that are named
_number, _share, _time = units.show_number, units.show_share, units.show_duration


def describe_group(scenario: ScenarioFields, name: str, group: Group) -> Iterator[str]:
    """Yield what a group says: agents, skills, shifts and breaks, interruption, pay."""
    agents = on_duty(scenario, group)
    asked = [agents[i] for i in _asked(scenario, group)] or agents
    low, high = min(asked), max(agents)
    span = units.counted(high, "agent", 1)
    span = span if low == high else f"{_number(low, 1)} to {span}"
    how = f"{units.counted(group.persons, 'person')} in shifts, " if group.shifts else ""
    notes = [f"after {_share(group.shrinkage)} shrinkage"] if group.shrinkage else []
    notes += [f"of whom {_share(group.absent)} are absent"] if group.absent else []
    notes += ["parts rounded to whole agents, halves upwards"] if _has_parts(group) else []
    off = f" ({', '.join(notes)})" if notes else ""
    order = sorted(group.skills.items(), key=lambda item: item[1].level)
    skills = ", ".join(f"{queue} ({_skill(skill)})" for queue, skill in order)
    yield f"Group {name}: {how}{span} on duty{off}; serves {skills or 'nothing'}."
    if group.open is not None:
        yield f"Group {name} works {describe_hours(group.open)}."
    for shift in group.shifts:
        yield f"Group {name}: {_shift(shift)}."
    yield from _work(name, group)
    yield from _interruptions(scenario, name, group)
    if group.wage is not None:
        late = "" if group.overtime == 1 else f", overtime {_number(group.overtime)} times that"
        yield f"Group {name}: an hour of an agent costs {_number(group.wage)}{late}."
    if low == 0 < high:
        yield f"Group {name}: nobody is on duty {_empty(scenario, group, agents)}."


def _work(name: str, group: Group) -> Iterator[str]:
    """Say what agents do at the end of contacts and shifts, and which they have together."""
    if group.wrap == "when idle":
        yield f"Group {name}: wrap is put off until nothing waits."
    if group.at_shift_end == "hand back":
        yield (
            f"Group {name}: deferred work in hand is handed back at the end of a shift or when "
            "headcount falls."
        )
    if group.mix:
        pairs = ", ".join(f"{first} with {second}" for first, second in group.mix)
        yield f"Group {name}: an agent may have contacts in hand together of {pairs}."


def _asked(scenario: ScenarioFields, group: Group) -> list[int]:
    """Return the intervals in which a group should be there: its own or the center's hours."""
    rules = scenario.center.open if group.open is None else group.open
    return scenario.center.grid.open_intervals(rules)


def _has_parts(group: Group) -> bool:
    """Return whether scheduled agents net of shrinkage are no whole numbers."""
    series = group.agents
    plain = (group.persons,) if series is None else series.values or (series.each or 0,)
    net = [agents * (1 - group.shrinkage) for agents in plain]
    return any(abs(agents - round(agents)) > 1e-6 for agents in net)


def _empty(scenario: ScenarioFields, group: Group, agents: list[float]) -> str:
    """Return the first stretches of open hours without an agent, as words."""
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
    more = f" and {len(spans) - _SHOWN} times more" if len(spans) > _SHOWN else ""
    return ", ".join(words) + more


def _skill(skill: Skill) -> str:
    """Return what a group may do for a queue, but for defaults."""
    words = [f"level {skill.level}"]
    if skill.take is not None and skill.take != skill.level:
        words.append(f"taken at level {skill.take} by a free agent")
    return ", ".join(words + phrases(skill))


def _shift(shift: Shift) -> str:
    """Return persons, hours and breaks of a shift."""
    end = (shift.start + shift.length) % units.DAY
    days = "" if shift.days is None else f" on {', '.join(shift.days)}"
    breaks = ", ".join(_break(each) for each in shift.breaks) or "no breaks"
    named = f"shift {shift.name}, " if shift.name else ""
    return (
        f"{named}{units.counted(shift.agents, 'person')} from {units.show_clock(shift.start)} to "
        f"{units.show_clock(end)}{days}; {breaks}"
    )


def _break(each: Break) -> str:
    if each.at is not None:
        return f"a break of {_time(each.length)} at {units.show_clock(each.at)}"
    return f"a break of {_time(each.length)} after {_time(each.after or 0.0)}"


def _interruptions(scenario: ScenarioFields, name: str, group: Group) -> Iterator[str]:
    """Say which deferred work live contacts interrupt, and what becomes of it."""
    served = [q for q in group.skills if scenario.queue[q].is_deferred]
    for work in served:
        by = {
            live
            for word, lives in group.interrupts.items()
            if work in scenario.queues_meant(word)
            for each in lives
            for live in scenario.queues_meant(each)
            if live in group.skills and not scenario.queue[live].is_deferred
        }
        if by:
            lost = scenario.queue[work].when_interrupted == "start over"
            then = "starts over, what was done is lost" if lost else "goes on where it stopped"
            yield (
                f"Group {name}: work on {work} is interrupted by {', '.join(sorted(by))} and then "
                f"{then}."
            )
        elif len(served) < len(group.skills):
            yield f"Group {name}: work on {work} once begun is finished, whoever waits."
