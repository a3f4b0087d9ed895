"""A roster as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.report.text_table import columns
from sim.units import show_clock, show_number, show_share

if TYPE_CHECKING:
    from sim.planning.roster import Roster, RosterProblem

BLOCK = 14
"""Days of one calendar; longer rosters have several."""
MOST_ROWS = 60
"""Violations that are listed."""


def roster_text(roster: Roster) -> str:
    """Return cost and bound, a calendar of persons and days, sums, and what is not kept.

    Parameters
    ----------
    roster : Roster
    """
    parts = ["\n".join([verdict(roster), *(f"Note: {text}" for text in roster.notes)])]
    codes = shift_codes(roster.problem)
    for first in range(0, roster.problem.days, BLOCK):
        parts.append(
            _calendar(roster, codes, range(first, min(first + BLOCK, roster.problem.days)))
        )
    parts.append("\n".join(_legend(roster.problem, codes)))
    parts.append(_persons(roster))
    parts.append(_violations(roster))
    return "\n\n".join(parts) + "\n"


def verdict(roster: Roster) -> str:
    """Return in a sentence how good a roster is."""
    cost = f"cost of broken rules {show_number(roster.cost)}"
    if roster.proven:
        said = f"{cost}, proven: no roster is cheaper"
    elif roster.bound is None:
        said = cost
    else:
        gap = show_share(roster.gap or 0.0)
        said = f"{cost}, no roster costs less than {show_number(roster.bound)} (gap {gap})"
    stopped = {
        "time limit": "; the best found within the time limit",
        "interrupted": "; interrupted, the best so far",
    }
    kept = "" if roster.feasible else "; hard rules are broken"
    return f"{roster.problem.name}: {said}{stopped.get(roster.stopped, '')}{kept}"


def shift_codes(problem: RosterProblem) -> dict[str, str]:
    """Return a short code for each shift: its first letters, or a number where they are alike."""
    names = [shift.name for shift in problem.shifts]
    for length in (1, 2, 3):
        codes = [name[:length].upper() for name in names]
        if len(set(codes)) == len(names):
            return dict(zip(names, codes, strict=True))
    return {name: f"S{number}" for number, name in enumerate(names, 1)}


def _calendar(roster: Roster, codes: dict[str, str], days: range) -> str:
    problem = roster.problem
    dates = [problem.date(day) for day in days]
    head = ["", *(f"{date:%a}" for date in dates)]
    table = [head, ["", *(f"{date:%m-%d}" for date in dates)]]
    for person in problem.persons:
        cells = [codes.get(roster.assignments.get((person.name, day), ""), "") for day in days]
        away = [
            cell or ("x" if day in person.leave else ".")
            for day, cell in zip(days, cells, strict=True)
        ]
        table.append([person.name, *away])
    return columns(table)


def _legend(problem: RosterProblem, codes: dict[str, str]) -> Iterator[str]:
    for shift in problem.shifts:
        times = ""
        if shift.start is not None and shift.end is not None:
            times = f"{show_clock(shift.start)}-{show_clock(shift.end % 86400)}"
        said = shift.name if times in shift.name else f"{shift.name}: {times}"
        yield f"{codes[shift.name]:<3} {said}, {show_number(shift.minutes / 60)} h paid"
    yield "x   leave"


def _persons(roster: Roster) -> str:
    head = ["person", "shifts", "hours", "nights", "weekends", "cost of broken rules"]
    keys = ("shifts", "hours", "nights", "weekends", "cost")
    rows = [[str(row["person"]), *(_cell(row[key]) for key in keys)] for row in roster.persons()]
    return columns([head, *rows])


def _violations(roster: Roster) -> str:
    rows = roster.violation_rows()
    if not rows:
        return "Every rule is kept, every wish is granted."
    hard, soft = ([row for row in rows if row["hard"] is kind] for kind in (True, False))
    price = show_number(round(sum(row["price"] for row in soft), 4))
    parts = []
    if hard:
        parts.append(_rules(f"Hard rules broken: {len(hard)}", hard))
    if soft:
        parts.append(_rules(f"Soft rules broken: {len(soft)}, at a price of {price}", soft))
    return "\n\n".join(parts)


def _rules(title: str, rows: list[dict[str, Any]]) -> str:
    table = [["rule", "price", ""]]
    for row in rows[:MOST_ROWS]:
        table.append([row["rule"], _cell(row["price"]), str(row["text"])])
    more = len(rows) - MOST_ROWS
    return f"{title}\n" + columns(table, left=1) + (f"\nand {more:,} more" if more > 0 else "")


def _cell(value: Any) -> str:
    return show_number(float(value))
