"""A comparison on one page, as HTML that stands alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.report.comparison_workbook import About
from sim.report.html_page import html_page
from sim.report.metrics_by_scenario import (
    ComparedValue,
    alt_text_matrix,
    comparison_matrix,
    main_lines,
)

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
    main = main_lines(lines)
    names = list(lines[0].cells) if lines else []
    notes = (r.note for r in comparison.base.rows if r.metric == "service_level" and r.note)
    return html_page(
        "comparison.html",
        title=head,
        note=note.strip(),
        sentences=[alt_text_matrix(main, other, "in the main metrics") for other in others],
        names=names,
        rows=[(line.title, [_cell(line.cells[name]) for name in names]) for line in lines],
        compared=[_compared(name, (about or {}).get(name, About())) for name in comparison.labels],
        notes=comparison.all_notes,
        base=comparison.base,
        formula=next(notes, "").replace("_", " "),
    )


def _cell(cell: ComparedValue) -> dict[str, str]:
    gap = f"{cell.gap} ({cell.span})" if cell.span else cell.gap
    return {"value": cell.shown, "gap": gap, "kind": cell.judgement}


def _compared(name: str, one: About) -> dict[str, str]:
    words = "; ".join(one.changes) or "none"
    return {"name": name, "changes": words, "note": one.note or ""}
