"""Simulate one scenario: as many replications as asked for, or as the precision needs."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.precision import PrecisionTarget, parse_precision, simulate_until_precise
from sim.experiment.replication_set import ReplicationSet
from sim.experiment.replications import Progress
from sim.experiment.result import Result
from sim.experiment.variance_report import reduction_methods, savings_text
from sim.metrics import Tallies, parse_metric
from sim.metrics.estimators import InfluenceEstimate
from sim.model import Group, Model
from sim.units import BadInputError, show_share

if TYPE_CHECKING:
    from sim.scenario import Scenario

OVERLOAD_SHARE = 0.5
"""Share of lost contacts above which a note reports an overload."""


def simulate(
    center: Scenario | Model | str | Path,
    runs: int | None = None,
    seed: int | None = None,
    precision: float | str | None = None,
    engine: str = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
    *,
    of: str | None = None,
    antithetic: bool = False,
    control: bool = False,
    allow_large: bool = False,
) -> Result:
    """Simulate a scenario.

    Parameters
    ----------
    center : Scenario, Model, or path of a scenario file
    runs : int, optional
        Replications; the scenario's own number by default.
    seed : int, optional
        The scenario's own seed by default.
    precision : float or str, optional
        Instead of ``runs``: simulate until half the width of the 95 % confidence interval of one
        metric is at most this, in its unit (``0.005`` or ``"0.5%"`` of a share, ``"5s"``) or
        as ``"2% of value"``, for at most 10,000 replications.
    engine : str
        ``auto`` or the name of an engine.
    workers : int, optional
        Processes. The result is the same whatever their number.
    progress : callable, optional
        Called with the replications done and planned.
    of : str, optional
        The metric of ``precision``: ``asa_s`` of the whole, ``queue.billing.asa_s`` of a place;
        the service level of the whole by default.
    antithetic : bool
        Simulate replications in pairs, of which the second is the mirror of the first.
    control : bool
        Use control variates: arrivals and work (:mod:`sim.experiment.control_variates`).
    allow_large : bool
        Simulate also what has more contacts than :data:`sim.scenario.size.MOST_CONTACTS`.

    Returns
    -------
    Result

    Raises
    ------
    BadInputError
        When there is no such engine or metric, a number is out of its bounds, or ``runs`` and
        ``precision`` are both given.
    sim.scenario.size.TooLargeError
        When there are too many contacts for the memory of most machines.
    sim.scenario.ScenarioError
        When the file is not a valid scenario.
    """
    model, own_precision = resolve_model(center, allow_large)
    seed = model.seed if seed is None else seed
    check_options(runs, precision, seed, workers, antithetic)
    replication_set = ReplicationSet(model, seed, engine_name(engine), workers, antithetic, control)
    if precision is None and runs is None and of is None:
        precision = own_precision
    if of is not None and precision is None:
        raise BadInputError("of: requires precision")
    if precision is None:
        replication_set.simulate_up_to(default_runs(model, runs, antithetic), progress)
        return make_result(replication_set)
    wanted = parse_precision(model, precision, of)
    simulate_until_precise(
        lambda n: replication_set.simulate_up_to(n, progress),
        lambda: wanted.width_ratio(_current_estimate(replication_set, wanted)),
        replication_set.unit_size,
    )
    return make_result(
        replication_set,
        precision_notes(wanted, _current_estimate(replication_set, wanted), replication_set.runs),
    )


def _current_estimate(
    replication_set: ReplicationSet, wanted: PrecisionTarget
) -> InfluenceEstimate:
    return replication_set.reduction.apply(
        wanted.metric_ref.evaluate(replication_set.model, replication_set.tallies).estimate
    )


def make_result(replication_set: ReplicationSet, notes: tuple[str, ...] = ()) -> Result:
    """Return the result so far, with its notes."""
    model, tallies = replication_set.model, replication_set.tallies
    result = Result(
        model,
        replication_set.seed,
        replication_set.engine,
        tallies,
        result_warnings(model, tallies) + notes,
        replication_set.controls,
    )
    saved = (
        savings_text(result.savings, reduction_methods(result.reduction))
        if result.reduction
        else ()
    )
    return result.with_notes(saved)


def resolve_model(
    center: Scenario | Model | str | Path, allow_large: bool = False
) -> tuple[Model, float | None]:
    """Return the model of a scenario, and the precision it asks for itself.

    Raises
    ------
    sim.scenario.size.TooLargeError
        When there are too many contacts and that is not allowed on purpose.
    """
    model, precision = _build_model(center)
    if not allow_large:
        from sim.scenario.size import refuse_too_large

        contacts = sum(float(q.demand.expected.sum()) + q.demand.backlog for q in model.queues)
        refuse_too_large(contacts, model.name)
    return model, precision


def _build_model(center: Scenario | Model | str | Path) -> tuple[Model, float | None]:
    if isinstance(center, Model):
        return center, None
    if isinstance(center, (str, Path)):
        from sim.scenario import load

        center = load(center)
    from sim.model.build_model import build_model

    return build_model(center), getattr(center.experiment, "precision", None)


def default_runs(model: Model, runs: int | None, antithetic: bool) -> int:
    """Return the number of replications; the scenario's own is made whole pairs."""
    if runs is not None:
        return runs
    return model.runs + (model.runs % 2 if antithetic else 0)


