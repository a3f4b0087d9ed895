"""How goals respond to agents: a surface fitted to simulated plans, to foresee other plans.

In each interval the level of a goal (a share, or a wait) goes through a link, the normal quantile
of a share or the logarithm of a wait, in which it is near linear in the agents: the square-root
rule of many servers (Halfin and Whitt 1981; Garnett, Mandelbaum and Reiman 2002). Slopes are paired
differences under common random numbers. Groups are changed in several distant intervals at once,
as the Jacobian of a banded system needs only as many evaluations as the band is wide (Curtis,
Powell and Reid 1974).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr, ndtri

from sim.array_types import Bools, Floats, Ints
from sim.planning.staff_search.goal_periods import GoalPeriods
from sim.planning.staff_search.plan_space import Plan, PlanSpace
from sim.planning.staff_search.plan_tally import PlanTally

BEFORE = 1
"""Intervals before a change in which it is felt: contacts that still wait."""
LEAST_COUNTED = 0.25
"""Half contacts by which a level of 0 or 1 in the simulated days is taken to be wrong."""


def linked(top: Floats, bottom: Floats, runs: int, shares: Bools) -> Floats:
    """Return levels by interval on the scale on which they are near linear in the agents.

    Parameters
    ----------
    top, bottom : ndarray, shape (goals, intervals)
        Means over replications.
    runs : int
    shares : ndarray of bool, shape (goals,)
    """
    counted = np.maximum(bottom * runs, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        level = np.where(bottom > 0, top / bottom, 0.5)
    least = LEAST_COUNTED / counted
    share = ndtri(np.clip(level, least, 1 - least))
    wait = np.log(np.maximum(level, 1e-2))
    return np.where(shares[:, None], share, wait)


def unlinked(values: Floats, shares: Bools) -> Floats:
    """Return levels of linked values, goals first."""
    shape = (-1,) + (1,) * (values.ndim - 1)
    if shares.all():
        return np.asarray(ndtr(values))
    return np.where(shares.reshape(shape), ndtr(values), np.exp(np.minimum(values, 20.0)))


@dataclass(frozen=True, eq=False)
class Surface:
    """The levels around a simulated plan.

    Attributes
    ----------
    periods : GoalPeriods
    plan : Plan
    linked : ndarray, shape (goals, intervals)
    bottom : ndarray, shape (goals, intervals)
    slack : ndarray, shape (conditions,)
    slope : ndarray, shape (blocks, goals, width)
        Change of the linked level in the intervals of ``felt`` for one agent more.
    felt : ndarray of int, shape (blocks, width)
        Intervals; ``intervals`` stands for none.
    far : ndarray, shape (blocks, conditions)
        Change of the slack of goals about deferred work for one agent more, whenever it is there.
    shares : ndarray of bool, shape (goals,)
    """

    periods: GoalPeriods
    plan: Plan
    linked: Floats
    bottom: Floats
    slack: Floats
    slope: Floats
    felt: Ints
    far: Floats
    shares: Bools

    def at(self, plan: Plan, cell: PlanTally) -> Surface:
        """Return the surface with these slopes around another simulated plan."""
        levels, bottom = levels_of(cell, self.shares)
        return replace(
            self, plan=plan, linked=levels, bottom=bottom, slack=self.periods.slack(cell)
        )


def levels_of(cell: PlanTally, shares: Bools) -> tuple[Floats, Floats]:
    """Return linked levels and denominators by interval, means over replications."""
    mean = cell.total / cell.runs
    return linked(mean[:, 0], mean[:, 1], cell.runs, shares), mean[:, 1]


@dataclass(frozen=True, eq=False)
class Probe:
    """A plan changed in distant blocks of one group, to see the effect of each of them."""

    plan: Plan
    blocks: Ints
    step: int


def band_width(space: PlanSpace) -> int:
    """Return in how many intervals a change is felt: it lasts some handle times."""
    model = space.model
    live = [q for q in model.queues if not q.deferred] or list(model.queues)
    handle = max(q.talk.mean + q.hold.mean + q.wrap.mean for q in live)
    return int(np.clip(3 + np.ceil(2 * handle / model.interval_s), 3, 8))


def probes(space: PlanSpace, plan: Plan, sign: int) -> Iterator[Probe]:
    """Give the plans to simulate for the slopes around a plan.

    Parameters
    ----------
    space : PlanSpace
    plan : Plan
    sign : {-1, 1}
        Whether agents are taken away or added; a block without agents gets one more.
    """
    width = band_width(space)
    for g in range(len(space.model.groups)):
        for turn in range(width):
            mine = np.flatnonzero((space.group == g) & (space.first % width == turn))
            if not mine.size:
                continue
            agents = np.array(plan)
            step = max(1, int(round(0.04 * float(agents[mine].mean()))))
            for way in (-1, 1):
                inside = (
                    mine[(sign > 0) | (agents[mine] >= step)]
                    if way == sign
                    else (mine[(sign < 0) & (agents[mine] < step)])
                )
                if inside.size:
                    changed = agents.copy()
                    changed[inside] += way * step
                    yield Probe(tuple(int(n) for n in changed), inside, way * step)


def fit_surface(
    space: PlanSpace,
    periods: GoalPeriods,
    plan: Plan,
    sign: int,
    simulate: Callable[[list[Plan]], list[PlanTally]],
) -> Surface:
    """Return the surface around a plan, after simulating what that takes.

    Parameters
    ----------
    space : PlanSpace
    periods : GoalPeriods
    plan : Plan
    sign : {-1, 1}
    simulate : callable
        Returns the cells of some plans.
    """
    shares = np.array([g.definition.unit == "share" for g in periods.goals])
    changed = list(probes(space, plan, sign))
    first, *others = simulate([plan, *(probe.plan for probe in changed)])
    levels, bottom = levels_of(first, shares)
    width = band_width(space)
    felt = space.first[:, None] - BEFORE + np.arange(width)
    inside = (felt >= 0) & (felt < periods.intervals)
    slope = np.zeros((space.blocks, len(periods.goals), width))
    far, slack = np.zeros((space.blocks, periods.count)), periods.slack(first)
    late = np.array([g.metric == "on_time" for g in periods.goals])
    for probe, cell in zip(changed, others, strict=True):
        found = (levels_of(cell, shares)[0] - levels) / probe.step
        found[late] = 0.0
        effect = (periods.slack(cell) - slack) * late[periods.goal] / probe.step
        far[probe.blocks] = _shared(space, periods, probe.blocks, effect)
        rows = np.clip(felt[probe.blocks], 0, periods.intervals - 1)
        slope[probe.blocks] = np.moveaxis(found[:, rows], 0, 1)
    slope *= inside[:, None, :]
    felt = np.where(inside, felt, periods.intervals)
    slope = _smoothed(space, periods, plan, slope, felt, levels, bottom)
    return Surface(periods, plan, levels, bottom, slack, slope, felt, far, shares)


def _shared(space: PlanSpace, periods: GoalPeriods, blocks: Ints, effect: Floats) -> Floats:
    """Return the part of each block in an effect on the conditions of its own day.

    Returns
    -------
    ndarray, shape (blocks, conditions)
    """
    per_day = periods.intervals // space.model.days
    day = space.first[blocks] // per_day
    last = np.zeros(periods.count + 1, np.int64)
    np.maximum.at(last, periods.condition, np.arange(periods.intervals)[None])
    goals = periods.goals
    whole = np.array([goals[k].per == "horizon" for k in periods.goal], bool)
    near = (day[:, None] == (last[:-1] // per_day)[None]) | whole[None]
    return np.asarray(near * effect / np.maximum(near.sum(axis=0), 1))


def _smoothed(
    space: PlanSpace,
    periods: GoalPeriods,
    plan: Plan,
    slope: Floats,
    felt: Ints,
    levels: Floats,
    bottom: Floats,
) -> Floats:
    """Return slopes averaged with those of nearby intervals, by how well each is known.

    A slope is proportional to the inverse square root of the agents, so that this product is
    averaged; where nearly all or no contacts are in time little is known of it.
    """
    root = np.sqrt(np.maximum(np.array(plan, np.float64), 1.0))
    known = np.exp(-(np.minimum(levels, 6.0) ** 2)) * bottom
    known = np.concatenate([known, np.zeros((known.shape[0], 1))], axis=1)
    weight = np.moveaxis(known[:, felt], 0, 1)
    out = slope.copy()
    for g in np.unique(space.group):
        mine = np.flatnonzero(space.group == g)
        apart = space.first[mine][:, None] - space.first[mine][None]
        near = np.exp(-0.5 * (apart / 1.5) ** 2)
        total = np.tensordot(near, weight[mine], 1)
        mean = np.tensordot(near, weight[mine] * slope[mine] * root[mine, None, None], 1)
        found = np.divide(mean, total, out=np.zeros_like(mean), where=total > 1e-12)
        out[mine] = found / root[mine, None, None]
    return out
