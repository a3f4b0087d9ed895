"""The outcomes of the contacts of a call log, and which words of a file stand for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from sim.array_types import Floats, Ints
from sim.fileio import is_missing
from sim.fileio.dates import order_named
from sim.history.call_log.cleaning import Cleaning
from sim.history.call_log.column_meanings import choose_columns
from sim.history.call_log.contact_records import CallOutcome
from sim.history.call_log.log_cells import LogReader
from sim.history.call_log.log_table import read_log_table
from sim.history.call_log.log_times import contact_times
from sim.history.call_log.outcome_words import read_outcomes
from sim.history.call_log.queue_channels import check_written_names, named_codes
from sim.history.tables.column_mapping import word
from sim.units import BadInputError

NO_AGENT = frozenset(
    {"", "no server", "no_server", "no agent", "none", "n/a", "na", "unknown", "null", "nan", "-"}
)


def contact_outcomes(
    reader: LogReader, agent: Ints, talk: Floats, not_outcome: tuple[str, ...], steps: Cleaning
) -> Ints:
    """Return the outcome of each row, as :func:`sim.history.call_log.outcome_words.read_outcomes`.

    Parameters
    ----------
    reader : LogReader
    agent : int64, shape (rows,)
        Negative where there is none.
    talk : float64, shape (rows,)
        Seconds.
    not_outcome : tuple of str
        Words whose rows are left out.
    steps : Cleaning
        To count what is left out, and note what is assumed.

    Raises
    ------
    BadInputError
        When words are to be left out, and no column has outcomes.
    ScenarioError
        When a word is unclear, one to be left out does not occur, or the words are numbers or
        addresses of customers.
    """
    served = (agent >= 0) | (talk > 0)
    if not reader.has("outcome"):
        if not_outcome:
            raise BadInputError("--not-outcome: the log has no column with outcomes")
        steps.notes.append("without a column of outcomes, contacts with an agent or a talk count "
                           "as answered, others as abandoned")  # fmt: skip
        return np.where(served, int(CallOutcome.ANSWERED), int(CallOutcome.ABANDONED))
    check_written_names(reader, "outcome")
    column = reader.coded("outcome")
    found = read_outcomes(reader.table.name, reader.columns["outcome"], column, not_outcome, served)
    steps.add("phantom records", found.phantom, "left out")
    if not_outcome:
        steps.add(f"outcome {', '.join(not_outcome)}", found.excluded, "left out, as asked")
    steps.notes += [f"outcome {one}" for one in found.guessed]
    return found.outcome


def outcome_names(
    path: str | Path, columns: Mapping[str, str], sheet: str | None = None
) -> tuple[str, ...]:
    """Return the distinct outcomes of a call log, the most frequent first; none without a column.

    Of outcomes that differ in case or blanks only the most frequent is returned, of empty cells an
    empty text.

    Parameters
    ----------
    path : str or Path
    columns : mapping of str to str
        Title of the column by meaning.
    sheet : str, optional
        Of a workbook; the first with a table unless given.

    Raises
    ------
    ScenarioError, TableError
        As :func:`sim.history.call_log.read_call_log`.
    """
    reader = _reader(path, columns, sheet)
    if not reader.has("outcome"):
        return ()
    check_written_names(reader, "outcome")
    column = reader.coded("outcome")
    rows = np.bincount(column.codes, minlength=len(column.values))
    found: dict[str, str] = {}
    for at in np.argsort(-rows, kind="stable").tolist():
        if rows[at]:
            name = "" if is_missing(column.values[at]) else str(column.values[at])
            found.setdefault(word(name), name)
    return tuple(found.values())


def check_outcomes(
    path: str | Path,
    columns: Mapping[str, str],
    not_outcome: Sequence[str] = (),
    dates: str | None = None,
    sheet: str | None = None,
) -> None:
    """Refuse a call log with outcomes whose meaning is unclear, without reading the rest of it.

    Parameters
    ----------
    path : str or Path
    columns : mapping of str to str
        Title of the column by meaning.
    not_outcome : sequence of str
        Outcomes whose rows are left out.
    dates, sheet : str, optional
        As for :func:`sim.history.call_log.read_call_log`.

    Raises
    ------
    ScenarioError, TableError
        As :func:`sim.history.call_log.read_call_log`.
    """
    reader, steps = _reader(path, columns, sheet, dates), Cleaning(0)
    talk = contact_times(reader, reader.days(), steps)[2]
    agent = named_codes(reader, "agent", NO_AGENT)[1]
    contact_outcomes(reader, agent, talk, tuple(not_outcome), steps)


def _reader(
    path: str | Path,
    columns: Mapping[str, str],
    sheet: str | None = None,
    dates: str | None = None,
) -> LogReader:
    table = read_log_table(path, sheet=sheet)
    chosen = choose_columns(table.name, table.titles, columns, {}, needs_talk=False)
    return LogReader(table, chosen, order=order_named(dates))
