"""Laying numbers along the intervals of the horizon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sim import units
from sim.scenario.calendar import Grid, OpenHours
from sim.scenario.queue import Queue
from sim.scenario.series import Series
from sim.scenario.volume import parse_datetime

Rules = Mapping[str, OpenHours]


def rules_of(queue: Queue, center_open: Rules) -> Rules:
    """Return the opening hours of a queue: its own, or the center's, or round the clock.

    The last holds for deferred work.
    """
    if queue.open is not None:
        return queue.open
    return {"daily": ((0.0, units.DAY),)} if queue.is_deferred else center_open


def interval_values(series: Series, grid: Grid, *rules: Rules) -> list[float]:
    """Return one number per interval of the horizon, zero where closed.

    Parameters
    ----------
    series : Series
    grid : Grid
    *rules : mapping
        Opening hours; a list may follow the first or, when its length does not fit, a later.

    Returns
    -------
    list of float, length intervals

    Raises
    ------
    ValueError
        When the number of rows fits none of the opening hours; says how many are expected.
    """
    opens = grid.open_intervals(rules[0])
    result = [0.0] * grid.intervals
    if series.values is None:
        for i in opens:
            result[i] = series.each or 0.0
        return result
    if grid.stationary and len(set(series.values)) > 1:
        raise ValueError("a stationary run takes one number; allowed: a number instead of a list")
    reasons = []
    for rule in rules:
        try:
            return _rows(series, grid, grid.open_intervals(rule))
        except ValueError as error:
            reasons.append(str(error))
    raise ValueError(reasons[-1])


def volume_of(queue: Queue, grid: Grid, center_open: Rules) -> list[float]:
    """Return the contacts of each interval of the horizon, as the volume says them.

    Recorded arrivals are counted.

    Raises
    ------
    ValueError
        As :func:`interval_values`, or when recorded arrivals lie outside the horizon.
    """
    return list(_volume_of(_Same(queue), grid, _Same(center_open)))


class _Same:
    """A record as the key of a cache: equal to itself only, without looking at its fields."""

    __slots__ = ("record",)

    def __init__(self, record: Any) -> None:
        self.record = record

    def __hash__(self) -> int:
        return id(self.record)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.record is other.record


@lru_cache(maxsize=256)
def _volume_of(same_queue: _Same, grid: Grid, same_rules: _Same) -> Sequence[float]:
    """Compute what :func:`volume_of` returns, once for a queue; it is asked for many times."""
    queue: Queue = same_queue.record
    center_open: Rules = same_rules.record
    rules = rules_of(queue, center_open)
    volume = queue.volume
    if volume.recorded is not None:
        result = [0.0] * grid.intervals
        for instant in arrivals(queue, grid):
            result[int(instant // grid.interval_s)] += 1
        return result
    if volume.a_day is not None:
        return _by_day(queue, grid, rules, center_open)
    if volume.per_second is not None:
        volume = volume | {"each": volume.per_second * grid.interval_s}
    return interval_values(volume, grid, rules, center_open)


def arrivals(queue: Queue, grid: Grid) -> list[float]:
    """Return recorded times of arrival in seconds since midnight of the first day.

    Raises
    ------
    ValueError
        When one lies outside the horizon.
    """
    midnight = dt.datetime.combine(grid.first, dt.time())
    result = []
    for cell in queue.volume.recorded or ():
        if isinstance(cell, str):
            instant = (parse_datetime(cell) - midnight).total_seconds()
        else:
            instant = cell
        if not 0 <= instant < grid.days * grid.day_s:
            raise ValueError(
                f"the recorded arrival {cell!r} lies outside the horizon; allowed: "
                f"0 to {grid.days * grid.day_s:g} s from midnight of {grid.first}"
            )
        result.append(instant)
    return result


def _by_day(queue: Queue, grid: Grid, rules: Rules, center_open: Rules) -> list[float]:
    """Spread a volume a day over the open intervals of each day, by the profile."""
    amount = queue.volume.a_day or 0.0
    if grid.stationary:
        return [amount * grid.interval_s / units.DAY] * grid.intervals
    flat = Series(each=1.0)
    weights = interval_values(queue.profile or flat, grid, rules, center_open)
    result = [0.0] * grid.intervals
    for day in range(grid.days):
        of_day = range(day * grid.per_day, (day + 1) * grid.per_day)
        total = sum(weights[i] for i in of_day)
        for i in of_day if total > 0 else ():
            result[i] = amount * weights[i] / total
    return result


def _rows(series: Series, grid: Grid, opens: Sequence[int]) -> list[float]:
    if series.times is not None:
        placed = _placed(series, grid, opens)
    else:
        placed = dict(zip(opens, _repeated(series, grid, opens), strict=True))
    result = [0.0] * grid.intervals
    for i in opens:
        result[i] = placed[i]
    return result


def _repeated(series: Series, grid: Grid, opens: Sequence[int]) -> Sequence[float]:
    """Return one value per open interval from rows for all of them, one week or one day."""
    values = series.values or ()
    counts = [0] * grid.days
    for i in opens:
        counts[i // grid.per_day] += 1
    allowed = _allowed(counts)
    if len(values) not in allowed:
        expected = " or ".join(f"{number} ({what})" for number, what in allowed.items())
        of = f" in {series.source}" if series.source else ""
        raise ValueError(f"{len(values)} rows{of}; expected {expected}")
    return [values[i % len(values)] for i in range(len(opens))]


def _allowed(counts: list[int]) -> dict[int, str]:
    """Return the numbers of rows that fit, with what each would mean."""
    total = sum(counts)
    result = {total: f"one per open interval, {sum(map(bool, counts))} open days"}
    week = sum(counts[:7])
    if len(counts) > 7 and all(n == counts[i % 7] for i, n in enumerate(counts)):
        result.setdefault(week, "one week, repeated")
    sizes = {n for n in counts if n}
    if len(counts) > 1 and len(sizes) == 1:
        result.setdefault(sizes.pop(), "one day, repeated")
    return result


def _placed(series: Series, grid: Grid, opens: Sequence[int]) -> dict[int, float]:
    """Return values by interval, matched by the time column."""
    times = series.times or ()
    dated = bool(times) and ("-" in times[0] or "/" in times[0])
    at = _by_date(times, grid) if dated else _by_clock(times, grid, opens)
    placed: dict[int, float] = {}
    for i, value in zip(at, series.values or (), strict=True):
        if i in placed:
            raise ValueError(f"{series.source} has two rows for {grid.label(i)}; allowed: one")
        if i >= 0:
            placed[i] = value
    if not dated and placed and max(placed) < grid.per_day:
        placed = {i: placed[i % grid.per_day] for i in opens if i % grid.per_day in placed}
    missing = [i for i in opens if i not in placed]
    if missing:
        raise ValueError(
            f"{series.source} has no row for {grid.label(missing[0])} "
            f"and {len(missing) - 1} more; expected {len(opens)} rows, "
            f"{len(opens) - len(missing)} of them found"
        )
    return placed


def _by_date(times: Sequence[str], grid: Grid) -> list[int]:
    """Return the interval of each row; rows outside the horizon get numbers below zero."""
    midnight = dt.datetime.combine(grid.first, dt.time())
    result = []
    for row, text in enumerate(times):
        instant = (parse_datetime(text) - midnight).total_seconds()
        inside = 0 <= instant < grid.days * grid.day_s
        result.append(int(instant // grid.interval_s) if inside else -1 - row)
    return result


def _by_clock(times: Sequence[str], grid: Grid, opens: Sequence[int]) -> list[int]:
    """Return the interval of each row when only times of day are written.

    Whenever they start again, the next open day begins.
    """
    days = sorted({i // grid.per_day for i in opens})
    result: list[int] = []
    at, before = 0, -1.0
    for text in times:
        clock = units.clock(text)
        at += clock <= before
        before = clock
        if at >= len(days):
            raise ValueError(f"rows for more than the {len(days)} open days; expected fewer")
        day = 0 if len(days) == 0 else days[at]
        result.append(day * grid.per_day + int(clock // grid.interval_s))
    if at == 0 and days and days[0] > 0:
        result = [i % grid.per_day for i in result]
    return result
