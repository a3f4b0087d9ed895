"""Maximum likelihood with a confidence interval by days.

The maximum is found on the whole log. Each bootstrap replicate then takes one Newton step from
there with the scores of its own days (Davidson and MacKinnon 1999, Bootstrap testing in nonlinear
models, International Economic Review 40, 487-508). The curvature is that of the whole log, so that
no replicate runs away; the variance of the replicates is then the robust one of clustered data
(Liang and Zeger 1986).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.array_types import Floats, Ints
from sim.cancellation import end_if_cancelled
from sim.history.estimation.day_bootstrap import DayBootstrap

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

Likelihood = Callable[[Floats], Floats]
"""Returns the log likelihood of each cell for the parameters, all on an unbounded scale."""

_STEP = 1e-3
_WIDTH = 0.5


@dataclass(frozen=True)
class LikelihoodFit:
    """Parameters of greatest likelihood.

    Attributes
    ----------
    parameters : ndarray, shape (k,)
        On the unbounded scale of the likelihood.
    replicates : ndarray, shape (replicates, k)
        The same for each bootstrap replicate.
    log_likelihood : float
    converged : bool
        Whether the search ended at a maximum with a curvature.
    """

    parameters: Floats
    replicates: Floats
    log_likelihood: float
    converged: bool

    @property
    def aic(self) -> float:
        """Akaike's information criterion; the smaller, the better (Akaike 1974)."""
        return 2 * self.parameters.size - 2 * self.log_likelihood


def fit_likelihood(
    likelihood: Likelihood, start: Floats, table: Floats, bootstrap: DayBootstrap
) -> LikelihoodFit:
    """Return the maximum of a likelihood and its bootstrap replicates.

    Parameters
    ----------
    likelihood : callable
        Log likelihood of each cell, shape (cells,), for parameters of shape (k,).
    start : ndarray, shape (k,)
    table : ndarray, shape (days, cells)
        How many records of each day of `bootstrap` are in each cell.
    bootstrap : DayBootstrap
    """
    count = table.sum(axis=0)

    # The search may try parameters at which a term overflows; they count as infinitely bad.
    def whole(parameters: Floats) -> float:
        end_if_cancelled()
        total = float(count @ likelihood(parameters))
        return -total if np.isfinite(total) else 1e300

    with np.errstate(all="ignore"):
        found = _search(whole, start)
        best = np.asarray(found.x, dtype=float)
        scores, curves = _derivatives(lambda parameters: table @ likelihood(parameters), best)
    replicates, proper = _newton_steps(best, scores, curves, bootstrap.weights)
    return LikelihoodFit(best, replicates, -float(found.fun), bool(found.success) and proper)


def rough_maximum(likelihood: Likelihood, start: Floats, near: float = 0.02) -> Floats:
    """Return parameters near the maximum of the sum of a likelihood, to go on from."""
    from scipy.optimize import minimize

    def whole(parameters: Floats) -> float:
        total = float(likelihood(parameters).sum())
        return -total if np.isfinite(total) else 1e300

    with np.errstate(all="ignore"):
        found = minimize(
            whole, start, method="Nelder-Mead",
            options={
                "initial_simplex": np.vstack([start, start + _WIDTH * np.eye(start.size)]),
                "xatol": near, "fatol": near,
            },
        )  # fmt: skip
    return np.asarray(found.x, dtype=float)


def replicates_at(
    likelihood: Likelihood, best: Floats, bootstrap: DayBootstrap
) -> tuple[Floats, bool]:
    """Return bootstrap replicates of a maximum, from the likelihood of each day.

    The second value says whether the maximum has a curvature.
    """
    with np.errstate(all="ignore"):
        scores, curves = _derivatives(likelihood, best)
    return _newton_steps(best, scores, curves, bootstrap.weights)


def _search(whole: Callable[[Floats], float], start: Floats) -> OptimizeResult:
    """Return the minimum; the second search starts wide where the first one ended."""
    from scipy.optimize import minimize

    at = start
    for _ in range(2):
        simplex = np.vstack([at, at + _WIDTH * np.eye(at.size)])
        found = minimize(
            whole, at, method="Nelder-Mead",
            options={
                "initial_simplex": simplex, "xatol": 1e-6, "fatol": 1e-7,
                "maxfev": 600 * at.size,
            },
        )  # fmt: skip
        at = np.asarray(found.x, dtype=float)
    return found


def _derivatives(by_day: Callable[[Floats], Floats], at: Floats) -> tuple[Floats, Floats]:
    """Return scores (days, k) and curvatures (days, k, k) by central differences."""
    k = at.size
    steps = np.eye(k) * _STEP
    middle = by_day(at)
    up = [by_day(at + steps[i]) for i in range(k)]
    down = [by_day(at - steps[i]) for i in range(k)]
    scores = np.stack([(up[i] - down[i]) / (2 * _STEP) for i in range(k)], axis=1)
    curves = np.empty((middle.size, k, k))
    for i in range(k):
        curves[:, i, i] = (up[i] + down[i] - 2 * middle) / _STEP**2
        for j in range(i):
            both = by_day(at + steps[i] + steps[j]) + by_day(at - steps[i] - steps[j])
            cross = (both - up[i] - down[i] - up[j] - down[j] + 2 * middle) / (2 * _STEP**2)
            curves[:, i, j] = curves[:, j, i] = cross
    return scores, curves


def _newton_steps(
    best: Floats, scores: Floats, curves: Floats, weights: Floats
) -> tuple[Floats, bool]:
    k = best.size
    total = -curves.sum(axis=0)
    if not np.all(np.isfinite(total)) or np.linalg.eigvalsh(total).min() <= 0:
        return np.full((weights.shape[0], k), np.nan), False
    moves = np.linalg.solve(total, (weights @ scores).T).T
    return best + moves, True


def grouped(times: Floats, most: int = 800) -> tuple[Floats, Ints]:
    """Return the distinct times, and which of them each record has.

    Whole seconds stay as they are: only more distinct times than `most` are replaced by the means
    of groups of equal share, about a part in `most` from one another.

    Returns
    -------
    values : ndarray, shape (groups,)
    place : ndarray of int, shape (records,)
    """
    values, place = np.unique(times, return_inverse=True)
    if values.size <= most:
        return values, place
    cuts = np.unique(np.quantile(times, np.linspace(0, 1, most + 1)[1:-1]))
    place = np.searchsorted(cuts, times, side="right")
    size = np.bincount(place, minlength=cuts.size + 1)
    sums = np.bincount(place, times, cuts.size + 1)
    return sums / np.maximum(size, 1), place
