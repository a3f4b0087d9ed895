"""A group of agents: skills, and headcounts or shifts."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema

from sim import units
from sim.scenario.calendar import Opening, weekdays
from sim.scenario.distribution import Distribution, TimeOrNone, fixed
from sim.scenario.field_types import (
    Choice,
    Clock,
    LongSeconds,
    Money,
    Name,
    Names,
    Note,
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
from sim.scenario.files import Files, is_file
from sim.scenario.series import Series

_BREAK = re.compile(r"\s*(.+?)\s+(after|at)\s+(.+?)\s*", re.IGNORECASE)
BREAK_FORM = '"15min after 2h" or "30min at 12:00"'


def _speeds(value: object) -> object:
    if value in ([], ()):
        raise ValueError("there is no speed; allowed: a share, or one for 1, 2, … contacts at once")
    return (value,) if not isinstance(value, list | tuple) else value


def _live(value: object) -> object:
    """Read ``"chat"``, ``"for chat"`` or a list of them."""
    words = (value,) if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise ValueError(f'{value!r} is unknown; allowed: a queue, a channel or "live"')
    return tuple(re.sub(r"^\s*for\s+", "", word).strip() for word in words)


def weekday_names(value: object) -> object:
    """Return the weekdays of a word such as ``"mon-fri"``, or of a list of such words."""
    words = value if isinstance(value, list | tuple) else (value,)
    if not words or not all(isinstance(word, str) for word in words):
        raise ValueError(f'{value!r} is not a list of days; allowed: "mon-fri" or ["mon", "wed"]')
    return weekdays(",".join(str(word) for word in words))


class Skill(Written):
    """What a group may do for a queue: a preference level, or a table."""

    SHORT = "preference level: groups of the lowest are asked first"
    EXAMPLES = (1, 2)

    level: Annotated[int, Whole(0, 1000)] = 1
    """Contacts go to the groups of the lowest level first."""
    take: Annotated[Annotated[int, Whole(0, 1000)] | None, Note(unset="`level`")] = None
    """A free agent serves the queues of the lowest number first."""
    after: Annotated[Seconds, Note(sentence="only after a wait of {}")] = 0.0
    """Only contacts that have waited this long."""
    speed: Annotated[
        tuple[SomeRatio, ...], BeforeValidator(_speeds), Note(sentence="at {} speed")
    ] = (1.0,)
    """Work rate, such as ``"90%"``; with concurrent contacts a list for 1, 2, … active contacts,
    the last one for all beyond."""
    at_once: Annotated[int, Whole(1, 20), Note(sentence="{} at once")] = 1
    """Maximum of concurrent contacts of the queue."""
    reserve: Annotated[int, Whole(0), Note(sentence="only while more than {} are idle")] = 0
    """Only while more than this many agents of the group are idle."""
    resolves: Annotated[SomeRatio, Note(sentence="resolves {} of the queue's share")] = 1.0
    """Multiplies the queue's ``resolved``."""

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
    after: Annotated[LongSeconds | None, Note(unset="this or `at`")] = None
    """Time from the start of the shift."""
    at: Annotated[Clock | None, Note(unset="this or `after`")] = None
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
    """Number of agents."""
    start: Clock
    """Time of day at which the shift starts. A shift may pass midnight: the rest of a shift of the
    evening before the first day is on duty from 0:00, with the attendance of the first day."""
    length: SomeLongSeconds
    """From start to end, including breaks, at most 24 h; a shift that passes the end of the
    horizon ends there (no overtime)."""
    breaks: Annotated[tuple[Break, ...], Note(unset="none")] = ()
    """``["15min after 2h", "30min at 12:00"]`` or ``{ length = "15min", after = "2h" }``, with
    ``at`` instead of ``after``; a break begins when the active contacts are finished and has
    its full length."""
    days: Annotated[
        (
            Annotated[
                tuple[str, ...],
                BeforeValidator(weekday_names),
                WithJsonSchema(
                    {"type": ["string", "array"], "description": '"mon-fri", ["mon", "wed"]'}
                ),
            ]
            | None
        ),
        Note(unset="every open day"),
    ] = None
    """Weekdays on which the shift starts: ``"mon-fri"``, ``["mon", "wed"]``."""
    name: Annotated[Name | None, Note(unset="none")] = None
    """Shown in reports."""

    def break_start(self, pause: Break) -> float:
        """Return when a break begins, in seconds from the start of the shift."""
        if pause.at is not None:
            return (pause.at - self.start) % units.DAY
        return pause.after or 0.0


class Tenure(Record):
    """A part of the agents of a group who work or resolve otherwise than the others."""

    name: Annotated[Name | None, Note(unset="no name", sentence="{}")] = None
    """Shown in reports: ``"new"``."""
    share: Share
    """Share of the agents of the group, spread evenly over them; the others are at 100 %."""
    speed: Annotated[SomeRatio, Note(sentence="at {} speed")] = 1.0
    """Multiplies the speed of every skill."""
    resolves: Annotated[Ratio, Note(sentence="resolve {} of the usual share")] = 1.0
    """Multiplies the share resolved."""


class NamedAgent(Record):
    """An agent with a name, who works or resolves otherwise than the others."""

    name: Annotated[Name, Note(sentence="{}")]
    """Shown by ``check``."""
    speed: Annotated[SomeRatio, Note(sentence="at {} speed")] = 1.0
    """Multiplies the speed of every skill."""
    resolves: Annotated[Ratio, Note(sentence="resolves {} of the usual share")] = 1.0
    """Multiplies the share resolved."""
    gap: Annotated[TimeOrNone | None, Note(unset="that of the group", sentence="{} not ready")] = (
        None
    )
    """``gap`` of this person."""


