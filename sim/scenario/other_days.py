"""A scenario over other days: each weekday keeps its volumes, agents and times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.scenario.interval_series import Rules, interval_values, rules_of, volume_of
from sim.scenario.interval_times import TIMES, by_interval
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.schedules import scheduled

if TYPE_CHECKING:
    from sim.scenario.calendar import Grid
    from sim.scenario.distribution_series import DistributionSeries
    from sim.scenario.scenario import Scenario

ARRIVALS, AGENTS = "arrivals", "agents"
LEVEL_DATE = "center.talk_variation.level_date"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def over_days(
    scenario: Scenario,
    first: dt.date,
    days: int,
    taken: Sequence[str] = (),
    otherwise: str = "",
) -> Scenario:
    """Return a scenario over other days, each as the scenario has that weekday.

    The level of talk is known on the date that the scenario says; of days before it, on the day
    before the first of them.

    Parameters
    ----------
    scenario : Scenario
    first : date
    days : int
    taken : sequence of {"arrivals", "agents"}
        What is replaced afterwards, so that the scenario may lack it on some weekdays.
    otherwise : str
        What else is allowed where it lacks a weekday, for the message.

    Raises
    ------
    ScenarioError
        When the scenario has no such weekday, or shifts that cannot be repeated.
    """
    grid = scenario.center.grid
    if (grid.first, grid.days) == (first, days):
        return scenario
    changes: dict[str, Any] = {"center.first_day": first.isoformat(), "center.days": days}
    known = scenario.center.talk_variation.level_date
    if known is not None and known > first:
        changes = {LEVEL_DATE: "none"} | changes
    blank = scenario.with_(**changes | _single_numbers(scenario))
    for path, values in _by_interval(scenario).items():
        rules = rules_at(scenario, path)
        opens = blank.center.grid.open_intervals(rules)
        needless = (AGENTS if path.endswith(".agents") else ARRIVALS) in taken
        moved = _moved(values, grid, blank.center.grid, path, () if needless else opens, otherwise)
        changes[path] = [moved[k] for k in opens]
    return scenario.with_(**changes | _moved_times(scenario, blank))


def bound_to_days(scenario: Scenario, grid: Grid) -> list[str]:
    """Return the paths of what a scenario has by interval and cannot be placed on other days.

    These are rows with dates, and lists for all days where the number of days changes.

    Parameters
    ----------
    scenario : Scenario
    grid : Grid
        The other days.
    """
    return [path for path in paths_by_interval(scenario) if not _is_placed(scenario, path, grid)]


def paths_by_interval(scenario: Scenario) -> list[str]:
    """Return the paths of what a scenario has by interval."""
    return [*_by_interval(scenario), *_times_by_interval(scenario)]


def _is_placed(scenario: Scenario, path: str, grid: Grid) -> bool:
    kind, name, key = path.split(".", 2)
    center, rules = scenario.center.open, rules_at(scenario, path)
    try:
        if key == "volume":
            volume_of(scenario.queue[name], grid, center)
        elif kind == "group":
            agents = scenario.group[name].agents
            if agents is not None:
                interval_values(agents, grid, rules, center)
        else:
            by_interval(getattr(scenario.queue[name], key), grid, rules, center)
    except ValueError:
        return False
    return True


def _moved_times(scenario: Scenario, blank: Scenario) -> dict[str, Any]:
    """Return the distributions by interval of other days: those of the first same weekday.

    Where the scenario lacks a weekday, those of its first day hold: they say how long contacts
    take, not whether there are any.
    """
    grid, other = scenario.center.grid, blank.center.grid
    found: dict[str, Any] = {}
    for path, series in _times_by_interval(scenario).items():
        rules = rules_at(scenario, path)
        rows = by_interval(series, grid, rules, scenario.center.open)
        first = {grid.date(day).weekday(): day for day in reversed(range(grid.days))}
        days = [first.get(other.date(day).weekday(), 0) for day in range(other.days)]
        moved = [row for day in days for row in rows[day * grid.per_day : (day + 1) * grid.per_day]]
        found[path] = [moved[k] for k in other.open_intervals(rules)]
    return found


def _times_by_interval(scenario: Scenario) -> dict[str, DistributionSeries]:
    """Return talk, hold, wrap-up and patience that differ by interval, by path."""
    return {
        f"queue.{name}.{key}": getattr(queue, key)
        for name, queue in scenario.queue.items()
        for key in TIMES
        if getattr(queue, key).rows is not None
    }


def _single_numbers(scenario: Scenario) -> dict[str, Any]:
    """Return a number in the place of each list, so that other days can be asked for."""
    single: dict[str, Any] = dict.fromkeys(_by_interval(scenario), 1)
    return single | {
        path: series.rows[0] for path, series in _times_by_interval(scenario).items() if series.rows
    }


def _by_interval(scenario: Scenario) -> dict[str, list[float]]:
    """Return volumes and headcounts of a scenario that are lists, by path."""
    grid, found = scenario.center.grid, dict[str, list[float]]()
    for name, queue in scenario.queue.items():
        if queue.volume.values is not None or queue.volume.recorded is not None:
            found[f"queue.{name}.volume"] = volume_of(queue, grid, scenario.center.open)
    for name, group in scenario.group.items():
        if group.agents is not None and group.agents.values is not None:
            found[f"group.{name}.agents"] = scheduled(scenario, group)
    return found


def rules_at(scenario: Scenario, path: str) -> Rules:
    """Return the opening hours of the queue or group whose field a path is."""
    kind, name, _ = path.split(".", 2)
    if kind == "queue":
        return rules_of(scenario.queue[name], scenario.center.open)
    group = scenario.group[name]
    return scenario.center.open if group.open is None else group.open


def _moved(
    values: list[float],
    grid: Grid,
    other: Grid,
    path: str,
    opens: Sequence[int],
    otherwise: str,
) -> list[float]:
    """Return numbers by interval of other days: the mean of the same weekdays."""
    required = {k // other.per_day for k in opens}
    by_weekday: dict[int, list[list[float]]] = {}
    for day in range(grid.days):
        own = values[day * grid.per_day : (day + 1) * grid.per_day]
        by_weekday.setdefault(grid.date(day).weekday(), []).append(own)
    found: list[float] = []
    whole = path.endswith(".agents")
    for day in range(other.days):
        weekday = other.date(day).weekday()
        alike = by_weekday.get(weekday)
        if alike is None and day not in required:
            found += [0.0] * other.per_day
            continue
        if alike is None:
            message = (
                f"the scenario has no {WEEKDAYS[weekday]}, which {other.date(day)} is; allowed: "
                f"a scenario of all weekdays{otherwise}"
            )
            raise ScenarioError([Problem(path, message)])
        means = [sum(column) / len(alike) for column in zip(*alike, strict=True)]
        found += [float(round(mean)) for mean in means] if whole else means
    return found
