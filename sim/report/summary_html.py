"""A result on one page: metrics, pictures, queues and what was simulated, as HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.fileio import replaced
from sim.metrics import catalogue
from sim.metrics.metric_titles import metric_title
from sim.metrics.target_status import MISSED, STATUS_WORDS, target_status
from sim.report.charts import alt_text_day
from sim.report.daily_service_levels_text import EXPLAINED, TITLE, bad_days
from sim.report.day_svg import level_drawing, staff_drawing
from sim.report.formatting import show
from sim.report.html_page import drawn, html_page
from sim.report.interval_metrics import TARGET, place_title, scope_of
from sim.report.result_views import common_target, over_the_day
from sim.report.scorecards import (
    SCOPES,
    ScorecardLine,
    Scorecards,
    bounds_text,
    open_text,
    short_title,
)
from sim.report.staffing_view import slots_by_formula

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.metrics import MetricRow
    from sim.scenario import Scenario

CARDS = (
    "service_level",
    "abandonment",
    "asa_s",
    "wait_p90_s",
    "on_time",
    "occupancy",
    "offered",
    "answered",
    "containment",
)
MOST_CARDS = 8
QUEUE = ("offered", "service_level", "on_time", "asa_s", "abandonment", "aht_s")
GROUP = ("staff", "occupancy", "utilisation", "overtime_h", "cost")


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over a summary besides the metrics.

    Attributes
    ----------
    title : str
        The scenario's name unless given.
    question : str
        What was asked.
    note : str
        Whatever the reader should know first.
    changes : tuple of str
        What was changed against the file, as people say it.
    """

    title: str = ""
    question: str = ""
    note: str = ""
    changes: tuple[str, ...] = ()


