"""Simulate recorded days with their own arrivals and inferred agents, and compare."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import erlang
from sim.array_types import Floats, Ints
from sim.erlang.patience import fitted_mean
from sim.experiment import simulate
from sim.history.calibration.adjustment import AS_ESTIMATED, Adjustment
from sim.history.calibration.center_estimates import CenterEstimates
from sim.history.calibration.errors_by_day import ratio_over_days
from sim.history.calibration.log_concurrency import simulated_at_once
from sim.history.calibration.period_sums import (
    METRICS,
    PER_DAY,
    WITHIN,
    ContactSums,
    actual_sums,
    queue_sums,
    simulated_sums,
)
from sim.history.calibration.scenario_tables import past_days
from sim.history.calibration.scenario_text import scenario_of
from sim.history.calibration.week_calendar import WeekOpening, week_calendar
from sim.history.call_log import CallLog
from sim.history.estimation.presences import agents_present

if TYPE_CHECKING:
    from sim.experiment import Result

BAND = 0.95
HALF_HOURS = {"half hour": 1, "hour": 2, "day": PER_DAY}
OFF = {"service_level": 0.05, "asa_s": 20.0, "abandonment": 0.03}
"""Least bias of a queue that counts, where its record is outside the band."""
SEED = 1
FIT_SEED = 2
"""Errors are of replications that closing the loop has not seen."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class FitError:
    """How far simulated values are from the record.

    Attributes
    ----------
    metric : str
    period : {"half hour", "hour", "day"}
    error : float
        Mean absolute error of the simulated mean, weighted by contacts.
    erlang_a : float
        That of Erlang A with the same arrivals and agents, its talk lengthened by the gap.
    bias : float
        Simulated minus recorded over all periods.
    erlang_a_bias : float
    inside : float
        Share of the days whose record lies within the simulated 95 % band; NaN for other periods.
    periods : int
    difference_low, difference_high : float
        95 % confidence interval of the error less that of Erlang A, paired by day; NaN with fewer
        than five days.
    """

    metric: str
    period: str
    error: float
    erlang_a: float
    bias: float
    erlang_a_bias: float
    inside: float
    periods: int
    difference_low: float
    difference_high: float

    def document(self) -> dict[str, Any]:
        """Return the row for JSON."""
        numbers = {
            key: round(float(value), 6) if np.isfinite(value) else None
            for key in (
                "error", "erlang_a", "bias", "erlang_a_bias", "inside", "difference_low",
                "difference_high",
            )
            for value in [getattr(self, key)]
        }  # fmt: skip
        return {"metric": self.metric, "period": self.period, **numbers, "periods": self.periods}


@dataclass(frozen=True)
class QueueFit:
    """One metric of a queue over all recorded days, recorded and simulated.

    Attributes
    ----------
    queue : str
    metric : str
    contacts : int
        Recorded.
    actual : float
    simulated : float
        Over all replications.
    low, high : float
        Ends of the band that 95 % of the simulations of these days lie in.
    """

    queue: str
    metric: str
    contacts: int
    actual: float
    simulated: float
    low: float
    high: float

    @property
    def is_inside(self) -> bool:
        """Whether the record lies in the band."""
        return self.low <= self.actual <= self.high

    @property
    def is_off(self) -> bool:
        """Whether the record is outside the band, and the bias as large as :data:`OFF`."""
        outside = self.actual < self.low or self.actual > self.high
        return outside and abs(self.simulated - self.actual) >= OFF[self.metric]

    def document(self) -> dict[str, Any]:
        """Return the row for JSON."""
        numbers = {
            key: round(value, 6) if np.isfinite(value) else None
            for key in ("actual", "simulated", "low", "high")
            for value in [float(getattr(self, key))]
        }
        return {
            "queue": self.queue, "metric": self.metric, "contacts": self.contacts, **numbers,
        }  # fmt: skip


