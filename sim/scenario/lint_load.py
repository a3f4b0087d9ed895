"""Warnings about agents who lack the time for their contacts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim import units
from sim.scenario.describe import clusters
from sim.scenario.workload import agent_load, at_work

if TYPE_CHECKING:
    from sim.scenario.group import Skill
    from sim.scenario.scenario import Scenario

_ROUNDING = 1e-9  # of sums over intervals, relative


def too_few_agents(scenario: Scenario) -> Iterator[str]:
    """Yield warnings of load at or above capacity, over the horizon and in intervals.

    Parameters
    ----------
    scenario : Scenario
    """
    grid = scenario.center.grid
    for queues, groups in clusters(scenario):
        yield from _overall(scenario, queues, groups)
        live = [q for q in queues if not scenario.queue[q].is_deferred]
        endless = [q for q in live if scenario.queue[q].patience.is_unlimited]
        if not groups or not live:
            continue
        load = [sum(x) for x in zip(*(agent_load(scenario, q) for q in live), strict=True)]
        power = [sum(x) for x in zip(*(_power(scenario, g) for g in groups), strict=True)]
        short = [i for i in range(grid.intervals) if load[i] >= power[i] and load[i] > 0]
        if not short:
            continue
        names = ", ".join(live)
        worst = max(short, key=lambda i: load[i] - power[i])
        end = "the queue grows without bound" if endless else "many customers will abandon"
        yield (
            f"{names}: the load is at or above capacity in "
            f"{units.counted(len(short), 'interval')} (worst {grid.label(worst)}: "
            f"{load[worst]:.1f} erlangs, {power[worst]:.1f} agents at full speed); {end}."
        )


def overload_warnings(scenario: Scenario) -> list[str]:
    """Return a warning for each set of queues whose agents cannot do the work of the horizon.

    Parameters
    ----------
    scenario : Scenario
    """
    parts = clusters(scenario)
    return [text for queues, groups in parts for text in _overall(scenario, queues, groups)]


def _overall(scenario: Scenario, queues: list[str], groups: list[str]) -> Iterator[str]:
    """Warn when the work of the whole horizon is more than its agents can do."""
    time = sum(sum(at_work(scenario, scenario.group[name])) for name in groups)
    best = dict.fromkeys(queues, 0.0)
    for name in groups:
        for queue, skill in scenario.group[name].skills.items():
            best[queue] = max(best[queue], _full_speed(skill))
    need = sum(sum(agent_load(scenario, queue)) / best[queue] for queue in queues if best[queue])
    if need > time * (1 + _ROUNDING) > 0:
        left = any(scenario.queue[queue].is_deferred for queue in queues)
        end = "deferred work is left over" if left else "not all contacts can be handled"
        yield (
            f"{', '.join(queues)}: handling needs {units.show_share(need / time)} of the agents' "
            f"time over the whole horizon; {end}."
        )


def _full_speed(skill: Skill) -> float:
    """Return the most work on contacts of one queue that an agent does in a unit of time."""
    return max((k + 1) * skill.speed[min(k, len(skill.speed) - 1)] for k in range(skill.at_once))


def _power(scenario: Scenario, name: str) -> list[float]:
    """Return the work a group can do by interval: agents times their best total speed."""
    group = scenario.group[name]
    best = max(1.0, *map(_full_speed, group.skills.values()))
    return [agents * best for agents in at_work(scenario, group)]
