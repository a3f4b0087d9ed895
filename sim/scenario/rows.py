"""Tables of a scenario, such as skills and shifts, as rows of text, and their changes by cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.scenario.editing import EditError, as_words, drop, put, written
from sim.scenario.fields import Written
from sim.scenario.form import Field, fields_of, kind_at, record_at
from sim.scenario.overrides import _MAIN, typed

NAME = "of"
"""Column that holds the name of a row, where rows have one."""

Change = Mapping[str, Any]


def row_fields(path: str) -> list[Field]:
    """Return the columns of the table at a path, without the name of the row."""
    record = record_at(f"{path}.0")
    return fields_of(record) if record is not None else []


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
    return [
        first | {key: as_words(_table(path, row).get(key)) for key in columns}
        for first, row in items
    ]


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


def _table(path: str, row: Any) -> dict[str, Any]:
    """Return a row as a table, also when it is written in short."""
    if isinstance(row, dict):
        return row
    record = record_at(f"{path}.0")
    main = _MAIN.get(record.__name__) if record is not None else None
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
    for column, value in cells.items():
        text = _put_cell(text, f"{path}.{key}", path, column, value)
    if wish is None or wish == key:
        return text
    _check_name(text, path, wish)
    row = written(text, f"{path}.{key}")
    return put(drop(text, f"{path}.{key}"), f"{path}.{wish}", row)


def _put_cell(text: str, place: str, path: str, column: str, value: Any) -> str:
    """Set one cell; a row that is written in short stays so while that says it all."""
    row = written(text, place)
    new = None if value in (None, "") else _typed(value)
    if not isinstance(row, dict):
        table = _table(path, row)
        if list(table) == [column] and new is not None:
            return put(text, place, new)
        table = {key: item for key, item in (table | {column: new}).items() if item is not None}
        return put(text, place, table)
    return drop(text, f"{place}.{column}") if new is None else put(text, f"{place}.{column}", new)


def _added(text: str, path: str, row: dict[str, Any]) -> str:
    cells = {key: _typed(value) for key, value in row.items() if key != NAME}
    if kind_at(path) == "list":
        rows = written(text, path)
        return put(text, f"{path}.{len(rows)}", cells) if rows else put(text, path, [cells])
    _check_name(text, path, row.get(NAME))
    record = record_at(f"{path}.0")
    main = _MAIN.get(record.__name__) if record is not None else None
    short = cells[main] if main is not None and list(cells) == [main] else cells
    return put(text, f"{path}.{row[NAME]}", short if short != {} else 1)


def _check_name(text: str, path: str, name: Any) -> None:
    if not isinstance(name, str) or not name.strip() or "." in name or "=" in name:
        raise EditError(f"{path}: {name!r} is no name of a row; allowed: a name without . and =")
    if written(text, f"{path}.{name}") is not None:
        raise EditError(f"{path}: {name!r} has a row; allowed: one row each")


def _typed(value: Any) -> Any:
    return typed(value) if isinstance(value, str) else value
