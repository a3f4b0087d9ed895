"""Groups of agents as headcounts, persons and their shifts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim import units
from sim.model import Floats, Group, Ints, Shift, Skill
from sim.scenario.calendar import WEEKDAYS, hours_on
from sim.scenario.check import queues_meant
from sim.scenario.spread import lay

if TYPE_CHECKING:
    from sim import scenario as written
    from sim.scenario import Scenario


def group(scenario: Scenario, name: str, numbers: dict[str, int]) -> Group:
    """Return a group as arrays.

    Parameters
    ----------
    scenario : Scenario
    name : str
    numbers : dict
        Number of each queue by its name.
    """
    fields = scenario.group[name]
    headcount: Ints | None = None
    shifts: tuple[Shift, ...] = ()
    if fields.agents is not None:
        scheduled = scheduled_heads(scenario, fields)
        headcount = np.floor(scheduled * (1 - fields.shrinkage) + 0.5 + 1e-9).astype(np.int64)
        agents = int(headcount.max(initial=0))
    else:
        scheduled = scheduled_shifts(scenario, fields)
        agents = math.floor(fields.persons * (1 - fields.shrinkage) + 0.5 + 1e-9)
        shifts = tuple(s for s in persons(scenario, fields) if s.agent < agents)
    skills = [_skill(numbers[queue], skill) for queue, skill in fields.skills.items()]
    return Group(
        name=name,
        skills=tuple(sorted(skills, key=lambda skill: skill.queue)),
        scheduled=scheduled,
        headcount=headcount,
        shifts=shifts,
        agents=agents,
        absent=fields.absent,
        wrap_when_idle=fields.wrap == "when idle",
        hands_back=fields.at_shift_end == "hand back",
        mixes=_mixes(scenario, fields),
        interrupts=_interrupts(scenario, fields, numbers),
    )


def scheduled_heads(scenario: Scenario, fields: written.Group) -> Floats:
    """Return the scheduled headcount of each interval, zero in closed hours."""
    center = scenario.center
    if fields.agents is None:
        return np.zeros(center.grid.intervals)
    rules = fields.open if fields.open is not None else center.open
    return np.array(lay(fields.agents, center.grid, rules, center.open))


def scheduled_shifts(scenario: Scenario, fields: written.Group) -> Floats:
    """Return the persons in a shift in each interval, as the mean over the interval."""
    grid = scenario.center.grid
    edges = np.arange(grid.intervals) * grid.interval_s
    result = np.zeros(grid.intervals)
    for shift in persons(scenario, fields):
        inside = np.minimum(edges + grid.interval_s, shift.end) - np.maximum(edges, shift.start)
        result += np.clip(inside, 0.0, None) / grid.interval_s
    return result


def persons(scenario: Scenario, fields: written.Group) -> list[Shift]:
    """Return the shift of every person on every day, by day, then start, then person."""
    grid = scenario.center.grid
    result = []
    first = 0
    for shift in fields.shifts:
        for day in range(grid.days):
            if not _works(scenario, shift, day):
                continue
            start = day * units.DAY + shift.start
            breaks = _breaks(shift, start)
            for agent in range(first, first + shift.agents):
                result.append(Shift(agent, day, start, start + shift.length, breaks))
        first += shift.agents
    return sorted(result, key=lambda item: (item.day, item.start, item.agent))


def _works(scenario: Scenario, shift: written.Shift, day: int) -> bool:
    date = scenario.center.grid.date(day)
    if shift.days is not None:
        return WEEKDAYS[date.weekday()] in shift.days
    return bool(hours_on(scenario.center.open, date))


def _breaks(shift: written.Shift, start: float) -> Floats:
    pairs = sorted((start + shift.break_start(pause), pause.length) for pause in shift.breaks)
    return np.array(pairs, dtype=float).reshape(-1, 2)


def _skill(queue: int, skill: written.Skill) -> Skill:
    speed = list(skill.speed) + [skill.speed[-1]] * (skill.at_once - len(skill.speed))
    return Skill(
        queue=queue,
        level=skill.level,
        take=skill.level if skill.take is None else skill.take,
        after=skill.after,
        speed=np.array(speed),
        at_once=skill.at_once,
        reserve=skill.reserve,
        resolves=skill.resolves,
    )


def _mixes(scenario: Scenario, fields: written.Group) -> frozenset[tuple[str, str]]:
    """Return the pairs of channels both ways round, spelled as the queues spell them."""
    spelled = {queue.channel.lower(): queue.channel for queue in scenario.queue.values()}
    pairs = [(spelled[a.lower()], spelled[b.lower()]) for a, b in fields.mix]
    return frozenset(pairs) | frozenset((b, a) for a, b in pairs)


def _interrupts(
    scenario: Scenario, fields: written.Group, numbers: dict[str, int]
) -> frozenset[tuple[int, int]]:
    """Return the pairs of deferred and live queues, among those the group serves."""
    pairs = set()
    for word, lives in fields.interrupts.items():
        works = [q for q in queues_meant(scenario, word) if scenario.queue[q].is_deferred]
        meant = {live for each in lives for live in queues_meant(scenario, each)}
        meant = {live for live in meant if not scenario.queue[live].is_deferred}
        pairs |= {
            (numbers[work], numbers[live])
            for work in works
            for live in meant
            if work in fields.skills and live in fields.skills
        }
    return frozenset(pairs)
