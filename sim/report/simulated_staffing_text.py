"""Staffing by simulation as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim import units
from sim.report.text_table import columns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sim.planning.simulated_goals import GoalRow
    from sim.planning.simulated_staffing import MethodRow, SimulatedStaffing

METHODS = {
    "erlang_c": "Erlang C",
    "erlang_a": "Erlang A",
    "modified_offered_load": "modified offered load",
    "simulation": "simulation",
}
MOST_INTERVALS = 120


def simulated_staffing_text(found: SimulatedStaffing) -> str:
    """Return goals that are missed first, then plan, goals, methods and notes.

    Parameters
    ----------
    found : SimulatedStaffing
    """
    parts = [f"{found.name}: agents by simulation", *_verdict(found)]
    shared = _shared_condition(found.goals)
    days = f"{found.days:,} replications that the search did not use"
    parts += ["", f"Goals{shared}, from {days}"]
    goals = [_goal(row, shared) for row in found.goals]
    parts.append(columns([list(_GOAL_HEAD), *goals], rule=False))
    parts += ["", "Agents to schedule", _plan(found)]
    parts += ["", "The same scenario by each method, and what it gives when simulated"]
    methods = [_method(found, row, shared) for row in found.methods]
    parts.append(columns([list(_METHOD_HEAD), *methods], rule=False))
    parts += _effects(found, shared)
    parts += [f"- {note}" for note in (*found.notes, *_fixed_notes(found))]
    return "\n".join(parts) + "\n"


_GOAL_HEAD = ("goal", "simulated", "95 % CI", "probability", "")
_METHOD_HEAD = ("method", "hours", "before rounding", "cost", "goals met", "")


def _verdict(found: SimulatedStaffing) -> list[str]:
    """Return what a planner reads first: what is missed, why the search ended, hours and bound."""
    lines = [_missed(row) for row in found.goals if not row.met]
    if found.stopped:
        why = "interrupted" if found.stopped == "interrupted" else "out of time"
        what = "this is the best plan so far, not the end of the search"
        if not found.searched:
            what = "nothing was searched, this is the plan of a formula"
        lines.append(f"STOPPED ({why}): {what}")
    cost = f", cost {found.cost:,.2f}" if found.paid else ""
    heading = "All goals hold" if found.met else "Goals are missed"
    lines.append(f"{heading} with {found.hours:,.1f} agent-hours{cost}")
    if found.bound is not None and found.gap is not None:
        unit = "cost" if found.paid else "hours"
        kind = "no cheaper plan exists on the days of the search (all were simulated)"
        if found.bound_is == "heuristic":
            kind = f"heuristic, gap {units.show_share(found.gap)}"
        lines.append(f"Lower bound: {unit} {found.bound:,.1f} ({kind})")
    return lines


def _missed(row: GoalRow) -> str:
    value = _value(row, row.value)
    missed = f"MISSED: {row.text}: {value} simulated{_span(row)}"
    if row.periods > 1:
        missed += f", in {row.periods_missed} of {row.periods} periods, lowest at {row.worst}"
    return missed


def _value(row: GoalRow, value: float | None) -> str:
    if value is None:
        return "no value"
    seconds = row.metric.endswith("_s")
    return f"{value:.1f} s" if seconds else units.show_share(value)


def _span(row: GoalRow) -> str:
    if row.low is None or row.high is None:
        return ""
    return f" ({_value(row, row.low)} to {_value(row, row.high)})"


def _shared_condition(goals: Sequence[GoalRow]) -> str:
    """Return period and days that all goals share, such as `` in every interval``, else nothing."""
    ends = {"".join(row.text.partition(" in every ")[1:]) for row in goals}
    return ends.pop() if len(ends) == 1 else ""


def _goal(row: GoalRow, shared: str) -> list[str]:
    span = _span(row).strip(" ()")
    sure = "" if row.probability is None else units.show_share(row.probability, 0)
    text = row.text.removesuffix(shared)
    return [text, _value(row, row.value), span, sure, "" if row.met else "missed"]


def _plan(found: SimulatedStaffing) -> str:
    """Return a table of intervals and groups; days where there are too many intervals."""
    groups = list(dict.fromkeys(row["group"] for row in found.staffing))
    table: dict[str, dict[str, float]] = {}
    hours = found.interval_s / units.HOUR
    intervals = {row["interval"] for row in found.staffing}
    by_day = len(intervals) > MOST_INTERVALS
    for row in found.staffing:
        key = row["interval"][:10] if by_day else row["interval"].replace("T", " ")
        line = table.setdefault(key, dict.fromkeys(groups, 0.0))
        line[row["group"]] += row["agents"] * (hours if by_day else 1)
    head = ["hours by day" if by_day else "interval", *groups, "all"]
    lines = [
        [key, *(f"{line[g]:g}" for g in groups), f"{sum(line.values()):g}"]
        for key, line in table.items()
    ]
    return columns([head, *lines], rule=False)


def _method(found: SimulatedStaffing, row: MethodRow, shared: str) -> list[str]:
    fractional = "" if row.fractional_hours is None else f"{row.fractional_hours:,.1f}"
    cost = f"{row.cost:,.2f}" if found.paid else ""
    met = "" if row.goals_met is None else f"{row.goals_met} of {len(row.goals)}"
    worst = row.worst.replace(f"{shared}:", ":") if shared else row.worst
    return [METHODS[row.method], f"{row.hours:,.1f}", fractional, cost, met, worst]


def _effects(found: SimulatedStaffing, shared: str) -> list[str]:
    """Return what single agents change, by interval and group; nothing for many intervals."""
    groups = list(dict.fromkeys(row["group"] for row in found.effects))
    intervals = list(dict.fromkeys(row["interval"] for row in found.effects))
    if not intervals or len(intervals) > MOST_INTERVALS:
        return []
    goals = list(dict.fromkeys(row["goal"] for row in found.effects))
    letters = {goal: chr(ord("a") + k % 26) for k, goal in enumerate(goals)}
    units_of = {row.text: "%" if row.metric.endswith("_s") else "pp" for row in found.goals}
    cells = {
        (row["interval"], row["group"]): f"{letters[row['goal']]} "
        f"{_change(row, 'one_more')} / {_change(row, 'one_less')} {units_of.get(row['goal'], '')}"
        for row in found.effects
    }
    lines = [
        [when.replace("T", " "), *(cells.get((when, group), "") for group in groups)]
        for when in intervals
    ]
    return [
        "",
        "What one agent more / one fewer changes of the goal nearest to a miss (95 % CI; pp: "
        "percentage points, %: of the target)",
        *(f"{letters[goal]}: {goal.removesuffix(shared)}" for goal in goals),
        columns([["interval", *groups], *lines], rule=False),
    ]


def _change(row: dict[str, Any], name: str) -> str:
    half = (row[f"{name}_high"] - row[f"{name}_low"]) / 2
    return f"{100 * row[name]:+.2f} ±{100 * half:.2f}"


def _fixed_notes(found: SimulatedStaffing) -> list[str]:
    notes = [
        "agents are those to schedule: the simulation takes planned shrinkage and absence off",
        "probability: that the goal holds in the long run in all its periods, as far as these "
        "replications tell",
    ]
    if any(row.per == "day" and row.days_met is None for row in found.goals):
        notes.append(
            "single days differ: the goal of a day holds on average of its replications; "
            "--days-met 90% requires it in 90% of them"
        )
    if not found.paid:
        notes.append("not every group has a wage, so the plan with the fewest hours was searched")
    return notes
