"""Reading a roster file: what a planner wrote, checked and put together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.fileio import SUFFIXES
from sim.messages import show_value
from sim.planning.roster.benchmark_format import is_benchmark, read_benchmark
from sim.planning.roster.day_words import RosterDays, read_days, read_hours, weekday
from sim.planning.roster.person_table import read_persons
from sim.planning.roster.problem import (
    OFF,
    Person,
    Pin,
    RosterProblem,
    RosterShift,
    RuleSetting,
    ShiftDemand,
    Wish,
)
from sim.planning.roster.roster_fields import PersonFields, RosterFields, ShiftFields, with_place
from sim.planning.roster.rule_registry import default_rules
from sim.planning.roster.rule_words import RuleError, read_rules
from sim.planning.roster.shift_plans import (
    ShiftOfPlan,
    first_date,
    is_night,
    read_plan,
    shifts_of_plan,
)
from sim.resources import roster_file
from sim.scenario.problems import Problem, ScenarioError, listed, nearest, placed
from sim.scenario.validation_errors import explain
from sim.toml_text import TomlError, decode_toml, read_toml
from sim.units import DAY, MINUTE, BadInputError

WORK = "work"
MONDAY = dt.date(2026, 1, 5)
MOST_PERSONS = 2_000
MOST_DECISIONS = 3_000_000
"""Persons times days times shifts."""


def read_roster(
    source: str | Path, *, persons: str | Path | None = None, shifts: str | Path | None = None
) -> RosterProblem:
    """Read a roster file.

    Parameters
    ----------
    source : str or Path
        TOML file, the name of a shipped one, a table of persons (with ``shifts``), or an instance
        of schedulingbenchmarks.org.
    persons : str or Path, optional
        Table of persons, in place of those of the file.
    shifts : str or Path, optional
        Plan of shifts, in place of that of the file.

    Returns
    -------
    RosterProblem

    Raises
    ------
    BadInputError
        With file, line or row, field, value and what is allowed.
    """
    path = roster_file(source)
    if path.suffix.lower() in SUFFIXES and path.suffix.lower() != ".txt":
        return _Reader({}, "", path.parent, str(path), path, shifts).problem()
    try:
        text = decode_toml(path.read_bytes())
    except TomlError as error:
        raise ScenarioError([Problem("", str(error), file=str(path), line=error.line)]) from None
    except OSError as error:
        raise BadInputError(f"{path}: cannot be read: {error.strerror}") from None
    if is_benchmark(text):
        return read_benchmark(text, str(path))
    return parse_roster(text, path.parent, str(path), persons=persons, shifts=shifts)


def parse_roster(
    text: str, folder: str | Path = ".", name: str = "roster", *,
    persons: str | Path | None = None, shifts: str | Path | None = None,
) -> RosterProblem:  # fmt: skip
    """Read a roster from the text of a TOML file; parameters as for :func:`read_roster`."""
    try:
        data = read_toml(text)
    except TomlError as error:
        raise ScenarioError([Problem("", str(error), file=name, line=error.line)]) from None
    return _Reader(data, text, Path(folder), name, persons, shifts).problem()


@dataclass
class _Reader:
    data: dict[str, Any]
    text: str
    folder: Path
    name: str
    persons: str | Path | None = None
    plan: str | Path | None = None
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def problem(self) -> RosterProblem:
        """Return the whole, or raise every problem found."""
        try:
            fields = RosterFields.model_validate(self.data)
        except ValidationError as error:
            raise self._error(map(with_place, explain(error, RosterFields))) from None
        planned = self._planned(fields)
        heading = fields.roster
        first = heading.first_day or first_date(planned) or MONDAY
        horizon = RosterDays(first, heading.days)
        shifts, demand = self._shifts(fields, planned, horizon)
        names = frozenset(shift.name for shift in shifts)
        rules = default_rules()
        for rule, setting in self._rules(fields.rules, "rules", names, True).items():
            if setting is None:
                rules.pop(rule, None)
            else:
                rules[rule] = setting
        persons = tuple(self._persons(fields, horizon, names))
        self._check(persons, shifts, demand, horizon)
        known = {person.name: person for person in persons}
        wishes = tuple(self._wishes(fields, horizon, known, names))
        pins = tuple(self._pins(fields, horizon, known, {s.name: s for s in shifts}))
        if self.problems:
            raise self._error(self.problems)
        minutes = round(heading.leave_hours / MINUTE)
        return RosterProblem(
            heading.name, first, heading.days, shifts, persons, demand, wishes, pins, rules,
            minutes, heading.time_zone, tuple(self.notes),
        )  # fmt: skip

    def _error(self, problems: Iterable[Problem]) -> ScenarioError:
        return ScenarioError(placed(problems, self.text, self.name))

    @contextmanager
    def _at(self, path: str) -> Iterator[None]:
        """Note bad input as a problem of a field."""
        try:
            yield
        except RuleError as error:
            self.problems.append(Problem(f"{path}.{error.rule}", str(error)))
        except BadInputError as error:
            self.problems.append(Problem(path, str(error)))

    def _file(self, name: str | Path) -> Path:
        return name if isinstance(name, Path) and name.is_absolute() else self.folder / name

    def _planned(self, fields: RosterFields) -> list[ShiftOfPlan]:
        if self.plan is not None:
            return read_plan(Path(self.plan))
        return [] if fields.shifts is None else read_plan(self._file(fields.shifts.plan))

    def _shifts(
        self, fields: RosterFields, planned: list[ShiftOfPlan], horizon: RosterDays
    ) -> tuple[tuple[RosterShift, ...], tuple[ShiftDemand, ...]]:
        if planned:
            on: set[int] = set()
            with self._at("shifts.days"):
                on = read_days(fields.shifts.days if fields.shifts else ("all",), horizon)
            return shifts_of_plan(planned, horizon.first, horizon.days, on)
        known = fields.shift
        shifts = tuple(self._shift(name, one, known) for name, one in known.items())
        return shifts, tuple(self._demand(fields, horizon, known))

    def _shift(self, name: str, one: ShiftFields, known: Iterable[str]) -> RosterShift:
        if name.lower() in (OFF, WORK):
            self.problems.append(Problem(f"shift.{name}", "means no shift; allowed: another name"))
        end = one.end if one.end > one.start else one.end + DAY
        minutes = round((end - one.start - one.unpaid) / MINUTE)
        if minutes <= 0:
            message = "leaves no paid time; allowed: less than the length of the shift"
            self.problems.append(Problem(f"shift.{name}.unpaid", message))
        self._known(f"shift.{name}.not_before", one.not_before, known, "shift")
        night = is_night(one.start, end) if one.night is None else one.night
        return RosterShift(name, minutes, one.start, end, one.skill, night,
                         frozenset(one.not_before))  # fmt: skip

    def _known(self, path: str, names: Iterable[str], known: Iterable[str], kind: str) -> bool:
        """Tell whether names are known; note the first that is not."""
        for name in names:
            if name not in known:
                hint = nearest(name, known)
                message = f"{show_value(name)} is not a {kind}; allowed: {listed(known)}."
                self.problems.append(Problem(path, message, None, hint))
                return False
        return True

    def _demand(
        self, fields: RosterFields, horizon: RosterDays, known: Iterable[str]
    ) -> Iterator[ShiftDemand]:
        found: dict[tuple[int, str], ShiftDemand] = {}
        for number, one in enumerate(fields.demand):
            path = f"demand.{number}"
            days: set[int] = set()
            with self._at(f"{path}.days"):
                days = read_days(one.days, horizon)
            if not self._known(f"{path}.shift", one.shift, known, "shift"):
                continue
            for shift in one.shift:
                for day in days:  # a later row goes before an earlier one
                    found[day, shift] = ShiftDemand(day, shift, one.agents, one.under, one.over)
        yield from (found[key] for key in sorted(found))

    def _rules(
        self, written: dict[str, Any], path: str, shifts: frozenset[str], team: bool
    ) -> dict[str, RuleSetting | None]:
        with self._at(path):
            return read_rules(written, shifts, team)
        return {}

    def _persons(
        self, fields: RosterFields, horizon: RosterDays, shifts: frozenset[str]
    ) -> Iterator[Person]:
        for name, one in fields.person.items():
            yield self._person(name, one, f"person.{name}", horizon, shifts)
        table = self.persons if self.persons is not None else fields.persons
        if table is None:
            return
        path = Path(self.persons) if self.persons is not None else self._file(str(table))
        seen = set(fields.person)
        for row, name, found in read_persons(path):
            if name in seen:
                raise BadInputError(f"{path}:{row}: person: {show_value(name)} stands twice; "
                                    "allowed: each person once")  # fmt: skip
            seen.add(name)
            try:
                read = PersonFields.model_validate(found)
            except ValidationError as error:
                problem = explain(error, PersonFields)[0]
                raise BadInputError(f"{path}:{row}: {problem.path}: {problem.message}") from None
            before = len(self.problems)
            person = self._person(name, read, "", horizon, shifts)
            if len(self.problems) > before:
                problem = self.problems[before]
                column = problem.path.lstrip(".").removeprefix("rules.")
                raise BadInputError(f"{path}:{row}: {column}: {problem.message}")
            yield person

    def _person(self, name: str, one: PersonFields, path: str, horizon: RosterDays,
                shifts: frozenset[str]) -> Person:  # fmt: skip
        leave: set[int] = set()
        away: set[int] = set()
        hours: dict[int, tuple[float, float]] = {}
        with self._at(f"{path}.leave"):
            leave = read_days(one.leave, horizon, outside=True)
        with self._at(f"{path}.unavailable"):
            away = read_days(one.unavailable, horizon, outside=True)
        for day, value in one.available.items():
            with self._at(f"{path}.available.{day}"):
                hours[weekday(day)] = read_hours(value)
        rules = self._rules(one.rules, f"{path}.rules", shifts, False)
        return Person(name, frozenset(one.skills), frozenset(leave), frozenset(away), hours, rules)

    def _check(self, persons: tuple[Person, ...], shifts: tuple[RosterShift, ...],
               demand: tuple[ShiftDemand, ...], horizon: RosterDays) -> None:  # fmt: skip
        """Refuse what is empty or too large; note persons who can work no shift."""
        if not persons:
            message = "has no persons; allowed: [person.NAME], or a table of persons"
            self.problems.append(Problem("", message))
        if not shifts:
            message = "has no shifts; allowed: [shift.NAME], or shifts = { plan = … }"
            self.problems.append(Problem("", message))
        elif not demand and not self.problems:
            message = "no shift has a demand; allowed: [[demand]] with shift, days and agents"
            self.problems.append(Problem("", message))
        size = len(persons) * horizon.days * len(shifts)
        if len(persons) > MOST_PERSONS or size > MOST_DECISIONS:
            most = f"{MOST_PERSONS:,} persons, and {MOST_DECISIONS:,} of persons × days × shifts"
            self.problems.append(Problem("", f"is too large; allowed: at most {most}"))
        wanted = {shift.skill for shift in shifts}
        skills = sorted(skill for skill in wanted if skill)
        for person in persons:
            if "" not in wanted and not person.skills & wanted:
                self.notes.append(f"{person.name} has none of the skills that the shifts need "
                                  f"({listed(skills)}) and gets no shift")  # fmt: skip
        for skill in skills:
            if not any(skill in person.skills for person in persons):
                self.notes.append(f"no person has the skill {skill}: its shifts stay uncovered")

    def _wishes(self, fields: RosterFields, horizon: RosterDays, persons: dict[str, Person],
                shifts: frozenset[str]) -> Iterator[Wish]:  # fmt: skip
        granted: dict[tuple[str, int], tuple[str, bool]] = {}
        for number, one in enumerate(fields.wish):
            path = f"wish.{number}"
            word = one.want if one.want is not None else one.avoid
            if word is None or (one.want is not None and one.avoid is not None):
                message = "needs want or avoid, one of the two"
                self.problems.append(Problem(path, message))
                continue
            if not self._known(f"{path}.person", [one.person], persons, "person"):
                continue
            plain = word in (OFF, WORK) and one.want is not None
            where = f"{path}.{'want' if one.want is not None else 'avoid'}"
            if not plain and not self._known(where, [word], shifts, "shift"):
                continue
            shift, on = ("", word == WORK) if plain else (word, one.want is not None)
            for day in self._days(f"{path}.days", one.days, horizon):
                self._clash(granted, one.person, day, shift, on, horizon)
                yield Wish(one.person, day, shift, on, one.price)

    def _clash(self, granted: dict[tuple[str, int], tuple[str, bool]], person: str, day: int,
               shift: str, on: bool, horizon: RosterDays) -> None:  # fmt: skip
        """Note two wishes of a person for a day that cannot both be granted."""
        before = granted.setdefault((person, day), (shift, on))
        both_on = before[1] and on and before[0] != shift and before[0] and shift
        on_and_off = before[1] != on and ("" in (before[0], shift) or before[0] == shift)
        if both_on or on_and_off:
            date = horizon.first + dt.timedelta(day)
            self.notes.append(f"wishes of {person} for {date} clash: only one can be granted")

    def _days(self, path: str, written: Iterable[Any], horizon: RosterDays) -> list[int]:
        with self._at(path):
            return sorted(read_days(written, horizon))
        return []

    def _pins(self, fields: RosterFields, horizon: RosterDays, persons: dict[str, Person],
              shifts: dict[str, RosterShift]) -> Iterator[Pin]:  # fmt: skip
        for number, one in enumerate(fields.pinned):
            path = f"pinned.{number}"
            if not self._known(f"{path}.person", [one.person], persons, "person"):
                continue
            if one.shift != OFF:
                if not self._known(f"{path}.shift", [one.shift], shifts, "shift"):
                    continue
                skill = shifts[one.shift].skill
                if skill and skill not in persons[one.person].skills:
                    message = f"{one.person} has not the skill {skill}; allowed: a shift without it"
                    self.problems.append(Problem(f"{path}.shift", message))
                    continue
            for day in self._days(f"{path}.days", one.days, horizon):
                yield Pin(one.person, day, one.shift)
