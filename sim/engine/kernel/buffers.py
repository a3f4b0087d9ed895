"""Memory of :class:`sim.engine.kernel.layout.StateTables`, used for all replications in turn."""

from __future__ import annotations

import numpy as np

from sim.engine.kernel import codes as c
from sim.engine.kernel import layout as t
from sim.engine.kernel.layout import ModelTables, StateTables
from sim.engine.kernel.tables import Addresses
from sim.model import Model


class Buffers:
    """The state tables of one model, made anew when a tape needs more than the last one did.

    Touching new memory costs as much as simulating a day, so the tables stay.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._size = 1
        self._issues = -1
        self._state: tuple[StateTables, Addresses] | None = None

    def enlarge(self) -> None:
        """Provide for twice as much as an ordinary day needs, or twice what was provided for."""
        self._size *= 2
        self._state = None

    def empty_state(
        self, tables: ModelTables, most_finished: int = c.ALL
    ) -> tuple[StateTables, Addresses]:
        """Return the state before anything has happened, and its addresses for compiled code.

        When ``most_finished`` legs are over, or when as many states as fit have been written,
        :func:`sim.engine.kernel.loop.advance` pauses, and then uses their memory again.
        """
        if self._state is None or len(tables.born) > self._issues:
            self._state = None  # frees the memory first
            self._issues = int(1.05 * len(tables.born)) + 64
            state = _allocate(self._model, tables, self._issues, self._size)
            self._state = state, Addresses(state)
        _clear(self._state[0], tables, most_finished)
        return self._state


def _allocate(model: Model, tables: ModelTables, issues: int, size: int) -> StateTables:
    """Return tables for ``size`` times what an ordinary day of so many issues needs."""
    groups, agents = len(tables.groups), int(tables.groups["agents"].sum())
    queues = len(tables.queues)
    planned = sum(len(group.shifts) for group in model.groups)
    legs = size * (issues + issues // 2 + 64)
    events = 3 * legs + 4 * planned + 2 * queues + groups + 64
    log_ins = size * (2 * planned + agents * (model.days + 1) + 64)
    most_active = max((s.at_once for g in model.groups for s in g.skills), default=1)
    state = StateTables(
        counts=np.zeros(1, t.COUNTS),
        events=np.empty(events + c.SPARE_EVENTS, t.EVENT),
        legs=np.empty(legs + c.SPARE_LEGS, t.LEG),
        blank_leg=np.zeros(1, t.LEG),
        customers=np.empty(issues, t.CUSTOMER),
        recontacts=np.empty(legs, t.RECONTACT),
        finished=np.empty(legs + c.SPARE_LEGS, t.LEG_NUMBER),
        unserved=np.empty(legs + c.SPARE_LEGS, t.LEG_NUMBER),
        waiting_legs=np.empty(legs + c.SPARE_LEGS, t.LEG_NUMBER),
        suspended=np.empty(most_active, t.LEG_NUMBER),
        queue_states=np.empty(queues, t.QUEUE_STATE),
        group_states=np.empty(groups, t.GROUP_STATE),
        agents=np.empty(agents, t.AGENT),
        active=np.empty((agents, most_active), t.LEG_NUMBER),
        taking=np.empty(groups * 2 * (most_active + 1), t.LIST),
        states=np.empty(6 * (legs + log_ins), t.AGENT_STATE),
        presences=np.empty(log_ins, t.PRESENCE),
    )
    blank = state.blank_leg
    for name in ("group", "agent", "transfer_first", "transfer_second", "plan", "resolved"):
        blank[name] = -1
    for name in ("leave", "talk_end", "end"):
        blank[name] = np.nan
    blank["patience"] = np.inf
    blank["factor"] = 1.0
    return state


def _clear(state: StateTables, tables: ModelTables, most_finished: int) -> None:
    """Make a state one in which nothing has happened yet."""
    state.counts[:] = np.zeros(1, t.COUNTS)
    state.counts["most_finished"] = most_finished
    state.counts["free"] = -1
    customers = state.customers[: len(tables.born)]
    for table in (state.agents, state.group_states, state.queue_states, customers):
        table.view(np.uint8)[:] = 0
    for g, group in enumerate(tables.groups):
        state.agents["group"][group["first"] : group["first"] + group["agents"]] = g
    for name in ("deferred_wrap_head", "deferred_wrap_tail", "shift", "taking"):
        state.agents[name] = -1
    for name in ("idle_head", "idle_tail"):
        state.group_states[name] = -1
    for name in ("head", "tail"):
        state.queue_states[name] = state.taking[name] = -1
