"""A sweep from its study to its tables; what was finished before is not lived again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.sweep.design import Cell, Plan, laid_out
from sim.experiment.sweep.fingerprint import Setting, identity, setting, task_of
from sim.experiment.sweep.folder import Store, opened
from sim.experiment.sweep.pool import WorkerError, outcomes
from sim.experiment.sweep.result import Swept, slim
from sim.experiment.sweep.study import Study, load_study
from sim.experiment.sweep.tables import CELLS, FIGURES, write_cells, write_figures
from sim.experiment.sweep.worker import Failed, Lived
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment.sweep.worker import Task

Progress = Callable[[int, int, int], None]
"""Called with the cells finished, those planned, and those found finished at the start."""


class SweepError(RuntimeError):
    """Some cells failed; the message says which, and how to see each again."""


def sweep(
    study: Study | str | Path,
    out: str | Path,
    workers: int | None = None,
    cluster: str | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    *,
    allow_large: bool = False,
) -> Swept:
    """Live every cell of a study and keep what comes of it in a folder.

    Whatever stops it, the same call goes on where it was; the tables are the same to the byte
    as if nothing had happened, whatever the number of workers.

    Parameters
    ----------
    study : Study or path
    out : str or Path
        A new folder, or that of the same study to go on with.
    workers : int, optional
        Processes of this machine; one for each core unless given.
    cluster : str, optional
        Address of a Dask scheduler to use instead.
    seed : int, optional
        The study's own unless given.
    progress : callable, optional
        Called after each cell.
    allow_large : bool
        As for :func:`sim.experiment.simulate`.

    Returns
    -------
    Swept

    Raises
    ------
    BadInputError
        When the study, the folder or the cluster cannot be used.
    SweepError
        When cells failed, after all others were finished.
    """
    if workers is not None and workers < 1:
        raise BadInputError(f"workers: {workers} must be at least 1")
    if seed is not None and seed < 0:
        raise BadInputError(f"seed: {seed} must not be negative")
    if workers is not None and cluster is not None:
        raise BadInputError("workers, cluster: give one of them, not both")
    plan_of = study if isinstance(study, Study) else load_study(study)
    plan = laid_out(plan_of)
    common = setting(plan_of, seed)
    with opened(Path(out), identity(common, plan, allow_large)) as store:
        found = {cell.number for cell in plan.cells if store.read(cell.number) is not None}
        missing = [cell for cell in plan.cells if cell.number not in found]
        if progress is not None:
            progress(len(found), len(plan.cells), len(found))
        failed = _live(store, common, missing, (workers, cluster), len(plan.cells), progress)
        if failed:
            raise SweepError(_told(failed, len(plan.cells)))
        lived: dict[int, Lived] = {}
        write_figures(store.folder / FIGURES, plan, _read(store, plan_of, plan, lived))
        write_cells(store.folder / CELLS, plan, lived)
    return Swept(common, plan, lived, Path(out), len(missing))


def _live(
    store: Store,
    common: Setting,
    missing: list[Cell],
    where: tuple[int | None, str | None],
    planned: int,
    progress: Progress | None,
) -> list[Failed]:
    """Live the cells that are missing, keep each as it comes, return those that failed."""
    if not missing:
        return []
    before = planned - len(missing)
    failed: list[Failed] = []
    coming = outcomes(_tasks(common, missing), len(missing), common.engine, *where)
    with closing(coming):  # an interruption ends the workers at once
        for done, outcome in enumerate(coming, 1):
            if isinstance(outcome, Failed):
                failed.append(outcome)
            else:
                _same_version(outcome, store)
                store.keep(outcome)
            if progress is not None:
                progress(before + done, planned, before)
    return failed


def _tasks(common: Setting, cells: list[Cell]) -> Iterator[Task]:
    for cell in cells:
        yield task_of(common, cell)


def _same_version(lived: Lived, store: Store) -> None:
    here = store.identity["version"]
    if lived.version != here:
        raise WorkerError(
            f"a worker has ccplan {lived.version}, this is {here}: install one version everywhere"
        )


def _read(store: Store, study: Study, plan: Plan, kept: dict[int, Lived]) -> Iterator[Lived]:
    """Yield the cells in their order, and keep of each what is shown."""
    for cell in plan.cells:
        found = store.read(cell.number)
        if found is None:
            raise OSError(f"{store.part(cell.number)}: cannot be read any more; try again")
        kept[cell.number] = slim(found, study)
        yield found


def _told(failed: list[Failed], planned: int) -> str:
    first = sorted(failed, key=lambda f: f.number)[:5]
    more = f"\n… and {len(failed) - 5} more" if len(failed) > 5 else ""
    head = f"{len(failed)} of {planned} cells failed; the others are kept"
    return "\n".join([first[0].trace, head, *(f.message for f in first)]) + more
