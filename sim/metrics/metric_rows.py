"""From tallies to figures: every measure at every scope, with its interval."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.metrics import nonratio
from sim.metrics.aggregation import Sums, over_all, over_days, over_intervals
from sim.metrics.estimate import Estimate, per_run, ratio
from sim.metrics.registry import MEASURES, Measure
from sim.metrics.scoped_metric import Finding
from sim.metrics.scopes import Scope, applies, scopes
from sim.metrics.variance_reduction import Reduction

if TYPE_CHECKING:
    from sim.metrics.tally_fields import Floats
    from sim.metrics.tally_store import Tallies
    from sim.model import Model


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of one scope.

    Attributes
    ----------
    scope : {"total", "channel", "queue", "group", "issue"}
    name : str
        Of the channel, queue or group; "total" for the whole.
    interval : str or None
        Start of the interval, None for the whole run.
    metric : str
    value : float or None
        None where nothing was there to measure.
    low, high : float or None
        95 % interval; None for one replication.
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


NONE = Reduction()
"""Independent replications, and nothing known about them."""


def figures(
    model: Model, tallies: Tallies, intervals: bool = False, reduction: Reduction = NONE
) -> list[Row]:
    """Return every figure of a set of replications.

    Parameters
    ----------
    model : Model
    tallies : Tallies
    intervals : bool
        The figures of each interval too, after those of the whole run.
    reduction : Reduction
        What was done to lower the variance.

    Returns
    -------
    list of Row
        By scope, name and metric in a fixed order.
    """
    found = findings(model, tallies)
    rows = [_row(model, f, reduction.of(f.estimate)) for f in found]
    return rows + (list(interval_figures(model, tallies, reduction)) if intervals else [])


def interval_figures(
    model: Model,
    tallies: Tallies,
    reduction: Reduction = NONE,
    metrics: Collection[str] | None = None,
) -> Iterator[Row]:
    """Give the figures of every measured interval, in a fixed order.

    They are computed as they are taken: a year in short intervals has millions.

    Parameters
    ----------
    model : Model
    tallies : Tallies
    reduction : Reduction
    metrics : collection of str, optional
        Only these; all unless given.
    """
    sums = over_intervals(model, tallies)
    for finding in _measures(sums, metrics):
        yield from rows_by_interval(sums, finding, reduction)


def rows_by_interval(sums: Sums, finding: Finding, reduction: Reduction = NONE) -> list[Row]:
    """Return one figure of one scope in every measured interval.

    Parameters
    ----------
    sums : Sums
        Over intervals.
    finding : Finding
        With an estimate of shape (intervals,).
    reduction : Reduction
    """
    model, scope = sums.model, finding.scope
    values = _bounded(reduction.of(finding.estimate), finding.unit)
    kept = np.flatnonzero(sums.by_name["legs"]["span"][0, 0] > 0)
    columns = [_plain(column[kept]) for column in values]
    note = scope.note(model, finding.metric)
    starts = (model.starts[k] for k in kept)
    return [
        Row(scope.kind, scope.name, start, finding.metric, value, low, high, finding.unit, note)
        for start, value, low, high in zip(starts, *columns, strict=True)
    ]


def _plain(values: Floats) -> list[float | None]:
    """Return plain numbers as :func:`number` does, of many at once."""
    known = np.isfinite(values).tolist()
    return [v if k else None for v, k in zip((values + 0.0).tolist(), known, strict=True)]


def findings(model: Model, tallies: Tallies) -> list[Finding]:
    """Return every figure of the whole run, in the order of the rows.

    The influence is one number for each replication, whether they are independent or not.
    """
    found = list(_measures(over_all(model, tallies)))
    found += nonratio.percentiles(model, tallies)
    found += nonratio.longest(model, tallies)
    found += nonratio.days(model, over_days(model, tallies))
    found = [flat(f) for f in found]
    order = {scope: k for k, scope in enumerate(scopes(model))}
    return sorted(found, key=lambda f: order[f.scope])


def _measures(sums: Sums, metrics: Collection[str] | None = None) -> Iterator[Finding]:
    model = sums.model
    for measure in MEASURES if metrics is None else [m for m in MEASURES if m.name in metrics]:
        parts = cache(partial(_parts, sums, measure))  # the same for many scopes
        for scope in scopes(model):
            if applies(model, measure.needs, measure.base, scope):
                estimate = _estimate(sums, measure, scope, parts(scope.by_center(model)))
                yield Finding(scope, measure.name, measure.unit, estimate)


def evaluate(sums: Sums, measure: Measure, scope: Scope) -> Estimate:
    """Estimate one measure at one scope.

    Returns
    -------
    Estimate
        Value of shape (stretches,).
    """
    return _estimate(sums, measure, scope, _parts(sums, measure, scope.by_center(sums.model)))


Parts = tuple[list["Floats"], dict[str, "Floats"]]


def _parts(sums: Sums, measure: Measure, by_center: bool) -> Parts:
    """Return the factors of the numerator, and those of the denominator by name."""
    top = sums.factors(measure.base, measure.top, by_center)
    under = [name.strip() for name in measure.bottom.split("*") if name]
    return top, {name: sums.factors(measure.base, name, by_center)[0] for name in under}


def _estimate(sums: Sums, measure: Measure, scope: Scope, parts: Parts) -> Estimate:
    members = scope.members(sums.model, measure.base, measure.needs, measure.name)
    top = [_sum(f, members) for f in parts[0]]
    if not measure.bottom:
        return per_run(np.broadcast_to(top[0], (sums.runs, sums.stretches)))
    under = [_shared(sums, name, f, members) for name, f in parts[1].items()]
    return ratio(top, under).settled()


def _shared(sums: Sums, name: str, values: Floats, members: npt.NDArray[np.int64]) -> Floats:
    """Combine a factor of a denominator; clock time is common to the members of a scope."""
    if name == "span":
        return np.broadcast_to(values[:, 0], (sums.runs, sums.stretches))
    if name == "open":
        return np.broadcast_to(sums.open_time(members.tolist()), (sums.runs, sums.stretches))
    if name == "staffed":
        return np.asarray(values[:, members].max(axis=1))
    return _sum(values, members)


def _sum(values: Floats, members: npt.NDArray[np.int64]) -> Floats:
    return np.asarray(values[:, members].sum(axis=1))


def flat(finding: Finding) -> Finding:
    """Take the one stretch of a finding over the whole run."""
    e = finding.estimate
    if e.value.ndim == 0:
        return finding
    flat = Estimate(e.value[..., 0], e.influence[..., 0])
    return Finding(finding.scope, finding.metric, finding.unit, flat)


def _bounded(estimate: Estimate, unit: str) -> tuple[Floats, Floats, Floats]:
    """Return value, low and high, cut to what the figure can be."""
    most = 1.0 if unit == "share" else np.inf
    low, high = estimate.bounds(0.0, most)
    # With controls a figure may be moved beyond what it can be.
    value = np.clip(estimate.value, 0.0, most) if estimate.fitted else estimate.value
    return value, low, high


def _row(model: Model, finding: Finding, estimate: Estimate) -> Row:
    value, low, high = _bounded(estimate, finding.unit)
    return Row(
        scope=finding.scope.kind,
        name=finding.scope.name,
        interval=None,
        metric=finding.metric,
        value=number(value),
        low=number(low),
        high=number(high),
        unit=finding.unit,
        note=finding.scope.note(model, finding.metric),
    )


def number(value: Floats | float) -> float | None:
    """Return a plain number, None for what is not known."""
    plain = float(value)
    return plain + 0.0 if np.isfinite(plain) else None  # no negative zero
