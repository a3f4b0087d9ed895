"""The commands staff and validate with their options."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.application import command
from sim.cli.common import judged
from sim.cli.completion import scenario_names
from sim.cli.options import (
    Columns,
    Csv,
    Dates,
    File,
    HeaderRow,
    Json,
    Large,
    Runs,
    Seed,
    Sets,
    Sheet,
    Workers,
    Xlsx,
)


@command()
def staff(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="Scenario file, shipped name, or CSV or XLSX of interval rows.",
            autocompletion=scenario_names,
        ),
    ],
    runs: Runs = None,
    target: Annotated[
        str | None, typer.Option(help="Target for every queue, such as 80/20.")
    ] = None,
    by: Annotated[str | None, typer.Option(help="Staffing formula: erlang_a or erlang_c.")] = None,
    simulated: Annotated[
        bool, typer.Option("--simulate/--no-simulate", help="Simulate the required staffing.")
    ] = True,
    patience: Annotated[
        str | None, typer.Option(help="For interval rows: mean patience, such as 120s.")
    ] = None,
    shrinkage: Annotated[
        str | None, typer.Option(help="For interval rows: shrinkage, such as 30%.")
    ] = None,
    interval: Annotated[
        str | None, typer.Option(help="For interval rows: length of an interval, such as 30min.")
    ] = None,
    aht: Annotated[
        str | None, typer.Option(help="For tables without handle times: AHT, such as 4min.")
    ] = None,
    columns: Columns = None,
    dates: Dates = None,
    sheet: Sheet = None,
    header_row: HeaderRow = None,
    seed: Seed = 1,
    workers: Workers = None,
    allow_large: Large = False,
    sets: Sets = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    as_json: Json = False,
) -> None:
    """Find the agents required by group and interval."""
    from sim.cli.output_files import OutputFiles
    from sim.cli.staff_command import staff_scenario

    options = {
        "target": target,
        "by": by,
        "patience": patience,
        "shrinkage": shrinkage,
        "interval": interval,
        "sheet": sheet,
        "header_row": header_row,
        "dates": dates,
        "aht": aht,
        "allow_large": allow_large,
    }
    with judged():
        outputs = OutputFiles(xlsx=xlsx, csv=csv, as_json=as_json)
        staff_scenario(file, sets, runs, seed, workers, simulated, columns, options, outputs)


@command()
def validate(
    file: File,
    actuals: Annotated[
        str,
        typer.Argument(metavar="ACTUALS.csv", help="CSV or XLSX file with actuals by interval."),
    ],
    runs: Runs = None,
    columns: Columns = None,
    zone: Annotated[
        str | None,
        typer.Option(help="Time zone of the table, such as UTC; default: that of the center."),
    ] = None,
    dates: Dates = None,
    sheet: Sheet = None,
    header_row: HeaderRow = None,
    recorded_aht: Annotated[
        str | None,
        typer.Option(
            metavar="talk|handle|with-gaps",
            help="What the AHT of the actuals includes: talk and hold; also wrap-up; or also gaps "
            "between contacts, in which case it is not compared.",
        ),
    ] = None,
    intervals: Annotated[
        bool, typer.Option("--intervals", help="Show every interval in the text too.")
    ] = False,
    seed: Seed = 1,
    workers: Workers = None,
    sets: Sets = None,
    csv: Csv = None,
    as_json: Json = False,
    allow_large: Large = False,
) -> None:
    """Compare a simulated scenario with actuals, interval by interval."""
    from sim.cli.output_files import OutputFiles
    from sim.cli.validate_command import validate_scenario

    options = {"zone": zone, "dates": dates, "sheet": sheet, "header_row": header_row}
    options |= {"recorded_aht": recorded_aht, "allow_large": allow_large}
    with judged():
        outputs = OutputFiles(csv=csv, as_json=as_json, intervals=intervals)
        validate_scenario(file, actuals, sets, runs, seed, workers, options, columns, outputs)
