"""The command that finds the mix of levers that helps most under a budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.application import command
from sim.cli.common import (
    loaded,
    note,
    raise_if_interrupted,
    report_compiling,
    reporting_bad_input,
    say,
)
from sim.cli.options import Csv, File, Json, Large, Runs, Seed, Sets, Workers, typed_number
from sim.cli.status_line import StatusLine

if TYPE_CHECKING:
    from sim.planning.investment.mix_search import InvestProgress


@command()
def invest(
    file: File,
    budget: Annotated[
        float | None,
        typer.Option(parser=typed_number, metavar="MONEY", help="Money a month."),
    ] = None,
    objective: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="METRIC",
            help="Metric to improve: csat, value, cost_per_resolved, queue.calls.asa_s "
            "[default: csat, fcr or service_level].",
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--what-would-it-take",
            metavar="METRIC=VALUE",
            help='Find the cheapest mix that reaches this, such as "csat=+2pp" or "asa_s=20s".',
        ),
    ] = None,
    levers: Annotated[
        list[str] | None,
        typer.Option("--lever", metavar="NAME", help="Only these levers; may be repeated."),
    ] = None,
    catalogue: Annotated[
        bool,
        typer.Option("--catalogue", help="Also the levers of the catalogue that fit the scenario."),
    ] = False,
    runs: Runs = None,
    days: Annotated[
        float | None,
        typer.Option(
            parser=typed_number,
            metavar="DAYS",
            help="Days to simulate of each mix, instead of --runs [default: 30].",
        ),
    ] = None,
    days_a_month: Annotated[
        float,
        typer.Option(
            parser=typed_number,
            metavar="DAYS",
            help="Days like those of the scenario in a month.",
        ),
    ] = 30.0,
    time_limit: Annotated[
        str | None, typer.Option(help="Longest time, such as 60s [default: 5min].")
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(help="Folder for simulated mixes; a search that was stopped is resumed."),
    ] = None,
    seed: Seed = 1,
    workers: Workers = None,
    allow_large: Large = False,
    sets: Sets = None,
    csv: Csv = None,
    as_json: Json = False,
) -> None:
    """Find the mix of levers that helps most for a budget.

    Levers are tables [lever.NAME] of the scenario. Ctrl-C or --time-limit ends the search with the
    best mix so far.
    """  # fmt: skip
    options = {
        "budget": budget, "objective": objective, "what_would_it_take": target, "levers": levers,
        "catalogue": catalogue, "runs": runs, "days": days, "days_a_month": days_a_month,
        "time_limit": time_limit, "resume": resume, "seed": seed, "workers": workers,
        "allow_large": allow_large,
    }  # fmt: skip
    with reporting_bad_input():
        _invest(file, sets, options, csv, as_json)


def _invest(
    file: str,
    sets: list[str] | None,
    options: dict[str, Any],
    csv: Path | None,
    as_json: bool,
) -> None:
    from sim.cli.output_files import OutputFiles
    from sim.extras import need
    from sim.planning.investment.find_mix import invest as find_mix

    if csv is not None:
        need("--csv", "pandas")
    OutputFiles(csv=csv).check(file)
    center = loaded(file, sets)
    report_compiling("auto")
    with invest_progress() as show:
        found = find_mix(center, report=show, **options)
    if csv is not None:
        found.to_csv(csv)
        note(f"wrote {csv}")
    say(found.to_json() if as_json else found.text())


@contextmanager
def invest_progress() -> Iterator[Callable[[InvestProgress], None]]:
    """Show the stage and the best mix so far, on a line that is redrawn on a terminal.

    Each call also raises an interruption that came before and went unheard.

    Yields
    ------
    callable
        Takes the progress.
    """
    line = StatusLine()

    def show(progress: InvestProgress) -> None:
        raise_if_interrupted()
        if line.is_due:
            line.show(progress_text(progress, line.seconds))

    try:
        yield show
    finally:
        line.clear()


def progress_text(progress: InvestProgress, seconds: float) -> str:
    """Return the stage, how far it is, and the best mix so far."""
    return (
        f"invest: {progress.stage}, {progress.done} of {progress.planned}, {seconds:.0f} s; "
        f"best so far: {progress.best} ({progress.difference:+.4g})"
    )
