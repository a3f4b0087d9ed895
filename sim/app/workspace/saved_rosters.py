"""Saved rosters: the roster file with its tables, and who works when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.app.workspace.names import free, slug
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.workspace.folder import Folder
    from sim.planning.roster import Roster

SAVED_ROSTERS = "saved_rosters"
FILE, PLAN = "roster.toml", "plan.json"
MOST_SAVED = 50


@dataclass(frozen=True)
class SavedRoster:
    """A roster saved under a name.

    Attributes
    ----------
    name, note : str
    place : str
        Its folder in the workspace.
    document : dict
        The roster as the command line writes it as JSON.
    """

    name: str
    note: str
    place: str
    document: dict[str, Any]


def saved_rosters(folder: Folder) -> dict[str, SavedRoster]:
    """Return the saved rosters by name, in the order in which they were saved.

    Those whose files are damaged are left out.
    """
    found = []
    for name in folder.folders(SAVED_ROSTERS):
        place = f"{SAVED_ROSTERS}/{name}"
        try:
            head = json.loads(folder.read(f"{place}/{PLAN}"))
            one = SavedRoster(str(head["name"]), str(head["note"]), place, dict(head["roster"]))
        except (BadInputError, ValueError, KeyError, TypeError, RecursionError):
            continue
        found.append((folder.stamp(f"{place}/{PLAN}"), place, one))
    return {one.name: one for _, _, one in sorted(found, key=lambda each: each[:2])}


def save_roster(
    folder: Folder, name: str, note: str, roster: Roster, files: Mapping[str, bytes]
) -> None:
    """Save a roster.

    Parameters
    ----------
    folder : Folder
    name, note : str
    roster : Roster
    files : mapping of str to bytes
        The roster file, as ``roster.toml``, and the tables that it names.

    Raises
    ------
    BadInputError
        When the name is empty or taken, there are too many, or the disk is full.
    """
    known = saved_rosters(folder)
    if not name.strip():
        raise BadInputError("name: is empty; enter a name for the roster")
    if name in known:
        raise BadInputError(f"name: {name!r} is taken; enter another name")
    taken = folder.folders(SAVED_ROSTERS)
    if len(taken) >= MOST_SAVED:
        raise BadInputError(f"rosters: at most {MOST_SAVED} can be saved; remove one first")
    place = f"{SAVED_ROSTERS}/{free(slug(name), taken, '{}-{}')}"
    head = {"name": name, "note": note, "roster": roster.document()}
    try:
        for file, content in files.items():
            folder.write(f"{place}/{file}", content)
        folder.write(f"{place}/{PLAN}", json.dumps(head, indent=1, allow_nan=False))
    except BaseException:
        folder.remove(place)
        raise


def restored_roster(folder: Folder, one: SavedRoster) -> Roster:
    """Return a saved roster, with what it breaks by the rules of its file.

    Raises
    ------
    BadInputError
        When its files are damaged.
    """
    from sim.planning.roster import judge_roster, parse_roster

    try:
        text = folder.read(f"{one.place}/{FILE}").decode("utf-8-sig")
        problem = parse_roster(text, folder.at(one.place), FILE)
        found = one.document
        shifts = {
            (str(row["person"]), int(row["index"])): str(row["shift"])
            for row in found["assignments"]
        }
        judged = judge_roster(problem, shifts)
        return replace(
            judged, bound=found["bound"], proven=bool(found["proven"]),
            seconds=float(found["seconds"]), stopped=str(found["stopped"]),
            notes=tuple(map(str, found["notes"])),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, BadInputError):
            raise
        raise BadInputError(
            f"{one.place}: is damaged; remove it and save the roster anew"
        ) from None
