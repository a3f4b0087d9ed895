"""Opening hours, and the intervals of a horizon that lie within them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from sim import units
from sim.scenario.problems import nearest

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GROUPS = {
    "daily": WEEKDAYS,
    "weekdays": WEEKDAYS[:5],
    "weekend": WEEKDAYS[5:],
}
_ALWAYS = ((0.0, units.DAY),)
_SPAN = re.compile(
    r"\s*(\d{1,2}:\d{2}(?::\d{2})?)\s*(?:-|–|to|until)\s*(\d{1,2}:\d{2}(?::\d{2})?)\s*"
)
HOURS_FORM = '"08:00-20:00", "09:00-12:00, 13:00-18:00", "always" or "closed"'
DAYS_FORM = '"mon", "mon-fri", "mon,wed", "daily", "weekend" or a date such as "2026-12-25"'

OpenHours = tuple[tuple[float, float], ...]


def open_hours(value: object) -> OpenHours:
    """Return the opening hours of one day.

    Parameters
    ----------
    value : str
        ``"08:00-20:00"``, ``"09:00-12:00, 13:00-18:00"``, ``"always"`` or ``"closed"``.

    Returns
    -------
    tuple of (float, float)
        Opening and closing in seconds since midnight, ascending, disjoint.

    Raises
    ------
    ValueError
        When it cannot be read, passes midnight or overlaps.
    """
    if isinstance(value, tuple | list) and all(isinstance(v, tuple | list) for v in value):
        return tuple((float(start), float(end)) for start, end in value)
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a list of opening hours; allowed: {HOURS_FORM}")
    word = value.strip().lower()
    if word in ("always", "closed"):
        return _ALWAYS if word == "always" else ()
    found = sorted(_span(part, value) for part in word.split(","))
    for (_, end), (start, _) in zip(found, found[1:], strict=False):
        if start < end:
            raise ValueError(f"{value!r} has overlapping hours; allowed: {HOURS_FORM}")
    return tuple(found)


def _span(part: str, whole: str) -> tuple[float, float]:
    match = units.matched(_SPAN, part)
    if match is None:
        raise ValueError(f"{whole!r} is not a list of opening hours; allowed: {HOURS_FORM}")
    start, end = units.clock(match[1]), units.clock(match[2])
    if end <= start:
        raise ValueError(
            f"{whole!r} passes midnight; allowed: hours within one day, "
            f'so write two, such as "{match[1]}-24:00" and on the next day "00:00-{match[2]}"'
        )
    return start, end


@cache
def weekdays(text: str) -> tuple[str, ...]:
    """Return the weekdays that a word such as ``"mon-fri"`` or ``"mon,wed"`` names.

    Raises
    ------
    ValueError
        When it names none.
    """
    result: list[str] = []
    for part in text.lower().replace(" ", "").split(","):
        if part in _GROUPS:
            result += _GROUPS[part]
            continue
        first, dash, last = part.partition("-")
        ends = [_weekday(first), _weekday(last)] if dash else [_weekday(first)] * 2
        if None in ends:
            near = nearest(part, (*WEEKDAYS, *_GROUPS))
            hint = f'; did you mean "{near}"?' if near else ""
            raise ValueError(f"{text!r} is not a day; allowed: {DAYS_FORM}{hint}")
        start, end = (WEEKDAYS.index(day) for day in ends if day)
        count = (end - start) % 7 + 1
        result += [WEEKDAYS[(start + i) % 7] for i in range(count)]
    return tuple(day for day in WEEKDAYS if day in result)


_LONG = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _weekday(word: str) -> str | None:
    if len(word) < 3:
        return None
    return next((day[:3] for day in _LONG if day.startswith(word)), None)


def opening(value: object) -> dict[str, OpenHours]:
    """Return opening hours by day: keys of the file, a plain string is ``daily``.

    Raises
    ------
    ValueError
        When a day or its hours cannot be read.
    """
    if not isinstance(value, Mapping):
        return {"daily": open_hours(value)}
    if not value:
        raise ValueError(f"there is no day; allowed: {DAYS_FORM}")
    result = {}
    for day, hours in value.items():
        if not _as_date(str(day)):
            weekdays(str(day))
        try:
            result[str(day)] = open_hours(hours)
        except ValueError as error:
            raise ValueError(f"{day}: {error}") from None
    return result


def _as_date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def hours_on(rules: Mapping[str, OpenHours], day: dt.date) -> OpenHours:
    """Return the opening hours of a date.

    The rule for the date itself goes before those for its weekday, of which the one that
    names the fewest days holds.
    """
    if day.isoformat() in rules:
        return rules[day.isoformat()]
    name = WEEKDAYS[day.weekday()]
    fitting = [key for key in rules if not _as_date(key) and name in weekdays(key)]
    if not fitting:
        return ()
    return rules[min(fitting, key=lambda key: len(weekdays(key)))]


Opening = Annotated[
    dict[str, OpenHours],
    BeforeValidator(opening),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "description": HOURS_FORM},
                {"type": "object", "additionalProperties": {"type": "string"}},
            ],
            "description": f"hours of every day, or by day ({DAYS_FORM})",
        }
    ),
]


@dataclass(frozen=True)
class Grid:
    """The intervals of a horizon.

    Attributes
    ----------
    first : date
    days : int
    day_s : float
        86400, or the whole horizon of a stationary run.
    interval_s : float
    stationary : bool
        A stationary run, always open.
    """

    first: dt.date
    days: int
    day_s: float
    interval_s: float
    stationary: bool = False

    @property
    def per_day(self) -> int:
        """Number of intervals of a day."""
        return round(self.day_s / self.interval_s)

    @property
    def intervals(self) -> int:
        """Number of intervals of the horizon."""
        return self.days * self.per_day

    def date(self, day: int) -> dt.date:
        """Return the date of a day of the horizon, counted from 0."""
        return self.first + dt.timedelta(days=day)

    def hours(self, rules: Mapping[str, OpenHours]) -> list[tuple[float, float]]:
        """Return opening and closing instants over the horizon (s), touching ones joined."""
        return list(_hours(self, _as_key(rules)))

    def open_intervals(self, rules: Mapping[str, OpenHours]) -> list[int]:
        """Return the numbers of the intervals within the opening hours, ascending."""
        return list(_open_intervals(self, _as_key(rules)))

    def label(self, interval: int) -> str:
        """Return the start of an interval: ``08:00``, or with the date for several days."""
        day, within = divmod(interval, self.per_day)
        clock = units.show_clock(within * self.interval_s)
        return clock if self.days == 1 else f"{self.date(day).isoformat()}T{clock}"


_Rules = tuple[tuple[str, OpenHours], ...]
"""Opening hours as the key of a cache."""


def _as_key(rules: Mapping[str, OpenHours]) -> _Rules:
    return tuple(rules.items())


@lru_cache(maxsize=256)
def _hours(grid: Grid, rules: _Rules) -> tuple[tuple[float, float], ...]:
    if grid.stationary:
        return ((0.0, grid.day_s),)
    by_day = dict(rules)
    joined: list[tuple[float, float]] = []
    for day in range(grid.days):
        for start, end in hours_on(by_day, grid.date(day)):
            begin, close = day * units.DAY + start, day * units.DAY + end
            if joined and joined[-1][1] == begin:
                joined[-1] = (joined[-1][0], close)
            else:
                joined.append((begin, close))
    return tuple(joined)


@lru_cache(maxsize=256)
def _open_intervals(grid: Grid, rules: _Rules) -> tuple[int, ...]:
    result: list[int] = []
    for start, end in _hours(grid, rules):
        result += range(round(start / grid.interval_s), round(end / grid.interval_s))
    return tuple(result)


def day_of(interval: str) -> str:
    """Return the date of an interval's start, empty when there is only a time of day."""
    return interval.partition("T")[0] if "T" in interval else ""


def describe_hours(rules: Mapping[str, OpenHours]) -> str:
    """Return opening hours as words, such as ``mon-fri 08:00-20:00, sat closed``."""
    return "; ".join(f"{day} {_shown(hours)}" for day, hours in rules.items())


def _shown(hours: OpenHours) -> str:
    if hours == _ALWAYS:
        return "round the clock"
    spans = (f"{units.show_clock(start)}-{units.show_clock(end)}" for start, end in hours)
    return " and ".join(spans) or "closed"


def date_of(value: Any) -> dt.date:
    """Return a date from a date or its ISO text.

    Raises
    ------
    ValueError
        When it is not a date.
    """
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    found = _as_date(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value!r} is not a date; allowed: a date such as 2026-01-05")
    return found
