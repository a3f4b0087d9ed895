"""The command that finds the agents required: staff."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.common import loaded, note, report_compiling, say, titles_by_meaning
from sim.cli.progress import progress
from sim.extras import need
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.cli.output_files import OutputFiles
    from sim.planning import Staffing
    from sim.scenario import Scenario


def staff_scenario(
    file: str,
    sets: list[str] | None,
    runs: int | None,
    seed: int,
    workers: int | None,
    simulated: bool,
    columns: list[str] | None,
    options: dict[str, Any],
    outputs: OutputFiles,
) -> None:
    """Find the agents that reach the targets."""
    from sim.planning import staff

    if outputs.csv is not None:
        need("--csv", "pandas", "pyarrow")
    outputs.check()
    center = _to_staff(file, sets)
    options["columns"] = titles_by_meaning(columns) or None
    arguments: dict[str, Any] = {"runs": runs, "seed": seed, "workers": workers, **options}
    report_compiling("auto" if simulated else "reference")
    with progress("staffing") as show:
        staffing = staff(center, simulate=simulated, progress=show, **arguments)
    _write_staffing(staffing, outputs)
    say(staffing.to_json() if outputs.as_json else staffing.text())


def _write_staffing(staffing: Staffing, outputs: OutputFiles) -> None:
    if outputs.csv is not None:
        staffing.to_csv(outputs.csv)
        note(f"wrote {outputs.csv}")
    if outputs.xlsx is not None:
        staffing.to_xlsx(outputs.xlsx)
        note(f"wrote {outputs.xlsx}")


def _to_staff(file: str, sets: list[str] | None) -> Scenario | Path:
    """Return a scenario, or the path of a file of interval rows."""
    from sim.fileio import is_table

    if not is_table(file):
        return loaded(file, sets)
    if sets:
        raise BadInputError(f"--set: {file} is not a scenario and has no fields to change")
    return Path(file)
