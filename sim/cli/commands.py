"""The commands that calculate, and their options; the work is done elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli import file_commands  # noqa: F401 - the order of imports is that of the help
from sim.cli.application import app, command
from sim.cli.common import judged
from sim.cli.completion import scenario_names
from sim.cli.options import (
    Antithetic,
    Base,
    Columns,
    Control,
    Csv,
    Dates,
    Engine,
    File,
    HeaderRow,
    Html,
    InOrder,
    Json,
    Large,
    Of,
    Others,
    Runs,
    Seed,
    Sets,
    Sheet,
    Study,
    Workers,
    Xlsx,
    in_order,
    typed_number,
)


@command()
def erlang(
    per: Annotated[str, typer.Option(help="Length of the period, such as 30min.")],
    aht: Annotated[
        list[str],
        typer.Option(
            help="Average handle time, such as 180s; for chats, repeat for 1, 2, … at once."
        ),
    ],
    calls: Annotated[
        float | None,
        typer.Option(
            parser=typed_number,
            metavar="NUMBER",
            help="Contacts in the period. Omit to find the most that agents can take.",
        ),
    ] = None,
    agents: Annotated[
        int | None, typer.Option(help="Omit to find the fewest that reach the targets.")
    ] = None,
    patience: Annotated[
        str | None,
        typer.Option(
            help='Mean patience, such as 120s, or a distribution such as "lognormal 120s cv 1".'
        ),
    ] = None,
    lines: Annotated[
        int | None, typer.Option(help="Trunks: the most calls waiting and talking.")
    ] = None,
    at_once: Annotated[
        int | None, typer.Option("--at-once", "--concurrency", help="Most chats at once per agent.")
    ] = None,
    redial: Annotated[
        str, typer.Option(help="Share of lost customers who redial, such as 50%.")
    ] = "0%",
    short: Annotated[str, typer.Option(help="Longest wait counted as a short abandon.")] = "5s",
    within: Annotated[
        str | None, typer.Option(help="Service level threshold [default: 20s].")
    ] = None,
    target: Annotated[
        str | None, typer.Option(help="Target service level: 80/20, 80% in 20s, or 80%.")
    ] = None,
    asa: Annotated[str | None, typer.Option(help="Target for the mean wait, such as 20s.")] = None,
    max_occupancy: Annotated[
        str | None, typer.Option(help="Highest occupancy allowed, such as 85%.")
    ] = None,
    max_abandonment: Annotated[
        str | None, typer.Option(help="Highest abandonment allowed, such as 5%.")
    ] = None,
    max_blocking: Annotated[
        str | None, typer.Option(help="With --lines: highest blocking allowed, such as 1%.")
    ] = None,
    shrinkage: Annotated[
        str | None, typer.Option(help="Shrinkage: share of paid time, such as 30%.")
    ] = None,
    variant: Annotated[
        str, typer.Option(help="Formula of the service level.")
    ] = "abandons_ignored",
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Answer staffing questions with the Erlang formulas.

    --calls with --agents shows the performance, --calls with targets the agents required,
    --agents with targets the most calls. --seed changes nothing, as no random numbers are drawn.
    """
    from sim.cli.erlang_command import show_answer

    goals: dict[str, Any] = {
        "target": target,
        "asa": asa,
        "max_occupancy": max_occupancy,
        "max_abandonment": max_abandonment,
        "max_blocking": max_blocking,
    }
    center = {
        "calls": calls,
        "per": per,
        "aht": aht,
        "patience": patience,
        "lines": lines,
        "at_once": at_once,
        "redial": redial,
        "short": short,
    }
    with judged():
        show_answer(center, agents, goals, shrinkage, within, variant, as_json)


@command()
def run(
    file: File,
    runs: Runs = None,
    precision: Annotated[
        str | None,
        typer.Option(
            help="Instead of --runs: half width of the confidence interval to reach, of the "
            'service level or of --of, such as 0.5%, 5s or "2% of value".'
        ),
    ] = None,
    of: Of = None,
    antithetic: Antithetic = False,
    control: Control = False,
    allow_large: Large = False,
    engine: Engine = "auto",
    seed: Seed = 1,
    workers: Workers = None,
    sets: Sets = None,
    intervals: Annotated[
        bool, typer.Option("--intervals", help="Show every interval in the text too.")
    ] = False,
    log: Annotated[
        Path | None,
        typer.Option(help="Folder for the log of every replication, as Parquet files."),
    ] = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    html: Html = None,
    as_json: Json = False,
) -> None:
    """Simulate a scenario; show metrics with confidence intervals."""
    from sim.cli.simulate_commands import Outputs, Wanted, run_scenario

    with judged():
        outputs = Outputs(
            log=log, xlsx=xlsx, csv=csv, html=html, as_json=as_json, intervals=intervals
        )
        wanted = Wanted(runs, precision, of, antithetic, control, allow_large)
        run_scenario(file, sets, wanted, engine, seed, workers, outputs)


