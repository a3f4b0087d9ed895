"""Read an agent-state log: one row a state, or one row a change, for the agents of a call log."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.fileio import TableError
from sim.fileio.dates import order_named
from sim.history.call_log import cleaning as clean
from sim.history.call_log.agent_states import AgentState, AgentStates
from sim.history.call_log.cleaning import Cleaning
from sim.history.call_log.clock_difference import clock_difference
from sim.history.call_log.column_meanings import choose_state_columns
from sim.history.call_log.contact_records import CallLog
from sim.history.call_log.log_cells import LogReader, codes_by_word
from sim.history.call_log.log_outcomes import NO_AGENT
from sim.history.call_log.log_table import read_log_table
from sim.history.call_log.read_log import ReadLog, agent_key
from sim.history.call_log.sorted_log import FIRST_DATE
from sim.history.call_log.state_words import read_states_of, words_of_planned_breaks
from sim.history.call_log.state_wrap_up import NEAR
from sim.history.tables import time_zones
from sim.scenario import ScenarioError
from sim.units import DAY, HOUR, show_duration

TOLERANCE = 1.0
"""Times are often whole seconds: an overlap or hole as long as this is none (s)."""
LONGEST_STATE = 6 * HOUR
"""A state that lasts longer had no end: the log-out is missing."""
LONGEST_SESSION = 16 * HOUR
"""The same where rows say only that agents were logged in."""
MOST_OUTSIDE = 0.5
"""Share of contacts answered while logged out above which clocks or names are doubted."""


@dataclass(frozen=True)
class ReadStates:
    """An agent-state log as read.

    Attributes
    ----------
    states : AgentStates
    cleaning : Cleaning
        What was left out or changed, counted.
    columns : dict of str to str
        Title of the column by meaning.
    words : dict of str to str
        State by word of the file, as the user said.
    """

    states: AgentStates
    cleaning: Cleaning
    columns: dict[str, str]
    words: dict[str, str] = field(default_factory=dict)


@dataclass
class _Rows:
    agent: Ints
    start: Floats
    end: Floats
    state: Ints
    word: Ints  # of the file

    def keep(self, rows: Bools | Ints) -> None:
        self.agent, self.start = self.agent[rows], self.start[rows]
        self.end, self.state, self.word = self.end[rows], self.state[rows], self.word[rows]


def read_state_log(
    path: str | Path,
    read: ReadLog,
    columns: Mapping[str, str] | None = None,
    *,
    saved_columns: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
    saved_words: Mapping[str, str] | None = None,
    zone: str | None = None,
) -> ReadStates:
    """Read the states of the agents of a call log, and clean them.

    Parameters
    ----------
    path : str or Path
        CSV (also packed by gzip), parquet or XLSX with one row per state of an agent, or one row
        per change.
    read : ReadLog
        The call log; agents with the same name are the same.
    columns, saved_columns : mapping of str to str, optional
        Title of the column by meaning (:data:`~sim.history.call_log.STATE_MEANINGS`), as said now
        and the last time; guessed where it is missing.
    words, saved_words : mapping of str to str, optional
        State (:data:`~sim.history.call_log.STATE_NAMES`) by word of the file; guessed where it is
        missing.
    zone : str, optional
        Time zone of the center.

    Raises
    ------
    ScenarioError, TableError
        With file, row, column, value and what is allowed.
    BadInputError
        When there is no such zone.
    """
    here = time_zones.zone(zone) if zone else None
    table = read_log_table(path, "state of an agent")
    chosen = choose_state_columns(table.name, table.titles, columns or {}, saved_columns or {})
    reader = LogReader(table, chosen, here, order=order_named(read.dates))
    steps = Cleaning(table.rows)
    rows, names, known = _rows(reader, words or {}, saved_words or {})
    if reader.problems:
        raise ScenarioError(reader.problems)
    log = read.log
    offset = (log.first_day - FIRST_DATE).days * DAY
    rows.start, rows.end = rows.start - offset, rows.end - offset
    has_end = "end" in chosen or "duration" in chosen
    _drop_unreadable(table.name, rows, steps)
    _drop_doubled(rows, steps)
    _match(table.name, rows, names, read, steps)
    if not has_end:
        _end_at_next(rows)
    elif "date" in chosen:  # an end at 00:10 of a state that began at 23:50 of the same date
        past = (rows.end < rows.start - TOLERANCE) & (rows.end + DAY - rows.start <= DAY / 2)
        rows.end = np.where(past, rows.end + DAY, rows.end)
    _drop_impossible(table.name, rows, steps)
    _set_clock(rows, log, steps)
    _end_open(rows, log, steps)
    _cut_overlaps(rows, steps)
    if "state" in chosen:
        _find_planned_breaks(rows, reader.coded("state").values, known, steps)
    states = _within_log(rows, log, steps)
    _check_times(table.name, states, log, steps)
    steps.notes += time_zones.set_forward([log.date(day) for day in range(log.days)], here)
    return ReadStates(states, steps, chosen, known)


def _rows(
    reader: LogReader, words: Mapping[str, str], saved: Mapping[str, str]
) -> tuple[_Rows, list[str], dict[str, str]]:
    """Return rows in seconds since 1970, the names of their agents, and the user's words."""
    days = reader.days()
    start = reader.instants("start", days)
    end = reader.instants("end", days) if reader.has("end") else np.full_like(start, math.nan)
    if reader.has("duration"):
        end = np.where(np.isnan(end), start + reader.lengths("duration"), end)
    names, agent = codes_by_word(reader.coded("agent"), NO_AGENT)
    if reader.has("state"):
        name, title, column = reader.table.name, reader.columns["state"], reader.coded("state")
        state, known = read_states_of(name, title, column, words, saved)
        return _Rows(agent, start, end, state, column.codes), names, known
    state = np.full(start.size, int(AgentState.LOGGED_IN), dtype=np.int64)
    return _Rows(agent, start, end, state, np.zeros_like(state)), names, {}


