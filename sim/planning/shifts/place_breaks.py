"""Where breaks are placed: spread so that coverage is even, then paired to single shifts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.planning.shifts.cover_model import (
    coverage_matrix,
    required_by_slot,
    slot_count,
)

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints
    from sim.planning.shifts.cover_model import CoverModel
    from sim.planning.shifts.possible_shifts import ShiftType
    from sim.planning.shifts.shift_requirement import ShiftRequirement

MISSING = 1000.0
"""Weight of a missing agent, squared, against a surplus one."""
MOST_PASSES = 20


@dataclass(frozen=True, slots=True)
class Horizon:
    """Number of slots, and whether the last is followed by the first."""

    slots: int
    is_cyclic: bool


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """Agents who work the same shift with the same breaks on one day.

    Attributes
    ----------
    kind : int
        Number of the possible shift.
    breaks : tuple of int
        Starts in slots from the start of the shift.
    agents : int
    """

    kind: int
    breaks: tuple[int, ...]
    agents: int


def spread_breaks(model: CoverModel, requirement: ShiftRequirement, values: Floats) -> Floats:
    """Return the values of a plan with its breaks moved so that the surplus is even.

    Breaks move one at a time within their windows while the sum of the squared surplus falls;
    what is covered stays covered, and the cost stays the same.

    Parameters
    ----------
    model : CoverModel
    requirement : ShiftRequirement
    values : ndarray of float, shape (columns,)
    """
    values = values.copy()
    within = Horizon(slot_count(requirement, model.types.slot_s), requirement.is_cyclic)
    surplus = {
        group: coverage_matrix(model, requirement, group) @ values
        - required_by_slot(requirement, group, model.types.slot_s)
        for group in requirement.agents
    }
    used = [n for n, column in enumerate(model.shifts) if values[column] > 0.5]
    for _ in range(MOST_PASSES):
        moved = False
        for number in used:
            one = model.types.types[number]
            for k in range(len(one.breaks)):
                moved |= _spread(model, number, k, values, surplus[one.group], within)
        if not moved:
            break
    return values


def _spread(
    model: CoverModel, number: int, k: int, values: Floats, surplus: Floats, within: Horizon
) -> bool:
    """Move breaks of one kind to better places; tell whether any was moved."""
    one, places = model.types.types[number], model.breaks[number]
    pause, own = one.breaks[k], places[k]
    if len(own) == 1:
        return False
    moved = False
    for at in own:
        while values[own[at]] > 0.5:
            away = _slots(one, at, pause.length, within)
            surplus[away] += 1  # as if this break were not taken
            costs = {to: _loss(surplus, _slots(one, to, pause.length, within)) for to in own}
            best = min(costs, key=lambda to: (costs[to], to != at))
            if costs[best] < costs[at] - 1e-9 and _fits(model, number, k, values, at, best):
                values[own[at]] -= 1
                values[own[best]] += 1
                surplus[_slots(one, best, pause.length, within)] -= 1
                moved = True
                continue
            surplus[away] -= 1
            break
    return moved


def _slots(one: ShiftType, start: int, length: int, within: Horizon) -> Ints:
    found = np.arange(one.start + start, one.start + start + length)
    return found % within.slots if within.is_cyclic else found[found < within.slots]


def _loss(surplus: Floats, gone: Ints) -> float:
    """Return by how much the squared surplus grows when one agent is away in some slots."""
    here = surplus[gone]
    after = here - 1
    return float((_weighted(after) - _weighted(here)).sum())


def _weighted(surplus: Floats) -> Floats:
    weights: Floats = np.where(surplus < 0, MISSING, 1.0) * surplus**2
    return weights


def _fits(model: CoverModel, number: int, k: int, values: Floats, at: int, to: int) -> bool:
    """Tell whether breaks can still be paired in order when one moves."""
    one, places = model.types.types[number], model.breaks[number]
    if len(places) == 1:
        return True
    lists = [_expanded(own, values, model.shifts[number]) for own in places]
    lists[k].remove(at)
    lists[k].append(to)
    lists[k].sort()
    return all(
        end + pause.length <= start
        for first, second, pause in zip(lists, lists[1:], one.breaks, strict=False)
        for end, start in zip(first, second, strict=True)
    )


def _expanded(own: dict[int, int], values: Floats, shift: int) -> list[int]:
    """Return the start of each agent's break, ascending."""
    return [start for start, column in sorted(own.items()) for _ in range(round(values[column]))]


def planned_shifts(model: CoverModel, values: Floats) -> Iterator[PlannedShift]:
    """Yield the shifts of a plan; agents whose breaks differ are in different ones."""
    for number, column in enumerate(model.shifts):
        agents = round(values[column])
        if agents < 1:
            continue
        lists = [_expanded(own, values, column) for own in model.breaks[number]]
        rows = zip(*lists, strict=True) if lists else ((),) * agents
        for breaks, count in sorted(Counter(rows).items()):
            yield PlannedShift(number, tuple(breaks), count)
