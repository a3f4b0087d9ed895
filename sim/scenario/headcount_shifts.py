"""Shifts without breaks that put as many agents on duty as given headcounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim import units
from sim.scenario.calendar import WEEKDAYS, hours_on

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def shifts_of(scenario: Scenario, numbers: Sequence[int]) -> list[dict[str, Any]] | None:
    """Return shifts, as a file writes them, with the given agents in every interval.

    An agent is on duty as long as at least so many are needed, at the longest until midnight.

    Parameters
    ----------
    scenario : Scenario
        With times of day.
    numbers : sequence of int
        Agents in every interval of the horizon.

    Returns
    -------
    list of dict or None
        None when a weekday comes several times with different numbers: shifts are written by
        weekday.
    """
    grid = scenario.center.grid
    by_day: dict[str, list[int]] = {}
    opened = set()
    for day in range(grid.days):
        date = grid.date(day)
        name = WEEKDAYS[date.weekday()]
        mine = list(numbers[day * grid.per_day : (day + 1) * grid.per_day])
        if by_day.setdefault(name, mine) != mine:
            return None
        opened |= {name} if hours_on(scenario.center.open, date) else set()
    days: dict[tuple[int, int, int], list[str]] = {}
    for name, mine in by_day.items():
        for (start, end), agents in _spans(mine).items():
            days.setdefault((start, end, agents), []).append(name)
    shifts = []
    for (start, end, agents), names in sorted(days.items()):
        shift: dict[str, Any] = {
            "agents": agents,
            "start": units.show_clock(start * grid.interval_s),
            "length": units.show_duration((end - start) * grid.interval_s),
        }
        shifts.append(shift | ({} if set(names) == opened else {"days": names}))
    return shifts


def _spans(numbers: Sequence[int]) -> dict[tuple[int, int], int]:
    """Return how many agents are there from one interval until before another."""
    found: dict[tuple[int, int], int] = {}
    since: list[int] = []  # first interval of each agent on duty, the longest there first
    for k, wanted in enumerate([*numbers, 0]):
        while len(since) > wanted:
            span = (since.pop(), k)
            found[span] = found.get(span, 0) + 1
        since += [k] * (wanted - len(since))
    return found