def write_summary_page(
    path: str | Path, scenario: Scenario, result: Result, heading: Heading | None = None
) -> None:
    """Write the summary as one HTML file.

    Parameters
    ----------
    path : str or Path
    scenario : Scenario
        The one that was simulated.
    result : Result
    heading : Heading, optional

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    with replaced(path) as temporary:
        temporary.write_text(summary_page(scenario, result, heading), encoding="utf-8")


def summary_page(scenario: Scenario, result: Result, heading: Heading | None = None) -> str:
    """Return the summary as HTML that stands alone; whatever was typed is shown as text."""
    from sim.scenario import describe

    head = heading or Heading()
    tables = (
        _table("Targets", "target", QUEUE, result),
        _table("Queues", "queue", QUEUE, result),
        _table("Groups", "group", GROUP, result),
    )
    note = next((r.note for r in result.rows if r.metric == "service_level" and r.note), "")
    return html_page(
        "summary.html",
        title=head.title.strip() or scenario.name,
        head=head,
        notes=result.notes,
        verdict=verdict(result),
        cards=list(_cards(result)),
        bad_days=_bad_days(result),
        pictures=list(_pictures(scenario, result)),
        tables=[*(table for table in tables if table), *_scorecards(result)],
        understood=describe(scenario),
        result=result,
        formula=note.replace("_", " "),
        meaning=catalogue()["service_level"].meaning,
    )


def verdict(result: Result) -> str:
    """Return in one sentence whether the target is met, as far as the replications show."""
    target = common_target(result.model)
    level = result.estimate("service_level")
    if level.value is None:
        return "Nothing was offered, so there is no service level."
    note = next((r.note for r in result.rows if r.metric == "service_level" and r.note), "")
    formula, shown = note.replace("_", " "), show(level.value, "share")
    if target is None:
        span = _span(level.low, level.high, "share")
        return f"Service level of the whole ({formula}) {shown}{span}.{_missing(result)}"
    goal = show(target, "share")
    if level.low is None or level.high is None:
        said = f"Service level ({formula}) {shown} in one replication"
        return f"{said}, target {goal}: one replication proves nothing."
    words = f"Service level ({formula}) {shown}{_span(level.low, level.high, 'share')}"
    said = STATUS_WORDS[target_status(level.low, level.high, target)]
    return f"{words}, target {goal}: {said}.{_missing(result)}"


def _missing(result: Result) -> str:
    """Return the targets, and of several queues those, that the replications show to be missed."""
    model = result.model
    live = [queue for queue in model.queues if not queue.deferred]
    promised = [(f"{TARGET}{t.name}", t.goal.target) for t in model.targets if t.goal is not None]
    promised += [(queue.name, queue.target) for queue in live] if len(live) > 1 else []
    found = []
    for place, target in promised:
        scope = scope_of(place)
        level = result.estimate("service_level", scope.kind, scope.name)
        if target_status(level.low, level.high, target) == MISSED:
            goal = show(target, "share")
            found.append(f"{place_title(place)} {show(level.value, 'share')} (target {goal})")
    return f" Below their own target: {', '.join(found)}." if found else ""


def _cards(result: Result) -> Iterator[dict[str, str]]:
    rows = {r.metric: r for r in result.rows if r.scope == "total" and r.value is not None}
    for metric in [name for name in CARDS if name in rows][:MOST_CARDS]:
        yield {"title": metric_title(metric), **_cell(rows[metric])}


def _bad_days(result: Result) -> dict[str, Any]:
    lines = bad_days(result)
    explained = f"{EXPLAINED[0].upper()}{EXPLAINED[1:]}"
    return {"title": TITLE, "explained": explained, "lines": lines} if lines else {}


def _pictures(scenario: Scenario, result: Result) -> Iterator[dict[str, str]]:
    points = over_the_day(result, "service_level")
    target = common_target(result.model)
    if points:
        words = alt_text_day(points, "Service level of all live queues")
        dashed = "" if target is None else f" Dashed: the target, {show(target, 'share')}."
        yield {
            "title": "Service level over the day",
            "drawing": drawn(level_drawing(points, target, words)),
            "note": f"Line: all runs together. Band: 95 % confidence interval.{dashed}",
        }
    rows = slots_by_formula(scenario)
    if rows:
        from sim.report.staffing_charts import alt_text_balance

        yield {
            "title": "Agents required and on duty",
            "drawing": drawn(staff_drawing(rows, alt_text_balance(rows))),
            "note": "Bars: on duty, net of shrinkage, absence and breaks. Stepped line: "
            "the fewest agents by formula with which each queue reaches its target.",
        }


def _scorecards(result: Result) -> Iterator[dict[str, Any]]:
    """Yield the tables of experience and money, where the scenario has what they need."""
    cards = Scorecards(result)
    if cards.experience:
        text = open_text(cards)
        text = "; ".join(filter(None, (text, cards.calibrated)))
        yield _card(f"Experience ({text})" if text else "Experience", cards.experience)
    for scope in SCOPES:
        if cards.names(scope):
            yield _by_scope(cards, scope)
    if cards.money:
        yield _card("Money", cards.money)
        if cards.poor_service:
            yield _card("Cost of poor service", cards.poor_service)


def _card(title: str, lines: Sequence[ScorecardLine]) -> dict[str, Any]:
    further = {
        "Coefficients": [line.calibration for line in lines],
        "With all coefficients at their ends": [line.extent for line in lines],
    }
    used = {head: texts for head, texts in further.items() if any(texts)}
    rows = []
    for k, line in enumerate(lines):
        others = [{"value": texts[k], "bounds": ""} for texts in used.values()]
        rows.append((line.title, [{"value": line.value, "bounds": line.bounds}, *others]))
    return {"title": title, "of": "Metric", "heads": ["Value", *used], "rows": rows}


def _by_scope(cards: Scorecards, scope: str) -> dict[str, Any]:
    metrics, lines = cards.by_scope(scope)
    cells = [
        [line and {"value": line.value, "bounds": line.bounds} for line in row] for row in lines
    ]
    return {
        "title": f"Experience by {scope} ({cards.star})",
        "of": scope.capitalize(),
        "heads": [short_title(metric) for metric in metrics],
        "rows": list(zip(cards.names(scope), cells, strict=True)),
    }


def _table(title: str, scope: str, metrics: Sequence[str], result: Result) -> dict[str, Any]:
    """Return the metrics of queues or groups, empty when there are none."""
    rows = [r for r in result.rows if r.scope == scope and r.metric in metrics]
    have = [m for m in metrics if any(r.metric == m and r.value is not None for r in rows)]
    cells = {(r.name, r.metric): _cell(r) for r in rows if r.value is not None}
    names = dict.fromkeys(r.name for r in rows)
    if not names or not have:
        return {}
    return {
        "title": title,
        "of": title[:-1],
        "heads": [metric_title(metric) for metric in have],
        "rows": [(name, [cells.get((name, metric)) for metric in have]) for name in names],
    }


def _cell(row: MetricRow) -> dict[str, str]:
    return {"value": show(row.value, row.unit), "bounds": bounds_text(row)}


def _span(low: float | None, high: float | None, unit: str) -> str:
    if low is None or high is None:
        return ""
    return f" ({show(low, unit)} to {show(high, unit)})"
