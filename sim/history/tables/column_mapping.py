"""Which column of a table means what: guessed from its titles, or said by the planner."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.history.tables.interval_reader import APART, NAMES
from sim.scenario import Problem, ScenarioError
from sim.scenario.problems import listed, nearest

if TYPE_CHECKING:
    from sim.fileio import Table


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column can mean.

    Attributes
    ----------
    key : str
    title, help : str
        As screens show it.
    names : tuple of str
        Titles by which it is known, without case and punctuation, best first.
    """

    key: str
    title: str
    help: str
    names: tuple[str, ...]


MEANINGS: dict[str, Meaning] = {
    one.key: one
    for one in (
        Meaning(
            "start",
            "Start of the interval",
            "Date and time, such as 2026-01-05 08:00; a time alone where Date is another column.",
            (*NAMES["start"], "date and time", "interval start local", "startinterval",
             "start interval", "period", "time of day", "half hour", "hour", "von",
             "beginn", "startzeit", "uhrzeit", "zeit", "heure", "debut", "hora",
             "inicio", "inizio", "van", "tijd"),
        ),
        Meaning(
            "date",
            "Date",
            "Only where the start of the interval is a time without a date.",
            ("date", "day", "calendar date", "interval date", "business date",
             "datum", "tag", "jour", "fecha", "giorno", "dag"),
        ),
        Meaning(
            "queue",
            "Queue",
            "Name of the queue. Without it all rows are of one queue.",
            (*NAMES["queue"], "queue id", "queueid", "acd queue", "ct queue", "ctqueue", "split",
             "vdn", "line of business", "skill name", "warteschlange", "wachtrij",
             "file d attente", "cola", "coda", "fila"),
        ),
        Meaning(
            "channel",
            "Channel",
            "Voice, chat, email and so on.",
            (*NAMES["channel"], "media", "kanal", "canal", "canale", "kanaal"),
        ),
        Meaning(
            "offered",
            "Offered",
            "Contacts that reached the queue in the interval.",
            (*NAMES["offered"], "contactsreceived", "contacts received", "contacts queued",
             "incoming contact volume", "contact volume", "contactvolume", "contactsoffered",
             "calls received", "offered calls", "n offer", "interactions offered",
             "anrufe", "kontakte", "angebotene anrufe", "angeboten", "appels",
             "appels offerts", "appels recus",
             "llamadas", "llamadas ofrecidas", "chamadas", "chiamate", "oproepen"),
        ),
        Meaning(
            "answered",
            "Answered",
            "Contacts that an agent took.",
            (*NAMES["handled"], "contactshandled", "calls handled", "calls answered",
             "answered calls", "interactions answered", "contacts answered", "served",
             "angenommen", "angenommene anrufe", "beantwortet", "atendidas", "risposte"),
        ),
        Meaning(
            "abandoned",
            "Abandoned",
            "Customers who hung up while they waited.",
            ("abandoned", "abandons", "contacts abandoned", "contactsabandoned",
             "calls abandoned", "abandoned calls", "interactions abandoned", "abandon",
             "aufgelegt", "abgebrochen", "abandonnes", "abandonadas"),
        ),
        Meaning(
            "level",
            "Service level",
            "Share answered in time: 0.8, 80 or 80%. One way of writing for the whole column.",
            ("service level", "servicelevel", "sl", "service level 20 seconds", "service level 20s",
             "sl20", "percent in service level", "service level percent", "sla"),
        ),
        Meaning(
            "asa",
            "Mean wait of the answered (ASA)",
            "Seconds, 6:10 or 1:02:03.",
            ("asa", "asa s", "asa seconds", "average speed of answer", "average speed to answer",
             "average queue answer time", "avg speed of answer", "average wait", "mean wait"),
        ),
        Meaning(
            "aht",
            "Average handle time",
            "Talk, hold and wrap of a contact; seconds, 6:10 or 1:02:03.",
            (*NAMES["aht"], "averagehandletime", "aht inbound", "ahtinbound", "mean handle time",
             "handle time", "aht sek", "aht sec", "aht sekunden", "bearbeitungszeit",
             "mittlere bearbeitungszeit", "durchschnittliche bearbeitungszeit", "dmt", "tmo"),
        ),
        Meaning(
            "total",
            "Total handle time",
            "Of all contacts of the interval together; seconds, 6:10 or 1:02:03.",
            (*NAMES["total"], "handle time total", "total handle time s"),
        ),
        Meaning(
            "agents",
            "Agents scheduled",
            "Persons, before shrinkage where Shrinkage is another column.",
            (*NAMES["agents"], "staff", "headcount"),
        ),
        Meaning(
            "shrinkage",
            "Shrinkage",
            "Share of paid time that is lost: 30, 30% or 0.30.",
            ("shrinkage", "shrinkage percent", "shrink"),
        ),
    )
}  # fmt: skip

