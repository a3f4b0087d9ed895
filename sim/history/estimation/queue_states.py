"""How many customers waited and how many agents were free at any moment of a log."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats, Ints
from sim.history.estimation.presences import AgentPresences


@dataclass(frozen=True)
class Waiting:
    """Customers waiting, from when they joined and left the queue.

    Attributes
    ----------
    joined, left : ndarray, shape (customers,)
        Each ascending; seconds since the start of the first day.
    empty : ndarray
        Moments at which the last one left, ascending.
    """

    joined: Floats
    left: Floats
    empty: Floats

    @classmethod
    def of(cls, offered: Floats, wait: Floats) -> Waiting:
        """Return the queue of the customers who waited; those with no wait do not count."""
        waited = wait > 0
        joined = np.sort(offered[waited])
        left = np.sort(offered[waited] + wait[waited])
        # Who joins at the moment another one leaves keeps the queue from being empty.
        moment = np.unique(left)
        still = np.searchsorted(joined, moment, side="right") - np.searchsorted(
            left, moment, side="right"
        )
        return cls(joined, left, moment[still == 0])

    def before(self, moment: Floats) -> Ints:
        """Return how many waited just before each moment."""
        joined = np.searchsorted(self.joined, moment, side="left")
        return np.asarray(joined - np.searchsorted(self.left, moment, side="left"))

    def until_empty(self, moment: Floats) -> Floats:
        """Return the time (s) from each moment until the queue is empty; infinite if never."""
        place = np.searchsorted(self.empty, moment, side="left")
        return np.asarray(np.append(self.empty, np.inf)[place] - moment)


def free_agents(moment: Floats, found: AgentPresences, start: Floats, end: Floats) -> Ints:
    """Return how many agents were present and not on a call just before each moment.

    Parameters
    ----------
    moment : ndarray
        Seconds since the start of the first day.
    found : AgentPresences
    start, end : ndarray, shape (calls,)
        When the work of known agents on each call began and ended, one call at a time; calls
        without an end are left out.
    """
    whole = np.isfinite(end)
    start, end = start[whole], end[whole]
    return _open_at(moment, found.start, found.end) - _open_at(moment, start, end)


def _open_at(moment: Floats, start: Floats, end: Floats) -> Ints:
    """Return how many spans began before each moment and end at or after it."""
    began = np.searchsorted(np.sort(start), moment, side="left")
    return np.asarray(began - np.searchsorted(np.sort(end), moment, side="left"))
