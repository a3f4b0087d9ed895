"""Persons whose speeds have the estimated spread, in an order in which any first few do too."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtri

from sim.array_types import Floats

MOST_PERSONS = 200
"""In larger groups speeds are drawn: differences average out."""


def representative_persons(cv: float, count: int) -> list[dict[str, Any]]:
    """Return persons with speeds at quantiles of a lognormal distribution, mean 1.

    Parameters
    ----------
    cv : float
        Coefficient of variation of the speeds.
    count : int
        Persons: the largest number of agents on duty.

    Notes
    -----
    Speeds drawn anew in each replication would belong to the same few agents on all days, and their
    mean would differ by CV/√count between replications: much more than recorded days differ, on
    which other persons work. The order is that of van der Corput (1935): with headcounts the first
    persons of a list are on duty, and each beginning of it has slow and fast ones.
    """
    sigma = float(np.sqrt(np.log1p(cv**2)))
    speeds = np.exp(sigma * ndtri(van_der_corput(count)))
    speeds *= count / speeds.sum() if count else 1.0
    return [
        {"name": f"person {at + 1}", "speed": f"{100 * speed:.1f}%"}
        for at, speed in enumerate(speeds.tolist())
    ]


def van_der_corput(count: int) -> Floats:
    """Return the first numbers of the sequence in base 2, which are 1/2, 1/4, 3/4, 1/8."""
    found = np.zeros(count)
    left, part = np.arange(1, count + 1), 0.5
    while left.any():
        found += part * (left % 2)
        left, part = left // 2, part / 2
    return found
