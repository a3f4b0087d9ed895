"""The application: what stands before every command, and how a command is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer
from typer.core import TyperCommand

from sim.cli.options import with_verbose

app = typer.Typer(
    name="ccplan",
    help="Simulate contact centers and plan their staff.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def command(
    name: str | None = None, cls: type[TyperCommand] | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a function a command of its name, with ``--verbose`` among its options."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        app.command(name=name, cls=cls)(with_verbose(function))
        return function

    return register


@app.callback(invoke_without_command=True)
def door(
    version: Annotated[bool, typer.Option("--version", "-V", help="Show the version.")] = False,
) -> None:
    """Simulate contact centers and plan their staff."""
    if version:
        from sim import __version__
        from sim.cli.common import say

        say(f"ccplan {__version__}")
        raise typer.Exit
