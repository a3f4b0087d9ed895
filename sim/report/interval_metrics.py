"""Selected metrics by interval, computed only where asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from sim.metrics import RATIO_METRICS, MetricRow, ScopedEstimate
from sim.metrics.aggregation import PeriodSums, sum_intervals
from sim.metrics.metric_rows import evaluate, rows_by_interval
from sim.metrics.scopes import Scope, applies

if TYPE_CHECKING:
    from sim.experiment import Result

MEASURE = {measure.name: measure for measure in RATIO_METRICS}


class IntervalSelection:
    """The intervals of a result.

    Parameters
    ----------
    result : Result
    """

    def __init__(self, result: Result) -> None:
        self.result = result

    @cached_property
    def sums(self) -> PeriodSums:
        """Return the sums of all replications by interval."""
        return sum_intervals(self.result.model, self.result.tallies)

    def rows(self, scope: Scope, metrics: Iterable[str]) -> Iterator[MetricRow]:
        """Yield metrics of one scope in every interval measured, metric by metric.

        They are those of ``result.interval_rows``; metrics that the scope does not have are
        left out.
        """
        model = self.result.model
        for name in metrics:
            measure = MEASURE.get(name)
            if measure is not None and applies(model, measure.needs, measure.base, scope):
                estimate = evaluate(self.sums, measure, scope)
                found = ScopedEstimate(scope, measure.name, measure.unit, estimate)
                yield from rows_by_interval(self.sums, found, self.result.reduction)


def scope_of(queue: str | None) -> Scope:
    """Return the scope of a queue, or of the whole."""
    return Scope("total", "total") if queue is None else Scope("queue", queue)
