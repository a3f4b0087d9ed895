"""The commands staff, shifts and validate with their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.application import command
from sim.cli.common import date_range_options, reporting_bad_input, state_options
from sim.cli.completion import scenario_names
from sim.cli.options import (
    Aht,
    Columns,
    Csv,
    Dates,
    File,
    HeaderRow,
    IntervalLength,
    Json,
    Large,
    MaxOccupancy,
    Patience,
    Runs,
    Seed,
    Sets,
    Sheet,
    Shrinkage,
    StateColumns,
    States,
    StateWords,
    Target,
    Workers,
    Xlsx,
    interval_row_options,
    typed_number,
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
    target: Target = None,
    by: Annotated[str | None, typer.Option(help="Staffing formula: erlang_a or erlang_c.")] = None,
    max_occupancy: MaxOccupancy = None,
    method: Annotated[
        str | None,
        typer.Option(
            help="formula, or simulation: the least staff whose goals hold when simulated "
            "[default: formula]."
        ),
    ] = None,
    goals: Annotated[
        list[str] | None,
        typer.Option(
            "--goal",
            metavar="WHERE=WHAT",
            help="With --method simulation; repeatable: total=80/20, queue.mail.on_time=95%, "
            "group.cards.occupancy<=85% [default: the scenario's targets].",
        ),
    ] = None,
    per: Annotated[
        str | None,
        typer.Option(
            help="Time over which goals must hold: interval, day or horizon [default: day]."
        ),
    ] = None,
    days_met: Annotated[
        str | None,
        typer.Option(help="Share of days on which goals must hold, such as 90%; else on average."),
    ] = None,
    time_limit: Annotated[
        str | None,
        typer.Option(help="Longest search, such as 60s [default: 50s for each day]."),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(help="Folder for simulated plans; a search that was stopped is resumed."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Write a scenario with the plan as headcounts."),
    ] = None,
    simulated: Annotated[
        bool, typer.Option("--simulate/--no-simulate", help="Simulate the required staffing.")
    ] = True,
    patience: Patience = None,
    shrinkage: Shrinkage = None,
    interval: IntervalLength = None,
    aht: Aht = None,
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
    """Find the agents required by group and interval.

    With --method simulation the simulation decides: Ctrl-C or --time-limit ends the search with
    the best plan so far.
    """
    from sim.cli.output_files import OutputFiles
    from sim.cli.staff_command import by_simulation, staff_by_search, staff_scenario

    options = interval_row_options(locals()) | {"by": by, "allow_large": allow_large}
    options["max_occupancy"] = max_occupancy
    with reporting_bad_input():
        outputs = OutputFiles(xlsx=xlsx, csv=csv, as_json=as_json)
        search = {
            "per": per,
            "days_met": days_met,
            "time_limit": time_limit,
            "resume": resume,
            "goals": goals,
            "out": out,
        }
        if by_simulation(method, options, search, simulated, columns):
            common = {"seed": seed, "workers": workers, "allow_large": allow_large, "runs": runs}
            staff_by_search(file, sets, search | common, outputs)
            return
        staff_scenario(file, sets, runs, seed, workers, simulated, columns, options, outputs)


@command()
def shifts(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="Scenario file, shipped name, CSV or XLSX of requirements (interval, agents) or "
            "of interval rows.",
            autocompletion=scenario_names,
        ),
    ],
    patterns: Annotated[
        Path | None,
        typer.Option(help="TOML file of shift patterns [default: those of the scenario]."),
    ] = None,
    pattern: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=PATTERN",
            help='A pattern, such as "day=8h from 07:00 to 12:00 every 30min"; may be repeated.',
        ),
    ] = None,
    method: Annotated[
        str, typer.Option(help="cover (a requirement), goals (directly) or both.")
    ] = "cover",
    requirement: Annotated[
        str,
        typer.Option(
            metavar="formula|simulation|TABLE",
            help="What is covered: the requirement by formula, by simulation, or of a CSV or XLSX.",
        ),
    ] = "formula",
    cyclic: Annotated[
        bool | None,
        typer.Option(
            "--cyclic/--no-cyclic",
            help="Whether the horizon repeats, its end followed by its start "
            "[default: if around the clock].",
        ),
    ] = None,
    understaffing: Annotated[
        float | None,
        typer.Option(parser=typed_number, metavar="PRICE", help="Price of a missing agent hour."),
    ] = None,
    overstaffing: Annotated[
        float | None,
        typer.Option(parser=typed_number, metavar="PRICE", help="Price of a surplus agent hour."),
    ] = None,
    seats: Annotated[int | None, typer.Option(min=1, help="Most agents on duty at once.")] = None,
    time_limit: Annotated[
        str, typer.Option("--time-limit", help="Longest time for the search.")
    ] = "60s",
    simulate: Annotated[
        bool, typer.Option("--simulate", help="Simulate the shifts and report the goals.")
    ] = False,
    goal: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHERE=WHAT",
            help="Goal, such as total=80/20; may be repeated [default: targets of the scenario].",
        ),
    ] = None,
    per: Annotated[str, typer.Option(help="Goals hold per interval, day or horizon.")] = "day",
    days_met: Annotated[
        str | None, typer.Option("--days-met", help="Share of days on which goals must hold.")
    ] = None,
    runs: Runs = None,
    target: Target = None,
    max_occupancy: MaxOccupancy = None,
    patience: Patience = None,
    shrinkage: Shrinkage = None,
    interval: IntervalLength = None,
    aht: Aht = None,
    columns: Columns = None,
    dates: Dates = None,
    sheet: Sheet = None,
    header_row: HeaderRow = None,
    seed: Seed = 1,
    workers: Workers = None,
    sets: Sets = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write a scenario with these shifts.")
    ] = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    as_json: Json = False,
) -> None:
    """Plan shifts that cover a requirement or reach goals."""
    from sim.cli.output_files import OutputFiles
    from sim.cli.shifts_command import plan_shifts_of

    options = {
        "patterns": patterns, "method": method, "requirement": requirement, "cyclic": cyclic,
        "understaffing": understaffing, "overstaffing": overstaffing, "seats": seats,
        "time_limit": time_limit, "simulate": simulate, "goals": tuple(goal or ()), "per": per,
        "days_met": days_met, "runs": runs, "seed": seed, "workers": workers,
        "max_occupancy": max_occupancy,
    }  # fmt: skip
    options |= interval_row_options(locals())
    with reporting_bad_input():
        outputs = OutputFiles(xlsx=xlsx, csv=csv, as_json=as_json)
        plan_shifts_of(file, sets, pattern, columns, options, out, outputs)


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
        typer.Option(
            help="Time zone of the table, such as UTC, or, for a call log, that of the center; "
            "default: the time_zone of the scenario."
        ),
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
    from_actuals: Annotated[
        list[str] | None,
        typer.Option(
            "--given",
            metavar="arrivals|agents|talk",
            help="Take the arrivals, agents or mean talk time of each day from the actuals; may be "
            "repeated.",
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="DATE", help="Leave out a day, such as 2026-01-05; may be repeated."),
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="First day, such as 2026-01-05.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Last day, such as 2026-02-28.")
    ] = None,
    match: Annotated[
        str | None,
        typer.Option(
            metavar="date|weekday",
            help="How days are matched; default: by weekday for a calibrated usual week, else by "
            "date where dates lie in the scenario.",
        ),
    ] = None,
    not_outcome: Annotated[
        list[str] | None,
        typer.Option(
            "--not-outcome",
            metavar="WORD",
            help="Leave out records of a call log with this outcome; may be repeated.",
        ),
    ] = None,
    suspects: Annotated[
        bool,
        typer.Option(
            "--suspects",
            help="Change talk, wrap-up, patience and agents, and say what fits better.",
        ),
    ] = False,
    states: States = None,
    state_columns: StateColumns = None,
    state_words: StateWords = None,
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
    """Compare a simulated scenario with actuals by interval."""
    from sim.cli.output_files import OutputFiles
    from sim.cli.validate_command import validate_scenario

    options: dict[str, Any] = {
        "zone": zone, "dates": dates, "sheet": sheet, "header_row": header_row,
    }  # fmt: skip
    options |= {"recorded_aht": recorded_aht, "allow_large": allow_large}
    options |= {"from_actuals": from_actuals or (), "without": without or (), "suspects": suspects}
    with reporting_bad_input():
        options |= date_range_options(first, last)
        options |= {"match": match, "not_outcome": not_outcome}
        options |= state_options(states, state_columns, state_words)
        outputs = OutputFiles(csv=csv, as_json=as_json, intervals=intervals)
        validate_scenario(file, actuals, sets, runs, seed, workers, options, columns, outputs)
