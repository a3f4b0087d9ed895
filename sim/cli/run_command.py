"""The command that simulates one scenario: run."""

from __future__ import annotations

import sys
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.common import FAULT, loaded, note, report_compiling, say, say_parts
from sim.cli.compared_scenarios import ScenarioRequest
from sim.cli.progress import progress
from sim.cli.replication_options import replayable

if TYPE_CHECKING:
    from sim.cli.output_files import OutputFiles
    from sim.cli.replication_options import ReplicationOptions
    from sim.experiment import Result
    from sim.metrics import MetricRow
    from sim.scenario import Scenario


def run_scenario(
    file: str,
    sets: list[str] | None,
    wanted: ReplicationOptions,
    engine: str,
    seed: int,
    workers: int | None,
    outputs: OutputFiles,
    coefficient_range: bool = False,
) -> None:
    """Simulate one scenario."""
    from sim.experiment import simulate
    from sim.experiment.coefficient_range import both_ends
    from sim.report import result_text

    outputs.check(file)
    scenario = loaded(file, sets)
    if coefficient_range:
        both_ends(scenario)  # before the work: it may have no coefficients
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
    if coefficient_range:
        result = _with_ranges(result, scenario, wanted, workers)
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


def _with_ranges(
    result: Result, scenario: Scenario, wanted: ReplicationOptions, workers: int | None
) -> Result:
    """Return a result with its metrics of experience at the ends of the coefficients."""
    from sim.experiment import simulate
    from sim.experiment.coefficient_range import simulate_ranges

    same = replace(wanted, runs=result.runs, precision=None, of=None)

    def rows_of(changed: Scenario) -> list[MetricRow]:
        with progress("simulating an end of the coefficients") as show:
            return simulate(
                changed,
                seed=result.seed,
                engine=result.engine,
                workers=workers,
                progress=show,
                **asdict(same),
            ).rows

    return replace(result, ranges=simulate_ranges(scenario, rows_of))


def _write_result(result: Result, outputs: OutputFiles) -> None:
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
