"""A passage through a lesson as one document, for the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.training.attempt import Passage
    from sim.training.grading import Grade
    from sim.training.reveal import Lived, Moment


def document(passage: Passage, day: Sequence[Moment], many: Sequence[Lived]) -> dict[str, Any]:
    """Return a finished passage with all that was shown in it.

    Parameters
    ----------
    passage : Passage
    day : sequence of Moment
    many : sequence of Lived
    """
    lesson, facts, attempt = passage.lesson, passage.facts, passage.attempt
    prediction = {**_graded(passage.own_error()), "reason": attempt.reason}
    return {
        "lesson": lesson.name,
        "title": lesson.title,
        "learner": attempt.learner,
        "class": attempt.team,
        "seed": facts.seed,
        "prediction": {"question": facts.text(lesson.prediction.question), **prediction},
        "decision": {
            "taken": attempt.decision,
            "judged": [asdict(one) for one in passage.judged()],
        },
        "day": [asdict(moment) for moment in day],
        "runs": lesson.reveal.runs,
        "many": [_row(row) for row in many],
        "debrief": passage.debrief(),
        "transfer": {
            "question": facts.text(lesson.transfer.question),
            **_graded(passage.transferred()),
        },
    }


def _row(row: Lived) -> dict[str, Any]:
    amount = row.simulated
    return {
        "case": row.case,
        "x": row.x,
        "metric": row.figure,
        "value": amount.value,
        "low": amount.low,
        "high": amount.high,
        "unit": amount.unit,
        "formula": {name: told.value for name, told in row.formula.items()},
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
