"""A plan of shifts as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim import units
from sim.planning.shifts.shift_schedule import breaks_as_text
from sim.report.text_table import columns

if TYPE_CHECKING:
    from sim.planning.shifts.shift_schedule import ShiftSchedule

MOST_ROWS = 200
"""Shifts that are shown one by one."""
MOST_INTERVALS = 100
"""Intervals of one group up to which coverage is shown by interval."""
_number, _share = units.show_number, units.show_share


def shift_text(plan: ShiftSchedule) -> str:
    """Return a plan as text: cost and gap, what is missing, shifts, coverage, goals, notes.

    Parameters
    ----------
    plan : ShiftSchedule
    """
    parts = [
        _summary(plan), *_missing(plan), _shifts(plan), *_tours(plan), *_coverage(plan),
        *_goals(plan), *_methods(plan), *(f"- {note}" for note in plan.notes),
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def _summary(plan: ShiftSchedule) -> str:
    cost = f"{_number(plan.cost, 2)} {'in wages' if plan.cost_is == 'wages' else 'paid hours'}"
    if plan.inputs.planning.understaffing is not None or plan.inputs.planning.overstaffing:
        cost += ", over- and understaffing at their prices included"
    optimal = plan.gap == 0 and plan.bound_is == "proven"
    proof = ", proven optimal" if optimal else f" ({plan.bound_is}), gap {_share(plan.gap)}"
    bound = f"bound {_number(plan.bound, 2)}{proof}"
    people = units.counted(plan.people, "agent")
    by_goals = plan.method == "goals"
    purpose = "for the goals" if by_goals else f"covering {plan.inputs.requirement.source}"
    return (
        f"{plan.name}: {units.counted(plan.shift_count, 'shift')} {purpose}\n"
        f"{_number(plan.hours, 2)} paid hours, {people}, cost {cost}; {bound}"
    )


def _missing(plan: ShiftSchedule) -> Iterator[str]:
    if plan.method == "goals":
        yield from plan.reasons
        return
    if not plan.uncovered:
        yield "Covered: the requirement, in every interval."
        return
    yield (
        f"NOT COVERED: {units.counted(len(plan.uncovered), 'interval')}, "
        f"{_number(plan.uncovered_hours, 2)} agent hours"
    )
    yield from (f"  {reason}" for reason in plan.reasons)


def _shifts(plan: ShiftSchedule) -> str:
    head = ["group", "pattern", "start", "end", "agents", "breaks"]
    rows = [_shift(row) for row in plan.shifts[:MOST_ROWS]]
    more = len(plan.shifts) - MOST_ROWS
    rest = f"\n… and {more} more in the JSON, CSV or workbook" if more > 0 else ""
    if not rows:
        return "\nNo shifts"
    widest = max(len(row[-1]) for row in rows)
    table = [head, *rows]
    padded = [[*row[:4], row[4].rjust(6), row[5].ljust(widest)] for row in table]
    return "\nShifts\n" + columns(padded, left=6, rule=False) + rest


def _shift(row: dict[str, Any]) -> list[str]:
    breaks = breaks_as_text(row["breaks"])
    return [row["group"], row["pattern"], row["start"], row["end"], str(row["agents"]), breaks]


def _tours(plan: ShiftSchedule) -> Iterator[str]:
    if not plan.tours:
        return
    head = ["group", "pattern", "people", "days and hours"]
    rows = []
    for row in plan.tours[:MOST_ROWS]:
        hours = ", ".join(
            f"{one['start'][5:16].replace('T', ' ')}-{one['end'].rpartition('T')[2]}"
            for one in row["shifts"]
        )
        rows.append([row["group"], row["pattern"], str(row["people"]), hours])
    yield "\nWeekly tours\n" + columns([head, *rows], left=4, rule=False)


def _coverage(plan: ShiftSchedule) -> Iterator[str]:
    for group in plan.inputs.requirement.agents:
        rows = [row for row in plan.coverage if row["group"] == group]
        if not rows or len(rows) > MOST_INTERVALS:
            continue
        lines = [
            [row["interval"], *(_number(float(row[key]), 2) for key in _COUNTS)] for row in rows
        ]
        head = ["interval", "required", "on duty", "overstaffed", "understaffed"]
        yield f"\nCoverage of {group}, agents net of breaks\n" + columns([head, *lines], rule=False)


_COUNTS = ("required", "agents", "over", "short")


def _goals(plan: ShiftSchedule) -> Iterator[str]:
    if not plan.goals:
        return
    head = ["goal", "simulated", "95 % CI", "holds with", "met"]
    lines = []
    for goal in plan.goals:
        low, high = goal["low"], goal["high"]
        span = "-" if low is None else f"{_value(goal, low)} to {_value(goal, high)}"
        sure = "-" if goal["probability"] is None else _share(round(goal["probability"], 3))
        met = "yes" if goal["met"] else "NO"
        lines.append([goal["text"], _value(goal, goal["value"]), span, sure, met])
    runs = units.counted(plan.runs, "replication")
    yield f"\nGoals, simulated with these shifts ({runs}, seed {plan.seed})\n" + columns(
        [head, *lines], rule=False
    )


def _value(goal: dict[str, Any], value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1f} s" if goal["metric"].endswith("_s") else f"{100 * value:.1f}%"


def _methods(plan: ShiftSchedule) -> Iterator[str]:
    if len(plan.methods) < 2:
        return
    head = ["method", "hours", "cost", "people", "bound", "gap", "goals met"]
    lines = [
        [
            row["method"] + (f" ({row['requirement']})" if row["requirement"] else ""),
            _number(row["hours"], 2), _number(row["cost"], 2), str(row["people"]),
            _number(row["bound"], 2), _share(round(row["gap"], 4)),
            f"{row['goals_met']} of {row['goals']}",
        ]
        for row in plan.methods
    ]  # fmt: skip
    yield "\nMethods compared\n" + columns([head, *lines], rule=False)
