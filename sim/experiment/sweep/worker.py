"""What a worker does: simulate one cell and return its metrics, or the error."""

from __future__ import annotations

import shlex
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiment.replications import ReplicationError
from sim.experiment.simulation import simulate

if TYPE_CHECKING:
    from sim.experiment.result import Result
    from sim.experiment.sweep.study_fields import MetricPattern
    from sim.metrics.scoped_estimate import ScopedEstimate
    from sim.model import Model

CellRow = tuple[str, str, str, float | None, float | None, float | None, str, str]
"""Scope, name, metric, value, low, high, unit, note."""
COLUMNS = ("scope", "name", "metric", "value", "low", "high", "unit", "note")


@dataclass(frozen=True)
class CellTask:
    """One cell to simulate.

    Attributes
    ----------
    number : int
        Of the cell.
    label : str
        What it is called in messages.
    replay : str
        The command that repeats it, without the number of runs.
    model : Model
    runs : int or None
    precision : float or None
    seed : int
    engine : str
    headline : MetricPattern
        Its influence is kept, for differences between cells.
    metrics : tuple of MetricPattern
        What is kept; empty for everything.
    """

    number: int
    label: str
    replay: str
    model: Model
    runs: int | None
    precision: float | None
    seed: int
    engine: str
    headline: MetricPattern
    metrics: tuple[MetricPattern, ...]


@dataclass(frozen=True)
class CellResult:
    """The result of one cell.

    Attributes
    ----------
    number, runs : int
    rows : list of CellRow
        In the order of the metrics.
    influence : list of float
        Of the headline, one for each replication.
    notes : tuple of str
    version : str
        Of the program that simulated it.
    """

    number: int
    runs: int
    rows: list[CellRow]
    influence: list[float]
    notes: tuple[str, ...]
    version: str


@dataclass(frozen=True)
class CellFailure:
    """What went wrong in a cell, and how to reproduce it."""

    number: int
    message: str
    trace: str


def replay_command(base: str, changes: Mapping[str, Any], seed: int, engine: str) -> str:
    """Return the command that repeats a cell, but for the number of runs."""
    sets = [f"--set {shlex.quote(f'{path}={_toml(value)}')}" for path, value in changes.items()]
    chosen = [] if engine == "auto" else [f"--engine {engine}"]
    return " ".join(["ccplan run", shlex.quote(base), *sets, *chosen, f"--seed {seed}"])


def _toml(value: Any) -> str:
    """Return a value as ``--set`` reads it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_quoted(item) for item in value)}]"
    if isinstance(value, Mapping):
        inner = (f'"{key}" = {_quoted(item)}' for key, item in value.items())
        return f"{{ {', '.join(inner)} }}"
    return str(value)


def _quoted(value: Any) -> str:
    import json

    return json.dumps(value) if isinstance(value, str) else _toml(value)


def simulate_cell(task: CellTask) -> CellResult | CellFailure:
    """Simulate one cell in this process.

    Whatever goes wrong comes back as :class:`CellFailure`, so that the other cells go on.
    """
    try:
        return _cell_result(task)
    except ReplicationError as error:
        return _cell_failure(task, str(error), str(error.replication))
    except Exception as error:
        text = f"seed {task.seed}: {type(error).__name__}: {error}"
        return _cell_failure(task, text, str(task.runs or 1))


def _cell_failure(task: CellTask, text: str, runs: str) -> CellFailure:
    message = f"{task.label}: {text}\n  to reproduce it: {task.replay} --runs {runs}"
    return CellFailure(task.number, message, traceback.format_exc())


def _cell_result(task: CellTask) -> CellResult:
    from sim import __version__
    from sim.metrics.metric_rows import rows_of_horizon

    result = simulate(
        task.model,
        runs=task.runs,
        seed=task.seed,
        precision=task.precision,
        engine=task.engine,
        workers=1,
    )
    estimates = _kept_estimates(result, task)
    rows = [
        (r.scope, r.name, r.metric, r.value, r.low, r.high, r.unit, r.note)
        for r in rows_of_horizon(result.model, estimates, result.reduction)
    ]
    influence = _influence(estimates, task.headline)
    return CellResult(task.number, result.runs, rows, influence, result.notes, __version__)


def _kept_estimates(result: Result, task: CellTask) -> list[ScopedEstimate]:
    """Return the estimates of what is kept of a cell; others are not computed."""
    from sim.metrics import compute_estimates

    if not task.metrics:
        return compute_estimates(result.model, result.tallies)
    kept = (task.headline, *task.metrics)
    found = compute_estimates(result.model, result.tallies, {one.metric for one in kept})
    return [f for f in found if any(_holds(one, f) for one in kept)]


def _influence(estimates: list[ScopedEstimate], headline: MetricPattern) -> list[float]:
    for found in estimates:
        if _holds(headline, found):
            return [float(x) for x in found.estimate.influence]
    return []


def _holds(pattern: MetricPattern, found: ScopedEstimate) -> bool:
    return pattern.holds(found.scope.kind, found.scope.name, found.metric)
