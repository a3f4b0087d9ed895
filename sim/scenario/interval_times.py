"""Talk, hold, wrap and patience of a queue in each interval of the horizon, and their means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.calendar import Grid
from sim.scenario.distribution import Distribution
from sim.scenario.distribution_series import DistributionSeries, of_each
from sim.scenario.interval_series import Rules, interval_values, rules_of, volume_of
from sim.scenario.series import Series

if TYPE_CHECKING:
    from sim.scenario.queue import Queue
    from sim.scenario.scenario_record import ScenarioFields

TIMES = ("talk", "hold", "wrap", "patience")


def by_interval(series: DistributionSeries, grid: Grid, *rules: Rules) -> list[Distribution]:
    """Return a distribution for each interval of the horizon.

    In closed intervals that of the open one before holds, at first that of the next.

    Parameters
    ----------
    series : DistributionSeries
    grid : Grid
    *rules : mapping
        Opening hours, as for :func:`sim.scenario.interval_series.interval_values`.

    Raises
    ------
    ValueError
        When the number of rows fits none of the opening hours; says how many are expected.
    """
    rows = series.rows
    if rows is None:
        return [series] * grid.intervals
    if grid.stationary and len(set(rows)) > 1:
        raise ValueError(
            "a stationary run takes one distribution; allowed: a distribution instead of a list"
        )
    numbered = tuple(float(k + 1) for k in range(len(rows)))
    numbers = Series.model_construct(values=numbered, times=series.times, source=series.source)
    places = [int(number) - 1 for number in interval_values(numbers, grid, *rules)]
    last = next((place for place in places if place >= 0), 0)
    found = []
    for place in places:
        last = place if place >= 0 else last
        found.append(rows[last])
    return found


def varies(queue: Queue) -> bool:
    """Return whether any time of a queue differs by interval."""
    return any(getattr(queue, key).rows is not None for key in TIMES)


def times_of(scenario: ScenarioFields, name: str, key: str) -> list[Distribution]:
    """Return a time of a queue for each interval of the horizon.

    Parameters
    ----------
    scenario : Scenario
    name : str
        Of the queue.
    key : {"talk", "hold", "wrap", "patience"}
    """
    queue, center = scenario.queue[name], scenario.center
    series: DistributionSeries = getattr(queue, key)
    return by_interval(series, center.grid, rules_of(queue, center.open), center.open)


def means_of(scenario: ScenarioFields, name: str, key: str) -> list[float]:
    """Return the mean (s) of a time of a queue in each interval; arguments as `times_of`."""
    series: DistributionSeries = getattr(scenario.queue[name], key)
    if series.rows is None:
        return [series.mean] * scenario.center.grid.intervals
    return of_each(times_of(scenario, name, key), lambda row: row.mean)


def mean_of(scenario: ScenarioFields, name: str, key: str) -> float:
    """Return the mean (s) of a time of a queue over its contacts; arguments as `times_of`."""
    series: DistributionSeries = getattr(scenario.queue[name], key)
    if series.rows is None:
        return series.mean
    queue, center = scenario.queue[name], scenario.center
    weights = volume_of(queue, center.grid, center.open)
    total = sum(weights)
    if not total > 0:
        return series.mean
    pairs = zip(weights, means_of(scenario, name, key), strict=True)
    return sum(weight * mean for weight, mean in pairs if weight > 0) / total


def mean_hands(scenario: ScenarioFields, name: str) -> float:
    """Return the mean time (s) an agent spends with one contact, before any effect of a bot."""
    return sum(mean_of(scenario, name, key) for key in ("talk", "hold", "wrap"))


def queue_in(scenario: ScenarioFields, name: str, interval: int) -> Queue:
    """Return a queue as it is in one interval, each of its times a single distribution."""
    queue = scenario.queue[name]
    changed = {
        key: times_of(scenario, name, key)[interval]
        for key in TIMES
        if getattr(queue, key).rows is not None
    }
    return queue.model_copy(update=changed) if changed else queue
