"""A group of agents: skills, and headcounts or shifts."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema

from sim import units
from sim.scenario.calendar import Opening, weekdays
from sim.scenario.field_types import (
    Choice,
    Clock,
    LongSeconds,
    Money,
    Name,
    Names,
    Ratio,
    Record,
    Seconds,
    Share,
    SomeLongSeconds,
    SomeRatio,
    SomeSeconds,
    Whole,
    Written,
)
from sim.scenario.series import Series

_BREAK = re.compile(r"\s*(.+?)\s+(after|at)\s+(.+?)\s*", re.IGNORECASE)
BREAK_FORM = '"15min after 2h" or "30min at 12:00"'


def _speeds(value: object) -> object:
    if value in ([], ()):
        raise ValueError("no speed is given; allowed: a share, or one for 1, 2, … in hand")
    return (value,) if not isinstance(value, list | tuple) else value


def _live(value: object) -> object:
    """Read ``"chat"``, ``"for chat"`` or a list of them."""
    words = (value,) if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise ValueError(f'{value!r} is unknown; allowed: a queue, a channel or "live"')
    return tuple(re.sub(r"^\s*for\s+", "", word).strip() for word in words)


def _days(value: object) -> object:
    words = value if isinstance(value, list | tuple) else (value,)
    if not words or not all(isinstance(word, str) for word in words):
        raise ValueError(f'{value!r} are no days; allowed: "mon-fri" or ["mon", "wed"]')
    return weekdays(",".join(str(word) for word in words))


class Skill(Written):
    """What a group may do for a queue: a preference level, or a table."""

    SHORT = "preference level: groups of the lowest are asked first"
    EXAMPLES = (1, 2)

    level: Annotated[int, Whole(0, 1000)] = 1
    """For a contact that seeks an agent: groups of the lowest level are asked first."""
    take: Annotated[int, Whole(0, 1000)] | None = None
    """For an agent who seeks a contact: queues of the lowest are served first; ``level``
    unless given."""
    after: Seconds = 0.0
    """The group takes contacts only once they have waited so long."""
    speed: Annotated[tuple[SomeRatio, ...], BeforeValidator(_speeds)] = (1.0,)
    """Speed of work on each contact with 1, 2, … in hand; the last one holds for more."""
    at_once: Annotated[int, Whole(1, 20)] = 1
    """Contacts of the queue that one agent may have in hand."""
    reserve: Annotated[int, Whole(0)] = 0
    """Contacts are taken only while more than so many agents of the group are idle."""
    resolves: SomeRatio = 1.0
    """Times the queue's share of resolved contacts."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read the level."""
        return {"level": value}


class Break(Written):
    """A break of a shift: ``"15min after 2h"`` or ``"30min at 12:00"``."""

    SHORT = BREAK_FORM
    EXAMPLES = ("15min after 2h", "30min at 12:00")

    length: SomeSeconds
    """How long it lasts."""
    after: LongSeconds | None = None
    """Time from the start of the shift."""
    at: Clock | None = None
    """Time of day, instead of ``after``."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read length and place."""
        match = units.matched(_BREAK, value)
        if match is None:
            raise ValueError(f"{value!r} is not a break; allowed: {BREAK_FORM}")
        length = re.sub(r"^(lunch|break)\s+", "", match[1], flags=re.IGNORECASE)
        return {"length": length, match[2].lower(): match[3]}


class Shift(Record):
    """Some agents of a group who work the same hours."""

    agents: Annotated[int, Whole(0, 100_000)]
    """Number of persons."""
    start: Clock
    """Time of day at which the shift starts."""
    length: SomeLongSeconds
    """From start to end, breaks within; at most 24h."""
    breaks: tuple[Break, ...] = ()
    """Breaks, paid, each beginning when the contact in hand is finished."""
    days: (
        Annotated[
            tuple[str, ...],
            BeforeValidator(_days),
            WithJsonSchema(
                {"type": ["string", "array"], "description": '"mon-fri", ["mon", "wed"]'}
            ),
        ]
        | None
    ) = None
    """Weekdays; every open day unless given."""
    name: Name | None = None
    """Name shown in reports."""

    def break_start(self, pause: Break) -> float:
        """Return when a break begins, in seconds from the start of the shift."""
        if pause.at is not None:
            return (pause.at - self.start) % units.DAY
        return pause.after or 0.0


class Headcount(Series):
    """Whole numbers of agents: one, a list per open interval, or a column."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read what :class:`Series` reads, and refuse parts of agents."""
        found = super().read(value, info)
        for agents in found.get("values") or (found.get("each"),):
            if agents is not None and agents != int(agents):
                raise ValueError(
                    f"{agents:g} is not a whole number; allowed: a whole number of agents"
                )
        return found

    @property
    def is_whole(self) -> bool:
        """Whether every number must be a whole one."""
        return True


class Group(Record):
    """A group of agents with the same skills, staffed by headcounts or by shifts."""

    agents: Headcount | None = None
    """Agents on duty in the opening hours: a number, a list per open interval, a column."""
    open: Opening | None = None
    """Hours of ``agents`` given as a number or list; the center's unless given."""
    shifts: tuple[Shift, ...] = ()
    """Shifts, instead of ``agents``."""
    skills: dict[Name, Skill] = Field(default_factory=dict)
    """Queues the group may serve."""
    shrinkage: Share = 0.0
    """Planned share of scheduled agents who are not on the phones (training, leave)."""
    absent: Share = 0.0
    """Chance that an agent does not show up on a day."""
    wage: Money | None = None
    """Pay of one agent for an hour, in any currency; breaks, shrinkage and absence are paid."""
    overtime: Ratio = 1.0
    """An hour of overtime is paid so many times the wage."""
    wrap: Annotated[str, Choice("at once", "when idle")] = "at once"
    """Whether wrap follows the contact at once or is put off until nothing waits."""
    at_shift_end: Annotated[str, Choice("finish", "hand back")] = "finish"
    """What happens to deferred work in hand at the end of a shift or when headcount falls."""
    mix: tuple[tuple[Name, Name], ...] = ()
    """Pairs of channels of which one agent may have contacts in hand together."""
    interrupts: dict[Name, Annotated[Names, BeforeValidator(_live)]] = Field(default_factory=dict)
    """By deferred queue or channel: the live queues or channels that interrupt it, or "live"."""

    @property
    def persons(self) -> int:
        """Number of persons in all shifts."""
        return sum(shift.agents for shift in self.shifts)
