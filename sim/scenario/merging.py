"""Two independent changes of one scenario text: merged by field, or reported as conflicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.fileio.row_merge import merged_rows
from sim.scenario.editing import EditError, drop, put
from sim.toml_text import TomlError, read_toml

Leaves = dict[str, Any]


@dataclass(frozen=True)
class Conflict:
    """A field, or a file beside the scenario, that was changed twice.

    Attributes
    ----------
    path : str
        Of the field, or name of the file; empty for the text as a whole.
    mine, theirs : object
        Values; None where the field was removed.
    is_file : bool
    """

    path: str
    mine: Any
    theirs: Any
    is_file: bool = False


def merged(base: str, mine: str, theirs: str) -> tuple[str, list[Conflict]]:
    """Return a text with both changes, and what was changed in both in different ways.

    Parameters
    ----------
    base : str
        TOML that both began with.
    mine, theirs : str
        What was made of it. Where both changed a field, ``theirs`` stays until one is chosen.
    """
    if mine in (theirs, base):
        return theirs, []
    if theirs == base:
        return mine, []
    try:
        before, own, other = (_leaves(read_toml(text)) for text in (base, mine, theirs))
    except TomlError:
        return theirs, [Conflict("", mine, theirs)]
    text, conflicts = theirs, []
    changed = [p for p in {**before, **own} if before.get(p) != own.get(p)]
    for path in sorted(changed, key=lambda one: one in own):  # what was removed goes first
        if other.get(path) == own.get(path):
            continue
        if other.get(path) != before.get(path) or _is_gone(path, before, other):
            conflicts.append(Conflict(path, own.get(path), other.get(path)))
            continue
        try:
            text = put(text, path, own[path]) if path in own else drop(text, path)
        except EditError:
            conflicts.append(Conflict(path, own.get(path), other.get(path)))
    return text, conflicts


def merged_files(
    base: Mapping[str, bytes], mine: Mapping[str, bytes], theirs: Mapping[str, bytes]
) -> tuple[dict[str, bytes], list[Conflict]]:
    """Return the files beside a scenario with both changes, and those changed in both.

    Tables of text are put together row by row, and within a row cell by cell.
    """
    files, conflicts = dict(theirs), []
    for name in {**base, **mine}:
        before, own, other = (some.get(name) for some in (base, mine, theirs))
        if own in (before, other):
            continue
        found = own if other == before else _by_row(before, own, other)
        if found is not None:
            files[name] = found
        elif other == before:
            files.pop(name, None)
        else:
            conflicts.append(Conflict(name, own, other, is_file=True))
    return files, conflicts


def _leaves(table: Mapping[str, Any], prefix: str = "") -> Leaves:
    """Return values by dotted path; a table whose keys hold dots is a value as a whole."""
    found: Leaves = {}
    for key, value in table.items():
        path = f"{prefix}{key}"
        plain = isinstance(value, dict) and value and not any("." in one for one in value)
        found |= _leaves(value, f"{path}.") if plain else {path: value}
    return found


def _is_gone(path: str, before: Leaves, other: Leaves) -> bool:
    """Tell whether the table that holds a field was removed meanwhile."""
    table = path.rpartition(".")[0] + "."
    return any(p.startswith(table) for p in before) and not any(p.startswith(table) for p in other)


def _by_row(before: bytes | None, own: bytes | None, other: bytes | None) -> bytes | None:
    if before is None or own is None or other is None:
        return None
    return merged_rows(before, own, other)


def changed_paths(one: str, other: str) -> list[str]:
    """Return the fields in which two texts differ; none when a text cannot be read."""
    try:
        first, second = (_leaves(read_toml(text)) for text in (one, other))
    except TomlError:
        return []
    return [p for p in {**first, **second} if first.get(p) != second.get(p)]
