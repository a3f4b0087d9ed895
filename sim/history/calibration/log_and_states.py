"""Read a call log and the states of its agents, with what was said of both the last time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sim.history.calibration.column_file import COLUMN_FILE, LogColumns
from sim.history.call_log import ReadLog, ReadStates, read_call_log, read_state_log, with_states


def read_log_and_states(
    log: str | Path,
    saved: LogColumns,
    folder: Path | None,
    *,
    columns: Mapping[str, str] | None,
    zone: str | None,
    first: dt.date | None,
    last: dt.date | None,
    not_outcome: Sequence[str] | None,
    states: str | Path | None,
    state_columns: Mapping[str, str] | None,
    state_words: Mapping[str, str] | None,
    dates: str | None,
    sheet: str | None,
    progress: Callable[[int], None],
) -> tuple[ReadLog, ReadStates | None]:
    """Return a log, with states of agents where there is a file of them, and what that holds.

    Parameters
    ----------
    log, columns, zone, first, last, not_outcome, states, state_columns, state_words, dates, sheet
        As for :func:`sim.history.calibration.calibrate`.
    saved : LogColumns
        What the file in `folder` says of the last time; it counts where nothing is said now.
    folder : Path or None
        For the note that the time zone is that of the last time.
    progress : callable
        Called with the steps of reading that are done.

    Raises
    ------
    ScenarioError, TableError, BadInputError
        As :func:`sim.history.call_log.read_call_log`.
    """
    here = saved.zone_of_log(zone)
    read = read_call_log(
        log,
        columns,
        saved_columns=saved.columns,
        zone=here,
        first=first,
        last=last,
        not_outcome=not_outcome or (),
        saved_not_outcome=saved.not_outcome if not_outcome is None else (),
        dates=dates or saved.dates,
        sheet=sheet,
        progress=progress,
    )
    if here != zone:
        read.cleaning.notes.append(f"time zone {here}, as {COLUMN_FILE} of {folder} says")
    if states is None:
        return read, None
    state_log = read_state_log(
        states,
        read,
        state_columns,
        saved_columns=saved.state_columns,
        words=state_words,
        saved_words=saved.states,
        zone=here,
    )
    return replace(read, log=with_states(read.log, state_log.states)), state_log
