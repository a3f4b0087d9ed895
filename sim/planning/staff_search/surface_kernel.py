"""Search on a fitted surface, compiled: agents are changed one by one and effects kept up to date.

A block affects only the conditions of the intervals around it, so that a change concerns a few
blocks nearby and the search takes no longer where the horizon has more days.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from sim.compile_cache import compiled_when_called

TINY_GAIN = 1e-12
FREE = 1e3
"""Worth of a gain that costs nothing, in relation to one that costs an agent-hour."""
KEPT = 0.001
"""Slack, of what is counted, that is added so that a condition just met has a finite weight."""
COST_SCALE = 1e9
"""Costs that differ by less than its inverse are equal."""


class SurfaceArrays(NamedTuple):
    """What does not change during a search.

    Attributes
    ----------
    felt, near : ndarray of int, shape (blocks, width), (blocks, most)
        Intervals that a block affects, and the blocks whose effects it changes; -1 for none.
    slope, bottom, place : ndarray, shape (goals, blocks, width)
        Slopes, what is counted, and the position in ``condition`` (-1 for none).
    shares, sign : ndarray, shape (goals,)
    condition : ndarray of int, shape (blocks, most)
        Conditions that a block affects; their number for none.
    far, lost : ndarray, shape (blocks, most)
        Effect on deferred work, and what each agent farther from the surface's plan loses.
    size : ndarray, shape (conditions,)
    base, low, high, first : ndarray of int, shape (blocks,)
        Plan of the surface, fewest and most agents, first interval.
    price : ndarray, shape (blocks, agents)
        Cost of so many agents on duty.
    """

    felt: Any
    near: Any
    slope: Any
    bottom: Any
    place: Any
    shares: Any
    sign: Any
    condition: Any
    far: Any
    lost: Any
    size: Any
    base: Any
    low: Any
    high: Any
    first: Any
    price: Any


class SurfacePlan(NamedTuple):
    """A plan on the surface.

    Attributes
    ----------
    agents : ndarray of int, shape (blocks,)
    linked : ndarray, shape (goals, intervals + 1)
    slack : ndarray, shape (conditions,)
        Above the margin.
    effect : ndarray, shape (2, blocks, most)
        Of one agent more and of one fewer on the conditions of each block.
    """

    agents: Any
    linked: Any
    slack: Any
    effect: Any


@compiled_when_called
def level_of(linked: float, share: bool) -> float:
    """Return the share, or wait, of a linked level."""
    if share:
        return 0.5 * math.erfc(-linked / math.sqrt(2.0))
    return math.exp(min(linked, 20.0))


@compiled_when_called
def update_effects(a: SurfaceArrays, p: SurfacePlan, b: int) -> None:
    """Compute the effects of one agent more and of one fewer in a block."""
    goals, _, width = a.slope.shape
    apart = p.agents[b] - a.base[b]
    for k in range(2):
        step = 1 - 2 * k
        farther = abs(apart + step) - abs(apart)
        for j in range(a.condition.shape[1]):
            p.effect[k, b, j] = step * a.far[b, j] - a.lost[b, j] * farther
    for g in range(goals):
        for w in range(width):
            j = a.place[g, b, w]
            slope = a.slope[g, b, w]
            if j < 0 or slope == 0.0:
                continue
            before = p.linked[g, a.felt[b, w]]
            level = level_of(before, a.shares[g])
            weight = a.sign[g] * a.bottom[g, b, w]
            for k in range(2):
                after = level_of(before + (1 - 2 * k) * slope, a.shares[g])
                p.effect[k, b, j] += weight * (after - level)


@compiled_when_called
def change_agents(a: SurfaceArrays, p: SurfacePlan, b: int, k: int) -> None:
    """Give a block one agent more (k = 0) or fewer (k = 1)."""
    step = 1 - 2 * k
    for j in range(a.condition.shape[1]):
        if a.condition[b, j] < p.slack.size:
            p.slack[a.condition[b, j]] += p.effect[k, b, j]
    p.agents[b] += step
    for g in range(a.slope.shape[0]):
        for w in range(a.slope.shape[2]):
            if a.felt[b, w] >= 0:
                p.linked[g, a.felt[b, w]] += step * a.slope[g, b, w]
    for n in range(a.near.shape[1]):
        if a.near[b, n] >= 0:
            update_effects(a, p, a.near[b, n])


@compiled_when_called
def may_change(a: SurfaceArrays, p: SurfacePlan, b: int, k: int) -> bool:
    """Return whether a block may have one agent more (k = 0) or fewer (k = 1)."""
    return bool(a.low[b] <= p.agents[b] + 1 - 2 * k <= a.high[b])


@compiled_when_called
def gain_of(a: SurfaceArrays, p: SurfacePlan, b: int, k: int) -> float:
    """Return how much less conditions would be missed after a change."""
    gain = 0.0
    for j in range(a.condition.shape[1]):
        c = a.condition[b, j]
        if c < p.slack.size:
            before = max(-p.slack[c], 0.0)
            gain += (before - max(-(p.slack[c] + p.effect[k, b, j]), 0.0)) / a.size[c]
    return gain


@compiled_when_called
def step_price(a: SurfaceArrays, p: SurfacePlan, b: int, k: int) -> float:
    """Return what a change costs."""
    return float(a.price[b, p.agents[b] + 1 - 2 * k] - a.price[b, p.agents[b]])


@compiled_when_called
def repair_goals(a: SurfaceArrays, p: SurfacePlan, barred: Any) -> bool:
    """Add agents (or take some away, where a goal wants fewer) until all conditions hold."""
    for _ in range(4 * p.agents.size):
        if p.slack.min() >= 0.0:
            return True
        best, block, way = TINY_GAIN, -1, 0
        for k in range(2):
            for b in range(p.agents.size):
                if barred[b] or not may_change(a, p, b, k):
                    continue
                gain = gain_of(a, p, b, k)
                price = step_price(a, p, b, k)
                worth = gain / max(price, 1e-9) if price > 0.0 else gain * FREE
                if worth > best:
                    best, block, way = worth, b, k
        if block < 0:
            return False
        change_agents(a, p, block, way)
    return False


@compiled_when_called
def loss_of(a: SurfaceArrays, p: SurfacePlan, b: int) -> float:
    """Return the slack that one agent fewer costs, infinite where a condition would be missed."""
    loss = 0.0
    for j in range(a.condition.shape[1]):
        c = a.condition[b, j]
        if c >= p.slack.size:
            continue
        effect = p.effect[1, b, j]
        if p.slack[c] + effect < 0.0:
            return np.inf
        loss += max(-effect, 0.0) / (max(p.slack[c], 0.0) + KEPT * a.size[c])
    return loss


@compiled_when_called
def remove_agents(a: SurfaceArrays, p: SurfacePlan) -> None:
    """Take agents away as long as all conditions hold, first where that costs the least slack."""
    while True:
        best, block = np.inf, -1
        for b in range(p.agents.size):
            if not may_change(a, p, b, 1):
                continue
            saved = -step_price(a, p, b, 1)
            if saved <= 0.0:
                continue
            loss = loss_of(a, p, b) / saved
            if loss < best:
                best, block = loss, b
        if block < 0:
            return
        change_agents(a, p, block, 1)


@compiled_when_called
def uniform(rng: Any) -> float:
    """Return a random number from 0 to below 1 (splitmix64; numpy's compile much longer)."""
    rng[0] += np.uint64(0x9E3779B97F4A7C15)
    mixed = rng[0]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed = mixed ^ (mixed >> np.uint64(31))
    return float(mixed >> np.uint64(11)) / 9007199254740992.0


@compiled_when_called
def pick(a: SurfaceArrays, p: SurfacePlan, near: int, rng: Any) -> int:
    """Return a random block that may lose an agent, near an interval if that is not negative."""
    chosen, seen = -1, 0
    anywhere = near < 0 or uniform(rng) < 0.5
    for b in range(p.agents.size):
        if may_change(a, p, b, 1) and (anywhere or abs(a.first[b] - near) <= 1):
            seen += 1
            if uniform(rng) * seen < 1.0:
                chosen = b
    return chosen


@compiled_when_called
def take_some(a: SurfaceArrays, p: SurfacePlan, barred: Any, rng: Any) -> bool:
    """Take one to three agents away, mostly of one interval and the next; bar their blocks."""
    barred[:] = False
    b = pick(a, p, -1, rng)
    if b < 0:
        return False
    near = a.first[b]
    for _ in range(1 + int(3 * uniform(rng))):
        if b >= 0 and not barred[b]:
            barred[b] = True
            change_agents(a, p, b, 1)
        b = pick(a, p, near, rng)
    return True


@compiled_when_called
def copy_plan(to: SurfacePlan, plan: SurfacePlan) -> None:
    """Copy a plan into another."""
    to.agents[:] = plan.agents
    to.linked[:] = plan.linked
    to.slack[:] = plan.slack
    to.effect[:] = plan.effect


@compiled_when_called
def rank_of(a: SurfaceArrays, p: SurfacePlan, holds: bool, rank: Any) -> None:
    """Write what orders plans: shortfall, then cost, then the least slack (more is better)."""
    short, cost, least = 0.0, 0.0, np.inf
    for c in range(p.slack.size):
        if not holds:
            short += max(-p.slack[c], 0.0) / a.size[c]
        least = min(least, p.slack[c] / a.size[c])
    for b in range(p.agents.size):
        cost += a.price[b, p.agents[b]]
    rank[0] = round(short * COST_SCALE) / COST_SCALE
    rank[1] = round(cost * COST_SCALE) / COST_SCALE
    rank[2] = -least


@compiled_when_called
def is_lower(one: Any, other: Any) -> bool:
    """Return whether a rank is as low as another or lower."""
    for k in range(3):
        if one[k] != other[k]:
            return bool(one[k] < other[k])
    return True


@compiled_when_called
def search_locally(
    a: SurfaceArrays, best: SurfacePlan, p: SurfacePlan, rank: Any, kicks: int, rng: Any,
    plans: Any, ranks: Any,
) -> int:  # fmt: skip
    """Improve a plan by iterated local search; return how many plans hold.

    Parameters
    ----------
    a : SurfaceArrays
    best, p : SurfacePlan
        The best plan, which is changed, and room for another.
    rank : ndarray, shape (3,)
        Of the best plan; infinite at the beginning.
    kicks : int
    rng : ndarray of uint64, shape (1,)
        State of the random numbers.
    plans, ranks : ndarray, shape (kicks + 1, blocks), (kicks + 1, 3)
        Filled with the plans whose conditions hold.
    """
    barred = np.zeros(p.agents.size, np.bool_)
    now = np.empty(3)
    found = 0
    for kick in range(kicks + 1):
        copy_plan(p, best)
        begins = kick == 0 and rank[0] == np.inf
        barred[:] = False
        if not begins and not take_some(a, p, barred, rng):
            break
        holds = repair_goals(a, p, barred)
        if holds:
            remove_agents(a, p)
        rank_of(a, p, holds, now)
        if holds:
            plans[found] = p.agents
            ranks[found] = now
            found += 1
        if begins or is_lower(now, rank):
            copy_plan(best, p)
            rank[:] = now
    return found
