"""A sweep from its study to its tables; what was finished before is not simulated again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.sweep.design import Cell, SweepPlan, plan_cells
from sim.experiment.sweep.fingerprint import (
    SweepSettings,
    cell_task,
    sweep_identity,
    sweep_settings,
)
from sim.experiment.sweep.folder import SweepFolder, open_sweep_folder
from sim.experiment.sweep.result import SweepResult, displayed_metrics
from sim.experiment.sweep.result_tables import CELLS, METRICS, write_cells, write_metrics
from sim.experiment.sweep.study import Study, load_study
from sim.experiment.sweep.worker import CellFailure, CellResult
from sim.experiment.sweep.worker_pool import WorkerError, simulate_cells
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment.sweep.worker import CellTask

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
) -> SweepResult:
    """Simulate every cell of a study and save the results in a folder.

    Whatever stops it, the same call goes on where it was; the tables are the same to the byte
    as if nothing had happened, whatever the number of workers.

    Parameters
    ----------
    study : Study or path
    out : str or Path
        A new folder, or that of the same study to go on with.
    workers : int, optional
        Processes of this machine; one for each core by default.
    cluster : str, optional
        Address of a Dask scheduler to use instead.
    seed : int, optional
        The study's own by default.
    progress : callable, optional
        Called after each cell.
    allow_large : bool
        As for :func:`sim.experiment.simulate`.

    Returns
    -------
    SweepResult

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
    plan = plan_cells(plan_of)
    settings = sweep_settings(plan_of, seed)
    with open_sweep_folder(Path(out), sweep_identity(settings, plan, allow_large)) as sweep_folder:
        found = {cell.number for cell in plan.cells if sweep_folder.read(cell.number) is not None}
        missing = [cell for cell in plan.cells if cell.number not in found]
        if progress is not None:
            progress(len(found), len(plan.cells), len(found))
        failed = _simulate_missing(
            sweep_folder, settings, missing, (workers, cluster), len(plan.cells), progress
        )
        if failed:
            raise SweepError(_failure_text(failed, len(plan.cells)))
        cell_results: dict[int, CellResult] = {}
        write_metrics(
            sweep_folder.folder / METRICS,
            plan,
            _read_cells(sweep_folder, plan_of, plan, cell_results),
        )
        write_cells(sweep_folder.folder / CELLS, plan, cell_results)
    return SweepResult(settings, plan, cell_results, Path(out), len(missing))


def _simulate_missing(
    sweep_folder: SweepFolder,
    settings: SweepSettings,
    missing: list[Cell],
    where: tuple[int | None, str | None],
    planned: int,
    progress: Progress | None,
) -> list[CellFailure]:
    """Simulate the missing cells, save each as it comes, return those that failed."""
    if not missing:
        return []
    before = planned - len(missing)
    failed: list[CellFailure] = []
    coming = simulate_cells(_cell_tasks(settings, missing), len(missing), settings.engine, *where)
    with closing(coming):  # an interruption ends the workers at once
        for done, outcome in enumerate(coming, 1):
            if isinstance(outcome, CellFailure):
                failed.append(outcome)
            else:
                _same_version(outcome, sweep_folder)
                sweep_folder.save(outcome)
            if progress is not None:
                progress(before + done, planned, before)
    return failed


def _cell_tasks(settings: SweepSettings, cells: list[Cell]) -> Iterator[CellTask]:
    for cell in cells:
        yield cell_task(settings, cell)


def _same_version(cell_result: CellResult, sweep_folder: SweepFolder) -> None:
    here = sweep_folder.identity["version"]
    if cell_result.version != here:
        raise WorkerError(
            f"a worker has ccplan {cell_result.version}, this is {here}: "
            "install one version everywhere"
        )


def _read_cells(
    sweep_folder: SweepFolder, study: Study, plan: SweepPlan, kept: dict[int, CellResult]
) -> Iterator[CellResult]:
    """Yield the cells in their order, and keep of each what is shown."""
    for cell in plan.cells:
        found = sweep_folder.read(cell.number)
        if found is None:
            raise OSError(
                f"{sweep_folder.cell_file(cell.number)}: cannot be read any more; try again"
            )
        kept[cell.number] = displayed_metrics(found, study)
        yield found


def _failure_text(failed: list[CellFailure], planned: int) -> str:
    first = sorted(failed, key=lambda f: f.number)[:5]
    more = f"\n… and {len(failed) - 5} more" if len(failed) > 5 else ""
    head = f"{len(failed)} of {planned} cells failed; the others are kept"
    return "\n".join([first[0].trace, head, *(f.message for f in first)]) + more
