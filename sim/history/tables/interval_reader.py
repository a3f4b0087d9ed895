"""Files of interval rows as planners have them: columns by their many names, cells checked."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.fileio import (
    POINT,
    AmbiguousNumberError,
    Numbers,
    number,
    show_value,
)
from sim.scenario import Problem, ScenarioError
from sim.units import BadInputError

if TYPE_CHECKING:
    pass

NAMES = {
    "start": (
        "interval start",
        "interval start utc date",
        "interval start date",
        "interval start utc",
        "interval",
        "start",
        "start time",
        "date time",
        "datetime",
        "timestamp",
        "time",
    ),
    "queue": ("queue", "queue name", "queuename"),
    "channel": ("channel", "media type", "mediatype", "channeltype", "channel type"),
    "offered": ("offered", "contacts offered", "calls offered", "volume", "contacts", "calls"),
    "handled": ("handled", "interactions handled", "contacts handled", "answered"),
    "aht": ("aht s", "aht", "aht seconds", "average handle time", "avg handle time"),
    "total": ("total handle s", "total handle time seconds", "total handle time"),
    "patience": ("patience s", "patience"),
    "target": ("target", "service level target"),
    "at_once": ("at once", "concurrency"),
    "due": ("due", "due s"),
    "agents": ("agents", "scheduled", "scheduled agents"),
}
APART = ("skill set", "skillset", "language", "skill", "acd id")
"""Columns by which one queue may have several rows for the same interval; they are added up."""
MAX_REPORTED = 8


@dataclass
class IntervalRow:
    """One row of the file: cells by what they mean, times in seconds, NaN where empty."""

    row: int
    start: dt.datetime
    queue: str
    channel: str
    apart: tuple[str, ...]
    numbers: dict[str, float] = field(default_factory=dict)
    target: str = ""


@dataclass(frozen=True)
class Entry:
    """One row: numbers by meaning, NaN where the cell is empty; times in seconds, shares 0 to 1.

    Attributes
    ----------
    row : int
        In the file.
    day : date or None
        None where only a time of day is written.
    second : float
        Since midnight, by the clock of the center.
    queue, channel : str
        Empty where no column says it.
    numbers : dict of str to float
    apart : tuple of str
        Cells by which one queue may have several rows in one interval (skills, languages).
    texts : dict of str to str
        Cells of further meanings that are texts.
    """

    row: int
    day: dt.date | None
    second: float
    queue: str
    channel: str
    numbers: dict[str, float]
    apart: tuple[str, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)


def refuse(problems: list[Problem]) -> None:
    """Raise problems, if there are any; of very many only the first are reported."""
    if len(problems) > MAX_REPORTED:
        more = len(problems) - MAX_REPORTED
        problems = [
            *problems[:MAX_REPORTED],
            Problem("", f"and {more} more", file=problems[0].file),
        ]
    if problems:
        raise ScenarioError(problems)


MOST = 10_000_000
"""More contacts in one row than any center has in a day, let alone in an interval."""


def amount(value: Any, written: Numbers = POINT) -> float:
    """Return a number from zero to :data:`MOST`.

    Raises
    ------
    BadInputError
        When it is none.
    """
    try:
        found = number(value, written)
    except AmbiguousNumberError:
        raise
    except BadInputError:
        found = math.nan
    if not found >= 0:
        raise BadInputError(f"{show_value(value)} must be a number of 0 or more")
    if found > MOST:
        raise BadInputError(f"{show_value(value)} is too large; allowed: at most {MOST:,}")
    return found


def whole(value: Any, written: Numbers = POINT) -> float:
    """Return a whole number of one or more.

    Raises
    ------
    BadInputError
        When it is none.
    """
    found = amount(value, written)
    if found < 1 or found != int(found):
        raise BadInputError(f"{show_value(value)} must be a whole number of 1 or more")
    return found
