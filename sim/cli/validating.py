"""The command that holds a simulation against recorded intervals."""

from __future__ import annotations

from sim.cli.common import loaded, note, say, tell_of_compiling
from sim.cli.living import Outputs
from sim.cli.progress import progress
from sim.units import BadInputError

RUNS = 100


def validate_scenario(
    file: str,
    actuals: str,
    sets: list[str] | None,
    runs: int | None,
    seed: int,
    workers: int | None,
    options: dict[str, str | None],
    columns: list[str] | None,
    outputs: Outputs,
) -> None:
    """Simulate a scenario and hold it against a table of recorded intervals.

    Parameters
    ----------
    options : dict
        ``zone``, ``dates`` and ``sheet`` of the table, and ``recorded_aht``, what its handle
        time holds.
    columns : list of str or None
        ``MEANING=TITLE`` where the titles of the table are not understood by themselves.
    """
    from sim.experiment import simulate
    from sim.fileio import read_table
    from sim.planning.mapping import guess
    from sim.planning.recorded import read_recording
    from sim.planning.validation import RECORDED_AHT, validate
    from sim.report.believing import validation_text

    outputs.check()
    recorded_aht = options["recorded_aht"]
    if recorded_aht is not None and recorded_aht not in RECORDED_AHT:
        raise BadInputError(
            f"--recorded-aht: {recorded_aht!r} is unknown; allowed: {', '.join(RECORDED_AHT)}"
        )
    scenario = loaded(file, sets)
    raw = read_table(actuals, options["sheet"])
    recording = read_recording(
        raw,
        guess(raw) | _mapped(columns),
        zone=options["zone"],
        center_zone=scenario.center.time_zone,
        order=(options["dates"] or "guess").replace("-", " "),
    )
    tell_of_compiling("auto", scenario)
    with progress("simulating") as told:
        result = simulate(scenario, runs=runs or RUNS, seed=seed, workers=workers, progress=told)
    found = validate(scenario, result, recording, recorded_aht=recorded_aht)
    if outputs.csv is not None:
        from dataclasses import asdict, fields

        from sim.planning.held import Cell
        from sim.report import write_csv

        names = [one.name for one in fields(Cell)]
        write_csv(outputs.csv, [asdict(cell) for cell in found.cells], names)
        note(f"wrote {outputs.csv}")
    say(found.to_json() if outputs.as_json else validation_text(found, outputs.intervals))


def _mapped(columns: list[str] | None) -> dict[str, str]:
    """Return titles by meaning."""
    found = {}
    for text in columns or []:
        key, equals, title = text.partition("=")
        if not equals:
            raise BadInputError(f'--column {text}: must be MEANING=TITLE, such as "offered=Calls"')
        found[key.strip()] = title.strip()
    return found
