"""A roster as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.workbook import book

if TYPE_CHECKING:
    from sim.planning.roster import Roster

SHIFTS = ("person", "day", "shift", "start", "end", "hours")
PERSONS = ("person", "shifts", "hours", "nights", "weekends", "cost")
VIOLATIONS = ("rule", "hard", "person", "day", "shift", "amount", "price", "text")
COVER = ("day", "shift", "required", "agents", "difference")
LEAVE = "leave"


def write_roster(path: str | Path, roster: Roster) -> None:
    """Write sheets Calendar, Persons, Shifts, Cover and Violations.

    Parameters
    ----------
    path : str or Path
    roster : Roster

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    problem = roster.problem
    dates = [f"{problem.date(day):%a %Y-%m-%d}" for day in range(problem.days)]
    with book(path) as out:
        out.sheet("Calendar", ["person", *dates], _calendar(roster))
        out.sheet("Persons", PERSONS, _rows(roster.persons(), PERSONS))
        out.sheet("Shifts", SHIFTS, _rows(roster.rows(), SHIFTS))
        out.sheet("Cover", COVER, _cover(roster))
        out.sheet("Violations", VIOLATIONS, _rows(roster.violation_rows(), VIOLATIONS))


def _calendar(roster: Roster) -> Iterator[list[object]]:
    for person in roster.problem.persons:
        yield [
            person.name,
            *(
                roster.assignments.get((person.name, day), LEAVE if day in person.leave else None)
                for day in range(roster.problem.days)
            ),
        ]


def _rows(rows: Any, keys: tuple[str, ...]) -> Iterator[list[object]]:
    for row in rows:
        yield [row[key] for key in keys]


def _cover(roster: Roster) -> Iterator[list[object]]:
    for one in roster.problem.demand:
        agents = roster.agents(one.day, one.shift)
        date = roster.problem.date(one.day).isoformat()
        yield [date, one.shift, one.agents, agents, agents - one.agents]
