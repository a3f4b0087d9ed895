"""Simulating a scenario and comparing it with a file of recorded intervals, in one call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.history.tables.days_of_table import within_days, without_days
from sim.planning.actual_inputs import with_actual_inputs
from sim.planning.actuals_file import read_actuals_file
from sim.planning.compare_with_actuals import Validation, check_aht_kind, not_judged
from sim.planning.compare_with_actuals import validate as compared
from sim.planning.log_actuals import StateFile
from sim.planning.scored_periods import scored_periods
from sim.planning.suspects import find_suspects
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.planning.scored_periods import ScoredPeriods
    from sim.scenario import Scenario

RUNS = 100
"""Default number of replications; fewer make no band of days."""


def validate(
    center: Scenario | str | Path,
    actuals: str | Path,
    *,
    runs: int | None = None,
    seed: int | None = None,
    engine: str = "auto",
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    columns: Mapping[str, str] | None = None,
    queues: Mapping[str, str] | None = None,
    zone: str | None = None,
    dates: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    recorded_aht: str | None = None,
    from_actuals: Sequence[str] = (),
    suspects: bool = False,
    without: Sequence[str] = (),
    first: dt.date | None = None,
    last: dt.date | None = None,
    match: str | None = None,
    states: str | Path | None = None,
    state_columns: Mapping[str, str] | None = None,
    state_words: Mapping[str, str] | None = None,
    not_outcome: Sequence[str] | None = None,
    allow_large: bool = False,
    simulate: Callable[[Scenario], Result] | None = None,
) -> Validation:
    """Simulate a scenario and compare it with recorded intervals.

    Parameters
    ----------
    center : Scenario, or path
        A scenario, the path of one, or the name of a shipped one.
    actuals : path
        CSV or XLSX file with one row for each queue and interval, or a call log with one row
        for each contact.
    runs : int, optional
        Replications; 100 unless given.
    seed, engine, workers, progress
        As for :func:`sim.experiment.simulate`.
    columns : mapping of str to str, optional
        Title of the table by meaning, such as ``{"offered": "Calls"}``, where the titles are not
        understood by themselves.
    queues : mapping of str to str, optional
        Queue of the scenario by its name in the table; alike names unless given.
    zone : str, optional
        Time zone of the table, such as ``"UTC"``, turned into that of the center; for a call log
        that of the center, to which times that name a zone are converted.
    dates : {"day-first", "month-first"}, optional
        How a date such as 05/01/2026 is read.
    sheet : str, optional
        Of a workbook.
    header_row : int, optional
        Number of the row with the titles, counted from 1; found unless given.
    recorded_aht : {"talk", "handle", "with-gaps"}, optional
        What the recorded handle time holds.
    from_actuals : sequence of {"arrivals", "agents", "talk"}
        What the simulation takes from the actuals, day by day, see
        :func:`sim.planning.actual_inputs.with_actual_inputs`.
    suspects : bool
        Try changes of the assumptions, and say which improves the fit most.
    without : sequence of str
        Dates that are left out, such as days of an outage.
    first, last : date, optional
        Days outside are left out.
    match : {"date", "weekday"}, optional
        How days are matched, as for :func:`sim.planning.align_actuals.lay_out`.
    states : path, optional
        States of the agents of a call log, whose presences ``from_actuals`` then takes.
    state_columns, state_words : mapping of str to str, optional
        As for :func:`sim.history.call_log.read_state_log`.
    not_outcome : sequence of str, optional
        Records of a call log with one of these outcomes are left out; those that the calibration
        left out unless passed.
    allow_large : bool
        Simulate more than 5 million contacts at a time.
    simulate : callable, optional
        Given the scenario, returns its result in its own way.

    Returns
    -------
    Validation

    Raises
    ------
    BadInputError
        When the table cannot be read, or does not fit the scenario.
    sim.scenario.ScenarioError
        When the file is not a valid scenario, or no queue or day of the table is in it.
    """
    check_aht_kind(recorded_aht)
    if isinstance(center, (str, Path)):
        from sim.scenario import load

        center = load(center)
    if states is not None and "agents" not in from_actuals:
        raise BadInputError("--states: allowed with --given agents, whose presences they are")
    read = read_actuals_file(
        actuals, center, columns=columns, queues=queues, zone=zone, dates=dates, sheet=sheet,
        header_row=header_row, first=first, last=last, not_outcome=not_outcome,
        states=None if states is None else StateFile(states, state_columns, state_words),
    )  # fmt: skip
    recorded_aht = recorded_aht or read.aht
    table = without_days(within_days(read.actuals, first, last), without)
    inputs = with_actual_inputs(center, table, from_actuals, queues, read.inputs, recorded_aht)
    center, table = inputs.scenario, inputs.actuals

    def simulated(
        scenario: Scenario, runs: int, show: Callable[[int, int], None] | None = None
    ) -> Result:
        if simulate is not None:
            return simulate(scenario)
        from sim.experiment import simulate as run

        return run(
            scenario,
            runs=runs,
            seed=seed,
            engine=engine,
            workers=workers,
            progress=show,
            allow_large=allow_large,
        )

    def scored(scenario: Scenario, runs: int) -> Sequence[ScoredPeriods]:
        found = simulated(scenario, runs)
        taken = not_judged(from_actuals)
        return scored_periods(scenario, found, table, queues, recorded_aht, match, taken)

    runs = runs or RUNS
    found = compared(center, simulated(center, runs, progress), table, queues, recorded_aht, match)
    found = found.without_taken(from_actuals)
    notes = (*inputs.notes, *found.notes)
    tried = find_suspects(center, scored, runs, progress) if suspects else ()
    return replace(
        found, from_actuals=tuple(dict.fromkeys(from_actuals)), notes=notes, suspects=tried,
        warnings=(*read.warnings, *inputs.warnings, *found.warnings),
    )  # fmt: skip
