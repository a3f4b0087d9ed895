"""Renaming a queue or group: its table, and everything that names it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sim.scenario.editing import EditError, _dotted, put, written
from sim.scenario.question_comment import with_question
from sim.scenario.renamed_columns import columns_renamed
from sim.scenario.renamed_paths import renamed_event, renamed_lever
from sim.toml_text import TomlError, read_toml

Content = tuple[str, dict[str, bytes]]
"""Text of a scenario, and the files beside it by name."""
KINDS = ("queue", "group")
_KEY = re.compile(r"(\s*)([^=#\[\s][^=#]*?)(?=\s*=)")
_FOR = re.compile(r"^(\s*for\s+)?(.*?)\s*$", re.IGNORECASE)


def rename(content: Content, kind: str, old: str, new: str) -> Content:
    """Return a scenario in which a queue or group has another name, comments and order as before.

    What names it follows: skills, transfers, retries, repeats, interruptions, targets, events,
    levers, the bot in front of a queue, and columns of CSV files that are titled like it.

    Parameters
    ----------
    content : (str, dict of str to bytes)
        Text, and the files beside it.
    kind : {"queue", "group"}
    old, new : str

    Raises
    ------
    EditError
        When there is no such queue or group, the new name is taken or no name, or the text is
        written in a way in which it cannot be changed here.
    TomlError
        When the text is not TOML.
    """
    text, files = content
    data = read_toml(text)
    _check(data, kind, old, new)
    wanted = renamed(data, kind, old, new)
    text = _lines_renamed(text, data, kind, old, new)
    for path in list(_places(read_toml(text), wanted)):
        text = put(text, path, written_in(wanted, path)) if path else text
    if read_toml(text) != wanted or not _is_same_order(read_toml(text), wanted, kind):
        raise EditError(f"{kind}.{old}: cannot be renamed here; rename it in the text")
    return columns_renamed(text, files, old, new)


def _check(data: Mapping[str, Any], kind: str, old: str, new: str) -> None:
    if kind not in KINDS or old not in data.get(kind, {}):
        raise EditError(f"{kind}.{old}: there is none; allowed: a queue or group of the scenario")
    if not new.strip() or new != new.strip() or "." in new or "=" in new:
        raise EditError(f"{kind}: {new!r} is not a name; allowed: some text without . and =")
    if new in data[kind]:
        raise EditError(f"{kind}: there is a {new!r} already; allowed: another name")


def renamed(data: Any, kind: str, old: str, new: str, own_bot: bool | None = None) -> Any:
    """Return tables of a scenario, or a part of them, with a queue or group renamed.

    Parameters
    ----------
    data : dict
        As the file says it; parts may be missing, as in a change by path.
    kind : {"queue", "group"}
    old, new : str
    own_bot : bool, optional
        Whether the bot that is called like the queue follows it; by its table unless given.
    """
    result = dict(data)
    if isinstance(result.get(kind), dict):
        result[kind] = _with_key(result[kind], old, new)
    if isinstance(result.get("target"), dict):
        result["target"] = {
            name: _target(table, f"{kind}s", old, new) if isinstance(table, dict) else table
            for name, table in result["target"].items()
        }
    if own_bot is None:
        own_bot = kind == "queue" and _is_own(result.get("bot"), old)
    result |= _in_paths(result, kind, old, new, own_bot)
    if kind == "group":
        return _in_patterns(result, old, new)
    result |= {
        family: {
            name: rewrite(table, old, new) if isinstance(table, dict) else table
            for name, table in result[family].items()
        }
        for family, rewrite in _NAMING_QUEUES
        if isinstance(result.get(family), dict)
    }
    bots = result.get("bot")
    if isinstance(bots, dict) and own_bot:
        result["bot"] = _with_key(bots, old, new)
    return result


def _in_paths(data: dict[str, Any], kind: str, old: str, new: str, own_bot: bool) -> dict[str, Any]:
    """Return the events and levers of a scenario, whose paths name the new queue or group."""
    others = ("queue", "group", "issue", *(() if own_bot else ("bot",)))
    shared = any(old in data.get(other, {}) for other in others if other != kind)

    def rename(changes: Mapping[str, Any]) -> dict[str, Any]:
        return renamed_step(changes, kind, old, new, own_bot)

    found: dict[str, Any] = {}
    for family in ("event", "lever"):
        if not isinstance(data.get(family), dict):
            continue
        found[family] = {
            name: table
            if not isinstance(table, dict)
            else renamed_event(table, rename)
            if family == "event"
            else renamed_lever(table, kind, old, new, shared, rename)
            for name, table in data[family].items()
        }
    return found


def _in_patterns(data: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """Return tables in which the groups of shift patterns are renamed."""
    patterns = data.get("pattern")
    if not isinstance(patterns, dict):
        return data
    found = dict(patterns)
    for name, table in patterns.items():
        groups = table.get("groups") if isinstance(table, dict) else None
        if isinstance(groups, str):
            found[name] = table | {"groups": new if groups == old else groups}
        elif isinstance(groups, list):
            found[name] = table | {"groups": [new if one == old else one for one in groups]}
    return data | {"pattern": found}


def bot_follows(text: str, queue: str) -> bool:
    """Tell whether a bot that is called like a queue is renamed with it.

    One whose table names a queue keeps its own name; one that the text lacks is renamed.
    """
    bots = written(text, "bot")
    return not (isinstance(bots, dict) and bots.get(queue)) or _is_own(bots, queue)


def _is_own(bots: Any, queue: str) -> bool:
    """Tell whether there is a bot that is in front of a queue by its name."""
    found = bots.get(queue) if isinstance(bots, dict) else None
    return isinstance(found, dict) and "queue" not in found


def renamed_step(
    step: Mapping[str, Any], kind: str, old: str, new: str, own_bot: bool = True
) -> dict[str, Any]:
    """Return changes by path, such as those of a variant, with a queue or group renamed.

    Parameters
    ----------
    step : dict
    kind : {"queue", "group"}
    old, new : str
    own_bot : bool
        As :func:`bot_follows` tells it of the scenario before.
    """
    result = {}
    for path, value in step.items():
        parts = path.split(".")
        nested: Any = value
        for part in reversed(parts):
            nested = {part: nested}
        nested = renamed(nested, kind, old, new, own_bot)
        found = []
        for _ in parts:
            ((part, nested),) = nested.items()
            found.append(part)
        result[".".join(found)] = nested
    return result


def _with_key(table: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    return {new if key == old else key: value for key, value in table.items()}


def _queue(table: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    result = dict(table)
    if isinstance(result.get("transfer"), dict):
        result["transfer"] = _with_key(result["transfer"], old, new)
    for key in ("retry", "repeat"):
        if isinstance(result.get(key), dict) and result[key].get("by") == old:
            result[key] = result[key] | {"by": new}
    return result


def _group(table: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    result = dict(table)
    if isinstance(result.get("skills"), dict):
        result["skills"] = _with_key(result["skills"], old, new)
    if isinstance(result.get("interrupts"), dict):
        found = _with_key(result["interrupts"], old, new)
        result["interrupts"] = {key: _words(words, old, new) for key, words in found.items()}
    return result


def _bot(table: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    return table | {"queue": new} if table.get("queue") == old else table


def _target(table: dict[str, Any], key: str, old: str, new: str) -> dict[str, Any]:
    """Return a target whose list of queues or groups names the new one."""
    names = table.get(key)
    if isinstance(names, list):
        return table | {key: [new if name == old else name for name in names]}
    return table | {key: new} if names == old else table


def _shares(table: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """Return an issue or a segment whose shares or outbound calls name the new queue."""
    calls = table.get("outbound")
    if isinstance(calls, dict) and calls.get("queue") == old:
        table = table | {"outbound": calls | {"queue": new}}
    return table | {
        key: _with_key(table[key], old, new)
        for key in ("queues", "first")
        if isinstance(table.get(key), dict)
    }


_NAMING_QUEUES = (
    ("queue", _queue), ("group", _group), ("bot", _bot), ("issue", _shares), ("segment", _shares),
)  # fmt: skip


def _words(words: Any, old: str, new: str) -> Any:
    """Return the queues that interrupt: ``"chat"``, ``"for chat"`` or a list of them."""
    if isinstance(words, list):
        return [_words(word, old, new) for word in words]
    match = _FOR.match(words) if isinstance(words, str) else None
    return f"{match[1] or ''}{new}" if match and match[2] == old else words


def _lines_renamed(text: str, data: Mapping[str, Any], kind: str, old: str, new: str) -> str:
    """Return the text with headers and keys that name it changed, such as [queue.billing]."""
    own_bot = kind == "queue" and _is_own(data.get("bot"), old)
    lines, section = [], list[str]()
    for line in text.splitlines(keepends=True):
        header = _header(line)
        section = header or section
        own = header or _key_parts(line)
        parts = header or [*section, *own]
        wanted = [
            new if part == old and _names_it(parts, k, kind, own_bot) else part
            for k, part in enumerate(parts)
        ][len(parts) - len(own) :]
        if wanted != own:
            line = _header_line(line, wanted) if header else _key_line(line, wanted)
        lines.append(line)
    return "".join(lines)


def _key_parts(line: str) -> list[str]:
    """Return the parts of the key that a line sets, such as skills and calls; else none."""
    match = _KEY.match(line)
    if match is None:
        return []
    try:
        found: Any = read_toml(f"{match[2]} = 0")
    except TomlError:
        return []
    parts = []
    while isinstance(found, dict):
        ((part, found),) = found.items()
        parts.append(part)
    return parts


def _key_line(line: str, parts: list[str]) -> str:
    return _KEY.sub(lambda match: f"{match[1]}{_dotted(parts)}", line, count=1)


def _header(line: str) -> list[str]:
    """Return the parts of a header, such as queue and billing; none for other lines."""
    match = re.match(r"\s*\[{1,2}[^\[].*", line)
    if match is None:
        return []
    try:
        found: Any = read_toml(line)
    except TomlError:
        return []
    parts = []
    while found:
        found = found[0] if isinstance(found, list) else found
        if not found:
            break
        ((part, found),) = found.items()
        parts.append(part)
    return parts


def _names_it(parts: list[str], k: int, kind: str, own_bot: bool) -> bool:
    """Tell whether a part of a header is the name of the queue or group."""
    if k == 1:
        return parts[0] == kind or (parts[0] == "bot" and own_bot)
    if k != 3 or kind != "queue":
        return False
    return (parts[0], parts[2]) in {
        ("queue", "transfer"), ("group", "skills"), ("group", "interrupts"),
        ("issue", "queues"), ("issue", "first"), ("segment", "first"),
    }  # fmt: skip


def _header_line(line: str, parts: list[str]) -> str:
    names = _dotted(parts)
    brackets = len(line.lstrip()) - len(line.lstrip().lstrip("["))
    end = line[line.rindex("]") + 1 :] if "#" not in line else line[_closing(line) :]
    return f"{'[' * brackets}{names}{']' * brackets}{end}"


def _closing(line: str) -> int:
    """Return where a header with a comment after it ends."""
    for at in (k + 1 for k, sign in enumerate(line) if sign == "]"):
        rest = line[at:].strip()
        if (not rest or rest.startswith("#")) and _header(line[:at]):
            return at
    return len(line)


def _places(now: Any, wanted: Any, path: str = "") -> Iterator[str]:
    """Yield the fields that are still to be changed, the smallest ones."""
    if isinstance(now, dict) and isinstance(wanted, dict) and list(now) == list(wanted):
        for key, value in wanted.items():
            yield from _places(now[key], value, f"{path}.{key}" if path else key)
    elif now != wanted or isinstance(now, dict):
        yield path


def written_in(data: Any, path: str) -> Any:
    """Return the value at a dotted path of tables."""
    for part in path.split("."):
        data = data[part]
    return data


def _is_same_order(now: Any, wanted: Any, kind: str) -> bool:
    return list(now.get(kind, {})) == list(wanted.get(kind, {}))


def renamed_center(text: str, name: str, question: str) -> str:
    """Return the text with another name of the center, and another question as first comment.

    Parameters
    ----------
    text : str
    name : str
    question : str
        None is written if empty.

    Raises
    ------
    EditError
        When the name is empty, or the text is not TOML.
    """
    if not name.strip():
        raise EditError("center.name: is empty; give it a name")
    if written(text, "center.name") != name.strip():
        text = put(text, "center.name", name.strip())
    return with_question(text, question)
