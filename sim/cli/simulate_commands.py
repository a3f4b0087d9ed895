"""Commands that simulate: run, compare, staff."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.common import FAULT, loaded, note, report_compiling, say, say_parts, titles_by_meaning
from sim.cli.compared_scenarios import ScenarioRequest, contenders
from sim.cli.progress import progress
from sim.extras import need
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.planning import Staffing
    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where results go, and how much of them is shown as text."""

    log: Path | None = None
    xlsx: Path | None = None
    csv: Path | None = None
    html: Path | None = None
    as_json: bool = False
    intervals: bool = False
    every: bool = False

    def check(self) -> None:
        """Find out before the work whether the files can be written."""
        from sim.fileio import checked

        if self.xlsx is not None:
            need("--xlsx", "xlsxwriter")
            checked(self.xlsx, ".xlsx")
        if self.csv is not None:
            checked(self.csv)
        if self.html is not None:
            checked(self.html)
        if self.log is not None:
            need("--log", "pandas", "pyarrow")
            checked(self.log / "legs.parquet" if self.log.is_dir() else self.log)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Number of replications, and how the variance is reduced."""

    runs: int | None = None
    precision: str | None = None
    of: str | None = None
    antithetic: bool = False
    control: bool = False
    allow_large: bool = False


def run_scenario(
    file: str,
    sets: list[str] | None,
    wanted: Wanted,
    engine: str,
    seed: int,
    workers: int | None,
    outputs: Outputs,
) -> None:
    """Simulate one scenario."""
    from sim.experiment import simulate
    from sim.report import result_text

    outputs.check()
    scenario = loaded(file, sets)
    report_compiling(engine, *([] if outputs.log is not None else [scenario]))
    with (
        replayable([ScenarioRequest(file, sets or [])], engine, wanted.antithetic),
        progress("simulating") as show,
    ):
        result = simulate(
            scenario,
            seed=seed,
            engine=engine,
            workers=workers,
            progress=show,
            **asdict(wanted),
        )
    _write_result(result, outputs)
    if outputs.html is not None:
        from sim.report.summary_html import Heading, write_summary_page

        write_summary_page(outputs.html, scenario, result, Heading(changes=tuple(sets or ())))
        note(f"wrote {outputs.html}")
    if outputs.as_json:
        for text in result.notes:
            note(f"note: {text}")
        say_parts(result.json_parts(intervals=True))
        return
    say(result_text(result, intervals=outputs.intervals))


@contextmanager
def replayable(
    requested: Sequence[ScenarioRequest], engine: str, antithetic: bool
) -> Iterator[None]:
    """Report the command that reproduces a failed replication.

    Parameters
    ----------
    requested : sequence of ScenarioRequest
        The scenarios in the order in which they are simulated.
    engine : str
    antithetic : bool
    """
    from sim.experiment import ReplicationError

    try:
        yield
    except ReplicationError as error:
        one = requested[error.place]
        words = [
            "ccplan",
            "run",
            one.file,
            "--seed",
            str(error.seed),
            "--runs",
            str(error.replication),
        ]
        words += ["--engine", engine, "--workers", "1", *["--antithetic"] * antithetic]
        for text in one.sets:
            words += ["--set", text]
        note(f"fault: {error}\nto reproduce it: {shlex.join(words)}")
        raise


def _write_result(result: Result, outputs: Outputs) -> None:
    from sim.report import write_rows

    if outputs.csv is not None:
        from sim.metrics import MetricRow

        names = [f.name for f in fields(MetricRow)]
        rows = ({name: getattr(r, name) for name in names} for r in result.each_row(True))
        write_rows(outputs.csv, rows, names)
        note(f"wrote {outputs.csv}")
    if outputs.xlsx is not None:
        from sim.report.workbook import write_result

        write_result(outputs.xlsx, result)
        note(f"wrote {outputs.xlsx}")
    if outputs.log is not None:
        _write_logs(result, outputs.log)


def _write_logs(result: Result, folder: Path) -> None:
    """Write the log of every replication, and say what its check found.

    Raises
    ------
    SystemExit
        With 1 when a log breaks what must be true of all: a fault of the program.
    """
    from sim.metrics.invariants import violations
    from sim.report import write_log

    found: list[str] = []
    with progress("writing logs") as show:
        for replication in range(1, result.runs + 1):
            log = result.log(replication)
            write_log(folder, log)
            found += [f"log of replication {replication}: {text}" for text in violations(log)]
            show(replication, result.runs)
    note(f"wrote the logs of {result.runs} replications to {folder}")
    for text in found:
        note(f"fault: {text}")
    if found:
        sys.exit(FAULT)
    note("checked the logs: nothing is wrong with them")


def compare_scenarios(
    requested: Sequence[ScenarioRequest],
    wanted: Wanted,
    common: Mapping[str, Any],
    outputs: Outputs,
) -> None:
    """Compare scenarios with the first.

    Parameters
    ----------
    requested : sequence of ScenarioRequest
    wanted : Wanted
    common : mapping
        Engine, seed and workers.
    outputs : Outputs
    """
    from sim.experiment import compare
    from sim.report import comparison_text, write_rows

    outputs.check()
    scenarios, labels = contenders(requested)
    report_compiling(common["engine"], *scenarios)
    replay = replayable(requested, common["engine"], wanted.antithetic)
    with replay, progress("simulating") as show:
        comparison = compare(scenarios, progress=show, labels=labels, **common, **asdict(wanted))
    if outputs.csv is not None:
        rows = [asdict(row) for row in comparison.rows]
        write_rows(outputs.csv, rows, list(rows[0]))
        note(f"wrote {outputs.csv}")
    if outputs.xlsx is not None:
        from sim.report.comparison_workbook import About, write_comparison

        about = dict(zip(labels, map(About.of, scenarios), strict=True))
        write_comparison(outputs.xlsx, comparison, about)
        note(f"wrote {outputs.xlsx}")
    for text in comparison.all_notes if outputs.as_json else ():
        note(f"note: {text}")
    text = comparison.to_json() if outputs.as_json else comparison_text(comparison, outputs.every)
    say(text)


def staff_scenario(
    file: str,
    sets: list[str] | None,
    runs: int | None,
    seed: int,
    workers: int | None,
    simulated: bool,
    columns: list[str] | None,
    options: dict[str, Any],
    outputs: Outputs,
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


def _write_staffing(staffing: Staffing, outputs: Outputs) -> None:
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
