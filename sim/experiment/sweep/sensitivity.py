"""Which factor moves the headline figure how much."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.sweep.sobol import indices
from sim.metrics.estimate import Estimate
from sim.metrics.metric_rows import number

if TYPE_CHECKING:
    from sim.experiment.sweep.design import Cell
    from sim.experiment.sweep.result import Swept
    from sim.experiment.sweep.worker import Lived


@dataclass(frozen=True, slots=True)
class Move:
    """What one factor, moved alone from its lowest to its highest value, does to the headline.

    Attributes
    ----------
    factor : str
    low_value, high_value : str
        Between what it is moved.
    at_low, at_base, at_high : float or None
        The headline there.
    difference : float or None
        ``at_high - at_low``.
    low, high : float or None
        95 % interval of the difference, from pairs of the same days.
    unit : str
    """

    factor: str
    low_value: str
    high_value: str
    at_low: float | None
    at_base: float | None
    at_high: float | None
    difference: float | None
    low: float | None
    high: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class Share:
    """What share of the variance of the headline a factor is behind (Sobol indices).

    Attributes
    ----------
    factor : str
    first : float
        Alone.
    first_low, first_high : float
        95 % interval, by resampling.
    total : float
        Alone and together with others.
    total_low, total_high : float
    """

    factor: str
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float


def moves(swept: Swept) -> list[Move]:
    """Return what each factor does alone, the strongest first; empty where it was not asked."""
    ends: dict[str, dict[str, Cell]] = {}
    base = None
    for cell in swept.plan.cells:
        if cell.role == "base":
            base = cell
        elif cell.role in ("low", "high"):
            ends.setdefault(cell.factor, {})[cell.role] = cell
    if base is None:
        return []
    found = [_move(swept, path, base, pair["low"], pair["high"]) for path, pair in ends.items()]
    return sorted(found, key=lambda m: -abs(m.difference or 0.0))


def _move(swept: Swept, path: str, base: Cell, low: Cell, high: Cell) -> Move:
    figures = [swept.headline_of(cell.number) for cell in (low, base, high)]
    values = [None if f is None else f.value for f in figures]
    gap = _gap(swept.lived[low.number], swept.lived[high.number], values[0], values[2])
    bounds = (None, None) if gap is None else tuple(number(b) for b in gap.bounds())
    bounded = swept.plan.factors[path]
    return Move(
        factor=bounded.name or path,
        low_value=next(iter(low.place.values())),
        high_value=next(iter(high.place.values())),
        at_low=values[0],
        at_base=values[1],
        at_high=values[2],
        difference=None if gap is None else number(gap.value),
        low=bounds[0],
        high=bounds[1],
        unit=next((f.unit for f in figures if f is not None), ""),
    )


def _gap(one: Lived, other: Lived, low: float | None, high: float | None) -> Estimate | None:
    """Return the difference, paired over the replications that both cells lived."""
    if low is None or high is None:
        return None
    shared = min(len(one.influence), len(other.influence))
    before, after = (np.array(lived.influence[:shared]) for lived in (one, other))
    return Estimate(np.array(high - low), after - before).settled()


def shares(swept: Swept) -> list[Share]:
    """Return the Sobol indices, the highest total first.

    Empty where they were not asked for, or where a cell has no headline or none differs.
    """
    cells = [cell for cell in swept.plan.cells if cell.role == "sobol"]
    if not cells:
        return []
    figures = [swept.headline_of(cell.number) for cell in cells]
    known = [np.nan if f is None or f.value is None else f.value for f in figures]
    names = [bounds.name or path for path, bounds in swept.plan.factors.items()]
    found = indices(np.array(known), len(names), swept.common.seed)
    listed = [_share(name, one) for name, one in zip(names, found, strict=False)]
    return sorted(listed, key=lambda share: -share.total)


def _share(name: str, one: dict[str, float]) -> Share:
    first, half, total, other = (one[key] for key in ("first", "first_half", "total", "total_half"))
    parts = (first, first - half, first + half, total, total - other, total + other)
    return Share(name, *(min(max(part, 0.0), 1.0) for part in parts))  # as shares must be


def document(swept: Swept) -> dict[str, Any]:
    """Return both as the command line writes them as JSON."""
    return {
        "one_at_a_time": [asdict(move) for move in moves(swept)],
        "sobol": [asdict(share) for share in shares(swept)],
    }
