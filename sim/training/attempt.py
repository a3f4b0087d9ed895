"""An attempt of a learner at a lesson, from the prediction to the transfer question."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from sim.training.attempt_store import AttemptRecord, AttemptStore, draft_record, name_of, reason_of
from sim.training.grading import (
    DecisionReview,
    Grade,
    decision_of,
    grade,
    grade_question,
    read_answer,
    review_decision,
)
from sim.training.lesson_quantities import LessonQuantities, Simulate, simulate_in_process
from sim.training.quantity import Quantity
from sim.training.reveal import CaseEstimate, Moment, decided_scenario, simulate_cases, simulate_day
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.training.lesson import Lesson


class Stage(IntEnum):
    """Stages of a lesson."""

    PREDICT = 0
    DECIDE = 1
    SEE = 2  # one day, many days, error, debrief and transfer question
    DONE = 3


class LessonAttempt:
    """One attempt at a lesson.

    Parameters
    ----------
    lesson : Lesson
    store : AttemptStore
    record : AttemptRecord
    seed : int
        Of all random numbers.
    simulate : callable, optional
        Takes a scenario, runs and seed.
    """

    def __init__(
        self,
        lesson: Lesson,
        store: AttemptStore,
        record: AttemptRecord,
        seed: int = 1,
        simulate: Simulate = simulate_in_process,
    ) -> None:
        self.lesson = lesson
        self.store = store
        self.record = record
        self.quantities = LessonQuantities(lesson, seed, simulate)
        self._add_answers()

    @property
    def stage(self) -> Stage:
        """The stage that comes next."""
        if self.record.prediction is None:
            return Stage.PREDICT
        if self.record.decision is None:
            return Stage.DECIDE
        return Stage.SEE if self.record.transfer is None else Stage.DONE

    @property
    def unit(self) -> str:
        """The unit of the prediction."""
        return self.lesson.unit_of(self.lesson.prediction.truth)

    def read_prediction(self, text: str) -> float:
        """Read a prediction without locking it.

        Raises
        ------
        BadInputError
            When it cannot be read.
        """
        return read_answer(self.lesson, self.lesson.prediction, text, "prediction")

    def predict(self, text: str, reason: str) -> None:
        """Lock a prediction with its reason.

        Raises
        ------
        BadInputError
            When it cannot be read, has no reason, or one is already locked.
        """
        value = self.read_prediction(text)
        one = self.record
        if not one.id:
            reason_of(reason)
            marks = (one.lesson, one.title, one.mark)
            one = self.store.begin(one.team, one.learner, marks, one.unit)
        self.record = self.store.predict(one.id, value, reason)
        self._add_answers()

    def decide(self, text: str) -> None:
        """Take a decision.

        Raises
        ------
        BadInputError
            When it is none of those offered, or comes twice.
        """
        decision = decision_of(self.lesson, self.quantities, text)
        self.record = self.store.decide(self.record.id, decision)
        self._add_answers()

    def simulate_day(self) -> list[Moment]:
        """Simulate one day with the decision."""
        return simulate_day(
            decided_scenario(self.lesson, self.quantities, self._decision()), self.quantities.seed
        )

    def simulate_cases(self) -> list[CaseEstimate]:
        """Simulate many days of every case."""
        return simulate_cases(self.lesson, self.quantities, self._decision())

    def reveal_error(self) -> Grade:
        """Reveal the truth and return how far off the prediction was."""
        self._decision()
        found = grade_question(
            self.lesson.prediction, self.quantities, float(self.record.prediction or 0.0)
        )
        self.record = self.store.reveal(self.record.id, found.truth, found.tolerance)
        return found

    def truth(self) -> Quantity:
        """Return the truth, with its confidence interval where it is simulated."""
        self._decision()
        return self.quantities[self.lesson.prediction.truth]

    def review(self) -> list[DecisionReview]:
        """Return the review of the decision."""
        return review_decision(self.lesson, self.quantities, self._decision())

    def debrief(self) -> dict[str, str]:
        """Return what changed, the principle behind it, and what to do on Monday."""
        self._decision()
        parts = self.lesson.debrief
        words = {
            "What changed": parts.changed,
            "The principle": parts.law,
            "What on Monday": parts.monday,
        }
        return {head: self.quantities.text(text) for head, text in words.items()}

    def transfer(self, text: str) -> Grade:
        """Answer the transfer question, which ends the lesson.

        Raises
        ------
        BadInputError
            When it cannot be read, or comes before the reveal or twice.
        """
        question = self.lesson.transfer
        unit = self.lesson.unit_of(question.truth)
        value = read_answer(self.lesson, question, text, "transfer")
        found = grade_question(question, self.quantities, value)
        self.record = self.store.answer(self.record.id, value, found.truth, unit, holds=found.holds)
        return found

    def transfer_grade(self) -> Grade:
        """Return the grade of the transfer answer."""
        if self.record.transfer is None:
            raise BadInputError("transfer: is not answered yet")
        return grade_question(self.lesson.transfer, self.quantities, self.record.transfer)

    def _decision(self) -> str:
        if self.record.decision is None:
            raise BadInputError("decision: comes first; nothing is shown before")
        return self.record.decision

    def _add_answers(self) -> None:
        """Let texts name what the learner answered."""
        one = self.record
        if one.prediction is not None:
            self.quantities.add("prediction", Quantity(one.prediction, self.unit))
        if one.decision is not None:
            self.quantities.add("decision", Quantity(None, "text", one.decision))


def current_attempt(
    lesson: Lesson,
    store: AttemptStore,
    team: str,
    learner: str,
    simulate: Simulate = simulate_in_process,
) -> LessonAttempt:
    """Return the attempt that a learner is in the middle of, or a new one."""
    found = latest_attempt(lesson, store, team, learner, simulate)
    return new_attempt(lesson, store, team, learner, simulate) if found.record.ended else found


def latest_attempt(
    lesson: Lesson,
    store: AttemptStore,
    team: str,
    learner: str,
    simulate: Simulate = simulate_in_process,
) -> LessonAttempt:
    """Return a learner's last attempt, finished or not, or a new one.

    An attempt at a lesson whose text has changed since is left as it is, and a new one begins.
    """
    before = [a for a in store.attempts(team, learner, lesson.name) if a.mark == lesson.mark]
    if before:
        return LessonAttempt(lesson, store, before[-1], simulate=simulate)
    return new_attempt(lesson, store, team, learner, simulate)


def new_attempt(
    lesson: Lesson,
    store: AttemptStore,
    team: str,
    learner: str,
    simulate: Simulate = simulate_in_process,
) -> LessonAttempt:
    """Begin a new attempt, which is saved from its prediction on; earlier ones stay.

    Raises
    ------
    BadInputError
        When a name is empty or too long.
    """
    unit = lesson.unit_of(lesson.prediction.truth)
    names = (name_of("class", team, empty=True), name_of("learner", learner))
    record = draft_record(*names, (lesson.name, lesson.title, lesson.mark), unit)
    return LessonAttempt(lesson, store, record, simulate=simulate)


def grade_record(one: AttemptRecord) -> Grade | None:
    """Return how far off a saved prediction was, None before its reveal."""
    if one.prediction is None or one.truth is None or one.tolerance is None:
        return None
    return grade(one.prediction, one.truth, one.tolerance, one.unit)
