"""The range of daily service levels, one line per queue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.report.day_spread import between_days, day_levels
from sim.report.formatting import show
from sim.report.interval_metrics import TARGET, place_title, scope_of
from sim.units import DAY

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.metrics import MetricRow

TITLE = "Variation between days"
EXPLAINED = "service level of single days"


def bad_days(result: Result) -> list[str]:
    """Return the service level of bad and of good days, of the whole, targets and live queues.

    Parameters
    ----------
    result : Result

    Returns
    -------
    list of str
        Empty for a single day and for a stationary run, which has no days.
    """
    model = result.model
    live = [queue.name for queue in model.queues if not queue.deferred]
    if model.day_s != DAY or not live or day_levels(result).size < 2:
        return []
    # A queue alone is the whole, unless the whole is judged otherwise.
    names = [None, *(f"{TARGET}{target.name}" for target in model.targets)]
    names += live if len(live) > 1 else []
    return [line for name in names for line in _line(result, name)]


def _line(result: Result, queue: str | None) -> Iterator[str]:
    scope = scope_of(queue)
    found = (row for row in result.rows if (row.scope, row.name) == (scope.kind, scope.name))
    rows = {row.metric: row for row in found}
    bad, good = (rows.get(f"service_level_day_p{p}") for p in (10, 90))
    if bad is None or good is None or bad.value is None or good.value is None:
        return
    levels = day_levels(result, queue)

    def share_text(row: MetricRow) -> str:
        return show(row.value, "share") + between_days(row, levels, brief=True)

    name = "whole center" if queue is None else place_title(queue)
    yield f"{name}: 10th percentile {share_text(bad)}, 90th percentile {share_text(good)}"
