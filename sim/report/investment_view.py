"""An investment as rows for tables, and cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.metrics.metric_titles import reference_label
from sim.report.formatting import show, show_difference
from sim.report.investment_text import interval, short_words

if TYPE_CHECKING:
    from sim.planning.investment.investment_result import Investment
    from sim.planning.investment.mix_search import InvestProgress
    from sim.scenario.lever_changes import ScenarioLever


def cards(found: Investment) -> list[tuple[str, str, str]]:
    """Return name, value and help of what a planner looks at first."""
    best = found.recommended
    months = best["payback_months"]
    ends = interval(best, found.unit, "difference_low", "difference_high")
    paid = "none" if months is None else f"{months:.1f} months"
    if not best["costs"]["once"]:
        paid = "no one-off cost"
    return [
        (
            reference_label(found.objective),
            show(best["value"], found.unit),
            "With the recommended mix, simulated.",
        ),
        ("Difference", show_difference(best["difference"], found.unit), f"95 % from {ends}"),
        ("Cost a month", f"{best['cost']:,.0f}", "Of its levers, and the change of running cost."),
        (
            "Pay-back",
            paid,
            "One-off cost over what is saved a month; none: it saves no more than it costs.",
        ),
    ]


def lever_table(found: Investment) -> list[dict[str, str]]:
    """Return the levers alone."""
    return [
        {
            "Lever": row["title"],
            "In mixes": row["name"],
            "Cost a month": f"{row['cost']:,.0f}",
            "Difference": show_difference(row["difference"], found.unit),
            "95 % CI": interval(row, found.unit),
            "Service level": show_difference(row["service_level_difference"], "share"),
            "Evidence": row["source"],
        }
        for row in found.levers
    ]


def mix_table(found: Investment, rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return mixes, such as the frontier."""
    return [
        {
            "Mix": short_words(row),
            "Cost a month": f"{row['cost']:,.0f}",
            "Value": show(row["value"], found.unit),
            "Difference": show_difference(row["difference"], found.unit),
            "95 % CI": interval(row, found.unit, "difference_low", "difference_high"),
        }
        for row in rows
    ]


def lever_label(lever: ScenarioLever) -> str:
    """Return a lever with its own cost, for a switch."""
    cost = lever.cost.fixed
    times = f", up to {lever.levels[-1]:g} times" if len(lever.levels) > 1 else ""
    money = f"{cost:,.0f} a month" if cost else "pay only"
    use = f" + {lever.cost.use:g} per unit of {lever.cost.per}" if lever.cost.use else ""
    return f"{lever.title} ({money}{use}{times})"


def progress_words(progress: InvestProgress) -> str:
    """Return how far a search is, and the best mix so far."""
    stage = progress.stage[:1].upper() + progress.stage[1:]
    return f"{stage}: {progress.done} of {progress.planned}; best so far: {progress.best}"
