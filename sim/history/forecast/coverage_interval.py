"""How far a measured coverage may be from the true one: its confidence interval by blocks of days.

Errors of days that follow each other, and forecasts of one day from several origins, go together.
Blocks of days that are as long as that count as independent.
"""

from __future__ import annotations

import numpy as np

from sim.array_types import Floats, Ints
from sim.history.forecast.origins import HORIZONS, LEADS

SURE = 0.95
FEWEST_BLOCKS = 3
WEEK = 7
BLOCKS = tuple(max(WEEK, min(2 * one.last, LEADS)) for one in HORIZONS)
"""Days of a block by horizon, for intervals and days."""
BLOCKS_OF_WEEKS = (2 * WEEK, LEADS + WEEK)
"""The same for the first week, and for later ones."""


def coverage_interval(covered: Floats, known_on: Ints, block: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of a coverage; NaN with fewer than three blocks.

    Parameters
    ----------
    covered : Floats
        1 where the actual count is inside, 0 where not, NaN where it is unknown; shape (origins,
        leads, values).
    known_on : Ints
        Days known when the actual count is; shape (origins, leads).
    block : int
        Days of a block.

    Notes
    -----
    Wilson's interval for as many independent counts as have the variance of the share between
    blocks (ratio estimator of clusters, Cochran 1977, sec. 3.12), with Student's t; at least the
    blocks themselves, and at most the days.
    """
    known = np.isfinite(covered)
    number = known.sum(axis=-1)
    inside = np.where(known, covered, 0.0).sum(axis=-1)
    has_any = number > 0
    days = known_on[has_any]
    if not days.size:
        return np.nan, np.nan
    place = (days - days.min()) // block
    counts = np.bincount(place, number[has_any])
    shares = np.bincount(place, inside[has_any])
    blocks = int((counts > 0).sum())
    if blocks < FEWEST_BLOCKS:
        return np.nan, np.nan
    share = float(shares.sum() / counts.sum())
    squares = float(np.square(shares - share * counts).sum())
    variance = blocks / (blocks - 1) * squares / float(counts.sum()) ** 2
    within = share * (1 - share)
    size = within / variance if variance > 0 else 0.0
    return _wilson(share, min(max(size, blocks), np.unique(days).size), blocks - 1)


def _wilson(share: float, size: float, freedom: int) -> tuple[float, float]:
    from scipy.special import stdtrit

    t = float(stdtrit(freedom, (1 + SURE) / 2))
    middle = (share + t**2 / (2 * size)) / (1 + t**2 / size)
    half = t * np.sqrt(share * (1 - share) / size + t**2 / (4 * size**2)) / (1 + t**2 / size)
    return float(middle - half), float(middle + half)