@dataclass(frozen=True)
class ActualsFit:
    """Recorded days and their simulation.

    Attributes
    ----------
    actual : ContactSums
        By half hour of all days.
    simulated : ContactSums
        Of each replication.
    errors : tuple of FitError
    by_queue : tuple of QueueFit
        Of centers with several queues.
    """

    actual: ContactSums
    simulated: ContactSums
    errors: tuple[FitError, ...]
    by_queue: tuple[QueueFit, ...] = ()


def simulate_past_days(
    estimates: CenterEstimates,
    log: CallLog,
    runs: int,
    adjustment: Adjustment = AS_ESTIMATED,
    progress: Progress | None = None,
    seed: int = SEED,
) -> ContactSums:
    """Return the sums of simulated recorded days, replication by replication.

    Parameters
    ----------
    estimates : CenterEstimates
    log : CallLog
        The days; their agents must be in the presences of the estimates.
    runs : int
    adjustment : Adjustment
    progress : callable, optional
    seed : int
    """
    result = past_days_result(estimates, log, runs, adjustment, progress, seed)
    return _sums_of(result, log)


def past_days_result(
    estimates: CenterEstimates,
    log: CallLog,
    runs: int,
    adjustment: Adjustment = AS_ESTIMATED,
    progress: Progress | None = None,
    seed: int = SEED,
) -> Result:
    """Return recorded days as simulated; parameters as for :func:`simulate_past_days`."""
    scenario = scenario_of(past_days(estimates, log, adjustment))
    return simulate(scenario, runs=runs, seed=seed, progress=progress, allow_large=True)


def _sums_of(result: Result, log: CallLog) -> ContactSums:
    used = np.flatnonzero(log.day_used)
    return simulated_sums(result.tallies).among(int(used[0]), log.days)


def fit_of(estimates: CenterEstimates, log: CallLog, result: Result) -> ActualsFit:
    """Return recorded days beside their simulation and Erlang A.

    Parameters
    ----------
    estimates : CenterEstimates
    log : CallLog
        The days.
    result : Result
        Of :func:`past_days_result`.
    """
    simulated = _sums_of(result, log)
    calendar = week_calendar(estimates.log, estimates.usable)
    actual = actual_sums(log, calendar)
    formula = erlang_a_sums(estimates, actual)
    errors = tuple(
        _error(metric, period, actual, simulated, formula)
        for metric in METRICS
        for period in HALF_HOURS
    )
    return ActualsFit(actual, simulated, errors, tuple(_queue_fits(log, calendar, result)))


def _queue_fits(log: CallLog, calendar: WeekOpening, result: Result) -> Iterator[QueueFit]:
    """Yield each metric of each queue over all days; nothing where there is one queue."""
    simulated = [queue.name for queue in result.model.queues]
    for at, name in enumerate(log.queues if len(log.queues) > 1 else ()):
        actual = actual_sums(log, calendar, at).in_all()
        if not actual.offered[0]:
            continue
        drawn = queue_sums(result.tallies, simulated.index(name))
        for metric in METRICS:
            low, high = _band(drawn.metric(metric))
            yield QueueFit(
                name, metric, int(actual.offered[0]), float(actual.metric(metric)[0]),
                float(drawn.over_replications().metric(metric)[0]), float(low[0]), float(high[0]),
            )  # fmt: skip


