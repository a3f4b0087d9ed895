"""The command that compares a simulation with actuals."""

from __future__ import annotations

from typing import Any

from sim.cli.common import loaded, note, report_compiling, say, titles_by_meaning
from sim.cli.output_files import OutputFiles
from sim.cli.progress import progress


def validate_scenario(
    file: str,
    actuals: str,
    sets: list[str] | None,
    runs: int | None,
    seed: int,
    workers: int | None,
    options: dict[str, Any],
    columns: list[str] | None,
    outputs: OutputFiles,
) -> None:
    """Simulate a scenario and compare it with a table of actuals by interval.

    Parameters
    ----------
    options : dict
        ``zone``, ``dates``, ``sheet`` and ``header_row`` of the table, and ``recorded_aht``,
        what its handle time holds.
    columns : list of str or None
        ``MEANING=TITLE`` where the titles of the table are not understood by themselves.
    """
    from sim.planning import validate
    from sim.report.validation import validation_text

    outputs.check(file, actuals)
    scenario = loaded(file, sets)
    columns_by_meaning = titles_by_meaning(columns)
    report_compiling("auto", scenario)
    with progress("simulating") as show:
        found = validate(
            scenario,
            actuals,
            runs=runs,
            seed=seed,
            workers=workers,
            progress=show,
            columns=columns_by_meaning,
            **options,
        )
    if outputs.csv is not None:
        found.to_csv(outputs.csv)
        note(f"wrote {outputs.csv}")
    say(found.to_json() if outputs.as_json else validation_text(found, outputs.intervals))
