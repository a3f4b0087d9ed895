"""A roster: who works which shift on which day, what it breaks, and how good it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.extras import need
from sim.planning.roster.mixed_integer_model import SHARED
from sim.planning.roster.problem import RosterProblem, RosterShift
from sim.planning.roster.roster_model import Assignments, Violation
from sim.planning.roster.violation_text import violation_sentence
from sim.result_output import Output, reports
from sim.units import show_clock

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("person", "day", "shift", "start", "end", "hours", "index")
MINUTES = 60.0


@dataclass(frozen=True, repr=False)
class Roster(Output):
    """A roster of named persons.

    Attributes
    ----------
    problem : RosterProblem
    assignments : dict of (str, int) to str
        Shift by person and day (from 0); a day off has no entry.
    violations : tuple of Violation
        Every rule that is not kept; their prices add up to the cost.
    cost : float
    bound : float or None
        No roster costs less; None when it was not looked for.
    proven : bool
        Whether nothing is cheaper.
    seconds : float
        Time of the search.
    stopped : {"", "time limit", "interrupted"}
        Why the search ended before it was proven.
    notes : tuple of str
    """

    problem: RosterProblem
    assignments: Assignments = field(repr=False)
    violations: tuple[Violation, ...] = field(repr=False)
    cost: float
    bound: float | None
    proven: bool
    seconds: float
    stopped: str = ""
    notes: tuple[str, ...] = ()

    @property
    def gap(self) -> float | None:
        """Difference of cost and bound as a share of the cost; None without a bound."""
        if self.bound is None:
            return None
        return (self.cost - self.bound) / self.cost if self.cost > 0 else 0.0

    @property
    def feasible(self) -> bool:
        """Whether every hard rule is kept."""
        return not any(one.hard for one in self.violations)

    def __repr__(self) -> str:
        """Return the roster in one line."""
        state = "proven" if self.proven else f"bound={self.bound}"
        size = f"{len(self.problem.persons)} persons, {self.problem.days} days"
        return f"Roster({self.problem.name!r}, {size}, cost={self.cost:g}, {state})"

    def shift_of(self, person: str, day: int) -> RosterShift | None:
        """Return the shift of a person on a day; None on a day off."""
        name = self.assignments.get((person, day))
        return None if name is None else self.problem.shift[name]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give a row for each shift of each person, columns as in `COLUMNS`."""
        for person in self.problem.persons:
            for day in range(self.problem.days):
                shift = self.shift_of(person.name, day)
                if shift is not None:
                    yield {
                        "person": person.name,
                        "day": self.problem.date(day).isoformat(),
                        "shift": shift.name,
                        "start": clock_text(shift.start),
                        "end": clock_text(shift.end),
                        "hours": shift.minutes / MINUTES,
                        "index": day,
                    }

    def agents(self, day: int, shift: str) -> int:
        """Return the number of persons on a shift of a day."""
        return sum(self.assignments.get((p.name, day)) == shift for p in self.problem.persons)

    def uncovered(self) -> Iterator[dict[str, Any]]:
        """Give a row for each shift and day with fewer agents than required."""
        for need_ in self.problem.demand:
            found = self.agents(need_.day, need_.shift)
            if found < need_.agents:
                yield {
                    "day": self.problem.date(need_.day).isoformat(),
                    "shift": need_.shift,
                    "required": need_.agents,
                    "agents": found,
                    "short": need_.agents - found,
                }

    def persons(self) -> Iterator[dict[str, Any]]:
        """Give the sums of each person: shifts, hours, nights, weekends, cost of broken rules."""
        for person in self.problem.persons:
            days = [d for d in range(self.problem.days) if (person.name, d) in self.assignments]
            shifts = [self.problem.shift[self.assignments[person.name, d]] for d in days]
            worked = set(days)
            yield {
                "person": person.name,
                "shifts": len(shifts),
                "hours": sum(shift.minutes for shift in shifts) / MINUTES,
                "nights": sum(shift.night for shift in shifts),
                "weekends": sum(bool(worked.intersection(w)) for w in self.problem.weekends),
                "cost": sum(v.price for v in self.violations if v.person == person.name),
            }

    def violation_rows(self) -> list[dict[str, Any]]:
        """Return a row for each rule that is not kept, the hard ones first."""
        ordered = sorted(self.violations, key=lambda one: not one.hard)
        return [violation_row(self.problem, one) for one in ordered]

    def table(self) -> pd.DataFrame:
        """Return the shifts as a table, columns as in `COLUMNS`."""
        need("table", "pandas")
        import pandas as pd

        return pd.DataFrame(list(self.rows()), columns=list(COLUMNS))

    def text(self) -> str:
        """Return the roster as text: a calendar, sums of each person, and what is not kept."""
        return str(reports("roster_text").roster_text(self))

    def to_calendars(self, folder: str | Path) -> list[Path]:
        """Write an iCalendar file for each person; return the files.

        Parameters
        ----------
        folder : str or Path
            Created where it does not exist.

        Raises
        ------
        BadInputError
            When a file cannot be written.
        """
        return list(reports("roster_calendars").write_calendars(self, folder))

    def document(self) -> dict[str, Any]:
        """Return what the command line writes as JSON."""
        from sim import __version__

        return {
            "roster": self.problem.name,
            "version": __version__,
            "cost": self.cost,
            "bound": self.bound,
            "gap": self.gap,
            "proven": self.proven,
            "feasible": self.feasible,
            "stopped": self.stopped,
            "seconds": round(self.seconds, 2),
            "assignments": list(self.rows()),
            "persons": list(self.persons()),
            "violations": self.violation_rows(),
            "uncovered": list(self.uncovered()),
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """Return the document as JSON text."""
        return json.dumps(self.document(), indent=1, allow_nan=False)


def violation_row(problem: RosterProblem, one: Violation) -> dict[str, Any]:
    """Return a violation as a row: with its date, and a sentence."""
    return {
        "rule": one.rule,
        "hard": one.hard,
        "person": one.person or None,
        "day": None if one.day == SHARED else problem.date(one.day).isoformat(),
        "shift": one.shift or None,
        "amount": one.amount,
        "price": one.price,
        "text": violation_sentence(problem, one),
    }


def clock_text(seconds: float | None) -> str | None:
    """Return a time of day, that of the next day where it lies beyond midnight."""
    return None if seconds is None else show_clock(seconds % 86400)
