"""Compare scenarios on the same random numbers, up to a number of replications or a precision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isnan, nan
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.comparison import Comparison, common_reduction
from sim.experiment.precision import PrecisionTarget, parse_precision, simulate_until_precise
from sim.experiment.replication_set import ReplicationSet
from sim.experiment.replications import Progress, ReplicationError
from sim.experiment.result import Result
from sim.experiment.simulation import (
    check_options,
    default_runs,
    engine_name,
    precision_notes,
    resolve_model,
    result_warnings,
)
from sim.experiment.variance_report import reduction_methods, savings_text
from sim.metrics.estimators import InfluenceEstimate
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.model import Model
    from sim.scenario import Scenario


def compare(
    scenarios: Sequence[Scenario | Model | str | Path],
    runs: int | None = None,
    seed: int | None = None,
    engine: str = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
    labels: Sequence[str] | None = None,
    *,
    precision: float | str | None = None,
    of: str | None = None,
    antithetic: bool = False,
    control: bool = False,
    allow_large: bool = False,
) -> Comparison:
    """Compare scenarios with the first of them.

    Parameters
    ----------
    scenarios : sequence of Scenario, Model, or paths
        The base and at least one other.
    runs : int, optional
        Replications of each; the number of the base by default.
    seed : int, optional
        One for all; the seed of the base by default.
    engine, workers, progress
        As for :func:`simulate`; progress counts the replications of all scenarios.
    labels : sequence of str, optional
        One for each scenario; their names by default, numbered where they are the same.
    precision : float or str, optional
        Instead of ``runs``: go on until half the width of the interval of every difference of
        one metric is no more than this; ``"2% of value"`` is of the base's value. As for
        :func:`simulate`.
    of : str, optional
        The metric of ``precision``, as for :func:`simulate`.
    antithetic, control, allow_large : bool
        As for :func:`simulate`.

    Returns
    -------
    Comparison

    Raises
    ------
    BadInputError
        With fewer than two scenarios, labels that do not fit, or what :func:`simulate` refuses.
    """
    models = [resolve_model(s, allow_large)[0] for s in scenarios]
    if len(models) < 2:
        raise BadInputError(f"scenarios: {len(models)} given, at least 2 are needed")
    seed = models[0].seed if seed is None else seed
    check_options(runs, precision, seed, workers, antithetic)
    names = unique_labels([m.name for m in models] if labels is None else list(labels), len(models))
    engine = engine_name(engine)
    replication_sets = [
        ReplicationSet(m, seed, engine, workers, antithetic, control) for m in models
    ]
    if precision is None:
        if of is not None:
            raise BadInputError("of: requires precision")
        simulate_all(replication_sets, default_runs(models[0], runs, antithetic), progress)
        notes: tuple[str, ...] = ()
    else:
        wanted = [parse_precision(m, precision, of) for m in models][0]
        simulate_until_precise(
            lambda n: simulate_all(replication_sets, n, progress),
            lambda: _widest_ratio(replication_sets, wanted),
            replication_sets[0].unit_size,
        )
        notes = tuple(
            f"{name}: {note}"
            for name, (gap, value) in zip(
                names[1:], _differences(replication_sets, wanted), strict=True
            )
            for note in precision_notes(wanted, gap, replication_sets[0].runs, value)
        )
    return _with_savings(
        Comparison(tuple(result_without_savings(c) for c in replication_sets), names, notes)
    )


def simulate_all(
    replication_sets: Sequence[ReplicationSet], runs: int, progress: Progress | None
) -> None:
    """Simulate every scenario until each has so many replications.

    Raises
    ------
    ReplicationError
        Saying in ``place`` which of them it was.
    """
    before, planned = replication_sets[0].runs, len(replication_sets) * runs
    new = runs - before
    for k, replication_set in enumerate(replication_sets):
        done = len(replication_sets) * before + k * new - before
        shifted = None if progress is None else _shifted_progress(progress, done, planned)
        try:
            replication_set.simulate_up_to(runs, shifted)
        except ReplicationError as error:
            error.place = k
            raise


def _differences(
    replication_sets: Sequence[ReplicationSet], wanted: PrecisionTarget
) -> list[tuple[InfluenceEstimate, float]]:
    """Return the difference of one metric of each other scenario, and the value of the base."""
    found = [wanted.metric_ref.evaluate(c.model, c.tallies).estimate for c in replication_sets]
    reduction = common_reduction(replication_sets)
    value = float(reduction.apply(found[0]).value)
    return [(reduction.apply(other.minus(found[0])), value) for other in found[1:]]


def _widest_ratio(replication_sets: Sequence[ReplicationSet], wanted: PrecisionTarget) -> float:
    """Return how far the widest confidence interval is too wide, NaN when one is not known."""
    off = [wanted.width_ratio(gap, value) for gap, value in _differences(replication_sets, wanted)]
    return nan if any(map(isnan, off)) else max(off)


def _with_savings(comparison: Comparison) -> Comparison:
    how = reduction_methods(comparison.reduction)
    saved = [
        f"{label}: {text}"
        for label, some in comparison.savings.items()
        for text in savings_text(some, how)
    ]
    return replace(comparison, notes=comparison.notes + tuple(saved)) if saved else comparison


def _shifted_progress(progress: Progress, before: int, planned: int) -> Progress:
    return lambda done, _: progress(before + done, planned)


def unique_labels(names: list[str], count: int) -> tuple[str, ...]:
    """Number names that appear more than once."""
    if len(names) != count:
        raise BadInputError(f"labels: {len(names)} given, {count} are needed")
    out: list[str] = []
    for name in names:
        label, k = name, 2
        while label in out:
            label, k = f"{name} ({k})", k + 1
        out.append(label)
    return tuple(out)


def result_without_savings(replication_set: ReplicationSet) -> Result:
    """Return the result of one scenario; savings are reported for differences only."""
    model, tallies = replication_set.model, replication_set.tallies
    return Result(
        model,
        replication_set.seed,
        replication_set.engine,
        tallies,
        result_warnings(model, tallies),
        replication_set.controls,
    )
