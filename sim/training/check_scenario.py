"""What only shows with the scenario at hand: figures, changes, amounts without an answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.scenario import ScenarioError
from sim.scenario.problems import Problem
from sim.training.amounts import answered, names_in
from sim.training.check import needs, questions
from sim.training.quantities import Facts
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.training.lesson import Lesson


def lived_problems(lesson: Lesson) -> list[Problem]:
    """Return what is wrong with figures, changes, amounts and answers; nothing is simulated."""
    facts = Facts(lesson)
    found = [*_of_figures(lesson), *_of_amounts(lesson, facts)]
    return found or [*_of_changes(lesson, facts), *_of_answers(lesson, facts)]


def is_simulated(lesson: Lesson, name: str) -> bool:
    """Return whether an amount hangs on a simulation."""
    return name in lesson.simulate or any(is_simulated(lesson, one) for one in needs(lesson, name))


def _of_figures(lesson: Lesson) -> Iterator[Problem]:
    from sim.metrics import parse_metric
    from sim.model import build

    model = build(lesson.center)
    asked = {f"simulate.{n}.figure": one.figure for n, one in lesson.simulate.items()}
    asked |= {f"reveal.figures.{k}": name for k, name in enumerate(lesson.reveal.figures)}
    for path, figure in asked.items():
        try:
            parse_metric(model, figure)
        except BadInputError as error:
            yield Problem(path, str(error))


def _of_amounts(lesson: Lesson, facts: Facts) -> Iterator[Problem]:
    """Work out every amount that needs no simulation."""
    bad: set[str] = set()
    for table in ("formula", "compute"):
        for name in getattr(lesson, table):
            if is_simulated(lesson, name):
                continue
            try:
                facts[name]
            except BadInputError as error:
                own = f"{lesson.name}, {name}: "
                if str(error).startswith(own) and name not in bad:
                    yield Problem(f"{table}.{name}", str(error).removeprefix(own))
                bad.add(name)


def _of_changes(lesson: Lesson, facts: Facts) -> Iterator[Problem]:
    """Try every change on the scenario; those with a simulated amount only once they are lived."""
    for path, change in _changes(lesson):
        names = names_in(str(change))
        if any(is_simulated(lesson, name) for name in names):
            continue
        try:
            facts.changed(change)
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


def _of_answers(lesson: Lesson, facts: Facts) -> Iterator[Problem]:
    """Find questions without an answer, or whose answer their own bounds shut out."""
    for path, name in questions(lesson).items():
        if is_simulated(lesson, name):
            continue
        value = facts[name].value
        if value is None:
            yield Problem(f"{path}.truth", f"{name!r} has no answer with these numbers")
            continue
        if path == "decision":
            bounds: tuple[Any, Any] = (lesson.decision.low, lesson.decision.high)
        else:
            bounds = (getattr(lesson, path).low, getattr(lesson, path).high)
        unit = lesson.unit_of(name)
        low, high = (None if b is None else answered(str(b), unit, path) for b in bounds)
        if (low is not None and value < low) or (high is not None and value > high):
            words = f"{name!r} is {facts[name]}, outside of low and high"
            yield Problem(f"{path}.truth", words)
