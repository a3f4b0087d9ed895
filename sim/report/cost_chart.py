"""Cost against service level: agent cost per replication of each result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.report.chart_layers import frame, title_of
from sim.report.chart_theme import MOST_TICKS
from sim.report.formatting import show

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.report.chart_layers import Layered

LONGEST = 28
"""Letters of a name that stand beside its mark."""


@dataclass(frozen=True, slots=True)
class CostPoint:
    """One result.

    Attributes
    ----------
    name : str
    cost, cost_low, cost_high : float or None
        Agent pay per replication, and its 95 % confidence interval.
    level, level_low, level_high : float or None
        Service level of the whole, from 0 to 1, and its 95 % confidence interval.
    """

    name: str
    cost: float
    cost_low: float | None
    cost_high: float | None
    level: float
    level_low: float | None
    level_high: float | None


def cost_points(results: Sequence[Result], labels: Sequence[str]) -> list[CostPoint]:
    """Return cost and service of each result; one without a wage or a service level is left out."""
    found = []
    for result, label in zip(results, labels, strict=True):
        of = {row.metric: row for row in result.rows if row.scope == "total"}
        cost, level = of.get("cost"), of.get("service_level")
        if cost is None or level is None or cost.value is None or level.value is None:
            continue
        found.append(
            CostPoint(label, cost.value, cost.low, cost.high, level.value, level.low, level.high)
        )
    return found


def cost_chart(points: Sequence[CostPoint], title: str) -> Layered:
    """Draw service level over cost, each result as a named mark with both confidence intervals."""
    import altair as alt

    padded = alt.Scale(zero=False, padding=40)
    cost = alt.X(
        "cost:Q",
        title="agent cost per replication",
        scale=padded,
        axis=alt.Axis(format=",.0f", tickCount=MOST_TICKS),
    )
    level = alt.Y("level:Q", title="service level", scale=padded, axis=alt.Axis(format="%"))
    base = alt.Chart(frame(points)).encode(
        color=alt.Color("name:N", sort=None, legend=None),
        tooltip=[
            alt.Tooltip("name:N", title="result"),
            alt.Tooltip("cost:Q", title="cost", format=",.0f"),
            alt.Tooltip("cost_low:Q", title="95 % from", format=",.0f"),
            alt.Tooltip("cost_high:Q", title="to", format=",.0f"),
            alt.Tooltip("level:Q", title="service level", format=".1%"),
            alt.Tooltip("level_low:Q", title="95 % from", format=".1%"),
            alt.Tooltip("level_high:Q", title="to", format=".1%"),
        ],
    )
    layers = [
        base.mark_rule(strokeWidth=2).encode(x=cost, y="level_low:Q", y2="level_high:Q"),
        base.mark_rule(strokeWidth=2).encode(x="cost_low:Q", x2="cost_high:Q", y=level),
        base.mark_point(size=110, filled=True, opacity=1).encode(x=cost, y=level, shape="name:N"),
        base.transform_calculate(
            shown=f"length(datum.name) > {LONGEST} ? "
            f"slice(datum.name, 0, {LONGEST}) + '…' : datum.name"
        )
        .mark_text(dy=-26, fontSize=13)
        .encode(x=cost, y=level, text="shown:N"),
    ]
    key = "lines: 95 % confidence intervals · up and to the left is better"
    return alt.layer(*layers).properties(title=title_of(title, key), height=300)


def alt_text_costs(points: Sequence[CostPoint]) -> str:
    """Return cost and service in one sentence for each result, the cheapest first."""
    return " ".join(
        f"{one.name}: cost {show(one.cost, 'money')}, service level {show(one.level, 'share')}."
        for one in sorted(points, key=lambda one: one.cost)
    )
