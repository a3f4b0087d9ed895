"""Writing a changed scenario to a file of its own, with the tables that it names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.fileio import write_file
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def write_with_tables(source: Scenario, text: str, path: str | Path) -> list[Path]:
    """Write the text of a scenario, and return the files that were written.

    Tables that the scenario names are copied next to it where it is in another folder.

    Parameters
    ----------
    source : Scenario
        Names the tables.
    text : str
        Of the new file.
    path : str or Path
        Of the scenario, replaced when it is there.

    Raises
    ------
    BadInputError
        When another table of the same name is there, or a folder is missing; nothing is written
        then.
    """
    tables = tables_to_copy(source, path)
    for target, content in tables.items():
        write_file(target, content)
    write_file(path, text)
    return [Path(path), *tables]


def tables_to_copy(source: Scenario, path: str | Path) -> dict[Path, bytes]:
    """Return the tables that a scenario needs next to another file, and which are not there.

    Raises
    ------
    BadInputError
        As :func:`write_with_tables`.
    """
    file = Path(path)
    tables = {}
    for name, origin in source.data_files.items():
        target = file.parent / name
        content = origin.read_bytes()
        if target.exists() and target.read_bytes() == content:
            continue
        if target.exists():
            raise BadInputError(f"{target}: another table is there, and is not overwritten")
        if not target.parent.is_dir():
            raise BadInputError(f"{target}: there is no folder {target.parent}")
        tables[target] = content
    return tables
