"""The commands check, new, list, show and schema with their options."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.application import command
from sim.cli.common import reporting_bad_input
from sim.cli.completion import scenario_names, shipped_names
from sim.cli.options import File, Json, Sets


@command()
def check(file: File, sets: Sets = None, as_json: Json = False) -> None:
    """Check a scenario and describe how it was understood."""
    from sim.cli.check_command import check_scenario

    with reporting_bad_input():
        check_scenario(file, sets, as_json)


@command()
def new(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="Name of the new file, such as my_shop or days/my_shop."
        ),
    ],
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Shipped name or file to copy, with its tables; default: a small example.",
            autocompletion=scenario_names,
        ),
    ] = None,
    question: Annotated[
        str | None, typer.Option(help="Question that the scenario is to answer.")
    ] = None,
    title: Annotated[
        str | None, typer.Option(help="Name of the center; default: made from NAME.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Create a commented scenario file of your own, with its tables."""
    from sim.cli.shipped_files import new_scenario

    with reporting_bad_input():
        new_scenario(name, source, question, title, as_json)


@command(name="list")
def list_all(as_json: Json = False) -> None:
    """List the shipped scenarios, studies, rosters and lessons."""
    from sim.cli.shipped_files import list_shipped

    with reporting_bad_input():
        list_shipped(as_json)


@command()
def show(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="Shipped name or TOML file.", autocompletion=shipped_names
        ),
    ],
    kind: Annotated[
        str | None, typer.Option(help="scenario, study, roster or lesson, if a name is ambiguous.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show the file of a shipped scenario, study, roster or lesson."""
    from sim.cli.shipped_files import show_file

    with reporting_bad_input():
        show_file(name, kind, as_json)


@command()
def schema(as_json: Json = False) -> None:
    """Show the JSON Schema of scenario files, for editors."""
    from sim.cli.check_command import show_schema

    with reporting_bad_input():
        show_schema()
