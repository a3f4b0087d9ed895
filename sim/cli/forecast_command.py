"""The command that forecasts volumes and handle times from a history."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.cli.common import note, say, titles_by_meaning
from sim.cli.progress import progress
from sim.units import BadInputError


def forecast_volumes(
    history: str,
    days: int,
    columns: list[str] | None,
    options: dict[str, Any],
    out: Path | None,
    layout: str | None,
    scenario: Path | None,
    all_days: bool,
    as_json: bool,
) -> None:
    """Forecast the queues of a history and write what was asked for, each file whole or not at all.

    Parameters
    ----------
    options : dict
        Of :func:`sim.history.forecast_history.forecast`, without columns.
    """
    from sim.fileio import write_file
    from sim.history.forecast_history import forecast
    from sim.report.forecast_text import forecast_text

    if all_days and scenario is None:
        raise BadInputError("--all-days: needs --scenario FILE")
    _check([history, *filter(None, [options["events"], scenario])], out, layout, scenario, options)
    with progress("forecasting", "queues") as show:
        found = forecast(
            history,
            days,
            columns=titles_by_meaning(columns),
            calibrated=_calibrated(scenario, out),
            progress=show,
            **options,
        )
    written: list[Path] = []
    if out is not None:
        if layout is None:
            found.to_csv(out)
        else:
            write_file(out, found.in_layout(layout))
        written.append(out)
    notes: tuple[str, ...] = ()
    if scenario is not None:
        files, notes = found.to_scenario(scenario, all_days)
        written += files
    for text in notes:
        note(f"note: {text}")
    for path in written:
        note(f"wrote {path}")
    say(found.to_json() if as_json else forecast_text(found))


def _calibrated(*files: Path | None) -> Path | None:
    """Return the folder of the first of some files beside which a calibration has kept columns."""
    from sim.history.calibration.column_file import COLUMN_FILE

    folders = (file.parent for file in files if file is not None)
    return next((folder for folder in folders if (folder / COLUMN_FILE).is_file()), None)


def _check(
    inputs: list[str | Path],
    out: Path | None,
    layout: str | None,
    scenario: Path | None,
    options: dict[str, Any],
) -> None:
    """Find out before the work whether what was asked for can be written."""
    from sim.fileio import checked
    from sim.history.export_layouts import LAYOUTS

    if layout is not None and layout not in LAYOUTS:
        raise BadInputError(f"--layout: {layout!r} is unknown; allowed: {', '.join(LAYOUTS)}")
    if layout is not None and out is None:
        raise BadInputError("--layout: needs --out FILE")
    if layout == "connect" and not (options["center_zone"] or options["zone"]):
        raise BadInputError("--layout connect: times are in UTC, so --center-zone is needed")
    if out is not None:
        checked(out, None, inputs)
        if out.suffix.lower() in (".xlsx", ".parquet"):
            raise BadInputError(f"--out {out}: is written as text; allowed: a name such as out.csv")
    if scenario is not None and not scenario.is_file():
        raise BadInputError(f"{scenario}: the file does not exist; allowed: a scenario file")
