"""Columns of CSV files that follow a queue or group of their name when it is renamed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.fileio import TableError
from sim.fileio.cell_edit import rename_column
from sim.scenario.editing import put
from sim.scenario.files import is_file
from sim.toml_text import read_toml
from sim.units import BadInputError


def columns_renamed(
    text: str, files: dict[str, bytes], old: str, new: str
) -> tuple[str, dict[str, bytes]]:
    """Return text and files with the columns of CSV files that are titled like it renamed.

    Parameters
    ----------
    text : str
        Of the scenario.
    files : dict of str to bytes
        Beside it, by name.
    old, new : str
    """
    fresh: dict[str, bytes] = {}
    for path, source in list(_sources(read_toml(text))):
        name, _, title = (part.strip() for part in source.partition(":"))
        if title != old or name not in files or name.lower().endswith((".xlsx", ".xlsm")):
            continue
        if name not in fresh:
            fresh[name] = _retitled(files[name], old, new)
        if fresh[name]:
            text = put(text, path, f"{name}:{new}")
    return text, files | {name: content for name, content in fresh.items() if content}


def _retitled(content: bytes, old: str, new: str) -> bytes:
    """Return a CSV file with a column renamed; empty where it has one of the new name."""
    from sim.fileio import table_from_bytes

    try:
        table = table_from_bytes("beside.csv", content)
        if table.find(new) is not None or ":" in new or "!" in new:
            return b""
        return rename_column(content, old, new)
    except (TableError, BadInputError):
        return b""


def _sources(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield path and text of every field that names a column."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _sources(value, f"{path}.{key}" if path else key)
    elif is_file(data):
        yield path, data
