"""The command erlang with its options."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from sim.cli.application import command
from sim.cli.common import reporting_bad_input
from sim.cli.options import (
    Json,
    Seed,
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
    with reporting_bad_input():
        show_answer(center, agents, goals, shrinkage, within, variant, as_json)
