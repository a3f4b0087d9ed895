"""Compare scenarios that live the same days, as often as asked or as the precision needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isnan, nan
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.comparison import Comparison, common_reduction
from sim.experiment.precision import PrecisionTarget, parse_precision, simulate_until_precise
from sim.experiment.replicate import Progress, ReplicationError
from sim.experiment.replication_run import ReplicationSet
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
from sim.metrics.estimate import InfluenceEstimate
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
        Replications of each; the number of the base unless given.
    seed : int, optional
        One for all; the seed of the base unless given.
    engine, workers, progress
        As for :func:`simulate`; progress counts the replications of all scenarios.
    labels : sequence of str, optional
        One for each scenario; their names unless given, numbered where they are the same.
    precision : float or str, optional
        Instead of ``runs``: go on until half the width of the interval of every difference of
        one figure is no more than this; ``"2% of value"`` is of the base's value. As for
        :func:`simulate`.
    of : str, optional
        The figure of ``precision``, as for :func:`simulate`.
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
    played = engine_name(engine)
    courses = [ReplicationSet(m, seed, played, workers, antithetic, control) for m in models]
    if precision is None:
        if of is not None:
            raise BadInputError("of: give the precision too that this figure shall have")
        simulate_all(courses, default_runs(models[0], runs, antithetic), progress)
        notes: tuple[str, ...] = ()
    else:
        wanted = [parse_precision(m, precision, of) for m in models][0]
        simulate_until_precise(
            lambda n: simulate_all(courses, n, progress),
            lambda: _widest_ratio(courses, wanted),
            courses[0].together,
        )
        notes = tuple(
            f"{name}: {note}"
            for name, (gap, value) in zip(names[1:], _differences(courses, wanted), strict=True)
            for note in precision_notes(wanted, gap, courses[0].runs, value)
        )
    return _with_savings(
        Comparison(tuple(result_without_savings(c) for c in courses), names, notes)
    )


def simulate_all(courses: Sequence[ReplicationSet], runs: int, progress: Progress | None) -> None:
    """Go on with every scenario until each has lived so many replications.

    Raises
    ------
    ReplicationError
        Saying in ``place`` which of them it was.
    """
    before, planned = courses[0].runs, len(courses) * runs
    new = runs - before
    for k, course in enumerate(courses):
        done = len(courses) * before + k * new - before
        told = None if progress is None else _shifted_progress(progress, done, planned)
        try:
            course.go_on(runs, told)
        except ReplicationError as error:
            error.place = k
            raise


def _differences(
    courses: Sequence[ReplicationSet], wanted: PrecisionTarget
) -> list[tuple[InfluenceEstimate, float]]:
    """Return the difference of one figure of each other scenario, and the value of the base."""
    found = [wanted.which.of(c.model, c.tallies).estimate for c in courses]
    reduction = common_reduction(courses)
    value = float(reduction.of(found[0]).value)
    return [(reduction.of(other.minus(found[0])), value) for other in found[1:]]


def _widest_ratio(courses: Sequence[ReplicationSet], wanted: PrecisionTarget) -> float:
    """Return how far the widest of the intervals is too wide, NaN when one is not known."""
    off = [wanted.off(gap, value) for gap, value in _differences(courses, wanted)]
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


def result_without_savings(course: ReplicationSet) -> Result:
    """Return what was found of one scenario; savings are told of the differences alone."""
    model, tallies = course.model, course.tallies
    return Result(
        model, course.seed, course.engine, tallies, result_warnings(model, tallies), course.controls
    )
