"""Rewrites a change after a queue or group it refers to was renamed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sim.app.workspace.scenario_files import change_text
from sim.scenario.problems import all_of
from sim.scenario.renaming import renamed_step
from sim.scenario.what_if import Edit

_AGENTS = re.compile(r"[+-]\d+ agents? in ")
_NAMELESS = ("Required agents by ",)
"""How sentences begin that name no group, whatever their changes are."""


def renamed_edit(edit: Edit, family: str, old: str, new: str, own_bot: bool = True) -> Edit:
    """Return a change of a scenario in which a queue or group has another name.

    The sentence is made again from the renamed change where it begins as one of the planner's own
    sentences does. A sentence that names the old one in any other way gives way to the change by
    path.

    Parameters
    ----------
    edit : Edit
    family : {"queue", "group"}
    old, new : str
    own_bot : bool
        Whether the bot that is called like a queue follows it.
    """
    changes = renamed_step(edit.changes, family, old, new, own_bot)
    named = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)")
    if changes == edit.changes or not named.search(edit.words):
        return Edit(edit.words, changes)
    parts = []
    for part in edit.words.split("; "):
        begins = zip(_beginnings(edit.changes, part), _beginnings(changes, part), strict=True)
        fitting = [pair for pair in begins if _begins(part, pair[0])]
        before, after = max(fitting, key=lambda pair: len(pair[0]), default=("", ""))
        rest = part.removeprefix(before)
        if named.search(rest):
            return Edit(change_text("", changes), changes)
        parts.append(after + rest)
    return Edit("; ".join(parts), changes)


def _beginnings(step: Mapping[str, Any], words: str) -> Iterator[str]:
    """Yield how the sentence of changes may begin, up to and with the names in it."""
    yield from _NAMELESS
    agents = _AGENTS.match(words)
    tables: dict[str, Any] = {}
    volumes = []
    for path, value in step.items():
        family, name, *fields = path.split(".")
        yield f"{family.title()} {name}:"
        yield f"{agents[0]}{name}" if agents and family == "group" else ""
        yield f"Contained by bot {name}" if family == "bot" else ""
        yield f"Containment of bot {name}" if family == "bot" else ""  # in workspaces of 0.2
        if family == "bot" and not fields and isinstance(value, dict):
            yield f"Bot in front of {value.get('queue', name)}"
        if family == "queue" and fields == ["volume"]:
            volumes.append(name)
        if family == "group" and not fields:
            tables[name] = value
    yield f"Volume of {all_of(volumes)}"
    merged = sorted(tables, key=lambda name: not isinstance(tables[name], dict))  # the first stays
    for word in ("Groups", "Teams"):  # the latter in workspaces of 0.2
        yield f"{word} {all_of(merged)} merged into {merged[0]}" if merged else ""


def _begins(words: str, beginning: str) -> bool:
    """Tell whether words begin so, the last name not being the beginning of a longer one."""
    rest = words.removeprefix(beginning)
    ends = beginning.endswith((":", " ")) or not rest or rest[0] in ", "
    return bool(beginning) and words.startswith(beginning) and ends
