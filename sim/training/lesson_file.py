"""Reading lessons, shipped or from a file."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from sim.scenario import Scenario, ScenarioError, load
from sim.scenario.problems import Problem, line_of, nearest, placed
from sim.scenario.validation_errors import explain
from sim.toml_text import TomlError, decode_toml, read_toml
from sim.training.check import problems_of
from sim.training.check_scenario import scenario_problems
from sim.training.lesson import Lesson
from sim.training.quantity import fill_in

FOLDER = Path(__file__).resolve().parent / "lessons"
"""The lessons that come with the planner."""
LARGEST = 256 * 1024
"""Bytes of a lesson file that is read."""


def shipped_lessons() -> dict[str, Path]:
    """Return the files of the lessons that come with the planner, in their order."""
    files = sorted(FOLDER.glob("*.toml"), key=lambda file: int(file.stem.partition("_")[0]))
    return {file.stem.partition("_")[2]: file for file in files}


def load_lesson(source: str | Path) -> Lesson:
    """Read a lesson.

    Parameters
    ----------
    source : str or Path
        A file, the name of a shipped lesson, or its number.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    file = _file(source)
    try:
        if file.stat().st_size > LARGEST:
            limit = f"is larger than {LARGEST // 1024} KB"
            raise ScenarioError([Problem("", limit, file=str(source))])
        text = decode_toml(file.read_bytes())
    except FileNotFoundError:
        raise ScenarioError([_missing(str(source))]) from None
    except (OSError, TomlError) as error:
        raise ScenarioError([Problem("", f"cannot be read: {error}", file=str(source))]) from None
    shipped = shipped_lessons()
    name = next((key for key, path in shipped.items() if path == file), file.stem)
    return parse_lesson(text, name, file.parent, file=str(source), tried=file.parent != FOLDER)


def parse_lesson(
    text: str,
    name: str = "lesson",
    folder: str | Path | None = None,
    file: str = "lesson.toml",
    tried: bool = True,
) -> Lesson:
    """Read a lesson from the text of its file.

    Parameters
    ----------
    text : str
    name : str
        What it is called where progress is kept.
    folder : str or Path, optional
        Where a scenario file is looked for; none is read unless source.
    file : str
        Name of the file in messages.
    tried : bool
        Compute every quantity and try every change, which takes a moment; shipped lessons are
        known to be valid.

    Raises
    ------
    ScenarioError
        With every problem found, each with file, line, field and what is allowed.
    """
    try:
        data = read_toml(text)
    except TomlError as error:
        raise ScenarioError([Problem("", str(error), file=file, line=error.line)]) from None
    try:
        lesson = Lesson.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(placed(explain(error, Lesson), text, file)) from None
    lesson._name, lesson._text = name, text
    problems = problems_of(lesson)
    if problems:
        raise ScenarioError(placed(problems, text, file))
    lesson._center = _center(lesson, folder, file)
    problems = scenario_problems(lesson) if tried else []
    if problems:
        raise ScenarioError(placed(problems, text, file))
    return lesson


def _file(source: str | Path) -> Path:
    """Return the file that a path, a name or a number of a shipped lesson means."""
    path, shipped = Path(source), shipped_lessons()
    if path.is_file() or path.name != str(source):
        return path
    if path.name in shipped:
        return shipped[path.name]
    numbers = {str(int(file.stem.partition("_")[0])): file for file in shipped.values()}
    return numbers.get(path.name, path)


def _missing(source: str) -> Problem:
    known = shipped_lessons()
    message = f"there is no such lesson; shipped lessons are {', '.join(known) or 'none'}."
    return Problem("", message, suggestion=nearest(source, known), file=source)


def _center(lesson: Lesson, folder: str | Path | None, file: str) -> Scenario:
    """Return the scenario of a lesson: its own text, a file in its folder, or a shipped one."""
    written = lesson.scenario
    if "\n" in written:
        text = fill_in(written, lesson.given, raw=True)
        return _inner(text, folder, file, lesson._text)
    path = None if folder is None else Path(folder) / written
    if path is not None and path.suffix == ".toml" and path.is_file():
        if not path.resolve().is_relative_to(Path(folder or ".").resolve()):
            raise ScenarioError([Problem("scenario", "leaves the lesson's folder", file=file)])
        return load(path)
    from sim.resources import shipped_scenarios

    known = shipped_scenarios()
    if written not in known:
        words = (
            f"{written!r} is not a scenario; "
            "allowed: a shipped name, a file in its folder, or its text."
        )
        raise ScenarioError(
            placed(
                [Problem("scenario", words, suggestion=nearest(written, known))], lesson._text, file
            )
        )
    return load(written)


def _inner(text: str, folder: str | Path | None, file: str, whole: str) -> Scenario:
    """Read a scenario that stands in a lesson; problems name the line of the lesson."""
    try:
        return Scenario.parse(text, folder, name=file)
    except ScenarioError as error:
        before = (line_of(whole, "scenario") or 1) - 1
        # TOML leaves the line break after the opening quotes out.
        before += 1 if re.search(r"^scenario\s*=\s*('''|\"\"\")\n", whole, re.M) else 0
        raise ScenarioError(
            [
                replace(p, path=f"scenario, {p.path}" if p.path else "scenario",
                        line=before + p.line if p.line and p.file == file else p.line)
                for p in error.problems
            ]
        ) from None  # fmt: skip
