"""A lesson as stated in its file: text, scenario, questions, reveal, debrief."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PrivateAttr

from sim.scenario import Scenario
from sim.scenario.field_types import Name, Names, Record, Whole
from sim.training.lesson_fields import (
    ERLANG_METRICS,
    Computed,
    Debrief,
    Decision,
    Formula,
    Question,
    Reveal,
    Simulated,
    Text,
    TransferQuestion,
)
from sim.training.quantity import COUNT, UNITS, Quantity, read_quantity


def _as_quantity(value: Any) -> Any:
    return value if isinstance(value, Quantity) else read_quantity(value)


LessonQuantity = Annotated[Quantity, BeforeValidator(_as_quantity)]


class Lesson(Record):
    """A lesson: frozen, strict, checked."""

    title: Name
    """What the lesson is called."""
    number: Annotated[int, Whole(1, 999)] = 100
    """Its place in the list."""
    minutes: Annotated[int, Whole(1, 480)] = 15
    """How long it takes."""
    summary: Text
    """One sentence for the list."""
    text: Text
    """The situation, in paragraphs."""
    scenario: Text
    """A shipped name, a file in the folder of the lesson, or a whole scenario as text."""
    told: Names = ()
    """Further quantities that may be shown before the reveal."""
    given: dict[Name, LessonQuantity] = Field(default_factory=dict)
    """Numbers that the text, the scenario and the formulas share."""
    formula: dict[Name, Formula] = Field(default_factory=dict)
    """Quantities by Erlang's formulas."""
    simulate: dict[Name, Simulated] = Field(default_factory=dict)
    """Quantities by simulation."""
    compute: dict[Name, Computed] = Field(default_factory=dict)
    """Quantities by arithmetic."""
    prediction: Question
    """What the learner predicts, in writing and with a reason."""
    decision: Decision
    """What the learner decides."""
    reveal: Reveal
    """What many days show."""
    debrief: Debrief
    """What the learner takes away."""
    transfer: TransferQuestion
    """A question with new numbers."""

    _name: str = PrivateAttr(default="lesson")
    _text: str = PrivateAttr(default="")
    _center: Scenario | None = PrivateAttr(default=None)

    @property
    def name(self) -> str:
        """The name of its file, without the ending."""
        return self._name

    @property
    def mark(self) -> str:
        """Hash of the text, different for every version of the lesson."""
        return hashlib.sha256(self._text.encode()).hexdigest()[:16]

    @property
    def center(self) -> Scenario:
        """The scenario with the given numbers."""
        if self._center is None:
            raise RuntimeError("a lesson is read by load_lesson or parse_lesson")
        return self._center

    def unit_of(self, name: str) -> str:
        """Return the unit of a quantity, known before anything is computed."""
        if name in self.given:
            return self.given[name].unit
        if name in self.formula:
            return ERLANG_METRICS[self.formula[name].figure]
        if name in self.simulate:
            from sim.metrics import catalogue

            found = catalogue().get(self.simulate[name].figure.rpartition(".")[2])
            return found.unit if found and found.unit in UNITS else COUNT
        return self.compute[name].unit.replace("count", COUNT)
