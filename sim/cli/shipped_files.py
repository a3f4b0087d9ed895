"""Lists and shows the bundled files, and creates a new scenario from one."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from sim.cli.common import detail, note, say
from sim.toml_text import TomlError, decode_toml
from sim.units import BadInputError

HEADS = {
    "scenario": "Scenarios, for ccplan run, compare, staff and new --from",
    "study": "Studies, for ccplan sweep",
    "roster": "Rosters, for ccplan roster",
    "lesson": "Lessons, for ccplan learn",
}
"""What each kind is for."""
PLURAL = {"scenario": "scenarios", "study": "studies", "roster": "rosters", "lesson": "lessons"}


@dataclass(frozen=True, slots=True)
class Shipped:
    """A file that comes with the program."""

    kind: str
    name: str
    question: str
    file: Path


def shipped() -> list[Shipped]:
    """Return every scenario, study, roster and lesson with the question it asks."""
    from sim.resources import shipped_rosters, shipped_scenarios, shipped_studies
    from sim.scenario.question_comment import question_in
    from sim.training.lesson_file import shipped_lessons

    files = {
        "scenario": shipped_scenarios(),
        "study": shipped_studies(),
        "roster": shipped_rosters(),
        "lesson": shipped_lessons(),
    }
    return [
        Shipped(kind, name, question_in(path.read_text(encoding="utf-8")), path)
        for kind, found in files.items()
        for name, path in found.items()
    ]


def list_shipped(as_json: bool) -> None:
    """List what is shipped."""
    from sim.report.text_table import columns

    found = shipped()
    if as_json:
        document = {
            PLURAL[kind]: [
                {"name": one.name, "question": one.question, "file": str(one.file)}
                for one in found
                if one.kind == kind
            ]
            for kind in HEADS
        }
        say(json.dumps(document, indent=1))
        return
    width = max(len(one.name) for one in found)
    parts = []
    for kind, head in HEADS.items():
        rows = [[one.name.ljust(width), one.question] for one in found if one.kind == kind]
        if rows:
            parts.append(head + "\n" + columns([["name".ljust(width), "question"], *rows], left=2))
    say("\n\n".join(parts))
    say("\nThe file behind a name: ccplan show NAME. One of your own: ccplan new NAME --from NAME.")


def show_file(name: str, kind: str | None, as_json: bool) -> None:
    """Show the text of a shipped file, or of another one.

    Parameters
    ----------
    name : str
        Its bare name, or a path.
    kind : str or None
        Where a name is that of a scenario and of a lesson too.
    as_json : bool

    Raises
    ------
    BadInputError
        When there is none of that name and kind.
    """
    if kind is not None and kind not in HEADS:
        raise BadInputError(f"--kind: {kind!r} is unknown; allowed: {', '.join(HEADS)}")
    known = shipped()
    found = [one for one in known if one.name == name and kind in (None, one.kind)]
    chosen = found[0] if found else _on_disk(name, kind, known)
    text = _text(chosen.file)
    if as_json:
        tables = [str(path) for path in _tables(chosen)]
        document = {**asdict(chosen), "file": str(chosen.file), "tables": tables, "text": text}
        say(json.dumps(document, indent=1))
        return
    say(text)
    note(f"{chosen.kind} {chosen.name}: {chosen.file}")
    for path in _tables(chosen):
        note(f"with the table {path}")
    for other in found[1:]:
        note(f"a {other.kind} has this name too: ccplan show {name} --kind {other.kind}")


def _on_disk(name: str, kind: str | None, known: list[Shipped]) -> Shipped:
    from sim.scenario.problems import nearest
    from sim.scenario.question_comment import question_in

    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        text = _text(path)
        return Shipped(kind or _kind_of(text), path.stem, question_in(text), path)
    names = [one.name for one in known if kind in (None, one.kind)]
    hint = nearest(name, names)
    hint = f'; did you mean "{hint}"?' if hint else "; ccplan list shows every name"
    raise BadInputError(f"{name}: nothing of that name is shipped, nor is it a TOML file{hint}")


def _kind_of(text: str) -> str:
    """Return what a file holds, by what only such files have."""
    from sim.toml_text import TomlError, read_toml

    try:
        keys = read_toml(text).keys()
    except TomlError:
        return "scenario"
    if "base" in keys:
        return "study"
    if "roster" in keys:
        return "roster"
    return "lesson" if "prediction" in keys else "scenario"


def _text(file: Path) -> str:
    try:
        return decode_toml(file.read_bytes())
    except TomlError as error:
        raise BadInputError(f"{file}: {error}") from None


def _tables(chosen: Shipped) -> list[Path]:
    """Return the tables of a scenario that can be read."""
    from sim.scenario import load

    if chosen.kind != "scenario":
        return []
    try:
        return list(load(chosen.file).data_files.values())
    except BadInputError:
        return []


def new_scenario(
    name: str, source: str | None, question: str | None, title: str | None, as_json: bool
) -> None:
    """Write a scenario of one's own, with its tables beside it.

    Parameters
    ----------
    name : str
        Of the file.
    source : str or None
        What it is made from.
    question, title : str or None
        Its own; asked for in a terminal.
    as_json : bool
    """
    from sim.scenario.copy_scenario import draft, write

    if question is None and not as_json and sys.stdin.isatty() and sys.stderr.isatty():
        question = _asked("Which question is it to answer? (Enter leaves it open)")
    new = draft(name, source, question or "", title or "")
    written = write(new)
    detail(f"made from {source or 'the small scenario that is shipped for this'}")
    if as_json:
        document = {"scenario": str(written[0]), "tables": [str(path) for path in written[1:]]}
        say(json.dumps(document, indent=1))
        return
    for path in written:
        say(f"wrote {path}")
    say(f"Next: change it, then ccplan check {written[0]} and ccplan run {written[0]}")


def _asked(prompt: str) -> str:
    note(prompt)
    try:
        return input("> ")
    except EOFError:
        return ""
