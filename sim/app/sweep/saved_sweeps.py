"""The sweeps of a workspace: what each holds, and how far it has come."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sim.app.workspace.names import free, slug
from sim.app.workspace.scenario_files import as_tables, from_tables, read_scenario, write_scenario
from sim.app.workspace.toml_writer import toml_text
from sim.experiment.sweep import cell_files
from sim.experiment.sweep.design import SweepPlan, plan_cells
from sim.experiment.sweep.fingerprint import sweep_settings
from sim.experiment.sweep.result import SweepResult
from sim.experiment.sweep.study import Study
from sim.units import BadInputError

if TYPE_CHECKING:
    from pathlib import Path

    from sim.app.workspace.folder import Folder
    from sim.experiment.sweep.worker import CellResult
    from sim.scenario import Scenario

SWEEPS = "sweeps"
MOST = 20
"""Sweeps of a workspace."""


@dataclass(frozen=True)
class SavedSweep:
    """A sweep in the workspace.

    Attributes
    ----------
    place : str
        Its folder in the workspace.
    study : Study
    where : Path
    """

    place: str
    study: Study
    where: Path

    @property
    def name(self) -> str:
        """Return its name."""
        return self.study.name

    @property
    def out(self) -> Path:
        """Return the folder of its cells."""
        return self.where / "out"

    @cached_property
    def plan(self) -> SweepPlan:
        """Return its cells."""
        return plan_cells(self.study)

    @property
    def done(self) -> int:
        """Return how many cells are finished."""
        return sum(1 for _ in self.out.glob("parts/*/cell-*.parquet"))

    @property
    def is_finished(self) -> bool:
        """Tell whether all cells and the tables are there."""
        return (self.out / "figures.parquet").is_file() and self.done >= len(self.plan.cells)

    @property
    def result(self) -> SweepResult:
        """Return its result; the sweep must be finished."""
        return SweepResult(
            sweep_settings(self.study, None), self.plan, self.finished_cells({}), self.out, 0
        )

    def finished_cells(self, known: dict[int, CellResult]) -> dict[int, CellResult]:
        """Return the finished cells by number; those known before are not read again."""
        mark = _mark(self.out)
        for cell in self.plan.cells:
            if cell.number not in known and mark:
                path = self.out / "parts" / f"{cell.number // 1000:03d}"
                found = cell_files.read(path / f"cell-{cell.number:06d}.parquet", cell.number, mark)
                if found is not None:
                    known[cell.number] = found
        return known


def _mark(out: Path) -> str:
    """Return the fingerprint that the parts of a sweep carry, empty before it began."""
    try:
        return str(json.loads((out / "manifest.json").read_text(encoding="utf-8"))["sweep"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def write_sweep(
    folder: Folder, scenario: Scenario, document: dict[str, Any], words: tuple[str, ...]
) -> SavedSweep:
    """Write the study of a sweep and its scenario, and return it.

    Without changes to the scenario, ``ccplan sweep study.toml --out FOLDER`` simulates it too.

    Raises
    ------
    BadInputError
        When there are too many, or it cannot be written.
    """
    taken = folder.folders(SWEEPS)
    if len(taken) >= MOST:
        raise BadInputError(f"sweeps: at most {MOST} can be saved; remove one first")
    place = f"{SWEEPS}/{free(slug(str(document['name'])), taken, '{}-{}')}"
    write_scenario(folder, place, scenario)
    if scenario.steps:
        table = {"step": as_tables(words, scenario.steps)}
        folder.write(f"{place}/changes.toml", toml_text(table))
    folder.write(f"{place}/study.toml", toml_text(document))
    return read_sweep(folder, place)


def read_sweep(folder: Folder, place: str) -> SavedSweep:
    """Return a sweep of the workspace.

    Raises
    ------
    BadInputError
        When a file is damaged.
    """
    steps: tuple[dict[str, Any], ...] = ()
    if folder.stamp(f"{place}/changes.toml"):
        file = f"{place}/changes.toml"
        steps = from_tables(folder.table(file).get("step", []), file)[1]
    scenario = read_scenario(folder, place, steps)
    try:
        study = Study.model_validate(folder.table(f"{place}/study.toml")).on(scenario)
    except ValidationError:
        raise BadInputError(f"{place}/study.toml: is damaged") from None
    return SavedSweep(place, study, folder.at(place))


def sweeps(folder: Folder) -> tuple[list[SavedSweep], list[str]]:
    """Return the sweeps of a workspace, and what is wrong with those that cannot be read."""
    found, wrong = [], []
    for name in folder.folders(SWEEPS):
        try:
            found.append(read_sweep(folder, f"{SWEEPS}/{name}"))
        except BadInputError as error:
            wrong.append(f"{SWEEPS}/{name}: {error}")
    return found, wrong
