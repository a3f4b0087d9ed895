"""From tallies to metrics: every metric at every scope, with its confidence interval."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.metrics import nonratio
from sim.metrics.aggregation import PeriodSums, sum_days, sum_horizon, sum_intervals
from sim.metrics.estimators import InfluenceEstimate, mean_per_replication, ratio
from sim.metrics.metric_definition import RatioMetric
from sim.metrics.registry import RATIO_METRICS
from sim.metrics.scoped_estimate import ScopedEstimate
from sim.metrics.scopes import Scope, TargetOwner, applies, scopes
from sim.metrics.variance_reduction import VarianceReduction

if TYPE_CHECKING:
    from sim.metrics.metric_definition import Base
    from sim.metrics.tally_fields import Floats
    from sim.metrics.tally_store import Tallies
    from sim.model import Model


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric of one scope.

    Attributes
    ----------
    scope : str
        "total", "channel", "target", "queue", "group", "issue", "touchpoint", "segment" or "owner".
    name : str
        Of the channel, target, queue or group; "total" for the whole.
    interval : str or None
        Start of the interval, None for the whole horizon.
    metric : str
    value : float or None
        None where nothing was there to measure.
    low, high : float or None
        95 % confidence interval; None for one replication.
    unit : str
    note : str
        For service levels the variant and threshold; else empty.
    """

    scope: str
    name: str
    interval: str | None
    metric: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    note: str = ""

    def record(self) -> dict[str, Any]:
        """Return what files and JSON hold: everything but the note."""
        return {
            "scope": self.scope,
            "name": self.name,
            "interval": self.interval,
            "metric": self.metric,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
        }


INDEPENDENT = VarianceReduction()
"""Independent replications, and nothing known about them."""


def compute_rows(
    model: Model,
    tallies: Tallies,
    intervals: bool = False,
    reduction: VarianceReduction = INDEPENDENT,
) -> list[MetricRow]:
    """Return every metric of a set of replications.

    Parameters
    ----------
    model : Model
    tallies : Tallies
    intervals : bool
        The metrics of each interval too, after those of the whole horizon.
    reduction : VarianceReduction
        What was done to lower the variance.

    Returns
    -------
    list of MetricRow
        By scope, name and metric in a fixed order.
    """
    rows = rows_of_horizon(model, compute_estimates(model, tallies), reduction)
    return rows + (list(compute_interval_rows(model, tallies, reduction)) if intervals else [])


def rows_of_horizon(
    model: Model, estimates: Iterable[ScopedEstimate], reduction: VarianceReduction = INDEPENDENT
) -> list[MetricRow]:
    """Return estimates of the whole horizon as rows; parameters as of :func:`compute_rows`."""
    return [_metric_row(model, one, reduction.apply(one.estimate)) for one in estimates]


def compute_interval_rows(
    model: Model,
    tallies: Tallies,
    reduction: VarianceReduction = INDEPENDENT,
    metrics: Collection[str] | None = None,
) -> Iterator[MetricRow]:
    """Give the metrics of every measured interval, in a fixed order.

    They are computed as they are taken: a year in short intervals has millions.

    Parameters
    ----------
    model : Model
    tallies : Tallies
    reduction : VarianceReduction
    metrics : collection of str, optional
        Only these; all by default.
    """
    sums = sum_intervals(model, tallies)
    for scoped in _ratio_estimates(sums, metrics):
        yield from rows_by_interval(sums, scoped, reduction)


