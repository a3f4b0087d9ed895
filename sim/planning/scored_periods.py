"""Errors of a simulation by day, how well it fits, and how certainly another fits better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.aggregation import sum_intervals
from sim.planning.actuals_error import ComparedArrays, date_of
from sim.planning.align_actuals import ALL_QUEUES, lay_out
from sim.planning.compared_metrics import HANDLE, compared_arrays

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.history.tables.actuals import Actuals
    from sim.model import Floats
    from sim.scenario import Scenario

SCORED = ("service_level", "abandonment", "asa_s", "aht_s")
FEWEST_DAYS = 5
"""Below so many recorded days nothing is said of how uncertain a gain is."""
RESAMPLES = 1_000
_SEED = 20_260


@dataclass(frozen=True)
class ScoredPeriods:
    """How far the mean of a simulation is from the actuals in one metric of one queue.

    Attributes
    ----------
    queue, metric : str
    labels : tuple of str
        Days, or intervals where there is one day.
    error : ndarray, shape (periods,)
        Absolute error times weight; 0 where either is unknown.
    weight : ndarray, shape (periods,)
        Recorded contacts; 0 where either is unknown.
    random_error : float
        Mean error when a simulated day takes the place of the recorded one.
    """

    queue: str
    metric: str
    labels: tuple[str, ...]
    error: Floats
    weight: Floats
    random_error: float


def scored_periods(
    scenario: Scenario,
    result: Result,
    table: Actuals,
    queues: Mapping[str, str] | None = None,
    recorded_aht: str | None = None,
    match: str | None = None,
    not_judged: Sequence[str] = (),
) -> tuple[ScoredPeriods, ...]:
    """Return the errors of :data:`SCORED` metrics: of all queues together, or of the only one.

    Parameters
    ----------
    scenario, result, table, queues, recorded_aht, match
        As for :func:`sim.planning.compare_with_actuals.validate`.
    not_judged : sequence of str
        Metrics that are left out, as they were taken from the actuals.
    """
    aligned = lay_out(table, scenario, queues, match)
    sums = sum_intervals(result.model, result.tallies)
    names = [ALL_QUEUES] if len(aligned.queues) > 1 else [*aligned.queues]
    found = []
    for name in names:
        for metric in SCORED:
            if metric in not_judged:
                continue
            arrays = compared_arrays(result, sums, aligned, name, metric, recorded_aht or HANDLE)
            if arrays is not None:
                found.append(_scored(arrays))
    return tuple(one for one in found if one.weight.any() and one.random_error > 0)


def _scored(arrays: ComparedArrays) -> ScoredPeriods:
    days = arrays.added_up(date_of)
    found = days if len(days.labels) > 1 else arrays
    gap = np.abs(found.mean() - found.recorded)
    weight = np.where(np.isnan(gap), 0.0, found.weight)
    return ScoredPeriods(
        found.queue, found.metric, found.labels, np.nan_to_num(gap) * weight, weight,
        found.mean_random_error(),
    )  # fmt: skip


def misfit(
    found: Sequence[ScoredPeriods], base: Sequence[ScoredPeriods], times: Floats | None = None
) -> Floats:
    """Return the mean over metrics of the error, in multiples of the random error of a scenario.

    Parameters
    ----------
    found : sequence of ScoredPeriods
    base : sequence of ScoredPeriods
        Of the scenario as it is, whose random errors are the unit: with that of each changed
        scenario, what makes days vary more would count as a better fit.
    times : ndarray, shape (samples, days), optional
        How often each of :func:`days_of` counts; once unless given.

    Returns
    -------
    ndarray, shape (samples,)
        One without ``times``.
    """
    units = {(one.queue, one.metric): one.random_error for one in base}
    days = days_of(base)
    counts = np.ones((1, len(days))) if times is None else times
    ratios = []
    for one in found:
        if (unit := units.get((one.queue, one.metric))) is None:
            continue
        error, weight = np.zeros((2, len(days)))
        at = [days[label] for label in one.labels]
        error[at], weight[at] = one.error, one.weight
        with np.errstate(invalid="ignore", divide="ignore"):
            ratios.append((counts @ error) / (counts @ weight) / unit)
    if not ratios:
        return np.full(len(counts), np.nan)
    return np.asarray(np.nanmean(ratios, axis=0))


def days_of(base: Sequence[ScoredPeriods]) -> dict[str, int]:
    """Return the place of each period."""
    return {
        label: k for k, label in enumerate(dict.fromkeys(x for one in base for x in one.labels))
    }


def gain_bounds(
    base: Sequence[ScoredPeriods], changed: Sequence[ScoredPeriods]
) -> tuple[float, float] | None:
    """Return the 95 % confidence interval of the share of the misfit that a change takes away.

    Recorded days are drawn with replacement, the same for both. None for too few days.
    """
    days = days_of(base)
    if len(days) < FEWEST_DAYS or not all("T" not in label for label in days):
        return None
    random = np.random.default_rng(_SEED)
    times = random.multinomial(len(days), np.full(len(days), 1 / len(days)), RESAMPLES)
    gains = 1 - misfit(changed, base, times.astype(float)) / misfit(base, base, times.astype(float))
    low, high = np.nanquantile(gains, (0.025, 0.975))
    return float(low), float(high)
