"""Tables of a lesson: the list, the day, many days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sim.report.formatting import show
from sim.report.result_views import begun
from sim.report.text import label
from sim.training.amounts import Amount
from sim.training.reveal import Lived, Moment

if TYPE_CHECKING:
    from sim.training.attempt_store import Attempt
    from sim.training.lesson import Lesson

NAMES = {"erlang_c": "Erlang C", "erlang_a": "Erlang A"}


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, each as one line."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def figure_name(figure: str) -> str:
    """Return a figure as people name it: ``Service level``, ``Chat: service level``."""
    place, _, metric = figure.rpartition(".")
    name = {"mean_wait_all_s": "mean wait of all"}.get(metric, label(metric))
    return begun(f"{place.rpartition('.')[2]}: {name}" if place else name)


def status(lesson: Lesson, attempts: Sequence[Attempt]) -> str:
    """Return how far a learner is with a lesson: new, begun or done, and how the transfer went."""
    own = [one for one in attempts if one.lesson == lesson.name]
    ended = [one for one in own if one.ended]
    if ended:
        held = any(one.transfer_holds for one in ended)
        return "done, transfer held" if held else "done, transfer did not hold"
    return "begun" if own else "new"


def days_of(lesson: Lesson) -> str:
    """Return how many days are lived of each case: ``20 days``, ``20 times 2 days``."""
    runs, days = lesson.reveal.runs, lesson.center.center.days
    return f"{runs} days" if days == 1 else f"{runs} times {days} days"


def lived_rows(rows: Iterable[Lived]) -> list[dict[str, str]]:
    """Return many days as a table: a row for each case, its figures with their intervals."""
    table: dict[str, dict[str, str]] = {}
    for one in rows:
        row = table.setdefault(one.case, {"Case": one.case, "Yours": "yours" if one.mine else ""})
        name = figure_name(one.figure)
        row[name] = told(one.simulated)
        for model, amount in one.formula.items():
            row[f"{name}, {NAMES[model]}"] = str(amount)
    every = list(dict.fromkeys(key for row in table.values() for key in row))
    return [{key: row.get(key, "-") for key in every} for row in table.values()]


def told(amount: Amount) -> str:
    """Return a simulated figure with its interval, or that it is always the same."""
    if amount.value is not None and amount.half == 0:
        return f"{show(amount.value, amount.unit)} in all runs"
    return str(amount)


def told_day(moments: Sequence[Moment]) -> str:
    """Return a day in one sentence, for those who cannot see its picture."""
    worst = max(moments, key=lambda moment: moment.waiting)
    last = moments[-1]
    return (
        f"From {moments[0].time} to {last.time}: at most {worst.waiting} waiting, at {worst.time}; "
        f"{last.offered} offered, {last.left} left without help, service level "
        f"{show(last.level, 'share')} so far."
    )


def told_many(rows: Sequence[Lived], figure: str) -> str:
    """Return one figure of all cases in a sentence each."""
    sentences = []
    for one in (row for row in rows if row.figure == figure):
        formula = ", ".join(f"{NAMES[m]} {amount}" for m, amount in one.formula.items())
        beside = f"; {formula}" if formula else ""
        mine = ", your decision" if one.mine else ""
        sentences.append(f"{one.case}{mine}: {told(one.simulated)}{beside}.")
    return " ".join(sentences)
