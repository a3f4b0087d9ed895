"""Turning what the validator found into problems a planner understands."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.scenario.field_paths import keys, record_type, type_at
from sim.scenario.field_types import Record
from sim.scenario.problems import MOST_SHOWN, Problem, listed, nearest

_NEUTRAL: dict[str, Any] = {
    "talk": "1s",
    "volume": 0,
    "session": "1s",
    "contained": 0,
    "share": 0,
    "after": "1s",
    "accepted": 0,
}
"""Values for required fields, so that the rest can be read."""


def explain(error: ValidationError, record: type[Record], prefix: str = "") -> list[Problem]:
    """Return a problem for everything a validation found.

    Parameters
    ----------
    error : ValidationError
    record : type of Record
        The record that was validated.
    prefix : str
        Path of the record within the scenario.
    """
    found = [
        _problem(details, record, prefix, hinted=at < MOST_SHOWN)
        for at, details in enumerate(error.errors())
    ]
    # A misspelled key is one problem, though the right one is missing too.
    meant = {_sibling(p.path, p.suggestion) for p in found if p.suggestion}
    return [p for p in found if p.path not in meant or not p.message.startswith("is missing")]


def _sibling(path: str, key: str) -> str:
    """Return the path of another key of the same table."""
    return ".".join(part for part in (path.rpartition(".")[0], key) if part)


def without(data: dict[str, Any], problems: Sequence[Problem]) -> dict[str, Any]:
    """Return the tables with neutral values where there are problems, or without the field."""
    result = copy.deepcopy(data)
    for problem in problems:
        *parents, last = problem.path.split(".")
        place: Any = result
        for part in parents:
            place = place.get(part) if isinstance(place, dict) else None
        if isinstance(place, dict):
            place.pop(last, None)
            if last in _NEUTRAL:
                place[last] = _NEUTRAL[last]
    return result


def _problem(details: ErrorDetails, record: type[Record], prefix: str, hinted: bool) -> Problem:
    loc = [part for part in details["loc"] if part != "[key]"]
    path = ".".join([prefix, *map(str, loc)] if prefix else map(str, loc))
    kind = details["type"]
    if kind == "extra_forbidden":
        return _unknown(path, type_at(record, loc[:-1]), str(loc[-1]) if hinted else "")
    if kind == "missing":
        return Problem(path, f"is missing{_hint_of(type_at(record, loc))}")
    value = details.get("input")
    say = _WORDS.get(kind)
    message = say(details) if say else _plain(details)
    return Problem(path, message, value)


def _unknown(path: str, owner: Any, key: str) -> Problem:
    found = record_type(owner)
    known = list(keys(found)) if found else []
    hint = nearest(key, known) if key else ""
    return Problem(path, f"unknown field; known here: {listed(known)}.", None, hint)


def _hint_of(kind: Any) -> str:
    record = record_type(kind)
    short = getattr(record, "SHORT", "")
    return f"; allowed: {short}" if short else ""


def _plain(details: ErrorDetails) -> str:
    cause = details.get("ctx", {}).get("error")
    return str(cause) if cause is not None else details["msg"]


def _table(details: ErrorDetails) -> str:
    return f'{details["input"]!r} is not a table; allowed: a table such as {{ key = "value" }}'


def _tuple(details: ErrorDetails) -> str:
    return f"{details['input']!r} is not a list; allowed: a list [ … ]"


def _count(details: ErrorDetails) -> str:
    return f"{details['input']!r} has the wrong number of items: {details['msg']}"


def _number(details: ErrorDetails) -> str:
    return f"{details['input']!r} is not a number; allowed: a number"


_WORDS: dict[str, Callable[[ErrorDetails], str]] = {
    "model_type": _table,
    "model_attributes_type": _table,
    "dict_type": _table,
    "tuple_type": _tuple,
    "too_long": _count,
    "too_short": _count,
    "float_type": _number,
    "float_parsing": _number,
    "int_type": _number,
    "string_type": lambda details: f"{details['input']!r} is not text; allowed: text in quotes",
}
