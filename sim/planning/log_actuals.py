"""A call log as actuals by interval."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.history.calibration.center_estimation import OUTAGE_KINDS, usable_days
from sim.history.call_log import (
    CallOutcome,
    read_call_log,
    read_state_log,
    with_states,
)
from sim.history.call_log.log_titles import is_call_log
from sim.history.call_log.read_log import STAY_UTC
from sim.history.estimation.arrival_rates import counts_by_interval
from sim.history.tables.actuals import Actuals
from sim.history.tables.column_mapping import word
from sim.history.tables.interval_reader import Entry
from sim.metrics.registry import VARIANTS
from sim.model import build
from sim.planning.compared_metrics import HANDLE, TALK
from sim.planning.log_inputs import LogInputs, log_inputs, queue_named
from sim.planning.log_time_zone import log_zone
from sim.scenario.interval_series import rules_of
from sim.scenario.problems import all_of
from sim.units import DAY, counted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from sim.array_types import Bools, Floats
    from sim.history.calibration.column_file import LogColumns
    from sim.history.call_log import CallLog, ReadLog
    from sim.model import Model, Queue
    from sim.scenario import Scenario

MOST_NAMED = 5
_COUNTS = {"offered", "answered", "abandoned", "level"}
FIELDS = frozenset(
    {"start", "queue", "offered", "answered", "abandoned", "level", "asa", "aht", "waited"}
)


@dataclass(frozen=True)
class StateFile:
    """A file with states of agents, and what its columns and words mean.

    Attributes
    ----------
    path : str or Path
    columns, words : mapping of str to str, optional
        As for :func:`sim.history.call_log.read_state_log`.
    """

    path: str | Path
    columns: Mapping[str, str] | None = None
    words: Mapping[str, str] | None = None

    def added_to(self, read: ReadLog, zone: str | None, saved: LogColumns | None = None) -> ReadLog:
        """Return a call log with the states of its agents, and notes of what was read.

        Columns and words that a calibration has saved are used where nothing else was said.
        """
        found = read_state_log(
            self.path, read, self.columns, words=self.words, zone=zone,
            saved_columns=None if saved is None else saved.state_columns,
            saved_words=None if saved is None else saved.states,
        )  # fmt: skip
        number, agents = int(found.states.has_states.sum()), len(read.log.agents)
        read.cleaning.notes.append(
            f"agents as recorded by {Path(self.path).name}: {number:,} of "
            f"{counted(agents, 'agent')}"
        )
        read.cleaning.notes.extend(
            f"states: {step.name}: {step.count:,}, {step.action}" for step in found.cleaning.steps
        )
        return replace(read, log=with_states(read.log, found.states))


@dataclass(frozen=True)
class LogActuals:
    """What a call log says by interval.

    Attributes
    ----------
    actuals : Actuals
        Of the days that are used.
    inputs : LogInputs
        Agents as recorded, else inferred from the gaps between the calls of each agent.
    aht : {"talk", "handle"}
        What its handle time includes: wrap-up too where the log has it.
    warnings : tuple of str
        What makes a comparison doubtful.
    """

    actuals: Actuals
    inputs: LogInputs
    aht: str = HANDLE
    warnings: tuple[str, ...] = ()


def log_actuals(
    path: str | Path,
    scenario: Scenario,
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    pool: bool = True,
    states: StateFile | None = None,
    is_log: bool | None = None,
    not_outcome: Sequence[str] | None = None,
    dates: str | None = None,
    sheet: str | None = None,
) -> LogActuals | None:
    """Return a call log as actuals of a scenario; None if the file is a table of intervals.

    Service levels follow the formula and threshold of the queue of the same name. Agents belong
    to the group whose skills explain best which contacts they took.

    Parameters
    ----------
    path : path
    scenario : Scenario
    columns : mapping of str to str, optional
        Title of the column by meaning.
    zone : str, optional
        Time zone of the center; that of the scenario unless given.
    first, last : date, optional
        Days outside are left out.
    pool : bool
        Count contacts of queues that the scenario does not have as those of its queue
        ``other queues``, in which calibration puts small queues together.
    states : StateFile, optional
        States of the agents: their presences are those recorded.
    is_log : bool, optional
        Whether the file is a call log; by its titles unless given.
    not_outcome : sequence of str, optional
        Records with one of these outcomes are left out; those that the calibration left out
        unless passed.
    dates : {"day-first", "month-first"}, optional
        How dates such as 05/01/2026 are written; as for the calibration unless given.
    sheet : str, optional
        Of a workbook; the first with a table unless given.

    Raises
    ------
    ScenarioError, BadInputError
        As :func:`sim.history.call_log.read_call_log`.
    """
    saved = columns_of(scenario)
    if is_log is None:
        is_log = is_call_log(path, columns or {}, saved.columns, sheet)
    if not is_log:
        return None
    zone = log_zone(scenario, saved, zone)
    read = read_call_log(
        path, columns, saved_columns=saved.columns, zone=zone, first=first, last=last,
        not_outcome=not_outcome or (),
        saved_not_outcome=saved.not_outcome if not_outcome is None else (),
        dates=dates or saved.dates, sheet=sheet, known_queues=scenario.queue,
    )  # fmt: skip
    if states is not None:
        read = states.added_to(read, zone, saved)
    model = build(scenario)
    log, pooled = _with_pooled(read.log, scenario) if pool else (read.log, ())
    step = scenario.center.grid.interval_s
    entries = [
        entry
        for at, name in enumerate(log.queues)
        for entry in _entries(
            log, at, name, _queue(model, name, len(log.queues)), _open_cells(log, scenario, name)
        )
    ]
    notes = (
        f"read as a call log: {counted(len(log), 'contact')} of "
        f"{counted(int(log.day_used.sum()), 'day')}",
        *read.cleaning.notes,
        *pooled,
    )
    actuals = Actuals(str(path), tuple(entries), step, FIELDS, notes)
    aht = TALK if log.wrap is None else HANDLE
    warnings = (*((STAY_UTC,) if read.is_not_converted and not saved.zone else ()), *_outages(log))
    return LogActuals(actuals, log_inputs(log, scenario), aht, warnings)


def _outages(log: CallLog) -> Iterator[str]:
    """Yield a warning that names the days with outages."""
    counts = counts_by_interval(log.day, log.offered, log.days)
    unusual, usable = usable_days(log, counts)
    named = {
        one.day: one.reason
        for one in unusual
        if one.kind in OUTAGE_KINDS and log.day_used[one.day] and not usable[one.day]
    }
    if named:
        some = "; ".join(f"{log.date(day)}: {why}" for day, why in list(named.items())[:MOST_NAMED])
        more = f" and {len(named) - MOST_NAMED} more days" if len(named) > MOST_NAMED else ""
        yield f"days with outages are compared too, unless left out (--without): {some}{more}"


def _with_pooled(log: CallLog, scenario: Scenario) -> tuple[CallLog, tuple[str, ...]]:
    """Return a log whose queues that the scenario lacks are its pooled queue, and a note of it."""
    from sim.history.calibration.log_parts import POOLED

    known = {word(name) for name in scenario.queue}
    lost = np.array([word(name) not in known for name in log.queues])
    if POOLED not in scenario.queue or not lost.any():
        return log, ()
    names = tuple(
        dict.fromkeys(POOLED if out else q for q, out in zip(log.queues, lost, strict=True))
    )
    place = np.array([
        names.index(POOLED if out else name) for name, out in zip(log.queues, lost, strict=True)
    ])  # fmt: skip
    shown = all_of([name for name, out in zip(log.queues, lost, strict=True) if out])
    note = (
        f'contacts of {shown} ({int(lost[log.queue].sum()):,}) count for "{POOLED}", as '
        "calibration puts small queues together"
    )
    return replace(log, queue=place[log.queue], queues=names), (note,)


def columns_of(scenario: Scenario) -> LogColumns:
    """Return the columns and words that calibration wrote next to a scenario, none without them."""
    from sim.history.calibration.column_file import LogColumns, saved_columns

    return LogColumns() if scenario.folder is None else saved_columns(scenario.folder)


def _queue(model: Model, name: str, queues: int) -> Queue | None:
    """Return the queue of the model of a name; the only one of both."""
    if queues == len(model.queues) == 1:
        return model.queues[0]
    return next((queue for queue in model.queues if word(queue.name) == word(name)), None)


def _open_cells(log: CallLog, scenario: Scenario, name: str) -> Bools:
    """Return the intervals of the used days in which the scenario's queue is open."""
    center = scenario.center
    over = replace(center.grid, first=log.first_day, days=log.days)
    opens = np.zeros(over.intervals, bool)
    queue = scenario.queue.get(queue_named(scenario, name, len(log.queues)))
    if queue is not None:
        opens[over.open_intervals(rules_of(queue, center.open))] = True
    return opens & np.repeat(log.day_used, over.per_day)


