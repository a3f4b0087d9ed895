"""Changing single fields of a scenario by dotted path, absolutely or relatively."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar, get_origin

from pydantic import ValidationError

from sim import units
from sim.numerals import is_ambiguous
from sim.scenario.distribution import Distribution
from sim.scenario.distribution_changes import put_distribution, with_mean
from sim.scenario.field_paths import (
    PathError,
    annotation,
    bare,
    inside,
    keys,
    optional,
    readers,
    record_type,
)
from sim.scenario.field_types import TIME_READERS, Record, TalkChange, Written
from sim.scenario.files import Files
from sim.scenario.problems import Problem, ScenarioError, listed, nearest
from sim.scenario.series import Series
from sim.scenario.validation_errors import explain
from sim.toml_text import TomlError, read_toml

R = TypeVar("R", bound=Record)

MAIN = {
    "Busyness": "cv",
    "TalkVariation": "cv",
    "Transfer": "share",
    "Skill": "level",
    "Target": "service_level",
    "Takes": "talk",
}
"""Number of a record that is changed where the change names the record itself."""


def pairs(overrides: Mapping[str, Any] | Iterable[str]) -> dict[str, Any]:
    """Return overrides as path and value.

    Parameters
    ----------
    overrides : mapping or iterable of str
        A mapping, or texts of the form ``path=value``.

    Raises
    ------
    ScenarioError
        When a text has no ``=``.
    """
    if isinstance(overrides, Mapping):
        return {str(path): value for path, value in overrides.items()}
    texts = [overrides] if isinstance(overrides, str) else list(overrides)
    wrong = [text for text in texts if "=" not in text or not text.split("=")[0].strip()]
    if wrong:
        form = 'allowed: PATH=VALUE, such as "group.chat.agents=12"'
        raise ScenarioError([Problem("", f"{t!r} is not a change; {form}", t) for t in wrong])
    split = [text.split("=", 1) for text in texts]
    return {path.strip(): typed(value) for path, value in split}


def typed(text: str) -> Any:
    """Return the value a text spells in TOML (number, text, list, table), else the text itself.

    Dates and times of day stay text, as fields read them themselves, and so does ``1.440``, which
    a field that may hold thousands refuses.
    """
    words = text.strip()
    if units.is_change(words) or is_ambiguous(words):
        return words
    try:
        value = read_toml(f"value = {words}")["value"]
    except TomlError:
        return words
    return words if isinstance(value, dt.date | dt.time) else value


def replaces(data: dict[str, Any], overrides: Mapping[str, Any], wrong: Iterable[str]) -> bool:
    """Put overrides in the place of values that are wrong, so that these do not matter.

    Parameters
    ----------
    data : dict
        Tables of a scenario as its text has them; changed in place.
    overrides : mapping
        Values by dotted path. Those that change what is there, such as "+10%", replace nothing.
    wrong : iterable of str
        Paths of the fields that cannot be read.

    Returns
    -------
    bool
        Whether any value was replaced.
    """
    fields = list(wrong)
    found = False
    for path, value in overrides.items():
        if units.is_change(value) or not any(f"{one}.".startswith(f"{path}.") for one in fields):
            continue
        *above, name = path.split(".")
        table: Any = data
        for part in above:
            table = table.get(part) if isinstance(table, dict) else None
        if isinstance(table, dict) and name in table:
            table[name] = value
            found = True
    return found


def changed(record: R, changes: Mapping[str, Any], files: Files) -> R:
    """Return a record with fields changed, one after the other.

    Parameters
    ----------
    record : Record
        Stays as it is.
    changes : mapping
        Values by dotted path.
    files : Files
        Where new files are looked for.

    Raises
    ------
    ScenarioError
        With a problem for every path that is unknown and every value that does not fit.
    """
    problems: list[Problem] = []
    for path, value in changes.items():
        try:
            data = _put(record, type(record), path.split("."), value)
            record = type(record).model_validate(data, context=files)
        except PathError as error:
            problems.append(Problem(path, str(error), value, error.suggestion, "change"))
        except ValidationError as error:
            problems += [replace(p, file="change") for p in explain(error, type(record))]
        except ValueError as error:
            problems.append(Problem(path, str(error), value, file="change"))
    if problems:
        raise ScenarioError(problems)
    return record


def _put(owner: Any, kind: Any, parts: list[str], value: Any) -> Any:
    """Return what stands in place of ``owner`` once the value is put under the path."""
    if not parts:
        return _changed_value(owner, kind, value)
    if isinstance(owner, Distribution):
        return put_distribution(owner, kind, parts, value)
    if isinstance(owner, Series) and parts[0].isdigit():
        return _put_row(owner, parts, value)
    record = record_type(kind)
    if record is not None:
        return _put_field(owner, record, parts, value)
    if isinstance(owner, tuple):
        return _put_item(owner, kind, parts, value)
    if isinstance(owner, dict):
        return _put_key(owner, kind, parts, value)
    raise PathError(f"{parts[0]!r} leads nowhere: there is only a single value")


def _put_field(owner: Any, record: type[Record], parts: list[str], value: Any) -> Any:
    known = keys(record)
    if parts[0] not in known:
        hint = nearest(parts[0], known)
        raise PathError(f"no field {parts[0]!r}; known here: {listed(known)}.", hint)
    name = known[parts[0]]
    info = record.model_fields[name]
    current = getattr(owner, name) if owner is not None else info.get_default()
    if current is not None and type(current).__name__ == "PydanticUndefinedType":
        current = None
    result = {key: getattr(owner, attr) for key, attr in known.items() if _is_set(owner, attr)}
    if value == "none" and len(parts) == 1 and _is_zero(info.get_default()):
        result[parts[0]] = info.get_default()
        return result
    result[parts[0]] = _put(current, annotation(info), parts[1:], value)
    return result


def _is_zero(default: Any) -> bool:
    """Return whether a default is zero, so that a field may be taken back to "none"."""
    main = MAIN.get(type(default).__name__)
    number = default if main is None else getattr(default, main)
    return isinstance(number, int | float) and not isinstance(number, bool) and number == 0


def _is_set(owner: Any, name: str) -> bool:
    return owner is not None and name in owner.model_fields_set


def _put_item(owner: tuple[Any, ...], kind: Any, parts: list[str], value: Any) -> Any:
    if not parts[0].isdigit() or int(parts[0]) >= len(owner):
        raise PathError(f"no item {parts[0]!r}; allowed: 0 to {len(owner) - 1}")
    items = list(owner)
    at = int(parts[0])
    items[at] = _put(items[at], inside(kind, at), parts[1:], value)
    return items


def _put_key(owner: dict[str, Any], kind: Any, parts: list[str], value: Any) -> Any:
    below = inside(kind, parts[0])
    record = record_type(below)
    if parts[0] not in owner and record is not None and record.__name__ in ("Queue", "Group"):
        hint = nearest(parts[0], owner)
        raise PathError(f"no {record.__name__.lower()} {parts[0]!r}; known: {listed(owner)}.", hint)
    if len(parts) == 1 and (value is None or value == "none"):
        return {key: item for key, item in owner.items() if key != parts[0]}
    return {**owner, parts[0]: _put(owner.get(parts[0]), below, parts[1:], value)}


def _put_row(owner: Series, parts: list[str], value: Any) -> Any:
    rows = owner.values or ()
    at = int(parts[0])
    if len(parts) > 1 or at >= len(rows):
        raise PathError(f"no row {'.'.join(parts)!r}; allowed: 0 to {len(rows) - 1}")
    return owner.with_row(at, value)


def _changed_value(current: Any, kind: Any, value: Any) -> Any:
    """Return a new value, or the current one changed when the value is a change."""
    record = record_type(kind)
    if record is TalkChange:
        return value
    if value == "none" and not _is_distribution(kind):
        if optional(kind):
            return None
        if get_origin(bare(kind)) in (dict, tuple):
            return get_origin(bare(kind))()
    if not units.is_change(value):
        return value
    if isinstance(current, Distribution):
        return with_mean(current, kind, value)
    if isinstance(current, Series):
        return current.changed(units.change(value))
    if isinstance(current, Written) and type(current).__name__ in MAIN:
        return _put(current, kind, [MAIN[type(current).__name__]], value)
    return _changed_number(current, kind, value)


def _is_distribution(kind: Any) -> bool:
    record = record_type(kind)
    return record is not None and issubclass(record, Distribution)


def _changed_number(current: Any, kind: Any, value: str) -> Any:
    if current is None:
        raise ValueError(f"{value!r} changes nothing: the field has no value; set one first")
    if isinstance(current, tuple) and all(isinstance(item, float) for item in current):
        return [_changed_number(item, inside(kind, 0), value) for item in current]
    if isinstance(current, bool) or not isinstance(current, int | float):
        raise ValueError(f"{value!r} needs a number to change; allowed: a new value")
    change = units.change(value)
    unit = _unit(kind)
    if change.unit and change.unit != unit:
        what = {"s": "a time", "pp": "percentage points"}[change.unit]
        raise ValueError(f'{value!r} adds {what} here; allowed: "+10%", "-2" or "*1.1"')
    number = change.apply(current)
    _check_bounds(number, kind, change, value)
    return units.to_whole(number) if isinstance(current, int) else round(number, 12)


def _check_bounds(number: float, kind: Any, change: units.Change, value: str) -> None:
    """Refuse a time or ratio below zero, and a share outside 0 to 100 %, as the change made it."""
    if "share" in _readers(kind):
        if not 0 <= round(number, 12) <= 1:
            points = f'; for percentage points write "{value}pp"' if _is_bare(change) else ""
            made = f"makes it {units.show_share(number)}"
            raise ValueError(f"{value!r} {made}; allowed: a share from 0% to 100%{points}")
    elif number < 0 and _unit(kind):
        raise ValueError(f"{value!r} makes it {number:g}; allowed: 0 or more")


def _is_bare(change: units.Change) -> bool:
    """Return whether a number without a unit is added."""
    return not change.unit and change.add != 0


def _readers(kind: Any) -> set[str]:
    return {reader.__name__ for reader in readers(kind)}


def _unit(kind: Any) -> str:
    """Return "s" for times, "pp" for shares, else empty."""
    names = _readers(kind)
    if names & {*TIME_READERS, "clock_or_seconds"}:
        return "s"
    return "pp" if names & {"share", "ratio", "_ratio_above_zero"} else ""