def read_persons(value: object, info: ValidationInfo) -> object:
    """Read the persons of a file, such as ``"team.csv"``; else return what is written."""
    if not isinstance(value, str) or not is_file(value):
        return value
    files = info.context if isinstance(info.context, Files) else Files(None)
    return files.records(value, tuple(NamedAgent.model_fields))


def or_file(schema: dict[str, Any]) -> None:
    """Let a schema of a list allow the name of a file, too."""
    kept = {key: schema.pop(key) for key in ("type", "items") if key in schema}
    schema["anyOf"] = [{"type": "string", "description": "a file such as team.csv"}, kept]


class QuietBreaks(Record):
    """Breaks that wait for a quiet moment."""

    share: Share
    """Share of agents without a contact who are in such a break in quiet times, at most 95%; and
    the probability that an agent who has finished a contact takes one where no contact waits."""
    length: Distribution
    """Distribution of the length of a break, with a mean of 10 s or more."""


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

    agents: Annotated[Headcount | None, Note(unset="this or `shifts`", section="Agents")] = None
    """Scheduled agents in opening hours, whole numbers: a number, a list per open interval, a
    column. A change by path (``"+10%"`` of 3) is rounded once, halves upwards, and the same
    whole number is scheduled, paid and, net of shrinkage, on duty. Zero outside opening hours."""
    open: Annotated[Opening | None, Note(unset="the center's", section="Agents")] = None
    """Hours of ``agents``, as in ``[center]``."""
    shifts: Annotated[tuple[Shift, ...], Note(unset="this or `agents`", section="Agents")] = ()
    """Agents with fixed hours, see below."""
    skills: Annotated[dict[Name, Skill], Note(unset="none", section="Skills")] = Field(
        default_factory=dict
    )
    """By queue, a level or a table, see below."""
    shrinkage: Annotated[Share, Note(section="Agents")] = 0.0
    """Planned share of scheduled agents who are not available: agents on duty are scheduled × (1 −
    shrinkage), halves rounded upwards; of shifts the rounded share of agents is left out, the
    last first."""
    absent: Annotated[Share, Note(section="Agents")] = 0.0
    """Probability that an agent is absent on a day."""
    wage: Annotated[Money | None, Note(unset="none", sentence="wage {} per hour")] = None
    """Pay of one agent per hour, in any currency; breaks, planned shrinkage and absence are paid.
    Groups with a wage have the metric ``cost``."""
    overtime: Annotated[Ratio, Note(unset="`1`", sentence="overtime is paid at {} of the wage")] = (
        1.0
    )
    """Overtime pay as a multiple of the wage."""
    tools: Annotated[
        Money | None,
        Note(unset="none", sentence="tools cost {} per paid hour", later=True),
    ] = None
    """Cost of workplace, tools and licences for a paid hour of an agent."""
    wrap: Annotated[
        str,
        Choice("at once", "when idle"),
        Note(sentence="wrap-up is postponed until no contact waits"),
    ] = "at once"
    """Wrap-up ``"at once"``, or postponed until no contact waits (``"when idle"``; not with
    ``at_once`` above 1)."""
    gap: Annotated[
        TimeOrNone,
        Note(unset="none", sentence="not ready for {} after a contact", later=True),
    ] = fixed(0.0)
    """Time after a contact and its wrap-up in which the agent is not ready and which does not count
    as handle time: ways, pauses. It follows the last of concurrent contacts; a break or the end of
    the shift ends it."""
    breaks_when_quiet: Annotated[
        QuietBreaks | None, Note(unset="none", section="Agents", later=True)
    ] = None
    """``{ share = "50%", length = "exponential 5min" }``: breaks of agents for whom no contact
    waits, see below."""
    at_shift_end: Annotated[
        str,
        Choice("finish", "hand back"),
        Note(
            sentence="unfinished deferred work returns to the queue at the end of a shift or when "
            "headcount falls"
        ),
    ] = "finish"
    """At the end of a shift, or when ``agents`` falls, active deferred work is finished
    (``"finish"``) or returned to its queue (``"hand back"``)."""
    mix: Annotated[tuple[tuple[Name, Name], ...], Note(unset="none")] = ()
    """Pairs of channels that one agent may handle at the same time: ``[["chat", "email"]]``."""
    interrupts: Annotated[
        dict[Name, Annotated[Names, BeforeValidator(_live)]], Note(unset="nothing")
    ] = Field(default_factory=dict)
    """By deferred queue or channel, what interrupts it: ``{ mail = "chat" }``, ``{ mail =
    ["voice", "chat"] }``, ``{ mail = "live" }``."""

    tenure: Annotated[
        tuple[Tenure, ...], Note(unset="no differences", section="Skills", later=True)
    ] = ()
    """``[{ name = "new", share = "20%", speed = "85%", resolves = "90%" }]``: agents who are slower
    or resolve less, such as new ones."""
    persons: Annotated[
        tuple[NamedAgent, ...],
        BeforeValidator(read_persons),
        Note(unset="no differences", section="Skills", later=True),
    ] = Field(default=(), json_schema_extra=or_file)
    """Agents with a name: ``[{ name = "Ada", speed = "120%", resolves = "105%" }]``, or a file with
    these columns, ``"team.csv"``. They are the first agents of the group, in this order; of the
    others ``tenure`` and ``speed_spread`` tell."""
    speed_spread: Annotated[
        Ratio,
        Note(section="Skills", later=True, sentence="speeds of agents have a CV of {}"),
    ] = 0.0
    """Coefficient of variation of the speed of agents: each has a random factor (lognormal, mean 1)
    that differs by replication and holds all days; not for ``persons``."""

    @property
    def shift_agents(self) -> int:
        """Number of agents in all shifts."""
        return sum(shift.agents for shift in self.shifts)
