"""Results of a class: who predicted what, then the truth; also as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.fileio import escape_formula
from sim.fileio.csv_text import csv_of
from sim.report.formatting import show
from sim.training.attempt import grade_record
from sim.training.attempt_store import AttemptRecord


@dataclass(frozen=True, slots=True)
class LessonResult:
    """Results of a class in one lesson.

    Attributes
    ----------
    lesson, title, unit : str
    attempts : tuple of AttemptRecord
        The first with a prediction of each learner, in order of time.
    truth : float or None
        None until a learner has seen it.
    """

    lesson: str
    title: str
    unit: str
    attempts: tuple[AttemptRecord, ...]
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
        grades = [grade_record(one) for one in self.attempts]
        return sum(1 for grade in grades if grade is not None and grade.holds)


def lesson_results(attempts: Sequence[AttemptRecord]) -> list[LessonResult]:
    """Return the lessons of a class, each with the first prediction of every learner.

    Only the first counts: whoever repeats a lesson knows the answer.
    """
    lessons: dict[tuple[str, str], dict[str, AttemptRecord]] = {}
    for one in attempts:
        if one.prediction is not None:
            lessons.setdefault((one.lesson, one.mark), {}).setdefault(one.learner, one)
    found = []
    for (lesson, _), by_learner in lessons.items():
        records = tuple(by_learner.values())
        truths = [one.truth for one in records if one.truth is not None]
        found.append(
            LessonResult(
                lesson, records[0].title, records[0].unit, records, truths[0] if truths else None
            )
        )
    return found


def class_rows(one: LessonResult, revealed: bool) -> list[dict[str, str]]:
    """Return who predicted what, with the truth once it is revealed."""
    rows = []
    for attempt in one.attempts:
        row = {
            "Learner": attempt.learner,
            "Predicted": show(attempt.prediction, one.unit),
            "Because": attempt.reason or "",
            "Decided": attempt.decision or "-",
        }
        if revealed:
            grade = grade_record(attempt)
            row["Verdict"] = "has not seen it yet" if grade is None else grade.verdict.value
            holds = {None: "-", 1: "correct", 0: "wrong"}[attempt.transfer_holds]
            row["Transfer question"] = holds
        rows.append(row)
    return rows


def alt_text_class(one: LessonResult, revealed: bool) -> str:
    """Return a sentence on the predictions of a class, as alternative text of its chart."""
    values = [a.prediction for a in one.attempts if a.prediction is not None]
    words = (
        f"{len(values)} predictions from {show(min(values), one.unit)} to "
        f"{show(max(values), one.unit)}, median {show(one.middle, one.unit)}."
    )
    if revealed and one.truth is not None:
        words += f" The truth is {show(one.truth, one.unit)}."
    return words


def progress_rows(attempts: Sequence[AttemptRecord]) -> list[dict[str, str]]:
    """Return one row for each learner: lessons begun and finished, correct transfer answers."""
    learners: dict[str, list[AttemptRecord]] = {}
    for one in attempts:
        learners.setdefault(one.learner, []).append(one)
    return [
        {
            "Learner": name,
            "Begun": str(len({one.lesson for one in own})),
            "Finished": str(len({one.lesson for one in own if one.ended})),
            "Transfer correct": str(len({one.lesson for one in own if one.transfer_holds})),
        }
        for name, own in learners.items()
    ]


def as_csv(attempts: Sequence[AttemptRecord]) -> str:
    """Return attempts as CSV, one a row; typed text is escaped so that no spreadsheet runs it."""
    names = [
        "class", "learner", "lesson", "title", "began", "prediction", "unit", "reason", "predicted",
        "decision", "decided", "truth", "tolerance", "error", "within_tolerance", "revealed",
        "transfer", "transfer_truth", "transfer_unit", "transfer_holds", "ended",
    ]  # fmt: skip
    rows: list[Iterable[Any]] = [names]
    for one in attempts:
        grade = grade_record(one)
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
        rows.append(map(escape_formula, row))
    return csv_of(rows, ending="\r\n")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"