def _drop_unreadable(name: str, rows: _Rows, steps: Cleaning) -> None:
    untimed = np.isnan(rows.start)
    nameless = ~untimed & (rows.agent < 0)
    for what, found in (("states without a time", untimed), ("states without an agent", nameless)):
        if found.any():
            steps.add(what, found, "left out")
    rows.keep(~untimed & ~nameless)
    if not rows.agent.size:
        raise TableError(name, "has no state with agent and time; allowed: both in each row")


def _drop_doubled(rows: _Rows, steps: Cleaning) -> None:
    """Sort by agent and time, and keep one of rows that are alike."""
    order = np.lexsort((np.nan_to_num(rows.end, nan=-1.0), rows.state, rows.start, rows.agent))
    rows.keep(order)
    alike = np.zeros(order.size, dtype=bool)
    alike[1:] = (
        (np.diff(rows.agent) == 0)
        & (np.diff(rows.start) == 0)
        & (np.diff(rows.state) == 0)
        & (np.diff(np.nan_to_num(rows.end, nan=-1.0)) == 0)
    )
    if alike.any():
        steps.add("states that are there twice", alike, "one of them kept")
    rows.keep(~alike)


def _match(name: str, rows: _Rows, names: list[str], read: ReadLog, steps: Cleaning) -> None:
    """Put the codes of the log in the place of names."""
    codes = np.array([read.agent_codes.get(agent_key(one), -1) for one in names], dtype=np.int64)
    matched = codes[rows.agent]
    strangers = len(np.unique(rows.agent[matched < 0]))
    if strangers:
        action = f"left out with their {int((matched < 0).sum()):,} states"
        steps.add("agents with states who have no contact in the log", strangers, action)
    rows.agent = matched
    rows.keep(matched >= 0)
    if not rows.agent.size:
        raise TableError(
            name,
            f"none of its {strangers} agents has a contact in the log; allowed: the same names or "
            "codes in both (--states-column agent=TITLE)",
        )
    missing = len(read.log.agents) - len(np.unique(rows.agent))
    if missing:
        steps.add("agents of the log without states", missing, "presences by the gap rule")
    order = np.lexsort((rows.state, rows.start, rows.agent))
    rows.keep(order)


def _end_at_next(rows: _Rows) -> None:
    """Let each state last until the next one of the same agent; the last one has no end."""
    following = np.append(rows.start[1:], math.nan)
    same = np.append(rows.agent[1:] == rows.agent[:-1], False)
    rows.end = np.where(same, following, math.nan)
    out = rows.state == AgentState.LOGGED_OUT
    rows.end = np.where(out & np.isnan(rows.end), rows.start, rows.end)


def _drop_impossible(name: str, rows: _Rows, steps: Cleaning) -> None:
    negative = rows.end < rows.start - TOLERANCE
    if negative.mean() > clean.MOST_IMPOSSIBLE:
        at = int(np.flatnonzero(negative)[0])
        raise TableError(
            name,
            f"{negative.mean():.0%} of the states end before they begin, such as one of "
            f"{rows.end[at] - rows.start[at]:g} s; allowed: an end after the start. Is another "
            "column meant? (--states-column MEANING=TITLE)",
        )
    if negative.any():
        steps.add("states that end before they begin", negative, "left out")
    rows.keep(~negative)
    rows.end = np.maximum(rows.end, rows.start)


def _set_clock(rows: _Rows, log: CallLog, steps: Cleaning) -> None:
    """Set the clock of the states by that of the call log."""
    busy = (rows.state == AgentState.BUSY) & np.isfinite(rows.end)
    known = (log.agent >= 0) & np.isfinite(log.end)
    ahead = clock_difference(log.agent[known], log.end[known], rows.agent[busy], rows.end[busy])
    if ahead:
        rows.start, rows.end = rows.start - ahead, rows.end - ahead
        steps.notes.append(
            f"the clock of the states is {abs(ahead):.3g} s {'ahead' if ahead > 0 else 'behind'}; "
            "they are set by that of the call log"
        )


