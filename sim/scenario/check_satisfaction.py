"""Consistency checks of the satisfaction model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.scenario.problems import Problem, listed, nearest

if TYPE_CHECKING:
    from sim.scenario.satisfaction import Coefficient, Satisfaction
    from sim.scenario.scenario_record import ScenarioFields

_SHARES = ("satisfied", "leaves", "response_satisfied", "response_dissatisfied")
_AT_MOST_ONE = ("unresolved", "contact", "transfer", "context_lost", "switch", "wait")
_AT_LEAST_ONE = ("detractor",)


def check_satisfaction(scenario: ScenarioFields, model: Satisfaction) -> Iterator[Problem]:
    """Yield a problem for coefficients out of bounds, or where nothing can be resolved."""
    if all(queue.resolved is None for queue in scenario.queue.values()):
        message = "needs to know what is resolved; allowed: with `resolved` of at least one queue"
        yield Problem("satisfaction", message)
    channels = {queue.channel.lower() for queue in scenario.queue.values()}
    for name in model.channel:
        if name.lower() not in channels:
            message = f"the channel {name!r} is unknown; allowed: {listed(channels)}."
            yield Problem(f"satisfaction.channel.{name}", message, name, nearest(name, channels))
    for name, coefficient in model.coefficients.items():
        yield from _bounds(f"satisfaction.{name}", name, coefficient)


def _bounds(path: str, name: str, coefficient: Coefficient) -> Iterator[Problem]:
    low, high = coefficient.ends
    if low > high:
        message = f"has a `low` of {low:g} above its `high` of {high:g}; allowed: low to high"
        yield Problem(path, message, coefficient.value)
    elif not low <= coefficient.value <= high:
        message = f"is not between its `low` and `high`; allowed: {low:g} to {high:g}"
        yield Problem(path, message, coefficient.value)
    if name in _SHARES and high > 1:
        yield Problem(path, "is above 100 %; allowed: a share", high)
    elif name == "satisfied" and not 0 < low <= high < 1:
        yield Problem(path, "is 0 or 100 %; allowed: a share between them", coefficient.value)
    elif name in _AT_MOST_ONE and high > 1:
        message = "is above 1, so that more trouble would satisfy more; allowed: 0 to 1"
        yield Problem(path, message, high)
    elif name in _AT_LEAST_ONE and low < 1:
        message = "is below 1, so that some would be satisfied and detractors; allowed: 1 or more"
        yield Problem(path, message, low)
    elif name == "promoter" and high > 1:
        message = "is above 1, so that some would be promoters and dissatisfied; allowed: 0 to 1"
        yield Problem(path, message, high)
