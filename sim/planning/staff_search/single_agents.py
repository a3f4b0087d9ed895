"""What one agent more or fewer does in each group and interval, with its confidence interval.

The plan and the changed plans are simulated on the same days, so that differences are paired. One
changed plan has one agent more (or fewer) in several distant intervals of a group, and each of them
is credited with what changes in the intervals around it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import t as student

from sim.array_types import Floats, Ints
from sim.planning.staff_search.goal_periods import GoalPeriods
from sim.planning.staff_search.plan_simulator import PlanTask
from sim.planning.staff_search.plan_space import Plan, PlanSpace
from sim.planning.staff_search.response_surface import BEFORE, Probe, band_width
from sim.planning.staff_search.simulated_plans import SearchStopped, SimulatedPlans

FRESH = 2_000_003
"""Added to the seed: days on which the plan was not chosen."""
FEWEST, DAYS = 10, 100
"""Fewest and most days that are simulated for single agents."""
PART = 0.7
"""Part of the time that is left which these days may take as far as is known before."""
CONFIDENCE = 0.95
FELT = 0.1
"""Part of the largest effect of an agent from which on a condition counts as affected."""


@dataclass(frozen=True, eq=False)
class SingleAgents:
    """Change of each condition for one agent more and for one fewer, of what is counted in it.

    Attributes
    ----------
    change : ndarray, shape (2, blocks, conditions)
        For one more, and for one fewer; of a share in its unit, of a wait in parts of its target.
    margin : ndarray, shape (2, blocks, conditions)
        Half width of the 95 % confidence interval.
    level : ndarray, shape (conditions,)
        By how much the plan itself exceeds each condition, in parts of what can be exceeded: 1 is
        as good as it gets.
    goal : ndarray of int, shape (conditions,)
    names : tuple of str
        Goals in words.
    days : int
    """

    change: Floats
    margin: Floats
    level: Floats
    goal: Ints
    names: tuple[str, ...]
    days: int

    def binding(self) -> Ints:
        """Return for each block the condition nearest to a miss among those it affects."""
        size = np.abs(self.change).max(axis=0)
        sure = size > np.abs(self.margin).max(axis=0)
        felt = (size >= FELT * np.maximum(size.max(axis=1, keepdims=True), 1e-12)) & sure
        near = np.where(felt, self.level[None], np.inf).argmin(axis=1)
        return np.asarray(np.where(felt.any(axis=1), near, size.argmax(axis=1)))

    def records(self, space: PlanSpace) -> list[dict[str, object]]:
        """Return rows of group, interval, goal, and both changes with their intervals."""
        rows = []
        for b, c in enumerate(self.binding()):
            row: dict[str, object] = {
                "group": space.model.groups[space.group[b]].name,
                "interval": space.model.starts[space.first[b]],
                "goal": self.names[self.goal[c]],
            }
            for k, name in enumerate(("one_more", "one_less")):
                value, half = float(self.change[k, b, c]), float(self.margin[k, b, c])
                row |= {name: value, f"{name}_low": value - half, f"{name}_high": value + half}
            rows.append(row)
        return rows


def single_agents(
    task: PlanTask, plan: Plan, workers: int | None, until: float
) -> SingleAgents | None:
    """Return what single agents do around a plan; None without the time for enough days.

    Parameters
    ----------
    task : PlanTask
    plan : Plan
    workers : int or None
    until : float
        Instant of :func:`time.monotonic` at which to end.
    """
    space, periods = task.space, task.periods
    each = PlanTask(space, _by_interval(periods), task.seed + FRESH)
    cells = SimulatedPlans(each, workers, until)
    changed = list(_changed(space, plan))
    try:
        cells.simulate([plan], FEWEST)
        days = _affordable(cells, len(changed), until)
        if days < FEWEST:
            return None
        first, *others = cells.simulate([plan, *(one.plan for one in changed)], days)
    except SearchStopped:
        return None
    finally:
        cells.close()
    shape = (days, len(periods.goals), periods.intervals)
    base = first.surplus[:days].reshape(shape).astype(np.float64)
    size = periods.size(first)
    change, margin = np.zeros((2, 2, space.blocks, periods.count))
    for one, cell in zip(changed, others, strict=True):
        apart = cell.surplus[:days].reshape(shape) - base
        for b in one.blocks:
            effect = _on_conditions(task, apart, int(b), one.blocks) / size
            k = 0 if one.step > 0 else 1
            change[k, b] = effect.mean(axis=0)
            error = effect.std(axis=0, ddof=1) / np.sqrt(days)
            margin[k, b] = student.ppf(0.5 + CONFIDENCE / 2, days - 1) * error
    largest = np.array([goal.largest_excess for goal in periods.goals])[periods.goal]
    level = periods.collect(base.mean(axis=0)) / size / largest
    names = tuple(str(goal) for goal in periods.goals)
    return SingleAgents(change, margin, level, periods.goal, names, days)


def _by_interval(periods: GoalPeriods) -> GoalPeriods:
    """Return conditions of which each is one goal in one interval."""
    goals, intervals = periods.condition.shape
    count = goals * intervals
    return replace(
        periods, condition=np.arange(count).reshape(goals, intervals), count=count,
        goal=np.repeat(np.arange(goals), intervals),
        goals=tuple(replace(goal, days_met=None) for goal in periods.goals),
    )  # fmt: skip


def _changed(space: PlanSpace, plan: Plan) -> Iterator[Probe]:
    """Give plans with one agent more, or fewer, in distant intervals of a group."""
    agents, width = np.array(plan), band_width(space)
    for step in (1, -1):
        able = (agents + step >= 0) & (agents + step <= space.most)
        for g in range(len(space.model.groups)):
            for turn in range(width):
                mine = np.flatnonzero((space.group == g) & (space.first % width == turn) & able)
                if mine.size:
                    changed = agents.copy()
                    changed[mine] += step
                    yield Probe(tuple(int(n) for n in changed), mine, step)


def _affordable(cells: SimulatedPlans, plans: int, until: float) -> int:
    """Return the days of each plan for which there is time."""
    left = PART * (until - time.monotonic())
    return int(min(DAYS, left / max(plans * cells.seconds(1), 1e-9)))


def _on_conditions(task: PlanTask, apart: Floats, block: int, together: Ints) -> Floats:
    """Return the part of a block in the differences of a changed plan.

    Of goals about deferred work an equal part of the day: such work waits for any agent.

    Returns
    -------
    ndarray, shape (days, conditions)
    """
    space, periods = task.space, task.periods
    first = int(space.first[block])
    near = slice(max(first - BEFORE, 0), int(space.last[block]) - 1 - BEFORE + band_width(space))
    per_day = periods.intervals // space.model.days
    day = first // per_day
    whole = slice(day * per_day, (day + 1) * per_day)
    same_day = int((space.first[together] // per_day == day).sum())
    found = np.zeros((apart.shape[0], periods.count + 1))
    for k, goal in enumerate(periods.goals):
        late = goal.metric == "on_time"
        span = whole if late else near
        for c in np.unique(periods.condition[k, span]):
            mine = apart[:, k, span][:, periods.condition[k, span] == c].sum(axis=1)
            found[:, c] += mine / same_day if late else mine
    return found[:, :-1]
