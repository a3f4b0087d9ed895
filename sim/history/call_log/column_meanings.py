"""Which column of a call log means what: guessed from its titles, or said by the user."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sim.history.tables.column_mapping import Meaning, word
from sim.scenario import Problem, ScenarioError
from sim.scenario.problems import listed, nearest

_INNER_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SECONDS = re.compile(r"(?<=[a-z]) (s|sec|secs|seconds|in seconds|in s|sekunden)$")

LOG_MEANINGS: dict[str, Meaning] = {
    one.key: one
    for one in (
        Meaning(
            "date", "Date", "Only where the times are without a date.",
            ("date", "day", "call date", "calendar date", "business date", "datum", "fecha"),
        ),
        Meaning(
            "offered", "Offered",
            "When the contact asked for an agent: date and time, time of day or second of the day.",
            ("t offer", "offered", "offered at", "offer time", "time offered", "arrival",
             "arrival time", "arrived", "arrived at", "vru exit", "ivr exit", "contact start",
             "call start", "start time", "start", "timestamp", "initiation timestamp",
             "conversation start", "date time", "datetime", "date and time", "call time",
             "initiated at", "initiated", "created at", "called at", "start epoch", "beginn",
             "anrufbeginn", "uhrzeit", "time", "eingangszeit", "eingang"),
        ),
        Meaning(
            "queue_entry", "Entry to the queue",
            "When the contact began to wait; may be empty for those who did not wait.",
            ("q start", "queue entry", "queue start", "enqueue timestamp", "enqueued",
             "entered queue", "queued at", "queue time start"),
        ),
        Meaning(
            "wait", "Wait", "Time until answer or abandonment; seconds, 6:10 or 1:02:03.",
            ("wait", "wait s", "wait time", "waiting time", "q time", "queue time",
             "queue duration", "time in queue", "speed of answer", "waited", "waiting",
             "queue seconds", "seconds in queue", "seconds waited", "wait seconds",
             "wartezeit"),
        ),
        Meaning(
            "answer", "Answered at", "When an agent took the contact.",
            ("ser start", "answered at", "answer time", "answer timestamp", "connected at",
             "connected to agent timestamp", "service start", "time answered", "agent start",
             "connect time", "annahme", "angenommen um"),
        ),
        Meaning(
            "end", "End", "When the talk ended, or the waiting customer left.",
            ("ser exit", "ended at", "end time", "end", "disconnect timestamp", "service end",
             "time ended", "call end", "conversation end", "left at", "disconnected at",
             "disconnect time", "hangup time", "hangup", "hung up", "hung up at", "ended",
             "ende"),
        ),
        Meaning(
            "outcome", "Outcome", "Answered, abandoned or blocked, in words of the file.",
            ("outcome", "result", "disposition", "status", "call result", "contact outcome",
             "final state", "exit reason", "ergebnis"),
        ),
        Meaning(
            "talk", "Talk", "Talk and hold with the agent; seconds, 6:10 or 1:02:03.",
            ("ser time", "talk", "talk s", "talk time", "service time", "talk duration",
             "talked", "talk seconds", "seconds talked", "conversation", "conversation time",
             "conversation duration", "agent interaction duration", "duration", "handle time",
             "gesprachszeit", "gesprachsdauer"),
        ),
        Meaning(
            "wrap", "Wrap-up", "After-call work; seconds, 6:10 or 1:02:03.",
            ("wrap", "wrap s", "wrap up", "wrapup", "wrap time", "acw", "after call work",
             "after contact work", "after contact work duration", "acw time", "nachbearbeitung",
             "nachbearbeitungszeit"),
        ),
        Meaning(
            "agent", "Agent", "A name or code; it is replaced by agent 1, agent 2, …",
            ("agent", "server", "agent id", "agent name", "user", "user id", "login", "operator",
             "employee", "representative", "mitarbeiter"),
        ),
        Meaning(
            "queue", "Queue", "Name of the queue. Without it all contacts are of one queue.",
            ("queue", "queue name", "type", "skill", "call type", "service", "split", "vdn",
             "customer type", "line of business", "lob", "warteschlange"),
        ),
        Meaning(
            "channel", "Channel",
            "Phone, chat, email …: a queue that has several is one queue for each of them.",
            ("channel", "contact channel", "channel type", "media", "media type", "medium",
             "kanal"),
        ),
        Meaning(
            "priority", "Priority", "A number; the larger is served first.",
            ("priority", "prio", "importance", "rank"),
        ),
        Meaning(
            "customer", "Customer", "A number or name; it is hashed at reading, never written.",
            ("customer", "customer id", "caller", "caller id", "ani", "phone number",
             "customer number", "client id", "customer endpoint", "from", "phone", "caller number",
             "kundennummer", "rufnummer"),
        ),
        Meaning(
            "contact", "Contact", "Where a contact has several rows: what its rows share.",
            ("contact id", "conversation id", "interaction id", "call id", "contact", "ucid",
             "session id"),
        ),
        Meaning(
            "issue", "Issue", "A number of the issue; several contacts may share it.",
            ("issue", "issue id", "case", "case id", "ticket", "ticket id"),
        ),
        Meaning(
            "resolved", "Resolved", "Whether the issue was resolved: yes or no, 1 or 0.",
            ("resolved", "fcr", "is resolved", "solved", "issue resolved"),
        ),
        Meaning(
            "survey", "Survey", "The answer to a survey: a number.",
            ("survey", "csat", "survey score", "satisfaction", "rating", "score"),
        ),
    )
}  # fmt: skip
"""What a column of a call log can mean, by key."""


STATE_MEANINGS: dict[str, Meaning] = {
    one.key: one
    for one in (
        LOG_MEANINGS["date"],
        Meaning(
            "agent", "Agent", "The same names or codes as in the call log.",
            (*LOG_MEANINGS["agent"].names, "agent username", "agent login", "agent login id",
             "username", "user name", "login id", "full name", "agent email", "email", "person",
             "who"),
        ),
        Meaning(
            "start", "Start", "When the state began, or when it changed to this one.",
            ("start", "start time", "state start", "state start time", "start timestamp",
             "started at", "start datetime", "begin", "from", "time", "timestamp", "date time",
             "datetime", "event time", "event timestamp", "state time", "time of change",
             "changed at", "since", "login", "login time", "logged in at", "logon time",
             "login timestamp"),
        ),
        Meaning(
            "end", "End", "When the state ended; without it a state lasts until the next one.",
            ("end", "end time", "state end", "state end time", "end timestamp", "ended at",
             "end datetime", "until", "to", "stop", "stop time", "logout", "logout time",
             "logged out at", "logoff time", "logout timestamp"),
        ),
        Meaning(
            "duration", "Duration", "How long the state lasted; seconds, 6:10 or 1:02:03.",
            ("duration", "duration s", "duration seconds", "state duration", "time in state",
             "agent state time", "agent state duration", "length", "seconds", "elapsed time"),
        ),
        Meaning(
            "state", "State", "In words of the file; without it each row is a time logged in.",
            ("state", "agent state", "status", "agent status", "state name", "new state",
             "presence", "primary presence", "system presence", "routing status", "activity",
             "new activity", "agent activity", "work mode", "event", "agent state name"),
        ),
    )
}  # fmt: skip
"""What a column of an agent-state log can mean, by key."""


def guess_log_columns(
    titles: Sequence[str],
    meanings: Mapping[str, Meaning] = LOG_MEANINGS,
    by_content: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return the column that each meaning most likely has, by its title.

    Parameters
    ----------
    titles : sequence of str
    meanings : mapping of str to Meaning
    by_content : mapping of str to str, optional
        Meaning by title, of titles that say it not by themselves
        (:func:`sim.history.call_log.column_contents.meanings_by_content`).

    Returns
    -------
    dict of str to str
        Title of the column by key of the meanings; no column stands twice.
    """
    shown = by_content or {}
    clear = [title for title in titles if title and title not in shown]
    by_word = {name: title for title in clear for name in reversed(_names_of(title))}
    found: dict[str, str] = {}
    for key, meaning in meanings.items():
        for name in meaning.names:
            if name in by_word and by_word[name] not in found.values():
                found[key] = by_word[name]
                break
    for title in titles:
        if title in shown:
            found.setdefault(shown[title], title)
    return found


