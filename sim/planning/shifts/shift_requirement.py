"""The agents that shifts have to cover, by group and interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim import units
from sim.scenario.calendar import WEEKDAYS, Grid

if TYPE_CHECKING:
    from sim.array_types import Floats

BY_FORMULA, BY_SIMULATION = "the requirement by formula", "the requirement by simulation"
"""Sources of requirements that are no tables."""


@dataclass(frozen=True)
class ShiftRequirement:
    """Agents by group and interval, and what an agent of each group costs.

    Attributes
    ----------
    grid : Grid
        Days and intervals.
    agents : dict of str to ndarray of float, shape (intervals,)
        Scheduled agents required, zero or more, by group.
    is_cyclic : bool
        Whether the end of the horizon is followed by its beginning.
    is_dated : bool
        Whether its days are dates; otherwise it is one typical day.
    wages : dict of str to float or None
        Pay per hour by group.
    overtime : dict of str to float
        Overtime pay as a multiple of the wage, by group.
    source : str
        Where it comes from, in words.
    """

    grid: Grid
    agents: dict[str, Floats]
    is_cyclic: bool
    is_dated: bool = True
    wages: Mapping[str, float | None] = field(default_factory=dict)
    overtime: Mapping[str, float] = field(default_factory=dict)
    source: str = ""

    @property
    def origin(self) -> str:
        """Return "formula", "simulation" or "table"."""
        return {BY_FORMULA: "formula", BY_SIMULATION: "simulation"}.get(self.source, "table")

    @property
    def hours(self) -> float:
        """Agent hours of the whole requirement."""
        return float(sum(each.sum() for each in self.agents.values())) * (
            self.grid.interval_s / units.HOUR
        )

    def span(self, day: int) -> tuple[float, float] | None:
        """Return start and end (s from midnight) of a day's requirement, None without any."""
        per_day = self.grid.per_day
        wanted = np.zeros(per_day, dtype=bool)
        for agents in self.agents.values():
            wanted |= agents[day * per_day : (day + 1) * per_day] > 0
        if not wanted.any():
            return None
        first, last = int(wanted.argmax()), per_day - int(wanted[::-1].argmax())
        return first * self.grid.interval_s, last * self.grid.interval_s

    def weekday(self, day: int) -> str | None:
        """Return the weekday of a day, None for a typical day."""
        return WEEKDAYS[self.grid.date(day).weekday()] if self.is_dated else None

    def clock(self, seconds: float) -> str:
        """Return an instant of the horizon (s) as the labels of intervals write it.

        Instants after the horizon are those after its beginning when it is cyclic or one day.
        """
        grid = self.grid
        if grid.days == 1:
            return units.show_clock(seconds % units.DAY if seconds != units.DAY else seconds)
        day, within = divmod(seconds, units.DAY)
        date = grid.date(int(day) % grid.days if self.is_cyclic else int(day))
        return f"{date.isoformat()}T{units.show_clock(within)}"


def repeats(grid: Grid, agents: Mapping[str, Floats]) -> bool:
    """Tell whether a horizon is understood as cyclic unless someone says otherwise.

    That is one day or whole weeks with agents required both before and after midnight.
    """
    if grid.days != 1 and grid.days % 7:
        return False
    total = sum(agents.values(), np.zeros(grid.intervals))
    return bool(total[0] > 0 and total[-1] > 0)
