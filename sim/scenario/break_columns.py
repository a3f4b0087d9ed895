"""Breaks of a shift as plain columns: start and minutes of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sim.scenario.editing import as_words
from sim.scenario.form_fields import Field
from sim.scenario.group import Break

FEWEST = 3
"""Breaks that a row has room for, however few it holds."""
START, MINUTES = "start", "minutes"
_COLUMN = re.compile(rf"break (\d+) ({START}|{MINUTES})")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
_MINUTES = re.compile(r"(\d+(?:\.\d+)?)\s*(?:min|m|minutes?)?")


def break_fields(most: int) -> list[Field]:
    """Return two columns for each break.

    Parameters
    ----------
    most : int
        Breaks of the shift that has the most.
    """
    texts = {
        START: "Time of day such as 10:15, or time after the start of the shift such as 2h.",
        MINUTES: "How long the break lasts, in minutes.",
    }
    return [
        Field(_key(k, what), f"Break {k + 1} {what}", text, "text", "", (), "", False)
        for k in range(max(FEWEST, most))
        for what, text in texts.items()
    ]


def is_break_column(column: str) -> bool:
    """Tell whether a column holds a part of a break."""
    return _COLUMN.fullmatch(column) is not None


def as_columns(breaks: Any) -> dict[str, str]:
    """Return the breaks that a file says of a shift, by column.

    Parameters
    ----------
    breaks : object
        A break or a list of them, each in short (``"15min at 10:00"``) or as a table.
    """
    items = breaks if isinstance(breaks, list) else [] if breaks is None else [breaks]
    cells: dict[str, str] = {}
    for k, item in enumerate(items):
        table = item if isinstance(item, dict) else _table(item)
        start = as_words(table.get("at")) or as_words(table.get("after"))
        cells |= {_key(k, START): start, _key(k, MINUTES): _minutes(table.get("length"))}
    return cells


def from_columns(cells: Mapping[str, Any]) -> list[str]:
    """Return breaks as a file says them in short, of what the columns hold.

    A break of which only one part is given is written with what there is, so that checking the
    scenario says what is missing.
    """
    found: dict[int, dict[str, str]] = {}
    for column, value in cells.items():
        match = _COLUMN.fullmatch(column)
        text = "" if value is None else str(value).strip()
        if match and text:
            found.setdefault(int(match[1]), {})[match[2]] = text
    return [_short(found[k]) for k in sorted(found)]


def _key(k: int, what: str) -> str:
    return f"break {k + 1} {what}"


def _table(item: object) -> dict[str, Any]:
    try:
        return Break.read(item, None)  # type: ignore[arg-type]
    except ValueError:
        return {"after": item}


def _minutes(length: object) -> str:
    text = as_words(length)
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*min", text)
    return match[1] if match else text


def _short(parts: Mapping[str, str]) -> str:
    start = re.sub(r"^(at|after)\s+", "", parts.get(START, "?"))
    minutes = parts.get(MINUTES, "?")
    number = _MINUTES.fullmatch(minutes.replace(",", "."))
    length = f"{number[1]}min" if number else minutes
    return f"{length} {'at' if _CLOCK.fullmatch(start) else 'after'} {start}"


def most_breaks(rows: Sequence[Any]) -> int:
    """Return the breaks of the shift that has the most."""
    counts = [row.get("breaks") for row in rows if isinstance(row, dict)]
    return max((len(found) for found in counts if isinstance(found, list)), default=0)
