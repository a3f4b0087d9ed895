"""The times of the contacts of a call log: offer, wait and talk, from whatever columns say them."""

from __future__ import annotations

import math

import numpy as np

from sim.array_types import Floats
from sim.history.call_log.cleaning import Cleaning
from sim.history.call_log.log_cells import LogReader
from sim.history.tables import twelve_hour_clock
from sim.scenario import Problem, ScenarioError
from sim.units import DAY

FEWEST_TIMES = 60
MOSTLY = 0.98
"""Share of times on the minute above which they have no seconds."""


def contact_times(
    reader: LogReader, days: Floats | None, steps: Cleaning
) -> tuple[Floats, Floats, Floats]:
    """Return when each contact was offered (s since 1970), its wait and its talk (s).

    Parameters
    ----------
    reader : LogReader
        Notes cells that cannot be read.
    days : ndarray, shape (rows,), or None
        Date of each row in days since 1970, where a column has it.
    steps : Cleaning
        To count what is filled in.

    Raises
    ------
    ScenarioError
        When times are those of a clock of twelve hours without am and pm.
    """
    unknown = np.full(reader.table.rows, math.nan)

    def instants(meaning: str) -> Floats:
        return reader.instants(meaning, days) if reader.has(meaning) else unknown

    offered, entry, answer, end = (
        instants(meaning) for meaning in ("offered", "queue_entry", "answer", "end")
    )
    if reader.has("offered"):
        _check_clock(reader, "offered", offered)
    else:
        _check_clock(reader, "queue_entry", entry)
    _note_whole_minutes(reader, {"offered": offered, "queue_entry": entry, "answer": answer}, steps)
    wait = reader.lengths("wait") if reader.has("wait") else unknown
    entry = _without_midnights(entry, wait, offered)
    answer = _without_midnights(answer, unknown, offered)
    end = _without_midnights(end, unknown, offered)
    if reader.has("queue_entry"):
        if not reader.has("offered"):  # those who did not wait have only their answer
            offered = np.where(np.isnan(entry), answer, entry)
            missing = np.isnan(entry) & ~np.isnan(offered)
            steps.add("empty entries to the queue", missing, "offered when answered")
        else:
            offered = np.where(np.isnan(entry), offered, entry)
    left = np.where(np.isnan(answer), end, answer)
    wait = np.where(np.isnan(wait), left - offered, wait)
    talk = reader.lengths("talk") if reader.has("talk") else unknown
    talk = np.where(np.isnan(talk) & ~np.isnan(answer), end - answer, talk)
    return offered, wait, talk


def _check_clock(reader: LogReader, meaning: str, found: Floats) -> None:
    """Refuse times of a clock of twelve hours without am and pm."""
    rows = twelve_hour_clock.rows_out_of_order(
        np.mod(found, DAY), twelve_hour_clock.days_as_groups(found)
    )
    if rows is None:
        return
    column = reader.coded(meaning)
    message = twelve_hour_clock.message([column.values[column.codes[row]] for row in rows])
    if message:
        title, line = reader.columns[meaning], reader.table.line(rows[-1])
        raise ScenarioError([Problem(title, message, file=reader.table.name, line=line)])


def _note_whole_minutes(reader: LogReader, times: dict[str, Floats], steps: Cleaning) -> None:
    """Note times without seconds: what happened between two contacts is lost in them."""
    for meaning, found in times.items():
        known = found[np.isfinite(found)]
        if known.size >= FEWEST_TIMES and np.mean(known % 60.0 == 0) > MOSTLY:
            steps.notes.append(
                f"times of column {reader.columns[meaning]!r} are whole minutes: gaps after "
                "contacts, pauses and breaks when quiet are not reliable; export times with seconds"
            )


def _without_midnights(found: Floats, wait: Floats, offered: Floats) -> Floats:
    """Return times with NaN where exactly midnight stands for none, far from the offer."""
    with np.errstate(invalid="ignore"):
        none = (found % DAY == 0) & ~(np.abs(found - offered) <= 60) & ~(wait > 60)
    return np.where(none, math.nan, found)
