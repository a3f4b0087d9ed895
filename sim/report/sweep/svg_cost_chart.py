"""Cost against service over the cells of a sweep, as a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from sim.metrics import catalogue
from sim.report.formatting import show
from sim.report.sweep.svg_charts import DARK, LIGHT, drawing, words
from sim.report.sweep.terminal_charts import name_of

if TYPE_CHECKING:
    from sim.experiment.sweep import SweepResult

LEFT, TOP, WIDE, HIGH = 80, 16, 560, 260


@dataclass(frozen=True, slots=True)
class Offer:
    """What one cell costs and gives.

    Attributes
    ----------
    where : str
        Values of the axes.
    cost, gives : float
        Mean cost per replication, and the headline.
    best : bool
        No other cell costs less, or the same, and gives more.
    """

    where: str
    cost: float
    gives: float
    best: bool = False


def offers(swept: SweepResult) -> list[Offer]:
    """Return cost and headline of each cell, the cheapest first; empty without costs."""
    found = []
    for cell in swept.grid:
        cost = swept.estimate(cell.number, "total", "total", "cost")
        level = swept.headline_of(cell.number)
        if cost is None or level is None or cost.value is None or level.value is None:
            continue
        found.append((cost.value, level.value, ", ".join(cell.place.values())))
    metric = swept.headline.metric
    sign = -1.0 if catalogue()[metric].higher_is_better is False else 1.0
    out: list[Offer] = []
    most = float("-inf")
    for money, value, where in sorted(found, key=lambda one: (one[0], -sign * one[1])):
        out.append(Offer(where, money, value, sign * value > most))
        most = max(most, sign * value)
    return out


def cost_drawing(swept: SweepResult) -> str:
    """Return each cell as a dot: cost to the right, the headline upwards; empty without costs."""
    found = offers(swept)
    if len(found) < 2:
        return ""
    unit = catalogue()[swept.headline.metric].unit
    costs, gives = [one.cost for one in found], [one.gives for one in found]
    out = [
        f'<path d="M{LEFT} {TOP}V{TOP + HIGH}H{LEFT + WIDE}" fill="none" stroke="#999"/>',
        words(LEFT - 8, TOP + 8, show(max(gives), unit), "end"),
        words(LEFT - 8, TOP + HIGH, show(min(gives), unit), "end"),
        words(LEFT + 8, TOP + HIGH + 18, show(min(costs), "money"), "start"),
        words(LEFT + WIDE, TOP + HIGH + 18, show(max(costs), "money"), "end"),
        words(LEFT + WIDE / 2, TOP + HIGH + 18, "agent cost per replication"),
    ]
    for one in found:
        x = LEFT + 12 + (WIDE - 24) * _part(one.cost, costs)
        y = TOP + HIGH - 12 - (HIGH - 24) * _part(one.gives, gives)
        look = f'fill="{DARK}"' if one.best else f'fill="#fff" stroke="{LIGHT}" stroke-width="2"'
        alt_text = f"{one.where}: {show(one.cost, 'money')}, {show(one.gives, unit)}"
        out.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{6 if one.best else 5}" {look}>'
            f"<title>{escape(alt_text)}</title></circle>"
        )
    best = [one for one in found if one.best]
    alt_text = f"{name_of(swept)} against cost; none beats " + "; ".join(
        f"{one.where}: {show(one.cost, 'money')}, {show(one.gives, unit)}" for one in best
    )
    return drawing(LEFT + WIDE + 20, TOP + HIGH + 30, alt_text, out)


def _part(value: float, every: list[float]) -> float:
    low, high = min(every), max(every)
    return (value - low) / (high - low) if high > low else 0.5
