"""The command that sweeps: progress with the time that is left, and what was found."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from sim.cli.common import FAULT, note, report_compiling, say
from sim.cli.progress import progress
from sim.extras import need


def sweep_study(
    study: str,
    out: Path,
    workers: int | None,
    cluster: str | None,
    report: bool,
    seed: int | None,
    as_json: bool,
    allow_large: bool = False,
) -> None:
    """Simulate the missing cells of a study, and show all of them.

    Raises
    ------
    SystemExit
        With 1 when cells failed.
    """
    need("sweep", "pandas", "pyarrow", *["xlsxwriter"] * report)
    from sim.experiment.sweep import SweepError, WorkerError, load_study, sweep
    from sim.report.sweep.text import sweep_text

    read = load_study(study)
    report_compiling(read.engine, read.scenario)
    try:
        with progress("sweeping", "cells") as show:
            swept = sweep(read, out, workers, cluster, seed, _with_before(show),
                          allow_large=allow_large)  # fmt: skip
    except (SweepError, WorkerError) as error:
        note(f"fault: {error}")
        sys.exit(FAULT)
    except (KeyboardInterrupt, OSError):
        if (out / "parts").is_dir():
            note("finished scenarios are saved; repeat the command to resume")
        raise
    if report:
        from sim.report.sweep.page import write_page
        from sim.report.sweep.workbook import write_book

        write_page(out / "report.html", swept)
        write_book(out / "report.xlsx", swept)
        note(f"wrote {out / 'report.html'} and {out / 'report.xlsx'}")
    say(swept.to_json() if as_json else sweep_text(swept))


def _with_before(show: Callable[..., None]) -> Callable[[int, int, int], None]:
    """Say at first how many cells were finished by an earlier call."""

    def show_all(done: int, planned: int, before: int) -> None:
        if before and done == before:
            note(f"{before} of {planned} cells were finished before")
        show(done, planned, before)

    return show_all
