"""Lines over a common axis as drawings that stand alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from sim.array_types import Floats
from sim.report.day_svg import BLUE, INK, PALE
from sim.units import DAY, HOUR, readable_duration

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 246, 56, 12, 30, 34
MOST_POINTS = 200
ON_DARK = "#c3ced6"
MOST_TICKS = 7
DECIMAL = tuple(
    float(f"{digit}e{power}") for power in range(-3, 7) for digit in (1, 2, 5)
)  # fmt: skip
"""Distances of ticks of numbers, and of times (s)."""
TIMES = (
    *(1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0), *(60.0 * n for n in (1, 2, 5, 10, 15, 20, 30)),
    *(HOUR * n for n in (1, 2, 3, 6, 12)), *(DAY * n for n in (1, 2, 5, 7, 10, 14, 28, 56, 112)),
)  # fmt: skip
DATES = (1.0, 2.0, 7.0, 14.0, 28.0, 56.0, 91.0, 182.0, 364.0)
"""Distances of dates (days)."""


@dataclass(frozen=True)
class Picture:
    """A drawing with what stands above and below it."""

    title: str
    drawing: str
    note: str


@dataclass(frozen=True)
class Curve:
    """One line of a drawing.

    Attributes
    ----------
    x, y : ndarray
    colour : str
    dashed : bool
    low, high : ndarray, optional
        A band around it.
    """

    x: Floats
    y: Floats
    colour: str = BLUE
    dashed: bool = False
    low: Floats | None = None
    high: Floats | None = None


def thinned(curve: Curve) -> Curve:
    """Return a line with fewer points where it has very many."""
    if curve.x.size <= 2 * MOST_POINTS:
        return curve
    places = np.linspace(0, curve.x.size - 1, 2 * MOST_POINTS).astype(int)
    return Curve(curve.x[places], curve.y[places], curve.colour, curve.dashed)


def line_drawing(
    curves: Sequence[Curve],
    alt_text: str,
    times: bool = False,
    shares: bool = True,
    top: float = 1.0,
    first_day: dt.date | None = None,
) -> str:
    """Return lines over a common axis as SVG.

    Parameters
    ----------
    curves : sequence of Curve
    alt_text : str
        The axes in words, the vertical one first; also shown above them.
    times : bool
        Whether the horizontal axis is a time (s).
    shares : bool
        Whether the vertical axis is of shares.
    top : float
        The largest share of the axis.
    first_day : date, optional
        Of a horizontal axis of days, counted from this one: it shows dates.
    """
    right = max((float(np.nanmax(c.x)) for c in curves if c.x.size), default=1.0) or 1.0
    tops = [c.high if c.high is not None else c.y for c in curves]
    most = top if shares else max((float(np.nanmax(t)) for t in tops if t.size), default=1.0) or 1.0

    def place(x: Floats, y: Floats) -> list[str]:
        across = LEFT + (WIDTH - LEFT - RIGHT) * x / right
        up = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * np.clip(y / most, 0, 1)
        known = np.isfinite(up)
        return [f"{a:.1f} {b:.1f}" for a, b in zip(across[known], up[known], strict=True)]

    parts = list(_axes(right, most, times, shares, first_day))
    for curve in curves:
        if curve.low is not None and curve.high is not None:
            edge = place(curve.x, curve.high) + place(curve.x, curve.low)[::-1]
            if edge:
                parts.append(f'<path d="M{"L".join(edge)}Z" fill="{PALE}" opacity="0.6"/>')
    for curve in curves:
        points = place(curve.x, curve.y)
        if points:
            dash = ' stroke-dasharray="6 4"' if curve.dashed else ""
            parts.append(
                f'<path d="M{"L".join(points)}" fill="none" stroke="{curve.colour}" '
                f'stroke-width="2"{dash}/>'
            )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(alt_text)}">'
        f"<title>{escape(alt_text)}</title>"
        f'<text x="{LEFT - 6}" y="14" font-size="12">{escape(alt_text)}</text>'
        f"{''.join(parts)}</svg>"
    )


def for_dark(drawing: str) -> str:
    """Return a drawing whose axes and numbers can be read on a dark page."""
    on_dark = drawing.replace("<svg ", f'<svg fill="{ON_DARK}" ', 1)
    return on_dark.replace(f'stroke="{INK}"', f'stroke="{ON_DARK}"')


def _axes(
    right: float, most: float, times: bool, shares: bool, first_day: dt.date | None
) -> Iterator[str]:
    bottom = HEIGHT - BOTTOM
    yield f'<path d="M{LEFT} {TOP}V{bottom}H{WIDTH - RIGHT}" fill="none" stroke="{INK}"/>'
    for at in ticks(100 * most if shares else most, DECIMAL):
        y = bottom - at / (100 * most if shares else most) * (bottom - TOP)
        value = f"{at:g} %" if shares else f"{at:g}"
        yield (
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" font-size="11" text-anchor="end">{value}</text>'
        )
    for at in ticks(right, DATES if first_day else TIMES if times else DECIMAL):
        x = LEFT + at / right * (WIDTH - LEFT - RIGHT)
        if first_day:
            date = first_day + dt.timedelta(days=at)
            label = f"{date.day} {date:%b}"
        else:
            label = readable_duration(at) if times and at else f"{at:g}"
        anchor = "end" if x > WIDTH - RIGHT - 20 else "middle"
        yield (
            f'<text x="{x:.1f}" y="{bottom + 18}" font-size="11" '
            f'text-anchor="{anchor}">{label}</text>'
        )


def ticks(top: float, steps: Sequence[float]) -> list[float]:
    """Return round values from zero to the top of an axis, at most seven.

    Parameters
    ----------
    top : float
        Above zero.
    steps : sequence of float
        Possible distances of ticks, ascending.
    """
    step = next((one for one in steps if top / one < MOST_TICKS), steps[-1])
    return [step * k for k in range(int(top / step + 1e-9) + 1)]
