"""A learner's way through one lesson: predict, decide, watch, compare, own error, transfer."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from sim.training.amounts import Amount
from sim.training.attempt_store import Attempt, Store, drafted, name_of, reason_of
from sim.training.grading import Grade, Judged, decision_of, grade, graded, judged, read_answer
from sim.training.quantities import Facts, Simulate, plainly
from sim.training.reveal import Lived, Moment, day_of, decided, many_days
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.training.lesson import Lesson


class Step(IntEnum):
    """What comes next."""

    PREDICT = 0
    DECIDE = 1
    SEE = 2  # the live day, many days, own error, debrief and transfer question
    DONE = 3


class Passage:
    """One attempt at a lesson.

    Parameters
    ----------
    lesson : Lesson
    store : Store
    attempt : Attempt
    seed : int
        Of all simulation; each seed is another set of days.
    simulate : callable, optional
        Takes a scenario, runs and seed.
    """

    def __init__(
        self,
        lesson: Lesson,
        store: Store,
        attempt: Attempt,
        seed: int = 1,
        simulate: Simulate = plainly,
    ) -> None:
        self.lesson = lesson
        self.store = store
        self.attempt = attempt
        self.facts = Facts(lesson, seed, simulate)
        self._learned()

    @property
    def step(self) -> Step:
        """What comes next."""
        if self.attempt.prediction is None:
            return Step.PREDICT
        if self.attempt.decision is None:
            return Step.DECIDE
        return Step.SEE if self.attempt.transfer is None else Step.DONE

    @property
    def unit(self) -> str:
        """The unit of the prediction."""
        return self.lesson.unit_of(self.lesson.prediction.truth)

    def read_prediction(self, text: str) -> float:
        """Return what a prediction says, not locking it yet.

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
        one = self.attempt
        if not one.id:
            reason_of(reason)
            marks = (one.lesson, one.title, one.mark)
            one = self.store.begin(one.team, one.learner, marks, one.unit)
        self.attempt = self.store.predict(one.id, value, reason)
        self._learned()

    def decide(self, text: str) -> None:
        """Take a decision.

        Raises
        ------
        BadInputError
            When it is none of those offered, or comes twice.
        """
        decision = decision_of(self.lesson, self.facts, text)
        self.attempt = self.store.decide(self.attempt.id, decision)
        self._learned()

    def day(self) -> list[Moment]:
        """Live one day with the decision."""
        return day_of(decided(self.lesson, self.facts, self._decision()), self.facts.seed)

    def many(self) -> list[Lived]:
        """Live many days of every case."""
        return many_days(self.lesson, self.facts, self._decision())

    def own_error(self) -> Grade:
        """Reveal the truth and return how far off the prediction was."""
        self._decision()
        found = graded(self.lesson.prediction, self.facts, float(self.attempt.prediction or 0.0))
        self.attempt = self.store.reveal(self.attempt.id, found.truth, found.tolerance)
        return found

    def truth(self) -> Amount:
        """Return what was asked for in the prediction, with its interval where it has one."""
        self._decision()
        return self.facts[self.lesson.prediction.truth]

    def judged(self) -> list[Judged]:
        """Return what is said of the decision."""
        return judged(self.lesson, self.facts, self._decision())

    def debrief(self) -> dict[str, str]:
        """Return what changed, which law that is, and what to do on Monday."""
        self._decision()
        parts = self.lesson.debrief
        words = {
            "What changed": parts.changed,
            "Which law": parts.law,
            "What on Monday": parts.monday,
        }
        return {head: self.facts.text(text) for head, text in words.items()}

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
        found = graded(question, self.facts, value)
        self.attempt = self.store.answer(
            self.attempt.id, value, found.truth, unit, holds=found.holds
        )
        return found

    def transferred(self) -> Grade:
        """Return the grade of the transfer answer once more."""
        if self.attempt.transfer is None:
            raise BadInputError("transfer: is not answered yet")
        return graded(self.lesson.transfer, self.facts, self.attempt.transfer)

    def _decision(self) -> str:
        if self.attempt.decision is None:
            raise BadInputError("decision: comes first; nothing is shown before")
        return self.attempt.decision

    def _learned(self) -> None:
        """Let texts name what the learner answered."""
        one = self.attempt
        if one.prediction is not None:
            self.facts.add("prediction", Amount(one.prediction, self.unit))
        if one.decision is not None:
            self.facts.add("decision", Amount(None, "text", one.decision))


def begun(
    lesson: Lesson, store: Store, team: str, learner: str, simulate: Simulate = plainly
) -> Passage:
    """Return the attempt that a learner is in the middle of, or a new one."""
    found = latest(lesson, store, team, learner, simulate)
    return again(lesson, store, team, learner, simulate) if found.attempt.ended else found


def latest(
    lesson: Lesson, store: Store, team: str, learner: str, simulate: Simulate = plainly
) -> Passage:
    """Return a learner's last attempt, finished or not, or a new one.

    An attempt at a lesson whose text has changed since is left as it is, and a new one begins.
    """
    before = [a for a in store.attempts(team, learner, lesson.name) if a.mark == lesson.mark]
    if before:
        return Passage(lesson, store, before[-1], simulate=simulate)
    return again(lesson, store, team, learner, simulate)


def again(
    lesson: Lesson, store: Store, team: str, learner: str, simulate: Simulate = plainly
) -> Passage:
    """Begin a new attempt, which is kept from its prediction on; earlier ones stay.

    Raises
    ------
    BadInputError
        When a name is empty or too long.
    """
    unit = lesson.unit_of(lesson.prediction.truth)
    names = (name_of("class", team, empty=True), name_of("learner", learner))
    attempt = drafted(*names, (lesson.name, lesson.title, lesson.mark), unit)
    return Passage(lesson, store, attempt, simulate=simulate)


def regraded(one: Attempt) -> Grade | None:
    """Return how far off a kept prediction was, None before its reveal."""
    if one.prediction is None or one.truth is None or one.tolerance is None:
        return None
    return grade(one.prediction, one.truth, one.tolerance, one.unit)
