"""A folder that keeps the metrics of simulated mixes, so that a stopped search can be resumed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from sim.fileio import write_file
from sim.metrics.estimators import InfluenceEstimate
from sim.planning.investment.simulated_mixes import Estimates, SimulatedMixes
from sim.planning.search_folder import search_folder
from sim.units import BadInputError

MIXES = "mixes.jsonl"
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
    with search_folder(folder, identity, WORDS):
        path = folder / MIXES
        _read(path, mixes)
        with path.open("a", encoding="utf-8") as file:
            mixes.save = lambda *one: _append(file, *one)
            try:
                yield
            finally:
                mixes.save = None


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
