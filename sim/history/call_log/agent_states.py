"""What agents did by the record of a telephone system, one row for each time in a state."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from sim.array_types import Bools, Floats, Ints


class AgentState(IntEnum):
    """What an agent does, as far as a simulation distinguishes it."""

    AVAILABLE = 0
    BUSY = 1  # with a contact, also while it rings or is on hold
    WRAP_UP = 2
    NOT_READY = 3
    LOGGED_IN = 4  # present, not said in which state
    LOGGED_OUT = 5
    BREAK = 6  # a planned absence from contacts, such as lunch or a meeting


@dataclass(frozen=True)
class AgentStates:
    """States of the agents of a call log, by agent and then time.

    Times of one agent do not overlap; where there is none, the agent is logged out.

    Attributes
    ----------
    agent : int64
        Index into the agents of the log.
    start, end : float64
        Seconds since midnight of the first day of the log.
    state : int64
        An :class:`AgentState`; none is logged out.
    has_states : bool, shape (agents,)
        Which agents of the log have states.
    covered : bool, shape (days,)
        Days of the log on which any agent has a state.
    gives_wrap : bool
        Whether the wrap-up of the log is that of the states.
    """

    agent: Ints
    start: Floats
    end: Floats
    state: Ints
    has_states: Bools
    covered: Bools
    gives_wrap: bool = False

    def says(self, agent: Ints, day: Ints) -> Bools:
        """Return whether agents with codes above -1 have their states recorded on some days."""
        inside = np.clip(day, 0, self.covered.size - 1)
        return np.asarray(self.has_states[agent] & self.covered[inside])

    @property
    def has_details(self) -> bool:
        """Return whether it says when agents were available, not only when they were logged in."""
        return bool((self.state == AgentState.AVAILABLE).any())
