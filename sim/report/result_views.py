"""What screens show of results: a day as rows, differences as a table, the service levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from sim.metrics import VARIANTS, catalogue
from sim.metrics.metric_titles import variant_title
from sim.report.coefficients import calibrated_title
from sim.report.formatting import digits_of, show, show_difference
from sim.report.interval_metrics import IntervalSelection, queues_at, scope_of
from sim.report.scorecards import COMPARED, SHOWN_WITH_COSTS
from sim.scenario.calendar import day_of

NONE: Mapping[str, str] = MappingProxyType({})

if TYPE_CHECKING:
    from sim.experiment import Comparison, Difference, Result
    from sim.metrics import MetricRow
    from sim.model import Model

WHOLE = (
    "offered",
    "answered",
    "service_level",
    "abandonment",
    "asa_s",
    "wait_p90_s",
    "on_time",
    "containment",
    "occupancy",
    "scheduled_h",
    "overtime_h",
    "cost",
    *COMPARED,
)
"""Metrics of the whole center that matter most."""


@dataclass(frozen=True, slots=True)
class IntervalValue:
    """One metric in one interval.

    Attributes
    ----------
    interval : str
        Start: ``08:00``, or date and time when there are several days.
    day : str
        Date, empty for a single day.
    value, low, high : float or None
        The value and its 95 % confidence interval.
    offered : float
        Contacts that reached the queue in the interval, mean over the replications.
    """

    interval: str
    day: str
    value: float | None
    low: float | None
    high: float | None
    offered: float


def over_the_day(
    result: Result, metric: str, queue: str | None = None, together: int = 1
) -> list[IntervalValue]:
    """Return a metric interval by interval.

    Parameters
    ----------
    result : Result
    metric : str
        A metric of queues, such as ``service_level``.
    queue : str, optional
        The whole center unless given.
    together : int
        Intervals that are taken together, such as those of an hour.

    Returns
    -------
    list of IntervalValue
        Intervals with less than one contact per replication are left out: their values are mostly
        noise.
    """
    rows = rows_by_interval(result, queue, (metric,), together)
    offered = offered_by_interval(result, queue, together)
    points = []
    for (when, name), row in rows.items():
        if name == metric and row.value is not None and offered.get(when, 0.0) >= 1:
            bounds = (row.value, row.low, row.high)
            points.append(IntervalValue(when, day_of(when), *bounds, offered[when]))
    return points


def offered_by_interval(result: Result, queue: str | None, together: int = 1) -> dict[str, float]:
    """Return contacts offered by interval, or several: of all that are judged here."""
    here = queues_at(result.model, queue)
    counted = {q.name for q in here if not q.deferred} or {q.name for q in here}
    intervals, offered = IntervalSelection(result, together), dict[str, float]()
    for name in sorted(counted):
        for row in intervals.rows(scope_of(name), ("offered",)):
            when = row.interval or ""
            offered[when] = offered.get(when, 0.0) + (row.value or 0.0)
    return offered


def expected_contacts(model: Model) -> float:
    """Return the contacts that one replication is expected to bring, before any repeats."""
    return sum(
        float(len(q.demand.recorded))
        if q.demand.recorded is not None
        else float(q.demand.expected.sum())
        for q in model.queues
    )


def main_differences(comparison: Comparison, other: str) -> list[Difference]:
    """Return the differences that matter most: the whole, then each target, queue and group.

    Parameters
    ----------
    comparison : Comparison
    other : str
        Label of the scenario that is compared with the base.
    """
    levels = ("service_level", "abandonment")
    wanted = {"total": WHOLE, "target": levels, "queue": levels, "group": ("occupancy",)}
    rows = [row for row in comparison.rows if row.other == other]
    known = [row for row in rows if row.base or row.value or row.scope == "total"]
    known = [row for row in known if row.base is not None or row.value is not None]
    known = [row for row in known if row.base or row.value or row.metric not in SHOWN_WITH_COSTS]
    shown = [row for row in known if row.metric in wanted.get(row.scope, ())]
    return sorted(shown, key=lambda row: WHOLE.index(row.metric) if row.scope == "total" else 99)


def verdict(row: Difference) -> str:
    """Return what an interval says of a difference, in words."""
    if row.low is None:
        return "one replication: no confidence interval"
    return "significant" if row.significant else "not significant"


def difference_table(
    rows: Sequence[Difference], calibration: Mapping[str, str] = NONE
) -> list[dict[str, str]]:
    """Return differences as rows of text, written as planners write numbers.

    Parameters
    ----------
    rows : sequence of Difference
    calibration : mapping of str to str
        Whether the coefficients of the satisfaction model are calibrated, by metric.
    """
    table = []
    for row in rows:
        unit = catalogue()[row.metric].unit
        more = digits_of(row.difference, row.low, row.high, unit, row.significant)
        table.append(
            {
                "Metric": calibrated_title(row.metric, calibration),
                "Of": "whole center" if row.scope == "total" else f"{row.scope} {row.name}",
                "Base": show(row.base, unit),
                "This": show(row.value, unit),
                "Difference": show_difference(row.difference, unit, more),
                "95 % from": show_difference(row.low, unit, more),
                "to": show_difference(row.high, unit, more),
                "Verdict": verdict(row),
            }
        )
    return table


def common_target(model: Model, queue: str | None = None) -> float | None:
    """Return the target of a queue; of the whole the center's, else the one all queues share."""
    low, high = target_span(model, queue)
    return low if low == high else None


def target_span(model: Model, queue: str | None = None) -> tuple[float, float]:
    """Return the lowest and the highest target: of a queue, the center, or of all queues."""
    goal = scope_of(queue).goal(model)
    if goal is not None:
        return goal.target, goal.target
    queues = queues_at(model, queue)
    live = [q for q in queues if not q.deferred] or queues
    targets = [q.target for q in live]
    return min(targets), max(targets)


def begun(words: str) -> str:
    """Return words that begin with a capital."""
    return words[:1].upper() + words[1:]


def level_examples() -> list[dict[str, str]]:
    """Return the six service levels with their formulas, on one day as an example.

    The day has 1000 answered, 860 of them within the threshold, and 60 abandoned, 20 within
    the threshold and 10 short.
    """
    day = {
        "answered": 1000,
        "within": 860,
        "abandoned": 60,
        "abandoned_within": 20,
        "abandoned_short": 10,
    }
    return [
        {
            "Formula": variant_title(name),
            "Counts as met": top.replace("_", " "),
            "Of": bottom.replace("_", " "),
            "Name in files": f"`{name}`",
            "Example": show(_counted(top, day) / _counted(bottom, day), "share"),
        }
        for name, (top, bottom) in VARIANTS.items()
    ]


def _counted(formula: str, day: dict[str, int]) -> int:
    """Return a sum or difference of counts: names joined by + and -."""
    total, sign = 0, 1
    for word in formula.split():
        if word in ("+", "-"):
            sign = 1 if word == "+" else -1
        else:
            total += sign * day[word]
    return total


def rows_by_interval(
    result: Result, queue: str | None, metrics: Sequence[str], together: int = 1
) -> dict[tuple[str, str], MetricRow]:
    """Return some metrics of the whole or of a queue by interval, or several, and metric."""
    rows = IntervalSelection(result, together).rows(scope_of(queue), metrics)
    return {(r.interval or "", r.metric): r for r in rows}
