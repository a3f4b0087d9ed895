"""The plans among which a search chooses: whole agents by block, their hours and their cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.array_types import Floats, Ints
from sim.model import Model
from sim.planning.group_allocation import present
from sim.scenario.schedules import net
from sim.scenario.what_if import headcounts
from sim.units import HOUR, BadInputError

if TYPE_CHECKING:
    from sim.scenario import Scenario

Plan = tuple[int, ...]
"""Agents on duty by block: net of planned shrinkage, before absence."""

MOST_AGENTS = 100_000
"""Of a block, as in scenarios."""


@dataclass(frozen=True, eq=False)
class PlanSpace:
    """Blocks of agents, each a group during an interval (or during a whole stationary run).

    Attributes
    ----------
    scenario : Scenario
    model : Model
        All groups staffed by headcount.
    group, first, last : ndarray of int, shape (blocks,)
        Group, first interval, and the interval after the last one.
    hours : ndarray, shape (blocks,)
        Length of a block (h).
    wage : ndarray, shape (blocks,)
        Pay of one scheduled agent for an hour; 1 where the plan is measured in hours.
    paid : bool
        Whether wages are known: every group has one.
    scheduled : tuple of ndarray
        By group the agents to schedule for 0, 1, 2, … on duty.
    least : ndarray of int, shape (blocks,)
        Agents that a block must have, so that goals about its group have a value.
    """

    scenario: Scenario
    model: Model
    group: Ints
    first: Ints
    last: Ints
    hours: Floats
    wage: Floats
    paid: bool
    scheduled: tuple[Ints, ...]
    least: Ints

    @property
    def blocks(self) -> int:
        """Return the number of blocks."""
        return int(self.group.size)

    @property
    def most(self) -> int:
        """Return the most agents that a block may have."""
        return int(self.scheduled[0].size) - 1

    def scheduled_agents(self, plan: Plan) -> Ints:
        """Return the agents to schedule by block."""
        return np.array(
            [self.scheduled[g][n] for g, n in zip(self.group, plan, strict=True)], np.int64
        )

    def hours_of(self, plan: Plan) -> float:
        """Return the scheduled agent-hours of a plan."""
        return float(self.scheduled_agents(plan) @ self.hours)

    def cost_of(self, plan: Plan) -> float:
        """Return the pay of a plan, or its hours where wages are not known."""
        return float(self.scheduled_agents(plan) @ (self.hours * self.wage))

    def block_costs(self, plan: Plan) -> Floats:
        """Return the cost of a plan by block."""
        return np.asarray(self.scheduled_agents(plan) * (self.hours * self.wage))

    def step_cost(self, plan: Plan, step: int) -> Floats:
        """Return what so many agents more (or fewer, below zero) cost in each block."""
        changed = np.clip(np.array(plan) + step, 0, self.most)
        more = self.scheduled_agents(tuple(changed)) - self.scheduled_agents(plan)
        return np.asarray(more * self.hours * self.wage)

    def by_interval(self, values: Ints | Floats) -> Floats:
        """Return values of blocks as a table, shape (groups, intervals)."""
        table = np.zeros((len(self.model.groups), self.model.intervals))
        for g, first, last, value in zip(self.group, self.first, self.last, values, strict=True):
            table[g, first:last] = value
        return table

    def from_table(self, table: Floats) -> Plan:
        """Return a plan of agents on duty from a table, the largest of each block."""
        found = [
            int(np.ceil(table[g, first:last].max() - 1e-6))
            for g, first, last in zip(self.group, self.first, self.last, strict=True)
        ]
        return tuple(min(max(n, 0), self.most) for n in found)

    def at_least(self, plan: Plan) -> Plan:
        """Return a plan with the agents added that blocks must have."""
        return tuple(max(n, int(least)) for n, least in zip(plan, self.least, strict=True))

    def model_of(self, plan: Plan) -> Model:
        """Return the model with the agents of a plan."""
        duty = self.by_interval(np.array(plan)).astype(np.int64)
        hired = self.by_interval(self.scheduled_agents(plan))
        groups = tuple(
            replace(g, headcount=duty[k], scheduled=hired[k], agents=int(duty[k].max(initial=0)))
            for k, g in enumerate(self.model.groups)
        )
        return replace(self.model, groups=groups)

    def scenario_of(self, plan: Plan) -> Scenario:
        """Return the scenario with the agents of a plan as headcounts, shrinkage included."""
        hired = self.by_interval(self.scheduled_agents(plan))
        numbers = {g.name: list(hired[k]) for k, g in enumerate(self.model.groups)}
        edit = headcounts(self.scenario, numbers, "Staff by simulation")
        return self.scenario.with_(**edit.changes)


def plan_space(scenario: Scenario, most: int) -> PlanSpace:
    """Return the plans of a scenario: whole agents by group and interval.

    Parameters
    ----------
    scenario : Scenario
    most : int
        Agents on duty that a block may have.

    Raises
    ------
    BadInputError
        When no group can be on duty at any time.
    """
    from sim.model.build_model import build_model

    first_model = build_model(scenario)
    there = np.array([present(scenario, g) for g in first_model.groups])
    none = {g.name: list(row * 1.0) for g, row in zip(first_model.groups, there, strict=True)}
    model = build_model(scenario.with_(**headcounts(scenario, none, "").changes))
    stationary = scenario.center.length is not None
    spans = [
        (g, first, model.intervals if stationary else first + 1)
        for g in range(len(model.groups))
        for first in range(1 if stationary else model.intervals)
        if (there[g].any() if stationary else there[g, first]) and model.groups[g].skills
    ]
    if not spans:
        raise BadInputError(f"{scenario.name}: no group with skills is open at any time")
    group, first, last = np.array(spans).T
    wages = np.array([g.wage for g in model.groups])
    paid = bool(np.isfinite(wages[np.unique(group)]).all())
    return PlanSpace(
        scenario, model, group, first, last,
        (last - first) * model.interval_s / HOUR,
        wages[group] if paid else np.ones(group.size), paid,
        _scheduled(scenario, model, min(most, MOST_AGENTS)), np.zeros(group.size, np.int64),
    )  # fmt: skip


def _scheduled(scenario: Scenario, model: Model, most: int) -> tuple[Ints, ...]:
    """Return the fewest agents to schedule for 0, 1, …, most on duty, by group."""
    return tuple(_fewest(scenario.group[g.name].shrinkage, g.name, most) for g in model.groups)


def _fewest(shrinkage: float, name: str, most: int) -> Ints:
    if shrinkage >= 1:
        raise BadInputError(f"group.{name}: shrinkage of {shrinkage:.0%} leaves no agents")
    found = np.ceil((np.arange(most + 1) - 0.5) / (1 - shrinkage) - 1e-9).astype(np.int64)
    found[0] = 0
    for n in range(most + 1):  # the rule of scenarios decides at halves
        while net(float(found[n]), shrinkage) < n:
            found[n] += 1
    return np.asarray(found, np.int64)


def shown(space: PlanSpace, plan: Plan) -> list[Mapping[str, object]]:
    """Return a plan as rows of group, interval, agents to schedule and agents on duty."""
    hired, model = space.scheduled_agents(plan), space.model
    return [
        {
            "group": model.groups[space.group[b]].name,
            "interval": model.starts[space.first[b]],
            "agents": int(hired[b]),
            "on_duty": int(plan[b]),
        }
        for b in range(space.blocks)
    ]
