"""The charts of each kind of result, by name: what ``result.plot(...)`` offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sim.experiment import Comparison, Result, SelectionResult
from sim.experiment.sweep import SweepResult
from sim.planning import Investment, Roster, ShiftSchedule, Staffing
from sim.planning.compare_with_actuals import Validation
from sim.planning.simulated_staffing import SimulatedStaffing
from sim.report.investment_charts import frontier_chart, tornado_chart
from sim.scenario.problems import listed
from sim.units import BadInputError


def _service_level(result: Result, queue: str | None = None) -> Any:
    """Draw the service level over the day with its 95 % confidence interval."""
    from sim.report.charts import service_chart
    from sim.report.result_views import common_target, over_the_day

    _checked_queue(result, queue)
    points = _filled(over_the_day(result, "service_level", queue))
    title = f"Service level of {queue or 'the whole center'}"
    return service_chart(points, common_target(result.model, queue), title)


def _heatmap(result: Result, metric: str = "service_level", queue: str | None = None) -> Any:
    """Draw a metric by day and time of day."""
    from sim.metrics import parse_metric
    from sim.report.heatmap import heat_chart, tiles
    from sim.report.interval_metrics import scope_of

    _checked_queue(result, queue)
    scope = scope_of(queue)
    place = metric if queue is None else f"{scope.kind}.{scope.name}.{metric}"
    parse_metric(result.model, place)
    found = _filled(tiles(result, metric, queue, "" if result.model.days > 1 else result.name))
    return heat_chart(found, metric, f"{metric} of {queue or 'the whole center'}")


def _days(result: Result | Comparison, queue: str | None = None) -> Any:
    """Draw how often a day has which service level."""
    from sim.report.day_spread import spread, spread_chart
    from sim.report.result_views import common_target

    several = isinstance(result, Comparison)
    results = result.results if isinstance(result, Comparison) else (result,)
    labels = result.labels if isinstance(result, Comparison) else (result.name,)
    _checked_queue(results[0], queue)
    rows = spread(results, labels, queue)
    target = None if several else common_target(results[0].model, queue)
    return spread_chart(rows, target, f"Service level of the days, {queue or 'whole center'}")


def _differences(comparison: Comparison, metric: str = "service_level") -> Any:
    """Draw the differences of one metric against the base with their 95 % confidence intervals."""
    from sim.metrics import parse_metric
    from sim.report.charts import difference_chart

    wanted = parse_metric(comparison.base.model, metric)
    scope = wanted.scope
    rows = [
        row
        for row in comparison.rows
        if (row.scope, row.name, row.metric) == (scope.kind, scope.name, wanted.metric.name)
    ]
    return difference_chart(_filled(rows), wanted.metric.unit, f"{metric}: difference from base")


def _cost(comparison: Comparison) -> Any:
    """Draw the service level of each scenario over its cost."""
    from sim.report.cost_chart import cost_chart, cost_points

    points = cost_points(comparison.results, comparison.labels)
    if not points:
        raise BadInputError("plot('cost'): no scenario has a cost; give the groups a wage")
    return cost_chart(points, "Cost and service level")


def _required(found: Staffing, group: str | None = None) -> Any:
    """Draw the agents required, scheduled and on duty."""
    from sim.report.staffing_charts import required_chart
    from sim.report.staffing_view import slots

    return required_chart(slots(found, _group(found, group)), "Agents required and on duty")


def _over_under(found: Staffing, group: str | None = None) -> Any:
    """Draw over- and understaffing by interval."""
    from sim.report.staffing_charts import over_under_chart
    from sim.report.staffing_view import slots

    return over_under_chart(slots(found, _group(found, group)), "Over- and understaffing")


def _agents(found: SimulatedStaffing, group: str | None = None) -> Any:
    """Draw the agents on duty of a plan by interval and group."""
    from sim.report.simulated_staffing_charts import agents_chart

    groups = list(dict.fromkeys(row["group"] for row in found.staffing))
    if group is not None and group not in groups:
        raise BadInputError(f"group: {group!r} is not a group; allowed: {listed(groups)}")
    rows = [row for row in found.staffing if group in (None, row["group"])]
    return agents_chart(_filled(rows), f"Agents on duty, {group or 'all groups'}")


def _intervals(
    validation: Validation, metric: str = "service_level", queue: str | None = None
) -> Any:
    """Draw one metric of one queue, simulated and actual, by interval."""
    from sim.report.validation import band_words
    from sim.report.validation_charts import validation_chart

    queue = queue or validation.verdicts[0].queue
    cells = validation.of(queue, metric)
    if not cells:
        known = sorted({f"{one.queue}: {one.metric}" for one in validation.verdicts})
        raise BadInputError(f"plot: {queue}: {metric} is not compared; allowed: {listed(known)}")
    return validation_chart(cells, f"{metric} of {queue}", band_words(validation))


def _cells(swept: SweepResult, metric: str = "service_level") -> Any:
    """Draw a metric of the whole center over the one or two fields of a sweep."""
    from sim.report.sweep.charts import sweep_chart, swept_metrics, swept_points

    axes, known = list(swept.plan.axes), swept_metrics(swept.cell_results)
    if metric not in known:
        raise BadInputError(f"plot: {metric!r} is not among the cells; allowed: {listed(known)}")
    if not 1 <= len(axes) <= 2:
        raise BadInputError(f"plot: {len(axes)} fields were varied; a chart shows 1 or 2")
    points = swept_points(swept.grid, swept.cell_results, axes, metric)
    return sweep_chart(points, axes, metric, swept.name)


def _coverage(plan: ShiftSchedule, group: str | None = None) -> Any:
    """Draw agents on duty and required by interval."""
    from sim.report.shift_charts import coverage_chart

    groups = list(dict.fromkeys(row["group"] for row in plan.coverage))
    if group is not None and group not in groups:
        raise BadInputError(f"group: {group!r} is not a group; allowed: {listed(groups)}")
    return coverage_chart([row for row in plan.coverage if group in (None, row["group"])])


def _calendar(roster: Roster, skill: str | None = None) -> Any:
    """Draw the shifts of each person by day."""
    from sim.report.roster_charts import calendar_chart

    skills = sorted({name for person in roster.problem.persons for name in person.skills})
    if skill is not None and skill not in skills:
        raise BadInputError(f"skill: {skill!r} is not a skill of anyone; allowed: {listed(skills)}")
    return calendar_chart(roster, skill)


def _filled(rows: Any) -> Any:
    if not rows:
        raise BadInputError(
            "plot: there is nothing to draw: no interval has a contact per replication"
        )
    return rows


def _checked_queue(result: Result, queue: str | None) -> None:
    """Refuse what is neither a queue nor a target, such as ``target.front``."""
    from sim.report.interval_metrics import places

    names = places(result.model)
    if queue is not None and queue not in names:
        raise BadInputError(f"queue: {queue!r} is not a queue; allowed: {listed(names)}")


def _group(found: Staffing, group: str | None) -> str | None:
    names = [str(row["name"]) for row in found.of("group", whole=True)]
    if group is not None and group not in names:
        raise BadInputError(f"group: {group!r} is not a group; allowed: {listed(names)}")
    return group


CHARTS: Mapping[type, Mapping[str, Callable[..., Any]]] = {
    Result: {"service_level": _service_level, "heatmap": _heatmap, "days": _days},
    Comparison: {"differences": _differences, "cost": _cost, "days": _days},
    Staffing: {"required": _required, "over_under": _over_under},
    SimulatedStaffing: {"agents": _agents},
    Validation: {"intervals": _intervals},
    SweepResult: {"cells": _cells},
    SelectionResult: {},
    ShiftSchedule: {"coverage": _coverage},
    Roster: {"calendar": _calendar},
    Investment: {"frontier": frontier_chart, "tornado": tornado_chart},
}
"""Charts by kind of result; the first is drawn unless another is asked for."""
