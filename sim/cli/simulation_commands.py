"""The commands run, compare and sweep with their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.application import command
from sim.cli.common import reporting_bad_input
from sim.cli.options import (
    Antithetic,
    Base,
    Control,
    Csv,
    Engine,
    File,
    Html,
    InOrder,
    Json,
    Large,
    Of,
    Others,
    Runs,
    Seed,
    Sets,
    Study,
    Workers,
    Xlsx,
    in_order,
)


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
    coefficient_range: Annotated[
        bool,
        typer.Option(
            "--range",
            help="Show metrics of experience also with all coefficients of [satisfaction] at the "
            "ends of their ranges.",
        ),
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
    from sim.cli.output_files import OutputFiles
    from sim.cli.replication_options import ReplicationOptions
    from sim.cli.run_command import run_scenario

    with reporting_bad_input():
        outputs = OutputFiles(
            log=log, xlsx=xlsx, csv=csv, html=html, as_json=as_json, intervals=intervals
        )
        wanted = ReplicationOptions(runs, precision, of, antithetic, control, allow_large)
        run_scenario(file, sets, wanted, engine, seed, workers, outputs, coefficient_range)


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
    from sim.cli.compare_command import compare_scenarios
    from sim.cli.output_files import OutputFiles
    from sim.cli.replication_options import ReplicationOptions

    with reporting_bad_input():
        outputs = OutputFiles(xlsx=xlsx, csv=csv, as_json=as_json, every=every)
        wanted = ReplicationOptions(runs, precision, of, antithetic, control, allow_large)
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

    with reporting_bad_input():
        sweep_study(study, out, workers, cluster, report, seed, as_json, allow_large)
