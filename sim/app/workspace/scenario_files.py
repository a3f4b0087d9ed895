"""A scenario as plain files: TOML, data files, and changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.workspace.folder import Folder
    from sim.scenario import Scenario

FILE = "scenario.toml"
COLUMN_FILE = "columns.toml"
"""What a calibration writes next to a scenario: the columns and words of the records."""


def write_scenario(folder: Folder, name: str, scenario: Scenario, file: str = FILE) -> None:
    """Write the file of a scenario, its data files and columns of records; changes are left out.

    Parameters
    ----------
    folder : Folder
    name : str
        Folder inside it.
    scenario : Scenario
    file : str
        Name of the file.

    Raises
    ------
    BadInputError
        When the scenario was not read from a file.
    """
    if not scenario.text:
        raise BadInputError("scenario: was not read from a file, so it cannot be saved as one")
    for path, source in scenario.data_files.items():
        folder.write(f"{name}/{path}", source.read_bytes())
    columns = None if scenario.folder is None else scenario.folder / COLUMN_FILE
    if columns is not None and columns.is_file():
        folder.write(f"{name}/{COLUMN_FILE}", columns.read_bytes())
    folder.write(f"{name}/{file}", scenario.text)


def content_at(scenario: Scenario) -> tuple[str, dict[str, bytes]]:
    """Return the text of a scenario, and its data files by name."""
    files = {name: path.read_bytes() for name, path in scenario.data_files.items()}
    return scenario.text, files


def read_scenario(
    folder: Folder, name: str, steps: Sequence[Mapping[str, Any]] = (), file: str = FILE
) -> Scenario:
    """Return a scenario that was written, with changes made to it one after the other.

    Raises
    ------
    BadInputError
        When a file is not there, or the scenario is not valid any more.
    """
    from sim.scenario import Scenario

    place = f"{name}/{file}"
    try:
        text = folder.read(place).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInputError(f"{place}: must be UTF-8 text") from None
    scenario = Scenario.parse(text, folder.at(name), name=file)
    for step in steps:
        scenario = scenario.with_(**step)
    return scenario


def as_tables(words: Sequence[str], steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return changes as tables of a file: in words where there are as many, and by path."""
    said: Sequence[str | None] = words if len(words) == len(steps) else [None] * len(steps)
    return [
        {"words": word, "set": dict(step)} for word, step in zip(said, steps, strict=True) if step
    ]


def from_tables(tables: Any, where: str) -> tuple[tuple[str, ...], tuple[dict[str, Any], ...]]:
    """Return words and changes of such tables.

    Raises
    ------
    BadInputError
        When they are none.
    """
    found = tables if isinstance(tables, list) else [tables]
    if not all(isinstance(t, dict) and isinstance(t.get("set"), dict) for t in found):
        raise BadInputError(f"{where}: step: is damaged; allowed: tables with what they set")
    return tuple(change_text(t.get("words"), t["set"]) for t in found), tuple(
        t["set"] for t in found
    )


def change_text(words: object, step: Mapping[str, Any]) -> str:
    """Return a change in words, by its paths where there are none."""
    if isinstance(words, str) and words:
        return words
    return ", ".join(f"{path} = {value}" for path, value in step.items())