def _error(
    metric: str, period: str, actual: ContactSums, simulated: ContactSums, formula: ContactSums
) -> FitError:
    parts = HALF_HOURS[period]
    real, many, by_formula = (one.added_up(parts) for one in (actual, simulated, formula))
    measured = real.metric(metric)
    mean = many.over_replications().metric(metric)
    inside = _inside(measured, many.metric(metric), real.offered) if period == "day" else np.nan
    bias, formula_bias = (
        float(one.in_all().metric(metric)[0] - actual.in_all().metric(metric)[0])
        for one in (simulated.over_replications(), formula)
    )
    by_erlang_a = by_formula.metric(metric)
    _, low, high = _difference(measured, mean, by_erlang_a, real.offered, PER_DAY // parts)
    return FitError(
        metric, period, _weighted(measured, mean, real.offered),
        _weighted(measured, by_erlang_a, real.offered), bias, formula_bias, inside,
        int(np.isfinite(measured).sum()), low, high,
    )  # fmt: skip


def _difference(
    actual: Floats, one: Floats, other: Floats, weight: Floats, per_day: int
) -> tuple[float, float, float]:
    """Return how much larger the error of one prediction is than that of the other, over days."""
    larger = np.abs(actual - one) - np.abs(actual - other)
    weight = np.where(np.isfinite(larger), weight, 0.0)
    by_day = (np.nan_to_num(larger) * weight).reshape(-1, per_day).sum(axis=1)
    return ratio_over_days(by_day, weight.reshape(-1, per_day).sum(axis=1))


def _weighted(actual: Floats, predicted: Floats, weight: Floats) -> float:
    known = np.isfinite(actual) & np.isfinite(predicted) & (weight > 0)
    if not known.any():
        return float("nan")
    return float(np.average(np.abs(actual - predicted)[known], weights=weight[known]))


def _inside(actual: Floats, drawn: Floats, offered: Floats) -> float:
    """Return the share of days within the band of so many replications."""
    days = np.isfinite(actual) & (offered > 0) & np.isfinite(drawn).all(axis=0)
    if not days.any():
        return float("nan")
    low, high = _band(drawn[:, days])
    return float(((actual[days] >= low) & (actual[days] <= high)).mean())


def _band(drawn: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the band of replications, the first axis.

    They are the k-th lowest and highest of n replications, k = 0.025 (n + 1), at least 1.
    """
    runs = drawn.shape[0]
    below = max(int((1 - BAND) / 2 * (runs + 1)), 1)
    ranked = np.sort(drawn, axis=0)
    return ranked[below - 1], ranked[runs - below]


def erlang_a_sums(estimates: CenterEstimates, actual: ContactSums) -> ContactSums:
    """Return what Erlang A expects in each half hour.

    It has the recorded arrivals, the agents as inferred, and a handle time of talk (at the level
    of the day), wrap-up and gap; its patience is exponential, with the rate at which those who
    wait abandon.
    """
    present = agents_present(estimates.present, actual.offered.size // PER_DAY).ravel()
    staff = np.floor(present + 0.5)
    days = np.repeat(np.arange(staff.size // PER_DAY), PER_DAY)
    known = (actual.offered > 0) & (staff >= 1)
    offered = np.where(known, actual.offered, 0.0)
    level, asa, abandonment = (np.full(offered.size, np.nan) for _ in range(3))
    if known.any():
        found = erlang.a(
            offered[known], "30min", mean_handle_times(estimates, days)[known], staff[known],
            fitted_patience(estimates),
        )  # fmt: skip
        level[known] = found.service_level(WITHIN)
        asa[known], abandonment[known] = found.asa_s, found.abandonment
    abandoned = offered * np.nan_to_num(abandonment)
    answered = offered - abandoned
    # Sums that give back the rates of the formula.
    return ContactSums(
        offered, answered, np.nan_to_num(level) * offered, abandoned, np.zeros_like(offered),
        np.nan_to_num(asa) * answered,
    )  # fmt: skip


def mean_handle_times(estimates: CenterEstimates, days: Ints) -> Floats:
    """Return talk, wrap-up and gap of a contact on average (s), on some days of the log.

    Talk and wrap-up of contacts that an agent has at once are divided by how many these may be.
    """
    log = estimates.log
    at_once = simulated_at_once(estimates.concurrency)[log.queue[log.answered]]
    talk = float(np.nanmean(log.talk[log.answered] / at_once)) * estimates.talk_levels(days)
    wrap = 0.0 if log.wrap is None else float(np.nanmean(log.wrap[log.answered] / at_once))
    gap = 0.0 if estimates.gap is None else estimates.gap.mean.value
    return np.maximum(talk + float(np.nan_to_num(wrap)) + gap, 1.0)


def fitted_patience(estimates: CenterEstimates) -> float:
    """Return the mean (s) of the exponential patience of all queues, 1e6 s if none abandoned."""
    log = estimates.log
    return min(fitted_mean(int(log.abandoned.sum()), float(log.wait.sum())), 1e6)
