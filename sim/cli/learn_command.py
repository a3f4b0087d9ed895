"""The lessons in the terminal: ``ccplan learn``."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.cli.common import note, report_compiling, say
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.training import Lesson, LessonAttempt
    from sim.training.reveal import CaseEstimate, Moment

PAUSE_S = 0.05
"""Pause (s) between quarters of an hour of the day, on a terminal."""


@dataclass(frozen=True)
class Answers:
    """Answers by options; None is asked for."""

    predict: str | None = None
    because: str | None = None
    decide: str | None = None
    transfer: str | None = None


def show_lessons(team: str, learner: str, as_json: bool) -> None:
    """List the lessons with the progress of a learner."""
    from sim.report.text_table import columns
    from sim.training import AttemptStore, load_lesson, shipped_lessons
    from sim.training.lesson_text import status

    attempts = AttemptStore().attempts(team, learner)
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
    source: str, answers: Answers, team: str, learner: str, seed: int, afresh: bool, as_json: bool
) -> None:
    """Run a lesson, asking for what the options leave open.

    Raises
    ------
    BadInputError
        When an answer is wrong, or missing without a terminal to ask for it.
    """
    from sim.training import AttemptStore, LessonAttempt, current_attempt, load_lesson, new_attempt

    lesson = load_lesson(source)
    store = AttemptStore()
    start = new_attempt if afresh or answers.predict is not None else current_attempt
    found = start(lesson, store, team, learner)
    attempt = LessonAttempt(lesson, store, found.record, seed)
    report_compiling("auto")
    write: Callable[[str], None] = (lambda text: None) if as_json else say
    _ask_to_decision(attempt, answers, write)
    document = _ask_from_reveal(attempt, answers, write, as_json)
    if as_json:
        say(json.dumps(document, indent=1, allow_nan=False))


def _ask_to_decision(
    attempt: LessonAttempt, answers: Answers, write: Callable[[str], None]
) -> None:
    """Show the situation, and take prediction and decision."""
    from sim.training import Stage
    from sim.training.lesson_text import paragraphs
    from sim.training.quantity import answer_format

    lesson, quantities = attempt.lesson, attempt.quantities
    write(f"Lesson {lesson.number}: {lesson.title}\n")
    write("\n\n".join(_wrapped(one) for one in paragraphs(quantities.text(lesson.text))))
    if attempt.stage is Stage.PREDICT:
        write("\n" + _wrapped(f"Prediction: {quantities.text(lesson.prediction.question)}"))
        if lesson.prediction.hint:
            write(_wrapped(quantities.text(lesson.prediction.hint)))
        prompt = f"Your prediction ({answer_format(attempt.unit)})"
        words = _ask_until_valid(answers.predict, "predict", prompt, attempt.read_prediction)
        because = ("because", "Because")
        _ask_until_valid(answers.because, *because, lambda reason: attempt.predict(words, reason))
    record = attempt.record
    from sim.report.formatting import show

    write(f"\nLocked: {show(record.prediction, attempt.unit)}, because {record.reason}")
    if attempt.stage is Stage.DECIDE:
        write("\n" + _wrapped(f"Decision: {quantities.text(lesson.decision.question)}"))
        write(_options_text(lesson, attempt))
        _ask_until_valid(answers.decide, "decide", "Your decision", attempt.decide)
    write(f"Decided: {attempt.record.decision}")


def _options_text(lesson: Lesson, attempt: LessonAttempt) -> str:
    asked = lesson.decision
    if asked.path:
        return f"A whole number from {asked.low} to {asked.high}."
    names = enumerate(asked.option, 1)
    return "\n".join(f"  {k} {attempt.quantities.text(one.name)}" for k, one in names)


def _ask_from_reveal(
    attempt: LessonAttempt, answers: Answers, write: Callable[[str], None], as_json: bool
) -> dict[str, Any]:
    """Show one day, many days, the error and the debrief; take the transfer answer."""
    from sim.training import Stage
    from sim.training.attempt_document import document
    from sim.training.lesson_text import days_of, paragraphs
    from sim.training.quantity import answer_format

    lesson = attempt.lesson
    day = attempt.simulate_day()
    write("\nOne day with your decision\n")
    if not as_json:
        _show_day(day)
    many = attempt.simulate_cases()
    write(f"\n{lesson.reveal.title}: {days_of(lesson)} each, 95 % confidence intervals")
    for metric in lesson.reveal.figures:
        write(_table([row for row in many if row.metric == metric]))
    grade = attempt.reveal_error()
    write(f"\nHow far off was I? {grade.words()}")
    for one in attempt.review():
        mark = "*" if one.mine else "-"
        write(_wrapped(f"{mark} {one.name} ({one.verdict}): {' '.join(one.why.split())}"))
    for head, text in attempt.debrief().items():
        write(f"\n{head}\n" + "\n\n".join(_wrapped(part) for part in paragraphs(text)))
    question = lesson.transfer
    unit = lesson.unit_of(question.truth)
    if attempt.stage is not Stage.DONE:
        write("\n" + _wrapped(f"With new numbers: {attempt.quantities.text(question.question)}"))
        prompt = f"Your answer ({answer_format(unit)})"
        _ask_until_valid(answers.transfer, "transfer", prompt, attempt.transfer)
    last = attempt.transfer_grade()
    write(
        f"{last.words()}\n{_wrapped(' '.join(attempt.quantities.text(question.explain).split()))}"
    )
    return document(attempt, day, many)


def _table(rows: list[CaseEstimate]) -> str:
    """Return a metric of all cases, simulated and by formula."""
    from sim.report.text_table import columns
    from sim.training.lesson_text import NAMES, metric_name, show_estimate

    models = [model for model in NAMES if any(model in row.formula for row in rows)]
    head = [metric_name(rows[0].metric), "", "simulated", *(NAMES[model] for model in models)]
    table = [
        [
            row.case,
            "<- yours" if row.mine else "",
            show_estimate(row.simulated),
            *(str(row.formula.get(model, "-")) for model in models),
        ]
        for row in rows
    ]
    return "\n" + columns([head, *table], left=2)


def _show_day(day: list[Moment]) -> None:
    """Print a day, a row every quarter of an hour; without pauses when not on a terminal."""
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
            time.sleep(PAUSE_S)


def _ask_until_valid(
    value: str | None, option: str, prompt: str, take: Callable[[str], object]
) -> str:
    """Return an answer; a wrong one that was typed is asked for a second time.

    Raises
    ------
    BadInputError
        When an option is wrong, or there is no terminal to ask.
    """
    while True:
        words = _answer(value, option, prompt)
        try:
            take(words)
        except BadInputError as error:
            if value is not None:
                raise
            note(str(error))
            continue
        return words


def _answer(value: str | None, option: str, prompt: str) -> str:
    """Return an answer given by an option, else ask for it.

    Raises
    ------
    BadInputError
        When there is no terminal to ask.
    """
    if value is not None:
        return value
    if not sys.stdin.isatty():
        raise BadInputError(f"--{option}: is missing; required without a terminal")
    note(f"{prompt}:")
    try:
        return input("> ")
    except EOFError:
        raise BadInputError(f"--{option}: nothing was answered") from None


def _wrapped(text: str) -> str:
    import textwrap

    return textwrap.fill(text, 92, break_long_words=False)
