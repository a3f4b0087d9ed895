"""The lessons in the terminal: ``ccplan learn``."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.cli.common import note, say, tell_of_compiling
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.training import Lesson, Passage
    from sim.training.reveal import Lived, Moment

PACE_S = 0.05
"""Pause between quarters of an hour of the live day, on a terminal."""


@dataclass(frozen=True)
class Answers:
    """What was answered by options; None is asked for."""

    predict: str | None = None
    because: str | None = None
    decide: str | None = None
    transfer: str | None = None


def show_lessons(team: str, learner: str, as_json: bool) -> None:
    """List the lessons with how far a learner is."""
    from sim.report.text import columns
    from sim.training import Store, load_lesson, shipped_lessons
    from sim.training.tables import status

    attempts = Store().attempts(team, learner)
    lessons = [load_lesson(name) for name in shipped_lessons()]
    if as_json:
        rows = [
            {
                "lesson": one.name,
                "number": one.number,
                "title": one.title,
                "minutes": one.minutes,
                "summary": one.summary,
                "status": status(one, attempts),
            }
            for one in lessons
        ]
        say(json.dumps({"learner": learner, "class": team, "lessons": rows}, indent=1))
        return
    table = [["", "lesson", "title", "minutes", "status"]]
    table += [
        [str(one.number), one.name, one.title, str(one.minutes), status(one, attempts)]
        for one in lessons
    ]
    say(columns(table, left=3))
    say("\nBegin one with: ccplan learn LESSON, by name, number or the path of a lesson file.")


def learn_lesson(
    name: str, answers: Answers, team: str, learner: str, seed: int, afresh: bool, as_json: bool
) -> None:
    """Go through a lesson, asking for what was not answered by options.

    Raises
    ------
    BadInputError
        When an answer is wrong, or one is missing and there is no terminal to ask for it.
    """
    from sim.training import Passage, Store, again, begun, load_lesson

    lesson = load_lesson(name)
    store = Store()
    start = again if afresh or answers.predict is not None else begun
    found = start(lesson, store, team, learner)
    passage = Passage(lesson, store, found.attempt, seed)
    tell_of_compiling("auto")
    write: Callable[[str], None] = (lambda text: None) if as_json else say
    _open(passage, answers, write)
    document = _seen(passage, answers, write, as_json)
    if as_json:
        say(json.dumps(document, indent=1, allow_nan=False))


def _open(passage: Passage, answers: Answers, write: Callable[[str], None]) -> None:
    """Tell the situation, and take prediction and decision."""
    from sim.training import Step
    from sim.training.amounts import form
    from sim.training.tables import paragraphs

    lesson, facts = passage.lesson, passage.facts
    write(f"Lesson {lesson.number}: {lesson.title}\n")
    write("\n\n".join(_wrapped(one) for one in paragraphs(facts.text(lesson.text))))
    if passage.step is Step.PREDICT:
        write("\n" + _wrapped(f"Prediction: {facts.text(lesson.prediction.question)}"))
        if lesson.prediction.hint:
            write(_wrapped(facts.text(lesson.prediction.hint)))
        prompt = f"Your prediction ({form(passage.unit)})"
        words = _taken(answers.predict, "predict", prompt, passage.read_prediction)
        because = ("because", "Because")
        _taken(answers.because, *because, lambda reason: passage.predict(words, reason))
    attempt = passage.attempt
    from sim.report.formatting import show

    write(f"\nLocked: {show(attempt.prediction, passage.unit)}, because {attempt.reason}")
    if passage.step is Step.DECIDE:
        write("\n" + _wrapped(f"Decision: {facts.text(lesson.decision.question)}"))
        write(_choices(lesson, passage))
        _taken(answers.decide, "decide", "Your decision", passage.decide)
    write(f"Decided: {passage.attempt.decision}")


def _choices(lesson: Lesson, passage: Passage) -> str:
    asked = lesson.decision
    if asked.path:
        return f"A whole number from {asked.low} to {asked.high}."
    names = enumerate(asked.option, 1)
    return "\n".join(f"  {k} {passage.facts.text(one.name)}" for k, one in names)


def _seen(
    passage: Passage, answers: Answers, write: Callable[[str], None], as_json: bool
) -> dict[str, Any]:
    """Show the day, many days, the own error, the debrief; take the transfer answer."""
    from sim.training import Step
    from sim.training.amounts import form
    from sim.training.attempt_document import document
    from sim.training.tables import days_of, paragraphs

    lesson = passage.lesson
    day = passage.day()
    write("\nOne day with your decision\n")
    if not as_json:
        _live(day)
    many = passage.many()
    write(f"\n{lesson.reveal.title}: {days_of(lesson)} each, 95 % confidence intervals")
    for figure in lesson.reveal.figures:
        write(_table([row for row in many if row.figure == figure]))
    grade = passage.own_error()
    write(f"\nHow far off was I? {grade.words()}")
    for one in passage.judged():
        mark = "*" if one.mine else "-"
        write(_wrapped(f"{mark} {one.name} ({one.verdict}): {' '.join(one.why.split())}"))
    for head, text in passage.debrief().items():
        write(f"\n{head}\n" + "\n\n".join(_wrapped(part) for part in paragraphs(text)))
    question = lesson.transfer
    unit = lesson.unit_of(question.truth)
    if passage.step is not Step.DONE:
        write("\n" + _wrapped(f"With new numbers: {passage.facts.text(question.question)}"))
        prompt = f"Your answer ({form(unit)})"
        _taken(answers.transfer, "transfer", prompt, passage.transfer)
    last = passage.transferred()
    write(f"{last.words()}\n{_wrapped(' '.join(passage.facts.text(question.explain).split()))}")
    return document(passage, day, many)


def _table(rows: list[Lived]) -> str:
    """Return one metric of all cases, simulated and by formula."""
    from sim.report.text import columns
    from sim.training.tables import NAMES, figure_name, told

    models = [model for model in NAMES if any(model in row.formula for row in rows)]
    head = [figure_name(rows[0].figure), "", "simulated", *(NAMES[model] for model in models)]
    table = [
        [
            row.case,
            "<- yours" if row.mine else "",
            told(row.simulated),
            *(str(row.formula.get(model, "-")) for model in models),
        ]
        for row in rows
    ]
    return "\n" + columns([head, *table], left=2)


def _live(day: list[Moment]) -> None:
    """Show a day, a line every quarter of an hour; at once without a terminal."""
    watched = sys.stdout.isatty()
    most = max(max(moment.on_duty, 1) for moment in day)
    width = 30
    step = 1 if watched else max(len(day) // 16, 1)
    say(f"{'time':>5}  {'busy':<{width}}  {'of':>4}  {'waiting':>7}  in time so far")
    for moment in day[::step]:
        bar = "#" * round(width * moment.busy / most)
        level = "-" if moment.level is None else f"{100 * moment.level:.0f} %"
        there, waiting = moment.on_duty, moment.waiting
        say(f"{moment.time:>5}  {bar:<{width}}  {there:>4}  {waiting:>7}  {level:>6}")
        if watched:
            time.sleep(PACE_S)


def _taken(answer: str | None, option: str, prompt: str, take: Callable[[str], object]) -> str:
    """Take an answer and return it; one that was asked for and is wrong is asked for again.

    Raises
    ------
    BadInputError
        When an option is wrong, or there is no terminal.
    """
    while True:
        words = _answer(answer, option, prompt)
        try:
            take(words)
        except BadInputError as error:
            if answer is not None:
                raise
            note(str(error))
            continue
        return words


def _answer(answer: str | None, option: str, prompt: str) -> str:
    """Return the answer of an option, else ask for it.

    Raises
    ------
    BadInputError
        When there is no terminal.
    """
    if answer is not None:
        return answer
    if not sys.stdin.isatty():
        raise BadInputError(
            f"--{option}: is missing; give it, as there is no terminal to ask for it"
        )
    note(f"{prompt}:")
    try:
        return input("> ")
    except EOFError:
        raise BadInputError(f"--{option}: nothing was answered") from None


def _wrapped(text: str) -> str:
    import textwrap

    return textwrap.fill(text, 92, break_long_words=False)
