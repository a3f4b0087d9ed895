"""Events: what is unusual for some hours, and which fields it changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from sim import units
from sim.scenario.field_types import Clock, Note, Record, SomeLongSeconds, Whole

TIMES = ("talk", "hold", "wrap", "patience")
SHARES = ("balk", "resolved")
QUEUE_FIELDS = ("volume", *TIMES, *SHARES, "lines")
BOT_FIELDS = ("contained", "tried")
GROUP_FIELDS = ("agents", "absent")
ALLOWED = (
    "queue.NAME.volume, talk, hold, wrap, patience, balk, resolved or lines (only \"off\"), "
    "bot.NAME (only \"off\"), bot.NAME.contained or tried, group.NAME.agents or absent, "
    "center.lines (only \"off\"); * instead of NAME means all"
)  # fmt: skip
OFF = "off"


def _by_path(value: object) -> object:
    """Return changes by dotted path, also of nested tables."""
    if not isinstance(value, Mapping):
        raise ValueError(f'{value!r} is not a table; allowed: {{ "queue.calls.talk" = "+20%" }}')
    return dict(_flat(value, ""))


def _flat(table: Mapping[Any, Any], above: str) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        path = f"{above}{key}".strip()
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}.")
        elif isinstance(value, bool) or not isinstance(value, str | int | float):
            message = 'allowed: a change such as "+20%", a new value, or "off"'
            raise ValueError(f"{path}: {value!r} is not a change; {message}")
        else:
            yield path, value


Changes = Annotated[
    dict[str, str | float],
    BeforeValidator(_by_path),
    WithJsonSchema({
        "type": "object",
        "additionalProperties": {"type": ["string", "number", "object"]},
        "description": 'by path, such as { "queue.calls.talk" = "+20%" }',
    }),
]  # fmt: skip


class Event(Record):
    """Something unusual that changes some fields for a while."""

    day: Annotated[int, Whole(1, 366)] = 1
    """Day of the horizon on which it starts, counted from 1."""
    start: Clock
    """Time of day at which it starts."""
    length: SomeLongSeconds
    """How long it lasts; what passes the end of the horizon has no effect."""
    changes: Annotated[Changes, Note(unset="required")]
    """By path, what differs meanwhile: ``{ "queue.calls.talk" = "+20%", "bot.calls" = "off" }``,
    see below."""

    @property
    def begin(self) -> float:
        """The instant at which it starts (s)."""
        return (self.day - 1) * units.DAY + self.start

    @property
    def end(self) -> float:
        """The instant at which it is over (s)."""
        return self.begin + self.length


def parts_of(path: str) -> tuple[str, str, str] | None:
    """Return family, name and field of a path that an event may change, else None.

    The field of ``bot.NAME`` is empty, and so is the name of ``center.lines``.
    """
    parts = path.split(".")
    if path == "center.lines":
        return "center", "", "lines"
    if len(parts) == 2 and parts[0] == "bot":
        return "bot", parts[1], ""
    known = {"queue": QUEUE_FIELDS, "bot": BOT_FIELDS, "group": GROUP_FIELDS}
    if len(parts) == 3 and parts[2] in known.get(parts[0], ()):
        return parts[0], parts[1], parts[2]
    return None
