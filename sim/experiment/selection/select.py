"""Choose the best of many alternatives that live the same days."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.compare_scenarios import unique_labels
from sim.experiment.precision import parse_half_width, parse_metric_option
from sim.experiment.replicate import Progress
from sim.experiment.replication_run import ReplicationSet
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
    """Choose the best of several scenarios by one figure.

    Parameters
    ----------
    scenarios : sequence of Scenario, Model, or paths
        At least two.
    metric : str
        The figure: ``service_level`` of the whole, ``queue.billing.asa_s`` of a place.
    budget : int, optional
        Replications of all scenarios together; 1,000 for each unless given.
    confidence : float or str
        Least probability with which the best is among those that are left.
    within : float or str, optional
        A difference that does not matter, in the figure's unit: the choice ends when the one
        that looks best is no further from the best.
    largest : bool, optional
        The largest (or smallest) is the best; by the figure's own sense unless given.
    seed, engine, workers, antithetic, control, allow_large
        As for :func:`sim.experiment.simulate`; the seed of the first scenario unless given.
    progress : callable, optional
        Called with the replications done and those of the budget.
    labels : sequence of str, optional
        One for each scenario; their names unless given.

    Returns
    -------
    SelectionResult

    Raises
    ------
    BadInputError
        When there is no such figure or it has no better side, or a number is out of its bounds.
    """
    models = [resolve_model(s, allow_large)[0] for s in scenarios]
    if len(models) < 2:
        raise BadInputError(f"scenarios: {len(models)} given, at least 2 are needed")
    figures = [parse_metric_option(model, metric, "best") for model in models]
    side = _largest_is_best(figures[0], largest)
    names = unique_labels([m.name for m in models] if labels is None else list(labels), len(models))
    sure = _confidence(confidence)
    matters = (
        None if within is None else parse_half_width(within, figures[0].measure.unit, "within")
    )
    seed = models[0].seed if seed is None else seed
    check_options(None, None, seed, workers)
    played = engine_name(engine)
    courses = [ReplicationSet(m, seed, played, workers, antithetic, control) for m in models]
    total = _budget(budget, courses)
    field = Contenders(courses, figures, 1 if side else -1, (1 - sure) / (len(models) - 1))
    _eliminate(field, total, matters, progress)
    return _selection_result(field, names, sure, total, matters, side)


def _eliminate(
    field: Contenders, budget: int, within: float | None, progress: Progress | None
) -> None:
    """Live alternatives on and on, those that are shown to be worse no more."""
    planned = FIRST_UNITS * field.together
    while True:
        field.go_on(planned, budget, progress)
        field.look()
        if len(field.left) == 1 or (within is not None and field.short <= within):
            return
        if field.alike and field.now.units >= IDENTICAL_UNITS:
            return
        most = planned + (budget - field.runs) // len(field.left)
        more = min(int(np.ceil(planned * GROWTH)), most)
        more -= more % field.together
        if more <= planned:
            return
        planned = more


def _selection_result(
    field: Contenders,
    names: Sequence[str],
    sure: float,
    budget: int,
    within: float | None,
    side: bool,
) -> SelectionResult:
    figure = field.figures[0]
    order = field.order()
    return SelectionResult(
        figure=str(figure),
        unit=figure.measure.unit,
        largest=side,
        alternatives=tuple(_alternative(field, names, k) for k in order),
        confidence=sure,
        likely=field.likely,
        budget=budget,
        within=within,
        short=field.short,
        seed=field.courses[0].seed,
        engine=field.courses[0].engine,
        notes=_notes(field, names),
    )


def _alternative(field: Contenders, names: Sequence[str], k: int) -> Alternative:
    course = field.courses[k]
    found = course.reduction.of(field.figures[k].of(course.model, course.tallies).estimate)
    most = 1.0 if field.figures[k].measure.unit == "share" else np.inf
    low, high = found.bounds(0.0, most)
    than, gap, wide = _behind(field, k)
    sure = wide is not None and isfinite(wide)
    return Alternative(
        label=names[k],
        runs=course.runs,
        value=finite_number(found.value),
        low=finite_number(low),
        high=finite_number(high),
        behind=gap,
        behind_low=gap - wide if sure and wide is not None else None,
        behind_high=gap + wide if sure and wide is not None else None,
        than=names[than],
        possible=k in field.left,
    )


def _behind(field: Contenders, k: int) -> tuple[int, float, float | None]:
    """Return whom one is behind, by how much, and half the width of the interval of that."""
    if k in field.lost:
        lost = field.lost[k]
        return lost.than, lost.gap, lost.wide
    place, leader = field.left.index(k), field.now.leader
    gap = float(field.now.values[leader] - field.now.values[place])
    wide = None if place == leader else float(field.now.wide[leader, place])
    return field.leader, gap, wide


def _notes(field: Contenders, names: Sequence[str]) -> tuple[str, ...]:
    notes = []
    if len(field.left) > 1 and field.alike:
        same = ", ".join(names[k] for k in field.left)
        notes.append(f"exactly alike in every run: {same}")
    for k, course in enumerate(field.courses):
        notes += [f"{names[k]}: {text}" for text in result_warnings(course.model, course.tallies)]
    return tuple(notes)


def _largest_is_best(figure: MetricRef, largest: bool | None) -> bool:
    """Tell whether the largest is the best."""
    own = figure.measure.higher_is_better
    if largest is None and own is None:
        raise BadInputError(
            f"best: of {figure.measure.name} neither more nor less is better; say which: "
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


def _budget(budget: int | None, courses: Sequence[ReplicationSet]) -> int:
    least = FIRST_UNITS * courses[0].together * len(courses)
    if budget is None:
        return BUDGET_EACH * len(courses)
    if budget < least:
        raise BadInputError(
            f"budget: {budget} must be at least {least}, "
            f"{least // len(courses)} for each of {len(courses)} scenarios"
        )
    return budget
