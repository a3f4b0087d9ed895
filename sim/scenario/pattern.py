"""Shift patterns: which shifts may be planned, with their breaks, tours and limits."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema

from sim import units
from sim.scenario.field_types import (
    Clock,
    Flag,
    LongSeconds,
    Money,
    Names,
    Note,
    Record,
    Share,
    SomeLongSeconds,
    SomeSeconds,
    Whole,
    Written,
)
from sim.scenario.group import weekday_names

_PATTERN = re.compile(
    r"\s*(?P<lengths>.+?)(?:\s+from\s+(?P<earliest>\S+)(?:\s+to\s+(?P<latest>\S+))?)?"
    r"(?:\s+every\s+(?P<step>.+?))?\s*",
    re.IGNORECASE,
)
PATTERN_FORM = '"8h", "8h or 6h", "8h every 15min" or "8h from 07:00 to 12:00 every 30min"'
_BREAK = re.compile(
    r"\s*(?P<length>.+?)(?P<unpaid>\s+unpaid)?\s+(?:(?P<how>after|at)\s+(?P<place>\S.*?)"
    r"|between\s+(?P<earliest>\S.*?)\s+and\s+(?P<latest>\S.*?))"
    r"(?:\s+in\s+shifts\s+from\s+(?P<in_shifts_from>.+?))?\s*",
    re.IGNORECASE,
)
BREAK_FORM = (
    '"15min between 1h and 3h", "30min unpaid between 11:30 and 14:00", "15min after 2h" or '
    '"30min at 12:00"'
)
_CLOCK = re.compile(r"\s*\d{1,2}:\d{2}\s*")
_MOMENT_SCHEMA = {
    "type": ["string", "number"],
    "description": 'a time from the start of the shift, such as "3h", or of day, such as "11:30"',
}


def _moment(value: object) -> float | str:
    """Return seconds from the start of a shift, or a time of day as text."""
    if isinstance(value, str) and units.matched(_CLOCK, value):
        return units.show_clock(units.clock(value))
    return units.long_duration(value)


def _lengths(value: object) -> object:
    if isinstance(value, str):
        return tuple(re.split(r"\s*,\s*|\s+or\s+", value.strip()))
    if value in ([], ()):
        raise ValueError('there is no length; allowed: "8h" or ["6h", "8h"]')
    return (value,) if not isinstance(value, list | tuple) else value


MOMENT = "time or time of day"
Moment = Annotated[float | str, BeforeValidator(_moment), WithJsonSchema(_MOMENT_SCHEMA)]


class PatternBreak(Written):
    """A break of a pattern with the window in which it lies."""

    SHORT = BREAK_FORM
    EXAMPLES = ("15min between 1h and 3h", "30min unpaid between 11:30 and 14:00")

    length: SomeSeconds
    """How long it lasts."""
    earliest: Annotated[Moment, Note(unset="required", unit=MOMENT)]
    """Beginning of the window: a time from the start of the shift (``"3h"``) or a time of day
    (``"11:30"``)."""
    latest: Annotated[Moment | None, Note(unset="the break begins at `earliest`", unit=MOMENT)] = (
        None
    )
    """End of the window; the break ends by then."""
    step: Annotated[SomeSeconds, Note(sentence="every {}")] = 900.0
    """Possible starts within the window lie so far apart."""
    paid: Flag = True
    """Whether it counts as paid time."""
    in_shifts_from: Annotated[
        LongSeconds, Note(unset="shifts of every length", sentence="in shifts from {}")
    ] = 0.0
    """Only shifts at least this long have the break."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read length, window and whether it is paid."""
        match = units.matched(_BREAK, value)
        if match is None:
            raise ValueError(f"{value!r} is not a break of a pattern; allowed: {BREAK_FORM}")
        table: dict[str, Any] = {"length": match["length"], "paid": match["unpaid"] is None}
        if match["in_shifts_from"]:
            table["in_shifts_from"] = match["in_shifts_from"]
        if match["place"]:
            is_clock = units.matched(_CLOCK, match["place"]) is not None
            if is_clock != (match["how"].lower() == "at"):
                raise ValueError(
                    f'{value!r} is not a break of a pattern; allowed: "after" with a time from the '
                    'start of the shift ("after 2h"), "at" with a time of day ("at 12:00")'
                )
            return table | {"earliest": match["place"]}
        return table | {"earliest": match["earliest"], "latest": match["latest"]}

    def window(self, start: float) -> tuple[float, float]:
        """Return the window of the break in a shift, in seconds from the start of the shift.

        Parameters
        ----------
        start : float
            Start of the shift (s since midnight).

        Returns
        -------
        tuple of (float, float)
            First and last start of the break; the last before the first where the window is
            shorter than the break.
        """
        first = _from_start(self.earliest, start)
        if self.latest is None:
            return first, first
        end = _from_start(self.latest, start)
        if isinstance(self.latest, str) and isinstance(self.earliest, str) and end < first:
            first -= units.DAY  # the window opens before the shift starts
        return max(first, 0.0), end - self.length


def _from_start(moment: float | str, start: float) -> float:
    """Return a moment of a shift in seconds from its start."""
    if isinstance(moment, str):
        return (units.clock(moment) - start) % units.DAY
    return moment


