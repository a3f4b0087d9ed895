"""How far off an answer is, as a number and as a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from sim.report.formatting import show, show_difference
from sim.training.quantity import (
    COUNT,
    Quantity,
    answer_format,
    parse_answer,
    tolerance,
)
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.training.lesson import Lesson
    from sim.training.lesson_fields import Question
    from sim.training.lesson_quantities import LessonQuantities

NEAR = 3.0
"""Multiple of the tolerance up to which an answer is near."""


class Accuracy(Enum):
    """How close an answer is to the truth."""

    HOLDS = "within the tolerance"
    NEAR = "near"
    FAR = "far off"


@dataclass(frozen=True, slots=True)
class Grade:
    """An answer compared with the truth.

    Attributes
    ----------
    answer, truth : float
    off : float
        Answer minus truth.
    tolerance : float
    unit : str
    verdict : Accuracy
    """

    answer: float
    truth: float
    off: float
    tolerance: float
    unit: str
    verdict: Accuracy

    @property
    def holds(self) -> bool:
        """Whether the answer is within the tolerance."""
        return self.verdict is Accuracy.HOLDS

    def words(self) -> str:
        """Return the grade as a sentence: ``You said 70.0 %, it is 59.3 %: ...``."""
        said, truth = show(self.answer, self.unit), show(self.truth, self.unit)
        if self.off == 0:
            return f"You said {said}, which is right."
        size = show_difference(self.off, self.unit).lstrip("+-")
        way = "too high" if self.off > 0 else "too low"
        return f"You said {said}, it is {truth}: {size} {way}, {self.verdict.value}."


def grade(answer: float, truth: float, within: float, unit: str) -> Grade:
    """Compare an answer with the truth.

    Parameters
    ----------
    answer, truth : float
        Shares from 0 to 1, times in seconds, or counts.
    within : float
        Tolerance, in the same unit.
    unit : str
    """
    off = answer - truth
    slack = 1e-9 * max(1.0, abs(truth))
    if abs(off) <= within + slack:
        verdict = Accuracy.HOLDS
    elif abs(off) <= NEAR * max(within, _step(unit)) + slack:
        verdict = Accuracy.NEAR
    else:
        verdict = Accuracy.FAR
    return Grade(answer, truth, 0.0 if abs(off) <= slack else off, within, unit, verdict)


def _step(unit: str) -> float:
    """Return what counts as a small step where no tolerance is given."""
    return {COUNT: 1.0, "share": 0.01}.get(unit, 1.0)


def read_answer(lesson: Lesson, question: Question, text: str, field: str) -> float:
    """Read the answer to a question of a lesson.

    Raises
    ------
    BadInputError
        When it is not such a quantity, or out of the question's bounds.
    """
    unit = lesson.unit_of(question.truth)
    value = parse_answer(text, unit, field)
    low, high = bounds_of(lesson, question)
    if (low is not None and value < low) or (high is not None and value > high):
        least = "" if low is None else f" from {show(low, unit)}"
        most = "" if high is None else f" to {show(high, unit)}"
        allowed = f"{answer_format(unit)},{least}{most}"
        raise BadInputError(f"{field}: {text.strip()} is out of bounds; allowed: {allowed}")
    return value


def bounds_of(lesson: Lesson, question: Question) -> tuple[float | None, float | None]:
    """Return the least and the most that can be answered to a question; None where it is open."""
    unit = lesson.unit_of(question.truth)
    low, high = (
        None if bound is None else parse_answer(str(bound), unit, "bound")
        for bound in (question.low, question.high)
    )
    return low, high


def grade_question(question: Question, quantities: LessonQuantities, answer: float) -> Grade:
    """Compare the answer to a question of a lesson with its truth."""
    unit = quantities.lesson.unit_of(question.truth)
    truth = quantities.number(question.truth)
    return grade(answer, truth, tolerance(question.tolerance, unit), unit)


@dataclass(frozen=True, slots=True)
class DecisionReview:
    """A decision with its review.

    Attributes
    ----------
    name : str
    good : bool
    why : str
    mine : bool
    """

    name: str
    good: bool
    why: str
    mine: bool

    @property
    def verdict(self) -> str:
        """Whether it holds up, in words."""
        return "holds up" if self.good else "does not hold up"


def decision_of(lesson: Lesson, quantities: LessonQuantities, text: str) -> str:
    """Return a decision as it is stored: a whole number, or the name of an option.

    Parameters
    ----------
    lesson : Lesson
    quantities : LessonQuantities
        Fills the names of options.
    text : str
        A number; the name of an option, its beginning, or its place counted from 1.

    Raises
    ------
    BadInputError
        When it is none.
    """
    asked, words = lesson.decision, text.strip()
    if asked.path:
        bound = f"a whole number from {asked.low} to {asked.high}"
        try:
            number = float(words)
        except ValueError:
            raise BadInputError(f"decision: {text!r} cannot be read; allowed: {bound}") from None
        if not asked.low <= number <= asked.high or number != int(number):
            raise BadInputError(f"decision: {words} is out of bounds; allowed: {bound}")
        return str(int(number))
    names = [quantities.text(one.name) for one in asked.option]
    if words.isdigit() and 1 <= int(words) <= len(names):
        return names[int(words) - 1]
    found = [name for name in names if name.lower().startswith(words.lower())] if words else []
    exact = [name for name in names if name.lower() == words.lower()]
    if len(exact or found) != 1:
        listed = "; ".join(f"{k} {name}" for k, name in enumerate(names, 1))
        raise BadInputError(f"decision: {text!r} is none of the options; allowed: {listed}")
    return (exact or found)[0]


def review_decision(
    lesson: Lesson, quantities: LessonQuantities, decision: str
) -> list[DecisionReview]:
    """Review a decision and its alternatives."""
    asked = lesson.decision
    quantities.add("decision", Quantity(None, "text", decision))
    if asked.path:
        good = grade_question(asked, quantities, float(decision)).holds  # type: ignore[arg-type]
        return [DecisionReview(decision, good, quantities.text(asked.why), True)]
    names = [quantities.text(one.name) for one in asked.option]
    return [
        DecisionReview(name, one.good, quantities.text(one.why), name == decision)
        for name, one in zip(names, asked.option, strict=True)
    ]
