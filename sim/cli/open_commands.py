"""Commands that open something to work in: learn and app."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.application import command
from sim.cli.common import reporting_bad_input
from sim.cli.completion import lesson_names
from sim.cli.options import Json, Seed


@command()
def learn(
    lesson: Annotated[
        str | None,
        typer.Argument(
            metavar="LESSON",
            help="Name, number or file; omit to list the lessons.",
            autocompletion=lesson_names,
        ),
    ] = None,
    predict: Annotated[
        str | None, typer.Option(help="Your prediction; asked for if omitted.")
    ] = None,
    because: Annotated[str | None, typer.Option(help="Your reason for the prediction.")] = None,
    decide: Annotated[
        str | None,
        typer.Option(help="Your decision: a number, or the name or number of an option."),
    ] = None,
    transfer: Annotated[
        str | None, typer.Option(help="Your answer to the question with new numbers.")
    ] = None,
    learner: Annotated[
        str, typer.Option(help="Name of the learner, under which progress is saved.")
    ] = "me",
    team: Annotated[str, typer.Option("--class", help="Class of the learner.")] = "",
    afresh: Annotated[
        bool, typer.Option("--again", help="Start the lesson from the beginning.")
    ] = False,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Take a lesson: predict, decide, compare with the simulation."""
    from sim.cli.learn_command import Answers, learn_lesson, show_lessons

    with reporting_bad_input():
        answers = Answers(predict, because, decide, transfer)
        if lesson is None:
            show_lessons(team, learner, as_json)
            return
        learn_lesson(lesson, answers, team, learner, seed, afresh, as_json)


@command(name="app")
def start_app(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Accept requests for this host name too, as behind a proxy; may be repeated.",
        ),
    ] = None,
) -> None:
    """Start the planner in the browser, on this machine only."""
    from sim.cli.app_server import launch

    with reporting_bad_input():
        raise typer.Exit(launch(port, browser, allow_host or []))
