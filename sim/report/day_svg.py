"""Drawings of a day as SVG, for pages that stand alone: no network, no script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.report.result_views import IntervalValue
    from sim.report.staffing_view import StaffingInterval

WIDTH, HEIGHT = 720, 210
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 12, 30
BLUE, ORANGE, PALE, INK = "#0072b2", "#b34e00", "#9ecae1", "#33414b"


def level_drawing(points: Sequence[IntervalValue], target: float | None, alt_text: str) -> str:
    """Return the service level over the day with its 95 % confidence interval as a band.

    Parameters
    ----------
    points : sequence of IntervalValue
        Shares from 0 to 1.
    target : float or None
        Drawn as a dashed line.
    alt_text : str
        The picture in words.
    """
    known = [(k, p) for k, p in enumerate(points) if p.value is not None]
    place = _Place(len(points), 1.0)
    out = list(_shares(place)) + list(_hours([p.interval for p in points], place))
    if target is not None:
        y = place.y(target)
        out.append(
            f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{INK}" stroke-dasharray="6 4"/>'
        )
    for run in _runs(known):
        middles = [(place.middle(k), place.y(p.value or 0.0)) for k, p in run]
        band = [
            (place.middle(k), place.y(p.high), place.y(p.low))
            for k, p in run
            if p.low is not None and p.high is not None
        ]
        if band:
            upper = [(x, top) for x, top, _ in band]
            lower = [(x, low) for x, _, low in reversed(band)]
            out.append(f'<path d="M{_path(upper + lower)}Z" fill="{PALE}" opacity="0.6"/>')
        out.append(f'<path d="M{_path(middles)}" fill="none" stroke="{BLUE}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{BLUE}"/>' for x, y in middles]
    return _svg(alt_text, out)


def staff_drawing(rows: Sequence[StaffingInterval], alt_text: str) -> str:
    """Return agents on duty as bars and agents required as a stepped line.

    Parameters
    ----------
    rows : sequence of StaffingInterval
    alt_text : str
        The picture in words.
    """
    most = 1.05 * max((max(row.on_duty, row.required) for row in rows), default=0.0) or 1.0
    place = _Place(len(rows), most)
    out = list(_counts(place, most)) + list(_hours([row.interval for row in rows], place))
    steps = []
    for k, row in enumerate(rows):
        x, y = place.left(k), place.y(row.on_duty)
        height = HEIGHT - BOTTOM - y
        out.append(
            f'<rect x="{x + 1:.1f}" y="{y:.1f}" width="{max(place.wide - 2, 1):.1f}" '
            f'height="{height:.1f}" fill="{PALE}"/>'
        )
        steps += [(x, place.y(row.required)), (x + place.wide, place.y(row.required))]
    if steps:
        out.append(f'<path d="M{_path(steps)}" fill="none" stroke="{ORANGE}" stroke-width="2.4"/>')
    return _svg(alt_text, out)


class _Place:
    """Where intervals and values lie in a drawing."""

    def __init__(self, count: int, most: float) -> None:
        self.wide = (WIDTH - LEFT - RIGHT) / max(count, 1)
        self.most = most

    def left(self, k: int) -> float:
        return LEFT + k * self.wide

    def middle(self, k: int) -> float:
        return LEFT + (k + 0.5) * self.wide

    def y(self, value: float) -> float:
        part = min(max(value / self.most, 0.0), 1.0)
        return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP)


def _runs(known: Sequence[tuple[int, IntervalValue]]) -> Iterator[list[tuple[int, IntervalValue]]]:
    """Yield periods of the same day, which a line may connect."""
    run: list[tuple[int, IntervalValue]] = []
    for k, point in known:
        if run and point.day != run[-1][1].day:
            yield run
            run = []
        run.append((k, point))
    if run:
        yield run


def _shares(place: _Place) -> Iterator[str]:
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        yield from _line(place.y(share), f"{share:.0%}")


def _counts(place: _Place, most: float) -> Iterator[str]:
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**9) if most / s <= 6)
    for n in range(0, int(most) + 1, step):
        yield from _line(place.y(n), f"{n:,}")


def _line(y: float, label: str) -> Iterator[str]:
    yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#dde3e8"/>'
    yield _text(LEFT - 6, y + 4, label, "end")


def _hours(intervals: Sequence[str], place: _Place) -> Iterator[str]:
    """Yield labels below the axis, so many that they do not run together."""
    several = any("T" in one for one in intervals)
    every = max(1, -(-len(intervals) * (86 if several else 44) // (WIDTH - LEFT - RIGHT)))
    for k in range(0, len(intervals), every):
        day, _, clock = intervals[k].rpartition("T")
        yield _text(place.left(k), HEIGHT - 10, f"{day[5:]} {clock}".strip(), "start")


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{INK}">{escape(text)}</text>'
    )


def _svg(alt_text: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img" '
        f'aria-label="{escape(alt_text)}" font-family="system-ui, sans-serif" font-size="12">\n'
        + "\n".join(parts)
        + "\n</svg>"
    )
