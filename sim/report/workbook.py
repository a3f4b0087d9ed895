"""Results as a workbook for a spreadsheet program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.fileio import IN_MEMORY, TEXT_ONLY, OutputError, replaced
from sim.metrics import RatioMetric, catalogue
from sim.metrics.metric_titles import metric_title, variant_title
from sim.metrics.scopes import common_threshold_text, threshold_text
from sim.report.scorecards import EXPERIENCE, MONEY, POOR_SERVICE, SCOPES, Scorecards

if TYPE_CHECKING:
    from sim.experiment import Comparison, Result
    from sim.metrics import MetricRow
    from sim.report.scorecards import ScorecardLine

INTERVAL_METRICS = (
    "offered",
    "answered",
    "abandoned",
    "service_level",
    "asa_s",
    "abandonment",
    "aht_s",
    "load_erlangs",
    "backlog",
    "staff",
    "occupancy",
)
METRIC_HEAD = ("name", "metric", "value", "low", "high", "unit", "note", "name in files")
SCORECARD_HEAD = (
    "scope", "name", "metric", "value", "low", "high", "unit", "coefficients",
    "coefficients at one end: from", "to", "name in files",
)  # fmt: skip
DEFINITION_HEAD = ("name in files", "unit", "formula", "meaning", "metric")
FORMATS = {"share": "0.0%", "s": "#,##0.0", "h": "#,##0.00"}
COUNT_FORMAT = "#,##0.##"
SIGNED = {
    "fill": {"color": "#00815F"},
    "invert_if_negative": True,
    "invert_if_negative_color": "#D55E00",
}
"""How columns are drawn that go above and below zero."""


MOST_ROWS = 1_048_575
"""Rows that a sheet can have below its head."""


class Book:
    """A workbook that takes text as text: nothing a user typed becomes a formula or a link."""

    def __init__(self, path: Path) -> None:
        import xlsxwriter

        self._book = xlsxwriter.Workbook(str(path), TEXT_ONLY | IN_MEMORY)
        # The moment of writing would make files of the same metrics differ.
        self._book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
        self._head = self._book.add_format({"bold": True, "bottom": 1})
        self._formats: dict[str, Any] = {}
        self._sheets: dict[str, tuple[Any, Sequence[str]]] = {}

    def close(self) -> None:
        """Write the file."""
        self._book.close()

    def sheet(
        self,
        title: str,
        head: Sequence[str],
        rows: Iterable[Sequence[object]],
        units: Iterable[Sequence[str]] | None = None,
    ) -> None:
        """Add a sheet with a frozen, filterable head.

        Parameters
        ----------
        title : str
        head : sequence of str
        rows : iterable of sequences
            None and what is not finite is left empty.
        units : iterable of sequences of str, optional
            Unit of each cell, which decides how a number is shown.
        """
        sheet = self._book.add_worksheet(title)
        self._sheets[title] = (sheet, head)
        widths = [len(name) for name in head]
        for k, name in enumerate(head):
            sheet.write_string(0, k, name, self._head)
        listed = list(rows)
        if len(listed) > MOST_ROWS:
            raise OutputError(
                f"sheet {title!r}: {len(listed):,} rows; allowed: at most {MOST_ROWS:,}. Write CSV "
                "or JSON, or choose longer intervals"
            )
        shown = list(units) if units is not None else [[""] * len(head)] * len(listed)
        for r, (row, kinds) in enumerate(zip(listed, shown, strict=True), start=1):
            for k, (value, unit) in enumerate(zip(row, kinds, strict=True)):
                self._cell(sheet, r, k, value, unit)
                widths[k] = max(widths[k], min(len(str(value)), 60) if not _number(value) else 10)
        for k, width in enumerate(widths):
            sheet.set_column(k, k, width + 2)
        sheet.freeze_panes(1, 0)
        if listed:
            sheet.autofilter(0, 0, len(listed), len(head) - 1)

    def draw(
        self,
        title: str,
        kind: str,
        columns: Sequence[int],
        count: int,
        heading: str,
        unit: str,
        place: int = 1,
    ) -> None:
        """Draw columns of a sheet against its first column, beside its rows.

        Parameters
        ----------
        title : str
            Of a sheet that is there.
        kind : {"line", "column"}
        columns : sequence of int
            Counted from 0.
        count : int
            Rows below the head.
        heading : str
            Says what the chart shows.
        unit : str
            Of the values; decides how the axis is written.
        place : int
            Row at which the chart stands.
        """
        sheet, head = self._sheets[title]
        chart = self._book.add_chart({"type": kind})
        for k in columns:
            chart.add_series(
                {
                    "name": head[k],
                    "categories": [title, 1, 0, count, 0],
                    "values": [title, 1, k, count, k],
                    **(SIGNED if kind == "column" else {}),
                }
            )
        chart.set_title({"name": heading})
        chart.set_x_axis({"name": head[0], "label_position": "low"})
        chart.set_y_axis({"name": unit, "num_format": "0%" if unit == "share" else "#,##0"})
        chart.set_size({"width": 720, "height": 320})
        if len(columns) == 1:
            chart.set_legend({"none": True})
        sheet.insert_chart(place, len(head) + 1, chart, {"description": heading})

    def _cell(self, sheet: Any, row: int, column: int, value: object, unit: str) -> None:
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif _number(value):
            sheet.write_number(row, column, float(value), self._format(unit))  # type: ignore[arg-type]
        elif value is not None and not isinstance(value, float):
            sheet.write_string(row, column, str(value))

    def _format(self, unit: str) -> Any:
        text = FORMATS.get(unit, COUNT_FORMAT)
        if text not in self._formats:
            self._formats[text] = self._book.add_format({"num_format": text})
        return self._formats[text]


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and isfinite(value)


@contextmanager
def book(path: str | Path) -> Iterator[Book]:
    """Open a workbook that appears under its name when all of it is written."""
    with replaced(path) as temporary:
        opened = Book(temporary)
        yield opened
        opened.close()


def write_result(path: str | Path, result: Result) -> None:
    """Write a result: sheets Summary, By queue, By group, By interval, Inputs, Definitions.

    With a satisfaction model there is a sheet Experience, with costs beyond pay a sheet Money.

    Parameters
    ----------
    path : str or Path
    result : Result

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    with book(path) as out:
        write_sheets(out, result)


