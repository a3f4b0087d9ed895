"""Checks of a lesson across fields: names, circular references, answers given away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.scenario.problems import Problem, listed, nearest
from sim.training.expressions import names_of
from sim.training.quantity import TEXT, names_in, parse_answer, tolerance
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.training.lesson import Lesson

OWN = ("prediction", "decision")
"""Names of the answers of the learner; known in the debrief."""
TABLES = ("given", "formula", "simulate", "compute")
"""The tables of quantities."""
BEFORE = ("text", "prediction.question", "prediction.hint", "decision.question")
AFTER = ("debrief.changed", "debrief.law", "debrief.monday", "transfer.explain", "decision.why")


def problems_of(lesson: Lesson) -> list[Problem]:
    """Return the problems of a lesson whose fields are valid, except those of its scenario."""
    found = list(_name_problems(lesson))
    found = found or [*_text_problems(lesson), *_reference_problems(lesson)]
    return found or [
        *_circular_problems(lesson),
        *_truth_problems(lesson),
        *_early_answer_problems(lesson),
    ]


def questions(lesson: Lesson) -> dict[str, str]:
    """Return the names of the quantities that are asked for: prediction, decision, transfer."""
    found = {"prediction": lesson.prediction.truth, "transfer": lesson.transfer.truth}
    if lesson.decision.truth is not None:
        found["decision"] = lesson.decision.truth
    return found


def known_names(lesson: Lesson) -> list[str]:
    """Return the names of all quantities."""
    return [name for table in TABLES for name in getattr(lesson, table)]


def dependencies(lesson: Lesson, name: str) -> list[str]:
    """Return the quantities that another one is computed from."""
    if name in lesson.formula:
        fields = lesson.formula[name].model_dump().values()
        return [n for value in fields if isinstance(value, str) for n in names_in(value)]
    if name in lesson.simulate:
        return names_in(str((lesson.simulate[name].change, lesson.simulate[name].against)))
    if name in lesson.compute:
        return names_of(lesson.compute[name].formula)
    return []


def _name_problems(lesson: Lesson) -> Iterator[Problem]:
    seen: set[str] = set()
    places = [(t, name) for t in TABLES for name in getattr(lesson, t)]
    for where, name in places:
        form = name.replace("_", "")
        plain = form.isalnum() and form.islower() and form.isascii() and name[:1].isalpha()
        if not plain:
            yield Problem(f"{where}.{name}", "is not a name here; allowed: a-z, 0-9 and _")
        if name in seen or name in OWN:
            yield Problem(f"{where}.{name}", f"the name {name!r} is taken")
        seen.add(name)


def _texts(lesson: Lesson) -> Iterator[tuple[str, str]]:
    for path in (*BEFORE, *AFTER, "transfer.question", "transfer.hint"):
        owner: object = lesson
        for part in path.split("."):
            owner = getattr(owner, part)
        yield path, str(owner)
    for k, one in enumerate(lesson.decision.option):
        yield f"decision.option.{k}.name", one.name
        yield f"decision.option.{k}.why", one.why


def _text_problems(lesson: Lesson) -> Iterator[Problem]:
    """Find unknown names in texts, and answers shown before they are asked for."""
    known = known_names(lesson)
    for path, text in _texts(lesson):
        open_now = path in BEFORE or path.endswith(".name")
        after = path in AFTER or path.endswith(".why")
        for name in names_in(text):
            if name not in known and not (after and name in OWN):
                near = nearest(name, known)
                yield Problem(
                    path, f"{{{name}}} is not a quantity of this lesson.", suggestion=near
                )
            elif open_now and name not in lesson.given and name not in lesson.told:
                words = (
                    f"{{{name}}} may give an answer away; allowed here: names in [given] or 'told'"
                )
                yield Problem(path, words)
            elif path != "transfer.explain" and name == lesson.transfer.truth:
                yield Problem(path, f"{{{name}}} is the answer of the transfer question")


def _reference_problems(lesson: Lesson) -> Iterator[Problem]:
    """Find undefined names in formulas, changes and the scenario."""
    known = known_names(lesson)
    places = [(f"{t}.{name}", name) for t in TABLES[1:] for name in getattr(lesson, t)]
    for path, name in places:
        try:
            wanted = dependencies(lesson, name)
        except BadInputError as error:
            yield Problem(f"{path}.formula", str(error))
            continue
        for one in wanted:
            if one not in known:
                near = nearest(one, known)
                yield Problem(path, f"{one!r} is not a quantity of this lesson.", suggestion=near)
            elif name in lesson.compute and lesson.unit_of(one) == TEXT:
                yield Problem(path, f"{one!r} is a text; allowed: a number")
    asked = {f"decision.option.{k}.formula": o for k, o in enumerate(lesson.decision.option)}
    asked |= {f"reveal.case.{k}.formula": c for k, c in enumerate(lesson.reveal.case)}  # type: ignore[misc]
    wanted_by = [(path, name) for path, one in asked.items() for name in one.formula.values()]
    wanted_by += [
        (path.replace("formula", "change"), name)
        for path, one in asked.items()
        for name in names_in(str(one.change))
    ]
    for path, name in [*wanted_by, *(("told", name) for name in lesson.told)]:
        if name not in known:
            near = nearest(name, known)
            yield Problem(path, f"{name!r} is not a quantity of this lesson.", suggestion=near)
    for one in names_in(lesson.scenario) if "\n" in lesson.scenario else []:
        if one not in lesson.given:
            yield Problem("scenario", f"{{{one}}} is not given.", suggestion=nearest(one, known))


def _circular_problems(lesson: Lesson) -> Iterator[Problem]:
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> str | None:
        if name in above:
            return " ← ".join((*above[above.index(name) :], name))
        if name in done:
            return None
        found = next(
            (c for n in dependencies(lesson, name) if (c := visit(n, (*above, name)))), None
        )
        done.add(name)
        return found

    for name in known_names(lesson):
        circle = visit(name, ())
        if circle:
            yield Problem("", f"circular reference: {circle}")
            return


def _truth_problems(lesson: Lesson) -> Iterator[Problem]:
    known = known_names(lesson)
    for path, name in questions(lesson).items():
        if name not in known:
            words = f"{name!r} is not a quantity of this lesson; there are {listed(known)}."
            yield Problem(f"{path}.truth", words, suggestion=nearest(name, known))
            continue
        unit = lesson.unit_of(name)
        if unit == TEXT:
            yield Problem(f"{path}.truth", f"{name!r} is a text; allowed: a number")
            continue
        try:
            tolerance(getattr(lesson, path).tolerance, unit)
        except BadInputError as error:
            yield Problem(f"{path}.tolerance", str(error))
        yield from _bound_problems(lesson, path, unit)


def _bound_problems(lesson: Lesson, path: str, unit: str) -> Iterator[Problem]:
    if path == "decision":
        return
    for bound in ("low", "high"):
        value = getattr(getattr(lesson, path), bound)
        try:
            parse_answer("0" if value is None else str(value), unit, bound)
        except BadInputError as error:
            yield Problem(f"{path}.{bound}", str(error).removeprefix(f"{bound}: "))


def _early_answer_problems(lesson: Lesson) -> Iterator[Problem]:
    """Find answers that the lesson shows before."""
    for path, name in questions(lesson).items():
        if name in lesson.told:
            yield Problem("told", f"{name!r} is the answer of the {path}")
        elif name in lesson.given and path != "decision":
            words = f"{name!r} is given, so everybody knows it; allowed: a computed quantity"
            yield Problem(f"{path}.truth", words)
