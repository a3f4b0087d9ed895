"""What cannot be seen in one field of a lesson alone: names, circles, answers given away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.scenario import ScenarioError
from sim.scenario.problems import Problem, listed, nearest
from sim.training.amounts import TEXT, names_in, tolerance
from sim.training.sums import names_of
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.training.lesson import Lesson

OWN = ("prediction", "decision")
"""Names that stand for what the learner answered; known in the debrief."""
BEFORE = ("text", "prediction.question", "prediction.hint", "decision.question")
AFTER = ("debrief.changed", "debrief.law", "debrief.monday", "transfer.explain", "decision.why")


def problems_of(lesson: Lesson, lived: bool = False) -> list[Problem]:
    """Return everything that is wrong with a lesson whose fields can be read.

    Parameters
    ----------
    lesson : Lesson
    lived : bool
        Ask what needs the scenario: paths and figures.
    """
    if lived:
        return [*_of_figures(lesson), *_of_paths(lesson)]
    found = [*_of_names(lesson), *_of_texts(lesson), *_of_references(lesson)]
    return found or [*_of_circles(lesson), *_of_truths(lesson)]


def known_names(lesson: Lesson) -> list[str]:
    """Return the names of all amounts."""
    return [*lesson.given, *lesson.formula, *lesson.simulate, *lesson.compute]


def needs(lesson: Lesson, name: str) -> list[str]:
    """Return the amounts that another one is made of."""
    if name in lesson.formula:
        fields = lesson.formula[name].model_dump().values()
        return [n for value in fields if isinstance(value, str) for n in names_in(value)]
    if name in lesson.simulate:
        return names_in(str(lesson.simulate[name].change))
    if name in lesson.compute:
        return names_of(lesson.compute[name].formula)
    return []


def _of_names(lesson: Lesson) -> Iterator[Problem]:
    seen: set[str] = set()
    for name in known_names(lesson):
        form = name.replace("_", "")
        plain = form.isalnum() and form.islower() and form.isascii() and name[:1].isalpha()
        where = next(
            t for t in ("given", "formula", "simulate", "compute") if name in getattr(lesson, t)
        )
        if not plain:
            yield Problem(f"{where}.{name}", "is no name here; allowed: a-z, 0-9 and _")
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


def _of_texts(lesson: Lesson) -> Iterator[Problem]:
    """Find unknown names in texts, and answers that are told before they are asked for."""
    known = known_names(lesson)
    for path, text in _texts(lesson):
        open_now = path in BEFORE or path.endswith(".name")
        after = path in AFTER or path.endswith(".why")
        for name in names_in(text):
            if name not in known and not (after and name in OWN):
                near = nearest(name, known)
                yield Problem(path, f"{{{name}}} is no amount of this lesson.", suggestion=near)
            elif open_now and name not in lesson.given and name not in lesson.told:
                words = f"{{{name}}} may give an answer away; allowed here: what is given or told"
                yield Problem(path, words)
            elif not after and name == lesson.transfer.truth:
                yield Problem(path, f"{{{name}}} is the answer of the transfer question")


def _of_references(lesson: Lesson) -> Iterator[Problem]:
    """Find names that formulas, changes and the scenario use and nobody gives."""
    known = known_names(lesson)
    tables = ("formula", "simulate", "compute")
    places = [(f"{t}.{name}", name) for t in tables for name in getattr(lesson, t)]
    for path, name in places:
        try:
            wanted = needs(lesson, name)
        except BadInputError as error:
            yield Problem(f"{path}.formula", str(error))
            continue
        for one in wanted:
            if one not in known:
                near = nearest(one, known)
                yield Problem(path, f"{one!r} is no amount of this lesson.", suggestion=near)
            elif name in lesson.compute and lesson.unit_of(one) == TEXT:
                yield Problem(path, f"{one!r} is a text, which nothing can be worked out of")
    asked = {f"decision.option.{k}.formula": o for k, o in enumerate(lesson.decision.option)}
    asked |= {f"reveal.case.{k}.formula": c for k, c in enumerate(lesson.reveal.case)}  # type: ignore[misc]
    wanted_by = [(path, name) for path, one in asked.items() for name in one.formula.values()]
    for path, name in [*wanted_by, *(("told", name) for name in lesson.told)]:
        if name not in known:
            near = nearest(name, known)
            yield Problem(path, f"{name!r} is no amount of this lesson.", suggestion=near)
    for one in names_in(lesson.scenario) if "\n" in lesson.scenario else []:
        if one not in lesson.given:
            yield Problem("scenario", f"{{{one}}} is not given", suggestion=nearest(one, known))


def _of_circles(lesson: Lesson) -> Iterator[Problem]:
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> str | None:
        if name in above:
            return " ← ".join((*above[above.index(name) :], name))
        if name in done:
            return None
        found = next((c for n in needs(lesson, name) if (c := visit(n, (*above, name)))), None)
        done.add(name)
        return found

    for name in known_names(lesson):
        circle = visit(name, ())
        if circle:
            yield Problem("", f"amounts hang on themselves: {circle}")
            return


def _of_truths(lesson: Lesson) -> Iterator[Problem]:
    known = known_names(lesson)
    asked = {"prediction": lesson.prediction, "transfer": lesson.transfer}
    if lesson.decision.truth is not None:
        asked["decision"] = lesson.decision  # type: ignore[assignment]
    for path, question in asked.items():
        name = str(question.truth)
        if name not in known:
            words = f"{name!r} is no amount of this lesson; there are {listed(known)}."
            yield Problem(f"{path}.truth", words, suggestion=nearest(name, known))
            continue
        unit = lesson.unit_of(name)
        if unit == TEXT:
            yield Problem(f"{path}.truth", f"{name!r} is a text; allowed: a number")
            continue
        try:
            tolerance(question.tolerance, unit)
        except BadInputError as error:
            yield Problem(f"{path}.tolerance", str(error))


def _of_figures(lesson: Lesson) -> Iterator[Problem]:
    from sim.metrics import which
    from sim.model import build

    model = build(lesson.center)
    asked = {f"simulate.{n}.figure": one.figure for n, one in lesson.simulate.items()}
    asked |= {f"reveal.figures.{k}": name for k, name in enumerate(lesson.reveal.figures)}
    for path, figure in asked.items():
        try:
            which(model, figure)
        except BadInputError as error:
            yield Problem(path, str(error))


def _of_paths(lesson: Lesson) -> Iterator[Problem]:
    """Try every change on the scenario."""
    decision, reveal = lesson.decision, lesson.reveal
    tried = [(f"decision.option.{k}.change", one.change) for k, one in enumerate(decision.option)]
    tried += [(f"reveal.case.{k}.change", one.change) for k, one in enumerate(reveal.case)]
    tried += [("decision.path", dict.fromkeys(decision.path, decision.low))]
    tried += [("reveal.path", dict.fromkeys(reveal.path, value)) for value in reveal.values[:1]]
    tried += [
        (f"simulate.{name}.change", one.change)
        for name, one in lesson.simulate.items()
        if not names_in(str(one.change))
    ]
    for path, change in tried:
        if names_in(str(change)):
            continue
        try:
            lesson.center.with_(**change)
        except ScenarioError as error:
            for one in error.problems:
                yield Problem(path, f"{one.path}: {one.message}", suggestion=one.suggestion)
