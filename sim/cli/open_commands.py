"""Commands that open something to work in: learn and app."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.application import command
from sim.cli.common import judged
from sim.cli.completion import lesson_names
from sim.cli.options import Json, Seed


@command()
def learn(
    lesson: Annotated[
        str | None,
        typer.Argument(
            metavar="LESSON",
            help="Name, number or file; left out, they are listed.",
            autocompletion=lesson_names,
        ),
    ] = None,
    predict: Annotated[str | None, typer.Option(help="Your prediction, instead of asking.")] = None,
    because: Annotated[str | None, typer.Option(help="Your reason for it.")] = None,
    decide: Annotated[
        str | None, typer.Option(help="Your decision: a number, or an option by name or place.")
    ] = None,
    transfer: Annotated[str | None, typer.Option(help="Your answer with new numbers.")] = None,
    learner: Annotated[str, typer.Option(help="Who learns; progress is kept by it.")] = "me",
    team: Annotated[str, typer.Option("--class", help="The class that the learner is in.")] = "",
    afresh: Annotated[bool, typer.Option("--again", help="Begin the lesson anew.")] = False,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Predict, decide, watch a day, compare many, see how far off you were: the lessons."""
    from sim.cli.learn_command import Answers, learn_lesson, show_lessons

    with judged():
        answers = Answers(predict, because, decide, transfer)
        if lesson is None:
            show_lessons(team, learner, as_json)
            return
        learn_lesson(lesson, answers, team, learner, seed, afresh, as_json)


@command(name="app")
def start_app(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Answer under this name too, as behind a web server; may be given repeatedly.",
        ),
    ] = None,
) -> None:
    """Start the planner in the browser, on this machine only."""
    from sim.cli.check_command import launch

    with judged():
        raise typer.Exit(launch(port, browser, allow_host or []))
