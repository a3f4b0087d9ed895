"""A comparison on one page, as HTML that stands alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.report.comparison_book import CHARTED, About
from sim.report.comparison_matrix import Cell, Line, comparison_matrix
from sim.report.html_page import html_page
from sim.report.quantity import show, show_difference

if TYPE_CHECKING:
    from sim.experiment import Comparison


def comparison_page(
    comparison: Comparison,
    about: Mapping[str, About] | None = None,
    title: str = "",
    note: str = "",
) -> str:
    """Return the page; whatever was typed is shown as text.

    Parameters
    ----------
    comparison : Comparison
    about : mapping of str to About, optional
        By label.
    title : str
        Names the scenarios unless given.
    note : str
        What the reader should know first.
    """
    base, *others = comparison.labels
    head = title.strip() or f"{base} against {', '.join(others)}"
    lines = comparison_matrix(comparison)
    names = list(lines[0].cells) if lines else []
    notes = (r.note for r in comparison.base.rows if r.metric == "service_level" and r.note)
    return html_page(
        "comparison.html",
        title=head,
        note=note.strip(),
        sentences=[_sentence(lines, other) for other in others],
        names=names,
        rows=[(line.title, [_cell(line.cells[name]) for name in names]) for line in lines],
        compared=[_compared(name, (about or {}).get(name, About())) for name in comparison.labels],
        notes=comparison.all_notes,
        base=comparison.base,
        formula=next(notes, "").replace("_", " "),
    )


def _sentence(lines: list[Line], other: str) -> str:
    """Return what differs in the figures of the whole that people look at first."""
    found = [
        f"{line.title} {show_difference(cell.difference, cell.unit)} ({cell.judgement})"
        for line in lines
        if line.scope == "total" and line.metric in CHARTED
        if (cell := line.cells[other]).judgement
    ]
    if not found:
        return f"{other}: no significant difference in the main figures."
    return f"{other}: {', '.join(found)}."


def _cell(cell: Cell) -> dict[str, str]:
    shown = show(cell.value, cell.unit)
    if cell.difference is None:
        return {"value": shown, "gap": "", "kind": ""}
    star = " *" if cell.judgement else ""
    gap = f"{show_difference(cell.difference, cell.unit)}{star}"
    if cell.low is not None and cell.high is not None:
        low, high = (show_difference(bound, cell.unit) for bound in (cell.low, cell.high))
        gap += f" ({low} to {high})"
    return {"value": shown, "gap": gap, "kind": cell.judgement or ""}


def _compared(name: str, one: About) -> dict[str, str]:
    words = "; ".join(one.changes) or "as its file says"
    return {"name": name, "changes": words, "note": one.note or ""}
