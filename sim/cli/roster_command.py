"""The command roster: a roster of named persons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.application import command
from sim.cli.common import note, reporting_bad_input, say
from sim.cli.completion import roster_names
from sim.cli.options import Csv, Json, Seed, Xlsx
from sim.cli.status_line import StatusLine
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.planning.roster import Roster


@command()
def roster(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE",
            help="Roster file, shipped name, table of persons, or benchmark instance.",
            autocompletion=roster_names,
        ),
    ] = None,
    persons: Annotated[
        Path | None, typer.Option(help="CSV or XLSX of persons, instead of those in the file.")
    ] = None,
    shifts: Annotated[
        Path | None,
        typer.Option(help="JSON of ccplan shifts or scenario with shifts, instead of the file's."),
    ] = None,
    time_limit: Annotated[
        str, typer.Option("--time-limit", help="Longest time to search, such as 5min.")
    ] = "60s",
    rules: Annotated[
        bool, typer.Option("--rules", help="List all rules; with a file, those in force.")
    ] = False,
    calendars: Annotated[
        Path | None, typer.Option(help="Folder for an iCalendar file of each person.")
    ] = None,
    seed: Seed = 1,
    xlsx: Xlsx = None,
    csv: Csv = None,
    as_json: Json = False,
) -> None:
    """Assign shifts to named persons at least cost.

    Hard rules are kept; breaking a soft one costs its price. Ctrl-C ends the search
    and shows the best roster so far. --seed only matters for large rosters.
    """
    from sim.units import duration

    with reporting_bad_input():
        if rules:
            _show_rules(file, as_json)
            return
        if file is None:
            raise BadInputError("FILE: is missing; allowed: a roster file, such as two_weeks")
        limit = duration(time_limit)
        if limit <= 0:
            raise BadInputError(f"--time-limit {time_limit}: allowed: a time above zero")
        _check(xlsx, csv, calendars, [one for one in (file, persons, shifts) if one])
        found = _planned(file, persons, shifts, limit, seed)
        _write(found, xlsx, csv, calendars)
        say(found.to_json() if as_json else found.text())


def _check(
    xlsx: Path | None, csv: Path | None, calendars: Path | None, inputs: list[str | Path]
) -> None:
    """Find out before the work whether the files can be written."""
    from sim.cli.output_files import OutputFiles
    from sim.extras import need
    from sim.fileio import OutputError

    OutputFiles(xlsx=xlsx, csv=csv).check(*inputs)
    if csv is not None:
        need("--csv", "pandas")
    if calendars is not None and calendars.exists() and not calendars.is_dir():
        raise OutputError(f"{calendars}: is not a folder; allowed: a folder, or a new name")
    if calendars is not None and not calendars.parent.is_dir():
        raise OutputError(f"{calendars}: there is no folder {calendars.parent}")


def _planned(
    file: str, persons: Path | None, shifts: Path | None, limit: float, seed: int
) -> Roster:
    from sim.planning.roster import plan_roster, read_roster

    problem = read_roster(file, persons=persons, shifts=shifts)
    shown = RosterProgress()
    try:
        found = plan_roster(problem, time_limit=limit, seed=seed, progress=shown)
    finally:
        shown.clear()
    if found.stopped == "interrupted":
        note("interrupted: this is the best roster so far")
    elif found.stopped:
        note(f"time limit of {limit:g} s: this is the best roster so far")
    return found


def _write(found: Roster, xlsx: Path | None, csv: Path | None, calendars: Path | None) -> None:
    if csv is not None:
        found.to_csv(csv)
        note(f"wrote {csv}")
    if xlsx is not None:
        found.to_xlsx(xlsx)
        note(f"wrote {xlsx}")
    if calendars is not None:
        note(f"wrote {len(found.to_calendars(calendars))} calendars to {calendars}")


class RosterProgress:
    """Shows cost and bound on stderr: a line that is redrawn on a terminal, else lines."""

    def __init__(self) -> None:
        self._line = StatusLine()

    def __call__(self, cost: float, bound: float) -> None:
        """Show them, unless that was done a moment ago."""
        if self._line.is_due:
            best = "no roster yet" if cost == float("inf") else f"cost {cost:,.0f}"
            least = "" if bound <= 0 else f", at least {bound:,.0f}"
            self._line.show(f"rostering: {best}{least}, {self._line.seconds:.0f} s")

    def clear(self) -> None:
        """Remove the line."""
        self._line.clear()


def _show_rules(file: str | None, as_json: bool) -> None:
    """List the rules: those there are, or those of a file as they are in force."""
    from sim.planning.roster import read_roster
    from sim.planning.roster.rule_table import rule_rows
    from sim.report.text_table import columns

    rows = rule_rows(None if file is None else read_roster(file))
    if as_json:
        say(json.dumps({"rules": rows}, indent=1, allow_nan=False))
        return
    keys = ("rule", "number", "default" if file is None else "in_force", "sentence")
    head = ["rule", "number", "by default" if file is None else "in force", "says"]
    say(columns([head, *([str(row[key]) for key in keys] for row in rows)], left=4))