@command(cls=InOrder)
def compare(
    context: typer.Context,
    base: Base,
    others: Others = None,
    runs: Runs = None,
    precision: Annotated[
        str | None,
        typer.Option(
            help="Instead of --runs: half width of the confidence interval to reach, of every "
            "difference of the service level or of --of, such as 0.5%, 5s or "
            '"2% of value" (of the base).'
        ),
    ] = None,
    of: Of = None,
    antithetic: Antithetic = False,
    control: Control = False,
    allow_large: Large = False,
    engine: Engine = "auto",
    seed: Seed = 1,
    workers: Workers = None,
    sets: Sets = None,
    labels: Annotated[
        list[str] | None,
        typer.Option(
            "--as",
            metavar="LABEL",
            help="Add a variant of the base of this name, changed by each --set that follows.",
        ),
    ] = None,
    best: Annotated[
        str | None,
        typer.Option(metavar="METRIC", help="Choose the best by a metric, such as service_level."),
    ] = None,
    budget: Annotated[
        int | None,
        typer.Option(
            help="With --best: replications of all scenarios together [default: 1000 each]."
        ),
    ] = None,
    confidence: Annotated[
        str | None,
        typer.Option(help="With --best: probability that the choice is right [default: 95%]."),
    ] = None,
    within: Annotated[
        str | None, typer.Option(help="With --best: difference too small to matter, such as 0.5%.")
    ] = None,
    largest: Annotated[
        bool | None,
        typer.Option("--largest/--smallest", help="With --best: whether more or less is better."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Show every metric.")] = False,
    xlsx: Xlsx = None,
    csv: Csv = None,
    as_json: Json = False,
) -> None:
    """Compare scenarios on common random numbers.

    --set changes the others; without an OTHER, it makes the variant that the base is compared
    with. Each --as names a variant of the base, changed by each --set that follows it:
    --as "bot 30 %" --set bot.billing.tried=30% --as "one more" --set group.cards.agents=+1.
    With --best, most replications go to the scenarios that are hardest to tell apart.
    """
    from sim.cli.simulate_commands import Outputs, Wanted, compare_scenarios

    with judged():
        outputs = Outputs(xlsx=xlsx, csv=csv, as_json=as_json, every=every)
        wanted = Wanted(runs, precision, of, antithetic, control, allow_large)
        options = {
            "budget": budget,
            "confidence": confidence,
            "within": within,
            "largest": largest,
        }
        from sim.cli.compared_scenarios import asked
        from sim.cli.select_best import choose, unused

        contenders = asked(base, others or [], in_order(context, sets=sets, labels=labels))
        common = {"engine": engine, "seed": seed, "workers": workers}
        if best is not None:
            choose(best, contenders, wanted, options, common, outputs)
            return
        unused(options)
        compare_scenarios(contenders, wanted, common, outputs)


@command()
def sweep(
    study: Study,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the results; an unfinished one is resumed.")
    ],
    workers: Workers = None,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler to use instead.")
    ] = None,
    report: Annotated[
        bool, typer.Option("--report", help="Write report.html and report.xlsx too.")
    ] = False,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Random seed; default: that of the study.")
    ] = None,
    allow_large: Large = False,
    as_json: Json = False,
) -> None:
    """Simulate all scenarios of a study.

    To resume an interrupted sweep, repeat the command.
    """
    from sim.cli.sweep_command import sweep_study

    with judged():
        sweep_study(study, out, workers, cluster, report, seed, as_json, allow_large)


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
    from sim.cli.simulate_commands import Outputs, staff_scenario

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
        outputs = Outputs(xlsx=xlsx, csv=csv, as_json=as_json)
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
    from sim.cli.simulate_commands import Outputs
    from sim.cli.validate_command import validate_scenario

    options = {"zone": zone, "dates": dates, "sheet": sheet, "header_row": header_row}
    options |= {"recorded_aht": recorded_aht, "allow_large": allow_large}
    with judged():
        outputs = Outputs(csv=csv, as_json=as_json, intervals=intervals)
        validate_scenario(file, actuals, sets, runs, seed, workers, options, columns, outputs)


__all__ = ["app"]

from sim.cli import open_commands  # noqa: E402, F401 - these come last in the help
