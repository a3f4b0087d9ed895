"""The reveal of a lesson: one day by quarter of an hour, many days compared with the formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import erlang
from sim.log import State
from sim.report.cumulative import running
from sim.scenario.workload import agent_time_of, people_share
from sim.training.lesson_quantities import LessonQuantities, by_erlang, metric_quantity
from sim.training.quantity import Quantity
from sim.units import show_clock

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.log import Log
    from sim.scenario import Scenario
    from sim.training.lesson import Lesson

QUARTER = 900.0
BUSY = (State.TALKING, State.WRAPPING, State.WORKING, State.DIALLING, State.HELD)
"""States in which agents handle contacts."""


@dataclass(frozen=True, slots=True)
class Moment:
    """State of a day at one instant.

    Attributes
    ----------
    time : str
        ``10:15``; without a calendar, time since the end of the warm-up.
    waiting, busy, on_duty : int
        Contacts that wait, not counting deferred work; busy agents, and agents on duty.
    open : int
        Open deferred contacts.
    offered, answered, left : int
        Live contacts so far.
    level : float or None
        Service level so far; None before the first contact.
    """

    time: str
    waiting: int
    busy: int
    on_duty: int
    open: int
    offered: int
    answered: int
    left: int
    level: float | None


@dataclass(frozen=True, slots=True)
class CaseEstimate:
    """Estimate of a metric for one case over many days, with the values of formulas.

    Attributes
    ----------
    case : str
    x : int or None
        Value of the field that is swept.
    metric : str
    simulated : Quantity
        With its 95 % confidence interval.
    formula : dict of str to Quantity
        By ``erlang_c`` and ``erlang_a``; no value where the formula has no answer.
    mine : bool
        The learner's own decision.
    """

    case: str
    x: int | None
    metric: str
    simulated: Quantity
    formula: dict[str, Quantity]
    mine: bool


def simulate_day(scenario: Scenario, seed: int = 1, run: int = 1) -> list[Moment]:
    """Simulate one day and return its state every quarter of an hour."""
    from sim.report.replay import simulated_log

    return moments(simulated_log(scenario, seed, run))


def moments(log: Log) -> list[Moment]:
    """Return the state of the day of a log every quarter of an hour."""
    model, legs = log.model, log.legs
    first = model.measure_from
    opens = min((float(q.hours[0, 0]) for q in model.queues if not q.deferred), default=0.0)
    start = max(first, opens)
    last = max(float(log.presences.end.max()) if len(log.presences) else start, start + QUARTER)
    if model.days > 1:
        last = min(last, model.day_s)  # the first day
    instants = np.arange(start, np.ceil(last / QUARTER) * QUARTER + 1, QUARTER)
    if model.day_s != 86_400:
        instants[1:] -= 1.0  # without a calendar, the end comes before the agents log out
    now = running(log, instants, start)
    live = [k for k, q in enumerate(model.queues) if not q.deferred]
    later = [k for k, q in enumerate(model.queues) if q.deferred]
    waiting, busy = now.waiting[live].sum(axis=0), now.agents[list(BUSY)].sum(axis=0)
    there = now.agents.sum(axis=0)
    undone = np.isin(legs.queue, later)
    done = np.sort(legs.end[undone & np.isfinite(legs.end)])
    came = np.sort(legs.enter[undone])
    still = np.searchsorted(came, instants, "right") - np.searchsorted(done, instants, "right")
    zero = first if model.day_s != 86_400 else 0.0
    rows = [
        Moment(
            show_clock(float(at) - zero, "minute"),
            int(waiting[k]),
            int(busy[k]),
            int(there[k]),
            int(still[k]),
            int(now.offered[k]),
            int(now.answered[k]),
            int(now.left[k]),
            None if np.isnan(now.level[k]) else float(now.level[k]),
        )
        for k, at in enumerate(instants)
    ]
    while len(rows) > 1 and not (rows[-1].waiting or rows[-1].on_duty):
        rows.pop()
    return rows


def decided_scenario(lesson: Lesson, quantities: LessonQuantities, decision: str) -> Scenario:
    """Return the lesson's scenario with a decision: a number, or the name of an option."""
    if lesson.decision.path:
        return lesson.center.with_(**dict.fromkeys(lesson.decision.path, int(float(decision))))
    option = next(one for one in lesson.decision.option if quantities.text(one.name) == decision)
    return quantities.changed(option.change)


