"""Actuals to compare with a simulation: a table of intervals or a call log, by its file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.fileio import read_table
from sim.fileio.dates import order_named
from sim.history.tables.actuals import read_actuals
from sim.history.tables.wide_table import chosen_columns
from sim.planning.log_actuals import StateFile, log_actuals
from sim.planning.missing_rows import with_missing_rows
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.history.tables.actuals import Actuals
    from sim.planning.log_inputs import LogInputs
    from sim.scenario import Scenario


@dataclass(frozen=True)
class ActualsFile:
    """A file as actuals by interval.

    Attributes
    ----------
    actuals : Actuals
    inputs : LogInputs or None
        Of a call log; None for a table of intervals.
    warnings : tuple of str
        What of the file is left out.
    aht : {"talk", "handle"} or None
        What the handle time of a call log includes; None for a table of intervals.
    """

    actuals: Actuals
    inputs: LogInputs | None = None
    warnings: tuple[str, ...] = ()
    aht: str | None = None


def read_actuals_file(
    path: str | Path,
    scenario: Scenario,
    *,
    columns: Mapping[str, str] | None = None,
    queues: Mapping[str, str] | None = None,
    zone: str | None = None,
    dates: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
    states: StateFile | None = None,
    is_log: bool | None = None,
    not_outcome: Sequence[str] | None = None,
) -> ActualsFile:
    """Read a table of intervals or a call log for a scenario.

    Parameters are those of :func:`sim.planning.validate_scenario.validate`; ``is_log`` says
    whether the file is a call log, else its titles do.

    Raises
    ------
    BadInputError
        When the file cannot be read.
    sim.scenario.ScenarioError
        With every cell that cannot be read.
    """
    log = log_actuals(
        path, scenario, columns, zone,
        first=first, last=last, pool=queues is None, states=states,
        is_log=is_log, not_outcome=not_outcome, dates=dates, sheet=sheet,
    )  # fmt: skip
    if log is not None:
        return ActualsFile(log.actuals, log.inputs, log.warnings, log.aht)
    if not_outcome:
        raise BadInputError(
            f"--not-outcome: {path} has no contacts; allowed: with a call log of one row per "
            "contact"
        )
    if states is not None:
        raise BadInputError(
            f"--states: {path} has no contacts; allowed: with a call log of one row per contact"
        )
    raw = read_table(str(path), sheet, header_row)
    table = read_actuals(
        raw,
        chosen_columns(raw, columns),
        zone=zone,
        center_zone=scenario.center.time_zone,
        order=order_named(dates),
        known_queues={*scenario.queue, *(queues or {})},
    )
    whole = with_missing_rows(table, scenario, queues)
    return ActualsFile(whole.actuals, warnings=whole.warnings)
