"""Some figures by interval, without those that nobody asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics import MEASURES, Row
from sim.metrics.figures import evaluate, number
from sim.metrics.scopes import Scope, applies
from sim.metrics.sums import Sums, over_intervals

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.metrics import Measure

MEASURE = {measure.name: measure for measure in MEASURES}


class Intervals:
    """The intervals of a result.

    Parameters
    ----------
    result : Result
    """

    def __init__(self, result: Result) -> None:
        self.result = result

    @cached_property
    def sums(self) -> Sums:
        """Return the sums of all replications by interval."""
        return over_intervals(self.result.model, self.result.tallies)

    def rows(self, scope: Scope, metrics: Iterable[str]) -> Iterator[Row]:
        """Yield figures of one scope in every interval measured, metric by metric.

        They are those of ``result.interval_rows``; metrics that the scope does not have are
        left out.
        """
        model = self.result.model
        for name in metrics:
            measure = MEASURE.get(name)
            if measure is not None and applies(model, measure.needs, measure.base, scope):
                yield from self._rows(scope, measure)

    def _rows(self, scope: Scope, measure: Measure) -> Iterator[Row]:
        model = self.result.model
        found = self.result.reduction.of(evaluate(self.sums, measure, scope))
        most = 1.0 if measure.unit == "share" else np.inf
        low, high = found.bounds(0.0, most)
        value = np.clip(found.value, 0.0, most) if found.fitted else found.value
        note = scope.note(model, measure.name)
        for k in np.flatnonzero(self.sums.by_name["legs"]["span"][0, 0] > 0):
            yield Row(
                scope=scope.kind,
                name=scope.name,
                interval=model.starts[k],
                metric=measure.name,
                value=number(value[k]),
                low=number(low[k]),
                high=number(high[k]),
                unit=measure.unit,
                note=note,
            )


def scope_of(queue: str | None) -> Scope:
    """Return the scope of a queue, or of the whole."""
    return Scope("total", "total") if queue is None else Scope("queue", queue)
