"""Room for the tables of :class:`sim.engine.kernel.layout.Floor`, used again and again."""

from __future__ import annotations

import numpy as np

from sim.engine.kernel import codes as c
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import readable
from sim.engine.kernel.layout import Floor, World
from sim.model import Model


class Room:
    """The floor of one model, laid out when a tape needs more than the last one did.

    Touching new memory costs as much as living the day, so the tables stay.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._size = 1
        self._issues = -1
        self._floor: Floor | None = None

    def enlarge(self) -> None:
        """Provide for twice as much as a plain day needs, or twice what was provided for."""
        self._size *= 2
        self._floor = None

    def floor_for(self, world: World) -> Floor:
        """Return an empty floor for a world."""
        if self._floor is None or len(world.born) > self._issues:
            self._floor = None  # the old one makes place first
            self._issues = int(1.05 * len(world.born)) + 64
            self._floor = _laid_out(self._model, world, self._issues, self._size)
        _clear(self._floor, world)
        return self._floor


def _laid_out(model: Model, world: World, issues: int, size: int) -> Floor:
    """Return tables with room for ``size`` times what a plain day of so many issues needs."""
    groups, agents = len(world.groups), int(world.groups["agents"].sum())
    planned = sum(len(group.shifts) for group in model.groups)
    legs = size * (issues + issues // 2 + 64)
    coming = size * (2 * planned + agents * (model.days + 1) + 64)
    in_hand = max((s.at_once for g in model.groups for s in g.skills), default=1)
    tables = Floor(
        np.zeros(c.COUNTS, np.int64),
        np.empty(3 * legs + 4 * planned + 2 * len(world.queues) + groups + 64, t.EVENT),
        np.empty(legs, t.LEG), np.zeros(1, t.LEG), np.empty(issues, t.CUSTOMER),
        np.empty(legs, t.PLAN), np.empty(legs, np.int64), np.empty(agents, t.AGENT),
        np.empty((agents, in_hand), np.int64), np.empty(groups, t.CREW),
        np.empty((groups * 2 * (in_hand + 1), 2), np.int64), np.empty(len(world.queues), t.LINE),
        np.empty(6 * (legs + coming), t.STATE), np.empty(coming, t.PRESENCE),
        np.empty(in_hand, np.int64),
    )  # fmt: skip
    for name in ("crew", "agent", "held", "second", "before", "resolved"):
        tables.blank[name] = -1
    for name in ("leave", "talk_end", "end"):
        tables.blank[name] = np.nan
    tables.blank["patience"] = np.inf
    tables.blank["factor"] = 1.0
    return Floor(*map(readable, tables))


def _clear(floor: Floor, world: World) -> None:
    """Let nothing have happened yet."""
    floor.counts[:] = 0
    for table in (floor.agents, floor.crews, floor.lines, floor.customers[: len(world.born)]):
        table.view(np.uint8)[:] = 0
    floor.buckets[:] = -1
    for g, group in enumerate(world.groups):
        floor.agents["crew"][group["first"] : group["first"] + group["agents"]] = g
    for name in ("put_off_head", "put_off_tail", "shift", "bucket"):
        floor.agents[name] = -1
    for name in ("idle_head", "idle_tail"):
        floor.crews[name] = -1
    for name in ("head", "tail"):
        floor.lines[name] = -1
