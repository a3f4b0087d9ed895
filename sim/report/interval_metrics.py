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
    from sim.model import Model, Queue

MEASURE = {measure.name: measure for measure in RATIO_METRICS}


class IntervalSelection:
    """The intervals of a result.

    Parameters
    ----------
    result : Result
    together : int
        Intervals that are summed up to a longer one.
    """

    def __init__(self, result: Result, together: int = 1) -> None:
        self.result = result
        self.together = together

    @cached_property
    def sums(self) -> PeriodSums:
        """Return the sums of all replications by interval."""
        return sum_intervals(self.result.model, self.result.tallies, self.together)

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


TARGET = "target."
"""What precedes the name of a target where a queue may be named: no queue has a dot in its name."""


def scope_of(place: str | None) -> Scope:
    """Return the scope of a queue, of a target such as ``target.front``, or of the whole."""
    if place is None:
        return Scope("total", "total")
    is_target = place.startswith(TARGET)
    return Scope("target", place.removeprefix(TARGET)) if is_target else Scope("queue", place)


def places(model: Model) -> list[str]:
    """Return the targets and queues of a model, as :func:`scope_of` reads them."""
    targets = [f"{TARGET}{target.name}" for target in model.targets]
    return targets + [queue.name for queue in model.queues]


def place_title(place: str) -> str:
    """Return a place in words: ``billing``, ``target front``."""
    return place.replace(TARGET, "target ", 1) if place.startswith(TARGET) else place


def queues_at(model: Model, place: str | None) -> list[Queue]:
    """Return the queues of a place."""
    return [model.queues[k] for k in scope_of(place).members(model, "legs").tolist()]
