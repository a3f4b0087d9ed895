"""Counts on the scale on which Poisson noise has the same size at all volumes."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sim.array_types import Floats

_LARGEST_MEAN = 60.0
"""Above it the mean of the root is the root of the mean to within 0.0001."""


def root(counts: Floats) -> Floats:
    """Return the root of counts plus a quarter; its variance is near a quarter.

    Source: Brown, Cai, Zhang, Zhang, Zhao (2005), JASA 100, section 3: with a quarter the
    square of the mean root is nearly unbiased.
    """
    return np.sqrt(counts + 0.25)


def mean_count(roots: Floats) -> Floats:
    """Return the mean of the Poisson counts whose roots have this mean; never below 0.

    For small means the square is far off (an empty interval has a root of a half), so the
    relation is computed from the Poisson probabilities and inverted.
    """
    means, mean_roots = _relation()
    squared = np.square(np.maximum(roots, 0.0))
    inverted = np.interp(roots, mean_roots, means)
    return np.where(roots > mean_roots[-1], squared, inverted)


@lru_cache(maxsize=1)
def _relation() -> tuple[Floats, Floats]:
    """Means, and the mean root of Poisson counts with each of them."""
    from scipy.stats import poisson

    means = np.concatenate([np.linspace(0.0, 3.0, 301), np.linspace(3.1, _LARGEST_MEAN, 570)])
    counts = np.arange(200)
    mean_roots = poisson.pmf(counts, means[:, None]) @ root(counts.astype(float))
    return means, np.maximum.accumulate(mean_roots)
