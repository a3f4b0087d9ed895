"""A plan at once, for when the time is over before the solver has found any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.planning.shifts.cover_model import (
    coverage_matrix,
    required_by_slot,
    slot_count,
    slots_on_duty,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.array_types import Floats, Ints
    from sim.planning.shifts.cover_model import CoverModel
    from sim.planning.shifts.possible_shifts import ShiftType
    from sim.planning.shifts.shift_requirement import ShiftRequirement
    from sim.scenario.pattern import Pattern, ShiftPlanning

SMALL = 1e-6
CHOSEN = 0.999
"""A gain within this share of the best counts as equal to it."""


def greedy_cover(
    model: CoverModel,
    requirement: ShiftRequirement,
    patterns: Mapping[str, Pattern],
    planning: ShiftPlanning,
    known: Floats,
) -> Floats | None:
    """Return a plan that takes the shift that covers most for its cost until nothing helps.

    Parameters
    ----------
    model : CoverModel
        Soft: agents may be missing.
    requirement : ShiftRequirement
    patterns : mapping of str to Pattern
    planning : ShiftPlanning
    known : ndarray of float, shape (columns,)
        Values that the solver found for parts of the model; NaN elsewhere.

    Returns
    -------
    ndarray of float, shape (columns,), or None
        None where the limits ask for more than this can respect, such as tours.
    """
    is_all_known = not np.isnan(known[model.shifts]).any()
    if not is_all_known and any(
        p.days_a_week is not None or p.least or p.least_share for p in patterns.values()
    ):
        return None
    plan = _Greedy(model, requirement, patterns, planning, known)
    while plan.add_best():
        pass
    return plan.finished()


class _Greedy:
    """A plan under construction, with what is missing in each slot of each group."""

    def __init__(
        self,
        model: CoverModel,
        requirement: ShiftRequirement,
        patterns: Mapping[str, Pattern],
        planning: ShiftPlanning,
        known: Floats,
    ) -> None:
        self.model, self.patterns, self.planning = model, patterns, planning
        self.values = np.nan_to_num(known)
        slots = slot_count(requirement, model.types.slot_s)
        self.on_duty = np.zeros(slots)
        self.missing = {
            group: np.ceil(required_by_slot(requirement, group, model.types.slot_s) - SMALL)
            - coverage_matrix(model, requirement, group) @ self.values
            for group in requirement.agents
        }
        self.heads: dict[tuple[str, int], int] = {}
        # a pattern with a share needs others first, and is left to the solver
        self.kinds = [
            (number, one, slots_on_duty(one, slots, requirement.is_cyclic))
            for number, one in enumerate(model.types.types)
            if patterns[one.pattern].most_share == 1 and np.isnan(known[model.shifts[number]])
        ]
        self.slots, self.is_cyclic = slots, requirement.is_cyclic

    def add_best(self) -> bool:
        """Add the shift that covers most for its cost; tell whether any helps."""
        best, chosen = 0.0, None
        for number, one, inside in self.kinds:
            gain = float((self.missing[one.group][inside] > 0).sum()) / max(one.cost, SMALL)
            if gain * CHOSEN > best and self._is_free(one, inside):
                best, chosen = gain, (number, one, inside)
        if chosen is None:
            return False
        self._add(*chosen)
        return True

    def _is_free(self, one: ShiftType, inside: Ints) -> bool:
        most = self.patterns[one.pattern].most
        if most is not None and self.heads.get((one.pattern, one.day), 0) >= most:
            return False
        seats = self.planning.seats
        return seats is None or bool((self.on_duty[inside] < seats).all())

    def _add(self, number: int, one: ShiftType, inside: Ints) -> None:
        """Add a shift with its breaks where fewest agents are missing, one after the other."""
        self.values[self.model.shifts[number]] += 1
        key = (one.pattern, one.day)
        self.heads[key] = self.heads.get(key, 0) + 1
        missing = self.missing[one.group]
        missing[inside] -= 1
        self.on_duty[inside] += 1
        free = 0
        for pause, places in zip(one.breaks, self.model.breaks[number], strict=True):
            later = [start for start in pause.starts if start >= free] or [pause.starts[-1]]
            first = min(
                later, key=lambda start: missing[self._slots(one, start, pause.length)].max()
            )
            gone = self._slots(one, first, pause.length)
            missing[gone] += 1
            self.on_duty[gone] -= 1
            if len(places) > 1:
                self.values[places[first]] += 1
            free = first + pause.length

    def _slots(self, one: ShiftType, start: int, length: int) -> Ints:
        found = np.arange(one.start + start, one.start + start + length)
        return found % self.slots if self.is_cyclic else np.minimum(found, self.slots - 1)

    def finished(self) -> Floats | None:
        """Return the values with the missing agents, None where a row of the model fails."""
        linear = self.model.linear
        matrix = linear.matrix()
        low, high = np.asarray(linear.low), np.asarray(linear.high)
        for column in (*self.model.short, *self.model.over):
            rows = matrix[:, [column]].tocoo()
            lacking = np.maximum(low - matrix @ self.values, matrix @ self.values - high)
            self.values[column] = max(float(lacking[rows.coords[0]].max(initial=0.0)), 0.0)
        rows = matrix @ self.values
        holds = bool(((rows >= low - SMALL) & (rows <= high + SMALL)).all())
        return self.values if holds else None