EXPORTS: dict[str, frozenset[str]] = {
    "Genesys Cloud": frozenset({"interval start utc date", "media type", "offered"}),
    "Amazon Connect": frozenset({"queuename", "queueid", "channeltype"}),
    "Amazon Connect, historical metrics": frozenset({"startinterval", "contacts queued"}),
    "Eleveo": frozenset({"acd id", "contacts offered"}),
    "NICE": frozenset({"period", "queue", "contactsreceived"}),
    "interval rows": frozenset({"interval start", "offered"}),
}
"""Titles that tell an export, the more particular ones first."""


def word(title: str) -> str:
    """Return a title without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", title.lower())
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())


def guess(raw: Table) -> dict[str, str]:
    """Return the column that each meaning most likely has, by its title.

    Parameters
    ----------
    raw : Table

    Returns
    -------
    dict of str to str
        Title of the column by key of :data:`MEANINGS`; no column stands twice.
    """
    titles = {word(title): title for title in raw.header if title}
    found: dict[str, str] = {}
    for key, meaning in MEANINGS.items():
        known = [name for name in meaning.names if name in titles]
        free = [titles[name] for name in known if titles[name] not in found.values()]
        if free:
            found[key] = free[0]
    return found


def export_of(raw: Table) -> str:
    """Return whose export a table looks like, or an empty text."""
    titles = {word(title) for title in raw.header}
    return next((name for name, needed in EXPORTS.items() if needed <= titles), "")


def apart_of(raw: Table, mapping: Mapping[str, str]) -> list[int]:
    """Return columns by which a queue may have several rows for one interval (skills, …)."""
    used = set(mapping.values())
    return [at for at, title in enumerate(raw.header) if word(title) in APART and title not in used]


def settled(raw: Table, mapping: Mapping[str, str], needed: Sequence[str]) -> dict[str, int]:
    """Return the places of the mapped columns.

    Parameters
    ----------
    raw : Table
    mapping : mapping of str to str
        Title by meaning; empty titles are left out.
    needed : sequence of str
        Meanings that must have a column.

    Raises
    ------
    ScenarioError
        When a meaning is unknown, a column stands twice, or a needed one is missing.
    TableError
        When there is no such column.
    """
    chosen = {key: title for key, title in mapping.items() if title}
    problems = [_unknown(raw, key) for key in chosen if key not in MEANINGS]
    lost = [key for key in needed if key not in chosen]
    known = ", ".join(filter(None, raw.header))
    problems += [
        Problem(
            MEANINGS[key].title,
            f"no column is mapped to it; the file has: {known} (say it: --column {key}=TITLE)",
            file=raw.name,
        )
        for key in lost
    ]
    for title in sorted({t for t in chosen.values() if list(chosen.values()).count(t) > 1}):
        problems.append(Problem(title, "is mapped twice; allowed: one meaning", file=raw.name))
    if problems:
        raise ScenarioError(problems)
    return {key: raw.column(title) for key, title in chosen.items()}


def _unknown(raw: Table, key: str) -> Problem:
    message = f"{key!r} is not a meaning of a column; allowed: {listed(MEANINGS)}"
    return Problem("", message, suggestion=nearest(key, MEANINGS), file=raw.name)
