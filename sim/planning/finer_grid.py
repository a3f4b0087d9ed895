"""A scenario with shorter intervals, in which recorded arrivals and agents are simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.history.calibration.scenario_tables import FINE_MINUTES
from sim.scenario.interval_series import rules_of, volume_of
from sim.scenario.interval_times import TIMES, by_interval
from sim.scenario.schedules import scheduled

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.calendar import Grid

LENGTHS = (float(FINE_MINUTES), 5.0)
"""Lengths of intervals (min) that are tried, that of calibration first."""


def fine_minutes(grid: Grid) -> float:
    """Return the length (min) of the intervals in which recorded days are simulated.

    Agents come and leave at any time: in whole numbers by half hour a small group would be too
    large or too small for half an hour.
    """
    own = grid.interval_s / 60
    return next((one for one in LENGTHS if one < own and own % one == 0), own)


def on_finer_grid(scenario: Scenario, minutes: float) -> Scenario:
    """Return the same scenario with shorter intervals.

    Volumes are spread evenly over the parts of an interval, exact counts as whole numbers;
    times and headcounts are repeated.

    Parameters
    ----------
    scenario : Scenario
    minutes : float
        Length of its new intervals, which is a part of that of its own.
    """
    grid, hours = scenario.center.grid, scenario.center.open
    parts = round(grid.interval_s / (60 * minutes))
    if parts == 1:
        return scenario
    changes: dict[str, Any] = {"center.interval": f"{minutes:g}min"}
    for name, queue in scenario.queue.items():
        rules = rules_of(queue, hours)
        opens = grid.open_intervals(rules)
        if queue.volume.recorded is None:
            volume = volume_of(queue, grid, hours)
            changes[f"queue.{name}.volume"] = _spread(
                [volume[k] for k in opens], parts, queue.volume.exact
            )
            if queue.profile is not None:
                changes[f"queue.{name}.profile"] = "none"
        for key in TIMES:
            series = getattr(queue, key)
            if series.rows is not None:
                rows = by_interval(series, grid, rules, hours)
                changes[f"queue.{name}.{key}"] = [rows[k] for k in opens for _ in range(parts)]
    for name, group in scenario.group.items():
        if group.agents is not None and group.agents.values is not None:
            numbers = scheduled(scenario, group)
            opens = grid.open_intervals(hours if group.open is None else group.open)
            changes[f"group.{name}.agents"] = [numbers[k] for k in opens for _ in range(parts)]
    return scenario.with_(**changes)


def _spread(volume: list[float], parts: int, exact: bool) -> Any:
    if not exact:
        return [count / parts for count in volume for _ in range(parts)]
    spread = [round(count * (k + 1) / parts) - round(count * k / parts)
              for count in volume for k in range(parts)]  # fmt: skip
    return {"exact": spread}
