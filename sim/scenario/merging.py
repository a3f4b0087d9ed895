"""Two changes of one scenario text made apart: put together by field, or told as conflicts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.scenario.editing import EditError, drop, put

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
        before, own, other = (_leaves(tomllib.loads(text)) for text in (base, mine, theirs))
    except tomllib.TOMLDecodeError:
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

    Tables of text are put together line by line, and within a line cell by cell.
    """
    files, conflicts = dict(theirs), []
    for name in {**base, **mine}:
        before, own, other = (some.get(name) for some in (base, mine, theirs))
        if own in (before, other):
            continue
        found = own if other == before else _by_line(before, own, other)
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


def _by_line(before: bytes | None, own: bytes | None, other: bytes | None) -> bytes | None:
    if before is None or own is None or other is None:
        return None
    lines = [content.splitlines(keepends=True) for content in (before, own, other)]
    if len({len(some) for some in lines}) != 1:
        return None
    found = [_one_of(*three) or _by_cell(*three) for three in zip(*lines, strict=True)]
    return None if None in found else b"".join(line for line in found if line is not None)


def _one_of(before: bytes, own: bytes, other: bytes) -> bytes | None:
    return own if other in (before, own) else other if own == before else None


def _by_cell(before: bytes, own: bytes, other: bytes) -> bytes | None:
    mark = max((b",", b";", b"\t"), key=before.count)
    cells = [line.split(mark) for line in (before, own, other)]
    if len({len(some) for some in cells}) != 1:
        return None
    found = []
    for three in zip(*cells, strict=True):
        if _one_of(*three) is None:
            return None
        found.append(_one_of(*three) or b"")
    return mark.join(found)


def changed_paths(one: str, other: str) -> list[str]:
    """Return the fields in which two texts differ; none when a text cannot be read."""
    try:
        first, second = (_leaves(tomllib.loads(text)) for text in (one, other))
    except tomllib.TOMLDecodeError:
        return []
    return [p for p in {**first, **second} if first.get(p) != second.get(p)]
