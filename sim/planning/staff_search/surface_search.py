"""Search on a fitted surface: the cheapest plan that is foreseen to meet all goals."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.planning.staff_search.plan_space import Plan, PlanSpace
from sim.planning.staff_search.response_surface import Surface, unlinked

COST_DIGITS = 9


@dataclass
class SurfaceState:
    """A plan on the surface, changed agent by agent.

    Parameters
    ----------
    space : PlanSpace
    surface : Surface
    radius : int
        Most agents by which a block may differ from the plan of the surface.
    margin : ndarray, shape (conditions,)
        Slack that each condition must keep.
    caution : float
        Part of the effect of an agent that every change is foreseen to lose: groups that help one
        another are hardly distinguished by slopes, but all changes together leave the surface.
    """

    space: PlanSpace
    surface: Surface
    radius: int
    margin: Floats
    caution: float
    agents: Ints = field(init=False)
    cost: float = field(init=False)
    slack: Floats = field(init=False)

    def __post_init__(self) -> None:
        surface, space = self.surface, self.space
        plan = np.array(surface.plan)
        self._low = np.maximum(plan - self.radius, np.minimum(space.least, plan))
        self._high = np.minimum(plan + self.radius, space.most)
        self._scheduled = np.stack([space.scheduled[g] for g in space.group])
        self._rows = np.arange(space.blocks)
        self._price = space.hours * space.wage
        goals = len(surface.periods.goals)
        self._sign = surface.periods.sign[:, None, None]
        pad = np.zeros((goals, 1))
        self._bottom = np.concatenate([surface.bottom, pad], axis=1)[:, surface.felt]
        none = np.full((goals, 1), surface.periods.count)
        owner = np.concatenate([surface.periods.condition, none], axis=1)[:, surface.felt]
        width = surface.periods.count + 1
        self._target = (owner + width * self._rows[None, :, None]).ravel()
        self._slope = np.moveaxis(surface.slope, 0, 1)
        self._base = plan
        self._lost = np.zeros((space.blocks, surface.periods.count))
        self.start(surface.plan)
        both = np.abs(self.effects(1)) + np.abs(self.effects(-1))
        self._lost = 0.5 * self.caution * both

    def start(self, plan: Plan) -> None:
        """Return to the plan of the surface, then go to another plan."""
        surface = self.surface
        pad = np.zeros((surface.linked.shape[0], 1))
        self.agents = np.array(surface.plan)
        self._linked = np.concatenate([surface.linked, pad], axis=1)
        self.slack = surface.slack - self.margin
        self.cost = float(self._scheduled[self._rows, self.agents] @ self._price)
        wanted = np.clip(np.array(plan), self._low, self._high)
        while (self.agents != wanted).any():
            for way in (-1, 1):
                for b in np.flatnonzero(way * (wanted - self.agents) > 0):
                    self.change(int(b), way, self.effects(way)[b])

    @property
    def plan(self) -> Plan:
        """Return the plan."""
        return tuple(int(n) for n in self.agents)

    def allowed(self, step: int) -> Bools:
        """Return which blocks may get so many agents more."""
        changed = self.agents + step
        return np.asarray((changed >= self._low) & (changed <= self._high))

    def prices(self, step: int) -> Floats:
        """Return what so many agents more cost in each block."""
        changed = np.clip(self.agents + step, 0, self.space.most)
        rows, table = self._rows, self._scheduled
        return np.asarray((table[rows, changed] - table[rows, self.agents]) * self._price)

    def effects(self, step: int) -> Floats:
        """Return what so many agents more in a block change in each condition.

        Returns
        -------
        ndarray, shape (blocks, conditions)
        """
        surface = self.surface
        before = self._linked[:, surface.felt]
        shares = surface.shares
        after = unlinked(before + step * self._slope, shares)
        gain = self._sign * self._bottom * (after - unlinked(before, shares))
        width = surface.periods.count + 1
        size = self.space.blocks * width
        found = np.bincount(self._target, gain.ravel(), size).reshape(-1, width)[:, :-1]
        apart = self.agents - self._base
        farther = np.abs(apart + step) - np.abs(apart)
        return np.asarray(found + step * surface.far - self._lost * farther[:, None])

    def change(self, block: int, step: int, effect: Floats) -> None:
        """Give a block so many agents more; the effect is that of :meth:`effects`."""
        self.cost += float(self.prices(step)[block])
        self.agents[block] += step
        felt = self.surface.felt[block]
        self._linked[:, felt] += step * self._slope[:, block]
        self.slack = self.slack + effect


def repair(state: SurfaceState, size: Floats, barred: Ints | None = None) -> bool:
    """Add agents (or take some away, where a goal wants fewer) until all conditions hold.

    Parameters
    ----------
    state : SurfaceState
    size : ndarray, shape (conditions,)
        What is counted in each condition.
    barred : ndarray of int, optional
        Blocks that must not change.

    Returns
    -------
    bool
        Whether they hold.
    """
    for _ in range(4 * state.space.blocks):
        short = np.maximum(-state.slack, 0.0)
        if not short.any():
            return True
        choice = _best_repair(state, short, size, barred)
        if choice is None:
            return False
        state.change(*choice)
    return False


def _best_repair(
    state: SurfaceState, short: Floats, size: Floats, barred: Ints | None
) -> tuple[int, int, Floats] | None:
    best, chosen = 1e-12, None
    for step in (1, -1):
        effect = state.effects(step)
        after = np.maximum(-(state.slack + effect), 0.0)
        gain = ((short - after) / size).sum(axis=1)
        price = state.prices(step)
        worth = np.where(price > 0, gain / np.maximum(price, 1e-9), gain * 1e3)
        worth[~state.allowed(step)] = 0.0
        if barred is not None:
            worth[barred] = 0.0
        b = int(np.argmax(worth))
        if worth[b] > best:
            best, chosen = float(worth[b]), (b, step, effect[b])
    return chosen


def reduce(state: SurfaceState, size: Floats) -> None:
    """Take agents away as long as all conditions hold, first where that costs the least slack."""
    while True:
        effect = state.effects(-1)
        saved = -state.prices(-1)
        kept = (state.slack + effect >= 0).all(axis=1) & state.allowed(-1) & (saved > 0)
        if not kept.any():
            return
        weight = 1.0 / (np.maximum(state.slack, 0.0) + 0.001 * size)
        loss = (np.maximum(-effect, 0.0) * weight).sum(axis=1)
        b = int(np.argmin(np.where(kept, loss / np.maximum(saved, 1e-9), np.inf)))
        state.change(b, -1, effect[b])


def search_surface(
    space: PlanSpace,
    surface: Surface,
    size: Floats,
    radius: int,
    margin: Floats,
    caution: float,
    kicks: int,
    seed: int,
    known: frozenset[Plan] = frozenset(),
    until: float = np.inf,
) -> list[tuple[float, Plan]]:
    """Return the cheapest plans that are foreseen to meet all goals, the best first.

    Iterated local search: some agents are taken away, the goals repaired where that is cheapest,
    and what is not needed is taken away; changes that cost less are kept.

    Parameters
    ----------
    space : PlanSpace
    surface : Surface
    size : ndarray, shape (conditions,)
    radius, margin, caution
        As of :class:`SurfaceState`.
    kicks : int
        Attempts to improve.
    seed : int
    known : set of Plan
        Plans that are not to be returned.
    until : float
        Instant of :func:`time.monotonic` at which to end.

    Returns
    -------
    list of (cost, Plan)
        Empty where no plan within the radius meets the goals.
    """
    state = SurfaceState(space, surface, radius, margin, caution)
    rng = np.random.default_rng(seed)
    holds = repair(state, size)
    if holds:
        reduce(state, size)
    best, found = (_rank(state, size, holds), state.plan), {}
    for _ in range(kicks):
        if time.monotonic() > until:
            break
        if holds and state.plan not in known:
            found[state.plan] = _rank(state, size, holds)
        state.start(best[1])
        taken = _kick(state, rng)
        if taken.size == 0:
            break
        holds = repair(state, size, taken)
        if holds:
            reduce(state, size)
        rank = _rank(state, size, holds)
        if rank <= best[0]:
            best = rank, state.plan
    if holds and state.plan not in known:
        found[state.plan] = _rank(state, size, holds)
    ordered = sorted(found, key=lambda plan: found[plan])
    return [(found[plan][1], plan) for plan in ordered]


def _rank(state: SurfaceState, size: Floats, holds: bool) -> tuple[float, float, float]:
    """Return what orders plans: shortfall, then cost, then the least slack (more is better)."""
    short = 0.0 if holds else float((np.maximum(-state.slack, 0.0) / size).sum())
    return round(short, 9), round(state.cost, COST_DIGITS), -float((state.slack / size).min())


def _kick(state: SurfaceState, rng: np.random.Generator) -> Ints:
    """Take one to three agents away, mostly of one interval and the next; return the blocks."""
    first = np.flatnonzero(state.allowed(-1))
    if first.size == 0:
        return first
    taken = [int(rng.choice(first))]
    near = np.abs(state.space.first - state.space.first[taken[0]]) <= 1
    for _ in range(int(rng.integers(0, 3))):
        pool = np.flatnonzero(state.allowed(-1) & (near | (rng.random() < 0.5)))
        if pool.size:
            taken.append(int(rng.choice(pool)))
    for b in dict.fromkeys(taken):
        if state.allowed(-1)[b]:
            state.change(b, -1, state.effects(-1)[b])
    return np.array(taken)
