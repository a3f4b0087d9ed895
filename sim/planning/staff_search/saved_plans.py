"""A folder that keeps simulated plans, so that a search which was stopped can go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import numpy as np

from sim.fileio import replaced
from sim.planning.search_folder import search_folder
from sim.planning.staff_search.plan_tally import PlanTally
from sim.planning.staff_search.simulated_plans import SimulatedPlans
from sim.units import BadInputError

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
    with search_folder(folder, identity, WORDS):
        parts = sorted(folder.glob("plans-*.npz"))
        for part in parts:
            _read(part, cells)
        cells.fresh.clear()
        try:
            yield
        finally:
            if cells.fresh:
                _write(folder / f"plans-{len(parts) + 1:04d}.npz", cells)


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
