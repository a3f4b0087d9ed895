"""Changing a scenario's text by dotted path, so that every other line stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from functools import lru_cache
from typing import Any

from sim.scenario.problems import line_of
from sim.toml_text import TomlError, read_toml
from sim.units import BadInputError

_HEADER = re.compile(r"\s*\[")


MOST_EDITED = 100_000
"""Characters of a text that is changed field by field, which takes longer than to read it."""


class EditError(BadInputError):
    """A change that cannot be made in the text; the message says what to do instead."""


def written(text: str, path: str) -> Any:
    """Return what a text says at a dotted path, None where it says nothing.

    Parameters
    ----------
    text : str
        TOML.
    path : str
        Such as ``queue.billing.talk`` or ``group.a.shifts.0.agents``; empty for all of it.
    """
    found: Any = _tables(text)
    for part in _parts(path):
        found = _below(found, part)
        if found is None:
            return None
    return deepcopy(found)


@lru_cache(maxsize=8)
def _tables(text: str) -> dict[str, Any]:
    """Return what a text says, read once: a form asks for each of its fields."""
    return read_toml(text)


def put(text: str, path: str, value: Any) -> str:
    """Return the text with one value set: replaced in place, or added below its table.

    Comments and order stay, and so does every line that does not hold the value. A value that
    stands there already changes nothing, however it is written: ``22.0`` is 22.

    Parameters
    ----------
    text : str
        TOML.
    path : str
        Tables on the way that are missing are made.
    value : str, number, bool, date, list or dict

    Raises
    ------
    EditError
        When the text is not TOML, or the path leads below a value that is not a table.
    """
    wanted = _expected(text, path, value)
    before = written(text, path)
    if before is not None and as_toml(before) == as_toml(value):
        return text
    parts = _parts(path)
    for changed in _ways(text, parts, value):
        if _reads(changed) == wanted:
            return changed
    raise EditError(f"{path}: cannot be changed here; change it in the text")


def drop(text: str, path: str) -> str:
    """Return the text without a key, a table with all below it, or an item of a list.

    Nothing happens when there is none.

    Raises
    ------
    EditError
        When the text is not TOML.
    """
    import tomlkit

    if written(text, path) is None:
        return text
    wanted = _expected(text, path, None)
    document = _document(text)
    *above, last = _parts(path)
    try:
        owner = _walk(document, above)
        del owner[int(last) if isinstance(owner, list) else last]
        changed = tomlkit.dumps(document)
    except (KeyError, TypeError, ValueError, IndexError):
        changed = text
    if _reads(changed) != wanted:
        raise EditError(f"{path}: cannot be removed here; remove it in the text")
    return changed


def as_toml(value: Any) -> str:
    """Return a value as TOML writes it on one line."""
    import tomlkit

    plain = _plain(value)
    if isinstance(plain, dict):
        inner = ", ".join(f"{_key(str(key))} = {as_toml(item)}" for key, item in plain.items())
        return "{ " + inner + " }" if inner else "{}"
    if isinstance(plain, list):
        return "[" + ", ".join(as_toml(item) for item in plain) + "]"
    return str(tomlkit.item(plain).as_string())


def as_words(value: Any) -> str:
    """Return a value as a field of a form shows it: texts bare, all else as TOML."""
    if value is None:
        return ""
    return value if isinstance(value, str) else as_toml(value)


def _parts(path: str) -> list[str]:
    return [part for part in path.split(".") if part]


def _below(owner: Any, part: str) -> Any:
    if isinstance(owner, dict):
        return owner.get(part)
    if isinstance(owner, list) and part.isdigit() and int(part) < len(owner):
        return owner[int(part)]
    return None


def _reads(text: str) -> Any:
    try:
        return read_toml(text)
    except TomlError:
        return None


def _plain(value: Any) -> Any:
    """Return a value with whole numbers written without a point."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _expected(text: str, path: str, value: Any) -> Any:
    """Return the data that the changed text must read as; None removes.

    Raises
    ------
    EditError
        When the text is not TOML or the path leads below a single value.
    """
    if len(text) > MOST_EDITED:
        raise EditError(
            f"{path}: the file has {len(text):,} characters; allowed: {MOST_EDITED:,} to change "
            "single fields, so change it in the text"
        )
    try:
        data = read_toml(text)
    except TomlError as error:
        raise EditError(f"{error}; put the text right first") from None
    *above, last = _parts(path)
    owner: Any = data
    for part in above:
        owner = owner.setdefault(part, {}) if isinstance(owner, dict) else _below(owner, part)
        if not isinstance(owner, dict | list):
            raise EditError(f"{path}: {part} is written in short; change it as a whole")
    _set(owner, last, deepcopy(_plain(value)), path)
    return data


