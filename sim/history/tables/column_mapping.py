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
             "start interval", "period", "time of day", "half hour", "hour",
             "starttime", "call hour", "call time hour", "von",
             "beginn", "startzeit", "uhrzeit", "zeit", "heure", "debut", "hora",
             "inicio", "inizio", "van", "tijd"),
        ),
        Meaning(
            "date",
            "Date",
            "Only where the start of the interval is a time without a date.",
            ("date", "day", "calendar date", "interval date", "business date", "row date",
             "call date", "call time date",
             "datum", "tag", "jour", "fecha", "giorno", "dag"),
        ),
        Meaning(
            "queue",
            "Queue",
            "Name of the queue. Without it all rows are of one queue.",
            (*NAMES["queue"], "queue id", "queueid", "acd queue", "ct queue", "ctqueue", "split",
             "vdn", "line of business", "skill name", "split skill", "warteschlange", "wachtrij",
             "file d attente", "cola", "coda", "fila", "skill"),
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
             "incoming contact volume", "incomingcontactvolume", "callsoffered",
             "calls count", "inbound calls", "contact volume", "contactvolume", "contactsoffered",
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
             "acd calls", "acdcalls", "accepted calls",
             "angenommen", "angenommene anrufe", "beantwortet", "atendidas", "risposte"),
        ),
        Meaning(
            "abandoned",
            "Abandoned",
            "Customers who hung up while they waited.",
            ("abandoned", "abandons", "contacts abandoned", "contactsabandoned",
             "calls abandoned", "abandoned calls", "interactions abandoned", "abandon",
             "aban calls", "abncalls", "abandoned count",
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
             "average queue answer time", "avg speed of answer", "avg speed ans", "average wait",
             "mean wait"),
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

PARTS: dict[str, Meaning] = {
    one.key: one
    for one in (
        Meaning("talk", "Mean talk time", "With hold and wrap-up it makes the handle time.",
                ("avg acd time", "average talk time", "avg talk time",
                 "average agent interaction time", "call average talk time")),
        Meaning("hold", "Mean hold time", "Part of the handle time.",
                ("average hold time", "avg hold time", "average customer hold time")),
        Meaning("wrap", "Mean wrap-up time", "Part of the handle time.",
                ("avg acw time", "average after call work time", "avg after call work time",
                 "average after contact work time", "average wrap up time")),
        Meaning("talk_total", "Total talk time", "Of all contacts of the interval together.",
                ("acdtime", "total talk time", "agent interaction time")),
        Meaning("hold_total", "Total hold time", "Of all contacts of the interval together.",
                ("holdtime", "total hold time", "customer hold time")),
        Meaning("wrap_total", "Total wrap-up time", "Of all contacts of the interval together.",
                ("acwtime", "total after call work time", "after contact work time",
                 "total wrap up time")),
    )
}  # fmt: skip
"""Parts of the handle time, for tables that have it in no column of its own."""

EXPORTS: dict[str, frozenset[str]] = {
    "Genesys Cloud": frozenset({"interval start utc date", "media type", "offered"}),
    "Amazon Connect": frozenset({"queuename", "queueid", "channeltype"}),
    "Amazon Connect, historical metrics": frozenset({"startinterval", "contacts queued"}),
    "Eleveo": frozenset({"acd id", "contacts offered"}),
    "NICE": frozenset({"period", "queue", "contactsreceived"}),
    "Avaya CMS, database items": frozenset({"row date", "starttime", "acdcalls"}),
    "Avaya CMS": frozenset({"acd calls", "avg acd time"}),
    "Five9": frozenset({"skill", "calls", "half hour"}),
    "Zendesk": frozenset({"calls", "call hour"}),
    "interval rows": frozenset({"interval start", "offered"}),
}
"""Titles that tell an export, the more particular ones first."""


_SUMMED = re.compile(r"\s*(?:count|d_count|sum)\s*\((.+)\)\s*", re.IGNORECASE)
_AVERAGED = re.compile(r"\s*(?:avg|average)\s*\((.+)\)\s*", re.IGNORECASE)
_SECONDS = re.compile(r" (?:sec|seconds)$")


def word(title: str) -> str:
    """Return a title without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", title.lower())
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())


def _words(title: str) -> list[str]:
    """Return by what a title may be known: as it is, and as a report that aggregates has it.

    ``COUNT(Calls)`` is also ``calls``, ``AVG(Talk time (sec))`` also ``average talk time``.
    """
    found = [word(title)]
    if summed := _SUMMED.fullmatch(title):
        found.append(word(summed[1]))
    elif averaged := _AVERAGED.fullmatch(title):
        found.append(f"average {word(averaged[1])}")
    return found + [_SECONDS.sub("", one) for one in found if _SECONDS.search(one)]


def guess(raw: Table) -> dict[str, str]:
    """Return the column that each meaning most likely has, by its title.

    Parameters
    ----------
    raw : Table

    Returns
    -------
    dict of str to str
        Title of the column by key of :data:`MEANINGS`, and of :data:`PARTS` where no column has
        the handle time; no column stands twice.
    """
    titles: dict[str, str] = {}
    for title in filter(None, raw.header):
        for name in _words(title):
            titles.setdefault(name, title)
    found = _known(titles, MEANINGS, {})
    return found if {"aht", "total"} & found.keys() else _known(titles, PARTS, found)


def _known(
    titles: dict[str, str], meanings: dict[str, Meaning], found: dict[str, str]
) -> dict[str, str]:
    """Return what was found and, by meaning, the titles that are known and free."""
    found = dict(found)
    for key, meaning in meanings.items():
        known = [name for name in meaning.names if name in titles]
        free = [titles[name] for name in known if titles[name] not in found.values()]
        if free:
            found[key] = free[0]
    return found


def export_of(raw: Table) -> str:
    """Return whose export a table looks like, or an empty text."""
    titles = {name for title in raw.header for name in _words(title)}
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
    problems = [_unknown(raw, key) for key in chosen if key not in MEANINGS | PARTS]
    lost = [key for key in needed if key not in chosen]
    known = ", ".join(filter(None, raw.header))
    problems += [
        Problem(
            MEANINGS[key].title,
            f"no column is mapped to it; the file has: {known} (say it: --column {key}=TITLE)"
            f"{if_of_contacts(raw) if key == lost[-1] else ''}",
            file=raw.name,
        )
        for key in lost
    ]
    for title in sorted({t for t in chosen.values() if list(chosen.values()).count(t) > 1}):
        problems.append(Problem(title, "is mapped twice; allowed: one meaning", file=raw.name))
    if problems:
        raise ScenarioError(problems)
    return {key: raw.column(title) for key, title in chosen.items()}


ONE_PER_CONTACT = (
    "does the file have one row per contact? 'ccplan forecast' and 'ccplan calibrate' read such "
    "logs, by columns for offered, wait (or answer) and talk (--column MEANING=TITLE)"
)
OF_CONTACTS = frozenset(
    {"agent", "agent id", "agent name", "call id", "call outcome", "call result", "contact id",
     "disposition", "outcome"}
)  # fmt: skip
"""Words of titles that call logs have, and tables of intervals have not."""


def if_of_contacts(raw: Table) -> str:
    """Return the end of a message where the titles are those of a call log, or an empty text."""
    titles = {name for title in raw.header for name in _words(title)}
    return f"; {ONE_PER_CONTACT}" if titles & OF_CONTACTS else ""


def _unknown(raw: Table, key: str) -> Problem:
    message = f"{key!r} is not a meaning of a column; allowed: {listed(MEANINGS | PARTS)}"
    return Problem("", message, suggestion=nearest(key, MEANINGS | PARTS), file=raw.name)
