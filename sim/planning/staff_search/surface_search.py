"""Search on a fitted surface: the cheapest plan that is foreseen to meet all goals."""

from __future__ import annotations

import time
from functools import cached_property
from typing import Any

import numpy as np

from sim.array_types import Floats, Ints
from sim.planning.staff_search import surface_kernel as kernel
from sim.planning.staff_search.plan_space import Plan, PlanSpace
from sim.planning.staff_search.response_surface import Surface

TOGETHER = 50
"""Attempts to improve between two looks at the time."""


class SurfaceState:
    """The plans around that of a surface, and what single agents change.

    Parameters
    ----------
    space : PlanSpace
    surface : Surface
    size : ndarray, shape (conditions,)
        What is counted in each condition.
    radius : int
        Most agents by which a block may differ from the plan of the surface.
    margin : ndarray, shape (conditions,)
        Slack that each condition must keep.
    caution : float
        Part of the effect of an agent that every change is foreseen to lose: groups that help one
        another are hardly distinguished by slopes, but all changes together leave the surface.
    """

    def __init__(
        self,
        space: PlanSpace,
        surface: Surface,
        size: Floats,
        radius: int,
        margin: Floats,
        caution: float,
    ) -> None:
        self.space, self.surface, self._size, self._radius = space, surface, size, radius
        self._margin = margin
        self.arrays = self._arrays()
        self.plan = self._plan()
        both = np.abs(self.plan.effect).sum(axis=0)
        self.arrays = self.arrays._replace(lost=_plain(0.5 * caution * both))
        self._update(self.plan)

    def effects(self, step: int) -> Floats:
        """Return what one agent more or fewer in a block changes in each condition.

        Returns
        -------
        ndarray, shape (blocks, conditions)
        """
        found = np.zeros((self.space.blocks, self.surface.periods.count + 1))
        rows = np.arange(self.space.blocks)[:, None]
        found[rows, self.arrays.condition] = self.plan.effect[0 if step > 0 else 1]
        return found[:, :-1]

    def another(self) -> kernel.SurfacePlan:
        """Return room for another plan."""
        return kernel.SurfacePlan(*(values.copy() for values in self.plan))

    @cached_property
    def _owner(self) -> Ints:
        """Return the condition of each felt interval by goal and block; ``count`` for none."""
        periods = self.surface.periods
        none = np.full((len(periods.goals), 1), periods.count)
        return np.concatenate([periods.condition, none], axis=1)[:, self.surface.felt]

    def _arrays(self) -> kernel.SurfaceArrays:
        surface, space = self.surface, self.space
        periods, plan = surface.periods, np.array(surface.plan, np.int64)
        condition, place = self._conditions()
        far = np.concatenate([surface.far, np.zeros((space.blocks, 1))], axis=1)
        pad = np.zeros((len(periods.goals), 1))
        scheduled = np.stack([space.scheduled[g] for g in space.group])
        arrays = kernel.SurfaceArrays(
            np.where(surface.felt < periods.intervals, surface.felt, -1),
            self._near(),
            np.ascontiguousarray(np.moveaxis(surface.slope, 0, 1)),
            np.concatenate([surface.bottom, pad], axis=1)[:, surface.felt],
            place,
            surface.shares,
            periods.sign,
            condition,
            np.take_along_axis(far, condition, axis=1),
            np.zeros(condition.shape),
            self._size,
            plan,
            np.maximum(plan - self._radius, np.minimum(space.least, plan)),
            np.minimum(plan + self._radius, space.most),
            space.first.astype(np.int64),
            scheduled * (space.hours * space.wage)[:, None],
        )
        return kernel.SurfaceArrays(*(_plain(values) for values in arrays))

    def _conditions(self) -> tuple[Ints, Ints]:
        """Return the conditions that each block affects, and where those of intervals stand."""
        blocks, none = self.space.blocks, self.surface.periods.count
        far = [np.flatnonzero(row) for row in self.surface.far]
        mine = [np.union1d(self._owner[:, b], far[b]) for b in range(blocks)]
        mine = [found[found < none] for found in mine]
        most = max(1, *(found.size for found in mine))
        condition = np.full((blocks, most), none, np.int64)
        place = np.full(self._owner.shape, -1, np.int64)
        for b, found in enumerate(mine):
            condition[b, : found.size] = found
            inside = self._owner[:, b] < none
            place[:, b][inside] = np.searchsorted(found, self._owner[:, b][inside])
        return condition, place

    def _near(self) -> Ints:
        """Return the blocks whose effects a change of each block changes, itself included."""
        felt, none = self.surface.felt, self.surface.periods.intervals
        low = np.where(felt < none, felt, none).min(axis=1)
        high = np.where(felt < none, felt, -1).max(axis=1)
        together = (low[:, None] <= high[None]) & (low[None] <= high[:, None])
        np.fill_diagonal(together, True)
        found = [np.flatnonzero(row) for row in together]
        near = np.full((felt.shape[0], max(row.size for row in found)), -1, np.int64)
        for b, row in enumerate(found):
            near[b, : row.size] = row
        return near

    def _plan(self) -> kernel.SurfacePlan:
        """Return the plan of the surface itself."""
        surface = self.surface
        pad = np.zeros((surface.linked.shape[0], 1))
        plan = kernel.SurfacePlan(
            self.arrays.base.copy(),
            _plain(np.concatenate([surface.linked, pad], axis=1)),
            _plain(surface.slack - self._margin),
            np.zeros((2, *self.arrays.condition.shape)),
        )
        self._update(plan)
        return plan

    def _update(self, plan: kernel.SurfacePlan) -> None:
        for b in range(self.space.blocks):
            kernel.update_effects(self.arrays, plan, b)