def _end_open(rows: _Rows, log: CallLog, steps: Cleaning) -> None:
    """End states whose end is missing, or far too late, with the last contact in them."""
    details = bool((rows.state == AgentState.AVAILABLE).any())
    longest = np.where(
        (rows.state == AgentState.LOGGED_IN) & (not details), LONGEST_SESSION, LONGEST_STATE
    )
    is_open = np.isnan(rows.end) | (rows.end - rows.start > longest)
    is_open &= rows.state != AgentState.LOGGED_OUT
    if is_open.any():
        action = "logged out at the end of the last contact"
        steps.add("states without an end, where a log-out is missing", is_open, action)
    contacts = np.flatnonzero((log.agent >= 0) & np.isfinite(log.end))
    contacts = contacts[np.lexsort((log.answer[contacts], log.agent[contacts]))]
    span = (log.days + 2) * DAY
    answered = log.agent[contacts] * span + log.answer[contacts]
    for at in np.flatnonzero(is_open):
        start, until = rows.start[at], rows.start[at] + longest[at]
        if at + 1 < rows.agent.size and rows.agent[at + 1] == rows.agent[at]:
            until = min(until, rows.start[at + 1])
        base = rows.agent[at] * span
        first, last = np.searchsorted(answered, [base + start, base + until])
        ends = log.end[contacts[first:last]]
        rows.end[at] = max(float(ends.max()), start) if ends.size else start
    known = np.isfinite(rows.end)
    rows.keep(known & (rows.state != AgentState.LOGGED_OUT) & (rows.end > rows.start))


def _cut_overlaps(rows: _Rows, steps: Cleaning) -> None:
    """End each state where the next one of the agent begins; a mere log-in gives way silently."""
    rows.keep(np.lexsort((-rows.end, rows.start, rows.agent)))
    same = np.append(rows.agent[1:] == rows.agent[:-1], False)
    following = np.where(same, np.append(rows.start[1:], math.inf), math.inf)
    over = (rows.end > following + TOLERANCE) & (rows.state != AgentState.LOGGED_IN)
    if over.any():
        steps.add("states that overlap the next one", over, "ended where it begins")
    rows.end = np.minimum(rows.end, following)
    if (rows.state == AgentState.AVAILABLE).any():  # what else is recorded is more exact
        only = rows.state == AgentState.LOGGED_IN
        rows.state = np.where(only, int(AgentState.NOT_READY), rows.state)
    rows.keep(rows.end > rows.start)


def _find_planned_breaks(
    rows: _Rows, words: Sequence[Any], known: Mapping[str, str], steps: Cleaning
) -> None:
    """Take words of which the file does not say it, but whose lengths do, as planned breaks."""
    free = rows.state == AgentState.NOT_READY
    found = words_of_planned_breaks(rows.word[free], (rows.end - rows.start)[free], words, known)
    for one, length in found.items():
        rows.state[free & (rows.word == one)] = int(AgentState.BREAK)
        name, usual = str(words[one]), show_duration(60 * round(length / 60))
        steps.notes.append(
            f"state {name!r} nearly always lasts {usual}: taken as a planned break "
            f"(--state '{name}=not_ready' if it is none)"
        )


def _within_log(rows: _Rows, log: CallLog, steps: Cleaning) -> AgentStates:
    outside = (rows.end <= 0) | (rows.start >= log.days * DAY)
    if outside.any():
        steps.add("states on other days than the log", outside, "left out")
    rows.keep(~outside)
    has_states = np.zeros(len(log.agents), dtype=bool)
    has_states[rows.agent] = True
    start, end = np.maximum(rows.start, 0.0), np.minimum(rows.end, log.days * DAY)
    covered = np.bincount((start // DAY).astype(np.int64), minlength=log.days) > 0
    missing = log.day_used & ~covered
    if missing.any() and covered.any():
        steps.add("days of the log without states", missing, "presences by the gap rule")
    return AgentStates(rows.agent, start, end, rows.state, has_states, covered)


def _check_times(name: str, states: AgentStates, log: CallLog, steps: Cleaning) -> None:
    """Count contacts answered by agents who were logged out, and refuse very many."""
    if not states.agent.size:
        raise TableError(name, "has no states on the days of the log; allowed: the same days")
    rows = np.flatnonzero(log.answered & (log.agent >= 0))
    rows = rows[states.says(log.agent[rows], log.day[rows])]
    span = (log.days + 2) * DAY
    moment = log.agent[rows] * span + log.answer[rows]
    place = np.searchsorted(states.agent * span + states.start - TOLERANCE, moment, "right") - 1
    until = np.where(place >= 0, (states.agent * span + states.end)[place], -math.inf)
    outside = moment > until + NEAR
    if outside.size and outside.mean() > MOST_OUTSIDE:
        raise TableError(
            name,
            f"{outside.mean():.0%} of the contacts of its agents were answered while they were "
            "logged out; allowed: the same clock and days as in the call log (--zone)",
        )
    if outside.any():
        steps.add("contacts answered while logged out", outside, "the agent counts as present")
