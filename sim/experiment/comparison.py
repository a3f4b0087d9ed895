"""Scenarios on the same random numbers, compared by metric in pairs of replications."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.result import Result
from sim.experiment.variance_report import VarianceSaving, reported_estimates, variance_savings
from sim.extras import need
from sim.metrics import (
    RATIO_METRICS,
    ScopedEstimate,
    VarianceReduction,
    check_metric_name,
    check_scope,
    compute_estimates,
)
from sim.metrics.estimators import InfluenceEstimate
from sim.metrics.metric_rows import finite_number
from sim.result_output import Output

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.replication_set import ReplicationSet
    from sim.model import Model


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric of one scenario against the base.

    Attributes
    ----------
    other : str
        Label of the scenario.
    scope, name, metric : str
    base, value : float or None
        The metric of the base and of the other scenario.
    difference : float or None
        ``value - base``.
    low, high : float or None
        95 % confidence interval of the difference, from pairs of replications; None for one pair.
    significant : bool
        The confidence interval does not contain zero.
    """

    other: str
    scope: str
    name: str
    metric: str
    base: float | None
    value: float | None
    difference: float | None
    low: float | None
    high: float | None
    significant: bool


@dataclass(frozen=True, repr=False)
class Comparison(Output):
    """Several scenarios that simulated the same days.

    Attributes
    ----------
    results : tuple of Result
        The base first.
    labels : tuple of str
        One for each result, all different.
    notes : tuple of str
        What a reader should know.
    """

    results: tuple[Result, ...]
    labels: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return the comparison in one line."""
        return f"Comparison({list(self.labels)}, runs={self.base.runs}, seed={self.base.seed})"

    @property
    def base(self) -> Result:
        """Return the result of the base."""
        return self.results[0]

    @property
    def all_notes(self) -> tuple[str, ...]:
        """Return the notes of the comparison, then those of its scenarios by label."""
        own = (
            f"{label}: {note}"
            for label, result in zip(self.labels, self.results, strict=True)
            for note in (*result.notes, *_equal_headcount_notes(self.base.model, result.model))
        )
        return (*self.notes, *own)

    @cached_property
    def reduction(self) -> VarianceReduction:
        """Return what was done to lower the variance, the same for every metric."""
        return common_reduction(self.results)

    @cached_property
    def savings(self) -> dict[str, list[VarianceSaving]]:
        """Return how much of their variance that took off the differences, by scenario."""
        if not self.reduction:
            return {}
        base, *others = (
            reported_estimates(result.model, result.tallies) for result in self.results
        )
        gaps = ({n: other[n].minus(base[n]) for n in other if n in base} for other in others)
        found = (variance_savings(gap, self.reduction) for gap in gaps)
        return dict(zip(self.labels[1:], found, strict=True))

    @cached_property
    def rows(self) -> list[Difference]:
        """Return every difference of every other scenario against the base."""
        base = _estimates_by_key(self.base)
        found: list[Difference] = []
        for label, result in zip(self.labels[1:], self.results[1:], strict=True):
            pairs = _pairs(base, _estimates_by_key(result))
            found += [_difference(label, *pair, self.reduction) for pair in pairs]
        return found

    def differences(self, scope: str | None = None, metric: str | None = None) -> pd.DataFrame:
        """Return the differences as a table.

        Parameters
        ----------
        scope, metric : str, optional
            Only these.

        Returns
        -------
        DataFrame
            Columns as the attributes of :class:`Difference`.

        Raises
        ------
        BadInputError
            When the base has no such scope, or there is no such metric.
        """
        need("table", "pandas")
        if scope is not None:
            check_scope(self.base.model, scope)
        if metric is not None:
            check_metric_name(metric)
        import pandas as pd

        kept = [r for r in self.rows if scope in (None, r.scope) and metric in (None, r.metric)]
        return pd.DataFrame([asdict(r) for r in kept], columns=list(Difference.__slots__))

    def table(self, scope: str | None = None, metric: str | None = None) -> pd.DataFrame:
        """Return the differences as a table, as :meth:`differences` does."""
        return self.differences(scope, metric)

    def document(self) -> dict[str, Any]:
        """Return what the command line writes as JSON."""
        from sim import __version__

        options: dict[str, Any] = {}
        if self.reduction:
            options = {
                "antithetic": self.base.antithetic,
                "control": self.base.controls is not None,
                "variance_taken_off": [
                    {"other": label, **asdict(saving)}
                    for label, some in self.savings.items()
                    for saving in some
                ],
            }
        return {
            "base": self.labels[0],
            "others": list(self.labels[1:]),
            "seed": self.base.seed,
            "runs": self.base.runs,
            "engine": self.base.engine,
            "version": __version__,
            "unstable": {
                label: int(result.tallies.unstable.sum())
                for label, result in zip(self.labels, self.results, strict=True)
            },
            "notes": list(self.all_notes),
            **options,
            "differences": [asdict(row) for row in self.rows],
        }

    def to_json(self) -> str:
        """Return the document as JSON text; metrics that are not known are null."""
        return json.dumps(self.document(), indent=1, allow_nan=False)


def _equal_headcount_notes(base: Model, other: Model) -> Iterator[str]:
    """Say where other people are scheduled than in the base, but as many are on duty."""
    known = {group.name: group for group in base.groups}
    for group in other.groups:
        old = known.get(group.name)
        if old is None or old.headcount is None or group.headcount is None:
            continue
        same = np.array_equal(old.headcount, group.headcount)
        if same and not np.array_equal(old.scheduled, group.scheduled):
            yield (
                f"group {group.name}: other numbers are scheduled than in the base, but as many "
                "agents are on duty at any time, as what shrinkage leaves is rounded to whole "
                "agents"
            )


Key = tuple[str, str, str]
EstimatesByKey = dict[Key, ScopedEstimate]


def _pairs(
    base: EstimatesByKey, other: EstimatesByKey
) -> Iterator[tuple[ScopedEstimate, ScopedEstimate]]:
    """Pair the metrics of two scenarios, in the order of the base and then of the other.

    What is counted in one of them alone (callbacks, say) is zero in the other, where that
    has the place; any other metric needs both.
    """
    counts = {metric.name for metric in RATIO_METRICS if not metric.bottom}
    shared = {key[:2] for key in base} & {key[:2] for key in other}
    for key in dict.fromkeys([*base, *other]):
        if key in base and key in other:
            yield base[key], other[key]
        elif key[:2] in shared and key[2] in counts:
            there = base.get(key) or other[key]
            none = replace(there, estimate=there.estimate.minus(there.estimate))
            yield (there, none) if key in base else (none, there)


def _estimates_by_key(result: Result) -> EstimatesByKey:
    found = compute_estimates(result.model, result.tallies)
    return {(f.scope.kind, f.scope.name, f.metric): f for f in found}


def common_reduction(results: Sequence[Result | ReplicationSet]) -> VarianceReduction:
    """Return what was done to lower the variance of several scenarios together.

    The controls are the means of those of the scenarios, which simulate the same days: two, however
    many scenarios there are, and the same for every metric, which keeps
    ``difference = value - base`` because regression is linear.
    """
    known = [r.controls for r in results if r.controls is not None]
    return VarianceReduction(
        results[0].tallies.unit_size, np.mean(known, axis=0) if known else None
    )


def _difference(
    label: str, base: ScopedEstimate, other: ScopedEstimate, reduction: VarianceReduction
) -> Difference:
    gap = reduction.apply(other.estimate.minus(base.estimate))
    widest = 1.0 if base.unit == "share" else float("inf")
    low, high = (finite_number(bound) for bound in gap.bounds(-widest, widest))
    return Difference(
        other=label,
        scope=base.scope.kind,
        name=base.scope.name,
        metric=base.metric,
        base=finite_number(reduction.apply(base.estimate).value),
        value=finite_number(reduction.apply(other.estimate).value),
        difference=finite_number(gap.value),
        low=low,
        high=high,
        significant=low is not None and high is not None and not _contains_zero(gap, low, high),
    )


def _contains_zero(gap: InfluenceEstimate, low: float, high: float) -> bool:
    """Return whether zero lies within; rounding alone makes no difference."""
    slack = 1e-12 * max(1.0, abs(float(gap.value)))
    return low <= slack and high >= -slack
