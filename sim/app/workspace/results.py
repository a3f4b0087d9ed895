"""Saved results: the scenario, settings and metrics, so that they can be simulated again."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.app.workspace.scenario_files import (
    as_tables,
    change_text,
    from_tables,
    read_scenario,
    write_scenario,
)
from sim.app.workspace.toml_writer import toml_text
from sim.experiment.result import Estimate
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.workspace.folder import Folder
    from sim.experiment import Result
    from sim.scenario import Scenario

RESULTS = "results"
FORMAT = 1


@dataclass(frozen=True)
class SavedResult:
    """A result saved under a name.

    Attributes
    ----------
    name, note : str
    scenario : Scenario
        With its changes.
    words : tuple of str
        Changes of the scenario file, in words.
    result : Result or None
        None when it was read from a file, which holds no replications.
    runs, seed : int
        Of the result, where that is None.
    level : Estimate or None
        Service level of the center when it was saved, where the result is None.
    version : str
        Of the program that simulated it; empty for this one.
    """

    name: str
    note: str
    scenario: Scenario
    words: tuple[str, ...]
    result: Result | None = None
    runs: int = 0
    seed: int = 1
    level: Estimate | None = None
    version: str = ""

    def __post_init__(self) -> None:
        """Take runs and seed from the result."""
        if self.result is not None:
            object.__setattr__(self, "runs", self.result.runs)
            object.__setattr__(self, "seed", self.result.seed)

    @property
    def service_level(self) -> Estimate | None:
        """Return the service level of the center, without simulating."""
        if self.result is not None:
            return service_level(self.result)
        return self.level

    @property
    def changes(self) -> list[tuple[str, dict[str, Any]]]:
        """Return each change of the file: in words, and by path."""
        steps = self.scenario.steps
        words = self.words if len(self.words) == len(steps) else [""] * len(steps)
        return [(change_text(word, step), step) for word, step in zip(words, steps, strict=True)]


def service_level(result: Result) -> Estimate | None:
    """Return the service level of the center; None where the scenario has none."""
    try:
        return result.estimate("service_level")
    except BadInputError:
        return None


def write_saved_result(folder: Folder, place: str, one: SavedResult) -> None:
    """Write a saved result that was just simulated: settings, metrics, scenario.

    ``result.toml`` is written last: without it there is no result.
    """
    from sim import __version__

    result = one.result
    if result is None:
        raise ValueError(f"{one.name}: read from a file; only what was simulated is written")
    level = service_level(result)
    write_scenario(folder, place, one.scenario)
    sink = io.BytesIO()
    result.table().to_parquet(sink, index=False)
    folder.write(f"{place}/figures.parquet", sink.getvalue())
    head = {
        "format": FORMAT,
        "name": one.name,
        "note": one.note,
        "scenario": one.scenario.name,
        "runs": result.runs,
        "seed": result.seed,
        "version": __version__,
        "fingerprint": one.scenario.fingerprint,
        "service_level": None if level is None else [level.value, level.low, level.high],
        "step": as_tables(one.words, one.scenario.steps),
    }
    folder.write(f"{place}/result.toml", toml_text(_known(head)))


def _known(head: dict[str, Any]) -> dict[str, Any]:
    level = head["service_level"]
    if level is not None and None in level:
        head["service_level"] = [x for x in level if x is not None]
    return head


def read_saved_result(folder: Folder, place: str) -> SavedResult:
    """Return a result that was saved.

    Raises
    ------
    BadInputError
        When a file is damaged, or the scenario is not the one that was saved.
    """
    file = f"{place}/result.toml"
    head = folder.table(file)
    try:
        name, note, runs, seed = (head[key] for key in ("name", "note", "runs", "seed"))
        version, mark = str(head["version"]), str(head["fingerprint"])
    except KeyError as error:
        raise BadInputError(f"{file}: is damaged: {error.args[0]} is missing") from None
    whole = isinstance(runs, int) and isinstance(seed, int) and 1 <= runs <= 10**6 and seed >= 0
    if not (whole and isinstance(name, str) and name.strip() and isinstance(note, str)):
        raise BadInputError(f"{file}: is damaged: name, note, runs or seed has the wrong type")
    words, steps = from_tables(head.get("step", []), file)
    scenario = read_scenario(folder, place, steps)
    if scenario.fingerprint != mark:
        raise BadInputError(
            f"{place}: its scenario or a data file was changed after it was saved; "
            "restore the old files, or remove the result"
        )
    level = _level(head.get("service_level"))
    return SavedResult(name, note, scenario, words, None, runs, seed, level, version)


def _level(found: Any) -> Estimate | None:
    if not isinstance(found, list) or not all(isinstance(x, float) for x in found):
        return None
    if len(found) not in (1, 3):
        return None
    low, high = found[1:] or (None, None)
    return Estimate(found[0], low, high, "share")