def simulate_cases(
    lesson: Lesson, quantities: LessonQuantities, decision: str
) -> list[CaseEstimate]:
    """Simulate many days of every case of a lesson, on common random numbers.

    Parameters
    ----------
    lesson : Lesson
    quantities : LessonQuantities
        Simulates.
    decision : str
        A number, or the name of an option.

    Returns
    -------
    list of CaseEstimate
        Case by case, the metrics of each in the lesson's order.
    """
    rows: list[CaseEstimate] = []
    for case in _cases(lesson, quantities, decision):
        result = quantities.simulate(case.scenario, lesson.reveal.runs, quantities.seed)
        rows += _case_estimates(lesson, quantities, case, result)
    return rows


@dataclass(frozen=True, slots=True)
class _Case:
    """A scenario to simulate; ``formula`` names the quantities of formulas by metric."""

    name: str
    scenario: Scenario
    x: int | None = None
    mine: bool = False
    formula: dict[str, str] | None = None


def _cases(lesson: Lesson, quantities: LessonQuantities, decision: str) -> list[_Case]:
    reveal, asked = lesson.reveal, lesson.decision
    own = int(float(decision)) if asked.path else None
    same = own is not None and asked.path == reveal.path
    values = sorted({*reveal.values, own} if same and own is not None else {*reveal.values})
    cases = [
        _Case(
            f"{value} {reveal.axis}",
            lesson.center.with_(**dict.fromkeys(reveal.path, value)),
            value,
            same and value == own,
        )
        for value in values
    ]
    if own is not None and not same:
        cases.append(
            _Case(f"your {own}", decided_scenario(lesson, quantities, decision), mine=True)
        )
    for one in asked.option:
        name, change = quantities.text(one.name), quantities.changed(one.change)
        cases.append(_Case(name, change, mine=name == decision, formula=one.formula))
    cases += [
        _Case(quantities.text(one.name), quantities.changed(one.change), formula=one.formula)
        for one in reveal.case
    ]
    return cases


def _case_estimates(
    lesson: Lesson, quantities: LessonQuantities, case: _Case, result: Result
) -> list[CaseEstimate]:
    by = {model: by_formula(case.scenario, model) for model in lesson.reveal.formula}
    rows = []
    for metric in lesson.reveal.figures:
        simulated = metric_quantity(result, metric)
        formulas = {
            model: Quantity(answer.get(metric), simulated.unit)
            for model, answer in by.items()
            if metric in answer or answer.get("none")
        }
        if case.formula and metric in case.formula:
            formulas["erlang_c"] = quantities[case.formula[metric]]
        rows.append(CaseEstimate(case.name, case.x, metric, simulated, formulas, case.mine))
    return rows


def by_formula(scenario: Scenario, model: str) -> Mapping[str, Any]:
    """Return the answer of a formula for a stationary scenario with one live queue.

    Parameters
    ----------
    scenario : Scenario
    model : {"erlang_c", "erlang_a"}
        Volume and AHT of the agents are taken from the scenario, bots included.

    Returns
    -------
    mapping
        Values by metric; ``{"none": True}`` where Erlang C has no answer; empty where no formula
        fits.
    """
    from sim.model import build
    from sim.scenario.interval_series import volume_of
    from sim.scenario.schedules import on_duty

    live = [name for name, queue in scenario.queue.items() if not queue.is_deferred]
    if len(live) != 1 or scenario.center.length is None:
        return {}
    queue, center = scenario.queue[live[0]], scenario.center
    volume = volume_of(queue, center.grid, center.open)[-1]
    agents = sum(on_duty(scenario, g)[-1] for g in scenario.group.values() if live[0] in g.skills)
    patience = queue.patience.mean if model == "erlang_a" else None
    if patience is not None and not np.isfinite(patience):
        return {}
    promise = next(q for q in build(scenario).queues if q.name == live[0])
    try:
        return by_erlang(
            calls=volume * people_share(scenario, live[0]),
            per=center.interval_s,
            aht=agent_time_of(scenario, live[0]),
            agents=round(agents),
            patience=patience,
            within=promise.threshold,
            variant=promise.variant,
            short=promise.short,
        )
    except erlang.Unstable:
        return {"none": True}
