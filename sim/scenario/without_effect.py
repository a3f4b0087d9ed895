"""Relative changes of a scenario that leave a field as it is: any part of nothing is nothing."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sim import units
from sim.scenario.field_paths import keys
from sim.scenario.field_types import Record
from sim.scenario.overrides import MAIN

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def changes_without_effect(scenario: Scenario, changes: Mapping[str, Any]) -> dict[str, str]:
    """Return those relative changes, such as ``"-1%"``, that have left a number at 0.

    Parameters
    ----------
    scenario : Scenario
        After the changes.
    changes : mapping
        Values by dotted path.
    """
    return {
        path: value
        for path, value in changes.items()
        if units.is_change(value) and not units.change(value).add and _at(scenario, path) == 0
    }


def _at(owner: Any, path: str) -> Any:
    """Return what stands at a path, None where nothing does; of a record its main number."""
    with suppress(AttributeError, KeyError, IndexError, TypeError, ValueError):
        for part in path.split("."):
            if isinstance(owner, Record):
                owner = getattr(owner, keys(type(owner)).get(part, part))
            else:
                owner = owner[int(part) if isinstance(owner, tuple) else part]
        main = MAIN.get(type(owner).__name__)
        return owner if main is None else getattr(owner, main)
    return None
