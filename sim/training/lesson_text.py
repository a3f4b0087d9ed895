"""Tables of a lesson: the list, the day, many days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sim.metrics.metric_titles import label
from sim.report.formatting import show
from sim.report.result_views import begun
from sim.training.quantity import Quantity
from sim.training.reveal import CaseEstimate, Moment

if TYPE_CHECKING:
    from sim.training.attempt_store import AttemptRecord
    from sim.training.lesson import Lesson

NAMES = {"erlang_c": "Erlang C", "erlang_a": "Erlang A"}


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, each as one line."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def metric_name(metric_ref: str) -> str:
    """Return the shown name of a metric: ``Service level``, ``Chat: service level``."""
    place, _, metric = metric_ref.rpartition(".")
    name = {"mean_wait_all_s": "mean wait of all"}.get(metric, label(metric))
    return begun(f"{place.rpartition('.')[2]}: {name}" if place else name)


def status(lesson: Lesson, attempts: Sequence[AttemptRecord]) -> str:
    """Return the progress in a lesson: new, begun, or done with the transfer correct or wrong."""
    own = [one for one in attempts if one.lesson == lesson.name]
    ended = [one for one in own if one.ended]
    if ended:
        correct = any(one.transfer_holds for one in ended)
        return "done, transfer correct" if correct else "done, transfer wrong"
    return "begun" if own else "new"


def days_of(lesson: Lesson) -> str:
    """Return how many days are simulated of each case: ``20 days``, ``20 times 2 days``."""
    runs, days = lesson.reveal.runs, lesson.center.center.days
    return f"{runs} days" if days == 1 else f"{runs} times {days} days"


def case_rows(rows: Iterable[CaseEstimate]) -> list[dict[str, str]]:
    """Return many days as a table: a row for each case, its metrics with confidence intervals."""
    table: dict[str, dict[str, str]] = {}
    for one in rows:
        row = table.setdefault(one.case, {"Case": one.case, "Yours": "yours" if one.mine else ""})
        name = metric_name(one.metric)
        row[name] = show_estimate(one.simulated)
        for model, quantity in one.formula.items():
            row[f"{name}, {NAMES[model]}"] = str(quantity)
    every = list(dict.fromkeys(key for row in table.values() for key in row))
    return [{key: row.get(key, "-") for key in every} for row in table.values()]


def show_estimate(quantity: Quantity) -> str:
    """Return an estimate with its confidence interval, or that it never varies."""
    if quantity.value is not None and quantity.half == 0:
        return f"{show(quantity.value, quantity.unit)} in all replications"
    return str(quantity)


def alt_text_day(moments: Sequence[Moment]) -> str:
    """Return a sentence on a day, as alternative text of its chart."""
    worst = max(moments, key=lambda moment: moment.waiting)
    last = moments[-1]
    return (
        f"From {moments[0].time} to {last.time}: at most {worst.waiting} waiting, at {worst.time}; "
        f"{last.offered} offered, {last.left} left without help, service level "
        f"{show(last.level, 'share')} so far."
    )


def alt_text_cases(rows: Sequence[CaseEstimate], metric: str) -> str:
    """Return a sentence on one metric of each case, as alternative text of the chart."""
    sentences = []
    for one in (row for row in rows if row.metric == metric):
        formula = ", ".join(f"{NAMES[m]} {quantity}" for m, quantity in one.formula.items())
        comparison = f"; {formula}" if formula else ""
        mine = ", your decision" if one.mine else ""
        sentences.append(f"{one.case}{mine}: {show_estimate(one.simulated)}{comparison}.")
    return " ".join(sentences)
