"""A scenario of one's own: the text of another one, with its tables, under a new name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.resources import scenario_file
from sim.scenario.editing import put
from sim.scenario.files import is_file
from sim.scenario.question_comment import UNASKED, with_question
from sim.scenario.scenario import load
from sim.toml_text import read_toml
from sim.units import BadInputError

STARTER = Path(__file__).parent / "starter" / "starter.toml"
"""What a scenario is made from when none is named."""

_NAME = re.compile(r"\w[\w .-]{0,79}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices."""
_HINTS = (
    "Replace its numbers and tables by yours, take away what you do not have, and see what was",
    "understood with: ccplan check {file}",
)


_EARLIER = re.compile(
    rf"^#\n(?:# Made from .*\n)?# {re.escape(_HINTS[0])}\n"
    + re.escape(f"# {_HINTS[1]}\n").replace(re.escape("{file}"), ".*"),
    re.MULTILINE,
)
"""What an earlier copy said of itself."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The files of a new scenario, not yet written.

    Attributes
    ----------
    file : Path
        The scenario.
    text : str
        TOML.
    tables : mapping of Path to bytes
        The files that the scenario names, beside it.
    """

    file: Path
    text: str
    tables: Mapping[Path, bytes]


def draft(name: str, source: str | None = None, question: str = "", title: str = "") -> Draft:
    """Return a scenario of one's own, made from another one.

    Name and question of the source are not taken over, nor the names of its tables.

    Parameters
    ----------
    name : str
        Of the new file, with or without ``.toml``; may begin with an existing folder.
    source : str, optional
        A shipped scenario by its bare name, or a file; a small commented one unless given.
    question : str
        What the new scenario is to answer; a comment asks for it unless given.
    title : str
        Name of the center; made from the name of the file unless given.

    Returns
    -------
    Draft

    Raises
    ------
    BadInputError
        When the name cannot be that of a file, or the folder does not exist.
    ScenarioError
        When the source cannot be read.
    """
    file = _target(name)
    origin = STARTER if source is None else scenario_file(source)
    scenario = load(origin)
    own = {old: _own_name(old, origin.stem, file.stem) for old in _named(scenario.text)}
    text = scenario.text
    for old, new in own.items():
        text = re.sub(rf"(?<![\w/.-]){re.escape(old)}(?![\w])", new, text)
    text = put(text, "center.name", title.strip() or _words(file.stem))
    made = () if source is None else (f"Made from {_said(source)}, whose numbers are not yours.",)
    hints = (line.format(file=file.name) for line in _HINTS)
    text = _EARLIER.sub("", text)
    text = with_question(text, question.strip() or UNASKED, *made, *hints)
    tables = {file.parent / own[old]: (origin.parent / old).read_bytes() for old in own}
    return Draft(file, text, tables)


def write(new: Draft) -> list[Path]:
    """Write the files of a new scenario, all or none, and return them.

    Parameters
    ----------
    new : Draft

    Raises
    ------
    BadInputError
        When one of them is there already; then none is written.
    ScenarioError
        When the copy cannot be read.
    OSError
        When one cannot be written.
    """
    contents = {new.file: new.text.encode(), **new.tables}
    for path in contents:
        if path.exists() or path.is_symlink():
            raise BadInputError(f"{path}: is there already, and is not overwritten")
    written: list[Path] = []
    try:
        for path, content in contents.items():
            with path.open("xb") as file:
                written.append(path)
                file.write(content)
        load(new.file)  # what cannot be read from its new place is not left there
    except BaseException:
        for path in written:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise
    return written


def _target(name: str) -> Path:
    """Return the path of a new scenario file."""
    path = Path(name.strip())
    stem = path.name.removesuffix(".toml")
    if not _NAME.fullmatch(stem) or stem.endswith((".", " ")) or _RESERVED.fullmatch(stem):
        raise BadInputError(
            f"{name!r} is not a name for a scenario; allowed: letters, digits, _, - and blanks, "
            "such as my_shop"
        )
    if not path.parent.is_dir():
        raise BadInputError(f"{name}: there is no folder {path.parent}")
    return path.with_name(f"{stem}.toml")


def _named(text: str) -> list[str]:
    """Return the files that a scenario names, as it spells them."""
    found: list[str] = []
    below: list[Any] = [read_toml(text)]
    while below:
        value = below.pop()
        if isinstance(value, dict):
            below += value.values()
        elif isinstance(value, list):
            below += value
        elif is_file(value):
            found.append(value.partition(":")[0].strip())
    return sorted(set(found), key=len, reverse=True)  # a name may be the end of a longer one


def _own_name(old: str, before: str, after: str) -> str:
    """Return the name of a copied table: that of its scenario instead of the source's."""
    flat = "_".join(part for part in Path(old).parts if part != "..")
    return after + flat.removeprefix(before) if flat.startswith(before) else f"{after}_{flat}"


def _said(source: str) -> str:
    return source if Path(source).name == source else Path(source).name


def _words(stem: str) -> str:
    words = " ".join(re.split(r"[_\s-]+", stem.strip()))
    return words[:1].upper() + words[1:]
