"""Persons whose speeds have the estimated spread, in an order in which any first few do too."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtri

from sim.array_types import Floats, Ints

MOST_PERSONS = 200
"""In larger groups speeds are drawn: differences average out."""
_TURNS = 30
_SPREAD_WEIGHT = 0.1


def representative_persons(
    cv: float,
    count: int,
    resolution_cv: float = 0.0,
    correlation: float = 0.0,
    mean: float = 1.0,
    busy: float = 1.0,
    on_duty: Floats | None = None,
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
        Speed over their contacts: what talk is divided by on average.
    busy : float
        Share of their time that is talk and wrap-up; see :func:`of_all_contacts`.
    on_duty : ndarray, shape (count,), optional
        Time on duty of each person in turn, in any unit; all the same unless passed.

    Notes
    -----
    Speeds drawn anew in each replication would belong to the same few agents on all days, and their
    mean would differ by CV/√count between replications: much more than recorded days differ, on
    which other persons work. With headcounts the first persons of a list are on duty, so each next
    one is whoever brings mean and spread of the speeds so far nearest to those of all: of any
    headcount contacts take about as long, and its agents differ about as much. What they resolve
    has the sequence of van der Corput (1935) in base 3.
    """
    sigma = float(np.sqrt(np.log1p(cv**2)))
    scores = ndtri((np.arange(count) + 0.5) / max(count, 1))
    speeds = of_all_contacts(np.exp(sigma * scores), busy)
    order = balanced(speeds, busy)
    scores, speeds = scores[order], of_all_contacts(speeds[order], busy, on_duty)
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


def of_all_contacts(speeds: Floats, busy: float, on_duty: Floats | None = None) -> Floats:
    """Return speeds with which contacts take on average as long as with speed 1.

    An agent whose talk is x times the usual takes contacts in proportion to
    ``1 / (busy x + 1 - busy)``: all the time between contacts is the same for all.

    Parameters
    ----------
    speeds : ndarray, shape (agents,)
    busy : float
        Share of the time of agents that is talk and wrap-up: with 1 the fast take as many more as
        they are faster, and the mean of the speeds is 1; with 0 all take the same number.
    on_duty : ndarray, shape (agents,), optional
        Time on duty of each, in any unit; all the same unless passed.
    """
    longer, time = 1 / speeds, np.ones(speeds.size) if on_duty is None else on_duty
    for _ in range(_TURNS if speeds.size else 0):
        share = time / (busy * longer + 1 - busy)
        longer /= float(share @ longer) / float(share.sum())
    return np.asarray(1 / longer)


def speed_over_contacts(cv: float, busy: float) -> float:
    """Return the mean of lognormal speeds with which contacts take as long as with speed 1."""
    sigma = float(np.sqrt(np.log1p(cv**2)))
    scores = ndtri((np.arange(MOST_PERSONS) + 0.5) / MOST_PERSONS)
    return float(of_all_contacts(np.exp(sigma * scores), busy).mean())


def balanced(speeds: Floats, busy: float) -> Ints:
    """Return an order in which contacts of the first few take as long as those of all.

    Each next one brings the sum of what the contacts of an agent take longer than with speed 1
    nearest to 0, and, with a smaller weight, that of its squares nearest to as much for each as
    over all: agents differ from the first few on.

    Parameters
    ----------
    speeds : ndarray, shape (agents,)
        As :func:`of_all_contacts` returns them.
    busy : float
    """
    longer = (1 / speeds - 1) / (busy / speeds + 1 - busy)
    longer /= max(float(np.sqrt(np.mean(longer**2))), 1e-12)
    left, found = list(range(speeds.size)), list[int]()
    total = squares = 0.0
    while left:
        own = longer[left]
        excess = squares + own**2 - len(found) - 1
        distance = (total + own) ** 2 + _SPREAD_WEIGHT * excess**2
        found.append(left.pop(int(np.argmin(distance))))
        total += float(longer[found[-1]])
        squares += float(longer[found[-1]]) ** 2
    return np.array(found, dtype=np.int64)


def van_der_corput(count: int, base: int) -> Floats:
    """Return the first numbers of the sequence; in base 2 they are 1/2, 1/4, 3/4, 1/8."""
    found = np.zeros(count)
    left, part = np.arange(1, count + 1), 1 / base
    while left.any():
        found += part * (left % base)
        left, part = left // base, part / base
    return found
