"""Who is planned to be on duty: the shifts of every day, and headcounts net of shrinkage."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim import units
from sim.scenario.calendar import WEEKDAYS, hours_on
from sim.scenario.interval_series import interval_values

if TYPE_CHECKING:
    from sim.scenario.group import Group, Shift
    from sim.scenario.scenario_record import ScenarioFields


@dataclass(frozen=True)
class Turn:
    """A shift of some persons on one day, as far as it lies within the horizon.

    Attributes
    ----------
    shift : Shift
    first : int
        Number of the first of its persons within the group.
    day : int
        Day whose attendance holds, from 0.
    begins : float
        When the shift begins (s); below zero when that is the evening before the horizon.
    start, end : float
        The part within the horizon (s).
    """

    shift: Shift
    first: int
    day: int
    begins: float
    start: float
    end: float

    def present(self, persons: int) -> int:
        """Return how many of its agents are among the first persons of the group."""
        return max(min(self.shift.agents, persons - self.first), 0)

    @property
    def breaks(self) -> list[tuple[float, float]]:
        """Start and length (s) of the breaks, ascending, as far as they lie within."""
        result = []
        for pause in self.shift.breaks:
            begins = self.begins + self.shift.break_start(pause)
            start, end = max(begins, self.start), min(begins + pause.length, self.end)
            if start < end:
                result.append((start, end - start))
        return sorted(result)


def turns(scenario: ScenarioFields, group: Group) -> list[Turn]:
    """Return the shifts of a group on every day, in the order they are written.

    What a shift of the evening before the horizon leaves after midnight is there from the
    first instant, under the attendance of the first day; what passes the end of the horizon
    is cut off.
    """
    grid = scenario.center.grid
    horizon = grid.days * grid.day_s
    result = []
    first = 0
    for shift in group.shifts:
        for day in range(-1, grid.days):
            begins = day * units.DAY + shift.start
            start, end = max(begins, 0.0), min(begins + shift.length, horizon)
            if start < end and _works(scenario, shift, day):
                result.append(Turn(shift, first, max(day, 0), begins, start, end))
        first += shift.agents
    return result


def _works(scenario: ScenarioFields, shift: Shift, day: int) -> bool:
    date = scenario.center.grid.date(day)
    if shift.days is not None:
        return WEEKDAYS[date.weekday()] in shift.days
    return bool(hours_on(scenario.center.open, date))


def net(agents: float, shrinkage: float) -> int:
    """Return how many of the scheduled agents are there, halves upwards.

    Parameters
    ----------
    agents : float
        Scheduled, zero or more.
    shrinkage : float
        Planned share that is not there, 0 to 1.
    """
    return units.to_whole(agents * (1 - shrinkage))


def scheduled(scenario: ScenarioFields, group: Group) -> list[float]:
    """Return the scheduled agents of a group by interval, before shrinkage.

    Of shifts the mean over the interval, breaks counted as on duty.
    """
    grid = scenario.center.grid
    if group.agents is None:
        return _present(scenario, group, group.shift_agents)
    rules = group.open if group.open is not None else scenario.center.open
    return interval_values(group.agents, grid, rules, scenario.center.open)


def on_duty(scenario: ScenarioFields, group: Group) -> list[float]:
    """Return the agents of a group by interval as the simulation has them, net of shrinkage.

    Headcounts are whole numbers; of shifts the last persons are left out. No agent is absent,
    and breaks are not taken off.
    """
    if group.agents is None:
        return _present(scenario, group, net(group.shift_agents, group.shrinkage))
    return [float(net(agents, group.shrinkage)) for agents in scheduled(scenario, group)]


def on_break(scenario: ScenarioFields, group: Group) -> list[float]:
    """Return how many of those on duty are planned to be in a break, as the mean of intervals."""
    persons = net(group.shift_agents, group.shrinkage)
    result = [0.0] * scenario.center.grid.intervals
    for turn in turns(scenario, group):
        for start, length in turn.breaks:
            _add(scenario, result, turn.present(persons), start, start + length)
    return result


def _present(scenario: ScenarioFields, group: Group, persons: int) -> list[float]:
    """Return how many of the first persons are in a shift, as the mean of each interval."""
    result = [0.0] * scenario.center.grid.intervals
    for turn in turns(scenario, group):
        _add(scenario, result, turn.present(persons), turn.start, turn.end)
    return result


def _add(
    scenario: ScenarioFields, sums: list[float], agents: int, start: float, end: float
) -> None:
    """Add agents who are there from one instant to another (s) to the means of intervals."""
    length = scenario.center.grid.interval_s
    for i in range(int(start // length), math.ceil(end / length)):
        inside = min(end, (i + 1) * length) - max(start, i * length)
        sums[i] += agents * inside / length
