"""Persons whose speeds have the estimated spread, in an order in which any first few do too."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtri

from sim.array_types import Floats, Ints

MOST_PERSONS = 200
"""In larger groups speeds are drawn: differences average out."""


def representative_persons(
    cv: float,
    count: int,
    resolution_cv: float = 0.0,
    correlation: float = 0.0,
    mean: float = 1.0,
) -> list[dict[str, Any]]:
    """Return persons with speeds at quantiles of a lognormal distribution.

    Parameters
    ----------
    cv : float
        Coefficient of variation of the speeds.
    count : int
        Persons: the largest number of agents on duty.
    resolution_cv : float
        Coefficient of variation of what they resolve, a multiple of the usual share: quantiles of a
        normal distribution, mean 1, not below 0.
    correlation : float
        Of what they resolve with the logarithm of their speed.
    mean : float
        Of the speeds.

    Notes
    -----
    Speeds drawn anew in each replication would belong to the same few agents on all days, and their
    mean would differ by CV/√count between replications: much more than recorded days differ, on
    which other persons work. With headcounts the first persons of a list are on duty, so each next
    one is whoever brings the mean speed of the list so far nearest to that of all: any headcount
    works as fast as all together. What they resolve has the sequence of van der Corput (1935) in
    base 3.
    """
    sigma = float(np.sqrt(np.log1p(cv**2)))
    scores = ndtri((np.arange(count) + 0.5) / max(count, 1))
    speeds = np.exp(sigma * scores)
    speeds *= count / speeds.sum() if count else 1.0
    order = balanced(speeds)
    scores, speeds = scores[order], speeds[order]
    persons = [
        {"name": f"person {at + 1}", "speed": f"{100 * mean * speed:.1f}%"}
        for at, speed in enumerate(speeds.tolist())
    ]
    if resolution_cv > 0:
        own = ndtri(van_der_corput(count, 3))
        scores = correlation * scores + np.sqrt(1 - correlation**2) * own
        resolves = np.maximum(1 + resolution_cv * scores, 0.0)
        resolves *= count / resolves.sum() if count else 1.0
        for person, share in zip(persons, resolves.tolist(), strict=True):
            person["resolves"] = f"{100 * share:.1f}%"
    return persons


def balanced(speeds: Floats) -> Ints:
    """Return an order in which the mean of any first few speeds is near 1."""
    left, found, total = list(range(speeds.size)), list[int](), 0.0
    while left:
        distance = np.abs(total + speeds[left] - len(found) - 1)
        found.append(left.pop(int(np.argmin(distance))))
        total += float(speeds[found[-1]])
    return np.array(found, dtype=np.int64)


def van_der_corput(count: int, base: int) -> Floats:
    """Return the first numbers of the sequence; in base 2 they are 1/2, 1/4, 3/4, 1/8."""
    found = np.zeros(count)
    left, part = np.arange(1, count + 1), 1 / base
    while left.any():
        found += part * (left % base)
        left, part = left // base, part / base
    return found
