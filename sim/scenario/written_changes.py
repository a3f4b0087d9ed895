"""Changes that lie over a scenario, written into the text of its file."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from sim.numerals import read_number, write_number
from sim.scenario.editing import drop, put
from sim.scenario.field_paths import keys
from sim.scenario.interval_series import volume_of
from sim.scenario.problems import all_of
from sim.scenario.schedules import scheduled
from sim.units import BadInputError, is_change

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

_KEEP_REPEATS = re.compile(
    r"(group\.[^.]+\.(agents|shifts|open|shrinkage|absent|wage)"
    r"|center\.(days|first_day|name|time_zone|target|busyness|talk_variation)"
    r"|queue\.[^.]+\.(target|patience|balk|weight|head_start)|target|experiment)(\..*)?"
)
"""Changes that leave unchanged which share of a volume is repeats. With other days that share is
computed from the volumes of these days, in a file as well as over it."""


def text_with_changes(scenario: Scenario) -> str:
    """Return the text of a scenario's file with all that was changed by path written into it.

    Parameters
    ----------
    scenario : Scenario
        From a file, with changes.

    Returns
    -------
    str
        TOML. A relative change is written as what came of it, so a volume from a file beside
        the scenario becomes a list of numbers.

    Raises
    ------
    BadInputError
        When the changed text would be another scenario: the changes can be saved as a variant.
    """
    paths = list(dict.fromkeys(path for step in scenario.steps for path in step))
    others = [path for path in paths if not _KEEP_REPEATS.fullmatch(path)]
    if scenario.backs_out and others:
        raise BadInputError(
            f"{all_of(others)}: cannot be changed in the file. Its volumes include repeat contacts "
            '(volume_is = "observed"), which are computed from the file as it is; with the change '
            "in it they would be others. Allowed: to save the change as a variant, or to change "
            "the file itself"
        )
    text = scenario.text
    for step in scenario.steps:
        for path, value in step.items():
            text = _written(text, scenario, path, value)
    reread = type(scenario).parse(text, scenario.folder, confined=False)
    if not all(_same(read(reread), read(scenario)) for read in (_fields, _by_interval)):
        raise BadInputError("these changes cannot be written into the file; save them as a variant")
    return text


def _written(text: str, scenario: Scenario, path: str, value: Any) -> str:
    """Return the text with one path set to what it is in the scenario as changed."""
    if value in ("none", None) or value == []:
        return drop(text, path)
    return put(text, path, _absolute(scenario, path) if is_change(value) else value)


def _absolute(scenario: Scenario, path: str) -> Any:
    """Return the value of a field as a file can say it."""
    found: Any = scenario
    for part in path.split("."):
        found = _below(found, part)
    return _plain(found)


def _below(owner: Any, part: str) -> Any:
    if isinstance(owner, Mapping):
        return owner[part]
    if isinstance(owner, tuple | list):
        return owner[int(part)]
    return getattr(owner, keys(type(owner)).get(part, part))


def _plain(value: Any) -> Any:
    """Return a record as a table, and a series or a rate as briefly as it can be written."""
    if not isinstance(value, BaseModel):
        return value
    if (rows := getattr(value, "rows", None)) is not None:
        return [str(row) for row in rows]
    table = value.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    if "per_second" in table:
        an_hour = table["per_second"] * 3600
        short = write_number(an_hour, 12)
        same = read_number(short) / 3600 == table["per_second"]
        return f"{short if same else write_number(an_hour)} per hour"
    if "a_day" in table:
        return f"{write_number(table['a_day'])} a day"
    for key in ("each", "values"):
        if key in table:
            exact = bool(table.get("exact"))
            return {"exact": table[key]} if exact else table[key]
    return {key: one for key, one in table.items() if not (key == "zero" and one == 0)}


def _fields(scenario: Scenario) -> Any:
    """Return every field but the times beside rows, which :func:`_by_interval` compares."""
    return _without_times(scenario.model_dump(mode="json"))


def _without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_times(one) for key, one in value.items() if key != "times"}
    return [_without_times(one) for one in value] if isinstance(value, list) else value


def _by_interval(scenario: Scenario) -> list[list[float]]:
    """Return volumes and scheduled agents by interval."""
    grid, rules = scenario.center.grid, scenario.center.open
    volumes = [volume_of(queue, grid, rules) for queue in scenario.queue.values()]
    return volumes + [scheduled(scenario, group) for group in scenario.group.values()]


def _same(one: Any, other: Any) -> bool:
    """Tell whether two values are alike but for the rounding of written numbers."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9) or (math.isnan(one) and math.isnan(other))
    return bool(one == other)
