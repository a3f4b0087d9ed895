"""Rosters to plan: shipped ones, and uploaded ones that are stored in the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from sim.app.uploads import SUFFIXES, Upload, UploadError, bare_name, guard_file
from sim.app.workspace import workspace
from sim.app.workspace.names import free, slug
from sim.toml_text import TomlError, read_toml
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.planning.roster import RosterProblem

FOLDER, FILE, MINE = "rosters", "roster.toml", "mine/"
KINDS = (*SUFFIXES, ".json")
MOST_FILES, MOST_ROSTERS = 6, 50


def roster_names() -> list[str]:
    """Return the names of all rosters: those of the user, then the shipped ones."""
    from sim.resources import shipped_rosters

    own = workspace().folder.folders(FOLDER)
    return [*(MINE + name for name in own), *shipped_rosters()]


def add_roster(files: Sequence[Upload]) -> str:
    """Store an uploaded roster with its tables, and return its name.

    Raises
    ------
    BadInputError
        When a file is not accepted, or the roster is not valid; nothing is stored then.
    """
    contents = {bare_name(one.name): one.getvalue() for one in files}
    if len(contents) > MOST_FILES or len(contents) < len(files):
        raise UploadError(f"files: allowed: at most {MOST_FILES}, each with a name of its own")
    for name, content in contents.items():
        guard_file(name, content, KINDS)
    tomls = [name for name in contents if name.lower().endswith(".toml")]
    if len(tomls) != 1:
        raise UploadError(
            f"files: {len(tomls)} rosters (.toml) given; allowed: exactly one, with the table of "
            "persons and the plan of shifts it names"
        )
    folder = workspace().folder
    known = folder.folders(FOLDER)
    if len(known) >= MOST_ROSTERS:
        raise BadInputError(f"rosters: at most {MOST_ROSTERS} can be stored; remove one first")
    name = free(slug(PurePath(tomls[0]).stem), known, "{}-{}")
    contents[FILE] = contents.pop(tomls[0])
    for file, content in contents.items():
        folder.write(f"{FOLDER}/{name}/{file}", content)
    try:
        read_problem(MINE + name)
    except BadInputError:
        folder.remove(f"{FOLDER}/{name}")
        raise
    return MINE + name


def source_files(name: str) -> dict[str, bytes]:
    """Return the roster file, as ``roster.toml``, and the tables that it names."""
    from sim.resources import shipped_rosters

    if not name.startswith(MINE):
        return {FILE: shipped_rosters()[name].read_bytes()}
    folder, place = workspace().folder, f"{FOLDER}/{name.removeprefix(MINE)}"
    files = [file for suffix in dict.fromkeys(KINDS) for file in folder.files(place, suffix)]
    return {file: folder.read(f"{place}/{file}") for file in files}


def remove_roster(name: str) -> None:
    """Remove a roster of the user."""
    workspace().folder.remove(f"{FOLDER}/{name.removeprefix(MINE)}")


def read_problem(name: str) -> RosterProblem:
    """Return a roster to plan.

    Raises
    ------
    BadInputError
        With file, line or row, and what is allowed.
    """
    from sim.planning.roster import parse_roster, read_roster

    if not name.startswith(MINE):
        return read_roster(name)
    folder = workspace().folder
    place = f"{FOLDER}/{name.removeprefix(MINE)}"
    try:
        text = folder.read(f"{place}/{FILE}").decode("utf-8-sig")
        _refuse_other_places(read_toml(text))
    except UnicodeDecodeError:
        raise BadInputError(f"{FILE}: must be UTF-8 text") from None
    except TomlError as error:
        raise BadInputError(f"{FILE}: {error}") from None
    return parse_roster(text, folder.at(place), FILE)


def _refuse_other_places(data: dict[str, Any]) -> None:
    """Refuse files outside the folder of an uploaded roster.

    Raises
    ------
    BadInputError
        With the field.
    """
    shifts = data.get("shifts")
    named = {
        "persons": data.get("persons"),
        "shifts.plan": shifts.get("plan") if isinstance(shifts, dict) else None,
    }
    for field, value in named.items():
        if isinstance(value, str) and Path(value).name != value:
            raise BadInputError(f"{field}: {value!r}; allowed: the name of an uploaded file")
