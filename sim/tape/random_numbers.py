"""The record of everything random about one replication."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.distributions import TimeDistribution
from sim.model import Floats, Ints, Model
from sim.streams import single_uniform
from sim.tape.choices import agent_choice_number, choice_number


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
    issue_kind, segment : ndarray of int16, shape (issues,)
        Of the model's kinds of issues and segments of customers, -1 for none; without any elements
        where the model has no journeys.
    prevention : ndarray of int8, shape (issues,)
        A :class:`sim.tape.Prevention`, likewise.
    present : tuple of ndarray of bool, shape (days, agents) for each group
        Whether an agent shows up.
    pause_keys : ndarray of uint64, shape (groups,)
        Keys of the single draws of agents, see :meth:`agent_uniform`; 0 for groups without any.
    mirrored : bool
        Every uniform number is the mirror of its pair's, see :mod:`sim.streams`.
    talk_factor : ndarray or None, shape (days, queues)
        What multiplies talk and hold of a day; contained in those of the first contacts. None
        where days do not differ in talk.
    agent_speed : tuple of ndarray, shape (agents,), or None for each group
        What multiplies the speed of each agent; None where nothing random does.
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
    issue_kind: npt.NDArray[np.int16]
    segment: npt.NDArray[np.int16]
    prevention: npt.NDArray[np.int8]
    present: tuple[npt.NDArray[np.bool_], ...]
    pause_keys: npt.NDArray[np.uint64]
    mirrored: bool = False
    talk_factor: Floats | None = None
    agent_speed: tuple[Floats | None, ...] = ()

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

    def agent_uniform(self, group: int, agent: int, number: int) -> float:
        """Return a number in (0, 1) that decides a choice of an agent.

        Parameters
        ----------
        group : int
        agent : int
            Number within the group.
        number : int
            0 for the first such choice of the agent, 1 for the second, …
        """
        u = single_uniform(int(self.pause_keys[group]), agent_choice_number(agent, number))
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
        if self.present[group].all():
            return planned
        one: Ints = shown_up(model, planned, self.present[group][None])[0]
        return one


def shown_up(model: Model, planned: Ints, present: npt.NDArray[np.bool_]) -> Ints:
    """Return how many of the planned agents show up, shape (replications, intervals).

    Parameters
    ----------
    model : Model
    planned : ndarray of int64, shape (intervals,)
    present : ndarray of bool, shape (replications, days, agents)
        Whether an agent shows up.
    """
    day = model.day_of(np.arange(model.intervals, dtype=np.float64) * model.interval_s)
    among_first = np.zeros((*present.shape[:2], present.shape[2] + 1), np.int64)
    np.cumsum(present, axis=2, out=among_first[:, :, 1:])
    return among_first[:, day, planned]


@dataclass(frozen=True, eq=False)
class Tapes:
    """The random numbers of some replications, one after the other.

    Attributes
    ----------
    model : Model
    seed : int
    replications : range
    first : ndarray of int64, shape (replications + 1,)
        Where the issues of each replication begin, and the last ones end.
    queue, born, backlog, keys : ndarray, shape (issues,)
        As in :class:`Tape`.
    work : ndarray, shape (issues, 4)
        Talk, hold, wrap and patience.
    issue_kind, segment, prevention : ndarray, shape (issues,), or without any elements
        As in :class:`Tape`.
    present : tuple of ndarray of bool, shape (replications, days, agents) for each group
    pause_keys : ndarray of uint64, shape (replications, groups)
    mirrored : ndarray of bool, shape (replications,)
    talk_factor : ndarray or None, shape (replications, days, queues)
        As in :class:`Tape`.
    agent_speed : tuple of ndarray, shape (replications, agents), or None for each group
        As in :class:`Tape`.
    """

    model: Model
    seed: int
    replications: range
    first: Ints
    queue: Ints
    born: Floats
    backlog: npt.NDArray[np.bool_]
    keys: npt.NDArray[np.uint64]
    work: Floats
    issue_kind: npt.NDArray[np.int16]
    segment: npt.NDArray[np.int16]
    prevention: npt.NDArray[np.int8]
    present: tuple[npt.NDArray[np.bool_], ...]
    pause_keys: npt.NDArray[np.uint64]
    mirrored: npt.NDArray[np.bool_]
    talk_factor: Floats | None = None
    agent_speed: tuple[Floats | None, ...] = ()

    def __len__(self) -> int:
        """Return the number of replications."""
        return len(self.replications)

    @property
    def nbytes(self) -> int:
        """Return the memory that they take (bytes)."""
        arrays = (self.queue, self.born, self.backlog, self.keys, self.work, *self.present)
        return sum(int(array.nbytes) for array in arrays)

    def part(self, numbers: range) -> Tapes:
        """Return some of these replications.

        Parameters
        ----------
        numbers : range
            Among ``replications``.
        """
        if numbers == self.replications:
            return self
        low, high = (n - self.replications.start for n in (numbers.start, numbers.stop))
        part = slice(int(self.first[low]), int(self.first[high]))
        return Tapes(
            self.model, self.seed, numbers, self.first[low : high + 1] - self.first[low],
            self.queue[part], self.born[part], self.backlog[part], self.keys[part],
            self.work[part], self.issue_kind[part], self.segment[part], self.prevention[part],
            tuple(one[low:high] for one in self.present), self.pause_keys[low:high],
            self.mirrored[low:high],
            None if self.talk_factor is None else self.talk_factor[low:high],
            tuple(None if one is None else one[low:high] for one in self.agent_speed),
        )  # fmt: skip

    def __getitem__(self, k: int) -> Tape:
        """Return the tape of one replication, counted from 0."""
        part = slice(self.first[k], self.first[k + 1])
        talk, hold, wrap, patience = self.work[part].T
        return Tape(
            self.model, self.seed, self.replications[k],
            self.queue[part], self.born[part], self.backlog[part], self.keys[part],
            talk, hold, wrap, patience, self.issue_kind[part], self.segment[part],
            self.prevention[part], tuple(one[k] for one in self.present), self.pause_keys[k],
            bool(self.mirrored[k]), None if self.talk_factor is None else self.talk_factor[k],
            tuple(None if one is None else one[k] for one in self.agent_speed),
        )  # fmt: skip


def as_tapes(tape: Tape) -> Tapes:
    """Return a single tape as those of one replication."""
    return Tapes(
        tape.model, tape.seed, range(tape.replication, tape.replication + 1),
        np.array([0, tape.born.size]), tape.queue, tape.born, tape.backlog, tape.keys,
        np.column_stack((tape.talk, tape.hold, tape.wrap, tape.patience)),
        tape.issue_kind, tape.segment, tape.prevention,
        tuple(one[None] for one in tape.present), tape.pause_keys[None],
        np.array([tape.mirrored]),
        None if tape.talk_factor is None else tape.talk_factor[None],
        tuple(None if one is None else one[None] for one in tape.agent_speed),
    )  # fmt: skip
