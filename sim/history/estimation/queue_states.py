"""How many customers waited at any moment of a log."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats, Ints


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
