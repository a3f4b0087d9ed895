"""A sweep as a page that stands alone: tables and drawings, without network or script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from sim.fileio import replaced
from sim.report.sweep_cost_drawing import cost_drawing
from sim.report.sweep_drawing import bar_drawing, heat_drawings, move_drawing
from sim.report.sweep_picture import name_of, shown
from sim.report.sweep_text import head, move_rows, share_rows, title

if TYPE_CHECKING:
    from sim.experiment.sweep import Swept

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
       color: #1a1a1a; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; }
th, td { padding: .2rem .6rem; border-bottom: 1px solid #ddd; text-align: right;
         white-space: nowrap; }
th { border-bottom: 2px solid #666; } .word { text-align: left; }
.wide { overflow-x: auto; } svg { max-width: 100%; height: auto; }
.note { color: #555; }
@media print { body { margin: 0; max-width: none; font-size: 11px; } .wide { overflow: visible; }
               tr, svg { break-inside: avoid; } thead { display: table-header-group; } }
"""


WHISKERS = {
    True: "Whiskers are 95 % intervals.",
    False: "Each bar is the mean over some cells; whiskers are 95 % intervals over what the other "
    "factors do meanwhile.",
}


def write_page(path: str | Path, swept: Swept) -> None:
    """Write a sweep as one HTML file.

    Parameters
    ----------
    path : str or Path
    swept : Swept

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    with replaced(path) as temporary:
        temporary.write_text(page(swept), encoding="utf-8")


def page(swept: Swept) -> str:
    """Return a sweep as HTML."""
    from sim import __version__

    first, second = head(swept).split("\n")
    scenario = swept.common.study.scenario
    third = f"ccplan {__version__}; fingerprint of the scenario {scenario.fingerprint[:16]}"
    parts = [
        f"<h1>{escape(swept.name)}</h1>",
        f'<p class="note">{escape(first)}<br>{escape(second)}<br>{escape(third)}</p>',
        *_drawings(swept),
        *_costs(swept),
        *_effects(swept),
        *_cells(swept),
    ]
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(swept.name)}</title>\n"
        f"<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _drawings(swept: Swept) -> list[str]:
    if len(swept.grid) < 2:
        return []
    plain = swept.common.study.design is None
    if plain and len(swept.plan.axes) > 1:
        drawn = heat_drawings(swept)
    else:
        drawn = [bar_drawing(swept, axis) for axis in swept.plan.axes]
        drawn.append(f'<p class="note">{WHISKERS[plain]}</p>')
    return [f"<h2>{escape(name_of(swept).capitalize())} over the axes</h2>", *drawn]


def _costs(swept: Swept) -> list[str]:
    drawn = cost_drawing(swept)
    if not drawn:
        return []
    note = "Dark: no other cell gives more for the same money, or less, by its mean. Cost is the "
    return [
        f"<h2>Cost against {escape(name_of(swept))}</h2>",
        drawn,
        f'<p class="note">{note}pay of agents, at the wages of the scenario.</p>',
    ]


def _effects(swept: Swept) -> list[str]:
    from sim.experiment.sweep.effects import moves, shares

    parts, alone, of_variance = [], moves(swept), shares(swept)
    if alone:
        parts += [f"<h2>What moves {escape(name_of(swept))}</h2>", move_drawing(alone)]
        parts.append(table(move_rows(alone), words=1))
    if of_variance:
        parts += ["<h2>Which factor is behind the variance (Sobol indices)</h2>"]
        parts.append(table(share_rows(of_variance), words=1))
        parts.append('<p class="note">Each with its 95 % interval, by resampling.</p>')
    return parts


def _cells(swept: Swept) -> list[str]:
    if not swept.grid:
        return []
    keys, axes = swept.shown(), swept.plan.axes
    rows = [[*axes, *(title(key) for key in keys)]]
    for cell in swept.grid:
        figures = [shown(swept.figure(cell.number, *key)) for key in keys]
        rows.append([*(cell.place.get(axis, "") for axis in axes), *figures])
    return [
        "<h2>Every cell</h2>",
        table(rows, words=len(axes)),
        '<p class="note">± is half the 95 % interval. Every figure of every cell stands in '
        "figures.parquet beside this page.</p>",
    ]


def table(rows: Sequence[Sequence[str]], words: int) -> str:
    """Return a table; the first columns hold words, the others numbers."""
    lines = []
    word = ' class="word"'
    for k, row in enumerate(rows):
        tag = "td" if k else "th"
        cells = "".join(
            f"<{tag}{word if c < words else ''}>{escape(text)}</{tag}>"
            for c, text in enumerate(row)
        )
        lines.append(f"<tr>{cells}</tr>")
    return (
        f'<div class="wide"><table><thead>{lines[0]}</thead>\n<tbody>'
        + "\n".join(lines[1:])
        + "</tbody></table></div>"
    )
