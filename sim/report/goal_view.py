"""Goals of a plan as tables for pages: whether they hold, and what each method gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.metrics import catalogue
from sim.metrics.metric_titles import label
from sim.report.formatting import show

METHODS = {
    "erlang_c": "Erlang C",
    "erlang_a": "Erlang A",
    "modified_offered_load": "Modified offered load",
    "simulation": "Simulation",
    "cover": "Cover the requirement by formula",
    "cover simulation": "Cover the requirement by simulation",
    "cover table": "Cover the table of requirements",
    "goals": "Straight from the goals",
}
"""What methods of plans are called."""
Goal = Mapping[str, Any]
"""A goal as :meth:`sim.planning.simulated_goals.GoalRow.record` returns it."""


def goal_words(goal: Goal) -> str:
    """Return a goal in words: ``billing: service level at least 80% within 20s in every day``."""
    place = "total" if goal["scope"] == "total" else f"{goal['scope']}.{goal['name']}"
    rest = str(goal["text"]).removeprefix(place).strip()
    rest = rest.replace(str(goal["metric"]), label(str(goal["metric"])), 1)
    return f"{'Whole center' if goal['scope'] == 'total' else goal['name']}: {rest}"


def goal_table(goals: Sequence[Goal]) -> list[dict[str, str]]:
    """Return goals with what was simulated of each, those that are missed first."""
    return [
        {
            "Goal": goal_words(goal),
            "Simulated": _value(goal),
            "Probability that it holds": show(goal["probability"], "share"),
            "Worst": _when(goal),
            "Missed in": f"{goal['periods_missed']} of {goal['periods']}",
            "Status": "met" if goal["met"] else "missed",
        }
        for goal in sorted(goals, key=lambda one: bool(one["met"]))
    ]


def _when(goal: Goal) -> str:
    """Return when the worst period is: a day by its date, where there are several."""
    date, _, clock = str(goal["worst"] or "").rpartition("T")
    if goal["per"] == "interval":
        return f"{date} {clock}".strip() or "-"
    return date or "-"


def _value(goal: Goal) -> str:
    unit = catalogue()[str(goal["metric"])].unit
    text = show(goal["value"], unit)
    if goal["low"] is None or goal["high"] is None:
        return text
    return f"{text} ({show(goal['low'], unit)} to {show(goal['high'], unit)})"


def method_table(methods: Sequence[Mapping[str, Any]], unit: str) -> list[dict[str, str]]:
    """Return what each method costs, and which goals hold when its plan is simulated.

    Parameters
    ----------
    methods : sequence of mapping
        With ``method, hours, cost, goals_met, goals`` and perhaps ``fractional_hours, worst,
        people``.
    unit : {"money", "h"}
        Of the cost.
    """
    rows = []
    for one in methods:
        row = {
            "Method": _method(one),
            "Agent-hours": show(one["hours"], "h"),
            "Cost": show(one["cost"], unit),
            "Goals met": "-"
            if one["goals_met"] is None
            else f"{one['goals_met']} of {one['goals']}",
        }
        if "fractional_hours" in one:
            row["Before rounding up"] = show(one["fractional_hours"], "h")
        if "worst" in one:
            row["Worst goal"] = str(one["worst"]).replace("_", " ")
        rows.append(row)
    return rows


def _method(one: Mapping[str, Any]) -> str:
    """Return what a method is called, with the requirement that it covers."""
    method = str(one["method"])
    return METHODS.get(f"{method} {one.get('requirement', '')}", METHODS.get(method, method))


def goals_alt_text(goals: Sequence[Goal]) -> str:
    """Return how many goals hold, in a sentence."""
    met = sum(bool(one["met"]) for one in goals)
    return f"{met} of {len(goals)} goals are met in simulation."
