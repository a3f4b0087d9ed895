"""The record of everything random about one replication."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.distributions import TimeDistribution
from sim.model import Floats, Ints, Model
from sim.streams import single_uniform
from sim.tape.choices import choice_number


@dataclass(frozen=True, eq=False)
class Tape:
    """The random numbers of one replication.

    Attributes
    ----------
    model : Model
    seed, replication : int
    queue : ndarray of int64, shape (issues,)
        Queue that each issue turns to first; issues are numbered by time of birth.
    born : ndarray of float64, shape (issues,)
        Instants of birth (s), ascending.
    backlog : ndarray of bool, shape (issues,)
        The issue waited already when the horizon began.
    keys : ndarray of uint64, shape (issues,)
        Keys of the single draws, see :meth:`uniform`.
    talk, hold, wrap, patience : ndarray of float64, shape (issues,)
        Work (s at full speed) and patience (s) of each issue's first contact.
    present : tuple of ndarray of bool, shape (days, agents) for each group
        Whether an agent shows up.
    mirrored : bool
        Every uniform number is the mirror of its pair's, see :mod:`sim.streams`.
    """

    model: Model
    seed: int
    replication: int
    queue: Ints
    born: Floats
    backlog: npt.NDArray[np.bool_]
    keys: npt.NDArray[np.uint64]
    talk: Floats
    hold: Floats
    wrap: Floats
    patience: Floats
    present: tuple[npt.NDArray[np.bool_], ...]
    mirrored: bool = False

    @cached_property
    def _keys(self) -> list[int]:
        return [int(k) for k in self.keys]

    def uniform(self, issue: int, contact: int, transfers: int, purpose: int) -> float:
        """Return the number in (0, 1) that decides one choice.

        Parameters
        ----------
        issue : int
        contact : int
            0 for the first contact of the issue, 1 for the second, …
        transfers : int
            Transfers so far within the contact.
        purpose : int
            What is decided, see :class:`sim.tape.Purpose`.
        """
        u = single_uniform(self._keys[issue], choice_number(contact, transfers, purpose))
        return 1.0 - u if self.mirrored else u

    def draw(
        self, distribution: TimeDistribution, issue: int, contact: int, transfers: int, purpose: int
    ) -> float:
        """Return a time (s) from a distribution, decided by :meth:`uniform`."""
        return distribution.quantile(self.uniform(issue, contact, transfers, purpose))

    def headcount(self, group: int) -> Ints:
        """Return who of a group staffed by headcount shows up, shape (intervals,)."""
        model = self.model
        planned = model.groups[group].headcount
        if planned is None:
            message = f"group {model.groups[group].name} is staffed by shifts, not by headcount"
            raise ValueError(message)
        if model.groups[group].absent == 0:
            return planned
        day = model.day_of(np.arange(model.intervals, dtype=np.float64) * model.interval_s)
        shown_up = np.concatenate(
            [np.zeros((model.days, 1), np.int64), np.cumsum(self.present[group], axis=1)], axis=1
        )
        return shown_up[day, planned]
