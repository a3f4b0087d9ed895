"""A scenario from a file of interval rows."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim import units
from sim.erlang import read_target
from sim.history.tables.interval_reader import IntervalRow, refuse
from sim.history.tables.interval_rows import read_rows
from sim.model import Bools, Floats
from sim.planning.row_grid import RowGrid, inside, opening, row_grid
from sim.scenario import Problem, Scenario
from sim.units import BadInputError

_DEFERRED = ("email", "case", "cases", "back office", "mail", "letter")
RUNS = 20
"""Replications unless said otherwise: files of rows are often long."""


@dataclass(frozen=True)
class IntervalScenario:
    """Interval rows as a scenario.

    Attributes
    ----------
    scenario : Scenario
        One group for each queue, with the agents of the file, else none.
    handle_s : dict of str to ndarray, shape (intervals,)
        Handle time by queue and interval (s).
    has_agents : bool
        Whether the file says how many are scheduled.
    notes : tuple of str
        What was assumed.
    named : dict of str to ndarray of bool, shape (intervals,)
        By queue, and its group of the same name: the intervals that have a row.
    """

    scenario: Scenario
    handle_s: dict[str, Floats]
    has_agents: bool
    notes: tuple[str, ...]
    named: dict[str, Bools] = field(default_factory=dict)


def read_intervals(
    path: str | Path,
    *,
    target: str = "80/20",
    patience: float | str | None = None,
    shrinkage: float | str | None = None,
    interval: float | str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    columns: Mapping[str, str] | None = None,
    dates: str | None = None,
    aht: float | str | None = None,
) -> IntervalScenario:
    """Read a CSV or XLSX file of interval rows.

    Parameters
    ----------
    path : str or Path
        Columns ``interval_start``, ``offered``, and ``aht_s`` or ``total_handle_s`` (divided
        by ``handled``, else by ``offered``); perhaps ``queue``, ``channel``, ``patience_s``,
        ``target``, ``at_once``, ``due``, ``agents``. The names of the export of Genesys Cloud
        are understood. Times are seconds, ``6:10`` or ``1:02:03``.
    target : str
        For live queues whose rows name none.
    patience : float or str, optional
        Mean patience where the rows name none; unlimited unless given.
    shrinkage : float or str, optional
        Share of paid time lost: "30%", 0.3 or 30.
    interval : float or str, optional
        Length of an interval; the shortest distance of two rows unless given.
    sheet, header_row : optional
        As for :func:`sim.fileio.read_table`.
    columns, dates, aht : optional
        As for :func:`sim.history.tables.interval_rows.read_rows`; there ``dates`` is ``order``.

    Returns
    -------
    IntervalScenario

    Raises
    ------
    ScenarioError
        With every problem, each with file, row and column.
    BadInputError
        When an option cannot be read.
    """
    lines, notes = read_rows(
        path, columns=columns, order=dates, aht=aht, sheet=sheet, header_row=header_row
    )
    lost = share_lost(shrinkage)
    default = None if patience is None else units.duration(patience)
    if default == 0:
        raise BadInputError("patience: 0 s must be above 0 s")
    grid = row_grid(lines, interval, str(path))
    queues = _queues(lines)
    refuse(_doubled(queues, str(path)))
    handle: dict[str, Floats] = {}
    tables: dict[str, Any] = {}
    groups: dict[str, Any] = {}
    for name, own in queues.items():
        volume, handle[name] = _numbers(own, grid, notes, name)
        aim = _target(own, target, str(path))
        hours = opening(own, grid)
        within = inside(own, grid)
        tables[name] = _queue(own, volume, handle[name], within, hours, aim, default)
        groups[name] = _group(own, name, grid, within, hours, lost)
        notes += _assumed(own, name)
    center = {
        "name": Path(path).stem,
        "first_day": grid.first.date().isoformat(),
        "days": grid.count * int(grid.step) // int(units.DAY),
        "open": opening(lines, grid),
        "interval": grid.step,
    }
    experiment = {"runs": RUNS}
    parts = {"center": center, "queue": tables, "group": groups, "experiment": experiment}
    text = "\n".join(f"{key} = {_toml(table)}" for key, table in parts.items())
    scenario = Scenario.parse(text, name=str(path))
    has_agents = any("agents" in line.numbers for line in lines)
    named = {name: _named(own, grid) for name, own in queues.items()}
    return IntervalScenario(scenario, handle, has_agents, tuple(notes), named)


def _named(lines: list[IntervalRow], grid: RowGrid) -> Bools:
    """Return which intervals have a row, shape (intervals,)."""
    seen = np.zeros(grid.count, dtype=bool)
    seen[[grid.of(line.start) for line in lines]] = True
    return seen


def share_lost(shrinkage: float | str | None) -> float:
    """Return the shrinkage as a share; a bare number above 1 is in percent.

    Raises
    ------
    BadInputError
        When it is none or not below 100%.
    """
    if shrinkage is None:
        return 0.0
    try:
        number = float(shrinkage)
        number = number / 100 if number > 1 else number
    except ValueError:
        number = units.share(shrinkage)
    if not 0 <= number < 1:
        raise BadInputError(
            f"shrinkage: {shrinkage} is out of bounds; allowed: from 0 to below 100%"
        )
    return number


def _queues(lines: list[IntervalRow]) -> dict[str, list[IntervalRow]]:
    """Return the rows of each queue; one of several channels becomes several queues."""
    channels: dict[str, set[str]] = {}
    for line in lines:
        channels.setdefault(line.queue, set()).add(line.channel)
    result: dict[str, list[IntervalRow]] = {}
    for line in lines:
        several = len(channels[line.queue]) > 1
        result.setdefault(f"{line.queue} {line.channel}" if several else line.queue, []).append(
            line
        )
    return result


def _doubled(queues: dict[str, list[IntervalRow]], file: str) -> list[Problem]:
    problems = []
    for name, lines in queues.items():
        seen: dict[tuple[Any, ...], int] = {}
        for line in lines:
            key = (line.start, line.apart)
            if key in seen:
                start = line.start.isoformat(sep=" ")
                text = (
                    f"{name} at {start} stands in row {seen[key]} too; allowed: one row (where "
                    "the clock was set back, add the two up)"
                )
                problems.append(Problem("interval_start", text, file=file, line=line.row))
            seen.setdefault(key, line.row)
    return problems


def _numbers(
    lines: list[IntervalRow], grid: RowGrid, notes: list[str], name: str
) -> tuple[Floats, Floats]:
    """Return volume and handle time by interval; where no time is known the mean holds."""
    volume, known, work = np.zeros(grid.count), np.zeros(grid.count), np.zeros(grid.count)
    unknown = 0
    for line in lines:
        at, offered = grid.of(line.start), line.numbers["offered"]
        volume[at] += offered
        aht = _aht(line.numbers)
        if math.isfinite(aht) and aht > 0:
            known[at] += offered
            work[at] += offered * aht
        else:
            unknown += offered > 0
    mean = float(work.sum() / known.sum()) if known.sum() > 0 else 1.0
    if unknown:
        notes.append(
            f"{name}: {unknown} rows have contacts but no handle time; the mean of the others, "
            f"{mean:.0f} s, was taken"
        )
    return volume, np.divide(work, known, out=np.full(grid.count, mean), where=known > 0)


def _aht(numbers: dict[str, float]) -> float:
    aht = numbers.get("aht", math.nan)
    if math.isfinite(aht):
        return aht
    handled = numbers.get("handled", math.nan)
    by = handled if math.isfinite(handled) else numbers["offered"]
    return numbers.get("total", math.nan) / by if by > 0 else math.nan


def _target(lines: list[IntervalRow], default: str, file: str) -> Any:
    """Return the target of one queue as a scenario writes it."""
    named = {line.target: line.row for line in reversed(lines) if line.target}
    text = min(named, key=lambda word: named[word]) if named else default
    row = named.get(text)
    try:
        if len(named) > 1:
            other = max(named, key=lambda word: named[word])
            raise BadInputError(f"{text!r}, and {other!r} in row {named[other]}; allowed: one")
        if "/" not in text:
            return text
        least, within = read_target(text)
        return {"service_level": least, "within": within}
    except BadInputError as error:
        if row is None:
            raise
        refuse([Problem("target", str(error), file=file, line=row)])
        raise


def _queue(
    lines: list[IntervalRow],
    volume: Floats,
    handle: Floats,
    within: list[int],
    hours: dict[str, str],
    aim: Any,
    patience: float | None,
) -> dict[str, Any]:
    mean = float(np.average(handle, weights=volume)) if volume.sum() > 0 else float(handle.mean())
    channel = lines[0].channel
    table: dict[str, Any] = {
        "channel": channel,
        "open": hours,
        "volume": [float(volume[i]) for i in within],
        "talk": f"exponential {mean:.6f}s",
    }
    if channel in _DEFERRED:
        due = _mean(lines, "due")
        named = isinstance(aim, str) and "on time" in aim
        more = {"target": aim if named else "95% on time", "due": due or units.DAY}
        return table | more
    table["target"] = aim
    lasting = _mean(lines, "patience") or patience
    return table | ({"patience": f"exponential {lasting:.6f}s"} if lasting else {})


def _mean(lines: list[IntervalRow], name: str) -> float | None:
    """Return the mean of a column weighted by contacts, None when nothing is written."""
    rows = [line for line in lines if math.isfinite(line.numbers.get(name, math.nan))]
    weight = [line.numbers["offered"] for line in rows]
    values = [line.numbers[name] for line in rows]
    if not rows:
        return None
    return float(np.average(values, weights=weight if sum(weight) > 0 else None))


def _group(
    lines: list[IntervalRow],
    queue: str,
    grid: RowGrid,
    within: list[int],
    hours: dict[str, str],
    lost: float,
) -> dict[str, Any]:
    agents = np.zeros(grid.count)
    for line in lines:
        number = line.numbers.get("agents", math.nan)
        agents[grid.of(line.start)] += 0.0 if math.isnan(number) else number
    skill: dict[str, Any] = {"level": 1, "at_once": _at_once(lines)}
    return {
        "agents": [float(agents[i]) for i in within],
        "open": hours,
        "skills": {queue: skill},
        "shrinkage": lost,
    }


def _at_once(lines: list[IntervalRow]) -> int:
    found = [line.numbers.get("at_once", math.nan) for line in lines]
    return int(max((n for n in found if math.isfinite(n)), default=1))


def _assumed(lines: list[IntervalRow], name: str) -> list[str]:
    notes = []
    if lines[0].channel in _DEFERRED and _mean(lines, "due") is None:
        notes.append(f"{name}: is to be done within a day, since no column due says otherwise")
    if _at_once(lines) > 1:
        notes.append(
            f"{name}: handle time is assumed not to depend on how many an agent handles at once"
        )
    times = {round(_aht(line.numbers), 3) for line in lines if line.numbers["offered"] > 0}
    if len(times) > 1:
        notes.append(
            f"{name}: formulas take the handle time of each interval, the simulation its mean"
        )
    return notes


def _toml(value: Any) -> str:
    """Return a value as TOML in one line."""
    if isinstance(value, dict):
        inner = ", ".join(f"{json.dumps(str(key))} = {_toml(v)}" for key, v in value.items())
        return "{ " + inner + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