def write_sheets(out: Book, result: Result) -> None:
    """Add the sheets of a result to a workbook."""
    _metrics(out, "Summary", result.rows, ("total", "channel"))
    if result.model.targets:
        _metrics(out, "By target", result.rows, ("target",))
    _metrics(out, "By queue", result.rows, ("queue", "issue"))
    _metrics(out, "By group", result.rows, ("group",))
    _scorecard_sheets(out, result)
    _intervals(out, result)
    out.sheet("Inputs", ("what", "value"), _inputs(result))
    out.sheet("Definitions", DEFINITION_HEAD, definitions())


def _metrics(out: Book, title: str, rows: Sequence[MetricRow], scopes: Sequence[str]) -> None:
    kept = [row for row in rows if row.scope in scopes]
    cells = [
        (r.name, metric_title(r.metric), r.value, r.low, r.high, r.unit,
         variant_title(r.note), r.metric)
        for r in kept
    ]  # fmt: skip
    units = [("", "", row.unit, row.unit, row.unit, "", "", "") for row in kept]
    out.sheet(title, METRIC_HEAD, cells, units)


def _scorecard_sheets(out: Book, result: Result) -> None:
    """Add experience and money, each metric with what its coefficients rest on."""
    cards = Scorecards(result)
    scopes = ("total", *SCOPES)
    experience = [(*EXPERIENCE, *POOR_SERVICE), [s for s in scopes if cards.experience]]
    money = [(*MONEY, *POOR_SERVICE), ["total"] if cards.money else []]
    for title, (metrics, kinds) in (("Experience", experience), ("Money", money)):
        lines = [
            line
            for scope in kinds
            for name in (["total"] if scope == "total" else cards.names(scope))
            for line in cards.lines(metrics, scope, name)
        ]
        if lines:
            _scorecard_sheet(out, title, lines)


def _scorecard_sheet(out: Book, title: str, lines: Sequence[ScorecardLine]) -> None:
    rows, units = [], []
    for line in lines:
        row, unit = line.row, line.row.unit
        rows.append(
            (row.scope, row.name, line.title, row.value, row.low, row.high, unit,
             line.calibration, line.low_end, line.high_end, row.metric)
        )  # fmt: skip
        units.append(("", "", "", unit, unit, unit, "", "", unit, unit, ""))
    out.sheet(title, SCORECARD_HEAD, rows, units)


def _intervals(out: Book, result: Result) -> None:
    """One line for each target, queue or group and interval, one column for each metric."""
    lines: dict[tuple[str, str, str], dict[str, float | None]] = {}
    for row in result.by_interval(*INTERVAL_METRICS):
        if row.scope in ("target", "queue", "group"):
            key = (row.scope, row.name, row.interval or "")
            lines.setdefault(key, {})[row.metric] = row.value
    head = ("scope", "name", "interval", *map(metric_title, INTERVAL_METRICS))
    unit = {name: catalogue()[name].unit for name in INTERVAL_METRICS}
    cells = [(*key, *(line.get(m) for m in INTERVAL_METRICS)) for key, line in lines.items()]
    kinds = ["", "", "", *(unit[m] for m in INTERVAL_METRICS)]
    out.sheet("By interval", head, cells, [kinds] * len(cells))


def _inputs(result: Result) -> Iterator[tuple[str, object]]:
    from sim import __version__

    yield "scenario", result.name
    yield "fingerprint", result.model.fingerprint
    yield "seed", result.seed
    yield "runs", result.runs
    yield "engine", result.engine
    yield "version", __version__
    for queue in result.model.queues:
        what = "on time" if queue.deferred else "service level"
        yield f"{what} of {queue.name}", variant_title(threshold_text(queue))
    if result.model.goal is not None:
        words = variant_title(common_threshold_text(result.model.goal))
        yield "service level of the whole and of channels", words
    for target in result.model.targets:
        if target.goal is not None:
            what = f"service level of target {target.name}"
            yield what, variant_title(common_threshold_text(target.goal))
    for text in result.notes:
        yield "note", text


def definitions() -> Iterator[tuple[str, str, str, str, str]]:
    """Yield name, unit, formula, meaning and title of every metric."""
    for name, metric in catalogue().items():
        yield name, metric.unit, formula(name), metric.meaning, metric_title(name)


def formula(name: str) -> str:
    """Return the formula of a metric as text."""
    measure = catalogue()[name]
    if not isinstance(measure, RatioMetric):
        return measure.how
    return (
        f"({measure.top}) / ({measure.bottom})"
        if measure.bottom
        else f"{measure.top} per replication"
    )


def compared(comparison: Comparison) -> Iterator[tuple[str, str, object]]:
    """Yield what is behind each scenario, the base first."""
    for label, result in zip(comparison.labels, comparison.results, strict=True):
        for what, value in _inputs(result):
            yield label, what, value
