"""Plans by formula, with which a search begins and with which its result is compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.array_types import Floats
from sim.model import build
from sim.planning.modified_offered_load import modified_volume
from sim.planning.plan_goals import PlanGoal
from sim.planning.requirement import require
from sim.planning.staff_search.plan_space import Plan, PlanSpace
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.scenario import Scenario

ERLANG_C, ERLANG_A, MODIFIED = "erlang_c", "erlang_a", "modified_offered_load"
FORMULAS = (ERLANG_C, ERLANG_A, MODIFIED)
MOST_SHARE = 0.999
"""Service level that formulas are asked for at most: no number of agents gives 100 %."""


@dataclass(frozen=True, eq=False)
class FormulaPlan:
    """Agents by a formula.

    Attributes
    ----------
    method : {"erlang_c", "erlang_a", "modified_offered_load"}
    fractional : ndarray, shape (groups, intervals)
        On duty, before rounding.
    plan : Plan
        Rounded up.
    """

    method: str
    fractional: Floats
    plan: Plan


def formula_plan(
    space: PlanSpace,
    goals: Sequence[PlanGoal],
    method: str,
    check: Callable[[], None] = lambda: None,
) -> FormulaPlan | None:
    """Return the plan of a formula, or None where no number of agents reaches a target by it.

    Parameters
    ----------
    space : PlanSpace
    goals : sequence of PlanGoal
        Service levels among them are the targets of the formulas: of a queue its own, else
        those of its channel or of the whole.
    method : {"erlang_c", "erlang_a", "modified_offered_load"}
    check : callable, optional
        Called often; raises what ends the computation.
    """
    scenario = _with_targets(space, goals)
    by = ERLANG_C if method == ERLANG_C else ERLANG_A
    modified = method == MODIFIED
    model = space.model if scenario is space.scenario else build(scenario)
    try:
        required = require(scenario, model, by, by, modified=modified, check=check)
    except BadInputError:
        return None
    net = np.array([g.fractional for g in required.groups])
    whole = np.array([g.required for g in required.groups])
    kept = 1 - np.array([g.absent for g in space.model.groups])[:, None]
    plan = space.from_table(np.ceil(whole / kept - 1e-6))
    return FormulaPlan(method, net / kept, plan)


def load_plan(space: PlanSpace, goals: Sequence[PlanGoal]) -> FormulaPlan:
    """Return a plan by the square-root rule, where no formula has an answer, or none in time.

    Every group has its part of the modified offered load and as many agents more as its square
    root.
    """
    from sim.planning.agent_workload import work_for_agents
    from sim.planning.group_allocation import mean_gap, shares

    model = space.model
    demand = work_for_agents(space.scenario, model)
    load = np.zeros((len(model.groups), model.intervals))
    for number, queue in enumerate(model.queues):
        part_of = shares(space.scenario, model, number)
        volume = demand[queue.name].volume
        handle_s = demand[queue.name].handle_s + mean_gap(model, number, part_of)
        if not queue.deferred:
            volume = modified_volume(volume, handle_s, model.interval_s)
        work = volume * handle_s / model.interval_s
        for g, part in part_of.items():
            load[g] += part * work
    agents = load + np.sqrt(load)
    return FormulaPlan(MODIFIED, agents, space.from_table(np.ceil(agents)))


def _with_targets(space: PlanSpace, goals: Sequence[PlanGoal]) -> Scenario:
    """Return the scenario with the goals as targets of its live queues."""
    changes: dict[str, Any] = {}
    for number, queue in enumerate(space.model.queues):
        goal = _goal_of(space, number, goals)
        if queue.deferred or goal is None:
            continue
        within = queue.threshold if goal.within is None else goal.within
        share = min(goal.target, MOST_SHARE)
        target: dict[str, Any] = {"service_level": share, "within": within}
        if goal.metric != "service_level":
            target["variant"] = goal.metric.removeprefix("service_level_")
        elif queue.variant:
            target["variant"] = queue.variant
        changes[f"queue.{queue.name}.target"] = target
    return space.scenario.with_(**changes) if changes else space.scenario


def _goal_of(space: PlanSpace, queue: int, goals: Sequence[PlanGoal]) -> PlanGoal | None:
    """Return the service level that counts for a queue: its own, else that of the narrowest."""
    order = ("queue", "target", "channel", "total")
    about = [
        goal
        for goal in goals
        if goal.metric.startswith("service_level") and queue in goal.members(space.model)
    ]
    return min(about, key=lambda goal: order.index(goal.scope), default=None)
