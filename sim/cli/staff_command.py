"""The command that finds the agents required: staff, by formula or by simulation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.common import loaded, note, report_compiling, say, titles_by_meaning
from sim.cli.progress import progress
from sim.cli.staff_progress import plan_progress
from sim.extras import need
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.cli.output_files import OutputFiles
    from sim.planning import Staffing
    from sim.planning.simulated_staffing import SimulatedStaffing
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
    outputs.check(file)
    center = _to_staff(file, sets)
    options["columns"] = titles_by_meaning(columns) or None
    arguments: dict[str, Any] = {"runs": runs, "seed": seed, "workers": workers, **options}
    report_compiling("auto" if simulated else "reference")
    with progress("staffing") as show:
        staffing = staff(center, simulate=simulated, progress=show, **arguments)
    _write_staffing(staffing, outputs)
    say(staffing.to_json() if outputs.as_json else staffing.text())


METHODS = ("formula", "simulation")


def by_simulation(
    method: str | None,
    formula: dict[str, Any],
    search: dict[str, Any],
    simulated: bool,
    columns: list[str] | None,
) -> bool:
    """Return whether the simulation decides; refuse options of the other method.

    Parameters
    ----------
    method : str or None
    formula, search : dict
        Options of each method; those that are not set are None.
    simulated : bool
    columns : list of str or None
    """
    if method is not None and method not in METHODS:
        raise BadInputError(f"--method: {method!r} is unknown; allowed: {', '.join(METHODS)}")
    wanted = method == "simulation"
    others = formula | {"columns": columns or None} if wanted else search
    for name, value in others.items():
        if value is not None and name != "allow_large":
            option = {"goals": "goal"}.get(name, name.replace("_", "-"))
            right = "formula" if wanted else "simulation"
            instead = "; there say --goal, such as total=80/20" if option == "target" else ""
            raise BadInputError(f"--{option}: requires --method {right}{instead}")
    if wanted and not simulated:
        raise BadInputError("--no-simulate: requires --method formula")
    return wanted


def staff_by_search(
    file: str, sets: list[str] | None, options: dict[str, Any], outputs: OutputFiles
) -> None:
    """Find the least staff whose goals hold in simulation."""
    from sim.fileio import checked, is_table
    from sim.planning.least_staff import staff_by_simulation

    if outputs.csv is not None:
        need("--csv", "pandas", "pyarrow")
    if outputs.xlsx is not None:
        need("--xlsx", "xlsxwriter")
    if is_table(file):
        raise BadInputError(
            f"--method simulation: {file} is a table; allowed: scenarios ('ccplan new' makes one)"
        )
    outputs.check(file)
    out = options.pop("out")
    if out is not None:
        checked(out, ".toml")
    center = loaded(file, sets)
    if out is not None:
        _check_plan(center, out)
    report_compiling("auto")
    options["per"] = options["per"] or "day"
    options["goals"] = options["goals"] or ()
    with plan_progress() as show:
        found = staff_by_simulation(center, report=show, **options)
    if outputs.csv is not None:
        found.to_csv(outputs.csv)
        note(f"wrote {outputs.csv}")
    if outputs.xlsx is not None:
        found.to_xlsx(outputs.xlsx)
        note(f"wrote {outputs.xlsx}")
    if out is not None:
        _write_plan(found, out)
    say(found.to_json() if outputs.as_json else found.text())


def _check_plan(center: Scenario, out: Path) -> None:
    """Find out before the search whether its plan can be written, with the changes by --set."""
    from sim.scenario.written_changes import text_with_changes
    from sim.scenario.written_files import tables_to_copy

    text_with_changes(center)
    tables_to_copy(center, out)


def _write_plan(found: SimulatedStaffing, out: Path) -> None:
    """Write the scenario with the plan as headcounts, with the tables it needs."""
    from sim.scenario.written_changes import text_with_changes
    from sim.scenario.written_files import write_with_tables

    for path in write_with_tables(found.staffed, text_with_changes(found.staffed), out):
        note(f"wrote {path}")


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
