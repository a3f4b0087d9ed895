"""The class view: who predicted what, then the truth; and the same as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from sim.fileio import escape_formula
from sim.report.formatting import show
from sim.training.attempt import regraded
from sim.training.attempt_store import Attempt


@dataclass(frozen=True, slots=True)
class Gathered:
    """One lesson of a class.

    Attributes
    ----------
    lesson, title, unit : str
    attempts : tuple of Attempt
        The first of each learner that holds a prediction, in the order in which they came.
    truth : float or None
        None as long as nobody has seen it.
    """

    lesson: str
    title: str
    unit: str
    attempts: tuple[Attempt, ...]
    truth: float | None

    @property
    def middle(self) -> float | None:
        """The median prediction."""
        values = sorted(one.prediction for one in self.attempts if one.prediction is not None)
        if not values:
            return None
        half = len(values) // 2
        return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2

    @property
    def seen(self) -> int:
        """Learners who have seen the truth."""
        return sum(1 for one in self.attempts if one.truth is not None)

    @property
    def right(self) -> int:
        """Predictions within the tolerance, of those who have seen the truth."""
        grades = [regraded(one) for one in self.attempts]
        return sum(1 for grade in grades if grade is not None and grade.holds)


def gathered(attempts: Sequence[Attempt]) -> list[Gathered]:
    """Return the lessons of a class, each with the first prediction of every learner.

    Only the first counts: whoever does a lesson again knows the answer.
    """
    lessons: dict[tuple[str, str], dict[str, Attempt]] = {}
    for one in attempts:
        if one.prediction is not None:
            lessons.setdefault((one.lesson, one.mark), {}).setdefault(one.learner, one)
    found = []
    for (lesson, _), by_learner in lessons.items():
        kept = tuple(by_learner.values())
        truths = [one.truth for one in kept if one.truth is not None]
        found.append(
            Gathered(lesson, kept[0].title, kept[0].unit, kept, truths[0] if truths else None)
        )
    return found


def class_rows(one: Gathered, revealed: bool) -> list[dict[str, str]]:
    """Return who predicted what, with the truth beside it once it is revealed."""
    rows = []
    for attempt in one.attempts:
        row = {
            "Learner": attempt.learner,
            "Predicted": show(attempt.prediction, one.unit),
            "Because": attempt.reason or "",
            "Decided": attempt.decision or "-",
        }
        if revealed:
            grade = regraded(attempt)
            row["Verdict"] = "has not seen it yet" if grade is None else grade.verdict.value
            holds = {None: "-", 1: "held", 0: "did not hold"}[attempt.transfer_holds]
            row["Transfer question"] = holds
        rows.append(row)
    return rows


def told_class(one: Gathered, revealed: bool) -> str:
    """Return what a class predicted in a sentence, for those who cannot see its picture."""
    values = [a.prediction for a in one.attempts if a.prediction is not None]
    words = (
        f"{len(values)} predictions from {show(min(values), one.unit)} to "
        f"{show(max(values), one.unit)}, median {show(one.middle, one.unit)}."
    )
    if revealed and one.truth is not None:
        words += f" The truth is {show(one.truth, one.unit)}."
    return words


def progress_rows(attempts: Sequence[Attempt]) -> list[dict[str, str]]:
    """Return one row for each learner: lessons begun and finished, transfer answers that held."""
    learners: dict[str, list[Attempt]] = {}
    for one in attempts:
        learners.setdefault(one.learner, []).append(one)
    return [
        {
            "Learner": name,
            "Begun": str(len({one.lesson for one in own})),
            "Finished": str(len({one.lesson for one in own if one.ended})),
            "Transfer held": str(len({one.lesson for one in own if one.transfer_holds})),
        }
        for name, own in learners.items()
    ]


def as_csv(attempts: Sequence[Attempt]) -> str:
    """Return attempts as CSV, one a row; what people typed is text that no spreadsheet runs."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = [
        "class", "learner", "lesson", "title", "began", "prediction", "unit", "reason", "predicted",
        "decision", "decided", "truth", "tolerance", "error", "within_tolerance", "revealed",
        "transfer", "transfer_truth", "transfer_unit", "transfer_holds", "ended",
    ]  # fmt: skip
    writer.writerow(names)
    for one in attempts:
        grade = regraded(one)
        row = [
            one.team, one.learner, one.lesson, one.title, one.began,
            _number(one.prediction), one.unit or "count", one.reason or "",
            one.predicted or "", one.decision or "", one.decided or "",
            _number(one.truth), _number(one.tolerance),
            _number(None if grade is None else grade.off),
            "" if grade is None else int(grade.holds), one.revealed or "",
            _number(one.transfer), _number(one.transfer_truth),
            "count" if one.transfer_unit == "" else one.transfer_unit or "",
            "" if one.transfer_holds is None else one.transfer_holds, one.ended or "",
        ]  # fmt: skip
        writer.writerow(map(escape_formula, row))
    return out.getvalue()


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"
