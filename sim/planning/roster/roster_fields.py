"""The fields of a roster file."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field

from sim.messages import show_value
from sim.scenario.field_types import Clock, Flag, Money, Name, Names, Record, Seconds, Whole
from sim.scenario.problems import Problem, nearest_zone

MOST_DAYS = 366
MOST_AGENTS = 10_000


def _date(value: object) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(
            f"{show_value(value)} is not a date; allowed: such as 2026-01-05"
        ) from None


def _zone(value: object) -> str:
    try:
        return str(ZoneInfo(str(value)))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = nearest_zone(str(value))
        meant = f"; did you mean {hint}?" if hint else ""
        raise ValueError(
            f"{show_value(value)} is not a time zone; allowed: such as Europe/Berlin{meant}"
        ) from None


def _listed(value: object) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


Date = Annotated[dt.date, BeforeValidator(_date)]
Days = Annotated[tuple[Any, ...], BeforeValidator(_listed)]
"""Days as they are written; :func:`sim.planning.roster.day_words.read_days` reads them."""


class RosterHeading(Record):
    """The roster as a whole."""

    name: Name = "Roster"
    first_day: Date | None = None
    days: Annotated[int, Whole(1, MOST_DAYS)] = 7
    time_zone: Annotated[str, BeforeValidator(_zone)] = ""
    """Such as Europe/Berlin, for calendar files; without it they have local times."""
    leave_hours: Seconds = 0.0
    """Time that a day of leave counts as worked."""


class ShiftFields(Record):
    """A type of shift."""

    start: Clock
    end: Clock
    unpaid: Seconds = 0.0
    """Unpaid break."""
    skill: Annotated[str, BeforeValidator(str)] = ""
    night: Flag | None = None
    """Counted by ``fair_nights``; by default with three hours or more between 23:00 and 6:00."""
    not_before: Names = ()
    """Shifts that may not follow on the next day."""


class PlanFields(Record):
    """Shifts of a plan, instead of ``[shift.NAME]`` and ``[[demand]]``."""

    plan: Name
    """JSON of ``ccplan shifts``, or a scenario with shifts."""
    days: Days = ("all",)
    """Days on which the shifts of a plan for a single day are wanted."""


class PersonFields(Record):
    """A person."""

    skills: Names = ()
    leave: Days = ()
    unavailable: Days = ()
    available: dict[str, Any] = Field(default_factory=dict)
    """Time of day by weekday, such as ``{ Mon = "08:00-16:00" }``."""
    rules: dict[str, Any] = Field(default_factory=dict)


class DemandFields(Record):
    """How many agents shifts need."""

    shift: Names
    days: Days = ("all",)
    agents: Annotated[int, Whole(0, MOST_AGENTS)]
    under: Money | None = None
    over: Money | None = None


class WishFields(Record):
    """A wish of a person."""

    person: Name
    days: Days
    want: Name | None = None
    """A shift, ``"work"`` or ``"off"``."""
    avoid: Name | None = None
    """A shift."""
    price: Money | None = None


class PinFields(Record):
    """Days of a person that are settled."""

    person: Name
    days: Days
    shift: Name
    """A shift or ``"off"``."""


class RosterFields(Record):
    """A roster file."""

    roster: RosterHeading = RosterHeading()
    shifts: PlanFields | None = None
    persons: Name | None = None
    """A CSV or XLSX file with a row for each person."""
    shift: dict[Name, ShiftFields] = Field(default_factory=dict)
    person: dict[Name, PersonFields] = Field(default_factory=dict)
    demand: tuple[DemandFields, ...] = ()
    wish: tuple[WishFields, ...] = ()
    pinned: tuple[PinFields, ...] = ()
    rules: dict[str, Any] = Field(default_factory=dict)


def with_place(problem: Problem) -> Problem:
    """Return a problem; where a field of the file is in ``[roster]``, it says where to write it."""
    table, _, name = problem.path.partition(".")
    if table != "roster" or name not in ("persons", "shifts"):
        return problem
    message = "is a field of the file, not of [roster]; allowed: above the first [table]"
    return replace(problem, message=message, suggestion="")