def rows_by_interval(
    sums: PeriodSums, scoped: ScopedEstimate, reduction: VarianceReduction = INDEPENDENT
) -> list[MetricRow]:
    """Return one metric of one scope in every measured interval.

    Parameters
    ----------
    sums : PeriodSums
        Over intervals, each or several together.
    scoped : ScopedEstimate
        With an estimate of shape (periods,).
    reduction : VarianceReduction
    """
    model, scope = sums.model, scoped.scope
    values = _clipped(reduction.apply(scoped.estimate), scoped.unit)
    kept = np.flatnonzero(sums.by_name["legs"]["span"][0, 0] > 0)
    columns = [_finite_numbers(column[kept]) for column in values]
    note = scope.note(model, scoped.metric)
    together = -(-model.intervals // sums.periods)
    starts = (model.starts[k * together] for k in kept)
    return [
        MetricRow(scope.kind, scope.name, start, scoped.metric, value, low, high, scoped.unit, note)
        for start, value, low, high in zip(starts, *columns, strict=True)
    ]


def _finite_numbers(values: Floats) -> list[float | None]:
    """Return plain numbers as :func:`finite_number` does, of many at once."""
    known = np.isfinite(values).tolist()
    return [v if k else None for v, k in zip((values + 0.0).tolist(), known, strict=True)]


def compute_estimates(
    model: Model, tallies: Tallies, metrics: Collection[str] | None = None
) -> list[ScopedEstimate]:
    """Return every metric of the whole horizon, in the order of the rows.

    The influence is one number for each replication, whether they are independent or not.

    Parameters
    ----------
    model : Model
    tallies : Tallies
    metrics : collection of str, optional
        Only these; all by default.
    """

    def any_of(names: Collection[str]) -> bool:
        return metrics is None or any(name in metrics for name in names)

    found = list(_ratio_estimates(sum_horizon(model, tallies), metrics))
    if any_of(nonratio.PERCENTILE_METRICS):
        found += nonratio.percentiles(model, tallies)
    if any_of([nonratio.LONGEST_WAIT]):
        found += nonratio.longest_waits(model, tallies)
    if any_of(nonratio.DAY_METRICS):
        found += nonratio.day_estimates(model, sum_days(model, tallies))
    found = [horizon_estimate(f) for f in found if any_of([f.metric])]
    order = {scope: k for k, scope in enumerate(scopes(model))}
    return sorted(found, key=lambda f: order[f.scope])


def _ratio_estimates(
    sums: PeriodSums, metrics: Collection[str] | None = None
) -> Iterator[ScopedEstimate]:
    model = sums.model
    for metric in (
        RATIO_METRICS if metrics is None else [m for m in RATIO_METRICS if m.name in metrics]
    ):
        parts = cache(partial(_factors, sums, metric))  # the same for many scopes
        for scope in scopes(model):
            base = scope.base_of(model, metric.base)
            if base in sums.by_name and applies(model, metric.needs, metric.base, scope):
                found = parts(base, scope.target_owner(model))
                estimate = _estimate(sums, metric, scope, found)
                yield ScopedEstimate(scope, metric.name, metric.unit, estimate)


def evaluate(sums: PeriodSums, metric: RatioMetric, scope: Scope) -> InfluenceEstimate:
    """Estimate one metric at one scope.

    Returns
    -------
    InfluenceEstimate
        Value of shape (periods,).
    """
    base = scope.base_of(sums.model, metric.base)
    owner = scope.target_owner(sums.model)
    return _estimate(sums, metric, scope, _factors(sums, metric, base, owner))


Factors = tuple[list["Floats"], dict[str, "Floats"]]


def _factors(sums: PeriodSums, metric: RatioMetric, base: Base, owner: TargetOwner) -> Factors:
    """Return the factors of the numerator, and those of the denominator by name."""
    top = sums.factors(base, metric.top, owner)
    under = [name.strip() for name in metric.bottom.split("*") if name]
    return top, {name: sums.factors(base, name, owner)[0] for name in under}


def _estimate(
    sums: PeriodSums, metric: RatioMetric, scope: Scope, parts: Factors
) -> InfluenceEstimate:
    base = scope.base_of(sums.model, metric.base)
    members = scope.members(sums.model, base, metric.needs, metric.name)
    top = [_sum(f, members) for f in parts[0]]
    if not metric.bottom:
        return mean_per_replication(np.broadcast_to(top[0], (sums.runs, sums.periods)))
    under = [_denominator_factor(sums, name, f, members) for name, f in parts[1].items()]
    return ratio(top, under).settled()


def _denominator_factor(
    sums: PeriodSums, name: str, values: Floats, members: npt.NDArray[np.int64]
) -> Floats:
    """Combine a factor of a denominator; clock time is common to the members of a scope."""
    if name == "span":
        return np.broadcast_to(values[:, 0], (sums.runs, sums.periods))
    if name == "open":
        return np.broadcast_to(sums.open_time(members.tolist()), (sums.runs, sums.periods))
    if name == "staffed":
        return np.asarray(values[:, members].max(axis=1))
    return _sum(values, members)


def _sum(values: Floats, members: npt.NDArray[np.int64]) -> Floats:
    return np.asarray(values[:, members].sum(axis=1))


def horizon_estimate(scoped: ScopedEstimate) -> ScopedEstimate:
    """Return the estimate of the only period, the whole horizon."""
    e = scoped.estimate
    if e.value.ndim == 0:
        return scoped
    flat = InfluenceEstimate(e.value[..., 0], e.influence[..., 0])
    return ScopedEstimate(scoped.scope, scoped.metric, scoped.unit, flat)


BOUNDS = {"share": (0.0, 1.0), "points": (-100.0, 100.0)}
"""What a metric can be, by its unit; others are nowhere negative."""


def _clipped(estimate: InfluenceEstimate, unit: str) -> tuple[Floats, Floats, Floats]:
    """Return value, low and high, cut to what the metric can be."""
    least, most = BOUNDS.get(unit, (0.0, np.inf))
    low, high = estimate.bounds(least, most)
    # With controls a metric may be moved beyond what it can be.
    value = np.clip(estimate.value, least, most) if estimate.fitted else estimate.value
    return value, low, high


def _metric_row(model: Model, scoped: ScopedEstimate, estimate: InfluenceEstimate) -> MetricRow:
    value, low, high = _clipped(estimate, scoped.unit)
    return MetricRow(
        scope=scoped.scope.kind,
        name=scoped.scope.name,
        interval=None,
        metric=scoped.metric,
        value=finite_number(value),
        low=finite_number(low),
        high=finite_number(high),
        unit=scoped.unit,
        note=scoped.scope.note(model, scoped.metric),
    )


def finite_number(value: Floats | float) -> float | None:
    """Return a plain number, None for what is not known."""
    plain = float(value)
    return plain + 0.0 if np.isfinite(plain) else None  # no negative zero
