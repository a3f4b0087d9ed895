"""A folder that keeps the metrics of simulated mixes, so that a stopped search can be resumed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from sim.fileio import write_file
from sim.fileio.exclusive_folder import folder_lock
from sim.metrics.estimators import InfluenceEstimate
from sim.planning.investment.simulated_mixes import Estimates, SimulatedMixes
from sim.units import BadInputError

MANIFEST, MIXES = "manifest.json", "mixes.jsonl"
WORDS = {
    "version": "version of ccplan", "scenario": "the scenario", "levers": "the levers",
    "metrics": "the objective", "seed": "the seed",
}  # fmt: skip


@contextmanager
def open_mixes(
    folder: Path | None, identity: Mapping[str, object], mixes: SimulatedMixes
) -> Iterator[None]:
    """Take simulated mixes from a folder, and add each new one when it is finished.

    Parameters
    ----------
    folder : Path or None
        Nothing is saved without one.
    identity : mapping
        What the metrics depend on.
    mixes : SimulatedMixes

    Raises
    ------
    BadInputError
        When the folder belongs to another search or holds something else.
    """
    if folder is None:
        yield
        return
    if folder.exists() and not folder.is_dir():
        raise BadInputError(f"{folder}: is a file; allowed: a folder")
    folder.mkdir(parents=True, exist_ok=True)
    with folder_lock(folder):
        _check_manifest(folder, dict(identity))
        path = folder / MIXES
        _read(path, mixes)
        with path.open("a", encoding="utf-8") as file:
            mixes.save = lambda *one: _append(file, *one)
            try:
                yield
            finally:
                mixes.save = None


def _check_manifest(folder: Path, identity: dict[str, object]) -> None:
    path = folder / MANIFEST
    if not path.exists():
        strange = [one.name for one in folder.iterdir() if not one.name.startswith(".")]
        if strange:
            raise BadInputError(
                f"{folder}: holds {strange[0]!r} and no search; allowed: a new or an empty folder"
            )
        write_file(path, json.dumps(identity, indent=1) + "\n", to_disk=True)
        return
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        before = None
    if not isinstance(before, dict):
        raise BadInputError(f"{path}: cannot be read; give another folder")
    changed = [words for key, words in WORDS.items() if before.get(key) != identity[key]]
    if changed:
        raise BadInputError(
            f"{folder}: belongs to another search ({', '.join(changed)} differs); "
            "give another folder"
        )


def _append(file: TextIO, key: str, seed: int, runs: int, found: Estimates) -> None:
    metrics = {
        name: [float(one.value), one.influence.tolist(), one.span, one.fitted]
        for name, one in found.items()
    }
    row = {"key": key, "seed": seed, "runs": runs, "metrics": metrics}
    file.write(json.dumps(row) + "\n")
    file.flush()


def _read(path: Path, mixes: SimulatedMixes) -> None:
    """Read the mixes; a last line that was not finished is removed."""
    if not path.exists():
        return
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        write_file(path, "".join(lines[:-1]), to_disk=True)
        lines.pop()
    for line in lines:
        try:
            row = json.loads(line)
            found = {name: _estimate(*one) for name, one in row["metrics"].items()}
            mixes.found[str(row["key"]), int(row["seed"]), int(row["runs"])] = found
        except (ValueError, KeyError, TypeError):
            raise BadInputError(f"{path}: cannot be read; remove it to begin anew") from None


def _estimate(value: float, influence: list[float], span: Any, fitted: int) -> InfluenceEstimate:
    limits = None if span is None else (float(span[0]), float(span[1]))
    return InfluenceEstimate(np.array(value), np.array(influence), limits, fitted)
