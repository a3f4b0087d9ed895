"""Rosters as iCalendar files (RFC 5545), one for each person."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sim.fileio import OutputError, write_file

if TYPE_CHECKING:
    from sim.planning.roster import Roster
    from sim.planning.roster.problem import RosterShift

SUFFIX = ".ics"
MOST_OCTETS = 75
"""Of a line, without its end (RFC 5545, 3.1)."""
LONGEST_NAME = 80
_UNSAFE = re.compile(r"[^\w.-]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def write_calendars(roster: Roster, folder: str | Path) -> list[Path]:
    """Write a file for each person into a folder, which is created where it does not exist.

    Parameters
    ----------
    roster : Roster
    folder : str or Path

    Returns
    -------
    list of Path

    Raises
    ------
    OutputError
        When the folder cannot be created, or a file not be written.
    """
    place = Path(folder)
    stamp = dt.datetime.now(dt.UTC)
    try:
        place.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"{place}: cannot be created: {error.strerror}") from error
    files = []
    for person, name in file_names([one.name for one in roster.problem.persons]).items():
        write_file(place / name, calendar_text(roster, person, stamp))
        files.append(place / name)
    return files


def file_names(persons: list[str]) -> dict[str, str]:
    """Return a file name for each person, safe on every system and each only once."""
    found: dict[str, str] = {}
    used: set[str] = set()
    for person in persons:
        stem = _UNSAFE.sub("_", person)[:LONGEST_NAME].strip("._") or "person"
        if _RESERVED.fullmatch(stem):
            stem = f"{stem}_"
        name, number = stem, 2
        while name.lower() in used:
            name, number = f"{stem}_{number}", number + 1
        used.add(name.lower())
        found[person] = name + SUFFIX
    return found


def calendar_text(roster: Roster, person: str, stamp: dt.datetime) -> str:
    """Return the shifts of a person as an iCalendar text.

    Parameters
    ----------
    roster : Roster
    person : str
    stamp : datetime.datetime
        When the roster was made, in UTC.

    Returns
    -------
    str
        Lines end with CRLF. Times are in UTC where the roster has a time zone, else local ones
        (RFC 5545, 3.3.5, forms 2 and 1).
    """
    lines = list(_lines(roster, person, stamp))
    return "".join(part for line in lines for part in folded(line))


def _lines(roster: Roster, person: str, stamp: dt.datetime) -> Iterator[str]:
    problem = roster.problem
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//ccplan//roster//EN"
    yield "CALSCALE:GREGORIAN"
    days = [day for day in range(problem.days) if (person, day) in roster.assignments]
    if not days:  # a calendar has at least one component (RFC 5545, 3.6): here, no busy time
        yield "BEGIN:VFREEBUSY"
        yield f"UID:{_identifier(problem.name, person, problem.first_day)}"
        yield f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}"
        yield "END:VFREEBUSY"
    for day in days:
        shift, date = problem.shift[roster.assignments[person, day]], problem.date(day)
        yield "BEGIN:VEVENT"
        yield f"UID:{_identifier(problem.name, person, date)}"
        yield f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}"
        yield from _times(shift, date, problem.time_zone)
        yield f"SUMMARY:{escaped(shift.name)}"
        if shift.skill:
            yield f"CATEGORIES:{escaped(shift.skill)}"
        yield f"DESCRIPTION:{escaped(f'{person}, {problem.name}: {shift.minutes / 60:g} h paid')}"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _identifier(roster: str, person: str, date: dt.date) -> str:
    """Return what stays the same when the roster is made anew, so that an import replaces."""
    text = "\0".join([roster, person, date.isoformat()])
    return f"{hashlib.sha256(text.encode()).hexdigest()[:32]}@ccplan"


def _times(shift: RosterShift, date: dt.date, zone: str) -> Iterator[str]:
    if shift.start is None or shift.end is None:
        yield f"DTSTART;VALUE=DATE:{date:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{date + dt.timedelta(1):%Y%m%d}"
        return
    midnight = dt.datetime.combine(date, dt.time())
    for name, seconds in (("DTSTART", shift.start), ("DTEND", shift.end)):
        local = midnight + dt.timedelta(seconds=seconds)
        if zone:
            utc = local.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
            yield f"{name}:{utc:%Y%m%dT%H%M%SZ}"
        else:
            yield f"{name}:{local:%Y%m%dT%H%M%S}"


def escaped(text: str) -> str:
    """Return a text as the value of a property (RFC 5545, 3.3.11)."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def folded(line: str) -> Iterator[str]:
    """Give the lines of a content line, none longer than 75 octets, each with CRLF.

    No character is parted: other programs join lines after they have decoded them.
    """
    part, octets = "", 0
    for sign in line:
        size = len(sign.encode())
        if octets + size > MOST_OCTETS:
            yield f"{part}\r\n"
            part, octets = " ", 1
        part, octets = part + sign, octets + size
    yield f"{part}\r\n"
