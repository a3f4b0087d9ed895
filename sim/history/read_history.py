"""The history of a file, whether its rows are intervals or contacts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.history.call_log.log_titles import is_call_log
from sim.history.log_histories import log_histories
from sim.history.table_histories import TableHistories, read_histories
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.history.calibration.column_file import LogColumns


def read_history(
    path: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    is_log: bool | None = None,
    calibrated: str | Path | None = None,
    zone: str | None = None,
    center_zone: str | None = None,
    not_outcome: Sequence[str] | None = None,
    order: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
    opening: object = None,
    interval: float | str | None = None,
    named_days: Mapping[dt.date, str] | None = None,
) -> TableHistories:
    """Read the histories of all queues of a table of intervals or of a call log.

    Parameters
    ----------
    path : str or Path
    columns : mapping of str to str, optional
        Title by meaning where the titles are not understood by themselves.
    is_log : bool, optional
        Whether the file is a call log; as its titles and ``columns`` say unless given.
    calibrated : str or Path, optional
        Folder of a calibration, whose ``columns.toml`` says what a call log means.
    not_outcome : sequence of str, optional
        Outcomes of a call log whose records are left out.
    zone, center_zone, order, sheet, header_row, first, last, opening, interval, named_days
        As for :func:`sim.history.table_histories.read_histories`; the time zone of a call log
        is that of the center, and ``header_row`` is for tables.

    Raises
    ------
    ScenarioError, TableError, BadInputError
        When the file cannot be read, or an option does not apply to it.
    """
    saved = None if calibrated is None else _saved(Path(calibrated))
    known = None if saved is None else saved.columns
    common: dict[str, Any] = {
        "columns": columns, "first": first, "last": last, "opening": opening,
        "interval": interval, "named_days": named_days,
    }  # fmt: skip
    if is_log is None:
        is_log = is_call_log(path, columns or {}, known, sheet)
    if not is_log:
        if not_outcome:
            raise BadInputError(f"--not-outcome: {path} has no contacts; allowed: with a call log")
        return read_histories(
            path, zone=zone, center_zone=center_zone, order=order, sheet=sheet,
            header_row=header_row, **common,
        )  # fmt: skip
    if header_row is not None:
        raise BadInputError(
            f"--header-row: {path} is a call log; allowed: with a table of intervals"
        )
    if zone and center_zone and zone != center_zone:
        raise BadInputError(
            f"--zone: is {zone}, and --center-zone {center_zone}; allowed with a call log: one of "
            "them, the time zone of the center, to which times that name a zone are converted"
        )
    return log_histories(
        path,
        saved=saved,
        zone=center_zone or zone,
        not_outcome=not_outcome,
        order=order,
        sheet=sheet,
        **common,
    )


def _saved(folder: Path) -> LogColumns:
    from sim.history.calibration.column_file import saved_columns

    return saved_columns(folder)
