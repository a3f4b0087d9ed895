"""Erlang's formulas beside a simulation: what they say, and why the two differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import erlang
from sim.metrics.metric_titles import metric_title
from sim.planning.queue_agents import agents_for, mean_patience, no_formula, queue_of
from sim.report.formatting import show
from sim.report.result_views import rows_by_interval
from sim.scenario.describe_queue import show_distribution
from sim.scenario.event_effects import event_changes
from sim.scenario.workload import gap_of
from sim.units import show_duration, show_share

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.metrics import MetricRow
    from sim.model import Queue as ModelQueue
    from sim.scenario import Queue, Scenario

COMPARED = ("service_level", "asa_s", "abandonment", "wait_probability")
"""Metrics that both a formula and a simulated interval have."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One metric by formula and by simulation.

    Attributes
    ----------
    metric : str
    simulated : MetricRow
        With its 95 % confidence interval.
    erlang_c, erlang_a : float or None
        None where the formula has no answer.
    """

    metric: str
    simulated: MetricRow
    erlang_c: float | None
    erlang_a: float | None


@dataclass(frozen=True, slots=True)
class FormulaComparison:
    """A queue by formula and by simulation, over one interval or a whole stationary run.

    Attributes
    ----------
    when : str
        Start of the busiest interval, or "the whole simulation".
    calls : float
        Contacts offered in an interval, as simulated.
    per_s, aht_s : float
        Length of an interval and mean handle time (s), as simulated.
    agents : int
        Agents given to the formula, see :func:`agents_for`.
    patience_s : float or None
        Mean patience given to Erlang A; None when no customer abandons.
    pairs : tuple of Pair
    reasons : tuple of str
        What the formulas take for granted, one plain sentence each.
    """

    when: str
    calls: float
    per_s: float
    aht_s: float
    agents: int
    patience_s: float | None
    pairs: tuple[Pair, ...]
    reasons: tuple[str, ...]


def formula_comparison(scenario: Scenario, result: Result, queue: str) -> FormulaComparison | None:
    """Lay Erlang C and Erlang A beside the simulation of a queue's busiest interval.

    The formulas are given what the simulation saw (offered contacts, handle time) and the
    agents of :func:`agents_for`, rounded. Gaps after contacts lengthen the handle time. A
    stationary run is taken as a whole.

    Parameters
    ----------
    scenario : Scenario
        The one that was simulated.
    result : Result
    queue : str

    Returns
    -------
    FormulaComparison or None
        None when no formula fits, see :func:`no_formula`, or nothing was offered.
    """
    if no_formula(scenario, queue):
        return None
    when, calls, seen = _busiest(scenario, result, queue)
    handle, agents = seen.get("aht_s"), _agents_at(scenario, result, queue, when)
    if not calls or handle is None or not handle.value or agents < 1:
        return None
    patience = mean_patience(scenario, queue)
    aht = handle.value + gap_of(scenario, queue)
    arguments = (calls, result.model.interval_s, aht, agents)
    models = [_unless_unstable(erlang.c, *arguments)]
    models.append(erlang.a(*arguments, patience) if patience is not None else None)
    promise = queue_of(result.model, queue)
    pairs = [
        Pair(m, seen[m], _by_formula(models[0], m, promise), _by_formula(models[1], m, promise))
        for m in COMPARED
        if m in seen and seen[m].value is not None
    ]
    reasons = dict.fromkeys(s for f in models if f is not None for s in erlang.assumptions(f))
    name = when or "the whole simulation"
    return FormulaComparison(name, *arguments, patience, tuple(pairs), tuple(reasons))


def comparison_table(found: FormulaComparison) -> list[dict[str, str]]:
    """Return formulas beside the simulation as rows of text."""
    table = []
    for pair in found.pairs:
        row = pair.simulated
        bounds = f"{show(row.low, row.unit)} to {show(row.high, row.unit)}"
        table.append(
            {
                "Metric": metric_title(pair.metric),
                "Simulated": show(row.value, row.unit),
                "95 % confidence interval": "-" if row.low is None else bounds,
                "Erlang C": "no answer" if pair.erlang_c is None else show(pair.erlang_c, row.unit),
                "Erlang A": "-" if pair.erlang_a is None else show(pair.erlang_a, row.unit),
            }
        )
    return table


def broken_here(scenario: Scenario, queue: str) -> list[str]:
    """Return what makes a queue differ from what Erlang's formulas take for granted.

    Parameters
    ----------
    scenario : Scenario
    queue : str

    Returns
    -------
    list of str
        Plain sentences about this scenario; empty when it is all that the formulas ask for.
    """
    return [
        *_of_calendar(scenario),
        *_of_work(scenario, queue),
        *_of_waiting(scenario.queue[queue]),
        *_of_agents(scenario, queue),
    ]


def _busiest(
    scenario: Scenario, result: Result, queue: str
) -> tuple[str, float, dict[str, MetricRow]]:
    """Return the busiest interval, its contacts and its metrics; all of a stationary run."""
    if scenario.center.length is not None:
        seen = {r.metric: r for r in result.rows if (r.scope, r.name) == ("queue", queue)}
        intervals = scenario.center.length / result.model.interval_s
        return "", (seen["offered"].value or 0.0) / intervals, seen
    rows = rows_by_interval(result, queue, ("offered", "aht_s", *COMPARED))
    offered = {w: row.value or 0.0 for (w, metric), row in rows.items() if metric == "offered"}
    busiest = max(offered, key=offered.__getitem__)
    return busiest, offered[busiest], {m: row for (w, m), row in rows.items() if w == busiest}


def _agents_at(scenario: Scenario, result: Result, queue: str, when: str) -> int:
    at = result.model.starts.index(when) if when else -1
    return int(agents_for(scenario, queue)[at] + 0.5)


def _by_formula(formula: Any, metric: str, queue: ModelQueue) -> float | None:
    if formula is None:
        return None
    if metric == "service_level":
        value = float(formula.service_level(queue.threshold, queue.variant, queue.short))
    else:
        value = float(getattr(formula, metric))
    return value if np.isfinite(value) else None


def _unless_unstable(formula: Any, *arguments: float) -> Any:
    try:
        return formula(*arguments)
    except erlang.Unstable:
        return None


def _of_calendar(scenario: Scenario) -> Iterator[str]:
    if scenario.center.length is None:
        yield "Volume and staff change over the day; the queue carries over between intervals."
    if scenario.center.busyness.cv:
        cv = show_share(scenario.center.busyness.cv)
        yield f"Days differ by {cv} (standard deviation); the formulas know the average day only."
    if scenario.center.talk_variation.cv:
        cv = show_share(scenario.center.talk_variation.cv)
        yield f"Talk differs from day to day by {cv} (standard deviation), unlike in the formulas."
    if scenario.center.talk_variation.level_change:
        yield "The level of talk changes from day to day; the formulas have that of the scenario."


def _of_work(scenario: Scenario, queue: str) -> Iterator[str]:
    fields = scenario.queue[queue]
    if not fields.talk.is_exponential:
        yield f"Talk time is {show_distribution(fields.talk)}, not exponential."
    if fields.wrap.mean or fields.hold.mean:
        yield "Hold and wrap-up are drawn separately, so handle time is not exponential."
    if scenario.bot_of(queue) is not None:
        yield (
            "A bot comes first: it takes the easy contacts, and some of those customers contact an "
            "agent later."
        )
    if any(queue in other.transfer for other in scenario.queue.values()):
        yield "Contacts transferred from other queues arrive in bursts."
    if event_changes(scenario, "queue", queue):
        yield "Events change the queue for some hours; the formulas know usual work and patience."


def _of_waiting(queue: Queue) -> Iterator[str]:
    if not queue.patience.is_unlimited and not queue.patience.is_exponential:
        yield f"Patience is {show_distribution(queue.patience)}, not exponential."
    if queue.balk:
        yield f"{show_share(queue.balk)} balk: they leave at once rather than wait."
    if queue.callback is not None:
        yield "Callbacks take waiting customers out of the queue and serve them later."
    if queue.retry is not None:
        yield "Abandoned customers call back, so arrivals cluster."
    if queue.silent is not None:
        yield "Customers leave without a word, and agents lose time to notice it."
    if queue.announce is not None:
        yield "The announced wait changes who balks and how long customers wait."
    if queue.lines is not None or queue.limit is not None or queue.longest_wait is not None:
        yield "Trunks, queue length or wait are limited."


def _of_agents(scenario: Scenario, queue: str) -> Iterator[str]:
    groups = [g for g in scenario.group.values() if queue in g.skills]
    if any(len(group.skills) > 1 for group in groups):
        yield "Its agents also serve other queues, so at times its share of them is not free."
    if len(groups) > 1:
        yield "Several groups help each other; the formula counts those with first preference."
    if gap := gap_of(scenario, queue):
        yield (
            f"Agents are not ready for {show_duration(gap)} after a contact on average; the "
            "formulas have no place for it but the handle time, which is longer by that here."
        )
    if any(group.breaks_when_quiet is not None for group in groups):
        yield "Agents take breaks in quiet times, so some without a contact are not ready."
    if any(shift.breaks for group in groups for shift in group.shifts):
        yield (
            "The formula counts agents net of planned breaks; in the simulation busy agents "
            "start their break late."
        )
