"""Variants: changes of a scenario under a name, with a note, as a file of a few lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.app.workspace.scenario_files import as_tables, from_tables
from sim.app.workspace.toml_writer import toml_text
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.workspace.folder import Folder
    from sim.scenario import Scenario

VARIANTS = "variants"


@dataclass(frozen=True)
class Variant:
    """Named changes that are applied to a scenario.

    Attributes
    ----------
    name, note : str
    base : str
        The scenario it belongs to, as the choice of scenarios names it.
    words : tuple of str
        Each change in words.
    steps : tuple of dict
        Each change by path; made one after the other.
    """

    name: str
    note: str
    base: str
    words: tuple[str, ...]
    steps: tuple[dict[str, Any], ...]

    def over(self, scenario: Scenario) -> Scenario:
        """Return a scenario with the changes.

        Raises
        ------
        ScenarioError
            When they do not fit the scenario any more.
        """
        for step in self.steps:
            scenario = scenario.with_(**step)
        return scenario


def write_variant(folder: Folder, file: str, one: Variant) -> None:
    """Write a variant."""
    head = {"name": one.name, "note": one.note, "base": one.base}
    folder.write(file, toml_text(head | {"step": as_tables(one.words, one.steps)}))


def read_variant(folder: Folder, file: str) -> Variant:
    """Return a variant that was written.

    Raises
    ------
    BadInputError
        When the file is damaged.
    """
    head = folder.table(file)
    name, note, base = (head.get(key, "") for key in ("name", "note", "base"))
    if not all(isinstance(text, str) for text in (name, note, base)) or not (name.strip() and base):
        raise BadInputError(f"{file}: is damaged; allowed: texts for name, note and base")
    words, steps = from_tables(head.get("step", []), file)
    return Variant(name, note, base, words, steps)
