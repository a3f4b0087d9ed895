"""What a scenario has by interval of dated rows, as the rows of other days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sim.fileio.csv_text import csv_of
from sim.numerals import write_number
from sim.scenario.editing import written
from sim.scenario.interval_series import volume_of
from sim.scenario.interval_times import times_of
from sim.scenario.other_days import (
    ARRIVALS,
    bound_to_days,
    over_days,
    paths_by_interval,
    rules_at,
)
from sim.scenario.problems import all_of
from sim.scenario.schedules import scheduled

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.calendar import Grid


def moved_columns(
    scenario: Scenario, grid: Grid, replaced: Collection[str], table: str = ""
) -> dict[str, list[str]]:
    """Return volumes, agents and times that have rows of other dates, as rows of a horizon.

    Each day has those of the same weekday. What is in a table that is written anew is among them.

    Parameters
    ----------
    scenario : Scenario
    grid : Grid
        Of the new horizon.
    replaced : collection of str
        Paths that need none, such as ``queue.billing.volume``.
    table : str
        Name of the table that is written anew.

    Returns
    -------
    dict of str to list of str
        A cell for each interval of the horizon, by path.

    Raises
    ------
    ScenarioError
        When the scenario lacks a weekday.
    """
    bound = bound_to_days(scenario, grid) + [
        path
        for path in paths_by_interval(scenario)
        if table and str(written(scenario.text, path)).startswith(f"{table}:")
    ]
    paths = [path for path in dict.fromkeys(bound) if path not in replaced]
    if not paths:
        return {}
    if grid == scenario.center.grid:
        return {path: _cells(scenario, path) for path in paths}
    other_volumes = any(path.endswith(".volume") for path in paths)
    over = over_days(scenario, grid.first, grid.days, () if other_volumes else (ARRIVALS,))
    return {path: _cells(over, path) for path in paths}


def _cells(scenario: Scenario, path: str) -> list[str]:
    kind, name, key = path.split(".", 2)
    if kind == "group":
        return [write_number(n, 7) for n in scheduled(scenario, scenario.group[name])]
    if key == "volume":
        center = scenario.center
        return [
            write_number(n, 7) for n in volume_of(scenario.queue[name], center.grid, center.open)
        ]
    return [str(one) for one in times_of(scenario, name, key)]


def column_titles(paths: Iterable[str]) -> dict[str, str]:
    """Return a title of its own for the column of each path, such as ``billing talk``."""
    titles: dict[str, str] = {}
    for path in paths:
        kind, name, key = path.split(".", 2)
        title = (
            f"{name} agents" if kind == "group" else name if key == "volume" else f"{name} {key}"
        )
        title = "".join("_" if sign in ':[]"' else sign for sign in title)
        while title.lower() in map(str.lower, titles.values()):
            title += "_"
        titles[path] = title
    return titles


def moved_note(scenario: Scenario, paths: Collection[str], table: str) -> str:
    """Return what was moved to other days."""
    grid = scenario.center.grid
    last = grid.date(grid.days - 1)
    fields = list(dict.fromkeys(path.split(".", 2)[2] for path in paths))
    return (
        f"{all_of(fields)} of the scenario were by interval of {grid.first} to {last}: each day "
        f"has those of its weekday, in {table}"
    )


def csv_by_interval(
    scenario: Scenario,
    columns: Mapping[str, Sequence[str]],
    titles: Mapping[str, str],
    grid: Grid,
) -> str:
    """Return columns as CSV, with a row for each interval in which one of them is open.

    Parameters
    ----------
    scenario : Scenario
        Its opening hours count.
    columns : mapping of str to sequence of str
        A cell for each interval of the horizon, by path.
    titles : mapping of str to str
        By path.
    grid : Grid
    """
    rows = [["interval_start", *titles.values()]]
    midnight = dt.datetime.combine(grid.first, dt.time())
    for i in sorted({i for path in titles for i in grid.open_intervals(rules_at(scenario, path))}):
        start = midnight + dt.timedelta(seconds=i * grid.interval_s)
        rows.append([f"{start:%Y-%m-%d %H:%M}", *(columns[path][i] for path in titles)])
    return csv_of(rows)
