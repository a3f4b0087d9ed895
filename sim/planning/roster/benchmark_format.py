"""Instances of schedulingbenchmarks.org (Curtois and Qu 2014) in their text form.

Sections begin with ``SECTION_``; rows are separated by commas, ``#`` begins a comment. All rules
of the instances are hard but wishes and cover; day 0 is a Monday.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from sim.planning.roster.problem import (
    Person,
    RosterProblem,
    RosterShift,
    RuleSetting,
    ShiftDemand,
    Wish,
)
from sim.planning.roster.rule_registry import default_rules
from sim.units import BadInputError, show_number

MARK = "SECTION_"
MONDAY = dt.date(2024, 1, 1)
"""Day 0 of every instance: they have no dates."""
MOST_DAYS = 366
MOST_ROWS = 200_000
MINUTES = 60.0
_STAFF = (
    "max_hours",
    "min_hours",
    "max_consecutive_days",
    "min_consecutive_days",
    "min_consecutive_days_off",
    "max_weekends",
)
"""Rules in the order of the columns of ``SECTION_STAFF``, after the shifts."""


@dataclass
class _Reader:
    name: str
    rows: dict[str, list[tuple[int, list[str]]]] = field(default_factory=dict)

    def fail(self, line: int, message: str) -> BadInputError:
        return BadInputError(f"{self.name}:{line}: {message}")

    def section(self, name: str, cells: int) -> Iterator[tuple[int, list[str]]]:
        """Return the rows of a section, each with as many cells as it needs."""
        for line, row in self.rows.get(MARK + name, []):
            if len(row) < cells:
                raise self.fail(line, f"{MARK}{name}: has {len(row)} cells; allowed: {cells}")
            yield line, row

    def whole(self, line: int, text: str, most: int = 10_000_000) -> int:
        """Return a whole number of a cell."""
        if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) > most:
            allowed = f"a whole number from 0 to {show_number(most)}"
            raise self.fail(line, f"{text[:80]!r} is not allowed; allowed: {allowed}")
        return int(text)


def is_benchmark(text: str) -> bool:
    """Tell whether a text is such an instance."""
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    return first.startswith(MARK)


def read_benchmark(text: str, name: str) -> RosterProblem:
    """Return the problem of an instance.

    Parameters
    ----------
    text : str
    name : str
        Of the file, for messages.

    Raises
    ------
    BadInputError
        With file, line and what is allowed.
    """
    reader = _Reader(name)
    section: list[tuple[int, list[str]]] | None = None
    for line, text_line in enumerate(text.splitlines(), 1):
        row = text_line.strip()
        if not row or row.startswith("#"):
            continue
        if row.startswith(MARK):
            section = reader.rows.setdefault(row, [])
        elif section is None:
            raise reader.fail(line, f"{row[:80]!r} stands before the first section; allowed: "
                                    f"a line that begins with {MARK}")  # fmt: skip
        else:
            section.append((line, [cell.strip() for cell in row.split(",")]))
    if sum(map(len, reader.rows.values())) > MOST_ROWS:
        raise BadInputError(f"{name}: has more than {show_number(MOST_ROWS)} rows; allowed: fewer")
    return _problem(reader)


def _problem(reader: _Reader) -> RosterProblem:
    horizon = next(reader.section("HORIZON", 1), None)
    if horizon is None:
        raise BadInputError(f"{reader.name}: {MARK}HORIZON is missing; allowed: a number of days")
    days = reader.whole(horizon[0], horizon[1][0], MOST_DAYS)
    shifts = tuple(_shifts(reader))
    known = {shift.name for shift in shifts}
    persons = tuple(_persons(reader, days, known))
    if not days or not shifts or not persons:
        missing = "days" if not days else "shifts" if not shifts else "staff"
        raise BadInputError(f"{reader.name}: has no {missing}; allowed: at least one")
    names = {person.name for person in persons}
    wishes = (
        *_wishes(reader, "SHIFT_ON_REQUESTS", True, days, known, names),
        *_wishes(reader, "SHIFT_OFF_REQUESTS", False, days, known, names),
    )
    demand = {(day, shift.name): ShiftDemand(day, shift.name, 0, 0.0, 0.0)
              for day in range(days) for shift in shifts}  # fmt: skip
    for line, row in reader.section("COVER", 5):
        day, agents, under, over = (reader.whole(line, row[k]) for k in (0, 2, 3, 4))
        _check(reader, line, days, known, names, day, row[1])
        demand[day, row[1]] = ShiftDemand(day, row[1], agents, float(under), float(over))
    return RosterProblem(
        reader.name, MONDAY, days, shifts, persons, tuple(demand.values()), wishes,
        rules=default_rules(),
    )  # fmt: skip


def _check(reader: _Reader, line: int, days: int, shifts: set[str], persons: set[str], day: int,
           shift: str, person: str | None = None) -> None:  # fmt: skip
    if person is not None and person not in persons:
        raise reader.fail(line, f"{person[:80]!r} is not among the staff")
    if shift not in shifts:
        raise reader.fail(
            line, f"{shift[:80]!r} is not a shift; allowed: {', '.join(sorted(shifts))}"
        )
    if day >= days:
        raise reader.fail(line, f"day {day} is beyond the horizon; allowed: 0 to {days - 1}")


def _shifts(reader: _Reader) -> Iterator[RosterShift]:
    rows = list(reader.section("SHIFTS", 2))
    for line, row in rows:
        after = frozenset(filter(None, row[2].split("|"))) if len(row) > 2 else frozenset()
        yield RosterShift(row[0], reader.whole(line, row[1]), not_before=after)


def _persons(reader: _Reader, days: int, shifts: set[str]) -> Iterator[Person]:
    off: dict[str, set[int]] = {}
    for line, row in reader.section("DAYS_OFF", 1):
        off.setdefault(row[0], set()).update(reader.whole(line, cell) for cell in row[1:])
    for line, row in reader.section("STAFF", 8):
        most = dict[str, float]()
        for part in filter(None, row[1].split("|")):
            shift, _, number = part.partition("=")
            if shift not in shifts:
                raise reader.fail(line, f"{shift[:80]!r} is not a shift")
            if (bound := reader.whole(line, number)) < days:
                most[shift] = float(bound)
        rules: dict[str, RuleSetting | None] = {}
        for name, cell in zip(_STAFF, row[2:8], strict=True):
            number_ = float(reader.whole(line, cell))
            rules[name] = RuleSetting(number_ / MINUTES if name.endswith("hours") else number_)
        if most:
            rules["max_shifts"] = RuleSetting(most)
        yield Person(row[0], leave=frozenset(off.pop(row[0], set())), rules=rules)
    if off:
        raise BadInputError(f"{reader.name}: {MARK}DAYS_OFF: {next(iter(off))[:80]!r} is not among "
                            "the staff")  # fmt: skip


def _wishes(reader: _Reader, section: str, on: bool, days: int, shifts: set[str],
            persons: set[str]) -> Iterator[Wish]:  # fmt: skip
    for line, row in reader.section(section, 4):
        day, price = reader.whole(line, row[1]), reader.whole(line, row[3])
        _check(reader, line, days, shifts, persons, day, row[2], row[0])
        yield Wish(row[0], day, row[2], on, float(price))
