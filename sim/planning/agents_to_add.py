"""Agents that may bring a queue to its target, sought where its contacts wait too long."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.planning.queue_agents import queue_of, staffing
from sim.scenario.calendar import WEEKDAYS
from sim.scenario.schedules import scheduled
from sim.scenario.what_if import add_agents
from sim.units import BadInputError, show_clock

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.scenario import Scenario
    from sim.scenario.what_if import Edit


@dataclass(frozen=True, slots=True)
class Shortage:
    """What a queue lacks in one interval.

    Attributes
    ----------
    interval : int
        Number within the horizon.
    contacts : float
        Those missing to the target, mean over the replications.
    agents : float
        Those that the formula asks for less those on duty; zero without a formula.
    """

    interval: int
    contacts: float
    agents: float


def agents_to_add(scenario: Scenario, result: Result, queue: str) -> Edit | None:
    """Return the agents that would help a queue most, where it misses its target.

    They are added to the group that comes first for the queue, in the block of intervals in
    which most contacts were answered too late: as many as the formula misses there, and at least
    one. That is a proposal to be simulated, not a promise.

    Parameters
    ----------
    scenario : Scenario
        The one that was simulated.
    result : Result
    queue : str
        A live one.

    Returns
    -------
    Edit or None
        None for deferred work, and where no agent can be added.
    """
    group = _first_group(scenario, queue)
    if group is None or scenario.queue[queue].is_deferred:
        return None
    if scenario.center.length is not None:
        needs = staffing(scenario, result.model, [queue])
        return add_agents(scenario, group, _number([one.needed - one.on_duty for one in needs]))
    grid = scenario.center.grid
    worst = _worst(_shortages(scenario, result, queue), grid.per_day)
    if not worst:
        return None
    first, last = worst[0].interval, worst[-1].interval
    start = show_clock(first % grid.per_day * grid.interval_s)
    end = show_clock((last % grid.per_day + 1) * grid.interval_s)
    days = WEEKDAYS[grid.date(first // grid.per_day).weekday()] if grid.days > 1 else None
    agents = _number([one.agents for one in worst])
    try:
        return add_agents(scenario, group, agents, start, end, days)
    except BadInputError:
        return None


def _first_group(scenario: Scenario, queue: str) -> str | None:
    """Return the group of the lowest level for a queue; of several the one with most agents."""
    able = {name: g for name, g in scenario.group.items() if queue in g.skills}
    if not able:
        return None
    agents = {name: sum(scheduled(scenario, g)) for name, g in able.items()}
    return min(able, key=lambda name: (able[name].skills[queue].level, -agents[name]))


def _shortages(scenario: Scenario, result: Result, queue: str) -> list[Shortage]:
    """Return the intervals whose mean service level lies below the target, in their order."""
    grid, target = scenario.center.grid, queue_of(result.model, queue).target
    numbers = {grid.label(k): k for k in range(grid.intervals)}
    needs = staffing(scenario, result.model, [queue])
    lacking = {need.interval: need.needed - need.on_duty for need in needs}
    rows = result.by_interval("service_level", "offered")
    mine = [row for row in rows if (row.scope, row.name) == ("queue", queue)]
    value = {(row.interval or "", row.metric): row.value for row in mine}
    found = []
    for when, number in numbers.items():
        level, offered = value.get((when, "service_level")), value.get((when, "offered"))
        if level is not None and offered and level < target:
            late = (target - level) * offered
            found.append(Shortage(number, late, lacking.get(when, 0.0)))
    return found


def _worst(shortages: Sequence[Shortage], per_day: int) -> list[Shortage]:
    """Return the block of intervals of one day in which most contacts are missing to the target."""
    spells: list[list[Shortage]] = []
    for one in shortages:
        before = spells[-1][-1].interval if spells else -2
        if one.interval == before + 1 and one.interval // per_day == before // per_day:
            spells[-1].append(one)
        else:
            spells.append([one])
    return max(spells, key=lambda some: sum(one.contacts for one in some), default=[])


def _number(lacking: Sequence[float]) -> int:
    """Return the largest lack in whole agents, at least one."""
    return max(1, math.ceil(max(lacking, default=0.0) - 0.5))