def _plain(values: Any) -> Any:
    """Return an array in the one layout for which the search is compiled."""
    kind = {"b": np.bool_, "i": np.int64, "f": np.float64}[values.dtype.kind]
    return np.ascontiguousarray(values, kind)


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
    nearest: bool = False,
) -> list[tuple[float, Plan]]:
    """Return the cheapest plans that are foreseen to meet all goals, the best first.

    Iterated local search: some agents are taken away, the goals repaired where that is cheapest,
    and what is not needed is taken away; changes that cost less are kept.

    Parameters
    ----------
    space : PlanSpace
    surface : Surface
    size : ndarray, shape (conditions,)
        What is counted in each condition.
    radius, margin, caution
        As of :class:`SurfaceState`.
    kicks : int
        Attempts to improve.
    seed : int
    known : set of Plan
        Plans that are not to be returned.
    until : float
        Instant of :func:`time.monotonic` at which to end.
    nearest : bool
        Whether the plan that misses least is returned where none within the radius holds.

    Returns
    -------
    list of (cost, Plan)
        Empty where no plan within the radius meets the goals, unless the nearest is asked for.
    """
    state = SurfaceState(space, surface, size, radius, margin, caution)
    best, other, rank = state.plan, state.another(), np.full(3, np.inf)
    plans = np.zeros((TOGETHER + 1, space.blocks), np.int64)
    ranks = np.zeros((TOGETHER + 1, 3))
    rng = np.array([seed], np.uint64)
    found: dict[Plan, tuple[float, ...]] = {}
    for part in range(0, kicks, TOGETHER):
        if part and time.monotonic() > until:
            break
        count = kernel.search_locally(
            state.arrays, best, other, rank, min(TOGETHER, kicks - part), rng, plans, ranks
        )
        for plan, order in zip(plans[:count].tolist(), ranks[:count].tolist(), strict=True):
            found[tuple(plan)] = tuple(order)
    if nearest and not found:
        found[tuple(best.agents.tolist())] = tuple(rank.tolist())
    new = sorted((order, plan) for plan, order in found.items() if plan not in known)
    return [(order[1], plan) for order, plan in new]
