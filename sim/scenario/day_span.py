"""Hours of some weekdays: begin, end, and the intervals that lie in them."""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING

from sim import units
from sim.scenario.calendar import WEEKDAYS, weekdays
from sim.scenario.problems import all_of
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def time_span(
    scenario: Scenario, start: str | None, end: str | None, days: str | None
) -> tuple[float, float]:
    """Return begin and end (s of the day), from opening to closing unless given."""
    grid = scenario.center.grid
    on_days = _on_days(scenario, days)
    opens = [k % grid.per_day for k in grid.open_intervals(scenario.center.open) if k in on_days]
    if not opens and not (start and end):
        raise BadInputError(f"days: the center is closed on {days}; allowed: days with open hours")
    begin = units.clock(start) if start else min(opens) * grid.interval_s
    finish = units.clock(end) if end else (max(opens) + 1) * grid.interval_s
    if finish <= begin:
        early, late = units.show_clock(begin), units.show_clock(finish)
        raise BadInputError(
            f"to: {late} is not after {early}; allowed: a later time of the same day"
        )
    return begin, finish


def _on_days(scenario: Scenario, days: str | None) -> set[int]:
    """Return the intervals of the horizon that lie on some weekdays; on all unless given."""
    grid, wanted = scenario.center.grid, weekdays(days) if days else WEEKDAYS
    dates = (k for k in range(grid.days) if WEEKDAYS[grid.date(k).weekday()] in wanted)
    return {d * grid.per_day + k for d in dates for k in range(grid.per_day)}


def days_in_words(days: str) -> str:
    """Return weekdays in full, as in ``Monday`` or ``Monday to Friday``."""
    names = weekdays(days)
    first, last = WEEKDAYS.index(names[0]), WEEKDAYS.index(names[-1])
    full = [calendar.day_name[WEEKDAYS.index(name)] for name in names]
    if len(names) > 2 and last - first == len(names) - 1:
        return f"{full[0]} to {full[-1]}"
    return all_of(full)


def intervals_in(scenario: Scenario, begin: float, finish: float, days: str | None) -> list[int]:
    """Return the intervals of the horizon that begin within a span of some days."""
    grid = scenario.center.grid
    found = [
        k
        for k in sorted(_on_days(scenario, days))
        if begin <= (k % grid.per_day) * grid.interval_s < finish
    ]
    if not found:
        raise BadInputError(
            f"from, to: no interval of the scenario begins then; its intervals are "
            f"{units.show_duration(grid.interval_s)} long"
        )
    return found
