"""The application: options common to all commands, and how commands are registered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from sim.cli.options import with_verbose
from sim.messages import message

# Typer has no public name for the class of all errors in the use of a command.
_UsageError: type[Exception] = typer.BadParameter.__bases__[0]


@contextmanager
def _printable_errors() -> Iterator[None]:
    """Write out the control characters of what an error in the use of a command quotes."""
    try:
        yield
    except _UsageError as error:
        vars(error)["message"] = message(str(vars(error)["message"]))
        raise


class Commands(TyperGroup):
    """The commands, whose errors quote arguments so that no terminal acts upon them."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Read the arguments that stand before the command."""
        with _printable_errors():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Read the arguments of the command, and run it."""
        with _printable_errors():
            return super().invoke(ctx)


app = typer.Typer(
    name="ccplan",
    cls=Commands,
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
def main_options(
    version: Annotated[bool, typer.Option("--version", "-V", help="Show the version.")] = False,
) -> None:
    """Simulate contact centers and plan their staff."""
    if version:
        from sim import __version__
        from sim.cli.common import say

        say(f"ccplan {__version__}")
        raise typer.Exit
