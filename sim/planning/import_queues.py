"""Queues found in an imported table of contacts, with default values."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.planning.table_volumes import FIRST_DAY, table_volumes
from sim.scenario.queue import DEFERRED_CHANNELS

if TYPE_CHECKING:
    from sim.history.tables.actuals import Actuals


CHANNELS = ("voice", "chat", "email", "social", "messaging", "case")
PATIENCE = {"voice": "2min", "chat": "3min"}
"""Mean patience that a new queue begins with; an assumption to be replaced by one's own."""
TARGETS = {"chat": "80% in 60s"}
"""Target that a new live queue begins with, :data:`TARGET` unless named; an assumption too."""
TARGET, LATER = "80% in 20s", "95% in 24h"


@dataclass(frozen=True)
class QueueInput:
    """What is said about one queue of a table.

    Attributes
    ----------
    source : (str, str)
        Name and channel of the queue in the table, as :func:`sources` gives them.
    name : str
        Of the queue in the scenario.
    channel : str
    concurrency : int
        Contacts that one agent may handle at once.
    handle_time : str
        Mean talk, hold and wrap of a contact, such as "4min 10s"; that of the table if empty.
    by_interval : bool
        Whether agents are required by the table's handle time of each interval instead of the
        mean. The simulation draws around the mean.
    patience : str
        Mean time before customers abandon; they do not if empty.
    target : str
        "80% in 20s", or "95% in 24h" for deferred work.
    """

    source: tuple[str, str]
    name: str
    channel: str = "voice"
    concurrency: int = 1
    handle_time: str = ""
    by_interval: bool = True
    patience: str = ""
    target: str = TARGET


def sources(actuals: Actuals) -> dict[tuple[str, str], float]:
    """Return the contacts of the table by name and channel of the queue."""
    found: dict[tuple[str, str], float] = {}
    for entry in actuals.entries:
        key = (entry.queue, entry.channel)
        found[key] = found.get(key, 0.0) + entry.numbers["offered"]
    return found


def mean_handle_s(actuals: Actuals, source: tuple[str, str]) -> float | None:
    """Return the mean handle time of a queue of the table (s), None where there is none."""
    if sources(actuals)[source] <= 0:
        return None
    return table_volumes(actuals, {"": source}).mean_handle_s("")


def suggested(actuals: Actuals) -> list[QueueInput]:
    """Return the queues of a table with a name, a channel and goals to begin with.

    Parameters
    ----------
    actuals : Actuals

    Returns
    -------
    list of QueueInput
        In the order of the table. Chats are held two at once; patience and targets are common
        values, to be replaced by one's own.
    """
    found = sources(actuals)
    several = [queue for queue, _ in found]
    result = []
    for queue, written in found:
        name = f"{queue} {written}" if several.count(queue) > 1 else queue
        channel = written or _channel_of(name)
        deferred = channel in DEFERRED_CHANNELS
        result.append(
            QueueInput(
                (queue, written),
                clean_name(name) or "contacts",
                channel,
                2 if channel == "chat" else 1,
                patience="" if deferred else PATIENCE.get(channel, ""),
                target=LATER if deferred else TARGETS.get(channel, TARGET),
            )
        )
    return result


def _channel_of(name: str) -> str:
    """Return the channel that the name of a queue tells."""
    words = name.lower()
    if "mail" in words:
        return "email"
    return "chat" if "chat" in words else "voice"


def clean_name(name: str) -> str:
    """Return a name of a queue without the signs that a scenario cannot have in names."""
    return " ".join(re.sub(r"[.=]", " ", name).split())[:60]


def days_of(actuals: Actuals) -> list[dt.date]:
    """Return the days with contacts of a table, in order."""
    return sorted({e.day or FIRST_DAY for e in actuals.entries if e.numbers["offered"] > 0})


def weeks_of(actuals: Actuals) -> list[tuple[dt.date, dt.date]]:
    """Return first and last day with contacts of each week, Monday to Sunday, of the table."""
    weeks: dict[dt.date, list[dt.date]] = {}
    for day in days_of(actuals):
        weeks.setdefault(day - dt.timedelta(days=day.weekday()), []).append(day)
    return [(days[0], days[-1]) for _, days in sorted(weeks.items())]
