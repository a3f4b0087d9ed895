"""Days of a roster as planners write them: dates, ranges of dates, weekdays, and their hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sim.messages import show_value
from sim.units import DAY, BadInputError, clock

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORDS = {"all": range(7), "weekdays": range(5), "weekends": range(5, 7)}
ALLOWED = 'a date such as 2026-01-05, "2026-01-05 to 2026-01-09", "Mon", "Mon-Fri" or "all"'


@dataclass(frozen=True, slots=True)
class RosterDays:
    """The days of a roster."""

    first: dt.date
    days: int

    @property
    def last(self) -> dt.date:
        """The last day."""
        return self.first + dt.timedelta(self.days - 1)

    def number(self, date: dt.date) -> int:
        """Return the number of a day, from 0."""
        return (date - self.first).days


def weekday(word: str) -> int:
    """Return the number of a weekday, 0 for Monday.

    Raises
    ------
    BadInputError
        When it is none.
    """
    found = word.strip().lower()[:3]
    if found not in WEEKDAYS or not word.strip().isalpha():
        raise BadInputError(f"{show_value(word)} is not a weekday; allowed: Mon, Tue, … Sun")
    return WEEKDAYS.index(found)


def read_days(written: Iterable[Any], horizon: RosterDays, outside: bool = False) -> set[int]:
    """Return the numbers of days.

    Parameters
    ----------
    written : iterable
        Dates, texts with one or several of them separated by comma or semicolon.
    horizon : RosterDays
    outside : bool
        Whether dates beyond the roster are passed over; a range may always reach beyond.

    Raises
    ------
    BadInputError
        When one cannot be read, or lies outside.
    """
    found: set[int] = set()
    for entry in written:
        if isinstance(entry, str):
            for part in filter(None, (p.strip() for p in entry.replace(";", ",").split(","))):
                found |= _part(part, horizon, outside)
        else:
            found |= _date(entry, entry, horizon, outside)
    return found


def _part(text: str, horizon: RosterDays, outside: bool) -> set[int]:
    word = text.lower()
    if word in _WORDS:
        return _on(_WORDS[word], horizon)
    first, to, last = text.partition(" to ")
    if to:
        begin, end = _iso(first, text), _iso(last, text)
        if end < begin:
            raise BadInputError(f"{show_value(text)} ends before it begins; allowed: {ALLOWED}")
        numbers = range(horizon.number(begin), horizon.number(end) + 1)
        return {k for k in numbers if 0 <= k < horizon.days} if len(numbers) < 10_000 else set()
    if word[0].isalpha():
        return _weekdays(text, horizon)
    return _date(_iso(text, text), text, horizon, outside)


def _weekdays(text: str, horizon: RosterDays) -> set[int]:
    first, dash, last = text.partition("-")
    try:
        begin = weekday(first)
        end = weekday(last) if dash else begin
    except BadInputError:
        raise BadInputError(f"{show_value(text)} is not a day; allowed: {ALLOWED}") from None
    return _on([(begin + k) % 7 for k in range((end - begin) % 7 + 1)], horizon)


def _on(weekdays: Iterable[int], horizon: RosterDays) -> set[int]:
    chosen, before = set(weekdays), horizon.first.weekday()
    return {k for k in range(horizon.days) if (before + k) % 7 in chosen}


def _iso(text: str, whole: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise BadInputError(f"{show_value(whole)} is not a day; allowed: {ALLOWED}") from None


def _date(value: object, shown: object, horizon: RosterDays, outside: bool) -> set[int]:
    if isinstance(value, dt.datetime):
        value = value.date()
    if not isinstance(value, dt.date):
        raise BadInputError(f"{show_value(shown)} is not a day; allowed: {ALLOWED}")
    number = horizon.number(value)
    if 0 <= number < horizon.days:
        return {number}
    if outside:
        return set()
    raise BadInputError(
        f"{show_value(str(shown))} lies outside of the roster; allowed: {horizon.first} to "
        f"{horizon.last}"
    )


def read_hours(value: Any) -> tuple[float, float]:
    """Return the time of day of ``"08:00-16:00"``, an empty one of ``"none"``."""
    allowed = 'such as "08:00-16:00", "20:00-06:00" or "none"'
    if isinstance(value, str) and value.strip().lower() == "none":
        return 0.0, 0.0
    first, dash, last = value.partition("-") if isinstance(value, str) else ("", "", "")
    try:
        if not dash:
            raise BadInputError("")
        start, end = clock(first.strip()), clock(last.strip())
    except BadInputError:
        raise BadInputError(f"{show_value(value)} is not allowed; allowed: {allowed}") from None
    return start, end if end > start else end + DAY
