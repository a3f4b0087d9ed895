"""Days with a name: public holidays of a country, and events that the planner knows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import units
from sim.extras import need
from sim.fileio import dates, read_table
from sim.history.tables.interval_reader import refuse
from sim.scenario import Problem
from sim.scenario.problems import nearest
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.fileio import Table

TITLES = {
    "date": ("date", "day", "first", "from", "start", "datum"),
    "until": ("until", "last", "to", "end"),
    "name": ("name", "event", "campaign", "holiday", "what"),
    "change": ("change", "effect"),
    "queue": ("queue",),
}
"""Titles of the columns of a table of events, in lower case."""
LONGEST = 92
"""Days of one event."""


@dataclass(frozen=True)
class NamedDays:
    """Holidays and events, past and future.

    Attributes
    ----------
    names : dict of date to str
        Days that are unlike others in a way that the history of the same name shows.
    changes : dict of str to dict of date to float
        By queue, or empty for all: the factor on contacts that the planner states, such as 1.2.
    events : frozenset of str
        Names that are of events, not of holidays.
    """

    names: dict[dt.date, str] = field(default_factory=dict)
    changes: dict[str, dict[dt.date, float]] = field(default_factory=dict)
    events: frozenset[str] = frozenset()

    def factor(self, queue: str, date: dt.date) -> float:
        """Return the stated factor on the contacts of a queue on a day, 1 for ordinary days."""
        every, own = self.changes.get("", {}), self.changes.get(queue, {})
        return every.get(date, 1.0) * own.get(date, 1.0)

    def joined(self, other: NamedDays) -> NamedDays:
        """Return the days of both; where both name a day the other's name counts."""
        changes = {queue: dict(own) for queue, own in self.changes.items()}
        for queue, own in other.changes.items():
            changes[queue] = changes.get(queue, {}) | own
        return NamedDays(self.names | other.names, changes, self.events | other.events)


def holidays_of(country: str, first: dt.date, last: dt.date) -> NamedDays:
    """Return the public holidays of a country, by the package ``holidays``.

    Parameters
    ----------
    country : str
        Code such as ``US``, or with a part of the country such as ``US-CA``.
    first, last : date

    Raises
    ------
    BadInputError
        When there is no such country or part.
    MissingExtraError
        When the package is not installed.
    """
    need("--country", "holidays")
    import holidays

    code, _, part = country.strip().upper().partition("-")
    known = holidays.list_supported_countries()
    if code not in known:
        near = nearest(code, known)
        hint = f'; did you mean "{near}"?' if near else ""
        raise BadInputError(
            f"country: {country!r} has no known holidays; allowed: a code such as US, DE or "
            f"US-CA{hint}"
        )
    part = next((one for one in known[code] if one.upper() == part), part)
    if part and part not in known[code]:
        allowed = ", ".join(known[code]) or "no parts"
        raise BadInputError(f"country: {code} has no part {part!r}; allowed: {allowed}")
    years = range(first.year, last.year + 1)
    found = holidays.country_holidays(code, subdiv=part or None, years=years)
    return NamedDays(
        {date: name.split("; ")[0] for date, name in sorted(found.items()) if first <= date <= last}
    )


def read_events(path: str | Path, order: str | None = None) -> NamedDays:
    """Read a table of events.

    Parameters
    ----------
    path : str or Path
        CSV or XLSX with the columns ``date`` and ``name``; perhaps ``until`` (the last day),
        ``change`` (the effect on contacts, such as ``+20%``; without it the effect is estimated
        from past days of the same name) and ``queue`` (all unless named).
    order : str, optional
        "day-first" or "month-first", for dates such as 05/01/2026.

    Raises
    ------
    ScenarioError
        With every cell that cannot be read.
    TableError
        When the file is not a table.
    """
    raw = read_table(path)
    places = _places(raw)
    written = (order or "guess").replace("-", " ")
    if written == "guess":
        written = dates.order_of(raw.cells(places["date"]))
    found, problems = NamedDays(), []
    for row, cells in raw.rows:
        reader = _EventReader(raw, places, written, row, cells)
        reader.add_to(found)
        problems += reader.problems
    refuse(problems)
    return replace(found, events=frozenset(found.names.values()))


def _places(raw: Table) -> dict[str, int]:
    head = [title.strip().lower() for title in raw.header]
    places = {
        key: head.index(next(title for title in titles if title in head))
        for key, titles in TITLES.items()
        if set(titles) & set(head)
    }
    lost = [key for key in ("date", "name") if key not in places]
    found = ", ".join(filter(None, raw.header))
    refuse([Problem(key, f"no such column; the file has: {found}", file=raw.name) for key in lost])
    return places


@dataclass
class _EventReader:
    """One row of a table of events."""

    raw: Table
    places: dict[str, int]
    order: str
    row: int
    cells: list[Any]
    problems: list[Problem] = field(default_factory=list)

    def add_to(self, found: NamedDays) -> None:
        """Add the days of the row, or note what is wrong with it."""
        first = self._read("date", lambda cell: dates.date(cell, self.order))
        last = self._read("until", lambda cell: dates.date(cell, self.order)) or first
        name = self._read("name", str)
        factor = self._read("change", _factor)
        if self.problems:
            return
        if first is None or name is None:
            self._complain("date" if first is None else "name", "is empty; a value is needed")
            return
        days = (last - first).days + 1
        if not 1 <= days <= LONGEST:
            self._complain("until", f"the event has {days} days; allowed: 1 to {LONGEST}")
            return
        queue = str(self._read("queue", str) or "").strip()
        own = found.changes.setdefault(queue, {}) if factor is not None else {}
        for k in range(days):
            date = first + dt.timedelta(days=k)
            if factor is None:
                found.names[date] = name.strip()
            else:
                own[date] = own.get(date, 1.0) * factor

    def _read(self, key: str, read: Any) -> Any:
        at = self.places.get(key)
        cell = self.cells[at] if at is not None and at < len(self.cells) else None
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            return None
        try:
            return read(cell)
        except BadInputError as error:
            self._complain(key, str(error))
            return None

    def _complain(self, key: str, message: str) -> None:
        title = self.raw.header[self.places[key]] if key in self.places else key
        self.problems.append(Problem(title, message, file=self.raw.name, line=self.row))


def _factor(cell: Any) -> float:
    """Return a change such as +20% as a factor."""
    text = str(cell).strip()
    if not text.endswith("%") or text[0] not in "+-":
        raise BadInputError(f"{text!r} is not a change; allowed: such as +20% or -15%")
    factor = 1 + (1 if text[0] == "+" else -1) * units.ratio(text[1:])
    if not 0 < factor <= 100:
        raise BadInputError(f"{text!r} is out of bounds; allowed: above -100% to +9900%")
    return factor
