"""A folder that keeps simulated plans, so that a search which was stopped can go on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import numpy as np

from sim.fileio import UNFINISHED, remove_unfinished, replaced, write_file
from sim.fileio.exclusive_folder import folder_lock
from sim.planning.staff_search.plan_tally import PlanTally
from sim.planning.staff_search.simulated_plans import SimulatedPlans
from sim.units import BadInputError

MANIFEST = "manifest.json"
WORDS = {
    "version": "version of ccplan", "scenario": "the scenario", "goals": "the goals",
    "seed": "the seed",
}  # fmt: skip


@contextmanager
def open_plans(
    folder: Path | None, identity: Mapping[str, object], cells: SimulatedPlans
) -> Iterator[None]:
    """Take simulated plans from a folder, and add the new ones at the end.

    Parameters
    ----------
    folder : Path or None
        Nothing is kept without one.
    identity : mapping
        What the plans depend on.
    cells : SimulatedPlans

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
        remove_unfinished(folder)
        parts = sorted(folder.glob("plans-*.npz"))
        for part in parts:
            _read(part, cells)
        cells.fresh.clear()
        try:
            yield
        finally:
            if cells.fresh:
                _write(folder / f"plans-{len(parts) + 1:04d}.npz", cells)


def _check_manifest(folder: Path, identity: dict[str, object]) -> None:
    path = folder / MANIFEST
    if not path.exists():
        strange = [p.name for p in folder.iterdir() if not p.name.startswith(".")]
        strange = [name for name in strange if not name.endswith(UNFINISHED)]
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


def _write(path: Path, cells: SimulatedPlans) -> None:
    """Write the new plans as one file."""
    plans = sorted(cells.fresh)
    found = [cells.cells[plan] for plan in plans]
    buffer = BytesIO()
    np.savez(
        buffer,
        plans=np.array(plans, np.int32),
        runs=np.array([cell.runs for cell in found]),
        total=np.stack([cell.total for cell in found]),
        surplus=np.concatenate([cell.surplus for cell in found]),
    )
    with replaced(path) as unfinished:
        unfinished.write_bytes(buffer.getvalue())


def _read(path: Path, cells: SimulatedPlans) -> None:
    try:
        with np.load(path, allow_pickle=False) as found:
            plans, runs = found["plans"], found["runs"]
            total, surplus = found["total"], found["surplus"]
    except (OSError, ValueError, KeyError):
        raise BadInputError(f"{path}: cannot be read; remove it to go on") from None
    ends = np.cumsum(runs)
    for k, plan in enumerate(plans):
        rows = surplus[ends[k] - runs[k] : ends[k]]
        cells.cells[tuple(int(n) for n in plan)] = PlanTally(total[k], rows)
