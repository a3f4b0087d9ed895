"""A naive staff reduction compared with the staff required, and the service of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import units
from sim.metrics.target_status import STATUSES, target_status
from sim.model.build_model import build_model
from sim.planning.requirement import Requirement, require
from sim.planning.staff_scenario import with_required
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.experiment.result import Estimate
    from sim.scenario import Scenario

WITHOUT, NAIVE, FORMULA, SIMULATED = "without the bot", "naive cut", "by formula", "by simulation"
_SLACK = 1e-6  # of an agent: what is whole but for rounding stays whole
MOST_STEPS = 8
"""Agents more or fewer than the formula requires, among which the simulated need is sought."""

Simulate = Callable[["Scenario", str], "Result"]


@dataclass(frozen=True)
class Cut:
    """One way to staff, and what it gives.

    Attributes
    ----------
    name : str
        :data:`WITHOUT`, :data:`NAIVE`, :data:`FORMULA` or :data:`SIMULATED`.
    agents : float
        Agents of a stationary run, agent-hours otherwise, of the groups that serve the queue.
    level, occupancy : Estimate
        Simulated: service level of the queue, occupancy of all.
    reached : bool
        Whether each live queue of these groups reaches its target, by its mean.
    status : {"missed", "undecided", "met"}
        What the confidence intervals show of these targets; the worst of them.
    scenario : Scenario
        As simulated, without shrinkage and absence.
    """

    name: str
    agents: float
    level: Estimate
    occupancy: Estimate
    reached: bool
    status: str
    scenario: Scenario


@dataclass(frozen=True)
class Cuts:
    """Naive and true needs behind self-service.

    Attributes
    ----------
    queue : str
    taken : float
        Share of arriving contacts that self-service contains.
    target : float
        Of the queue.
    stationary : bool
        Whether needs are agents; agent-hours otherwise.
    step : float
        One agent more in every interval, in agents or agent-hours: the simulated need is searched
        in such steps.
    rows : tuple of Cut
        Without the bot, naive, by formula, and by simulation when it was found.
    """

    queue: str
    taken: float
    target: float
    stationary: bool
    step: float
    rows: tuple[Cut, ...]

    def of(self, name: str) -> Cut | None:
        """Return one way to staff, None when it was not found."""
        return next((row for row in self.rows if row.name == name), None)


def without_bot(scenario: Scenario, queue: str) -> Scenario:
    """Return the scenario without self-service: all customers reach agents directly.

    Raises
    ------
    BadInputError
        When the queue has no self-service.
    """
    found = scenario.bot_of(queue)
    if found is None:
        raise BadInputError(f"queue.{queue}: has no self-service")
    return scenario.with_(**{f"bot.{found[0]}": "none"})


def cuts(scenario: Scenario, queue: str, simulate: Simulate) -> Cuts:
    """Return what is needed behind self-service in four ways, and what each gives.

    The naive cut takes the contained share off the agent-hours that the queue needs without
    self-service. The formula knows that what is left talks longer and that some come back. The
    simulation looks for the number nearest to the formula's with which each live queue of the
    same agents reaches its target.

    Parameters
    ----------
    scenario : Scenario
        With self-service in front of the queue.
    queue : str
        A live one.
    simulate : callable
        Takes a scenario and what is being simulated in words; returns its result.

    Raises
    ------
    BadInputError
        When there is no self-service, the queue is deferred, or no number of agents suffices.
    """
    if scenario.queue[queue].is_deferred:
        raise BadInputError(f"queue.{queue}: is deferred work; a live queue is needed")
    before = without_bot(scenario, queue)
    found = scenario.bot_of(queue)
    assert found is not None
    taken = found[1].taken
    old = require(before, build_model(before))
    new = require(scenario, build_model(scenario))
    staffing = _CutStaffing(scenario, queue, new, simulate)
    rows = [
        staffing.row(WITHOUT, before, old),
        staffing.row(NAIVE, scenario, _cut(old, queue, taken)),
        staffing.row(FORMULA, scenario, new),
    ]
    needed = staffing.search(rows[-1], new)
    rows += [needed] if needed is not None else []
    target = next(q.target for q in new.model.queues if q.name == queue)
    stationary = scenario.center.length is not None
    return Cuts(queue, taken, target, stationary, staffing.step(new), tuple(rows))


class _CutStaffing:
    """The groups that serve a queue, and the simulation of what they are given."""

    def __init__(
        self, scenario: Scenario, queue: str, found: Requirement, simulate: Simulate
    ) -> None:
        self.scenario, self.queue, self.simulate = scenario, queue, simulate
        plan = _plan(found, queue)
        parts = {g: float(share.sum()) for g, share in plan.share.items() if share.any()}
        self.groups = sorted(parts)
        self.main = max(parts, key=parts.__getitem__)
        served = {s.queue for g in self.groups for s in found.model.groups[g].skills}
        self.judged = [
            (q.name, q.target)
            for k, q in enumerate(found.model.queues)
            if k in served and not q.deferred
        ]

    def row(self, name: str, scenario: Scenario, found: Requirement) -> Cut:
        """Simulate one way to staff."""
        staffed = with_required(scenario, found)
        result = self.simulate(staffed, f"Simulating the staff {name}")
        levels = [
            (result.estimate("service_level", "queue", queue), target)
            for queue, target in self.judged
        ]
        statuses = [target_status(one.low, one.high, target) for one, target in levels]
        return Cut(
            name,
            self.agents(found),
            result.estimate("service_level", "queue", self.queue),
            result.estimate("occupancy"),
            all((one.value or 0.0) >= target for one, target in levels),
            min(statuses, key=STATUSES.index),
            staffed,
        )

    def agents(self, found: Requirement) -> float:
        """Return agents of a stationary run, agent-hours otherwise."""
        plans = [found.groups[g] for g in self.groups]
        if self.scenario.center.length is not None:
            return float(sum(plan.required.max() for plan in plans))
        hours = found.model.interval_s / units.HOUR
        return float(sum(plan.required.sum() for plan in plans) * hours)

    def step(self, found: Requirement) -> float:
        """Return what one agent more in every interval is, in the unit of :meth:`agents`."""
        return self.agents(self._more(found, 1)) - self.agents(found)

    def search(self, start: Cut, found: Requirement) -> Cut | None:
        """Go from the formula's number down while targets are reached, else up until they are."""
        best = replace(start, name=SIMULATED) if start.reached else None
        for step in range(1, MOST_STEPS + 1):
            more = -step if start.reached else step
            tried = self.row(SIMULATED, self.scenario, self._more(found, more))
            if tried.reached:
                best = tried
            if tried.reached != start.reached:
                break
        return best

    def _more(self, found: Requirement, more: int) -> Requirement:
        groups = list(found.groups)
        plan = groups[self.main]
        there = plan.required > 0
        required = np.where(there, np.maximum(plan.required + more, 1.0), 0.0)
        groups[self.main] = replace(plan, required=required)
        return replace(found, groups=groups)


def _plan(found: Requirement, queue: str) -> Any:
    return next(q for q in found.queues if found.model.queues[q.number].name == queue)


def _cut(found: Requirement, queue: str, taken: float) -> Requirement:
    """Take a share off the agents required for one queue.

    What is taken off adds up over the intervals before it is rounded down: rounded in each
    interval, a share of few agents would be nothing all day.
    """
    plan = _plan(found, queue)
    groups = list(found.groups)
    for g, share in plan.share.items():
        required, fractional = groups[g].required, groups[g].fractional
        of_queue = np.divide(
            share * plan.fractional, fractional, out=np.zeros_like(fractional), where=fractional > 0
        )
        off = np.floor(np.cumsum(taken * np.minimum(of_queue, 1.0) * required) + _SLACK)
        left = required - np.diff(off, prepend=0.0)
        groups[g] = replace(groups[g], required=np.maximum(left, 0.0))
    return replace(found, groups=groups)
