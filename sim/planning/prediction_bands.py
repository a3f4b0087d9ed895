"""Bounds of single days and of shares, and sums that may be missing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from sim.model import Floats


def band_share(runs: int, share: float) -> float:
    """Return the share of days that the band of so many runs is sure to hold on average."""
    return share if runs >= math.ceil(2 / (1 - share) - 1e-9) - 1 else max(runs - 1, 0) / (runs + 1)


def ordered_bounds(values: Floats, share: float) -> tuple[Floats, Floats]:
    """Return the ordered values between which a further one lies with a probability.

    Parameters
    ----------
    values : ndarray, shape (runs, cells)
        NaN where a replication has none.
    share : float
        The outermost values where there are too few for it.

    Returns
    -------
    (ndarray, ndarray), shape (cells,)
    """
    ranked = np.sort(values, axis=0)  # NaN come last
    known = (~np.isnan(values)).sum(axis=0)
    below = np.maximum(np.floor((1 - share) / 2 * (known + 1)).astype(np.int64), 1)
    columns = np.arange(values.shape[1])
    low = ranked[np.minimum(below, np.maximum(known, 1)) - 1, columns]
    high = ranked[np.clip(known - below, 0, values.shape[0] - 1), columns]
    return np.where(known > 1, low, np.nan), np.where(known > 1, high, np.nan)


def over(top: Any, bottom: Any) -> Floats:
    """Return a ratio, NaN where nothing is below; the sum itself where there is no bottom."""
    if bottom is None:
        return np.asarray(top, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.asarray(bottom) > 0, np.asarray(top) / np.asarray(bottom), np.nan)


def summed(values: Floats | None, axis: int | None = None) -> Any:
    """Return a sum, None of nothing."""
    return None if values is None else values.sum(axis=axis)


def plain(value: Any) -> float | None:
    """Return a finite number, else None."""
    number = float(value)
    return number if math.isfinite(number) else None
