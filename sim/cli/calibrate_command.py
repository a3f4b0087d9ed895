"""The command calibrate: a scenario folder from a call log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.application import command
from sim.cli.common import (
    date_range_options,
    note,
    report_compiling,
    reporting_bad_input,
    say,
    state_options,
    titles_by_meaning,
)
from sim.cli.options import (
    Columns,
    Dates,
    From,
    Json,
    NotOutcome,
    Sheet,
    StateColumns,
    States,
    StateWords,
    To,
)
from sim.cli.progress import progress
from sim.units import BadInputError


@command()
def calibrate(
    log: Annotated[
        str,
        typer.Argument(
            metavar="LOG", help="CSV (also .gz), parquet or XLSX with one row per contact."
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder for scenario, tables and report.")],
    columns: Columns = None,
    zone: Annotated[
        str | None,
        typer.Option(help="Time zone of the center, such as Europe/Lisbon."),
    ] = None,
    first: From = None,
    last: To = None,
    not_outcome: NotOutcome = None,
    dates: Dates = None,
    sheet: Sheet = None,
    states: States = None,
    state_columns: StateColumns = None,
    state_words: StateWords = None,
    as_json: Json = False,
) -> None:
    """Make a scenario of recorded contacts.

    Estimates arrivals, patience, times, presences and gaps with their confidence intervals, and
    writes scenario.toml, week.csv and report.html. Caller ids are hashed at reading.
    """
    with reporting_bad_input():
        from sim.history.calibration import calibrate as calibrate_log
        from sim.history.calibration.calibrate_center import write_folder
        from sim.report.calibration.page import calibration_page
        from sim.report.calibration.text import calibration_text

        _check(out, [log, *([states] if states else [])])
        report_compiling("auto")
        with _stages() as show:
            found = calibrate_log(
                log,
                out,
                columns=titles_by_meaning(columns),
                zone=zone,
                **date_range_options(first, last),
                not_outcome=not_outcome,
                **state_options(states, state_columns, state_words),
                dates=dates,
                sheet=sheet,
                progress=show,
                write=False,
            )
        found.files["report.html"] = calibration_page(found)
        write_folder(found, out)
        note(f"wrote {out}: {', '.join(sorted(found.files))}")
        say(found.to_json() if as_json else calibration_text(found))


@contextmanager
def _stages() -> Iterator[Callable[[str, int, int], None]]:
    """Show the progress of one stage after the other."""
    with ExitStack() as stack:
        now: dict[str, Callable[..., None]] = {}

        def show(what: str, done: int, steps: int) -> None:
            if what not in now:
                stack.close()
                now.clear()
                now[what] = stack.enter_context(progress(what))
            now[what](done, steps)

        yield show


def _check(out: Path, inputs: list[str | Path]) -> None:
    from sim.fileio import checked
    from sim.history.calibration.column_file import WRITTEN, check_folder

    if out.exists() and not out.is_dir():
        raise BadInputError(f"--out {out}: is a file; allowed: a folder")
    check_folder(out)
    if out.is_dir():
        for name in WRITTEN:
            checked(out / name, None, inputs)
