"""Memory of :class:`sim.engine.kernel.layout.StateTables`, used for all replications in turn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engine.kernel import codes as c
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled
from sim.engine.kernel.layout import Records, StateTables
from sim.engine.kernel.tables import Addresses
from sim.model import Model

Bytes = npt.NDArray[np.uint8]
ALIGNMENT = 64
"""Tables begin at multiples of so many bytes, which the processor reads together."""


class EmptyState(NamedTuple):
    """What makes a state one in which nothing has happened yet, see :func:`clear`.

    Attributes
    ----------
    memory : ndarray of uint8
        The small tables of the state.
    blank : ndarray of uint8
        What stands there before anything has happened.
    customers : ndarray of uint8, shape (issues, bytes)
    """

    memory: Bytes
    blank: Bytes
    customers: Bytes


@compiled
def clear(empty: EmptyState, issues: int) -> None:
    """Make a state empty, for a replication of so many issues."""
    for k in range(len(empty.blank)):
        empty.memory[k] = empty.blank[k]
    for k in range(issues):
        for byte in range(empty.customers.shape[1]):
            empty.customers[k, byte] = 0


class Buffers:
    """The state tables of one model, made anew when a tape needs more than the last one did.

    Touching new memory costs as much as simulating a day, so the tables stay.

    Parameters
    ----------
    model : Model
    groups : Records
        GROUP, of the model.
    most_finished : int
        When so many legs are over, or when as many states as fit have been written,
        :func:`sim.engine.kernel.loop.advance` pauses, and then uses their memory again.
    """

    def __init__(self, model: Model, groups: Records, most_finished: int = c.ALL) -> None:
        self._model, self._groups, self._most_finished = model, groups, most_finished
        self._size = 1
        self._issues = -1
        self._state: tuple[StateTables, Addresses, EmptyState] | None = None

    def enlarge(self) -> None:
        """Provide for twice as much as an ordinary day needs, or twice what was provided for."""
        self._size *= 2
        self._state = None

    def state(self, issues: int) -> tuple[StateTables, Addresses, EmptyState]:
        """Return a state for so many issues, its addresses for compiled code, and what empties it.

        It is to be emptied before each replication.
        """
        if self._state is None or issues > self._issues:
            self._state = None  # frees the memory first
            self._issues = int(1.05 * issues) + 64
            memory, state = _allocate(self._model, self._groups, self._issues, self._size)
            _fill_blank(state, self._groups, self._most_finished)
            customers = state.customers.view(np.uint8).reshape(self._issues, -1)
            empty = EmptyState(memory, memory.copy(), customers)
            self._state = state, Addresses(state), empty
        return self._state


def _allocate(model: Model, team: Records, issues: int, size: int) -> tuple[Bytes, StateTables]:
    """Return tables for ``size`` times what an ordinary day of so many issues needs.

    And the memory of those that have to be emptied, which is of one piece.
    """
    groups, agents = len(team), int(team["agents"].sum())
    queues = len(model.queues)
    planned = sum(len(group.shifts) for group in model.groups)
    legs = size * (issues + issues // 2 + 64)
    events = 3 * legs + 4 * planned + 2 * queues + groups + 64
    log_ins = size * (2 * planned + agents * (model.days + 1) + 64)
    most_active = max((s.at_once for g in model.groups for s in g.skills), default=1)
    memory, small = _in_one_piece({
        "counts": (1, t.COUNTS),
        "queue_states": (queues, t.QUEUE_STATE),
        "group_states": (groups, t.GROUP_STATE),
        "agents": (agents, t.AGENT),
        "taking": (groups * 2 * (most_active + 1), t.LIST),
    })  # fmt: skip
    state = StateTables(
        **small,
        events=np.empty(events + c.SPARE_EVENTS, t.EVENT),
        legs=np.empty(legs + c.SPARE_LEGS, t.LEG),
        blank_leg=np.zeros(1, t.LEG),
        customers=np.empty(issues, t.CUSTOMER),
        recontacts=np.empty(legs, t.RECONTACT),
        finished=np.empty(legs + c.SPARE_LEGS, t.LEG_NUMBER),
        unserved=np.empty(legs + c.SPARE_LEGS, t.LEG_NUMBER),
        waiting_legs=np.empty(legs + c.SPARE_LEGS, t.LEG_NUMBER),
        suspended=np.empty(most_active, t.LEG_NUMBER),
        active=np.empty((agents, most_active), t.LEG_NUMBER),
        states=np.empty(6 * (legs + log_ins), t.AGENT_STATE),
        presences=np.empty(log_ins, t.PRESENCE),
    )
    blank = state.blank_leg
    for name in (
        "group",
        "agent",
        "transfer_first",
        "transfer_second",
        "plan",
        "resolved",
        "context",
    ):
        blank[name] = -1
    for name in ("leave", "talk_end", "end", "announced"):
        blank[name] = np.nan
    blank["patience"] = np.inf
    blank["factor"] = 1.0
    return memory, state


def _in_one_piece(tables: dict[str, tuple[int, npt.DTypeLike]]) -> tuple[Bytes, dict[str, Records]]:
    """Return zeroed memory, and tables of so many rows in it."""
    sizes = {name: rows * np.dtype(dtype).itemsize for name, (rows, dtype) in tables.items()}
    ends = np.cumsum([-(-size // ALIGNMENT) * ALIGNMENT for size in sizes.values()]).tolist()
    memory = np.zeros(ends[-1], np.uint8)
    return memory, {
        name: memory[first : first + sizes[name]].view(dtype)
        for (name, (_, dtype)), first in zip(tables.items(), [0, *ends], strict=False)
    }


def _fill_blank(state: StateTables, team: Records, most_finished: int) -> None:
    """Let the zeroed tables say that nothing has happened yet."""
    state.counts["most_finished"] = most_finished
    state.counts["free"] = -1
    state.agents["group"] = np.repeat(np.arange(len(team)), team["agents"])
    for name in ("deferred_wrap_head", "deferred_wrap_tail", "shift", "taking"):
        state.agents[name] = -1
    for name in ("idle_head", "idle_tail"):
        state.group_states[name] = -1
    for name in ("head", "tail"):
        state.queue_states[name] = state.taking[name] = -1
