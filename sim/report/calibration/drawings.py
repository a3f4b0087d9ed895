"""Estimates against the data, as drawings that stand alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from sim.array_types import Floats
from sim.report.day_svg import BLUE, INK, ORANGE, PALE
from sim.scenario.distribution import Distribution
from sim.units import show_duration

if TYPE_CHECKING:
    from sim.history.calibration import Calibration
    from sim.history.calibration.center_estimates import QueueEstimates
    from sim.history.calibration.past_days import ActualsFit
    from sim.history.estimation.quiet_readiness import QuietReadiness

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 230, 56, 12, 14, 34
MOST_POINTS = 200
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


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


def pictures(found: Calibration) -> Iterator[Picture]:
    """Yield the pictures of a report."""
    for queue in found.estimates.queues:
        yield from _queue_pictures(queue)
    yield from _gap_picture(found)
    if (ready := found.estimates.readiness) is not None:
        yield _readiness_picture(ready)
    yield _day_picture(found.in_sample, "Recorded days")


def _queue_pictures(queue: QueueEstimates) -> Iterator[Picture]:
    if (patience := queue.patience) is not None:
        curve = patience.curve
        top = float(max(patience.tail_from, 60.0))
        inside = curve.time <= top
        x, y = curve.time[inside], curve.survival[inside]
        asked = np.linspace(0, top, MOST_POINTS)
        model = Distribution.model_validate(patience.text).to_model()
        still = (1 - patience.balk.value) * (1 - _below(model, asked))
        curves = [_thinned(Curve(x, y)), Curve(asked, still, ORANGE, dashed=True)]
        yield Picture(
            f"Patience: {queue.name}",
            line_drawing(curves, f"Share still waiting at {queue.name}, by time waited", True),
            "Full: Kaplan-Meier, customers who were answered cut off. Dashed: the scenario. Beyond "
            f"{show_duration(round(top))} too few waited to see more.",
        )
    if (talk := queue.talk) is not None:
        times, shares = talk.curve
        top = float(np.quantile(times, 0.97))
        asked = np.linspace(0, max(top, 1.0), MOST_POINTS)
        model = Distribution.model_validate(talk.text).to_model()
        data = talk.zero.value + (1 - talk.zero.value) * np.interp(asked, times, shares)
        curves = [Curve(asked, data), Curve(asked, _below(model, asked), ORANGE, dashed=True)]
        yield Picture(
            f"Talk: {queue.name}",
            line_drawing(curves, f"Share of talks at {queue.name} that ended, by length", True),
            f"Full: actual. Dashed: the scenario ({talk.best}).",
        )


def _below(model: object, asked: Floats) -> Floats:
    """Return the distribution function, zeros included."""
    zero = float(getattr(model, "zero", 0.0))
    inner = model.inner_cdf(np.maximum(asked, 1e-9))  # type: ignore[attr-defined]
    return np.asarray(zero + (1 - zero) * inner)


def _gap_picture(found: Calibration) -> Iterator[Picture]:
    gap = found.estimates.gap
    if gap is None:
        return
    curve = gap.curve
    top = 180.0
    inside = curve.time <= top
    asked = np.linspace(0, top, MOST_POINTS)
    model = Distribution.model_validate(gap.points).to_model()
    curves = [
        _thinned(Curve(curve.time[inside], 1 - curve.survival[inside])),
        Curve(asked, _below(model, asked), ORANGE, dashed=True),
    ]
    yield Picture(
        "Gap after contacts while customers wait",
        line_drawing(curves, "Share of agents back at work, by time since the contact", True),
        "Full: actual, gaps cut off when no customer waited any more. Dashed: the scenario.",
    )


def _readiness_picture(ready: QuietReadiness) -> Picture:
    known = ready.contacts >= 20
    x = ready.free[known].astype(float)
    curves = [
        Curve(x, ready.waited[known], BLUE, low=ready.low[known], high=ready.high[known]),
        Curve(x, ready.fitted[known], ORANGE, dashed=True),
    ]
    return Picture(
        "Who waits although agents are free",
        line_drawing(curves, "Share that waited, by number of free agents", False),
        "Full: actual, with its confidence interval. Dashed: each free agent is not ready with "
        f"probability {100 * ready.not_ready.value:.0f} %, independently.",
    )


def _day_picture(fit: ActualsFit, title: str) -> Picture:
    from sim.history.calibration.period_sums import PER_DAY

    real, drawn = fit.actual.added_up(PER_DAY), fit.simulated.added_up(PER_DAY)
    days = real.offered > 0
    actual = real.metric("asa_s")[days]
    many = drawn.metric("asa_s")[:, days]
    x = np.arange(actual.size, dtype=float)
    mean = drawn.over_replications().metric("asa_s")[days]
    low, high = np.nanquantile(many, [0.025, 0.975], axis=0)
    curves = [Curve(x, mean, BLUE, low=low, high=high), Curve(x, actual, ORANGE, dashed=True)]
    return Picture(
        f"{title}: ASA by day",
        line_drawing(curves, "Mean wait of the answered (s) by day", False, shares=False),
        "Full: simulated mean with the band of 95 % of simulated days. Dashed: actual.",
    )


def _thinned(curve: Curve) -> Curve:
    if curve.x.size <= 2 * MOST_POINTS:
        return curve
    places = np.linspace(0, curve.x.size - 1, 2 * MOST_POINTS).astype(int)
    return Curve(curve.x[places], curve.y[places], curve.colour, curve.dashed)


def line_drawing(curves: Sequence[Curve], alt_text: str, times: bool, shares: bool = True) -> str:
    """Return lines over a common axis as SVG.

    Parameters
    ----------
    curves : sequence of Curve
    alt_text : str
        The picture in words; also shown as the title of the vertical axis.
    times : bool
        Whether the horizontal axis is a time (s).
    shares : bool
        Whether the vertical axis goes from 0 to 1.
    """
    right = max((float(np.nanmax(c.x)) for c in curves if c.x.size), default=1.0) or 1.0
    tops = [c.high if c.high is not None else c.y for c in curves]
    most = 1.0 if shares else max((float(np.nanmax(t)) for t in tops if t.size), default=1.0) or 1.0

    def place(x: Floats, y: Floats) -> list[str]:
        across = LEFT + (WIDTH - LEFT - RIGHT) * x / right
        up = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * np.clip(y / most, 0, 1)
        known = np.isfinite(up)
        return [f"{a:.1f} {b:.1f}" for a, b in zip(across[known], up[known], strict=True)]

    parts = list(_axes(right, most, times, shares))
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
        f"<title>{escape(alt_text)}</title>{''.join(parts)}</svg>"
    )


def _axes(right: float, most: float, times: bool, shares: bool) -> Iterator[str]:
    bottom = HEIGHT - BOTTOM
    yield f'<path d="M{LEFT} {TOP}V{bottom}H{WIDTH - RIGHT}" fill="none" stroke="{INK}"/>'
    for part in SHARES:
        y = bottom - part * (bottom - TOP)
        value = f"{100 * part:.0f} %" if shares else f"{most * part:.0f}"
        yield (
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" font-size="11" text-anchor="end">{value}</text>'
        )
        x = LEFT + part * (WIDTH - LEFT - RIGHT)
        label = show_duration(round(right * part)) if times else f"{right * part:.0f}"
        yield (
            f'<text x="{x:.1f}" y="{bottom + 18}" font-size="11" '
            f'text-anchor="{"end" if part == 1 else "middle"}">{label}</text>'
        )
