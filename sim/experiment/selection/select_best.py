"""Select the best of many alternatives on the same random numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.compare_scenarios import unique_labels
from sim.experiment.precision import parse_half_width, parse_metric_option
from sim.experiment.replication_set import ReplicationSet
from sim.experiment.replications import Progress
from sim.experiment.selection.contenders import Contenders
from sim.experiment.selection.result import Alternative, SelectionResult
from sim.experiment.simulation import check_options, engine_name, resolve_model, result_warnings
from sim.metrics import MetricRef
from sim.metrics.metric_rows import finite_number
from sim.units import BadInputError, share

if TYPE_CHECKING:
    from sim.model import Model
    from sim.scenario import Scenario

FIRST_UNITS = 20
"""Independent replications (or pairs) of each alternative before the first look."""

GROWTH = 1.25
"""From one look to the next."""

BUDGET_EACH = 1000
"""Replications for each alternative, in the mean, unless a budget is given."""

IDENTICAL_UNITS = 200
"""Alternatives that did not differ at all in so many replications are not run on."""


def best(
    scenarios: Sequence[Scenario | Model | str | Path],
    metric: str,
    *,
    budget: int | None = None,
    confidence: float | str = 0.95,
    within: float | str | None = None,
    largest: bool | None = None,
    seed: int | None = None,
    engine: str = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
    labels: Sequence[str] | None = None,
    antithetic: bool = False,
    control: bool = False,
    allow_large: bool = False,
) -> SelectionResult:
    """Choose the best of several scenarios by one metric.

    Parameters
    ----------
    scenarios : sequence of Scenario, Model, or paths
        At least two.
    metric : str
        The metric: ``service_level`` of the whole, ``queue.billing.asa_s`` of a place.
    budget : int, optional
        Replications of all scenarios together; 1,000 for each by default.
    confidence : float or str
        Least probability with which the best is among those that are left.
    within : float or str, optional
        A difference that does not matter, in the metric's unit: the choice ends when the one
        that looks best is not further from the best.
    largest : bool, optional
        The largest (or smallest) is the best; by the metric's own sense by default.
    seed, engine, workers, antithetic, control, allow_large
        As for :func:`sim.experiment.simulate`; the seed of the first scenario by default.
    progress : callable, optional
        Called with the replications done and those of the budget.
    labels : sequence of str, optional
        One for each scenario; their names by default.

    Returns
    -------
    SelectionResult

    Raises
    ------
    BadInputError
        When there is no such metric or it has no better side, or a number is out of its bounds.
    """
    models = [resolve_model(s, allow_large)[0] for s in scenarios]
    if len(models) < 2:
        raise BadInputError(f"scenarios: {len(models)} given, at least 2 are needed")
    metric_refs = [parse_metric_option(model, metric, "best") for model in models]
    side = _largest_is_best(metric_refs[0], largest)
    names = unique_labels([m.name for m in models] if labels is None else list(labels), len(models))
    sure = _confidence(confidence)
    matters = (
        None if within is None else parse_half_width(within, metric_refs[0].metric.unit, "within")
    )
    seed = models[0].seed if seed is None else seed
    check_options(None, None, seed, workers)
    engine = engine_name(engine)
    replication_sets = [
        ReplicationSet(m, seed, engine, workers, antithetic, control) for m in models
    ]
    total = _budget(budget, replication_sets)
    contenders = Contenders(
        replication_sets, metric_refs, 1 if side else -1, (1 - sure) / (len(models) - 1)
    )
    _eliminate(contenders, total, matters, progress)
    return _selection_result(contenders, names, sure, total, matters, side)


def _eliminate(
    contenders: Contenders, budget: int, within: float | None, progress: Progress | None
) -> None:
    """Simulate in stages, and eliminate those that are shown to be worse."""
    planned = FIRST_UNITS * contenders.unit_size
    while True:
        contenders.simulate_up_to(planned, budget, progress)
        contenders.eliminate_worse()
        if len(contenders.remaining) == 1 or (
            within is not None and contenders.shortfall <= within
        ):
            return
        if contenders.identical and contenders.comparison.units >= IDENTICAL_UNITS:
            return
        most = planned + (budget - contenders.runs) // len(contenders.remaining)
        more = min(int(np.ceil(planned * GROWTH)), most)
        more -= more % contenders.unit_size
        if more <= planned:
            return
        planned = more


def _selection_result(
    contenders: Contenders,
    names: Sequence[str],
    sure: float,
    budget: int,
    within: float | None,
    side: bool,
) -> SelectionResult:
    metric_ref = contenders.metrics[0]
    order = contenders.order()
    return SelectionResult(
        metric=str(metric_ref),
        unit=metric_ref.metric.unit,
        largest=side,
        alternatives=tuple(_alternative(contenders, names, k) for k in order),
        confidence=sure,
        likely=contenders.likely,
        budget=budget,
        within=within,
        short=contenders.shortfall,
        seed=contenders.replication_sets[0].seed,
        engine=contenders.replication_sets[0].engine,
        notes=_notes(contenders, names),
    )


def _alternative(contenders: Contenders, names: Sequence[str], k: int) -> Alternative:
    replication_set = contenders.replication_sets[k]
    found = replication_set.reduction.apply(
        contenders.metrics[k].evaluate(replication_set.model, replication_set.tallies).estimate
    )
    most = 1.0 if contenders.metrics[k].metric.unit == "share" else np.inf
    low, high = found.bounds(0.0, most)
    than, gap, wide = _behind(contenders, k)
    sure = wide is not None and isfinite(wide)
    return Alternative(
        label=names[k],
        runs=replication_set.runs,
        value=finite_number(found.value),
        low=finite_number(low),
        high=finite_number(high),
        behind=gap,
        behind_low=gap - wide if sure and wide is not None else None,
        behind_high=gap + wide if sure and wide is not None else None,
        than=names[than],
        possible=k in contenders.remaining,
    )


def _behind(contenders: Contenders, k: int) -> tuple[int, float, float | None]:
    """Return whom one is behind, by how much, and half the width of the interval of that."""
    if k in contenders.eliminated:
        lost = contenders.eliminated[k]
        return lost.than, lost.gap, lost.wide
    place, leader = contenders.remaining.index(k), contenders.comparison.leader
    gap = float(contenders.comparison.values[leader] - contenders.comparison.values[place])
    wide = None if place == leader else float(contenders.comparison.wide[leader, place])
    return contenders.leader, gap, wide


def _notes(contenders: Contenders, names: Sequence[str]) -> tuple[str, ...]:
    notes = []
    if len(contenders.remaining) > 1 and contenders.identical:
        same = ", ".join(names[k] for k in contenders.remaining)
        notes.append(f"exactly equal in all replications: {same}")
    for k, replication_set in enumerate(contenders.replication_sets):
        notes += [
            f"{names[k]}: {text}"
            for text in result_warnings(replication_set.model, replication_set.tallies)
        ]
    return tuple(notes)


def _largest_is_best(metric_ref: MetricRef, largest: bool | None) -> bool:
    """Return whether the largest is the best."""
    own = metric_ref.metric.higher_is_better
    if largest is None and own is None:
        raise BadInputError(
            f"best: of {metric_ref.metric.name} neither more nor less is better; say which: "
            "--largest or --smallest"
        )
    return bool(own if largest is None else largest)


def _confidence(confidence: float | str) -> float:
    try:
        sure = share(confidence)
    except BadInputError as error:
        raise BadInputError(f"confidence: {error}") from None
    if not 0.5 <= sure < 1:
        raise BadInputError(f"confidence: {confidence} must be from 50 % and below 100 %")
    return sure


def _budget(budget: int | None, replication_sets: Sequence[ReplicationSet]) -> int:
    least = FIRST_UNITS * replication_sets[0].unit_size * len(replication_sets)
    if budget is None:
        return BUDGET_EACH * len(replication_sets)
    if budget < least:
        raise BadInputError(
            f"budget: {budget} must be at least {least}, "
            f"{least // len(replication_sets)} for each of {len(replication_sets)} scenarios"
        )
    return budget
