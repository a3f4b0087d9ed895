"""Which factor moves the headline metric how much."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.sweep.sobol import estimate_indices
from sim.metrics.estimators import InfluenceEstimate
from sim.metrics.metric_rows import finite_number

if TYPE_CHECKING:
    from sim.experiment.result import Estimate
    from sim.experiment.sweep.design import Cell, SweepPlan
    from sim.experiment.sweep.worker import CellResult

    HeadlineOf = Callable[[int], Estimate | None]
    """Returns the headline metric of a cell by its number."""


@dataclass(frozen=True, slots=True)
class FactorEffect:
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
        95 % confidence interval of the difference, from pairs of the same days.
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
class SobolIndices:
    """What share of the variance of the headline a factor is behind (Sobol indices).

    Attributes
    ----------
    factor : str
    first : float
        Alone.
    first_low, first_high : float
        95 % confidence interval, by resampling.
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


def factor_effects(
    plan: SweepPlan, cell_results: Mapping[int, CellResult], headline_of: HeadlineOf
) -> list[FactorEffect]:
    """Return what each factor does alone, the strongest first; empty where it was not asked."""
    ends: dict[str, dict[str, Cell]] = {}
    base = None
    for cell in plan.cells:
        if cell.role == "base":
            base = cell
        elif cell.role in ("low", "high"):
            ends.setdefault(cell.factor, {})[cell.role] = cell
    if base is None:
        return []
    found = []
    for path, pair in ends.items():
        cells = (pair["low"], base, pair["high"])
        estimates = [headline_of(cell.number) for cell in cells]
        gap = _paired_difference(
            cell_results[cells[0].number], cell_results[cells[2].number], estimates[0], estimates[2]
        )
        found.append(_factor_effect(plan.factors[path].name or path, cells, estimates, gap))
    return sorted(found, key=lambda m: -abs(m.difference or 0.0))


def _factor_effect(
    factor: str,
    cells: tuple[Cell, Cell, Cell],
    estimates: list[Estimate | None],
    gap: InfluenceEstimate | None,
) -> FactorEffect:
    low, _, high = cells
    values = [None if f is None else f.value for f in estimates]
    bounds = (None, None) if gap is None else tuple(finite_number(b) for b in gap.bounds())
    return FactorEffect(
        factor=factor,
        low_value=next(iter(low.place.values())),
        high_value=next(iter(high.place.values())),
        at_low=values[0],
        at_base=values[1],
        at_high=values[2],
        difference=None if gap is None else finite_number(gap.value),
        low=bounds[0],
        high=bounds[1],
        unit=next((f.unit for f in estimates if f is not None), ""),
    )


def _paired_difference(
    one: CellResult, other: CellResult, low: Estimate | None, high: Estimate | None
) -> InfluenceEstimate | None:
    """Return the difference, paired over the replications of both cells."""
    if low is None or high is None or low.value is None or high.value is None:
        return None
    shared = min(len(one.influence), len(other.influence))
    before, after = (np.array(cell.influence[:shared]) for cell in (one, other))
    return InfluenceEstimate(np.array(high.value - low.value), after - before).settled()


def sobol_indices(plan: SweepPlan, headline_of: HeadlineOf, seed: int) -> list[SobolIndices]:
    """Return the Sobol indices, the highest total first.

    Empty where they were not asked for, or where a cell has no headline or none differs.
    """
    cells = [cell for cell in plan.cells if cell.role == "sobol"]
    if not cells:
        return []
    estimates = [headline_of(cell.number) for cell in cells]
    known = [np.nan if f is None or f.value is None else f.value for f in estimates]
    names = [bounds.name or path for path, bounds in plan.factors.items()]
    found = estimate_indices(np.array(known), len(names), seed)
    listed = [_sobol_indices(name, one) for name, one in zip(names, found, strict=False)]
    return sorted(listed, key=lambda share: -share.total)


def _sobol_indices(name: str, one: dict[str, float]) -> SobolIndices:
    first, half, total, other = (one[key] for key in ("first", "first_half", "total", "total_half"))
    parts = (first, first - half, first + half, total, total - other, total + other)
    return SobolIndices(name, *(min(max(part, 0.0), 1.0) for part in parts))  # as shares must be
