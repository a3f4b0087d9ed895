"""Metrics of experience with all coefficients at one end of their ranges, as a range."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.metrics.experience_metrics import BY_COEFFICIENTS
from sim.metrics.registry import RATIO_METRICS
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.metrics import MetricRow
    from sim.scenario import Scenario

_LESS_IS_BETTER = ("leaves", "response_dissatisfied")
_RANGED = frozenset(
    metric.name
    for metric in RATIO_METRICS
    if metric.name in BY_COEFFICIENTS and metric.higher_is_better is not None
)
"""Metrics that have a better end; the share of answers to a survey has none."""


@dataclass(frozen=True, slots=True)
class MetricRange:
    """What one metric of one scope can be, with the coefficients somewhere in their ranges.

    Attributes
    ----------
    scope, name, metric : str
        As in the rows of metrics.
    low_end, high_end : float or None
        The lower and the higher one of the values with all coefficients unfavourable and with all
        favourable; None where there was nothing to measure.
    """

    scope: str
    name: str
    metric: str
    low_end: float | None
    high_end: float | None


def at_end(scenario: Scenario, favourable: bool) -> Scenario:
    """Return a scenario with all coefficients of its satisfaction model at one end.

    Parameters
    ----------
    scenario : Scenario
    favourable : bool
        The ends with which customers are more satisfied, with less effort, and more loyal;
        otherwise the others.

    Raises
    ------
    BadInputError
        When the scenario has no satisfaction model.
    """
    model = scenario.satisfaction
    if model is None:
        raise BadInputError(
            "range: the scenario has no table [satisfaction], so no coefficients with a range; "
            "allowed: for scenarios with one"
        )
    ends: dict[str, Any] = {}
    for name, coefficient in model.coefficients.items():
        low, high = coefficient.ends
        less = name in _LESS_IS_BETTER or name.startswith("effort_")
        ends[f"satisfaction.{name}"] = high if favourable != less else low
    return scenario.with_(**ends)


def both_ends(scenario: Scenario) -> tuple[Scenario, Scenario]:
    """Return the scenario with all coefficients unfavourable, and with all favourable."""
    return at_end(scenario, favourable=False), at_end(scenario, favourable=True)


def metric_ranges(
    unfavourable: Iterable[MetricRow], favourable: Iterable[MetricRow]
) -> tuple[MetricRange, ...]:
    """Return the range of every metric that depends on the coefficients.

    Parameters
    ----------
    unfavourable, favourable : iterable of MetricRow
        Of the same scenario on the same random numbers; coefficients do not change what happens
        in a simulation.
    """
    found = []
    for one, other in zip(unfavourable, favourable, strict=True):
        if one.metric in _RANGED:
            known = [row.value for row in (one, other) if row.value is not None]
            low, high = (min(known), max(known)) if known else (None, None)
            found.append(MetricRange(one.scope, one.name, one.metric, low, high))
    return tuple(found)


def simulate_ranges(
    scenario: Scenario, rows_of: Callable[[Scenario], Iterable[MetricRow]]
) -> tuple[MetricRange, ...]:
    """Simulate a scenario with all coefficients at either end, and return the ranges.

    Parameters
    ----------
    scenario : Scenario
    rows_of : callable
        Simulates a scenario with the replications and the seed of the result that the ranges
        belong to, and returns its rows.

    Raises
    ------
    BadInputError
        When the scenario has no satisfaction model.
    """
    unfavourable, favourable = both_ends(scenario)
    return metric_ranges(rows_of(unfavourable), rows_of(favourable))
