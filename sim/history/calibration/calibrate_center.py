"""From a call log to a scenario folder, in one call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from sim.fileio import write_file
from sim.history.calibration.adjustment import Adjustment
from sim.history.calibration.assumption_effects import assumption_effects
from sim.history.calibration.calibration_result import Calibration, HalfDifference
from sim.history.calibration.center_estimates import CenterEstimates
from sim.history.calibration.center_estimation import estimate_center
from sim.history.calibration.close_loop import ClosedLoop, close_loop
from sim.history.calibration.column_file import (
    COLUMN_FILE,
    PERSONS,
    LogColumns,
    check_folder,
    column_file_text,
    saved_columns,
    zone_as_saved,
)
from sim.history.calibration.earlier_fit import EarlierFit
from sim.history.calibration.estimate_rows import rows_of
from sim.history.calibration.estimated_values import EstimatedValue
from sim.history.calibration.log_and_states import read_log_and_states
from sim.history.calibration.log_concurrency import concurrency_notes
from sim.history.calibration.log_parts import (
    first_and_last,
    halves,
    pooled_note,
    pooled_small_queues,
)
from sim.history.calibration.log_presences import presences_of
from sim.history.calibration.past_days import FIT_SEED, ActualsFit, fit_of, past_days_result
from sim.history.calibration.scenario_comments import field_comments, heading_of
from sim.history.calibration.scenario_tables import usual_week
from sim.history.calibration.scenario_text import scenario_files
from sim.history.calibration.second_process import second_process
from sim.history.calibration.volume_growth import LEVEL, day_levels
from sim.history.calibration.week_calendar import USUAL_WEEK, week_calendar
from sim.history.calibration_stages import (
    ASSUMPTIONS,
    ESTIMATING,
    HALVES,
    LEFT_OUT_DAYS,
    PAST_DAYS,
    READING,
    REMOVING_BIAS,
    STEPS,
)
from sim.history.call_log import (
    CallLog,
    ReadLog,
    ReadStates,
)
from sim.history.call_log.state_words import check_state_names
from sim.units import BadInputError, show_clock

FIT_RUNS = 40
"""Replications of the recorded days: enough for a band of 95 %."""
LOOP_DAYS = 63
"""At most so many of the last days are simulated, those with enough contacts if that is fewer."""
FEWEST_LOOP_DAYS = 21
LOOP_CONTACTS = 100_000

Progress = Callable[[str, int, int], None]


def calibrate(
    log: str | Path,
    out: str | Path | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
    not_outcome: Sequence[str] | None = None,
    states: str | Path | None = None,
    state_columns: Mapping[str, str] | None = None,
    state_words: Mapping[str, str] | None = None,
    dates: str | None = None,
    sheet: str | None = None,
    progress: Progress | None = None,
    write: bool = True,
) -> Calibration:
    """Calibrate a scenario on a call log.

    Parameters
    ----------
    log : str or Path
        CSV (also packed by gzip), parquet or XLSX with one row per contact.
    out : str or Path, optional
        Folder for the scenario; nothing is written unless given.
    columns : mapping of str to str, optional
        Title of the column by meaning (:data:`sim.history.call_log.LOG_MEANINGS`), guessed where it
        is missing.
    zone : str, optional
        Time zone of the center.
    first, last : date, optional
        Days outside are left out.
    not_outcome : sequence of str, optional
        Records with one of these outcomes are left out; those of the last time unless passed.
    states : str or Path, optional
        File with one row per state of an agent, or one row per change: what it says goes before
        what is inferred.
    state_columns, state_words : mapping of str to str, optional
        Title of its columns by meaning (:data:`sim.history.call_log.STATE_MEANINGS`), and states
        (:data:`sim.history.call_log.STATE_NAMES`) by their words in the file; guessed where they
        are missing.
    dates : {"day-first", "month-first"}, optional
        How dates such as 05/01/2026 are written; as the last time unless given.
    sheet : str, optional
        Of a workbook; the first with a table unless given.
    progress : callable, optional
        Called with what is being done (one of
        :data:`sim.history.calibration_stages.STAGES`), the steps of it done, and all.
    write : bool
        Whether the folder is written; the columns it remembers are read anyway.

    Returns
    -------
    Calibration

    Raises
    ------
    BadInputError
        When the log cannot be used, or has too few contacts, or the folder has a scenario that
        calibration did not write.
    OutputError
        When the folder cannot be written.
    """
    report = progress or (lambda what, done, steps: None)
    folder = None if out is None else Path(out)
    if folder is not None:
        check_folder(folder)
    if states is None and (state_columns or state_words):
        raise BadInputError("columns or words of states: there is no file of states (--states)")
    check_state_names(state_words or {})
    saved = LogColumns() if folder is None else saved_columns(folder)
    reading = len(STEPS[READING])
    report(READING, 0, reading)
    read, state_log = read_log_and_states(
        log,
        saved,
        folder,
        columns=columns,
        zone=zone,
        first=first,
        last=last,
        not_outcome=not_outcome,
        states=states,
        state_columns=state_columns,
        state_words=state_words,
        dates=dates,
        sheet=sheet,
        progress=lambda done: report(READING, done, reading),
    )
    report(READING, reading, reading)
    found = calibrate_log(read, Path(log).name, progress, state_log)
    if folder is not None and write:
        write_folder(found, folder)
    return found


def calibrate_log(
    read: ReadLog,
    name: str,
    progress: Progress | None = None,
    states: ReadStates | None = None,
) -> Calibration:
    """Calibrate on a log that was read, with its states; parameters as for :func:`calibrate`."""
    report = progress or (lambda what, done, steps: None)

    def stage(what: str) -> Callable[[int, int], None]:
        return lambda done, steps: report(what, done, steps)

    log = read.log
    with second_process(log) as submit:
        fit_left_out, rows_by_half = submit(_left_out), submit(_rows_of_halves)
        estimates = estimate_center(log, stage(ESTIMATING))
        rows = rows_of(estimates)
        recent = _recent(estimates.log)
        loop = close_loop(estimates, recent, stage(REMOVING_BIAS))
        in_sample = _fit(estimates, recent, loop.adjustment, stage(PAST_DAYS))
        assumptions = assumption_effects(estimates, loop.adjustment, stage(ASSUMPTIONS))
        left_out, days, earlier = fit_left_out(stage(LEFT_OUT_DAYS))
        drift = (
            *_volume_of_halves(estimates),
            *_drift(rows, rows_by_half(stage(HALVES))),
        )
    pooled = pooled_note(log)
    if pooled and pooled not in read.cleaning.notes:
        read.cleaning.notes.append(pooled)
    read.cleaning.notes.extend(concurrency_notes(estimates.concurrency, estimates.log.queues))
    files = _files(estimates, rows, loop, name, pooled, read.zone)
    files[COLUMN_FILE] = column_file_text(_meanings(read, states))
    return Calibration(
        name, read.cleaning, estimates, rows, loop, in_sample, left_out, days, earlier, drift,
        assumptions, files, None if states is None else states.cleaning,
    )  # fmt: skip


def _meanings(read: ReadLog, states: ReadStates | None) -> LogColumns:
    """Return what the files that were read mean, to read the next ones in the same way."""
    log = read.log
    used = np.flatnonzero(log.day_used)
    found = LogColumns(
        read.columns,
        zone=zone_as_saved(read),
        first=log.date(int(used[0])),
        last=log.date(int(used[-1])),
        not_outcome=read.not_outcome,
        dates=read.dates,
    )
    if states is None:
        return found
    return replace(found, state_columns=states.columns, states=states.words)


def write_folder(found: Calibration, folder: Path) -> None:
    """Write the files of a calibration, each whole or not at all; persons of an earlier one go."""
    folder.mkdir(parents=True, exist_ok=True)
    earlier = set(folder.glob(PERSONS)) if (folder / COLUMN_FILE).exists() else set()
    for name, text in found.files.items():
        write_file(folder / name, text)
    for file in earlier - {folder / name for name in found.files}:
        file.unlink()


def _files(
    estimates: CenterEstimates,
    rows: tuple[EstimatedValue, ...],
    loop: ClosedLoop,
    name: str,
    pooled: str,
    zone: str | None = None,
) -> dict[str, str]:
    tables = usual_week(estimates, loop.adjustment, f"{USUAL_WEEK} {name}")
    if zone:
        tables["center"]["time_zone"] = zone
    calendar = week_calendar(estimates.log, estimates.usable)
    starts = [
        f"{tables['center']['first_day'] + dt.timedelta(days=day)} "
        f"{show_clock(60 * int(k) * calendar.minutes)}"
        for day in range(7)
        for k in np.flatnonzero(calendar.open_mask(day))
    ]
    return scenario_files(
        tables,
        field_comments(rows, loop, tables, estimates.queues),
        heading_of(estimates, loop, name, pooled),
        starts,
    )


def _recent(log: CallLog) -> CallLog:
    """Return the last days of a log up to the last that is used: fewer where they are busy."""
    last = int(np.flatnonzero(log.day_used)[-1])
    back = np.cumsum(np.bincount(log.day, minlength=log.days)[last::-1])
    enough = int(np.searchsorted(back, LOOP_CONTACTS)) + 1
    days = min(max(enough, FEWEST_LOOP_DAYS), LOOP_DAYS)
    return log if last < days else log.of_days(np.arange(log.days) > last - days)


def _fit(
    estimates: CenterEstimates,
    log: CallLog,
    adjustment: Adjustment,
    progress: Callable[[int, int], None],
) -> ActualsFit:
    result = past_days_result(estimates, log, FIT_RUNS, adjustment, progress, FIT_SEED)
    return fit_of(estimates, log, result)


def _left_out(
    log: CallLog, progress: Callable[[int, int], None]
) -> tuple[ActualsFit | None, int, EarlierFit | None]:
    """Calibrate without the last weeks, and simulate these with their arrivals and agents."""
    log = pooled_small_queues(log)
    parts = first_and_last(log)
    if parts is None or not parts[1].day_used.any():
        return None, 0, None
    before, after = parts[0], _recent(parts[1])
    try:
        # These have no steps of their own here, but can be interrupted in each.
        estimates = estimate_center(before, lambda done, steps: progress(0, FIT_RUNS))
    except BadInputError:  # too little is left
        return None, 0, None
    loop = close_loop(estimates, _recent(estimates.log), lambda done, steps: progress(0, FIT_RUNS))
    there = presences_of(after)
    known = {int(one) for group in estimates.groups for one in group.agents}
    new = np.array(sorted({int(a) for a in np.unique(there.working.agent)} - known), dtype=np.int64)
    largest = max(estimates.groups, key=lambda group: float(group.present.sum()))
    groups = tuple(
        replace(one, agents=np.concatenate([one.agents, new])) if one is largest else one
        for one in estimates.groups
    )
    moved = replace(
        estimates, present=there.present, working=there.working, groups=groups,
        unseen_pauses=there.unseen_pauses,
    )  # fmt: skip
    used = np.flatnonzero(before.day_used)
    earlier = EarlierFit(
        before.date(int(used[0])), before.date(int(used[-1])), int(estimates.usable.sum()),
        rows_of(estimates), loop,
    )  # fmt: skip
    fit = _fit(moved, after, loop.adjustment, progress)
    return fit, int(after.day_used.sum()), earlier


def _rows_of_halves(
    log: CallLog, progress: Callable[[int, int], None]
) -> tuple[tuple[EstimatedValue, ...], ...]:
    """Return the estimates of both halves of the days; nothing where one has too few."""
    progress(0, 2)
    try:
        return tuple(
            rows_of(_of_half(half, at, progress))
            for at, half in enumerate(halves(pooled_small_queues(log)))
        )
    except BadInputError:
        return ()


def _of_half(log: CallLog, at: int, progress: Callable[[int, int], None]) -> CenterEstimates:
    """Return the estimates of one half of the days."""
    return estimate_center(log, lambda done, steps: progress(at, 2))


def _volume_of_halves(estimates: CenterEstimates) -> tuple[HalfDifference, ...]:
    """Return the contacts per day of both halves of the days, where both have some."""
    first, second = day_levels(estimates, halves(estimates.log)[0])
    if not np.isfinite(first + second):
        return ()
    certain = estimates.trend is not None and estimates.trend.certain
    return (HalfDifference(LEVEL, "center", "count", first, second, certain),)


def _drift(
    rows: tuple[EstimatedValue, ...], by_half: tuple[tuple[EstimatedValue, ...], ...]
) -> tuple[HalfDifference, ...]:
    """Return how the estimates of both halves of the days differ, where both have them."""
    if not by_half:
        return ()
    one, other = ({(row.name, row.scope): row for row in half} for half in by_half)
    found = []
    for row in rows:
        key = (row.name, row.scope)
        if key in one and key in other:
            first, second = one[key], other[key]
            apart = first.high < second.low or second.high < first.low
            found.append(
                HalfDifference(
                    row.name, row.scope, row.unit, first.value, second.value, bool(apart)
                )
            )
    return tuple(found)
