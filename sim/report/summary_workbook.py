"""A result as a workbook with inputs, metrics and charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.metrics.metric_titles import label
from sim.report.formatting import show
from sim.report.result_views import common_target, over_the_day
from sim.report.staffing_view import slots_by_formula
from sim.report.summary_html import Heading, verdict
from sim.report.workbook import Book, book, write_sheets

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.report.result_views import IntervalValue
    from sim.report.staffing_view import StaffingInterval
    from sim.scenario import Scenario

LEVELS = ("Interval", "Service level", "95 % from", "to", "Target", "Offered")
STAFF = (
    "Interval", "Required", "On duty", "Overstaffed", "Understaffed", "To schedule", "Scheduled",
)  # fmt: skip


def write_summary_book(
    path: str | Path, scenario: Scenario, result: Result, heading: Heading | None = None
) -> None:
    """Write a result with its inputs in plain words, its metrics, and charts of the day.

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
    points, rows = over_the_day(result, "service_level"), slots_by_formula(scenario)
    with book(path) as out:
        out.sheet("Report", ("Topic", "Text"), _report_rows(scenario, result, heading or Heading()))
        if points:
            _levels(out, points, common_target(result.model))
        if rows:
            _staff(out, rows)
        write_sheets(out, result)


def _report_rows(scenario: Scenario, result: Result, head: Heading) -> Iterator[tuple[str, str]]:
    from sim.scenario import describe

    yield "report", head.title.strip() or scenario.name
    yield "verdict", verdict(result)
    extra = (("question", head.question), ("note", head.note), ("changed", "; ".join(head.changes)))
    yield from ((name, text) for name, text in extra if text.strip())
    for row in result.rows:
        if row.scope == "total" and row.metric in ("service_level", "abandonment", "occupancy"):
            yield label(row.metric), show(row.value, row.unit)
    for line in describe(scenario):
        yield "what was simulated", line


def _levels(out: Book, points: Sequence[IntervalValue], target: float | None) -> None:
    cells = [(p.interval, p.value, p.low, p.high, target, p.offered) for p in points]
    kinds = ["", *["share"] * 4, "contacts"]
    out.sheet("Service level", LEVELS, cells, [kinds] * len(cells))
    series = (1, 2, 3) if target is None else (1, 2, 3, 4)
    out.draw("Service level", "line", series, len(cells), "Service level over the day", "share")


def _staff(out: Book, rows: Sequence[StaffingInterval]) -> None:
    cells = [
        (
            row.interval,
            row.required,
            row.on_duty,
            row.over,
            -row.under,
            row.to_schedule,
            row.scheduled,
        )  # fmt: skip
        for row in rows
    ]
    out.sheet("Staffing", STAFF, cells)
    title = "Agents required and on duty"
    out.draw("Staffing", "line", (1, 2), len(cells), title, "agents")
    title = "Agents over (+) and under (-) the requirement"
    out.draw("Staffing", "column", (3, 4), len(cells), title, "agents", place=18)