class Pattern(Written):
    """A kind of shift that may be planned: starts, lengths, breaks, tours and limits."""

    SHORT = PATTERN_FORM
    EXAMPLES = ("8h", "8h from 07:00 to 12:00 every 30min")

    lengths: Annotated[
        tuple[SomeLongSeconds, ...],
        BeforeValidator(_lengths),
        WithJsonSchema({"type": ["string", "number", "array"], "description": '"8h", ["6h"]'}),
        Note(section="Hours"),
    ]
    """One or several lengths of a shift, breaks included, each up to 24 h."""
    earliest: Annotated[
        Clock | None, Note(unset="first interval of the day with a requirement", section="Hours")
    ] = None
    """Earliest start."""
    latest: Annotated[
        Clock | None,
        Note(unset="the last from which the shift ends with the requirement", section="Hours"),
    ] = None
    """Latest start. One that is before ``earliest`` is of the next morning: starts from 22:00 to
    02:00."""
    step: Annotated[SomeLongSeconds, Note(section="Hours")] = 1800.0
    """Possible starts lie so far apart, counted from ``earliest``."""
    breaks: Annotated[tuple[PatternBreak, ...], Note(unset="none", section="Hours")] = ()
    """In their order within the shift; each is placed within its window."""
    days: Annotated[
        Annotated[
            tuple[str, ...],
            BeforeValidator(weekday_names),
            WithJsonSchema(
                {"type": ["string", "array"], "description": '"mon-fri", ["mon", "wed"]'}
            ),
        ]
        | None,
        Note(unset="every day with a requirement", section="Hours"),
    ] = None
    """Weekdays on which a shift may start."""
    groups: Annotated[Names, Note(unset="all", section="Limits")] = ()
    """Groups whose agents may work it."""
    least: Annotated[
        int, Whole(0, 100_000), Note(section="Limits", sentence="at least {} agents")
    ] = 0
    """Minimum number of agents on the pattern, all groups together: on each day, of tours in each
    week."""
    most: Annotated[
        Annotated[int, Whole(0, 100_000)] | None,
        Note(unset="no bound", section="Limits", sentence="at most {} agents"),
    ] = None
    """Maximum number of agents on the pattern, all groups together: on each day, of tours in each
    week."""
    least_share: Annotated[Share, Note(section="Limits", sentence="at least {} of the shifts")] = (
        0.0
    )
    """Minimum share of the shifts of a group and day that are of this pattern."""
    most_share: Annotated[Share, Note(section="Limits", sentence="at most {} of the shifts")] = 1.0
    """Maximum share of the shifts of a group and day that are of this pattern, such as
    part-time."""
    wage: Annotated[
        Money | None,
        Note(unset="that of the group", section="Pay", sentence="wage {} per hour"),
    ] = None
    """Pay of one agent per paid hour."""
    overtime_after: Annotated[
        LongSeconds | None, Note(unset="never", section="Pay", sentence="overtime after {}")
    ] = None
    """Paid time of a shift beyond this is paid as overtime of the group."""
    days_a_week: Annotated[
        Annotated[int, Whole(1, 7)] | None,
        Note(
            unset="no tours: each day is planned separately",
            section="Tours",
            sentence="tours of {} days a week",
        ),
    ] = None
    """Working days of a person in a week. With it shifts are planned as weekly tours: one person
    works so many days a week, or every open day where the horizon has fewer."""
    consecutive: Annotated[
        Annotated[int, Whole(1, 7)] | None,
        Note(unset="no bound", section="Tours", sentence="at most {} consecutive days"),
    ] = None
    """Maximum number of consecutive working days in a tour."""
    rest: Annotated[LongSeconds, Note(section="Tours", sentence="rest of {} between shifts")] = (
        39600.0
    )
    """Minimum time between two shifts of a tour."""
    start_varies: Annotated[
        LongSeconds, Note(section="Tours", sentence="starts of one tour within {}")
    ] = 0.0
    """How far the starts of one tour may lie apart; 0 is the same start on all days."""
    days_off_in_pairs: Annotated[Flag, Note(section="Tours", sentence="days off in pairs")] = False
    """Every day off in a tour has another one next to it; days before and after the horizon count
    as days off."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read lengths, starts and step."""
        match = units.matched(_PATTERN, value)
        if match is None:
            raise ValueError(f"{value!r} is not a pattern; allowed: {PATTERN_FORM} or a table")
        return {key: text for key, text in match.groupdict().items() if text}


class ShiftPlanning(Record):
    """What all shift patterns share: prices of over- and understaffing, and workplaces."""

    understaffing: Annotated[
        Money | None,
        Note(
            unset="the requirement must be covered",
            sentence="a missing agent hour costs {}",
        ),
    ] = None
    """Price of an hour in which one required agent is missing. Without a price as much is covered
    as can be, at any cost."""
    overstaffing: Annotated[Money, Note(sentence="a surplus agent hour costs {}")] = 0.0
    """Price of an hour in which one agent more than required is on duty, in addition to the
    wage."""
    seats: Annotated[
        Annotated[int, Whole(1, 100_000)] | None,
        Note(unset="no bound", sentence="at most {} agents on duty at the same time"),
    ] = None
    """Maximum number of agents on duty at the same time, of all groups together; agents on a
    break are not counted."""


class PatternFile(Record):
    """A file of shift patterns alone."""

    pattern: dict[str, Pattern] = Field(default_factory=dict)
    """Patterns by name."""
    shift_planning: ShiftPlanning = ShiftPlanning()
    """What they share."""
