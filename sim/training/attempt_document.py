"""An attempt at a lesson as one JSON document, for the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.training.attempt import LessonAttempt
    from sim.training.grading import Grade
    from sim.training.reveal import CaseEstimate, Moment

DEBRIEF_KEYS = ("What changed", "Which law", "What on Monday")


def document(
    attempt: LessonAttempt, day: Sequence[Moment], many: Sequence[CaseEstimate]
) -> dict[str, Any]:
    """Return a finished attempt with everything it showed.

    Parameters
    ----------
    attempt : LessonAttempt
    day : sequence of Moment
    many : sequence of CaseEstimate
    """
    lesson, quantities, record = attempt.lesson, attempt.quantities, attempt.record
    prediction = {**_graded(attempt.reveal_error()), "reason": record.reason}
    return {
        "lesson": lesson.name,
        "title": lesson.title,
        "learner": record.learner,
        "class": record.team,
        "seed": quantities.seed,
        "prediction": {"question": quantities.text(lesson.prediction.question), **prediction},
        "decision": {
            "taken": record.decision,
            "judged": [asdict(one) for one in attempt.review()],
        },
        "day": [asdict(moment) for moment in day],
        "runs": lesson.reveal.runs,
        "many": [_row(row) for row in many],
        "debrief": dict(zip(DEBRIEF_KEYS, attempt.debrief().values(), strict=True)),
        "transfer": {
            "question": quantities.text(lesson.transfer.question),
            **_graded(attempt.transfer_grade()),
        },
    }


def _row(row: CaseEstimate) -> dict[str, Any]:
    quantity = row.simulated
    return {
        "case": row.case,
        "x": row.x,
        "metric": row.metric,
        "value": quantity.value,
        "low": quantity.low,
        "high": quantity.high,
        "unit": quantity.unit,
        "formula": {name: each.value for name, each in row.formula.items()},
        "mine": row.mine,
    }


def _graded(grade: Grade) -> dict[str, Any]:
    return {
        "answer": grade.answer,
        "truth": grade.truth,
        "error": grade.off,
        "tolerance": grade.tolerance,
        "unit": grade.unit or "count",
        "verdict": grade.verdict.value,
        "holds": grade.holds,
    }
