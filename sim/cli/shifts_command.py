"""The command that plans shifts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli import forget_interruption
from sim.cli.common import loaded, note, report_compiling, say, titles_by_meaning
from sim.cli.output_files import OutputFiles
from sim.cli.progress import progress
from sim.extras import need
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.planning import ShiftSchedule
    from sim.scenario import Scenario


def plan_shifts_of(
    file: str,
    sets: list[str] | None,
    pattern: list[str] | None,
    columns: list[str] | None,
    options: dict[str, Any],
    out: Path | None,
    outputs: OutputFiles,
) -> None:
    """Plan shifts, and write the plan where it is wanted.

    Parameters
    ----------
    file : str
        Scenario, table of requirements or of interval rows.
    sets : list of str or None
    pattern : list of str or None
        Patterns as ``NAME=8h every 30min``, in place of those of a file.
    columns : list of str or None
        ``MEANING=TITLE``.
    options : dict
        As :func:`sim.planning.plan_shifts` takes them.
    out : Path or None
        Where the scenario with the shifts is written.
    outputs : OutputFiles
    """
    from sim.fileio import checked
    from sim.planning import plan_shifts

    if outputs.csv is not None:
        need("--csv", "pandas")
    outputs.check(file)
    if out is not None:
        checked(out, ".toml")
    center = _center(file, sets)
    if out is not None and isinstance(center, Path):
        raise BadInputError(f"--out: {file} is a table; allowed: scenarios, to write shifts into")
    if pattern:
        if options["patterns"] is not None:
            raise BadInputError(
                "--pattern: cannot be combined with --patterns; allowed: one of them"
            )
        options["patterns"] = _written_patterns(pattern)
    options["columns"] = titles_by_meaning(columns) or None
    if options["simulate"] or options["method"] != "cover":
        report_compiling("auto")
    with progress("planning shifts") as show:
        plan = plan_shifts(center, progress=show, **options)
        if plan.stopped:
            forget_interruption()
    if plan.stopped:
        note("interrupted: this is the best plan so far")
    _write(plan, out, outputs)
    say(plan.to_json() if outputs.as_json else plan.text())


def _write(plan: ShiftSchedule, out: Path | None, outputs: OutputFiles) -> None:
    """Write the plan to the files that are wanted."""
    from sim.planning.shifts.write_scenario import write_scenario

    if outputs.csv is not None:
        plan.to_csv(outputs.csv)
        note(f"wrote {outputs.csv}")
    if outputs.xlsx is not None:
        plan.to_xlsx(outputs.xlsx)
        note(f"wrote {outputs.xlsx}")
    if out is not None:
        for path in write_scenario(plan, out):
            note(f"wrote {path}")


def _center(file: str, sets: list[str] | None) -> Scenario | Path:
    """Return a scenario, or the path of a table."""
    from sim.fileio import is_table

    if not is_table(file):
        return loaded(file, sets)
    if sets:
        raise BadInputError(f"--set: {file} is not a scenario and has no fields to change")
    return Path(file)


def _written_patterns(texts: list[str]) -> dict[str, Any]:
    """Return patterns by name: ``early=8h from 07:00``, or numbered when they have no name."""
    found: dict[str, Any] = {}
    for number, text in enumerate(texts, start=1):
        name, equals, written = text.partition("=")
        key = name.strip() if equals else f"pattern {number}"
        if not key or key in found:
            raise BadInputError(f"--pattern {text}: allowed: one name each, such as early=8h")
        found[key] = (written if equals else text).strip()
    return found
