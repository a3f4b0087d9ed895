"""The covering model: shifts and places of their breaks as columns, slots as rows.

Each break of a kind of shift has one column for each place, which together are as many as the
shifts (Aykin, A comparative evaluation of modeling approaches to the labor shift scheduling
problem, European Journal of Operational Research 125, 2000). So a shift with three breaks of nine
places each takes 28 columns instead of 729.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import units
from sim.planning.shifts.linear_model import LinearModel
from sim.planning.shifts.tours import TourColumns, add_tours

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sim.array_types import Floats, Ints
    from sim.planning.shifts.possible_shifts import ShiftType, ShiftTypes
    from sim.planning.shifts.shift_requirement import ShiftRequirement
    from sim.scenario.pattern import Pattern, ShiftPlanning

SMALL = 1e-9


@dataclass
class CoverModel:
    """A covering model and what its columns mean.

    Attributes
    ----------
    linear : LinearModel
    types : ShiftTypes
    shifts : list of int
        Column of each possible shift.
    breaks : list of list of dict of int to int
        For each possible shift and break, the column by start (slots from the start of the shift).
    tours : TourColumns
    short : dict of int to float
        Columns of missing agents with the hours of their slots; empty where all is to be covered.
    over : list of int
        Columns of surplus agents.
    """

    linear: LinearModel
    types: ShiftTypes
    shifts: list[int]
    breaks: list[list[dict[int, int]]]
    tours: TourColumns
    short: dict[int, float]
    over: list[int]


def build_cover(
    requirement: ShiftRequirement,
    patterns: Mapping[str, Pattern],
    types: ShiftTypes,
    planning: ShiftPlanning,
    *,
    is_soft: bool,
) -> CoverModel:
    """Return the covering model.

    Parameters
    ----------
    requirement : ShiftRequirement
    patterns : mapping of str to Pattern
    types : ShiftTypes
    planning : ShiftPlanning
        Prices of over- and understaffing, and workplaces.
    is_soft : bool
        Whether agents may be missing, at their price or at none.
    """
    linear = LinearModel()
    shifts, breaks = _shift_columns(linear, types)
    model = CoverModel(linear, types, shifts, breaks, TourColumns(), {}, [])
    model.tours = add_tours(linear, requirement, dict(patterns), types, shifts)
    _cover(model, requirement, planning, is_soft)
    _limits(model, requirement, patterns)
    return model


def _shift_columns(
    linear: LinearModel, types: ShiftTypes
) -> tuple[list[int], list[list[dict[int, int]]]]:
    shifts, breaks = [], []
    for one in types.types:
        shift = linear.column(one.cost)
        places: list[dict[int, int]] = []
        for pause in one.breaks:
            if len(pause.starts) == 1:
                places.append({pause.starts[0]: shift})
                continue
            own = {start: linear.column(late=True) for start in pause.starts}
            linear.row([shift, *own.values()], [1.0, *[-1.0] * len(own)], 0.0, 0.0)
            places.append(own)
        for k in range(len(places) - 1):
            _keep_order(linear, places[k], one.breaks[k].length, places[k + 1])
        shifts.append(shift)
        breaks.append(places)
    return shifts, breaks


def _keep_order(
    linear: LinearModel, first: dict[int, int], length: int, second: dict[int, int]
) -> None:
    """Add rows so that breaks of two kinds can be paired one after the other.

    The k-th second break begins after the k-th first one, when by every instant no more second
    breaks have begun than first ones have ended.
    """
    latest_end = max(first) + length
    for start in second:
        if start >= latest_end:
            continue
        begun = [column for at, column in second.items() if at <= start]
        ended = [column for at, column in first.items() if at + length <= start]
        if begun != ended:
            linear.row([*begun, *ended], [1.0] * len(begun) + [-1.0] * len(ended), high=0.0)


def slots_on_duty(one: ShiftType, slots: int, is_cyclic: bool) -> Ints:
    """Return the slots of the horizon that a shift covers, breaks included."""
    found = np.arange(one.start, one.start + one.length)
    return found % slots if is_cyclic else found[found < slots]


def coverage_matrix(model: CoverModel, requirement: ShiftRequirement, group: str) -> Any:
    """Return the agents on duty by slot as a sparse matrix of the columns of a model."""
    from scipy.sparse import csr_array

    slots = slot_count(requirement, model.types.slot_s)
    cyclic = requirement.is_cyclic
    rows, columns, values = [], [], []
    for number, one in enumerate(model.types.types):
        if one.group != group:
            continue
        inside = slots_on_duty(one, slots, cyclic)
        rows.append(inside)
        columns.append(np.full(len(inside), model.shifts[number]))
        values.append(np.ones(len(inside)))
        for pause, places in zip(one.breaks, model.breaks[number], strict=True):
            for start, column in places.items():
                gone = np.arange(one.start + start, one.start + start + pause.length)
                gone = gone % slots if cyclic else gone[gone < slots]
                rows.append(gone)
                columns.append(np.full(len(gone), column))
                values.append(-np.ones(len(gone)))
    shape = (slots, len(model.linear.costs))
    if not rows:
        return csr_array(shape)
    where = (np.concatenate(rows), np.concatenate(columns))
    return csr_array((np.concatenate(values), where), shape=shape)


def slot_count(requirement: ShiftRequirement, slot_s: float) -> int:
    """Return the number of slots of the horizon."""
    return round(requirement.grid.days * units.DAY / slot_s)


def required_by_slot(requirement: ShiftRequirement, group: str, slot_s: float) -> Floats:
    """Return the agents of a group required in every slot."""
    times = round(requirement.grid.interval_s / slot_s)
    return np.repeat(requirement.agents[group], times)


def _cover(
    model: CoverModel, requirement: ShiftRequirement, planning: ShiftPlanning, is_soft: bool
) -> None:
    """Add a row for each slot, and for the workplaces; slots with the same shifts are one."""
    hours = model.types.slot_s / units.HOUR
    matrices = {group: coverage_matrix(model, requirement, group) for group in requirement.agents}
    for group, matrix in matrices.items():
        wanted = required_by_slot(requirement, group, model.types.slot_s)
        for columns, values, agents, slots in _distinct(matrix, wanted, apart=True):
            _cover_row(model, planning, is_soft, columns, values, agents, slots * hours)
    if planning.seats is not None:
        none = np.zeros(slot_count(requirement, model.types.slot_s))
        for columns, values, _, _ in _distinct(_added(matrices.values()), none, apart=False):
            model.linear.row(columns, values, high=planning.seats)


def _added(matrices: Iterable[Any]) -> Any:
    """Return the sum of sparse matrices."""
    first, *others = matrices
    return sum(others, first)


def _distinct(
    matrix: Any, wanted: Floats, apart: bool
) -> list[tuple[list[int], list[float], float, int]]:
    """Return the different rows of a matrix with their requirement, and how many slots have it."""
    found: dict[tuple[bytes, bytes, float], list[Any]] = {}
    pointer, columns, values = matrix.indptr, matrix.indices, matrix.data
    for slot, agents in enumerate(wanted):
        inside = slice(pointer[slot], pointer[slot + 1])
        key = (columns[inside].tobytes(), values[inside].tobytes(), float(agents) if apart else 0.0)
        known = found.setdefault(key, [columns[inside], values[inside], float(agents), 0])
        known[3] += 1
    return [tuple(each) for each in found.values()]


def _cover_row(
    model: CoverModel,
    planning: ShiftPlanning,
    is_soft: bool,
    columns: Sequence[int],
    values: Sequence[float],
    agents: float,
    hours: float,
) -> None:
    linear = model.linear
    is_priced = planning.understaffing is not None
    target = agents if is_priced else float(np.ceil(agents - SMALL))
    if target > 0:
        missing: list[int] = []
        if is_soft:
            price = hours * (planning.understaffing or 0.0)
            missing = [linear.column(price, 0.0, target, whole=False)]
            model.short[missing[0]] = hours
        linear.row([*columns, *missing], [*values, *[1.0] * len(missing)], target)
    if planning.overstaffing > 0 and len(columns):
        surplus = linear.column(hours * planning.overstaffing, whole=False)
        model.over.append(surplus)
        linear.row([*columns, surplus], [*values, -1.0], high=agents)


def _limits(
    model: CoverModel, requirement: ShiftRequirement, patterns: Mapping[str, Pattern]
) -> None:
    """Add the bounds of agents by pattern, and its share of the shifts of a day."""
    by_day: dict[tuple[str, int], list[int]] = {}
    by_group: dict[tuple[str, int], dict[str, list[int]]] = {}
    for column, one in zip(model.shifts, model.types.types, strict=True):
        by_day.setdefault((one.pattern, one.day), []).append(column)
        by_group.setdefault((one.group, one.day), {}).setdefault(one.pattern, []).append(column)
    for name, pattern in patterns.items():
        if pattern.days_a_week is not None:
            _bound_tours(model, name, pattern)
        else:
            for day in range(requirement.grid.days):
                _bound(model.linear, by_day.get((name, day), []), pattern)
        for own in by_group.values():
            everyone = [column for each in own.values() for column in each]
            _bound_share(model.linear, own.get(name, []), everyone, pattern)


def _bound(linear: LinearModel, columns: list[int], pattern: Pattern) -> None:
    if pattern.least or pattern.most is not None:
        high = np.inf if pattern.most is None else float(pattern.most)
        if columns:
            linear.row(columns, [1.0] * len(columns), float(pattern.least), high)


def _bound_tours(model: CoverModel, name: str, pattern: Pattern) -> None:
    weeks: dict[int, list[int]] = {}
    for one, column in zip(model.tours.classes, model.tours.persons, strict=True):
        if one.pattern == name:
            weeks.setdefault(one.week, []).append(column)
    for columns in weeks.values():
        _bound(model.linear, columns, pattern)


def _bound_share(
    linear: LinearModel, mine: list[int], everyone: list[int], pattern: Pattern
) -> None:
    """Add share * all shifts <= (or >=) shifts of the pattern."""
    for share, low, high in (
        (pattern.most_share, -np.inf, 0.0),
        (pattern.least_share, 0.0, np.inf),
    ):
        is_bound = share < 1 if high == 0.0 else share > 0
        if is_bound and everyone:
            values = [1.0] * len(mine) + [-share] * len(everyone)
            linear.row([*mine, *everyone], values, low, high)
