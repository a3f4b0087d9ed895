"""How long contacts ring at agents who are free before they are answered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats, Ints
from sim.history.estimation.presences import LONGEST, agent_order, latest_ends

IDLE = 60.0
"""An agent who has been without a contact for longer (s), gaps included, was free."""
NOTICEABLE = 1.0
"""Time (s) that nearly all contacts take at least, where they ring."""
_FEWEST = 100
_LOW, _HIGH = 0.1, 0.9


@dataclass(frozen=True)
class TimeToAnswer:
    """Time (s) from the arrival of contacts to their answer by agents who were free.

    Attributes
    ----------
    median, low, high : float
        Of ten contacts, eight take from `low` to `high`.
    contacts : int
        That met an agent known to be free.
    """

    median: float
    low: float
    high: float
    contacts: int


def time_to_answer(
    agent: Ints, entered: Floats, answer: Floats, end: Floats
) -> TimeToAnswer | None:
    """Return the time to answer of agents who were free, None where contacts do not ring.

    Agents were free who had ended their last contact :data:`IDLE` before the next one came.

    Parameters
    ----------
    agent : ndarray of int, shape (calls,)
        Below 0: unknown, left out.
    entered, answer, end : ndarray, shape (calls,)
        When each call reached the queue, was answered, and when the work on it ended: seconds
        since the start of the first day.
    """
    order = agent_order(agent, answer, end)
    if order.size < _FEWEST:
        return None
    idle = entered[order][1:] - latest_ends(agent[order], end[order])[:-1]
    free = (np.diff(agent[order]) == 0) & (idle > IDLE) & (idle < LONGEST)
    waits = (answer - entered)[order][1:][free]
    if waits.size < _FEWEST or np.quantile(waits, _LOW) < NOTICEABLE:
        return None
    low, median, high = np.quantile(waits, (_LOW, 0.5, _HIGH)).tolist()
    return TimeToAnswer(median, low, high, int(waits.size))
