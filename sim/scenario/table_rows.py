"""Tables of a scenario, such as skills and shifts, as rows of text, and their changes by cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sim.scenario.break_columns import (
    as_columns,
    break_fields,
    from_columns,
    is_break_column,
    most_breaks,
)
from sim.scenario.editing import EditError, as_words, drop, put, written
from sim.scenario.field_types import Written
from sim.scenario.form_fields import Field, fields_of, kind_at, record_at
from sim.scenario.overrides import MAIN, typed

NAME = "of"
"""Column that holds the name of a row, where rows have one."""
BREAKS, LISTS = "breaks", ("speed",)
"""The field that has columns of its own, and those of which a cell may hold several values."""

Change = Mapping[str, Any]


def row_fields(path: str) -> list[Field]:
    """Return the columns of the table at a path, without the name of the row."""
    record = record_at(f"{path}.0")
    return fields_of(record) if record is not None else []


def columns_at(text: str, path: str) -> list[Field]:
    """Return the columns of the rows that a text holds: a break has one for start and minutes."""
    fields = row_fields(path)
    breaks = break_fields(most_breaks(_rows(written(text, path))))
    plain = [[one] if one.key != BREAKS else breaks for one in fields]
    return [one for some in plain for one in some]


def _rows(found: Any) -> list[Any]:
    return list(found.values()) if isinstance(found, dict) else list(found or [])


def rows_at(text: str, path: str) -> list[dict[str, str]]:
    """Return the rows of a table as a text says them.

    Parameters
    ----------
    text : str
        TOML.
    path : str
        Such as ``group.cards.skills`` or ``group.cards.shifts``.

    Returns
    -------
    list of dict
        Every column as text, empty where nothing is said; rows with a name have it under
        :data:`NAME`.
    """
    found = written(text, path)
    columns = [one.key for one in row_fields(path)]
    if isinstance(found, dict):
        items = [({NAME: name}, row) for name, row in found.items()]
    else:
        items = [({}, row) for row in found or []]
    return [first | _cells(as_table(path, row), columns) for first, row in items]


def _cells(row: dict[str, Any], columns: list[str]) -> dict[str, str]:
    """Return the cells of a row; several values of a cell stand behind each other."""
    cells = {key: _in_words(row.get(key)) for key in columns if key != BREAKS}
    return cells | (as_columns(row.get(BREAKS)) if BREAKS in columns else {})


def _in_words(value: Any) -> str:
    if isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        return ", ".join(as_words(item) for item in value)
    return as_words(value)


def change_rows(text: str, path: str, changes: Change) -> str:
    """Return the text with the changes that an editor of tables reports.

    Parameters
    ----------
    text : str
    path : str
    changes : mapping
        ``edited_rows`` (cells by number of the row), ``added_rows`` and ``deleted_rows``.

    Raises
    ------
    EditError
        When a row has no name, or one that is taken.
    """
    names = _names(text, path)
    for number, cells in changes.get("edited_rows", {}).items():
        text = _edited(text, path, names, int(number), cells)
    for row in changes.get("added_rows", []):
        known = {key: value for key, value in row.items() if value not in (None, "")}
        if known:
            text = _added(text, path, known)
    for number in sorted(changes.get("deleted_rows", []), reverse=True):
        text = drop(text, f"{path}.{names[number] if names is not None else number}")
    return text


def _names(text: str, path: str) -> list[str] | None:
    """Return the names of the rows, None where they have none."""
    if kind_at(path) == "list":
        return None
    return list(written(text, path) or {})


def as_table(path: str, row: Any) -> dict[str, Any]:
    """Return a row as a table, also when it is written in short."""
    if isinstance(row, dict):
        return row
    record = record_at(f"{path}.0")
    main = MAIN.get(record.__name__) if record is not None else None
    if main is not None:
        return {main: row}
    return _read(record, row) if record is not None and issubclass(record, Written) else {}


def _read(record: type[Written], row: Any) -> dict[str, Any]:
    try:
        return record.read(row, None)  # type: ignore[arg-type]
    except ValueError:
        return {}


def _edited(
    text: str, path: str, names: list[str] | None, number: int, cells: Mapping[str, Any]
) -> str:
    key = names[number] if names is not None else str(number)
    cells = dict(cells)
    wish = cells.pop(NAME, None)
    row = as_table(path, written(text, f"{path}.{key}"))
    for column, value in _with_breaks(row, cells).items():
        text = _put_cell(text, f"{path}.{key}", path, column, value)
    if wish is None or wish == key:
        return text
    _check_name(text, path, wish)
    row = written(text, f"{path}.{key}")
    return put(drop(text, f"{path}.{key}"), f"{path}.{wish}", row)


def _with_breaks(row: Mapping[str, Any], cells: Mapping[str, Any]) -> dict[str, Any]:
    """Return changed cells of a row, those of breaks as one list of all its breaks."""
    changed = {key: value for key, value in cells.items() if not is_break_column(key)}
    if len(changed) == len(cells):
        return changed
    return changed | {BREAKS: from_columns({**as_columns(row.get(BREAKS)), **cells}) or None}


def _put_cell(text: str, place: str, path: str, column: str, value: Any) -> str:
    """Set one cell; a row that is written in short stays so while that says it all."""
    row = written(text, place)
    new = None if value in (None, "") else _typed(column, value)
    if not isinstance(row, dict):
        table = as_table(path, row)
        if list(table) == [column] and new is not None:
            return put(text, place, new)
        table = {key: item for key, item in (table | {column: new}).items() if item is not None}
        return put(text, place, table)
    return drop(text, f"{place}.{column}") if new is None else put(text, f"{place}.{column}", new)


def _added(text: str, path: str, row: dict[str, Any]) -> str:
    plain = _with_breaks({}, {key: value for key, value in row.items() if key != NAME})
    cells = {key: _typed(key, value) for key, value in plain.items() if value is not None}
    if kind_at(path) == "list":
        rows = written(text, path)
        return put(text, f"{path}.{len(rows)}", cells) if rows else put(text, path, [cells])
    _check_name(text, path, row.get(NAME))
    record = record_at(f"{path}.0")
    main = MAIN.get(record.__name__) if record is not None else None
    short = cells[main] if main is not None and list(cells) == [main] else cells
    return put(text, f"{path}.{row[NAME]}", short if short != {} else 1)


def _check_name(text: str, path: str, name: Any) -> None:
    if not isinstance(name, str) or not name.strip() or "." in name or "=" in name:
        raise EditError(f"{path}: {name!r} is not a name of a row; allowed: a name without . and =")
    if written(text, f"{path}.{name}") is not None:
        raise EditError(f"{path}: {name!r} has a row; allowed: one row each")


def _typed(column: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    parts = [typed(part) for part in re.split(r"[,;]", value) if part.strip()]
    return parts if column in LISTS and len(parts) > 1 and "[" not in value else typed(value)
