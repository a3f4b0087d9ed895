"""Checks of a lesson that need its scenario: metrics, changes, quantities without an answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.scenario import ScenarioError
from sim.scenario.problems import Problem
from sim.training.check import dependencies, questions
from sim.training.lesson_quantities import LessonQuantities
from sim.training.quantity import names_in, parse_answer
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.training.lesson import Lesson


def scenario_problems(lesson: Lesson) -> list[Problem]:
    """Return the problems of metrics, changes, quantities and answers, without simulation."""
    quantities = LessonQuantities(lesson)
    found = [*_metric_problems(lesson), *_quantity_problems(lesson, quantities)]
    return found or [*_change_problems(lesson, quantities), *_answer_problems(lesson, quantities)]


def is_simulated(lesson: Lesson, name: str) -> bool:
    """Return whether a quantity depends on a simulation."""
    return name in lesson.simulate or any(
        is_simulated(lesson, one) for one in dependencies(lesson, name)
    )


def _metric_problems(lesson: Lesson) -> Iterator[Problem]:
    from sim.metrics import parse_metric
    from sim.model import build

    model = build(lesson.center)
    asked = {".".join(("simulate", n, "figure")): one.figure for n, one in lesson.simulate.items()}
    asked |= {
        ".".join(("reveal", "figures", str(k))): name
        for k, name in enumerate(lesson.reveal.figures)
    }
    for path, metric_ref in asked.items():
        try:
            parse_metric(model, metric_ref)
        except BadInputError as error:
            yield Problem(path, str(error))


def _quantity_problems(lesson: Lesson, quantities: LessonQuantities) -> Iterator[Problem]:
    """Compute every quantity that needs no simulation."""
    bad: set[str] = set()
    for table in ("formula", "compute"):
        for name in getattr(lesson, table):
            if is_simulated(lesson, name):
                continue
            try:
                quantities[name]
            except BadInputError as error:
                own = f"{lesson.name}, {name}: "
                if str(error).startswith(own) and name not in bad:
                    yield Problem(f"{table}.{name}", str(error).removeprefix(own))
                bad.add(name)


def _change_problems(lesson: Lesson, quantities: LessonQuantities) -> Iterator[Problem]:
    """Try every change on the scenario; except those with a simulated quantity."""
    for path, change in _changes(lesson):
        names = names_in(str(change))
        if any(is_simulated(lesson, name) for name in names):
            continue
        try:
            quantities.changed(change)
        except ScenarioError as error:
            for one in error.problems:
                yield Problem(path, f"{one.path}: {one.message}", suggestion=one.suggestion)


def _changes(lesson: Lesson) -> Iterator[tuple[str, dict[str, Any]]]:
    decision, reveal = lesson.decision, lesson.reveal
    for k, option in enumerate(decision.option):
        yield f"decision.option.{k}.change", option.change
    for k, case in enumerate(reveal.case):
        yield f"reveal.case.{k}.change", case.change
    if decision.path:
        for bound in (decision.low, decision.high):
            yield "decision.path", dict.fromkeys(decision.path, bound)
    for value in reveal.values:
        yield "reveal.path", dict.fromkeys(reveal.path, value)
    for name, one in lesson.simulate.items():
        yield f"simulate.{name}.change", one.change
        yield f"simulate.{name}.against", one.against or {}


def _answer_problems(lesson: Lesson, quantities: LessonQuantities) -> Iterator[Problem]:
    """Find questions without an answer, or with an answer outside their bounds."""
    for path, name in questions(lesson).items():
        if is_simulated(lesson, name):
            continue
        value = quantities[name].value
        if value is None:
            yield Problem(f"{path}.truth", f"{name!r} has no answer with these numbers")
            continue
        if path == "decision":
            bounds: tuple[Any, Any] = (lesson.decision.low, lesson.decision.high)
        else:
            bounds = (getattr(lesson, path).low, getattr(lesson, path).high)
        unit = lesson.unit_of(name)
        low, high = (None if b is None else parse_answer(str(b), unit, path) for b in bounds)
        if (low is not None and value < low) or (high is not None and value > high):
            words = f"{name!r} is {quantities[name]}, outside low and high"
            yield Problem(f"{path}.truth", words)
