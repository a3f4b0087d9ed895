"""A staffing as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.fileio import IN_MEMORY, TEXT_ONLY, replaced
from sim.report.staffing_live_sheets import (
    CALCULATION_HEAD,
    GROUP_HEAD,
    GROWTH,
    QUEUE_HEAD,
    LiveSheets,
)
from sim.report.staffing_text import formula_name

if TYPE_CHECKING:
    from sim.planning.staffing_result import Staffing

FUNCTIONS = {"use_future_functions": True}  # GAMMA.DIST is younger than the file format
FORMATS = {
    "share": "0.0%", "number": "#,##0.0", "fine": "#,##0.000", "whole": "#,##0", "text": "@",
}  # fmt: skip
INPUT = "#0000FF"
"""Colour of the cells that are to be changed."""
SERVICE_COLUMNS = (
    ("name", "Queue", "text"),
    ("interval", "Interval", "text"),
    ("volume", "Volume", "number"),
    ("service_level_formula", "By formula", "share"),
    ("service_level_simulated", "Simulated", "share"),
    ("low", "95 % from", "share"),
    ("high", "to", "share"),
)
TARGET_COLUMNS = (
    ("name", "Queue", "text"),
    ("status", "Target status", "text"),
    ("formula", "Service level by", "text"),
    ("target", "Target", "share"),
    ("by_formula", "By formula", "share"),
    ("simulated", "Simulated", "share"),
    ("low", "95 % from", "share"),
    ("high", "to", "share"),
    ("difference", "Simulated less target", "share"),
    ("intervals_missed", "Intervals missed", "whole"),
    ("intervals", "of intervals", "whole"),
    ("worst", "Lowest at", "text"),
    ("worst_level", "Lowest", "share"),
)
EXPLAINED = (
    "Blue cells are inputs: volume and handle time on the sheet By queue, targets on the sheet "
    "Calculation, shrinkage and scheduled agents on the sheet Requirement. The rest follows.",
    "Calculation holds Erlang C, and Erlang A where patience is exponential, as formulas: a "
    f"changed volume moves load, agents, requirement and agents to schedule, up to {GROWTH:g} "
    "times the largest load (beyond it a cell shows #N/A).",
    "Concurrent chats and other patience distributions have no cell formula: their requirement "
    "was solved for the volumes written here, and moves with the load by the square-root rule.",
    "Agents for deferred work, the simulated service levels and the sheet Targets are values: "
    "run ccplan staff again after a change.",
)
"""What of the workbook calculates, for its notes."""


def write_staffing(found: Staffing, path: str | Path) -> None:
    """Write the workbook: requirement with charts, queues, service, notes.

    What a planner changes are inputs and what follows from them are formulas; text is never
    taken for a formula.

    Parameters
    ----------
    found : Staffing
    path : str or Path

    Raises
    ------
    OutputError
        When the folder does not exist.
    """
    import xlsxwriter

    with replaced(path) as target:
        book = xlsxwriter.Workbook(str(target), TEXT_ONLY | FUNCTIONS | IN_MEMORY)
        style = {kind: book.add_format({"num_format": text}) for kind, text in FORMATS.items()}
        for name, kind in (("input", "number"), ("input share", "share")):
            style[name] = book.add_format({"num_format": FORMATS[kind], "font_color": INPUT})
        style["head"] = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        _targets(book, style, found)
        sheets = {name: book.add_worksheet(name) for name in ("Requirement", "By queue")}
        service = [*found.of("queue", whole=True), *found.of("queue")]
        _plain(book, style, "Service", SERVICE_COLUMNS, service)
        sheets["Calculation"] = book.add_worksheet("Calculation")
        _live(book, style, sheets, found)
        _notes(book, style, found)
        book.close()


def _targets(book: Any, style: dict[str, Any], found: Staffing) -> None:
    """Write what the simulation says of the targets: sentences, then numbers."""
    sheet = book.add_worksheet("Targets")
    for r, text in enumerate(found.verdict()):
        sheet.write_string(r, 0, text, style["text"])
    top = len(found.verdict()) + 1
    for k, (_, label, _) in enumerate(TARGET_COLUMNS):
        sheet.write_string(top, k, label, style["head"])
        sheet.set_column(k, k, 18 if k < 2 else 12)
    for r, check in enumerate(found.targets, start=top + 1):
        row = check.record() | {"name": check.title}
        for k, (key, _, kind) in enumerate(TARGET_COLUMNS):
            if kind == "text":
                sheet.write_string(r, k, str(row[key] or ""), style["text"])
            else:
                _number(sheet, r, k, row[key], style[kind])


def _live(book: Any, style: dict[str, Any], sheets: dict[str, Any], found: Staffing) -> None:
    """Write the sheets that calculate, and the charts of each group."""
    heads = {"Requirement": GROUP_HEAD, "By queue": QUEUE_HEAD, "Calculation": CALCULATION_HEAD}
    for name, head in heads.items():
        _head(sheets[name], style, head)
    live = LiveSheets(sheets, style, found)
    live.write()
    sheet, first = sheets["Requirement"], 1
    ordered = sorted(found.of("group"), key=lambda row: str(row["name"]))
    live.group_place = {(row["name"], row["interval"]): r for r, row in enumerate(ordered, start=2)}
    for place, (name, loss) in enumerate(sorted(found.groups.items())):
        rows = [row for row in found.of("group") if row["name"] == name]
        for r, row in enumerate(rows, start=first):
            live.group_row(r + 1, row, loss["lost"])
        if rows:
            _charts(book, sheet, name, first, first + len(rows) - 1, place)
        first += len(rows)
    sheet.autofilter(0, 0, max(first - 1, 1), len(GROUP_HEAD) - 1)
    sheets["By queue"].autofilter(0, 0, max(len(live.place), 1), len(QUEUE_HEAD) - 1)


def _charts(book: Any, sheet: Any, name: str, first: int, last: int, place: int) -> None:
    """Draw what is to be scheduled and what is, and over- and understaffing."""
    line = book.add_chart({"type": "line"})
    categories = ["Requirement", first, 1, last, 1]
    for column, title in ((10, "To schedule"), (11, "Scheduled now")):
        values = ["Requirement", first, column, last, column]
        line.add_series({"name": title, "categories": categories, "values": values})
    line.set_title({"name": f"{name}: to schedule and scheduled", "overlay": False})
    line.set_y_axis({"name": "agents"})
    bars = book.add_chart({"type": "column"})
    bars.add_series(
        {
            "name": "Over- and understaffing",
            "categories": categories,
            "values": ["Requirement", first, 13, last, 13],
            "fill": {"color": "#2C7A4B"},
            "invert_if_negative": True,
            "invert_if_negative_color": "#C0392B",
        }
    )
    bars.set_title({"name": f"{name}: over- and understaffing, agents"})
    bars.set_legend({"none": True})
    for chart, shift in ((line, 0), (bars, 16)):
        chart.set_x_axis({"label_position": "low"})
        sheet.insert_chart(1 + 33 * place + shift, len(GROUP_HEAD) + 1, chart)


def _plain(
    book: Any,
    style: dict[str, Any],
    title: str,
    columns: tuple[tuple[str, str, str], ...],
    rows: list[dict[str, Any]],
) -> None:
    sheet = book.add_worksheet(title)
    _head(sheet, style, [label for _, label, _ in columns])
    for r, row in enumerate(rows, start=1):
        for k, (key, _, kind) in enumerate(columns):
            if kind == "text":
                sheet.write_string(r, k, str(row[key] or "whole horizon"), style["text"])
            else:
                _number(sheet, r, k, row[key], style[kind])
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)


def _notes(book: Any, style: dict[str, Any], found: Staffing) -> None:
    from sim import __version__

    sheet = book.add_worksheet("Notes")
    lines = [
        f"Scenario: {found.name}",
        f"Staffing formula: {formula_name(found.by)}",
        f"Simulated: {found.runs} replications, seed {found.seed}"
        if found.runs
        else "Not simulated",
        f"Version: {__version__}",
        *EXPLAINED,
        *found.notes,
    ]
    for r, text in enumerate(lines):
        sheet.write_string(r, 0, text, style["text"])
    sheet.set_column(0, 0, 110)


def _head(sheet: Any, style: dict[str, Any], labels: tuple[str, ...] | list[str]) -> None:
    for k, label in enumerate(labels):
        sheet.write_string(0, k, label, style["head"])
        sheet.set_column(k, k, 18 if k < 2 else 12)
    sheet.freeze_panes(1, 2)


def _number(sheet: Any, row: int, column: int, value: Any, form: Any) -> None:
    if value is not None:
        sheet.write_number(row, column, float(value), form)