def _set(owner: Any, last: str, value: Any, path: str) -> None:
    if isinstance(owner, dict):
        if value is None:
            owner.pop(last, None)
        else:
            owner[last] = value
        return
    if not last.isdigit() or int(last) > len(owner):
        raise EditError(f"{path}: no item {last!r}; allowed: 0 to {len(owner)}")
    if value is None:
        del owner[int(last)]
    elif int(last) == len(owner):
        owner.append(value)
    else:
        owner[int(last)] = value


def _ways(text: str, parts: list[str], value: Any) -> Iterator[str]:
    """Yield texts in which the value may have been set as wanted, the best way first."""
    with suppress(KeyError, TypeError, ValueError, IndexError, AttributeError):
        yield _replaced(text, parts, value)
    # The nearest table that has a place of its own; what lies below it is written inline.
    for depth in range(len(parts) - 1, 0, -1):
        below: Any = _plain(value)
        for part in reversed(parts[depth + 1 :]):
            below = {part: below}
        if depth >= 2 or not isinstance(below, dict):
            yield from _added(text, parts[:depth], parts[depth], below)
    if isinstance(value, dict):
        body = "".join(f"{_key(k)} = {as_toml(v)}\n" for k, v in value.items())
        yield _ended(text) + f"\n[{_dotted(parts)}]\n{body}"
    yield _ended(text) + f"\n[{_dotted(parts[:-1])}]\n{_key(parts[-1])} = {as_toml(value)}\n"


def _replaced(text: str, parts: list[str], value: Any) -> str:
    import tomlkit

    document = _document(text)
    owner = _walk(document, parts[:-1])
    last, item = parts[-1], tomlkit.value(as_toml(value))
    if isinstance(owner, list) and int(last) == len(owner):
        owner.append(item)
    elif isinstance(owner, list):
        owner[int(last)] = item
    elif last in owner or _is_inline(owner):
        owner[last] = item
    return tomlkit.dumps(document)


def _document(text: str) -> Any:
    """Return a text to be changed; blanks between a date and a bracket, which tomlkit loses, too.

    It reads them as those before a comment, which a table in one line has not.
    """
    import tomlkit

    document = tomlkit.parse(text)
    _keep_blanks(document)
    return document


def _keep_blanks(owner: Any) -> None:
    from tomlkit.items import Date, Whitespace

    values = list(owner.values() if isinstance(owner, dict) else owner)
    for value in values:
        if isinstance(value, dict | list):
            _keep_blanks(value)
    if _is_inline(owner) and values and isinstance(values[-1], Date):
        owner.append(None, Whitespace(values[-1].trivia.comment_ws))


def _is_inline(owner: Any) -> bool:
    from tomlkit.items import InlineTable

    return isinstance(owner, InlineTable)


def _walk(document: Any, parts: list[str]) -> Any:
    owner = document
    for part in parts:
        owner = owner[int(part)] if isinstance(owner, list) else owner[part]
    return owner


def _added(text: str, table: list[str], key: str, value: Any) -> Iterator[str]:
    """Yield texts with a line added below a table, after the last of its own keys."""
    header = line_of(text, ".".join(table))
    lines = text.splitlines(keepends=True)
    if header is None or not _HEADER.match(lines[header - 1]):
        return
    end = next((k for k in range(header, len(lines)) if _is_header(lines, k)), len(lines))
    mark = "\r\n" if lines[header - 1].endswith("\r\n") else "\n"
    last = header
    for k in range(header, end):
        line = lines[k].strip()
        if line and not line.startswith("#"):
            last = k + 1
    for place in range(last, end + 1):
        before = "".join(lines[:place])
        before += "" if before.endswith("\n") else mark
        yield f"{before}{_key(key)} = {as_toml(value)}{mark}{''.join(lines[place:])}"


def _is_header(lines: list[str], k: int) -> bool:
    """Tell whether a line begins a table: it starts with a bracket and is none of a list."""
    return bool(re.match(r"\s*\[{1,2}[^\[\]]+\]{1,2}\s*(#.*)?$", lines[k])) and not re.match(
        r"\s*\[\s*[\d\"'{]", lines[k]
    )


def _ended(text: str) -> str:
    return text if text.endswith("\n") or not text else text + "\n"


def _key(name: str) -> str:
    import tomlkit

    bare = re.fullmatch(r"[A-Za-z0-9_-]+", name)
    return name if bare else str(tomlkit.item(name).as_string())


def _dotted(parts: list[str]) -> str:
    return ".".join(_key(part) for part in parts)
