"""A sweep as text: a table of its cells, a picture over its axes, what moves the headline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.metrics.metric_titles import label, variant_title
from sim.report.formatting import more_digits, show, show_difference
from sim.report.sweep.terminal_charts import name_of, picture, with_formula
from sim.report.text_table import columns
from sim.units import counted

if TYPE_CHECKING:
    from sim.experiment.sweep import SweepResult
    from sim.experiment.sweep.design import Cell
    from sim.experiment.sweep.sensitivity import FactorEffect, SobolIndices

MOVE_HEAD = ("from", "to", "at from", "at to", "difference", "95 % from", "to")
MOST_COLUMNS = 6
MOST_ROWS = 40
"""Cells above which only the best and the worst are listed."""


OF_PLACES = (
    "From and to: 95 % confidence intervals over where the points happen to lie, not over the "
    "replications in each; "
    "more points narrow them."
)


def sweep_text(swept: SweepResult) -> str:
    """Return a sweep as text."""
    parts = [head(swept), cell_table(swept), picture(swept), effects_text(swept), *_notes(swept)]
    parts.append(f"Every metric of every cell: {swept.folder / 'figures.parquet'}")
    return "\n\n".join(part for part in parts if part) + "\n"


def head(swept: SweepResult) -> str:
    """Return what was simulated, in one or two lines."""
    common = swept.settings
    runs = {one.runs for one in swept.cell_results.values()}
    each = f"{min(runs):,}" if len(runs) == 1 else f"{min(runs):,} to {max(runs):,}"
    return (
        f"{swept.name}: {counted(len(swept.plan.cells), 'cell')} of {common.study.scenario.name}\n"
        f"{each} replications each, ± is 95 %; seed {common.seed}; engine {common.engine}; "
        "all cells use the same days"
    )


def title(swept: SweepResult, key: tuple[str, str, str]) -> str:
    """Return the heading of a metric, that of a service level with its formula."""
    return with_formula(swept, _short(key), key)


def _short(key: tuple[str, str, str]) -> str:
    scope, name, metric = key
    return label(metric) if scope == "total" else f"{name}: {label(metric)}"


def cell_table(swept: SweepResult) -> str:
    """Return the cells of the grid with the metrics shown; the best and worst of very many."""
    every, cells = swept.shown(), swept.grid
    if not cells:
        return ""
    keys = every[:MOST_COLUMNS]
    table = [[*swept.plan.axes, *map(_short, keys)]]
    kept = cells if len(cells) <= MOST_ROWS else extremes(swept, cells)
    table += [_row(swept, cell, keys) for cell in kept]
    text = columns(table, left=len(swept.plan.axes))
    named = {_short(key): swept.formula(*key) for key in keys}
    text += "".join(
        f"\n{name}: {variant_title(formula)}" for name, formula in named.items() if formula
    )
    if len(keys) < len(every):
        text += f"\n{len(every) - len(keys)} more metrics: see `figures.parquet` or --report"
    if len(kept) < len(cells):
        text += f"\nThe {len(kept) // 2} highest and lowest of {len(cells):,} by "
        text += name_of(swept)
    return text


def extremes(swept: SweepResult, cells: list[Cell]) -> list[Cell]:
    """Return the cells with the highest and the lowest headline, the highest first."""

    def height(cell: Cell) -> float:
        estimate = swept.headline_of(cell.number)
        return -1e300 if estimate is None or estimate.value is None else estimate.value

    ordered = sorted(cells, key=height, reverse=True)
    return ordered[: MOST_ROWS // 2] + ordered[-(MOST_ROWS // 2) :]


def _row(swept: SweepResult, cell: Cell, keys: list[tuple[str, str, str]]) -> list[str]:
    found = [swept.estimate(cell.number, *key) for key in keys]
    values = ["-" if f is None else show(f.value, f.unit, f.half) for f in found]
    return [*(cell.place.get(axis, "") for axis in swept.plan.axes), *values]


def move_rows(found: list[FactorEffect]) -> list[list[str]]:
    """Return the table of what each factor does alone, with its head."""
    table = [["Factor moved alone", *MOVE_HEAD, ""]]
    more = more_digits((m.difference for m in found), found[0].unit)
    for m in found:
        gap = [show_difference(x, m.unit, more) for x in (m.difference, m.low, m.high)]
        ends = [show(m.at_low, m.unit), show(m.at_high, m.unit)]
        none = m.low is not None and m.high is not None and m.low <= 0 <= m.high
        verdict = "not significant" if none else ""
        table.append([m.factor, m.low_value, m.high_value, *ends, *gap, verdict])
    return table


def share_rows(found: list[SobolIndices]) -> list[list[str]]:
    """Return the table of Sobol indices, with its head."""
    table = [["Share of the variance", "alone", "from", "to", "with others", "from", "to"]]
    for s in found:
        numbers = (s.first, s.first_low, s.first_high, s.total, s.total_low, s.total_high)
        table.append([s.factor, *(f"{x:.2f}" for x in numbers)])
    return table


def effects_text(swept: SweepResult) -> str:
    """Return which factor moves the headline how much."""
    alone, of_variance = swept.factor_effects(), swept.sobol_indices()
    parts = [columns(move_rows(alone))] if alone else []
    if of_variance:
        parts.append(columns(share_rows(of_variance)) + f"\n{OF_PLACES}")
    if not parts:
        return ""
    return f"What moves {name_of(swept)} (95 % confidence intervals)\n" + "\n\n".join(parts)


def _notes(swept: SweepResult) -> list[str]:
    """Return what was noted, each text once with the number of its cells."""
    found: dict[str, int] = {}
    for one in swept.cell_results.values():
        for text in one.notes:
            kind = text.partition(":")[0]
            found[kind] = found.get(kind, 0) + 1
    counts = ((kind, counted(count, "cell")) for kind, count in found.items())
    lines = [f"Note: {kind} in {cells}; see cells.parquet" for kind, cells in counts]
    return ["\n".join(lines)]
