"""The requirement of a whole scenario: live queues by formula, then deferred work, then groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim import units
from sim.model import Floats, Group, Model
from sim.planning.agent_workload import AgentWorkload, work_for_agents
from sim.planning.deferred_allocation import spread
from sim.planning.formula_staffing import FormulaAgents, QueueLoad, need
from sim.planning.group_allocation import (
    grossed_up,
    mean_gap,
    on_duty,
    shares,
    skill_of,
    whole,
    whole_agents,
)
from sim.planning.modified_offered_load import modified_volume
from sim.planning.occupancy_limit import overload_notes
from sim.planning.pooling import Sharing, alike_groups, pool
from sim.planning.queue_plans import GroupPlan, QueuePlan
from sim.units import BadInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario import Scenario

MODELS = ("both", "erlang_a", "erlang_c")


@dataclass(eq=False)
class Requirement:
    """Agents by queue and group.

    Attributes
    ----------
    model : Model
    queues, groups : list
        In the order of the model.
    notes : list of str
    sharings : list of Sharing
        Live queues that share agents.
    alike : list of tuple of int
        Groups that can stand in for one another, by number: their agents are rounded up together.
    """

    model: Model
    queues: list[QueuePlan]
    groups: list[GroupPlan]
    notes: list[str] = field(default_factory=list)
    sharings: list[Sharing] = field(default_factory=list)
    alike: list[tuple[int, ...]] = field(default_factory=list)

    def by(self, asked: str) -> str:
        """Return the formula that counted for the live queues, or "mixed"; else the asked one."""
        used = {queue.by for queue in self.queues if queue.by is not None}
        return used.pop() if len(used) == 1 else ("mixed" if used else asked)


def require(
    scenario: Scenario,
    model: Model,
    formulas: str = "both",
    by: str = "erlang_a",
    handle_s: Mapping[str, Floats] | None = None,
    modified: bool = False,
    check: Callable[[], None] = lambda: None,
    max_occupancy: float | None = None,
) -> Requirement:
    """Return the agents that a scenario's volumes and targets require.

    Parameters
    ----------
    scenario : Scenario
    model : Model
        Built from the scenario.
    formulas : {"both", "erlang_a", "erlang_c"}
        Which to compute.
    by : {"erlang_a", "erlang_c"}
        Which counts; Erlang C counts anyway where no customer abandons.
    handle_s : mapping of str to ndarray, optional
        Handle time by queue and interval (s) instead of the scenario's.
    modified : bool
        Whether live queues have the modified offered load, that of a day that is never steady
        (:mod:`sim.planning.modified_offered_load`), instead of the load of each interval alone.
    check : callable, optional
        Called often; raises what ends the computation.
    max_occupancy : float, optional
        Of live queues, as for :func:`sim.planning.occupancy_limit.least_agents`.

    Returns
    -------
    Requirement

    Raises
    ------
    BadInputError
        When a target cannot be staffed, or a queue has no staffed group.
    """
    demands = work_for_agents(scenario, model)
    handle_times = dict(handle_s or {})
    for name in handle_times.keys() & demands.keys():
        demands[name] = AgentWorkload(demands[name].volume, handle_times[name])
    notes: list[str] = []
    queues = []
    for number, queue in enumerate(model.queues):
        part = shares(scenario, model, number)
        if not part:
            raise BadInputError(
                f"queue.{queue.name}: no group has the skill; allowed: at least one"
            )
        if queue.deferred:
            queues.append(_waiting(model, number, demands[queue.name], part))
        else:
            demand = _modified(model, number, demands[queue.name], part, modified)
            queues.append(
                _live(model, number, demand, part, formulas, by, notes, check, max_occupancy)
            )
    sharings, pool_notes = pool(model, queues, formulas, by, max_occupancy)
    notes += pool_notes
    groups = [_group(model, g, queues) for g in range(len(model.groups))]
    alike = alike_groups(model, queues, sharings)
    _round_up(groups, alike)
    for found in groups:
        found.idle = np.maximum(found.required - found.load, 0.0)
    for plan in sorted(queues, key=lambda p: -model.queues[p.number].priority):
        if model.queues[plan.number].deferred:
            _lay(model, plan, groups, notes)
            _round_up(groups, alike)
    for group, found in zip(model.groups, groups, strict=True):
        _close(scenario, model, group, found)
    notes += [one.note() for one in sharings]
    notes += [*overload_notes(model, queues), *_limits(model)]
    return Requirement(model, queues, groups, notes, sharings, alike)


def _modified(
    model: Model, number: int, demand: AgentWorkload, part: dict[int, Floats], modified: bool
) -> AgentWorkload:
    """Return the demand with the modified offered load, where that is asked for."""
    if not modified:
        return demand
    aht = demand.handle_s / _speed(model, number, part)[0] + mean_gap(model, number, part)
    volume = modified_volume(demand.volume, aht, model.interval_s)
    return AgentWorkload(np.where(volume > 1e-3, volume, 0.0), demand.handle_s)


def _live(
    model: Model,
    number: int,
    demand: AgentWorkload,
    part: dict[int, Floats],
    formulas: str,
    by: str,
    notes: list[str],
    check: Callable[[], None],
    max_occupancy: float | None,
) -> QueuePlan:
    queue = model.queues[number]
    base, speed = _speed(model, number, part)
    gap = mean_gap(model, number, part)
    aht = demand.handle_s / base + gap
    if gap.any():
        notes.append(_gap_note(queue.name, gap[gap > 0]))
    asked = QueueLoad(queue, model.interval_s, demand.volume, aht, speed, check, max_occupancy)
    found = need(asked, formulas != "erlang_a", formulas != "erlang_c")
    notes += found.notes
    used, chosen = _chosen(found, by)
    predicted = found.predicted(whole(chosen))
    load = demand.volume * aht / model.interval_s
    return QueuePlan(
        number,
        demand.volume,
        aht,
        load,
        found.erlang_c,
        found.erlang_a,
        chosen,
        predicted,
        part,
        used,
        relative=speed,
    )


def _chosen(found: FormulaAgents, by: str) -> tuple[str, Floats]:
    """Return the formula that counts, and its requirement: the one asked for where it holds."""
    by_formula = {"erlang_a": found.erlang_a, "erlang_c": found.erlang_c}
    other = "erlang_c" if by == "erlang_a" else "erlang_a"
    used = by if by_formula[by] is not None else other
    chosen = by_formula[used]
    assert chosen is not None
    return used, chosen


def _speed(model: Model, number: int, part: dict[int, Floats]) -> tuple[Floats, tuple[float, ...]]:
    """Return the mean speed alone by interval, and the relative speeds with several contacts."""
    base, most = np.zeros(model.intervals), -1.0
    relative: tuple[float, ...] = (1.0,)
    for g, share in part.items():
        skill = skill_of(model.groups[g], number)
        assert skill is not None
        base += share * skill.speed[0]
        if share.sum() > most:
            most = float(share.sum())
            relative = tuple(float(s / skill.speed[0]) for s in skill.speed)
    return np.where(base > 0, base, 1.0), relative


def answered_share(model: Model, queue: QueuePlan, g: int) -> Floats:
    """Return the share of a queue's contacts that a group answers: faster groups answer more.

    The group's share of the work goes by time, that of the contacts by speed.
    """
    base, _ = _speed(model, queue.number, queue.share)
    skill = skill_of(model.groups[g], queue.number)
    assert skill is not None
    return np.asarray(queue.share[g] * skill.speed[0] / base)


def _waiting(
    model: Model, number: int, demand: AgentWorkload, part: dict[int, Floats]
) -> QueuePlan:
    """Return a deferred queue before its work is allocated."""
    aht = demand.handle_s + mean_gap(model, number, part)
    load = demand.volume * aht / model.interval_s
    nothing = np.zeros(model.intervals)
    return QueuePlan(number, demand.volume, aht, load, None, None, nothing, None, part)


def _gap_note(queue: str, gap: Floats) -> str:
    low, high = units.show_duration(gap.min()), units.show_duration(gap.max())
    length = low if low == high else f"{low} to {high}"
    return (
        f"{queue}: the handle time of the formula is longer by {length}, the mean gap after a "
        "contact, for which it has no other place"
    )


def _group(model: Model, g: int, queues: list[QueuePlan]) -> GroupPlan:
    """Return a group with its live work."""
    zeros = np.zeros(model.intervals)
    plan = GroupPlan(g, *(zeros.copy() for _ in range(11)))
    for queue in queues:
        share = queue.share.get(g)
        if share is None or model.queues[queue.number].deferred:
            continue
        plan.volume += answered_share(model, queue, g) * queue.volume
        plan.load += share * queue.load
        for name in ("by_c", "by_a", "fractional"):
            value = getattr(queue, name)
            value = queue.fractional if value is None else value
            setattr(plan, name, getattr(plan, name) + share * value)
    return plan


def _round_up(groups: list[GroupPlan], alike: list[tuple[int, ...]]) -> None:
    """Set the agents required, and what rounding up leaves over: together that of the sum."""
    for members in alike:
        parts = np.array([groups[g].fractional for g in members])
        agents = whole_agents(parts)
        above = np.maximum(agents - parts, 0.0)
        total = above.sum(axis=0)
        over = np.maximum((agents - parts).sum(axis=0), 0.0)
        spare = above * np.divide(over, total, out=np.zeros_like(total), where=total > 0)
        for row, g in enumerate(members):
            groups[g].required, groups[g].spare = agents[row], spare[row]


def _lay(model: Model, plan: QueuePlan, groups: list[GroupPlan], notes: list[str]) -> None:
    """Lay one deferred queue into the room of the groups and on further agents."""
    queue = model.queues[plan.number]
    rates = {g: _best_rate(model.groups[g], plan.number) for g in plan.share}
    idle = {g: _usable(model, model.groups[g], plan.number, groups[g]) for g in plan.share}
    seconds = model.interval_s
    idle_s = sum((idle[g] * rates[g] * seconds for g in rates), np.zeros(model.intervals))
    per_agent = sum((plan.share[g] * rates[g] * seconds for g in rates), np.zeros(model.intervals))
    found = spread(
        plan.volume * plan.aht_s,
        queue.demand.backlog * float(np.median(plan.aht_s)),
        idle_s,
        per_agent,
        queue.due / seconds,
    )
    used = np.divide(found.in_idle_time, idle_s, out=np.zeros_like(idle_s), where=idle_s > 0)
    more = np.divide(found.beyond, per_agent, out=np.zeros_like(per_agent), where=per_agent > 0)
    for g in rates:
        groups[g].idle = groups[g].idle - used * idle[g]
        groups[g].fractional = groups[g].fractional + more * plan.share[g]
        for name in ("by_c", "by_a"):
            setattr(groups[g], name, getattr(groups[g], name) + more * plan.share[g])
    plan.fractional, plan.spread = more, found
    if found.carried > 1e-6 * max(float(found.done.sum()), 1.0):
        items = found.carried / float(np.median(plan.aht_s))
        notes.append(
            f"{queue.name}: {items:,.1f} contacts arrive after the last hour in which a group "
            "serves them, and are carried over beyond the end"
        )


def _best_rate(group: Group, queue: int) -> float:
    """Return the work done by one agent who handles as many at once as is best."""
    skill = skill_of(group, queue)
    assert skill is not None
    return float(max((j + 1) * speed for j, speed in enumerate(skill.speed)))


def _usable(model: Model, group: Group, queue: int, plan: GroupPlan) -> Floats:
    """Return idle agents of a group that may work on deferred contacts.

    All idle time where live contacts interrupt that work; else only what rounding up left
    over, since an agent who cannot be interrupted is missing from the phones.
    """
    live = {s.queue for s in group.skills if not model.queues[s.queue].deferred}
    if all((queue, other) in group.interrupts for other in live):
        return plan.idle
    return np.minimum(plan.idle, plan.spare)


def _close(scenario: Scenario, model: Model, group: Group, plan: GroupPlan) -> None:
    """Gross up, and set beside it what the scenario has."""
    fields = scenario.group[group.name]
    plan.scheduled = grossed_up(plan.required, group.name, fields.shrinkage + group.absent)
    plan.now_scheduled = group.scheduled.astype(float)
    plan.now_net = on_duty(model, group)


def _limits(model: Model) -> list[str]:
    """Return what the formulas do not know of this scenario."""
    return [
        *(
            f"{queue.name}: the formulas leave out callbacks and retrials"
            for queue in model.queues
            if queue.callback is not None or queue.retry is not None
        ),
        *(
            f"{group.name}: agents differ in speed; the formulas take all at that of the skill"
            for group in model.groups
            if group.persons or group.speed_spread > 0
        ),
    ]
