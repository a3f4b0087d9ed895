"""Errors of a rolling back-test, by method and horizon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.forecast.origins import HORIZONS, ForecastHorizon, target_days

SCORED_FROM = 42
"""Days known before errors count: six same weekdays, as the median uses; half of a shorter
history."""


@dataclass(frozen=True)
class MethodError:
    """Error of one method at one horizon.

    Parameters
    ----------
    method : str
        Name of a method, or :data:`CHOSEN`.
    horizon : str
        Title of a horizon.
    wape : float
        Absolute errors of intervals over actual contacts.
    bias : float
        Forecast less actual contacts over actual ones.
    day_wape : float
        As ``wape``, of whole days.
    """

    method: str
    horizon: str
    wape: float
    bias: float
    day_wape: float


@dataclass(frozen=True)
class BackTest:
    """Errors of all methods, and of what was chosen from earlier errors.

    Parameters
    ----------
    errors : tuple[MethodError, ...]
        By horizon, then method.
    poisson_wape : float
        WAPE that Poisson noise alone gives, were all expected volumes known: 0.8 √mean / mean.
    days : dict[str, int]
        Different days compared, by title of horizon; 0 where none of them has contacts.
    """

    errors: tuple[MethodError, ...]
    poisson_wape: float
    days: dict[str, int]

    def error(self, method: str, horizon: str) -> MethodError | None:
        """Return the error of a method at a horizon, None where it was not tested."""
        found = (one for one in self.errors if (one.method, one.horizon) == (method, horizon))
        return next(found, None)


CHOSEN = "chosen"


def back_test(
    names: Sequence[str], forecasts: Floats, actual: Floats, origins: Ints, known: int
) -> BackTest:
    """Compare forecasts with what came.

    Parameters
    ----------
    names : Sequence[str]
        Of the forecasts.
    forecasts : Floats
        Shape (forecasts, origins, leads, intervals).
    actual : Floats
        Counts at the targets; shape (origins, leads, intervals). NaN unknown or closed.
    origins : Ints
        Days known at each origin.
    known : int
        Days of the history.
    """
    first = min(SCORED_FROM, known // 2)
    targets = target_days(origins, actual.shape[1])
    scored = (targets >= first) & (origins >= first)[:, None]
    errors: list[MethodError] = []
    days = {}
    for horizon in HORIZONS:
        used = scored[:, horizon.leads] & np.isfinite(actual[:, horizon.leads]).any(axis=-1)
        has_contacts = np.nansum(actual[:, horizon.leads][used]) > 0
        days[horizon.title] = np.unique(targets[:, horizon.leads][used]).size if has_contacts else 0
        if has_contacts:
            errors += _errors(names, forecasts, actual, horizon, used)
    return BackTest(tuple(errors), _poisson_wape(forecasts[-1, :, 0], actual[:, 0]), days)


def _errors(
    names: Sequence[str], forecasts: Floats, actual: Floats, horizon: ForecastHorizon, used: Bools
) -> list[MethodError]:
    """Errors of all methods at one horizon."""
    true = actual[:, horizon.leads][used]
    known = np.isfinite(true)
    true = np.where(known, true, 0.0)
    total = float(true.sum())
    found = []
    for name, forecast in zip(names, forecasts, strict=True):
        error = np.where(known, forecast[:, horizon.leads][used] - true, 0.0)
        wape, day_wape = np.abs(error).sum() / total, np.abs(error.sum(axis=-1)).sum() / total
        found.append(
            MethodError(
                name, horizon.title, float(wape), float(error.sum() / total), float(day_wape)
            )
        )
    return found


def _poisson_wape(expected: Floats, actual: Floats) -> float:
    """Mean absolute deviation of Poisson counts, near √(2 mean / π), over their sum."""
    means = expected[np.isfinite(actual) & (expected > 0)]
    return float(np.sqrt(2 * means / np.pi).sum() / means.sum()) if means.size else float("nan")