def engine_name(engine: str) -> str:
    """Return the name of the engine that simulates."""
    from sim.engine import resolve_engine

    try:
        return resolve_engine(engine)
    except ValueError as error:  # it only looks up the name
        raise BadInputError(str(error)) from None


def precision_notes(
    wanted: PrecisionTarget, found: InfluenceEstimate, runs: int, value: float | None = None
) -> tuple[str, ...]:
    """Say that a precision was not reached, when it was not."""
    off = wanted.width_ratio(found, value)
    name = str(wanted.metric_ref)
    if isnan(off):
        return (f"precision: there is no {name.replace('_', ' ')} to judge it by",)
    if off > 1:
        return (
            f"precision: {name} is known to {wanted.text(found, value)}, after {runs} replications",
        )
    return ()


def result_warnings(model: Model, tallies: Tallies) -> tuple[str, ...]:
    """Return warnings about the replications of a model."""
    served = {s.queue for g in model.groups if _is_staffed(g) for s in g.skills}
    alone = [queue.name for k, queue in enumerate(model.queues) if k not in served]
    found = [f"queue {name} has no staffed group" for name in alone]
    if unstable := int(tallies.unstable.sum()):
        found.append(
            f"unstable: the queue grew without limit in {unstable} of {tallies.runs} replications"
        )
    return (*found, *_overload_warning(model, tallies))


def _overload_warning(model: Model, tallies: Tallies) -> Iterator[str]:
    """Report when most offered contacts were lost."""

    def total(name: str) -> float:
        return float(parse_metric(model, name).evaluate(model, tallies).estimate.value)

    lost = total("abandoned") + total("blocked") + total("message")
    if lost > OVERLOAD_SHARE * total("offered"):
        yield (
            f"overload: {show_share(lost / total('offered'))} of the contacts were abandoned or "
            f"turned away; customers made {total('contacts_per_issue'):.1f} contacts each"
        )


def _is_staffed(group: Group) -> bool:
    """Return whether a group has an agent on duty at any time."""
    return bool(group.shifts) if group.headcount is None else bool((group.headcount > 0).any())


def check_options(
    runs: int | None,
    precision: float | str | None,
    seed: int,
    workers: int | None,
    antithetic: bool = False,
) -> None:
    """Refuse options that do not fit together."""
    if runs is not None and precision is not None:
        raise BadInputError("runs, precision: give one of them, not both")
    if runs is not None and not 1 <= runs <= 1_000_000:
        raise BadInputError(f"runs: {runs} must be from 1 to 1,000,000")
    if antithetic and runs is not None and runs % 2:
        raise BadInputError(f"runs: {runs} must be even, antithetic replications form pairs")
    if seed < 0:
        raise BadInputError(f"seed: {seed} must not be negative")
    if workers is not None and workers < 1:
        raise BadInputError(f"workers: {workers} must be at least 1")
