"""Renaming in what names fields by path: the changes of events and levers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

RenameChanges = Callable[[Mapping[str, Any]], dict[str, Any]]
"""Returns changes by path with a queue or group renamed."""


def renamed_event(table: dict[str, Any], rename: RenameChanges) -> dict[str, Any]:
    """Return an event whose paths name the new queue or group."""
    changes = table.get("changes")
    return table | {"changes": rename(changes)} if isinstance(changes, dict) else table


def renamed_lever(
    table: dict[str, Any], kind: str, old: str, new: str, shared: bool, rename: RenameChanges
) -> dict[str, Any]:
    """Return a lever whose paths, names and metric name the new queue or group.

    Parameters
    ----------
    table : dict
    kind : {"queue", "group"}
    old, new : str
    shared : bool
        Something else has the old name too and keeps it, so ``of`` keeps the old name as well.
    rename : callable
    """
    result = renamed_event(table, rename)
    if "of" in result:
        result = result | {"of": _names(result["of"], old, new, shared)}
    cost = result.get("cost")
    if isinstance(cost, dict) and isinstance(cost.get("per"), str):
        parts = cost["per"].split(".")
        if parts[:2] == [kind, old]:
            per = ".".join([kind, new, *parts[2:]])
            result = result | {"cost": cost | {"per": per}}
    return result


def _names(names: Any, old: str, new: str, shared: bool) -> Any:
    wanted = [old, new] if shared else [new]
    if isinstance(names, list):
        return [name for one in names for name in (wanted if one == old else [one])]
    if names != old:
        return names
    return wanted if shared else new
