"""Options that several commands share, and what every command understands."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

import typer
from typer.core import TyperCommand

from sim.cli.common import be_verbose
from sim.cli.completion import scenario_names, study_names


def typed_number(text: str) -> float:
    """Return a number of a command line; what may be separators of thousands is refused."""
    from sim.units import BadInputError, plain_number

    try:
        number = plain_number(str(text))
    except BadInputError as error:
        raise typer.BadParameter(str(error)) from None
    if number is None:
        from sim.messages import show_value

        raise typer.BadParameter(f"{show_value(text)} must be a number of 0 or more")
    return number


def interval_row_options(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of interval rows among those of a command.

    Parameters
    ----------
    arguments : mapping of str to object
        Of the command.
    """
    names = ("target", "patience", "shrinkage", "interval", "aht", "dates", "sheet", "header_row")
    return {name: arguments[name] for name in names}


File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="Scenario file, shipped name, or - for stdin.",
        autocompletion=scenario_names,
    ),
]
Base = Annotated[
    str,
    typer.Argument(
        metavar="BASE", help="Scenario file or shipped name.", autocompletion=scenario_names
    ),
]
Others = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="OTHER", help="Scenario files or shipped names.", autocompletion=scenario_names
    ),
]
Study = Annotated[
    str,
    typer.Argument(metavar="STUDY", help="Study file or shipped name.", autocompletion=study_names),
]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a field; may be repeated."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document to stdout.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Random seed.")]
Runs = Annotated[
    int | None, typer.Option("--runs", min=1, max=1_000_000, help="Number of replications.")
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Number of processes; affects only the speed."),
]
Engine = Annotated[str, typer.Option("--engine", help="Engine: auto, reference or kernel.")]
Of = Annotated[
    str | None,
    typer.Option(
        "--of",
        metavar="METRIC",
        help="Metric for --precision, such as asa_s or queue.billing.asa_s.",
    ),
]
Antithetic = Annotated[
    bool, typer.Option("--antithetic", help="Simulate antithetic pairs of replications.")
]
Control = Annotated[
    bool, typer.Option("--control", help="Use control variates to narrow the confidence intervals.")
]
Large = Annotated[
    bool,
    typer.Option("--allow-large", help="Allow more than 5 million contacts in one simulation."),
]
Sheet = Annotated[
    str | None,
    typer.Option("--sheet", help="Sheet of a workbook; default: the first with rows."),
]
HeaderRow = Annotated[
    int | None,
    typer.Option("--header-row", min=1, help="Row of the column titles, if it is not detected."),
]
Xlsx = Annotated[Path | None, typer.Option("--xlsx", help="Write an Excel workbook.")]
Html = Annotated[Path | None, typer.Option("--html", help="Write a one-page summary.")]
Csv = Annotated[Path | None, typer.Option("--csv", help="Write a CSV file.")]

Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="MEANING=TITLE",
        help="Assign a column by its title, such as offered=Calls; may be repeated.",
    ),
]
States = Annotated[
    str | None,
    typer.Option(
        "--states",
        metavar="FILE",
        help="States of agents: one row per state, or one row per change; they go before what "
        "is inferred from the contacts.",
    ),
]
StateColumns = Annotated[
    list[str] | None,
    typer.Option(
        "--states-column",
        metavar="MEANING=TITLE",
        help="Assign a column of the states, such as start=Since; may be repeated.",
    ),
]
StateWords = Annotated[
    list[str] | None,
    typer.Option(
        "--state",
        metavar="WORD=STATE",
        help="What a word of the file means: available, busy, wrap, not_ready, break (planned), "
        "logged_in or logged_out, such as Coaching=not_ready; may be repeated.",
    ),
]
From = Annotated[
    str | None, typer.Option("--from", metavar="DATE", help="First day, such as 2026-01-05.")
]
To = Annotated[
    str | None, typer.Option("--to", metavar="DATE", help="Last day, such as 2026-02-28.")
]
NotOutcome = Annotated[
    list[str] | None,
    typer.Option(
        "--not-outcome",
        metavar="WORD",
        help="Leave out records of a call log with this outcome; may be repeated.",
    ),
]
Target = Annotated[
    str | None, typer.Option("--target", help="Target for every queue, such as 80/20.")
]
MaxOccupancy = Annotated[
    str | None,
    typer.Option(
        "--max-occupancy",
        help="Largest part of the agents' time that all contacts may need, such as 90%.",
    ),
]
Patience = Annotated[
    str | None, typer.Option("--patience", help="For interval rows: mean patience, such as 120s.")
]
Shrinkage = Annotated[
    str | None, typer.Option("--shrinkage", help="For interval rows: shrinkage, such as 30%.")
]
IntervalLength = Annotated[
    str | None,
    typer.Option("--interval", help="For tables: length of an interval, such as 30min."),
]
Aht = Annotated[
    str | None, typer.Option("--aht", help="For tables without handle times: AHT, such as 4min.")
]
Dates = Annotated[
    str | None,
    typer.Option("--dates", help="How to read dates such as 05/01/2026: day-first or month-first."),
]
Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Log progress and timings to stderr."),
]

_ORDER = "order of options"
_Function = TypeVar("_Function", bound=Callable[..., None])


def with_verbose(function: _Function) -> _Function:
    """Return the function of a command with the option ``--verbose`` added."""

    @wraps(function)
    def command(*arguments: Any, verbose: bool = False, **options: Any) -> None:
        be_verbose(verbose)
        function(*arguments, **options)

    signature = inspect.signature(function, eval_str=True)
    by_name = inspect.Parameter.KEYWORD_ONLY
    added = inspect.Parameter("verbose", by_name, default=False, annotation=Verbose)
    parameters = [*signature.parameters.values(), added]
    command.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    return cast("_Function", command)


class InOrder(TyperCommand):
    """A command that remembers in which order its options were given."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse as every command does, after a look at the order."""
        if not ctx.resilient_parsing:
            _, _, order = self.make_parser(ctx).parse_args(args=list(args))
            ctx.meta[_ORDER] = [parameter.name for parameter in order]
        return super().parse_args(ctx, args)


def in_order(context: typer.Context, **options: list[str] | None) -> list[tuple[str, str]]:
    """Return repeated options as name and value, in the order in which they were written.

    Parameters
    ----------
    context : typer.Context
        Of a command of the class :class:`InOrder`.
    **options
        The values of each of these options by the name of its parameter.
    """
    values = {name: iter(found or []) for name, found in options.items()}
    names = (name for name in context.meta[_ORDER] if name in values)
    return [(name, next(values[name])) for name in names]
