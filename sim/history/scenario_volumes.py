"""Forecast volumes written into a scenario that is there, every other line of it as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.fileio import write_file
from sim.fileio.csv_text import csv_of
from sim.history.tables.column_mapping import word
from sim.numerals import write_number
from sim.scenario.calendar import Grid
from sim.scenario.editing import drop, put, written
from sim.scenario.interval_series import rules_of
from sim.units import MINUTE, BadInputError, counted, show_clock

if TYPE_CHECKING:
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
) -> ScenarioVolumes:
    """Put forecast volumes into a scenario: a column for each queue that both know.

    The horizon must lie within the forecast; where it does not, the first day becomes the first
    day of the forecast that is the same weekday.

    Parameters
    ----------
    file : str or Path
        Of the scenario.
    forecasts : sequence of IntervalForecast
    busyness : mapping of str to str, optional
        ``cv``, ``shared`` and ``shape`` of the day's factor.

    Raises
    ------
    BadInputError
        When no queue is in both, the scenario is stationary, its horizon is longer than the
        forecast, or its intervals do not fit those of the forecast.
    ScenarioError
        When the file is not a valid scenario.
    """
    from sim.scenario import load

    path = Path(file)
    if not path.is_file():
        raise BadInputError(f"{file}: the file does not exist; allowed: a scenario file")
    scenario = load(path)
    pairs = _pairs(path, scenario, forecasts)
    grid, notes = _horizon(path, scenario, forecasts[0])
    text, own = scenario.text, [*notes, *_unused_days(pairs, grid)]
    if grid.first != scenario.center.first_day:
        text = put(text, "center.first_day", grid.first)
    table = path.with_name(f"{path.stem}_forecast.csv")
    columns = {}
    for name, forecast in pairs.items():
        values, lost = _on_grid(path, scenario, name, forecast, grid)
        columns[name] = values
        if lost >= 0.5:
            own.append(_outside_hours(name, lost, forecast, scenario))
        title = _title(name)
        text = put(text, f"queue.{name}.volume", f"{table.name}:{title}")
        if written(text, f"queue.{name}.profile") is not None:
            text = drop(text, f"queue.{name}.profile")
    if busyness:
        text = put(text, "center.busyness", dict(busyness))
    left = [name for name in scenario.queue if name not in pairs]
    own += [f"queue {name} is not in the forecast; its volume stays" for name in left]
    content = _csv(columns, grid)
    _check(scenario, text, table, content)
    return ScenarioVolumes(path, text, table, content, tuple(own))


def _title(name: str) -> str:
    return "".join("_" if sign in ':[]"' else sign for sign in name)


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


def _horizon(path: Path, scenario: Scenario, one: IntervalForecast) -> tuple[Grid, list[str]]:
    grid = scenario.center.grid
    if grid.stationary:
        raise BadInputError(f"{path}: center.length is set; allowed: a scenario of whole days")
    if one.first_day <= grid.first and grid.date(grid.days - 1) <= one.last_day:
        return grid, []
    first = one.first_day + dt.timedelta(days=(grid.first.weekday() - one.first_day.weekday()) % 7)
    if first + dt.timedelta(days=grid.days - 1) > one.last_day:
        raise BadInputError(
            f"{path}: has {counted(grid.days, 'day')}, and the forecast has no as many from "
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
        f"contacts: the scenario simulates {counted(grid.days, 'day')} from {grid.first} on; for "
        f"all of them set center.days = {one.days} and center.first_day = {one.first_day}, and "
        "forecast again"
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
) -> tuple[dict[int, float], float]:
    """Return contacts by open interval of the horizon, and those outside the opening hours."""
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
    values = {int(i): float(offered[i]) for i in opens}
    return values, float(offered.sum()) - sum(values.values())


def _csv(columns: Mapping[str, Mapping[int, float]], grid: Grid) -> str:
    """Return volumes by interval; a queue that is closed in one has 0 there."""
    rows: list[Sequence[str]] = [["interval_start", *map(_title, columns)]]
    midnight = dt.datetime.combine(grid.first, dt.time())
    for i in sorted({i for values in columns.values() for i in values}):
        start = midnight + dt.timedelta(seconds=i * grid.interval_s)
        cells = (write_number(values.get(i, 0.0), 7) for values in columns.values())
        rows.append([f"{start:%Y-%m-%d %H:%M}", *cells])
    return csv_of(rows)


def _check(scenario: Scenario, text: str, table: Path, content: str) -> None:
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
        Reader.parse(text, folder, name=str(table.with_suffix(".toml").name))
