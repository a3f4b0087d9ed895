"""What the cells of a sweep depend on: if any of it changes, it is another sweep."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiment.sweep.folder import FORMAT
from sim.experiment.sweep.worker import CellTask, replay_command
from sim.scenario import Scenario, ScenarioError
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment.sweep.design import Cell, SweepPlan
    from sim.experiment.sweep.study import Study


@dataclass(frozen=True)
class SweepSettings:
    """What is the same for all cells.

    Attributes
    ----------
    study : Study
    runs : int or None
        None when each cell takes its scenario's own number, or a precision decides.
    precision : float or None
    seed : int
    engine : str
        The one that plays.
    """

    study: Study
    runs: int | None
    precision: float | None
    seed: int
    engine: str


def sweep_settings(study: Study, seed: int | None) -> SweepSettings:
    """Return what is the same for all cells; a seed given comes before the study's."""
    from sim.engine import resolve_engine

    precision = study.precision
    if precision is None and study.runs is None:
        precision = study.scenario.experiment.precision
    chosen_seed = study.seed if seed is None else seed
    return SweepSettings(study, study.runs, precision, chosen_seed, resolve_engine(study.engine))


def cell_scenario(study: Study, cell: Cell) -> Scenario:
    """Return the scenario of a cell.

    Raises
    ------
    BadInputError
        When what it changes does not fit; the message names the cell.
    """
    if not cell.changes:
        return study.scenario
    try:
        return study.scenario.with_(**cell.changes)
    except ScenarioError as error:
        raise BadInputError(f"{study.name}: {cell}: {error}") from None


def cell_task(settings: SweepSettings, cell: Cell) -> CellTask:
    """Return what a worker needs to live a cell."""
    from sim.model import build

    study = settings.study
    return CellTask(
        number=cell.number,
        label=str(cell),
        replay=replay_command(study.source, cell.changes, settings.seed, study.engine),
        model=build(cell_scenario(study, cell)),
        runs=settings.runs,
        precision=settings.precision,
        seed=settings.seed,
        engine=settings.engine,
        headline=study.headline,
        metrics=study.figures,
    )


def sweep_identity(
    settings: SweepSettings, plan: SweepPlan, allow_large: bool = False
) -> dict[str, Any]:
    """Return what the cells depend on, as the manifest keeps it.

    Every cell is checked, so that an error is reported before any is simulated.

    Raises
    ------
    BadInputError
        When a cell does not fit or has too many contacts, or no cell has a metric that is
        wanted.
    """
    from sim import __version__
    from sim.metrics.metric_ref import has_metric, require_metric
    from sim.model import build
    from sim.scenario.size import expected_contacts, refuse_too_large

    study = settings.study
    cells = hashlib.sha256()
    unseen = [study.headline, *study.figures]
    for cell in plan.cells:
        scenario = cell_scenario(study, cell)
        if not allow_large:
            refuse_too_large(expected_contacts(scenario), f"{study.name}: {cell}")
        cells.update(scenario.fingerprint.encode())
        if unseen:
            model = build(scenario)
            unseen = [wanted for wanted in unseen if not has_metric(model, *wanted.place)]
    if unseen:
        require_metric(model, *unseen[0].place)
    said = study.model_dump(mode="json", by_alias=True, exclude_none=True)
    for key in ("runs", "precision", "seed", "engine"):
        said.pop(key, None)
    return {
        "format": FORMAT,
        "study": said,
        "scenario": {"name": study.scenario.name, "fingerprint": study.scenario.fingerprint},
        "seed": settings.seed,
        "runs": settings.runs,
        "precision": settings.precision,
        "engine": settings.engine,
        "version": __version__,
        "cells": {"count": len(plan.cells), "fingerprint": cells.hexdigest()},
    }
