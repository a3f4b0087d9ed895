"""Earlier versions of the user's scenarios, kept in files across reloads."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.workspace.folder import Folder

MOST = 50
"""Versions of a scenario that are kept; the oldest goes first."""
HISTORY = "history"
Content = tuple[str, dict[str, bytes]]
"""Text of a scenario, and the files beside it by name."""


@dataclass(frozen=True)
class Version:
    """A scenario as it was until it was changed.

    Attributes
    ----------
    number : int
        Grows with every version.
    until : str
        Instant at which it was changed, in UTC.
    text : str
    files : dict of str to str
        Where the content of each file beside it stands.
    """

    number: int
    until: str
    text: str
    files: dict[str, str] = field(default_factory=dict)


def versions(folder: Folder, place: str) -> list[Version]:
    """Return the earlier versions of the scenario in a folder, the latest first."""
    found = []
    for name in folder.files(f"{place}/{HISTORY}", ".json"):
        try:
            head = json.loads(folder.read(f"{place}/{HISTORY}/{name}"))
            number, until, text, files = (head[k] for k in ("number", "until", "text", "files"))
            found.append(Version(int(number), str(until), str(text), dict(files)))
        except (BadInputError, ValueError, TypeError, KeyError):
            continue  # a damaged version is left where it is
    return sorted(found, key=lambda one: -one.number)


def content_of(folder: Folder, place: str, version: Version) -> Content:
    """Return text and files of a version.

    Raises
    ------
    BadInputError
        When a file of it cannot be read.
    """
    where = f"{place}/{HISTORY}"
    return version.text, {name: folder.read(f"{where}/{f}") for name, f in version.files.items()}


def add_version(folder: Folder, place: str, content: Content) -> None:
    """Keep what a scenario was, unless the latest version says the same."""
    text, files = content
    known = versions(folder, place)
    named = {name: _blob(name, one) for name, one in files.items()}
    if known and (known[0].text, known[0].files) == (text, named):
        return
    for name, one in files.items():
        if not folder.stamp(f"{place}/{HISTORY}/{named[name]}"):
            folder.write(f"{place}/{HISTORY}/{named[name]}", one)
    number = known[0].number + 1 if known else 1
    until = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    head = {"number": number, "until": until, "text": text, "files": named}
    folder.write(f"{place}/{HISTORY}/{number:06d}.json", json.dumps(head, ensure_ascii=False))
    _forget_old(folder, place)


def _blob(name: str, content: bytes) -> str:
    """Return the name of a file by its content, so that versions share what they have alike."""
    mark = hashlib.sha256(content).hexdigest()[:24]
    return f"files/{mark}{PurePosixPath(name).suffix.lower()}"


def _forget_old(folder: Folder, place: str) -> None:
    where = f"{place}/{HISTORY}"
    known = versions(folder, place)
    for one in known[MOST:]:
        folder.remove(f"{where}/{one.number:06d}.json")
    used = {file for one in known[:MOST] for file in one.files.values()}
    for suffix in {PurePosixPath(name).suffix for one in known for name in one.files.values()}:
        for name in folder.files(f"{where}/files", suffix):
            if f"files/{name}" not in used:
                folder.remove(f"{where}/files/{name}")
