"""The command that begins with a history: forecast."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.application import command
from sim.cli.common import date_range_options, reporting_bad_input
from sim.cli.options import (
    Columns,
    Dates,
    From,
    HeaderRow,
    IntervalLength,
    Json,
    NotOutcome,
    Sheet,
    To,
)


@command()
def forecast(
    history: Annotated[
        str,
        typer.Argument(
            metavar="HISTORY",
            help="CSV (also packed: .csv.gz) or XLSX of interval rows, or a call log with one row "
            "per contact (also parquet).",
        ),
    ],
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="Days to forecast.")] = 28,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Write interval rows, as staff and scenarios read them."),
    ] = None,
    layout: Annotated[
        str | None,
        typer.Option(
            metavar="connect|genesys|nice",
            help="Layout of --out for another suite: Amazon Connect, Genesys Cloud or NICE.",
        ),
    ] = None,
    scenario: Annotated[
        Path | None,
        typer.Option(
            "--scenario", help="Write volumes and busyness into this scenario; all else stays."
        ),
    ] = None,
    all_days: Annotated[
        bool,
        typer.Option(
            "--all-days", help="Let the scenario of --scenario simulate all days of the forecast."
        ),
    ] = False,
    columns: Columns = None,
    zone: Annotated[str | None, typer.Option(help="Time zone of the table, such as UTC.")] = None,
    first: From = None,
    last: To = None,
    not_outcome: NotOutcome = None,
    center_zone: Annotated[
        str | None,
        typer.Option("--center-zone", help="Time zone of the center; default: that of the table."),
    ] = None,
    dates: Dates = None,
    sheet: Sheet = None,
    header_row: HeaderRow = None,
    opening: Annotated[
        str | None,
        typer.Option(
            "--open",
            help="Opening hours, such as 08:00-20:00 or 'mon-fri 08:00-20:00; sat 09:00-14:00'; "
            "default: as the history shows.",
        ),
    ] = None,
    interval: IntervalLength = None,
    country: Annotated[
        str | None,
        typer.Option(help="Public holidays of a country or a part of it: US, DE-BY."),
    ] = None,
    events: Annotated[
        Path | None,
        typer.Option(help="Table of campaigns and events: date, until, name, change, queue."),
    ] = None,
    method: Annotated[
        list[str] | None,
        typer.Option(
            "--method",
            help="Method to try, such as regression; may be repeated [default: all].",
        ),
    ] = None,
    level: Annotated[
        float, typer.Option("--level", help="Nominal coverage of prediction intervals.")
    ] = 0.9,
    keep_odd: Annotated[
        bool, typer.Option("--keep-odd", help="Leave no odd day or interval out.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Forecast volumes and handle times by the methods that did best.

    A call log is counted by interval first, with mean talk and wrap-up as handle time.
    """
    from sim.cli.forecast_command import forecast_volumes

    options = {
        "zone": zone, "center_zone": center_zone, "dates": dates, "sheet": sheet,
        "header_row": header_row, "opening": opening, "interval": interval, "country": country,
        "events": events, "methods": method, "level": level, "keep_odd": keep_odd,
        "not_outcome": not_outcome,
    }  # fmt: skip
    with reporting_bad_input():
        options |= date_range_options(first, last)
        forecast_volumes(history, days, columns, options, out, layout, scenario, all_days, as_json)
