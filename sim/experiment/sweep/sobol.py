"""Sobol indices: what share of the variance of a metric comes from each factor.

Sampling and estimates are those of SALib (Saltelli et al. 2010, Computer Physics
Communications 181; Campolongo et al. 2011), which comes with the extra ``sensitivity``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.extras import need

Floats = npt.NDArray[np.float64]


def saltelli_points(factors: int, points: int, seed: int) -> Floats:
    """Return where the cells of an analysis lie, shape (points * (factors + 2), factors).

    Parameters
    ----------
    factors : int
    points : int
        A power of two.
    seed : int
        The same seed lays the same points.

    Raises
    ------
    BadInputError
        When SALib is not installed.
    """
    need("sensitivity.sobol", "SALib")
    from SALib.sample import sobol

    found = sobol.sample(_problem(factors), points, calc_second_order=False, seed=seed)
    return np.asarray(found, dtype=np.float64)


def estimate_indices(values: Floats, factors: int, seed: int) -> list[dict[str, float]]:
    """Return first and total index of each factor, with half their 95 % confidence intervals.

    Parameters
    ----------
    values : ndarray, shape (points * (factors + 2),)
        The metric in the cells of :func:`saltelli_points`.
    factors : int
    seed : int
        Of the resampling that gives the intervals.

    Returns
    -------
    list of dict
        Keys first, first_half, total, total_half; empty when the metric never varies.
    """
    from SALib.analyze import sobol

    if not np.isfinite(values).all() or np.ptp(values) == 0:
        return []
    found: dict[str, Any] = sobol.analyze(
        _problem(factors), values, calc_second_order=False, seed=seed, print_to_console=False
    )
    names = {"first": "S1", "first_half": "S1_conf", "total": "ST", "total_half": "ST_conf"}
    return [{key: float(found[s][k]) for key, s in names.items()} for k in range(factors)]


def _problem(factors: int) -> dict[str, Any]:
    names = [f"x{k}" for k in range(factors)]
    return {"num_vars": factors, "names": names, "bounds": [[0.0, 1.0]] * factors}
