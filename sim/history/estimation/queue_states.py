"""How many customers waited at any moment of a log, and for which agents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints


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

    def last_waiting(self, moment: Floats) -> Floats:
        """Return the last moment up to each one at which a customer waited; -inf if none did."""
        place = np.searchsorted(self.empty, moment, side="right")
        last = np.append(-np.inf, self.empty)[place]
        return np.where(self.before(moment) > 0, moment, last)

    def time_until(self, moment: Floats) -> Floats:
        """Return for how long (s), up to each moment, at least one customer had waited."""
        times = np.concatenate([self.joined, self.left])
        if not times.size:
            return np.zeros(moment.size)
        order = np.argsort(times, kind="stable")
        change = np.repeat([1, -1], [self.joined.size, self.left.size])
        times, waiting = times[order], np.cumsum(change[order])
        busy = np.concatenate([[0.0], np.cumsum(np.diff(times) * (waiting[:-1] > 0))])
        return np.asarray(np.interp(moment, times, busy))


@dataclass(frozen=True)
class WaitingForAgents:
    """Customers waiting for a queue that an agent serves.

    Attributes
    ----------
    place : ndarray of int, shape (agents,)
        Of each agent's skills in `sets`.
    sets : tuple of Waiting
        By different sets of skills.
    """

    place: Ints
    sets: tuple[Waiting, ...]

    @classmethod
    def of(cls, offered: Floats, wait: Floats, queue: Ints, skills: Bools) -> WaitingForAgents:
        """Return who waits for whom.

        Parameters
        ----------
        offered, wait : ndarray, shape (contacts,)
            Seconds.
        queue : ndarray of int, shape (contacts,)
        skills : ndarray of bool, shape (agents, queues)
        """
        different, place = np.unique(skills, axis=0, return_inverse=True)
        asked = (row[queue] for row in different)
        return cls(place.ravel(), tuple(Waiting.of(offered[one], wait[one]) for one in asked))

    def before(self, agent: Ints, moment: Floats) -> Ints:
        """Return how many waited for each agent just before each moment."""
        found = np.zeros(moment.size, dtype=np.int64)
        for at, waiting in enumerate(self.sets):
            mine = np.flatnonzero(self.place[agent] == at)
            found[mine] = waiting.before(moment[mine])
        return found