def _entries(
    log: CallLog, at: int, name: str, queue: Queue | None, opens: Bools
) -> Iterator[Entry]:
    """Yield the intervals of one queue in which a contact was offered, or could have been.

    A log has all contacts, so an open interval without one has zero, and its day is complete.
    """
    mine = (log.queue == at) & log.used
    per_day = opens.size // log.days
    step = DAY / per_day
    cell = log.day * per_day + np.minimum(log.offered // step, per_day - 1).astype(np.int64)
    answered, abandoned = mine & log.answered, mine & (log.outcome == CallOutcome.ABANDONED)
    size = log.days * per_day

    def sums(rows: Bools, weight: Floats | None = None) -> Floats:
        values = None if weight is None else np.nan_to_num(weight[rows])
        return np.bincount(cell[rows], values, size).astype(np.float64)

    within = math.nan if queue is None or queue.deferred else queue.threshold
    counts = {
        "offered": sums(mine),
        "answered": sums(answered),
        "abandoned": sums(abandoned),
        "within": sums(answered & (log.wait <= within)),
        "abandoned_within": sums(abandoned & (log.wait <= within)),
        "abandoned_short": sums(abandoned & (log.wait <= (queue.short if queue else 0.0))),
    }
    waits, talks = sums(answered, log.wait), sums(answered, log.talk)
    waited = sums(mine, log.wait)
    if log.wrap is not None:
        talks = talks + sums(answered, log.wrap)
    variant = None if queue is None else VARIANTS[queue.variant]
    for k in np.flatnonzero((counts["offered"] > 0) | opens):
        one = {key: float(values[k]) for key, values in counts.items()}
        numbers = {key: one[key] for key in ("offered", "answered", "abandoned")}
        numbers["asa"] = float(waits[k]) / one["answered"] if one["answered"] else math.nan
        numbers["aht"] = float(talks[k]) / one["answered"] if one["answered"] else math.nan
        numbers["waited"] = float(waited[k])
        numbers["level"] = math.nan if math.isnan(within) else _level(variant, one)
        day, interval = divmod(int(k), per_day)
        yield Entry(int(k) + 1, log.date(day), interval * step, name, "", numbers)


def _level(variant: tuple[str, str] | None, counts: Mapping[str, float]) -> float:
    """Return a service level by its formula."""
    if variant is None:
        return math.nan
    top, bottom = (_sum(formula, counts) for formula in variant)
    return top / bottom if bottom > 0 else math.nan


def _sum(formula: str, counts: Mapping[str, float]) -> float:
    """Return the value of a formula of counts that are added and subtracted."""
    found, sign = 0.0, 1.0
    for part in formula.split():
        if part in "+-":
            sign = 1.0 if part == "+" else -1.0
        else:
            found += sign * counts[part]
    return found
