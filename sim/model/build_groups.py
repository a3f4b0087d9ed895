"""Groups of agents as headcounts, persons and their shifts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.array_types import Floats, Ints
from sim.distributions import Exponential, TimeDistribution
from sim.model.build_conditions import shifts_during_events
from sim.model.groups import Group, QuietBreaks, Shift, Skill
from sim.model.same_fields import same_fields
from sim.scenario.event_effects import absent_by_day, headcounts
from sim.scenario.schedules import net, scheduled, turns

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
        paid, there = headcounts(scenario, name)
        headcount = np.array(there).astype(np.int64)
        agents = int(headcount.max(initial=0))
    else:
        agents = net(fields.shift_agents, fields.shrinkage)
        present = [s for s in persons(scenario, fields) if s.agent < agents]
        shifts = shifts_during_events(scenario, name, present)
        paid = scheduled(scenario, fields)
    wage = np.nan if fields.wage is None else fields.wage
    skills = [_skill(numbers[queue], skill) for queue, skill in fields.skills.items()]
    return Group(
        name=name,
        skills=tuple(sorted(skills, key=lambda skill: skill.queue)),
        scheduled=np.array(paid),
        headcount=headcount,
        shifts=shifts,
        agents=agents,
        absent=fields.absent,
        absent_by_day=absent_by_day(scenario, name),
        wage=wage,
        overtime_wage=wage * fields.overtime,
        tools=np.nan if fields.tools is None else fields.tools,
        wrap_when_idle=fields.wrap == "when idle",
        hands_back=fields.at_shift_end == "hand back",
        mixes=_mixes(scenario, fields),
        interrupts=_interrupts(scenario, fields, numbers),
        speed_spread=fields.speed_spread,
        persons=len(fields.persons),
        person_gaps=_person_gaps(fields),
        agent_factors=agent_factors(fields, max(agents, _LEAST_ROWS)),
        gap=fields.gap.to_model() if fields.gap.mean else None,
        quiet=_quiet_breaks(fields.breaks_when_quiet),
    )


def _quiet_breaks(fields: written.QuietBreaks | None) -> QuietBreaks | None:
    """Return breaks so frequent that in quiet times their share of agents is in one."""
    if fields is None or not fields.share:
        return None
    ready = fields.length.mean * (1 - fields.share) / fields.share
    return QuietBreaks(fields.share, fields.length.to_model(), Exponential(ready))


def _person_gaps(fields: written.Group) -> tuple[TimeDistribution | None, ...]:
    """Return the gap of each person, empty where none has a gap of the own."""
    if all(one.gap is None for one in fields.persons):
        return ()
    gaps = (fields.gap if one.gap is None else one.gap for one in fields.persons)
    return tuple(gap.to_model() if gap.mean else None for gap in gaps)


_LEAST_ROWS = 100
"""Agents whose band is known even where fewer are planned, as plans may have more."""


def agent_factors(fields: written.Group, agents: int) -> Floats | None:
    """Return speed and resolution of each agent; None where all are alike.

    The first are the persons, the others in bands of tenure: agent after agent goes to the band
    that is furthest below its share, so that the first of them, however many, hold the shares as
    nearly as they can.

    Returns
    -------
    ndarray or None, shape (agents, 2)
    """
    if not (fields.tenure or fields.persons):
        return None
    known = np.array([(one.speed, one.resolves) for one in fields.persons]).reshape(-1, 2)
    agents = max(agents, len(known))
    bands = [(band.share, band.speed, band.resolves) for band in fields.tenure]
    rest = max(1.0 - sum(band.share for band in fields.tenure), 0.0)
    table = np.array([*bands, (rest, 1.0, 1.0)])
    count = np.zeros(len(table))
    found = np.empty((agents, 2))
    found[: len(known)] = known
    for agent in range(len(known), agents):
        band = int(np.argmax(table[:, 0] * (agent - len(known) + 1) - count))
        count[band] += 1
        found[agent] = table[band, 1:]
    return found


def persons(scenario: Scenario, fields: written.Group) -> list[Shift]:
    """Return the shift of every person on every day, by day, then start, then person."""
    result = []
    for turn in turns(scenario, fields):
        breaks = np.array(turn.breaks, dtype=float).reshape(-1, 2)
        for agent in range(turn.first, turn.first + turn.shift.agents):
            result.append(Shift(agent, turn.day, turn.start, turn.end, breaks))
    return sorted(result, key=lambda item: (item.day, item.start, item.agent))


def _skill(queue: int, skill: written.Skill) -> Skill:
    speed = list(skill.speed) + [skill.speed[-1]] * (skill.at_once - len(skill.speed))
    take = skill.level if skill.take is None else skill.take
    return same_fields(Skill, skill, queue=queue, take=take, speed=np.array(speed))


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
    for word, queues in fields.interrupts.items():
        works = [q for q in scenario.queues_meant(word) if scenario.queue[q].is_deferred]
        meant = {live for each in queues for live in scenario.queues_meant(each)}
        meant = {live for live in meant if not scenario.queue[live].is_deferred}
        pairs |= {
            (numbers[work], numbers[live])
            for work in works
            for live in meant
            if work in fields.skills and live in fields.skills
        }
    return frozenset(pairs)
