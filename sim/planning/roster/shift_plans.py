"""Types of shifts and demand from a plan of shifts: JSON of ``ccplan shifts``, or a scenario."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.messages import show_value
from sim.planning.roster.problem import RosterShift, ShiftDemand
from sim.units import DAY, HOUR, MINUTE, BadInputError, clock, show_clock

NIGHT = (23 * HOUR, 30 * HOUR)
"""From 23:00 to 6:00."""
NIGHT_HOURS = 3 * HOUR
MOST_BYTES = 50 * 1024**2
MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class ShiftOfPlan:
    """Agents of a group who work from ``start`` to ``end`` (s) on a day, with ``unpaid`` seconds.

    The day is a number from 0, or a date; None in a plan for a single day.
    """

    group: str
    day: int | dt.date | None
    start: float
    end: float
    unpaid: float
    agents: int


def is_night(start: float, end: float) -> bool:
    """Tell whether at least three hours lie between 23:00 and 6:00."""
    inside = sum(
        max(0.0, min(end, NIGHT[1] + shift) - max(start, NIGHT[0] + shift)) for shift in (-DAY, 0.0)
    )
    return inside >= NIGHT_HOURS


def read_plan(path: Path) -> list[ShiftOfPlan]:
    """Return the shifts of a plan.

    Parameters
    ----------
    path : Path
        JSON of ``ccplan shifts``, or a scenario whose groups have shifts.

    Raises
    ------
    BadInputError
        When it cannot be read, or holds no shifts.
    """
    read = _of_scenario if path.suffix.lower() == ".toml" else _of_json
    found = list(read(path))
    if not found:
        raise BadInputError(f"{path}: has no shifts; allowed: a plan of ccplan shifts with some")
    return found


def _of_scenario(path: Path) -> Iterator[ShiftOfPlan]:
    from sim.scenario import load
    from sim.scenario.schedules import turns

    scenario = load(path)
    several = scenario.center.days > 1
    for name, group in scenario.group.items():
        for turn in turns(scenario, group):
            if turn.begins < 0:  # the evening before: the rest of a shift that is not in the plan
                continue
            begins = turn.begins - turn.day * DAY
            length = turn.end - turn.begins
            day = scenario.center.first_day + dt.timedelta(turn.day) if several else None
            yield ShiftOfPlan(name, day, begins, begins + length, 0.0, turn.shift.agents)


def _of_json(path: Path) -> Iterator[ShiftOfPlan]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInputError(f"{path}: is too large; allowed: at most {MOST_BYTES:,} bytes")
        document = json.loads(path.read_text(encoding="utf-8"))
        rows = document["shifts"]
        if not isinstance(rows, list) or len(rows) > MOST_ROWS:
            raise TypeError
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such JSON"
        raise BadInputError(
            f"{path}: cannot be read ({reason}); allowed: a scenario with shifts, or the JSON of "
            "ccplan shifts"
        ) from None
    for number, row in enumerate(rows, 1):
        try:
            yield _row(row)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            reason = str(error) if isinstance(error, BadInputError) else show_value(row)
            raise BadInputError(
                f"{path}: shifts, row {number}: {reason}; allowed: group, start, end, "
                "agents, breaks"
            ) from None


def _row(row: Mapping[str, Any]) -> ShiftOfPlan:
    day, start = _moment(row["start"])
    last, end = _moment(row["end"])
    if day is not None and last is not None:
        end += (last - day).days * DAY
    elif end <= start:
        end += DAY
    unpaid = 0.0
    for pause in row.get("breaks") or []:
        if not pause["paid"]:
            unpaid += (_moment(pause["end"])[1] - _moment(pause["start"])[1]) % DAY
    agents = row["agents"]
    if isinstance(agents, bool) or not isinstance(agents, int) or agents < 0:
        raise ValueError
    if not start < end <= start + DAY:
        raise ValueError
    return ShiftOfPlan(str(row["group"]), day, start, end, unpaid, agents)


def _moment(text: str) -> tuple[dt.date | None, float]:
    day, mark, time = text.replace(" ", "T").rpartition("T")
    return (dt.date.fromisoformat(day) if mark else None), clock(time)


def shifts_of_plan(
    planned: Iterable[ShiftOfPlan], first: dt.date, days: int, on: Iterable[int]
) -> tuple[tuple[RosterShift, ...], tuple[ShiftDemand, ...]]:
    """Return types of shifts and their demand.

    Parameters
    ----------
    planned : iterable of ShiftOfPlan
    first : datetime.date
        First day of the roster.
    days : int
    on : iterable of int
        Days on which shifts without a date are wanted.

    Returns
    -------
    tuple of RosterShift
        One for each group, start, end and unpaid time; the group is its skill.
    tuple of ShiftDemand
    """
    types: dict[tuple[str, float, float, float], RosterShift] = {}
    agents: Counter[tuple[int, str]] = Counter()
    every = sorted(set(on))
    for one in sorted(planned, key=lambda each: (each.group, each.start, each.end, each.unpaid)):
        key = (one.group, one.start, one.end, one.unpaid)
        if key not in types:
            types[key] = _type(one, {shift.name for shift in types.values()})
        for day in every if one.day is None else [_number(one.day, first)]:
            if 0 <= day < days:
                agents[day, types[key].name] += one.agents
    found = tuple(ShiftDemand(day, shift, count) for (day, shift), count in sorted(agents.items()))
    return tuple(types.values()), found


def _number(day: int | dt.date, first: dt.date) -> int:
    return day if isinstance(day, int) else (day - first).days


def _type(one: ShiftOfPlan, names: set[str]) -> RosterShift:
    paid = round((one.end - one.start - one.unpaid) / MINUTE)
    name = f"{one.group} {show_clock(one.start % DAY)}-{show_clock(one.end % DAY)}"
    if name in names:
        name = f"{name} {paid / 60:g} h"
    return RosterShift(name, paid, one.start, one.end, one.group, is_night(one.start, one.end))


def first_date(planned: Iterable[ShiftOfPlan]) -> dt.date | None:
    """Return the first date of a plan, None where it has none."""
    return min((one.day for one in planned if isinstance(one.day, dt.date)), default=None)
