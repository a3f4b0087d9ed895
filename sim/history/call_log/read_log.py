"""Read a call log: one row a contact, cleaned, with codes instead of names."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.array_types import Floats, Ints
from sim.fileio import TableError
from sim.fileio.dates import order_named
from sim.history.call_log import cleaning as clean
from sim.history.call_log.cleaning import Cleaning
from sim.history.call_log.column_meanings import choose_columns
from sim.history.call_log.contact_records import CallLog, CallOutcome
from sim.history.call_log.duplicate_records import duplicate_records
from sim.history.call_log.exchanged_columns import check_agents_and_queues, check_waits_and_talks
from sim.history.call_log.identifiers import customer_codes, hashed_codes
from sim.history.call_log.log_cells import LogReader
from sim.history.call_log.log_outcomes import NO_AGENT, contact_outcomes
from sim.history.call_log.log_table import CodedTable, read_log_table
from sim.history.call_log.log_times import contact_times
from sim.history.call_log.outcome_words import IF_SELF_SERVICE, NOT_PROCESSED
from sim.history.call_log.queue_channels import named_codes, named_queues
from sim.history.call_log.segments import first_segments
from sim.history.call_log.sorted_log import FIRST_DATE, LogRows, flag_days, sorted_log
from sim.history.call_log.unread_columns import unread_columns
from sim.history.duration_unit import other_unit
from sim.history.tables import time_zones
from sim.history.tables.column_mapping import word
from sim.messages import show_value
from sim.scenario import Problem, ScenarioError
from sim.scenario.problems import all_of
from sim.units import DAY, BadInputError

TOLERANCE = 1.0
"""Times are often whole seconds: an answer this much before its offer is at once (s)."""
LONGEST_WAIT = DAY
MOST_DAYS = 366 * 6
STAY_UTC = (
    "times that end with Z, or count from 1970, stay in UTC, and times with an offset as they are "
    "written; --zone, such as --zone Europe/Lisbon, converts them to the clock of the center"
)


@dataclass(frozen=True)
class ReadLog:
    """A call log as read.

    Attributes
    ----------
    log : CallLog
    cleaning : Cleaning
        What was left out or changed, counted.
    columns : dict of str to str
        Title of the column by meaning.
    zone : str or None
        Time zone of the center to which times were converted.
    agent_codes : dict of str to int
        Code of each agent by :func:`agent_key` of the name, to match other files of the same
        center with the log; it is held in memory only.
    not_outcome : tuple of str
        Outcomes whose records were left out.
    dates : str or None
        How dates such as 05/01/2026 are written, where they are and it is known.
    """

    log: CallLog
    cleaning: Cleaning
    columns: dict[str, str]
    zone: str | None = None
    agent_codes: dict[str, int] = field(default_factory=dict, repr=False)
    not_outcome: tuple[str, ...] = ()
    dates: str | None = None

    @property
    def is_not_converted(self) -> bool:
        """Whether times name a zone, and were not converted."""
        return STAY_UTC in self.cleaning.notes


def read_call_log(
    path: str | Path,
    columns: Mapping[str, str] | None = None,
    *,
    saved_columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
    not_outcome: Sequence[str] = (),
    saved_not_outcome: Sequence[str] = (),
    needs_talk: bool = True,
    dates: str | None = None,
    sheet: str | None = None,
    known_queues: Collection[str] = (),
    progress: Callable[[int], None] | None = None,
) -> ReadLog:
    """Read a call log and clean it.

    Parameters
    ----------
    path : str or Path
        CSV (also packed by gzip), parquet or XLSX with one row per contact.
    columns : mapping of str to str, optional
        Title of the column by meaning (:data:`~sim.history.call_log.LOG_MEANINGS`); guessed from
        the titles where it is missing. An empty title leaves a meaning out.
    saved_columns : mapping of str to str, optional
        The same from the last time.
    zone : str, optional
        Time zone of the center, such as ``"Europe/Lisbon"``: times that name a zone are converted
        to it, and changes of its clock are reported.
    first, last : date, optional
        Days outside are left out.
    not_outcome : sequence of str
        Records with one of these outcomes are left out.
    saved_not_outcome : sequence of str
        The same from the last time, used where none is passed now and the file has them.
    needs_talk : bool
        Whether talk, or its end, must have a column.
    dates : {"day-first", "month-first"}, optional
        How dates such as 05/01/2026 are written where none of the column shows it.
    sheet : str, optional
        Of a workbook; the first with a table unless given.
    known_queues : collection of str
        Names that are queues even where they look like telephone numbers.
    progress : callable, optional
        Called with 1 when the file is read, and with 2 when its times and outcomes are known.

    Raises
    ------
    ScenarioError, TableError
        With file, row, column, value and what is allowed.
    BadInputError
        When there is no such zone.
    """
    here = time_zones.zone(zone) if zone else None
    order = order_named(dates)
    report = progress or (lambda done: None)
    table = read_log_table(path, sheet=sheet)
    report(1)
    chosen = choose_columns(
        table.name, table.titles, columns or {}, saved_columns or {}, needs_talk,
        table.meanings_by_content(),
    )  # fmt: skip
    reader = LogReader(table, chosen, here, order=order, known_queues=frozenset(known_queues))
    steps = Cleaning(table.rows + table.totals)
    if table.totals:
        steps.add("rows of totals below the contacts", table.totals, "left out")
    steps.notes += [*_other_sheets(table), *unread_columns(table, reader.columns)]
    left_out = tuple(not_outcome) or _outcomes_in(reader, saved_not_outcome, steps)
    rows, names, channel_of = _rows(reader, left_out, steps)
    report(2)
    if reader.has_unused_zone:
        steps.notes.append(STAY_UTC)
    if reader.problems:
        raise ScenarioError(reader.problems)
    twice = duplicate_records(table, rows)
    steps.add("duplicates of an earlier record, identical in every column", twice, "left out")
    rows.keep(~twice)
    _within(table.name, rows, first, last, steps)
    _clean_rows(table.name, rows, steps)
    _require_seconds(reader, rows)
    _refuse_long(table.name, rows)
    rows.others["agent as read"] = rows.others["agent"]
    log = sorted_log(rows, names, channel_of, (first, last))
    steps.notes += time_zones.set_forward([log.date(day) for day in range(log.days)], here)
    flag_days(log, steps)
    codes = _agent_codes(names[1], rows.others["agent as read"], log.agent)
    written = reader.order_shown.replace(" ", "-") if reader.order_shown else dates
    return ReadLog(log, steps, reader.columns, zone, codes, left_out, written)


def _other_sheets(table: CodedTable) -> list[str]:
    """Return a note of the sheets of a workbook that were not read."""
    if len(table.sheets) < 2:
        return []
    read, *others = (show_value(one) for one in table.sheets)
    return [f"sheet {read} was read; other sheets of the workbook: {all_of(others)} (--sheet)"]


def _refuse_long(name: str, rows: LogRows) -> None:
    """Refuse a log over more days than a center is estimated from: a few dates are wrong."""
    days = np.unique(rows.instant // DAY).astype(np.int64)
    span = int(days[-1] - days[0]) + 1 if days.size else 0
    if span > MOST_DAYS:
        at = int(np.argmax(np.diff(days)))
        before, after = (f"{FIRST_DATE + dt.timedelta(days=int(days[k]))}" for k in (at, at + 1))
        raise BadInputError(
            f"{name}: spans {span:,} days, and none from {before} to {after} has a contact; "
            f"allowed: at most {MOST_DAYS:,} days (check the dates, or leave days out)"
        )


def _outcomes_in(reader: LogReader, saved: Sequence[str], steps: Cleaning) -> tuple[str, ...]:
    """Return the outcomes of the last time that the file has, with a note."""
    if not saved or not reader.has("outcome"):
        return ()
    there = {word(str(value)) for value in reader.coded("outcome").values}
    found = tuple(one for one in saved if word(one) in there)
    if found:
        shown = ", ".join(map(repr, found))
        steps.notes.append(f"outcomes left out, as the last time: {shown} (--not-outcome)")
    return found


def agent_key(name: str) -> str:
    """Return a name without what writes it differently: case, and decimals of a number."""
    plain = name.casefold()
    return plain.removesuffix(".0") if plain.removesuffix(".0").isdigit() else plain


def _agent_codes(names: list[str], as_read: Ints, codes: Ints) -> dict[str, int]:
    """Return the code of each agent of the log by the key of the name."""
    distinct, first = np.unique(as_read, return_index=True)
    return {
        agent_key(names[one]): int(codes[at])
        for one, at in zip(distinct.tolist(), first.tolist(), strict=True)
        if one >= 0
    }


def _rows(
    reader: LogReader, not_outcome: tuple[str, ...], steps: Cleaning
) -> tuple[LogRows, tuple[list[str], list[str]], dict[str, str]]:
    """Return the rows of a file as numbers, the names of queues and agents, and channels."""
    days = reader.days()
    offered, wait, talk = contact_times(reader, days, steps)
    agents, agent = named_codes(reader, "agent", NO_AGENT)
    outcome = contact_outcomes(reader, agent, talk, not_outcome, steps)
    check_agents_and_queues(reader, agent, (offered, wait, talk), outcome)
    check_waits_and_talks(reader, agent, wait, talk, outcome)
    queues, queue, channel_of = named_queues(reader)
    others: dict[str, Any] = {"agent": agent, "queue": queue}
    others["customer"] = customer_codes(reader, offered, steps)
    unmeasured = np.full(reader.table.rows, math.nan)
    others["priority"] = _priority(reader) if reader.has("priority") else unmeasured
    if reader.has("wrap"):
        others["wrap"] = reader.lengths("wrap")
    if reader.has("survey"):
        others["survey"] = reader.numbers("survey")
    if reader.has("resolved"):
        others["resolved"] = _yes_or_no(reader, "resolved")
    if reader.has("issue"):
        others["issue"] = hashed_codes(reader, "issue")
    if reader.has("contact"):
        others["contact"] = hashed_codes(reader, "contact")
    found = LogRows(offered, wait, outcome, talk, others)
    reader.forget()
    return found, (queues, agents), channel_of


def _priority(reader: LogReader) -> Floats:
    """Return priorities; words are taken for steps in their order of the alphabet."""
    try:
        found = reader.numbers("priority")
    except BadInputError:
        found = np.full(reader.table.rows, math.nan)
    title = reader.columns["priority"]
    if any(problem.path == title for problem in reader.problems):
        message = "allowed: numbers; the larger is served first (leave it out: --column priority=)"
        reader.problems = [
            replace(p, message=f"{p.message}; {message}") if p.path == title else p
            for p in reader.problems
        ]
    return found


def _yes_or_no(reader: LogReader, meaning: str) -> Floats:
    words = {"yes": 1.0, "true": 1.0, "y": 1.0, "1": 1.0, "no": 0.0, "false": 0.0, "n": 0.0,
             "0": 0.0, "1.0": 1.0, "0.0": 0.0}  # fmt: skip

    def read(cell: Any) -> float:
        value = words.get(str(cell).casefold())
        if value is None:
            raise BadInputError(f"{str(cell)!r} is unknown; allowed: yes or no, 1 or 0")
        return value

    return reader.floats(meaning, read)


def _clean_rows(name: str, rows: LogRows, steps: Cleaning) -> None:
    """Leave out records that are not contacts, or cannot have happened."""
    rows.keep(rows.outcome != NOT_PROCESSED)
    untimed = np.isnan(rows.instant)
    before = np.isnan(rows.wait) & (rows.outcome != CallOutcome.ANSWERED) & ~untimed
    if untimed.any():
        steps.add("records without a time", untimed, "left out")
    steps.add("hung up in self-service, before the queue", before, "left out")
    if before.any():
        without = "those without a wait hung up in self-service"
        steps.notes = [one.replace(IF_SELF_SERVICE, without) for one in steps.notes]
    rows.keep(~untimed & ~before)
    answered = rows.outcome == CallOutcome.ANSWERED
    # An answer without a wait is at once only where the others have theirs: it is never
    # conditioned on whether the field is there.
    rows.wait = np.where(np.isnan(rows.wait) & answered, 0.0, rows.wait)
    rows.wait = np.where((rows.wait < 0) & (rows.wait >= -TOLERANCE), 0.0, rows.wait)
    rows.wait = np.where(rows.outcome == CallOutcome.BLOCKED, 0.0, rows.wait)
    impossible = (rows.wait < 0) | (rows.wait > LONGEST_WAIT) | (answered & (rows.talk < 0))
    impossible |= answered & (rows.talk > DAY)
    if impossible.size and impossible.mean() > clean.MOST_IMPOSSIBLE:
        at = int(np.flatnonzero(impossible)[0])
        value = rows.wait[at] if not 0 <= rows.wait[at] <= LONGEST_WAIT else rows.talk[at]
        raise TableError(
            name,
            f"{impossible.mean():.0%} of the records have impossible times, such as {value:g} s; "
            "allowed: waits and talks of 0 s to 24 h. Is another column meant? "
            "(--column MEANING=TITLE)",
        )
    steps.add("impossible times (negative, or an answer before the offer)", impossible, "left out")
    rows.keep(~impossible)
    _clean_answers(rows, steps)
    if "contact" in rows.others:
        kept, joined = first_segments(
            rows.instant, rows.wait, rows.talk, rows.others["contact"], rows.others["agent"],
            rows.others["queue"],
        )  # fmt: skip
        steps.add("further segments with the same agent", ~kept, "talk added to the first one")
        rows.talk = joined
        rows.keep(kept)


def _require_seconds(reader: LogReader, rows: LogRows) -> None:
    """Refuse talks that are hardly in seconds."""
    talk = rows.talk[rows.talk > 0]
    if talk.size and reader.has("talk"):
        message = other_unit(title := reader.columns["talk"], float(talk.mean()))
        if message:
            raise ScenarioError([Problem(title, message, file=reader.table.name)])


def _clean_answers(rows: LogRows, steps: Cleaning) -> None:
    answered = rows.outcome == CallOutcome.ANSWERED
    rows.talk = np.where(answered, rows.talk, math.nan)
    zero = answered & (rows.talk == 0)
    steps.add("talks of zero length", zero, "kept, as a share of zeros")
    limit = clean.is_limit(rows.talk)
    if limit is not None:
        clipped = answered & (rows.talk >= limit)
        steps.add(f"talks cut at {limit:g} s, the longest recorded", clipped, "kept, as at least")
    unknown = answered & (rows.others["agent"] < 0)
    steps.add("answered without a readable agent", unknown, "kept, agent unknown")
    rows.others["agent"] = np.where(answered, rows.others["agent"], -1)


def _within(
    name: str, rows: LogRows, first: dt.date | None, last: dt.date | None, steps: Cleaning
) -> None:
    day = rows.instant // DAY
    inside = np.ones(day.size, dtype=bool)
    if first is not None:
        inside &= ~(day < (first - FIRST_DATE).days)
    if last is not None:
        inside &= ~(day > (last - FIRST_DATE).days)
    if first is not None or last is not None:
        steps.add("outside the days asked for", ~inside, "left out")
    if not inside.any():
        ends = (day.min(), day.max()) if day.size else ()
        has = " to ".join(str(FIRST_DATE + dt.timedelta(days=int(at))) for at in ends) or "none"
        raise TableError(name, f"has no contacts on the days asked for; it has {has}")
    rows.keep(inside)
