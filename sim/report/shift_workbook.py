"""A plan of shifts as a workbook: shifts, coverage with a chart, tours, goals, notes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.planning.shifts.shift_schedule import (
    COVERAGE_COLUMNS,
    SHIFT_COLUMNS,
    ShiftSchedule,
    breaks_as_text,
)
from sim.report.workbook import book

if TYPE_CHECKING:
    from sim.report.workbook import Book


def write_shift_schedule(plan: ShiftSchedule, path: str | Path) -> None:
    """Write a plan as a workbook; it appears whole or not at all.

    Parameters
    ----------
    plan : ShiftSchedule
    path : str or Path
    """
    with book(path) as out:
        out.sheet("Summary", ("quantity", "value"), _summary(plan))
        shifts = (row | {"breaks": breaks_as_text(row["breaks"])} for row in plan.shifts)
        out.sheet("Shifts", SHIFT_COLUMNS, [[row[key] for key in SHIFT_COLUMNS] for row in shifts])
        _coverage(out, plan)
        if plan.tours:
            _tours(out, plan)
        if plan.goals:
            keys = ("text", "value", "low", "high", "probability", "met")
            goals = [[row[key] for key in keys] for row in plan.goals]
            out.sheet("Goals", ("goal", *keys[1:]), [[*row[:5], str(row[5])] for row in goals])
        out.sheet("Notes", ("note",), [[note] for note in (*plan.reasons, *plan.notes)])


def _summary(plan: ShiftSchedule) -> list[list[object]]:
    return [
        ["name", plan.name],
        ["method", plan.method],
        ["paid hours", plan.hours],
        [f"cost ({plan.cost_is})", plan.cost],
        ["people", plan.people],
        ["shifts", plan.shift_count],
        [f"bound ({plan.bound_is})", plan.bound],
        ["gap", plan.gap],
        ["intervals not covered", len(plan.uncovered)],
    ]


def _coverage(out: Book, plan: ShiftSchedule) -> None:
    several = len(plan.inputs.requirement.agents) > 1
    for number, group in enumerate(plan.inputs.requirement.agents, start=1):
        rows = [row for row in plan.coverage if row["group"] == group]
        keys = COVERAGE_COLUMNS[1:]
        title = f"Coverage {number}" if several else "Coverage"
        out.sheet(title, (*keys, "group"), [[*(row[key] for key in keys), group] for row in rows])
        if rows:
            out.draw(title, "line", (1, 2), len(rows), f"Required and on duty: {group}", "agents")


def _tours(out: Book, plan: ShiftSchedule) -> None:
    rows = [
        [
            row["group"], row["pattern"], row["people"],
            ", ".join(f"{one['start']} to {one['end']}" for one in row["shifts"]),
        ]
        for row in plan.tours
    ]  # fmt: skip
    out.sheet("Tours", ("group", "pattern", "people", "shifts"), rows)
