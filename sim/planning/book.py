"""A staffing as a workbook."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.planning.text import formula_name
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.planning.staffing import Staffing

TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FORMATS = {
    "share": "0.0%", "number": "#,##0.0", "whole": "#,##0", "text": "@",
}  # fmt: skip
QUEUE_COLUMNS = (
    ("name", "Queue", "text"),
    ("channel", "Channel", "text"),
    ("interval", "Interval", "text"),
    ("volume", "Volume", "number"),
    ("aht_s", "AHT (s)", "number"),
    ("load_erlangs", "Load (erlangs)", "live"),
    ("agents_erlang_c", "Erlang C", "number"),
    ("agents_erlang_a", "Erlang A", "number"),
    ("fractional", "Agents before rounding", "number"),
    ("work_h", "Work that comes (h)", "number"),
    ("work_done_h", "Work done (h)", "number"),
)
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
    ("status", "Target is", "text"),
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
GROUP_HEAD = (
    "Group", "Interval", "Volume", "AHT (s)", "Load (erlangs)", "Erlang C", "Erlang A",
    "Agents before rounding", "Required", "Shrinkage and absence", "To schedule",
    "Scheduled now", "On duty now", "Over (+) or under (-)",
)  # fmt: skip


@contextmanager
def replaced(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside a file; on success it takes the file's place.

    Raises
    ------
    BadInputError
        When the folder does not exist or the path is a folder.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise BadInputError(f"{target}: there is no folder {target.parent}")
    if target.is_dir():
        raise BadInputError(f"{target}: is a folder, a file name is needed")
    handle, name = tempfile.mkstemp(
        dir=target.parent, prefix=f".{target.stem}-", suffix=target.suffix
    )
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def write(found: Staffing, path: str | Path) -> None:
    """Write the workbook: requirement with charts, queues, service, notes.

    What a planner changes are inputs and what follows from them are formulas; text is never
    taken for a formula.

    Parameters
    ----------
    found : Staffing
    path : str or Path

    Raises
    ------
    BadInputError
        When the folder does not exist.
    """
    import xlsxwriter

    with replaced(path) as target:
        book = xlsxwriter.Workbook(str(target), TEXT_ONLY)
        style = {kind: book.add_format({"num_format": text}) for kind, text in FORMATS.items()}
        style["head"] = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        _targets(book, style, found)
        _requirement(book, style, found)
        _plain(book, style, "By queue", QUEUE_COLUMNS, found.of("queue"), found.interval_s)
        service = [*found.of("queue", whole=True), *found.of("queue")]
        _plain(book, style, "Service", SERVICE_COLUMNS, service, found.interval_s)
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
        row = check.record() | {"name": "center" if check.scope == "total" else check.name}
        for k, (key, _, kind) in enumerate(TARGET_COLUMNS):
            if kind == "text":
                sheet.write_string(r, k, str(row[key] or ""), style["text"])
            else:
                _number(sheet, r, k, row[key], style[kind])


def _requirement(book: Any, style: dict[str, Any], found: Staffing) -> None:
    sheet = book.add_worksheet("Requirement")
    _head(sheet, style, GROUP_HEAD)
    first = 1
    for place, (name, loss) in enumerate(sorted(found.groups.items())):
        rows = [row for row in found.of("group") if row["name"] == name]
        for r, row in enumerate(rows, start=first):
            _group_row(sheet, style, r, row, loss["lost"], found.interval_s)
        if rows:
            _charts(book, sheet, name, first, first + len(rows) - 1, place)
        first += len(rows)
    sheet.autofilter(0, 0, max(first - 1, 1), len(GROUP_HEAD) - 1)


def _group_row(
    sheet: Any, style: dict[str, Any], r: int, row: dict[str, Any], lost: float, interval_s: float
) -> None:
    """Write one interval of one group; columns as in ``GROUP_HEAD``."""
    n = r + 1  # as a spreadsheet counts
    sheet.write_string(r, 0, str(row["name"]), style["text"])
    sheet.write_string(r, 1, str(row["interval"]), style["text"])
    keys = ("volume", "aht_s", "agents_erlang_c", "agents_erlang_a", "fractional")
    for k, key in zip((2, 3, 5, 6, 7), keys, strict=True):
        _number(sheet, r, k, row[key], style["number"])
    load = f"=C{n}*D{n}/{interval_s:g}"
    sheet.write_formula(r, 4, load, style["number"], row["load_erlangs"])
    needed = f"=ROUNDUP(ROUND(H{n}-0.000001,9),0)"
    sheet.write_formula(r, 8, needed, style["whole"], row["required"])
    _number(sheet, r, 9, lost, style["share"])
    # Rounded first, so that 14 / 0.7 stays 20.
    people = f"=ROUNDUP(ROUND(I{n}/(1-J{n}),9),0)"
    sheet.write_formula(r, 10, people, style["whole"], row["scheduled"])
    _number(sheet, r, 11, row["now_scheduled"], style["number"])
    _number(sheet, r, 12, row["now_net"], style["number"])
    if row["now_net"] is not None:
        sheet.write_formula(r, 13, f"=M{n}-I{n}", style["number"], row["net_staffing"])


def _charts(book: Any, sheet: Any, name: str, first: int, last: int, place: int) -> None:
    """Draw what is to be scheduled and what is, and what is over or under."""
    line = book.add_chart({"type": "line"})
    categories = ["Requirement", first, 1, last, 1]
    for column, title in ((10, "To schedule"), (11, "Scheduled now")):
        values = ["Requirement", first, column, last, column]
        line.add_series({"name": title, "categories": categories, "values": values})
    line.set_title({"name": f"{name}: to schedule and scheduled", "overlay": False})
    line.set_y_axis({"name": "people"})
    bars = book.add_chart({"type": "column"})
    bars.add_series(
        {
            "name": "Over or under",
            "categories": categories,
            "values": ["Requirement", first, 13, last, 13],
            "fill": {"color": "#2C7A4B"},
            "invert_if_negative": True,
            "invert_if_negative_color": "#C0392B",
        }
    )
    bars.set_title({"name": f"{name}: agents over or under the requirement"})
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
    interval_s: float,
) -> None:
    sheet = book.add_worksheet(title)
    _head(sheet, style, [label for _, label, _ in columns])
    for r, row in enumerate(rows, start=1):
        for k, (key, _, kind) in enumerate(columns):
            if kind == "text":
                sheet.write_string(r, k, str(row[key] or "whole horizon"), style["text"])
            elif kind == "live":
                sheet.write_formula(
                    r, k, f"=D{r + 1}*E{r + 1}/{interval_s:g}", style["number"], row[key]
                )
            else:
                _number(sheet, r, k, row[key], style[kind])
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)


def _notes(book: Any, style: dict[str, Any], found: Staffing) -> None:
    from sim import __version__

    sheet = book.add_worksheet("Notes")
    lines = [
        f"Scenario: {found.name}",
        f"Formula that counts: {formula_name(found.by)}",
        f"Simulated: {found.runs} runs, seed {found.seed}" if found.runs else "Not simulated",
        f"Version: {__version__}",
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