def _names_of(title: str) -> list[str]:
    """Return by what a title may be known: ``CallStart`` as call start, ``TalkSec`` as talk."""
    found = [word(title), word(_INNER_CAPITAL.sub(" ", title))]
    return list(dict.fromkeys(found + [_SECONDS.sub("", one) for one in found]))


def likely_columns(
    titles: Sequence[str],
    saved: Mapping[str, str],
    meanings: Mapping[str, Meaning] = LOG_MEANINGS,
    chosen: Mapping[str, str] | None = None,
    by_content: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return the column of each meaning: as chosen, else as saved, else as its title says.

    Parameters
    ----------
    titles : sequence of str
        Of the columns.
    saved, chosen : mapping of str to str
        As for :func:`choose_columns`.
    meanings : mapping of str to Meaning
    by_content : mapping of str to str, optional
        As for :func:`guess_log_columns`.

    Returns
    -------
    dict of str to str
        Title by key; empty where the meaning is to have no column.
    """
    chosen = chosen or {}
    found = {k: t for k, t in saved.items() if k in meanings and k not in chosen}
    found = {k: t for k, t in found.items() if not t or t in titles} | dict(chosen)
    taken = set(found.values())
    free = [title for title in titles if title not in taken]
    for key, title in guess_log_columns(free, meanings, by_content).items():
        found.setdefault(key, title)
    return found


def choose_columns(
    name: str,
    titles: Sequence[str],
    chosen: Mapping[str, str],
    saved: Mapping[str, str],
    needs_talk: bool = True,
    by_content: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return the column of each meaning of a call log that has one.

    Parameters
    ----------
    name : str
        Of the file, for messages.
    titles : sequence of str
        Of its columns.
    chosen : mapping of str to str
        Title by meaning as the user says it now; an empty title leaves the meaning out.
    saved : mapping of str to str
        The same from the last time, used where the file has the column and nothing was chosen.
    needs_talk : bool
        Whether talk, or its end, must have a column.
    by_content : mapping of str to str, optional
        As for :func:`guess_log_columns`.

    Raises
    ------
    ScenarioError
        When a meaning or column is unknown, a column stands twice, or a meaning that is required
        has no column; the message lists the titles of the file.
    """
    kind = _LOG if needs_talk else _COUNTED_LOG
    return _chosen(name, titles, chosen, saved, kind, by_content)


def choose_state_columns(
    name: str, titles: Sequence[str], chosen: Mapping[str, str], saved: Mapping[str, str]
) -> dict[str, str]:
    """Return the column of each meaning of an agent-state log that has one.

    Parameters and exceptions are those of :func:`choose_columns`.
    """
    return _chosen(name, titles, chosen, saved, _STATES)


@dataclass(frozen=True)
class _Kind:
    """A kind of log: its meanings, which of them are required, and the option that maps them."""

    meanings: Mapping[str, Meaning]
    required: tuple[tuple[str, tuple[str, ...]], ...]
    option: str


_LOG = _Kind(
    LOG_MEANINGS,
    (
        ("offered", ("offered", "queue_entry")),
        ("wait", ("wait", "answer")),
        ("talk", ("talk", "end")),
    ),
    "--column",
)
_COUNTED_LOG = replace(_LOG, required=_LOG.required[:2])
"""A log whose contacts are counted, whether or not their talk is known."""
_STATES = _Kind(STATE_MEANINGS, (("agent", ("agent",)), ("start", ("start",))), "--states-column")


def _chosen(
    name: str,
    titles: Sequence[str],
    chosen: Mapping[str, str],
    saved: Mapping[str, str],
    kind: _Kind,
    by_content: Mapping[str, str] | None = None,
) -> dict[str, str]:
    meanings = kind.meanings
    problems = [_unknown(name, key, meanings) for key in chosen if key not in meanings]
    for key, title in chosen.items():
        if title and title not in titles:
            has = f"there is no column {title!r}; the file has: {', '.join(filter(None, titles))}"
            problems.append(Problem(key, has, suggestion=nearest(title, titles), file=name))
    settled = likely_columns(titles, saved, meanings, chosen, by_content)
    found = {key: title for key, title in settled.items() if title}
    doubled = sorted({t for t in found.values() if list(found.values()).count(t) > 1})
    problems += [
        Problem(title, "is mapped twice; allowed: one meaning", file=name) for title in doubled
    ]
    problems += _missing(name, titles, found, kind)
    if problems:
        raise ScenarioError(problems)
    return found


def _missing(
    name: str, titles: Sequence[str], found: Mapping[str, str], kind: _Kind
) -> list[Problem]:
    """Return what is to be asked for, with the titles among which the user can choose."""
    known = ", ".join(filter(None, titles))
    return [
        Problem(
            kind.meanings[key].title,
            f"no column is mapped to it; the file has: {known} (say it: "
            + " or ".join(f"{kind.option} {one}=TITLE" for one in enough)
            + ")",
            file=name,
        )
        for key, enough in kind.required
        if not any(one in found for one in enough)
    ]


def _unknown(name: str, key: str, meanings: Mapping[str, Meaning]) -> Problem:
    message = f"{key!r} is not a meaning of a column; allowed: {listed(meanings)}"
    return Problem("", message, suggestion=nearest(key, meanings), file=name)
