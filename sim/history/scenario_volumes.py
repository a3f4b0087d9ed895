"""Forecast volumes written into a scenario that is there, every other line of it as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.fileio import write_file
from sim.history.moved_tables import column_titles, csv_by_interval, moved_columns, moved_note
from sim.history.pooled_forecasts import with_pooled
from sim.history.retrials_in_volumes import (
    busyness_note,
    busyness_of_first_contacts,
    retrials_note,
    shares_of_first_contacts,
)
from sim.history.stale_comments import without_stale_comments
from sim.history.tables.column_mapping import word
from sim.numerals import write_number
from sim.scenario.calendar import Grid
from sim.scenario.editing import drop, put, written
from sim.scenario.interval_series import rules_of
from sim.scenario.problems import ScenarioError
from sim.units import MINUTE, BadInputError, counted, show_clock

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.history.interval_forecast import IntervalForecast
    from sim.scenario import Scenario


@dataclass(frozen=True)
class ScenarioVolumes:
    """A scenario with forecast volumes, not written yet.

    Attributes
    ----------
    file : Path
        Of the scenario.
    text : str
        TOML.
    table : Path
        Of the volumes by interval.
    content : str
        CSV.
    notes : tuple of str
    """

    file: Path
    text: str
    table: Path
    content: str
    notes: tuple[str, ...]

    def write(self) -> tuple[Path, Path]:
        """Write both files, each whole or not at all; the table first."""
        write_file(self.table, self.content)
        write_file(self.file, self.text)
        return self.table, self.file


def scenario_volumes(
    file: str | Path,
    forecasts: Sequence[IntervalForecast],
    busyness: Mapping[str, str] | None = None,
    all_days: bool = False,
) -> ScenarioVolumes:
    """Put forecast volumes into a scenario: a column for each queue that both know.

    Forecasts of queues that the scenario lacks add up to its queue ``other queues``, in which a
    calibration puts small queues together. The horizon must lie within the forecast; where it does
    not, the first day becomes the first day of the forecast that is the same weekday. What else the
    scenario has in dated rows then moves to the new days, weekday by weekday, into the table of the
    volumes. Forecast contacts include retrials as their history does; where the scenario simulates
    retrials, they are taken off the volumes, and what they add to how days differ off the busyness.

    Parameters
    ----------
    file : str or Path
        Of the scenario.
    forecasts : sequence of IntervalForecast
    busyness : mapping of str to str, optional
        ``cv``, ``shared`` and ``shape`` of the day's factor.
    all_days : bool
        Whether the horizon becomes all days of the forecast.

    Raises
    ------
    BadInputError
        When no queue is in both, the scenario is stationary, its horizon is longer than the
        forecast, or its intervals do not fit those of the forecast.
    ScenarioError
        When the file is not a valid scenario, or lacks a weekday of the forecast.
    """
    from sim.scenario import load

    path = Path(file)
    if not path.is_file():
        raise BadInputError(f"{file}: the file does not exist; allowed: a scenario file")
    scenario = load(path)
    forecasts, pooled = with_pooled(forecasts, scenario)
    pairs = _pairs(path, scenario, forecasts)
    one = forecasts[0]
    grid, own = _horizon(path, scenario, forecasts[0], all_days)
    own += pooled
    own += _unused_days(pairs, grid)
    table = path.with_name(f"{path.stem}_forecast.csv")
    volumes: dict[str, Floats] = {}
    for name, forecast in pairs.items():
        volumes[name], lost = _on_grid(path, scenario, name, forecast, grid)
        if lost >= 0.5:
            own.append(_outside_hours(name, lost, forecast, scenario))
    moved = _moved(path, scenario, grid, {f"queue.{name}.volume" for name in pairs}, table.name)
    if moved and grid != scenario.center.grid:
        own.append(moved_note(scenario, moved, table.name))
    left = [name for name in scenario.queue if name not in pairs]
    own += [f"queue {name} is not in the forecast; its volume stays" for name in left]
    titles = column_titles([*(f"queue.{name}.volume" for name in pairs), *moved])
    text = _new_text(scenario, grid, {at: f"{table.name}:{one}" for at, one in titles.items()})
    replaced = [f"queue.{name}.volume" for name in pairs]
    if busyness:
        text = put(text, "center.busyness", dict(busyness))
        replaced.append("center.busyness")
    last = one.first_day + dt.timedelta(days=one.days - 1)
    said = f"{one.first_day} to {last}"
    text = without_stale_comments(text, replaced, said, table.name, bool(moved))
    content = csv_by_interval(scenario, _volume_cells(volumes) | moved, titles, grid)
    new = _read(scenario, text, path, table, content)
    shares = shares_of_first_contacts(new, list(pairs))
    if shares:
        own += [retrials_note(name, volumes[name], share) for name, share in shares.items()]
        first = {name: values * shares.get(name, 1.0) for name, values in volumes.items()}
        content = csv_by_interval(scenario, _volume_cells(first) | moved, titles, grid)
    if shares and busyness and (days := new.center.busyness) is not None:
        cv = busyness_of_first_contacts(new, shares, list(pairs), days.cv)
        text = put(text, "center.busyness", {**busyness, "cv": f"{100 * cv:.3g}%"})
        own.append(busyness_note(days.cv, cv))
    return ScenarioVolumes(path, text, table, content, tuple(own))


def _moved(
    path: Path, scenario: Scenario, grid: Grid, replaced: Collection[str], table: str
) -> dict[str, list[str]]:
    """Return what has to move to other days; a weekday that is missing is one of this file."""
    try:
        return moved_columns(scenario, grid, replaced, table)
    except ScenarioError as error:
        problems = [replace(problem, file=str(path)) for problem in error.problems]
        raise ScenarioError(problems) from None


def _volume_cells(volumes: Mapping[str, Floats]) -> dict[str, list[str]]:
    """Return volumes as cells of a table, by path."""
    return {
        f"queue.{name}.volume": [write_number(float(n), 7) for n in values]
        for name, values in volumes.items()
    }


def _new_text(scenario: Scenario, grid: Grid, columns: Mapping[str, str]) -> str:
    """Return the text with another horizon and the columns that fields are read from, by path."""
    text = scenario.text
    if grid.first != scenario.center.grid.first:
        text = put(text, "center.first_day", grid.first)
    if grid.days != scenario.center.grid.days:
        text = put(text, "center.days", grid.days)
    for place, column in columns.items():
        text = put(text, place, column)
        profile = place.removesuffix("volume") + "profile"
        if place.endswith(".volume") and written(text, profile) is not None:
            text = drop(text, profile)
    return text


def _pairs(
    path: Path, scenario: Scenario, forecasts: Sequence[IntervalForecast]
) -> dict[str, IntervalForecast]:
    """Return the forecast of each queue of the scenario that has one, by alike names."""
    known = {word(one.queue): one for one in forecasts}
    pairs = {name: known[word(name)] for name in scenario.queue if word(name) in known}
    if not pairs and len(scenario.queue) == len(forecasts) == 1:
        pairs = {next(iter(scenario.queue)): forecasts[0]}
    if not pairs:
        raise BadInputError(
            f"{path}: no queue of the forecast is in it; the forecast has "
            f"{', '.join(one.queue for one in forecasts)}, the scenario "
            f"{', '.join(scenario.queue)}"
        )
    return pairs


def _horizon(
    path: Path, scenario: Scenario, one: IntervalForecast, all_days: bool
) -> tuple[Grid, list[str]]:
    grid = scenario.center.grid
    if grid.stationary:
        raise BadInputError(f"{path}: center.length is set; allowed: a scenario of whole days")
    if all_days:
        note = (
            f"the scenario simulates the {counted(one.days, 'day')} of the forecast, from "
            f"{one.first_day} on (before: {counted(grid.days, 'day')} from {grid.first} on)"
        )
        changed = replace(grid, first=one.first_day, days=one.days)
        return changed, [] if changed == grid else [note]
    if one.first_day <= grid.first and grid.date(grid.days - 1) <= one.last_day:
        return grid, []
    first = one.first_day + dt.timedelta(days=(grid.first.weekday() - one.first_day.weekday()) % 7)
    if first + dt.timedelta(days=grid.days - 1) > one.last_day:
        raise BadInputError(
            f"{path}: has {counted(grid.days, 'day')}, and the forecast has fewer from "
            f"{first:%A} {first} on; allowed: a longer forecast, such as --days "
            f"{(first - one.first_day).days + grid.days}"
        )
    note = f"the first day is {first}, the first {first:%A} of the forecast (it was {grid.first})"
    return replace(grid, first=first), [note]


def _unused_days(pairs: Mapping[str, IntervalForecast], grid: Grid) -> list[str]:
    """Return a note of the days of the forecast that the horizon leaves out."""
    one = next(iter(pairs.values()))
    unused = one.days - grid.days
    if unused <= 0:
        return []
    begin = (grid.first - one.first_day).days
    contacts = sum(
        float(each.offered.sum() - each.offered[begin : begin + grid.days].sum())
        for each in pairs.values()
    )
    return [
        f"{unused} of the {one.days} days of the forecast are not used, with {contacts:.0f} "
        f"contacts: the scenario simulates {counted(grid.days, 'day')} from {grid.first} on; "
        "--all-days makes it simulate all of them"
    ]


def _outside_hours(name: str, lost: float, forecast: IntervalForecast, scenario: Scenario) -> str:
    """Return a note of the contacts on used days that arrive while a queue is closed."""
    busy = np.flatnonzero(((forecast.offered > 0) & forecast.is_open).any(axis=0))
    step = 60 * forecast.interval_minutes
    hours = f"{show_clock(step * int(busy[0]))}-{show_clock(step * (int(busy[-1]) + 1))}"
    own = scenario.queue[name].open is not None
    where = f"queue.{name}.open" if own else "center.open"
    return (
        f"{name}: {lost:.0f} forecast contacts of the days that are simulated lie outside its "
        f'opening hours and are not used; the forecast has contacts within "{hours}": set '
        f"{where} so, and forecast again"
    )


def _on_grid(
    path: Path, scenario: Scenario, name: str, forecast: IntervalForecast, grid: Grid
) -> tuple[Floats, float]:
    """Return contacts by interval of the horizon, and those outside the opening hours."""
    step, own = round(grid.interval_s / MINUTE), forecast.interval_minutes
    if max(step, own) % min(step, own) or step * MINUTE != grid.interval_s:
        raise BadInputError(
            f"{path}: intervals of {step} min do not fit those of the forecast, {own} min; "
            "allowed: one a multiple of the other"
        )
    begin = (grid.first - forecast.first_day).days
    offered = forecast.offered[begin : begin + grid.days].reshape(-1)
    if step > own:
        offered = offered.reshape(-1, step // own).sum(axis=1)
    else:
        offered = np.repeat(offered, own // step) / (own // step)
    opens = grid.open_intervals(rules_of(scenario.queue[name], scenario.center.open))
    values = np.zeros_like(offered)
    values[opens] = offered[opens]
    return values, float(offered.sum() - values.sum())


def _read(scenario: Scenario, text: str, path: Path, table: Path, content: str) -> Scenario:
    """Read the new scenario in a folder of its own, before anything is written."""
    import shutil
    from tempfile import TemporaryDirectory

    from sim.scenario import Scenario as Reader

    with TemporaryDirectory(prefix="ccplan-") as folder:
        for name, origin in scenario.data_files.items():
            target = Path(folder) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(origin, target)
        (Path(folder) / table.name).write_text(content, encoding="utf-8")
        return Reader.parse(text, folder, name=str(path))
