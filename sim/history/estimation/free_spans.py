"""For how long agents have been free who take a next contact later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints


@dataclass(frozen=True)
class FreeSpans:
    """Times between two contacts of an agent; whoever does not come back is not among them.

    Attributes
    ----------
    agent : int64, shape (spans,)
    start, end : ndarray, shape (spans,)
        End of the work on a contact, and begin of the next; seconds since the start of the first
        day.
    contact : int64, shape (spans,)
        Position of the contact that ends the span, among those of :meth:`of`.
    """

    agent: Ints
    start: Floats
    end: Floats
    contact: Ints

    @classmethod
    def of(cls, agent: Ints, start: Floats, end: Floats, longest: float) -> FreeSpans:
        """Return the spans between contacts, without those longer than an agent stays free.

        Parameters
        ----------
        agent : int64, shape (contacts,)
        start, end : ndarray, shape (contacts,)
            Begin and end of the work on each contact.
        longest : float
            Seconds.
        """
        order = np.lexsort((start, agent))
        order = order[(agent[order] >= 0) & np.isfinite(end[order])]
        length = start[order[1:]] - end[order[:-1]]
        same = (np.diff(agent[order]) == 0) & (length > 0) & (length <= longest)
        before, after = order[:-1][same], order[1:][same]
        return cls(agent[after], end[before], start[after], after)

    def without(self, contacts: Ints) -> FreeSpans:
        """Return the spans that some contacts do not end."""
        kept = ~np.isin(self.contact, contacts)
        return FreeSpans(
            self.agent[kept], self.start[kept], self.end[kept], self.contact[kept]
        )  # fmt: skip

    def count(self, moment: Floats, able: Bools) -> Ints:
        """Return how many agents were free just before each moment.

        Parameters
        ----------
        moment : ndarray, shape (moments,)
        able : bool, shape (agents,)
            Agents who count.
        """
        mine = able[self.agent]
        came, went = np.sort(self.start[mine]), np.sort(self.end[mine])
        return np.asarray(np.searchsorted(came, moment) - np.searchsorted(went, moment))

    def total(self, moment: Floats, weight: Floats) -> Floats:
        """Return the total weight of the agents who were free just before each moment.

        Parameters
        ----------
        moment : ndarray, shape (moments,)
        weight : ndarray, shape (agents,)
            0 of agents who do not count.
        """
        found = np.zeros(moment.size)
        for value in np.unique(weight[weight > 0]):
            found += value * self.count(moment, weight == value)
        return found
