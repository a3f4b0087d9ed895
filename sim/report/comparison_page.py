"""A comparison on one page, as HTML that stands alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING

from sim.report.comparison_book import CHARTED, About
from sim.report.comparison_matrix import Cell, Line, comparison_matrix
from sim.report.quantity import show, show_difference
from sim.report.summary import POLICY, STYLE

if TYPE_CHECKING:
    from sim.experiment import Comparison

MARKS = """
td.better { background: #cfe8df; } td.worse { background: #f7d9c4; }
td.changed { background: #e6eaed; }
"""


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
    body = "\n".join(
        [
            f"<h1>{escape(head)}</h1>",
            *([f"<p>{escape(note.strip())}</p>"] if note.strip() else []),
            *(f'<p class="verdict">{escape(_sentence(lines, other))}</p>' for other in others),
            *_matrix(lines, base),
            *_changes(comparison, about or {}),
            *_foot(comparison),
        ]
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(head)}</title>\n<style>{STYLE}{MARKS}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
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


def _matrix(lines: list[Line], base: str) -> Iterator[str]:
    names = list(lines[0].cells) if lines else []
    heads = "".join(
        f'<th scope="col">{escape(name)}{" (base)" if name == base else ""}</th>' for name in names
    )
    yield "<h2>Figures and differences</h2>"
    yield f'<div class="wide"><table><thead><tr><th scope="col">Metric</th>{heads}</tr></thead>'
    yield "<tbody>"
    for line in lines:
        cells = "".join(_cell(line.cells[name]) for name in names)
        yield f"<tr><td>{escape(line.title)}</td>{cells}</tr>"
    yield "</tbody></table></div>"


def _cell(cell: Cell) -> str:
    shown = escape(show(cell.value, cell.unit))
    if cell.difference is None:
        return f"<td>{shown}</td>"
    star = " *" if cell.judgement else ""
    gap = f"{show_difference(cell.difference, cell.unit)}{star}"
    if cell.low is not None and cell.high is not None:
        low, high = (show_difference(bound, cell.unit) for bound in (cell.low, cell.high))
        gap += f" ({low} to {high})"
    kind = f' class="{cell.judgement}"' if cell.judgement else ""
    return f"<td{kind}>{shown}<small>{escape(gap)}</small></td>"


def _changes(comparison: Comparison, about: Mapping[str, About]) -> Iterator[str]:
    yield "<h2>What was compared</h2><ul>"
    for name in comparison.labels:
        one = about.get(name, About())
        words = "; ".join(one.changes) or "as its file says"
        note = f" {one.note}" if one.note else ""
        yield f"<li><strong>{escape(name)}</strong>: {escape(words)}.{escape(note)}</li>"
    yield "</ul>"
    for text in comparison.all_notes:
        yield f"<p><strong>Note:</strong> {escape(text)}.</p>"


def _foot(comparison: Comparison) -> Iterator[str]:
    from sim import __version__

    base = comparison.base
    formula = next((r.note for r in base.rows if r.metric == "service_level" and r.note), "")
    level = f" Service level: {formula.replace('_', ' ')}." if formula else ""
    yield (
        f'<p class="note">All scenarios used the same {base.runs:,} simulated runs, so each '
        "difference is of pairs of runs; below each figure the difference from the base with its "
        "95 % confidence interval. *: significant, the interval does not hold zero. No "
        f"significant difference does not prove that there is none.{escape(level)}</p>"
    )
    yield (
        f'<p class="note">ccplan {escape(__version__)}, seed {base.seed}, engine '
        f"{escape(base.engine)}.</p>"
    )
