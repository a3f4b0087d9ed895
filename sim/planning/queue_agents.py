"""Agents that Erlang formulas require and agents on duty, by queue and interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import erlang
from sim.planning.occupancy_limit import least_agents, max_occupancy_of
from sim.scenario.calendar import day_of
from sim.scenario.interval_times import mean_of
from sim.scenario.workload import agent_load, agent_time_by_interval, at_work

if TYPE_CHECKING:
    from sim.model import Model
    from sim.model import Queue as ModelQueue
    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class IntervalAgents:
    """Agents needed and on duty in one interval, for one queue or for several together."""

    interval: str
    day: str
    needed: float
    on_duty: float


def no_formula(scenario: Scenario, queue: str) -> str:
    """Return why no Erlang formula fits a queue, or an empty text when one does."""
    skills = [g.skills[queue] for g in scenario.group.values() if queue in g.skills]
    if not skills:
        return "no group serves it"
    if scenario.queue[queue].is_deferred:
        return "deferred work may wait for hours; Erlang's formulas are about customers who wait"
    if any(skill.at_once > 1 for skill in skills):
        return "agents handle several of its contacts at once"
    return ""


def agents_for(scenario: Scenario, queue: str) -> list[float]:
    """Return the agents that a queue may count as its own, by interval.

    A group that serves several queues first is split among them in proportion to their load
    (erlangs, and gaps after contacts); helpers of a later level are left out.

    Parameters
    ----------
    scenario : Scenario
    queue : str

    Returns
    -------
    list of float, length intervals
        Net of shrinkage, absence and planned breaks.
    """
    return agents_of_queues(scenario, [queue])[queue]


def agents_of_queues(scenario: Scenario, queues: Sequence[str]) -> dict[str, list[float]]:
    """Return the agents that each of some queues may count as its own, as :func:`agents_for`."""
    known: dict[str, list[float]] = {}

    def load(queue: str) -> list[float]:
        if queue not in known:
            known[queue] = agent_load(scenario, queue)
        return known[queue]

    found = {queue: [0.0] * scenario.center.grid.intervals for queue in queues}
    for group in scenario.group.values():
        first = [q for q in group.skills if _is_first(scenario, group.skills[q].level, q)]
        own = [queue for queue in queues if queue in first]
        if not own:
            continue
        live = [load(q) for q in first if not scenario.queue[q].is_deferred]
        loads = [sum(each) for each in zip(*live, strict=True)] if live else None
        for i, agents in enumerate(at_work(scenario, group)):
            for queue in own:
                split = loads is not None and loads[i] > 0
                part = load(queue)[i] / loads[i] if split and loads else 1.0 / len(first)
                found[queue][i] += agents * part
    return found


def staffing(
    scenario: Scenario,
    model: Model,
    queues: Sequence[str],
    max_occupancy: float | str | None = None,
) -> list[IntervalAgents]:
    """Return agents required by formula and agents on duty, by interval.

    Each queue alone has to reach its own target by Erlang A (Erlang C when no customer abandons)
    for the volume that the scenario expects to reach agents; the needs of several queues are
    added, so agents who help each other may need fewer.

    Parameters
    ----------
    scenario : Scenario
    model : Model
        Built from the scenario.
    queues : sequence of str
        Those without a formula are left out, of both sides.
    max_occupancy : float or str, optional
        Largest part of the agents' time that all contacts of a queue may need in an interval.

    Returns
    -------
    list of IntervalAgents
        Intervals without volume are left out.
    """
    most = max_occupancy_of(max_occupancy)
    needs: dict[int, tuple[float, float]] = {}
    for queue in queues:
        if no_formula(scenario, queue):
            continue
        own = agents_for(scenario, queue)
        for i, agents in _needed(scenario, queue_of(model, queue), most):
            before = needs.get(i, (0.0, 0.0))
            needs[i] = (before[0] + agents, before[1] + own[i])
    starts = model.starts
    return [IntervalAgents(starts[i], day_of(starts[i]), *needs[i]) for i in sorted(needs)]


def _needed(
    scenario: Scenario, queue: ModelQueue, most: float | None
) -> Iterator[tuple[int, float]]:
    """Yield interval and the fewest agents that reach the queue's target there, within a limit."""
    load = np.array(agent_load(scenario, queue.name))
    busy = np.flatnonzero(load > 0)
    if not busy.size or not 0 < queue.target < 1:
        return
    length = scenario.center.interval_s
    variant: Any = queue.variant
    goals = erlang.Goals(queue.target, queue.threshold, variant, queue.short)
    patience = mean_patience(scenario, queue.name)
    model, more = ("erlang_c", {}) if patience is None else ("erlang_a", {"patience": patience})
    handle = np.array(agent_time_by_interval(scenario, queue.name))[busy]
    calls = load[busy] * length / handle
    found = erlang.fewest_agents(model, calls, length, handle, goals, **more)
    least = np.ceil(least_agents(load[busy], (1.0,), most) - 1e-9).astype(int)
    agents = np.maximum(np.atleast_1d(found.agents), least)
    yield from zip(busy.tolist(), agents.tolist(), strict=True)


def _is_first(scenario: Scenario, level: int, queue: str) -> bool:
    """Return whether no group serves the queue at a lower level."""
    levels = [g.skills[queue].level for g in scenario.group.values() if queue in g.skills]
    return level == min(levels)


def mean_patience(scenario: Scenario, queue: str) -> float | None:
    """Return the mean patience (s) of a queue; None when no customer abandons."""
    mean = mean_of(scenario, queue, "patience")
    return mean if np.isfinite(mean) and mean > 0 else None


def queue_of(model: Model, name: str) -> ModelQueue:
    """Return the queue of a name."""
    return next(queue for queue in model.queues if queue.name == name)
