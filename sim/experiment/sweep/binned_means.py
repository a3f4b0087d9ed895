"""How the headline of a design differs along one factor: its mean in bands of the factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.sweep.value_range import parse_range_value
from sim.metrics.estimators import t_quantile
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment.sweep.design import Cell
    from sim.experiment.sweep.result import SweepResult


@dataclass(frozen=True, slots=True)
class BinnedMean:
    """Cells with like values of one factor.

    Attributes
    ----------
    label : str
    cells : int
    mean : float or None
        Of the headline over these cells.
    low, high : float or None
        95 % confidence interval of that mean, over what the other factors do.
    unit : str
    """

    label: str
    cells: int
    mean: float | None
    low: float | None
    high: float | None
    unit: str


def means_by_bin(swept: SweepResult, axis: str, count: int) -> list[BinnedMean]:
    """Return bands of equally many cells, from the lowest value to the highest.

    Where the axis has few values, each is a band of its own.
    """
    cells = swept.grid
    ordered = sorted(cells, key=lambda cell: _sort_key(cell.place[axis]))
    values = list(dict.fromkeys(cell.place[axis] for cell in ordered))
    if len(values) <= count:
        return [_binned_mean(swept, v, [c for c in cells if c.place[axis] == v]) for v in values]
    found = []
    for some in np.array_split(np.arange(len(ordered)), count):
        here = [ordered[k] for k in some]
        label = f"{here[0].place[axis]} … {here[-1].place[axis]}"
        found.append(_binned_mean(swept, label, here))
    return found


def _sort_key(text: str) -> float:
    try:
        return parse_range_value(text).number
    except BadInputError:
        return 0.0


def _binned_mean(swept: SweepResult, label: str, cells: list[Cell]) -> BinnedMean:
    found = [f for cell in cells if (f := swept.headline_of(cell.number)) is not None]
    known = np.array([f.value for f in found if f.value is not None])
    if known.size == 0:
        return BinnedMean(label, len(cells), None, None, None, "")
    mean, half = float(known.mean()), None
    if known.size > 1:
        half = float(t_quantile(known.size - 1) * known.std(ddof=1) / np.sqrt(known.size))
    most = 1.0 if found[0].unit == "share" else np.inf
    low, high = (None, None) if half is None else (max(mean - half, 0.0), min(mean + half, most))
    return BinnedMean(label, len(cells), mean, low, high, found[0].unit)
