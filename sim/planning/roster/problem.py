"""What a roster is made from: persons, types of shifts, demand, wishes, and the rules in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

OFF = "off"
"""Written in place of a shift where a person does not work."""
WEEK_DAYS = 7
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """How a rule is used.

    Attributes
    ----------
    value : float or mapping of str to float
        The number of the rule, such as hours or days; by shift for a rule about single shifts;
        None for a rule without a number.
    price : float or None
        Cost of each unit by which the rule is broken; None for a hard rule.
    """

    value: float | Mapping[str, float] | None = None
    price: float | None = None

    @property
    def number(self) -> float:
        """The value of a rule that has one number."""
        assert isinstance(self.value, int | float)
        return float(self.value)

    @property
    def by_shift(self) -> Mapping[str, float]:
        """The value of a rule that has a number for each shift."""
        assert isinstance(self.value, Mapping)
        return self.value


@dataclass(frozen=True, slots=True)
class RosterShift:
    """A shift that persons can work on any day on which it is wanted.

    Attributes
    ----------
    name : str
    minutes : int
        Paid time.
    start, end : float or None
        Seconds from midnight of the day, the end beyond 24 h where the shift ends on the next
        day; None where only the length is known.
    skill : str
        What a person must be able to do; empty when everybody can work the shift.
    night : bool
    not_before : frozenset of str
        Shifts that may not follow on the next day.
    """

    name: str
    minutes: int
    start: float | None = None
    end: float | None = None
    skill: str = ""
    night: bool = False
    not_before: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Person:
    """A person and what is particular to this person.

    Attributes
    ----------
    name : str
    skills : frozenset of str
    leave, unavailable : frozenset of int
        Days, counted from 0. Leave counts as worked time where the problem says how much.
    hours_of_day : mapping of int to (float, float)
        By weekday (0 is Monday): the time (s) within which shifts must lie.
    rules : mapping of str to RuleSetting or None
        Rules that differ from those of everybody; None removes one.
    """

    name: str
    skills: frozenset[str] = frozenset()
    leave: frozenset[int] = frozenset()
    unavailable: frozenset[int] = frozenset()
    hours_of_day: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    rules: Mapping[str, RuleSetting | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShiftDemand:
    """How many agents a shift needs on a day.

    Attributes
    ----------
    day : int
    shift : str
    agents : int
    under, over : float or None
        Price of each agent too few and too many; None takes that of the rule.
    """

    day: int
    shift: str
    agents: int
    under: float | None = None
    over: float | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person would like on a day.

    Attributes
    ----------
    person : str
    day : int
    shift : str
        Empty for any shift: the wish is for work, or for a day off.
    on : bool
        Whether the person would like to work the shift, or would like not to.
    price : float or None
        Cost when it is not granted; None takes that of the rule.
    """

    person: str
    day: int
    shift: str
    on: bool
    price: float | None = None


@dataclass(frozen=True, slots=True)
class Pin:
    """A shift (or ``OFF``) that is settled for a person on a day."""

    person: str
    day: int
    shift: str


@dataclass(frozen=True)
class RosterProblem:
    """Everything that a roster has to keep to.

    Attributes
    ----------
    name : str
    first_day : datetime.date
    days : int
    shifts : tuple of RosterShift
    persons : tuple of Person
    demand : tuple of ShiftDemand
        At most one for each day and shift; a shift without one is not worked on that day.
    wishes : tuple of Wish
    pins : tuple of Pin
    rules : mapping of str to RuleSetting
        The rules in force, by name.
    leave_minutes : int
        Time that a day of leave counts as worked.
    time_zone : str
        Empty when the times are local ones.
    notes : tuple of str
        What the reader noticed.
    """

    name: str
    first_day: dt.date
    days: int
    shifts: tuple[RosterShift, ...]
    persons: tuple[Person, ...]
    demand: tuple[ShiftDemand, ...]
    wishes: tuple[Wish, ...] = ()
    pins: tuple[Pin, ...] = ()
    rules: Mapping[str, RuleSetting] = field(default_factory=dict)
    leave_minutes: int = 0
    time_zone: str = ""
    notes: tuple[str, ...] = ()

    @cached_property
    def shift(self) -> dict[str, RosterShift]:
        """The shifts by name."""
        return {shift.name: shift for shift in self.shifts}

    @cached_property
    def offered(self) -> dict[tuple[int, str], ShiftDemand]:
        """ShiftDemand by day and shift."""
        return {(one.day, one.shift): one for one in self.demand}

    @cached_property
    def wishes_of(self) -> dict[str, list[Wish]]:
        """Wishes by person."""
        return _by_person(self.wishes)

    @cached_property
    def pins_of(self) -> dict[str, list[Pin]]:
        """Pinned days by person."""
        return _by_person(self.pins)

    def date(self, day: int) -> dt.date:
        """Return the date of a day."""
        return self.first_day + dt.timedelta(day)

    def weekday(self, day: int) -> int:
        """Return the weekday of a day; 0 is Monday."""
        return (self.first_day.weekday() + day) % WEEK_DAYS

    @cached_property
    def weeks(self) -> list[range]:
        """Days of each calendar week from Monday, those at the edges as far as they belong."""
        before = self.first_day.weekday()
        starts = range(-before, self.days, WEEK_DAYS)
        return [range(max(0, k), min(self.days, k + WEEK_DAYS)) for k in starts]

    @cached_property
    def weekends(self) -> list[list[int]]:
        """Saturday and Sunday of each weekend, as far as they belong."""
        pairs = [[d for d in week if self.weekday(d) >= SATURDAY] for week in self.weeks]
        return [pair for pair in pairs if pair]

    def setting(self, person: Person, rule: str) -> RuleSetting | None:
        """Return how a rule is used for a person; None where it is not."""
        if rule in person.rules:
            return person.rules[rule]
        return self.rules.get(rule)


Entry = TypeVar("Entry", Wish, Pin)


def _by_person(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.person, []).append(entry)
    return found
