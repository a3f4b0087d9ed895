"""Plans that differ from another one in a single shift."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.array_types import Floats
    from sim.planning.shifts.cover_model import CoverModel

SMALL = 1e-6


def cheaper_plans(model: CoverModel, values: Floats) -> Iterator[Floats]:
    """Yield plans with one shift less, or with one replaced by a cheaper one.

    Parameters
    ----------
    model : CoverModel
    values : ndarray of float, shape (columns,)
    """
    types = model.types.types
    for old in (n for n, column in enumerate(model.shifts) if values[column] > 0.5):
        less = _without(model, values, old)
        yield less
        for new, other in enumerate(types):
            is_same_place = (other.group, other.day) == (types[old].group, types[old].day)
            if is_same_place and other.cost < types[old].cost - SMALL:
                yield _with(model, less, new)


def _without(model: CoverModel, values: Floats, number: int) -> Floats:
    """Return a plan with one shift of a kind less, with the breaks that most have."""
    found = values.copy()
    shift = model.shifts[number]
    found[shift] -= 1
    for places in model.breaks[number]:
        columns = [column for column in places.values() if column != shift]
        if columns:
            found[max(columns, key=lambda column: found[column])] -= 1
    return found


def _with(model: CoverModel, values: Floats, number: int) -> Floats:
    """Return a plan with one shift of a kind more, with its breaks where fewest have them."""
    found = values.copy()
    shift = model.shifts[number]
    found[shift] += 1
    for places in model.breaks[number]:
        columns = [column for column in places.values() if column != shift]
        if columns:
            found[min(columns, key=lambda column: found[column])] += 1
    return found
