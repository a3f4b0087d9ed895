"""Queues that share agents: one pool in the formula where that holds, else what it would save."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import units
from sim.planning.formula_staffing import FormulaAgents, QueueLoad, need, need_with_mean_patience
from sim.planning.group_allocation import skill_of, whole
from sim.planning.queue_patience import is_exponential, patience_by_interval, patience_of

if TYPE_CHECKING:
    from sim.model import Floats, Model, Queue, Skill
    from sim.planning.queue_plans import QueuePlan

MOST_MIXED = 1.5
"""Squared coefficient of variation of the pooled handle time up to which the pool is taken
for exponential; a mixture of equal parts whose means are 1 : 3 has it."""

ALIKE = 1e-6
"""Agents by which two requirements may differ and still be taken for the same."""


@dataclass(frozen=True)
class Sharing:
    """Live queues that share agents directly or through one another.

    Attributes
    ----------
    queues, groups : tuple of str
        Names.
    pooled : bool
        Whether the formula took them for one pool of agents.
    why : str
        Why it did not.
    apart_h, pooled_h : float
        Agent-hours required when each queue is staffed apart, and as one pool: all agents
        answer all queues, first come first served, one contact at a time.
    """

    queues: tuple[str, ...]
    groups: tuple[str, ...]
    pooled: bool
    why: str
    apart_h: float
    pooled_h: float

    @property
    def at_stake_h(self) -> float:
        """Hours by which the requirement may be too high; below zero: too low."""
        return 0.0 if self.pooled else self.apart_h - self.pooled_h

    def record(self) -> dict[str, Any]:
        """Return it as the command line writes it as JSON."""
        return {
            "queues": list(self.queues),
            "groups": list(self.groups),
            "pooled": self.pooled,
            "why_not": self.why or None,
            "apart_h": round(self.apart_h, 6),
            "pooled_h": round(self.pooled_h, 6),
            "at_stake_h": round(self.at_stake_h, 6),
        }

    def note(self) -> str:
        """Return in one sentence what was done, and the hours that depend on it."""
        names, groups = ", ".join(self.queues), ", ".join(self.groups)
        apart, pooled = (f"{hours:,.1f} h" for hours in (self.apart_h, self.pooled_h))
        if self.pooled:
            return (
                f"{names}: one pool of agents ({groups}) in the formula, which requires {pooled}; "
                f"staffed separately the queues would require {apart}"
            )
        gap = abs(self.at_stake_h)
        share = units.show_share(gap / self.apart_h)
        side = "fewer" if self.at_stake_h >= 0 else "more"
        return (
            f"{names}: each queue is staffed separately ({apart}), though they share agents "
            f"({groups}); no pool in the formula, as {self.why}. "
            "One pool that answers all of them first come first served, one contact at a time, "
            f"would require {pooled}, {gap:,.1f} h ({share}) {side}; only simulation shows how "
            "close the groups come to it"
        )


def pool(
    model: Model,
    plans: list[QueuePlan],
    formulas: str,
    by: str,
    max_occupancy: float | None = None,
) -> tuple[list[Sharing], list[str]]:
    """Find the queues that share agents, and staff them as one pool where that is exact enough.

    Parameters
    ----------
    model : Model
    plans : list of QueuePlan
        Of each queue apart, in the order of the model; those of a pool are changed.
    formulas : {"both", "erlang_a", "erlang_c"}
    by : {"erlang_a", "erlang_c"}
        Which counts.
    max_occupancy : float, optional
        As for :func:`sim.planning.requirement.require`.

    Returns
    -------
    sharings : list of Sharing
    notes : list of str
        Which formula stands behind a pool.
    """
    sharings, notes = [], []
    for members in _components(model, plans):
        mine = [plans[q] for q in members]
        groups = sorted({g for q in members for g in _serving(model, q)})
        found = _Pool(model, mine, formulas, by, max_occupancy)
        why = _obstacle(model, mine, groups)
        apart = _hours(model, mine, [[g] for g in groups] if why else [groups])
        if not why:
            found.apply()
            notes += found.notes
        sharings.append(
            Sharing(
                tuple(model.queues[q].name for q in members),
                tuple(model.groups[g].name for g in groups),
                not why,
                why,
                apart,
                float(whole(found.chosen).sum()) * model.interval_s / units.HOUR,
            )
        )
    return sharings, notes


def _serving(model: Model, queue: int) -> dict[int, Skill]:
    """Return the skills for one queue by number of the group."""
    found = {g: skill_of(group, queue) for g, group in enumerate(model.groups)}
    return {g: skill for g, skill in found.items() if skill is not None}


def _components(model: Model, plans: list[QueuePlan]) -> list[list[int]]:
    """Return the live queues with work that hang together by common groups, two or more each."""
    live = [p.number for p in plans if not model.queues[p.number].deferred and p.load.any()]
    found: list[tuple[set[int], set[int]]] = []
    for q in live:
        queues, groups = {q}, set(_serving(model, q))
        apart = []
        for others, theirs in found:
            if groups & theirs:
                queues, groups = queues | others, groups | theirs
            else:
                apart.append((others, theirs))
        found = [*apart, (queues, groups)]
    return sorted(sorted(queues) for queues, _ in found if len(queues) > 1)


def _hours(model: Model, plans: list[QueuePlan], lots: list[list[int]]) -> float:
    """Return the agent-hours of queues staffed apart, rounded up by lot of groups."""
    agents = 0.0
    for groups in lots:
        nothing = np.zeros(model.intervals)
        parts = [p.share.get(g, nothing) * p.fractional for p in plans for g in groups]
        agents += float(whole(np.sum(parts, axis=0)).sum())
    return agents * model.interval_s / units.HOUR


def alike_groups(
    model: Model, plans: list[QueuePlan], sharings: list[Sharing]
) -> list[tuple[int, ...]]:
    """Return the groups that can stand in for one another, so that they are rounded up together.

    Parameters
    ----------
    model : Model
    plans : list of QueuePlan
    sharings : list of Sharing
        As :func:`pool` found them.

    Returns
    -------
    list of tuple of int
        Every group once, by its number: those of one pool, of one live queue that shares no
        agents, or with the same deferred queues and no live one; each of the others alone.
    """
    number = {group.name: g for g, group in enumerate(model.groups)}
    apart = {name for one in sharings for name in one.queues}
    found = [tuple(number[name] for name in one.groups) for one in sharings if one.pooled]
    taken = {g for members in found for g in members}
    taken |= {number[name] for one in sharings if not one.pooled for name in one.groups}
    found += [(number[name],) for one in sharings if not one.pooled for name in one.groups]
    for plan in plans:
        queue = model.queues[plan.number]
        if not queue.deferred and plan.load.any() and queue.name not in apart:
            found.append(tuple(_serving(model, plan.number)))
            taken |= set(found[-1])
    rest: dict[frozenset[int], list[int]] = {}
    for g in sorted(set(range(len(model.groups))) - taken):
        skills = frozenset(skill.queue for skill in model.groups[g].skills)
        rest.setdefault(skills, []).append(g)
    return [*found, *map(tuple, rest.values())]


def _obstacle(model: Model, plans: list[QueuePlan], groups: list[int]) -> str:
    """Return why queues that share agents are no single pool, empty when they are one."""
    queues = [model.queues[plan.number] for plan in plans]
    skills = [_serving(model, plan.number) for plan in plans]
    every = [skill for one in skills for skill in one.values()]
    if any(skill.at_once > 1 for skill in every):
        return "some agents handle several contacts at once"
    if any(one.keys() != set(groups) for one in skills) or len({s.level for s in every}) > 1:
        return "not every group answers all of them on the same level"
    if any(skill.after > 0 or skill.reserve > 0 for skill in every):
        return "some agents answer only after a delay or beyond a reserve"
    if (
        len({(q.priority, q.weight, q.head_start) for q in queues}) > 1
        or len({s.take for s in every}) > 1
    ):
        return "some of them go first"
    if _variation(plans) > MOST_MIXED:
        return "their handle times differ too much"
    if not _one_patience(queues):
        return "their patience follows different distributions"
    return ""


def _variation(plans: list[QueuePlan]) -> float:
    """Return the squared coefficient of variation of a mixture of exponential handle times."""
    weight = np.array([plan.volume.sum() for plan in plans])
    mean = np.array([plan.load.sum() for plan in plans]) / weight
    second = float(weight @ (2 * mean**2) / weight.sum())
    return second / float(weight @ mean / weight.sum()) ** 2 - 1


def _one_patience(queues: list[Queue]) -> bool:
    """Tell whether all have the same patience, or each an exponential or endless one."""
    return all(is_exponential(queue) for queue in queues) or one_distribution(queues)


def one_distribution(queues: list[Queue]) -> bool:
    """Tell whether all queues have the same distribution of patience."""
    return len({(queue.patience, queue.balk) for queue in queues}) <= 1


class _Pool:
    """Queues as one M/M/n queue: the strictest of their targets counts in each interval."""

    def __init__(
        self,
        model: Model,
        plans: list[QueuePlan],
        formulas: str,
        by: str,
        max_occupancy: float | None,
    ) -> None:
        self.plans = plans
        queues = [model.queues[plan.number] for plan in plans]
        volume = np.sum([plan.volume for plan in plans], axis=0)
        load = np.sum([plan.load for plan in plans], axis=0)
        usual = np.full_like(volume, load.sum() / volume.sum() * model.interval_s)
        aht = np.divide(load * model.interval_s, volume, out=usual, where=volume > 0)
        asked_formulas = formulas != "erlang_a", formulas != "erlang_c"
        patience = mixed_patience(queues, plans, volume)
        self.load = load
        self.found: list[FormulaAgents] = []
        for queue in queues:
            asked = QueueLoad(queue, model.interval_s, volume, aht, max_occupancy=max_occupancy)
            same = one_distribution(queues)
            one = (
                need(asked, *asked_formulas)
                if same
                else need_with_mean_patience(asked, patience, *asked_formulas)
            )
            self.found.append(one)
        self.by_c = self._strictest("erlang_c")
        self.by_a = self._strictest("erlang_a")
        named = {"erlang_c": self.by_c, "erlang_a": self.by_a}
        self.by = (
            by if named[by] is not None else next(k for k, v in named.items() if v is not None)
        )
        chosen = named[self.by]
        assert chosen is not None
        self.chosen = chosen

    def _strictest(self, formula: str) -> Floats | None:
        """Return the most agents that any queue with contacts asks of the pool."""
        values = [getattr(one, formula) for one in self.found]
        if any(value is None for value in values):
            return None
        here = [np.where(p.volume > 0, v, 0.0) for p, v in zip(self.plans, values, strict=True)]
        return np.asarray(np.max(here, axis=0))

    @property
    def notes(self) -> list[str]:
        """Return which formula stands behind the pool."""
        return list(dict.fromkeys(text for one in self.found for text in one.notes))

    def apply(self) -> None:
        """Give each queue its part of the pool by its load, and the service of the whole pool."""
        agents = whole(self.chosen)
        for plan, one in zip(self.plans, self.found, strict=True):
            part = np.divide(
                plan.load, self.load, out=np.zeros_like(self.load), where=self.load > 0
            )
            plan.by_c = None if self.by_c is None else part * self.by_c
            plan.by_a = None if self.by_a is None else part * self.by_a
            plan.fractional, plan.by = part * self.chosen, self.by
            own = getattr(one, self.by)
            plan.stricter = bool(np.any((self.chosen > own + ALIKE) & (plan.volume > 0)))
            plan.predicted = np.where(plan.volume > 0, one.predicted(agents), np.nan)


def mixed_patience(queues: list[Queue], plans: list[QueuePlan], volume: Floats) -> Floats:
    """Return the mean patience whose rate of hanging up is that of the mixture at first (s).

    Parameters
    ----------
    queues, plans : list
        Of the pool, in the same order.
    volume : ndarray, shape (intervals,)
        Of all of them.

    Returns
    -------
    ndarray, shape (intervals,)
        Infinite where no customer abandons.
    """
    rate = np.zeros_like(volume)
    for queue, plan in zip(queues, plans, strict=True):
        means = patience_by_interval(queue)
        distribution = patience_of(queue)
        if means is not None:
            rate += plan.volume / means
        elif distribution is not None and np.isfinite(distribution.mean_s):
            rate += plan.volume / distribution.mean_s
    return np.divide(volume, rate, out=np.full_like(volume, np.inf), where=rate > 0)
