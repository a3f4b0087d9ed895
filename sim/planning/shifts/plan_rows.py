"""Rows of a plan of shifts: shifts with breaks, coverage by interval, tours of persons."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.planning.shifts.cover_model import (
    SMALL,
    coverage_matrix,
    required_by_slot,
)
from sim.planning.shifts.place_breaks import PlannedShift
from sim.planning.shifts.tours import WEEK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.array_types import Floats
    from sim.planning.shifts.cover_model import CoverModel
    from sim.planning.shifts.shift_requirement import ShiftRequirement
    from sim.planning.shifts.tours import TourClass
    from sim.scenario.pattern import Pattern

Row = dict[str, Any]


def shift_rows(
    model: CoverModel, requirement: ShiftRequirement, planned: Sequence[PlannedShift]
) -> list[Row]:
    """Return one row for each shift with its breaks, ordered by group and start.

    Parameters
    ----------
    model : CoverModel
    requirement : ShiftRequirement
    planned : sequence of PlannedShift
    """
    slot = model.types.slot_s
    rows = []
    for one in planned:
        kind = model.types.types[one.kind]
        begin = kind.start * slot
        breaks = [
            {
                "start": requirement.clock(begin + start * slot),
                "end": requirement.clock(begin + (start + pause.length) * slot),
                "paid": pause.paid,
            }
            for pause, start in zip(kind.breaks, one.breaks, strict=True)
        ]
        row = {
            "group": kind.group,
            "pattern": kind.pattern,
            "start": requirement.clock(begin),
            "end": requirement.clock(begin + kind.length * slot),
            "agents": one.agents,
            "breaks": breaks,
        }
        rows.append((kind.group, kind.start, kind.length, kind.pattern, one.breaks, row))
    rows.sort(key=lambda each: each[:-1])
    return [each[-1] for each in rows]


def coverage_rows(model: CoverModel, requirement: ShiftRequirement, values: Floats) -> list[Row]:
    """Return requirement and agents on duty by group and interval.

    Parameters
    ----------
    model : CoverModel
    requirement : ShiftRequirement
    values : ndarray of float, shape (columns,)
        Of the plan.
    """
    grid = requirement.grid
    per_interval = round(grid.interval_s / model.types.slot_s)
    rows = []
    for group, agents in requirement.agents.items():
        matrix = coverage_matrix(model, requirement, group)
        on_duty = np.rint(matrix @ values)
        wanted = required_by_slot(requirement, group, model.types.slot_s)
        shape = (grid.intervals, per_interval)
        fewest = on_duty.reshape(shape).min(axis=1)
        over = np.maximum(on_duty - wanted, 0.0).reshape(shape).mean(axis=1)
        short = np.maximum(wanted - on_duty, 0.0).reshape(shape).max(axis=1)
        short[short < SMALL] = 0.0
        for k in range(grid.intervals):
            if agents[k] > 0 or fewest[k] > 0 or over[k] > 0:
                rows.append(
                    {
                        "group": group,
                        "interval": grid.label(k),
                        "required": _plain(agents[k]),
                        "agents": _plain(fewest[k]),
                        "over": _plain(over[k]),
                        "short": _plain(short[k]),
                    }
                )
    return rows


def _plain(number: float) -> float | int:
    """Return a whole number as such, others rounded."""
    return int(number) if float(number).is_integer() else round(float(number), 6)


def uncovered_rows(coverage: Sequence[Row]) -> list[Row]:
    """Return the rows of coverage in which agents are missing."""
    return [
        {key: row[key] for key in ("group", "interval", "short")}
        for row in coverage
        if row["short"] > 0
    ]


def people(model: CoverModel, patterns: Mapping[str, Pattern], values: Floats) -> int:
    """Return the fewest persons who can work the shifts.

    Persons on tours are counted in the week with most of them; other shifts of a day are worked by
    different persons, so that the day with most shifts counts.
    """
    weeks: Counter[int] = Counter()
    for one, column in zip(model.tours.classes, model.tours.persons, strict=True):
        weeks[one.week] += round(values[column])
    days: Counter[int] = Counter()
    for kind, column in zip(model.types.types, model.shifts, strict=True):
        if patterns[kind.pattern].days_a_week is None:
            days[kind.day] += round(values[column])
    return max(weeks.values(), default=0) + max(days.values(), default=0)


def tour_rows(model: CoverModel, requirement: ShiftRequirement, values: Floats) -> list[Row]:
    """Return the weekly tours of persons: days with start and end of their shifts.

    Shifts of consecutive days are paired so that an early end goes with an early start, by which
    the rest between shifts is kept.
    """
    rows = []
    for one, column, shifts in zip(
        model.tours.classes, model.tours.persons, model.tours.shifts, strict=True
    ):
        count = round(values[column])
        if count < 1:
            continue
        found = Counter(_persons(model, one, shifts, values, count))
        for tour, persons in sorted(found.items()):
            rows.append(_tour_row(model, requirement, one, tour, persons))
    return sorted(rows, key=lambda row: (row["group"], row["pattern"], row["week"], row["days"]))


def _persons(
    model: CoverModel,
    one: TourClass,
    shifts: Mapping[tuple[int, int], int],
    values: Floats,
    count: int,
) -> list[tuple[int, ...]]:
    """Return the shifts of each person of a class of tours, by number."""
    types = model.types.types
    persons: list[list[int]] = [[] for _ in range(count)]
    for day, numbers in one.types.items():
        worked = []
        for number in numbers:
            column = shifts[day, number]
            agents = count if len(numbers) == 1 else round(values[column])
            worked += [number] * agents
        worked.sort(key=lambda n: types[n].start)
        persons.sort(key=lambda own: types[own[-1]].start + types[own[-1]].length if own else 0)
        for own, number in zip(persons, worked, strict=True):
            own.append(number)
    return [tuple(own) for own in persons]


def _tour_row(
    model: CoverModel,
    requirement: ShiftRequirement,
    one: TourClass,
    tour: Sequence[int],
    persons: int,
) -> Row:
    slot = model.types.slot_s
    kinds = [model.types.types[number] for number in tour]
    worked = [
        {
            "start": requirement.clock(kind.start * slot),
            "end": requirement.clock((kind.start + kind.length) * slot),
        }
        for kind in kinds
    ]
    date = requirement.grid.date
    return {
        "group": one.group,
        "pattern": one.pattern,
        "week": date(one.week * WEEK).isoformat(),
        "days": [date(day).isoformat() for day in one.days],
        "shifts": worked,
        "people": persons,
    }


def paid_hours(model: CoverModel, values: Floats) -> float:
    """Return the paid hours of a plan."""
    return float(
        sum(
            kind.hours * round(values[column])
            for kind, column in zip(model.types.types, model.shifts, strict=True)
        )
    )
