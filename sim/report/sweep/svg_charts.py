"""Drawings of a sweep as SVG: shades over two axes, bars over one, what each factor moves."""

from __future__ import annotations

from html import escape
from itertools import product
from typing import TYPE_CHECKING

from sim.experiment import Estimate
from sim.report.formatting import show, show_difference
from sim.report.sweep.terminal_charts import BANDS, length, name_of, part, shown, span, values_of

if TYPE_CHECKING:
    from sim.experiment.sweep import SweepResult
    from sim.experiment.sweep.binned_means import BinnedMean
    from sim.experiment.sweep.sensitivity import FactorEffect

LEFT, BOX, LINE, LENGTH = 190, 74, 26, 420
DARK, LIGHT = "#0b4f8a", "#5b9bd5"


def heat_drawings(swept: SweepResult) -> list[str]:
    """Return shades over the last two axes, one drawing for each value of the others."""
    *outer, _, _ = swept.plan.axes
    every = product(*(values_of(swept, axis) for axis in outer))
    return [_heat(swept, list(zip(outer, chosen, strict=True))) for chosen in every]


def _heat(swept: SweepResult, fixed: list[tuple[str, str]]) -> str:
    down, across = swept.plan.axes[-2:]
    rows, across_values = values_of(swept, down), values_of(swept, across)
    by_place = {tuple(cell.place.items()): cell for cell in swept.grid}
    low, high = span(swept)
    wide = max(BOX, 7 * max(map(len, across_values)) + 10)
    out = [words(LEFT, 16, f"{across} →", "start"), words(LEFT - 8, 34, f"{down} ↓", "end")]
    out += [words(LEFT + wide * (k + 0.5), 34, v) for k, v in enumerate(across_values)]
    for r, row in enumerate(rows):
        top = 42 + r * LINE
        out.append(words(LEFT - 8, top + 17, row, "end"))
        for k, column in enumerate(across_values):
            cell = by_place[(*fixed, (down, row), (across, column))]
            size = part(swept.headline_of(cell.number), low, high)
            out.append(_box(swept.headline_of(cell.number), size, LEFT + wide * k, top, wide))
    where = ", ".join(f"{axis} {value}" for axis, value in fixed)
    alt_text = f"{name_of(swept)} over {down} and {across}" + (f" at {where}" if where else "")
    heading = f"<h3>{escape(where)}</h3>" if where else ""
    width, height = LEFT + wide * len(across_values) + 4, 48 + LINE * len(rows)
    return heading + drawing(width, height, alt_text, out)


def _box(estimate: Estimate | None, size: float | None, x: float, top: float, wide: float) -> str:
    if estimate is None or size is None:
        return words(x + wide / 2, top + 17, "-")
    light = 95 - 60 * size
    ink = "#fff" if light < 50 else "#111"
    return (
        f'<rect x="{x}" y="{top}" width="{wide - 2}" height="{LINE - 2}" '
        f'fill="hsl(207 70% {light:.0f}%)"><title>{escape(shown(estimate))}</title></rect>'
        + words(x + wide / 2 - 1, top + 17, show(estimate.value, estimate.unit), ink=ink)
    )


def bar_drawing(swept: SweepResult, axis: str) -> str:
    """Return a bar with its confidence interval for each value, or band of values, of one axis."""
    from sim.experiment.sweep.binned_means import means_by_bin

    low, high = 0.0, length(swept)
    if len(swept.plan.axes) == 1 and swept.settings.study.design is None:
        one = [(c.place[axis], swept.headline_of(c.number)) for c in swept.grid]
        found = [(label, estimate, shown(estimate)) for label, estimate in one]
    else:
        found = [
            (b.label, Estimate(b.mean, b.low, b.high, b.unit), _bin_text(b))
            for b in means_by_bin(swept, axis, BANDS)
        ]
    out = [words(LEFT - 8, 16, axis, "end")]
    for r, (label, estimate, alt_text) in enumerate(found):
        top = 26 + r * LINE
        out.append(words(LEFT - 8, top + 16, label, "end"))
        out.append(_bar(estimate, alt_text, top, low, high))
    return drawing(
        LEFT + LENGTH + 190, 32 + LINE * len(found), f"{name_of(swept)} over {axis}", out
    )


def _bin_text(band: BinnedMean) -> str:
    mean, low, high = (show(x, band.unit) for x in (band.mean, band.low, band.high))
    return mean if band.low is None else f"{mean} ({low} to {high})"


def _bar(estimate: Estimate | None, alt_text: str, top: float, low: float, high: float) -> str:
    size = part(estimate, low, high)
    if estimate is None or size is None:
        return words(LEFT + 4, top + 16, "-", "start")
    drawn = f'<rect x="{LEFT}" y="{top}" width="{size * LENGTH:.1f}" height="20" fill="{LIGHT}"/>'
    if estimate.low is not None and estimate.high is not None:
        first, last = (
            LEFT + LENGTH * (part(Estimate(x, None, None, estimate.unit), low, high) or 0.0)
            for x in (estimate.low, estimate.high)
        )
        drawn += _rule(first, last, top + 10)
    return drawn + words(LEFT + LENGTH + 8, top + 15, alt_text, "start")


def move_drawing(found: list[FactorEffect]) -> str:
    """Return for each factor how far it moves the headline alone, with the interval."""
    known = [abs(x) for m in found for x in (m.difference, m.low, m.high) if x is not None]
    most = max(known, default=0.0) or 1.0
    middle = LEFT + LENGTH / 2
    out = [
        f'<line x1="{middle}" y1="4" x2="{middle}" y2="{10 + LINE * len(found)}" stroke="#999"/>'
    ]
    for r, m in enumerate(found):
        top = 8 + r * LINE
        out.append(words(LEFT - 8, top + 15, m.factor, "end"))
        if m.difference is None:
            continue
        size = m.difference / most * LENGTH / 2
        out.append(
            f'<rect x="{min(middle, middle + size):.1f}" y="{top}" width="{abs(size):.1f}" '
            f'height="20" fill="{LIGHT}"/>'
        )
        if m.low is not None and m.high is not None:
            first, last = (middle + x / most * LENGTH / 2 for x in (m.low, m.high))
            out.append(_rule(first, last, top + 10))
        out.append(
            words(LEFT + LENGTH + 8, top + 15, show_difference(m.difference, m.unit), "start")
        )
    alt_text = "; ".join(f"{m.factor}: {show_difference(m.difference, m.unit)}" for m in found)
    return drawing(LEFT + LENGTH + 130, 16 + LINE * len(found), alt_text, out)


def _rule(first: float, last: float, y: float) -> str:
    return (
        f'<path d="M{first:.1f} {y}H{last:.1f}M{first:.1f} {y - 4}v8M{last:.1f} {y - 4}v8" '
        f'stroke="{DARK}" stroke-width="2" fill="none"/>'
    )


def words(x: float, y: float, text: str, anchor: str = "middle", ink: str = "#111") -> str:
    """Return a text at a place, cut when long; all of it when it is pointed at."""
    short = text if len(text) <= 28 else f"{text[:27]}…"
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{ink}">'
        f"{escape(short)}<title>{escape(text)}</title></text>"
    )


def drawing(width: float, height: float, alt_text: str, parts: list[str]) -> str:
    """Return a drawing of some parts, with a text for those who cannot see it."""
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" role="img" '
        f'aria-label="{escape(alt_text)}" font-family="system-ui, sans-serif" font-size="12">\n'
        + "\n".join(parts)
        + "\n</svg>"
    )
