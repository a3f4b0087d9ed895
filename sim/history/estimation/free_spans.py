"""For how long agents have been free who take a next contact later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints

AGES = np.array([0.0, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0])
"""Lower ends (s) of the classes of time since the last contact."""


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

    def left_at(self, spans: Bools, longest: float) -> Floats:
        """Return the mean share of some spans that last, from each of :data:`AGES` to the next.

        Parameters
        ----------
        spans : bool, shape (spans,)
        longest : float
            End (s) of the last class.
        """
        length = (self.end - self.start)[spans]
        widths = np.diff(np.append(AGES, longest))
        return np.array(
            [
                np.clip(length - age, 0, width).mean() / width if length.size else 0.0
                for age, width in zip(AGES, widths, strict=True)
            ]
        )

    def count(self, moment: Floats, able: Bools) -> Ints:
        """Return how many agents were free just before each moment; parameters as `by_age`."""
        mine = able[self.agent]
        came, went = np.sort(self.start[mine]), np.sort(self.end[mine])
        return np.asarray(np.searchsorted(came, moment) - np.searchsorted(went, moment))

    def by_age(self, moment: Floats, able: Bools) -> Ints:
        """Return how many agents were free just before each moment, by how long they had been.

        Parameters
        ----------
        moment : ndarray, shape (moments,)
        able : bool, shape (agents,)
            Agents who count.

        Returns
        -------
        int64, shape (moments, ages)
            By class of :data:`AGES`.
        """
        mine = able[self.agent]
        start, end = self.start[mine], self.end[mine]
        length = end - start
        by_start, by_end = np.argsort(start, kind="stable"), np.argsort(end, kind="stable")
        older = np.zeros((moment.size, AGES.size + 1), dtype=np.int64)
        for at, age in enumerate(AGES):  # as old as this, and still free
            came = start[by_start][length[by_start] > age] + age
            went = end[by_end][length[by_end] > age]
            older[:, at] = np.searchsorted(came, moment) - np.searchsorted(went, moment)
        return older[:, :-1] - older[:, 1:]
