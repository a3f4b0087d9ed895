"""Draws the tapes of one model's replications."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import special

from sim.model import Floats, Group, Model
from sim.streams import RandomStreams, contact_stream_keys
from sim.tape.arrivals import ArrivalDrawer, parts_of
from sim.tape.busy_days import BusyDays
from sim.tape.first_contacts import TIMES, FirstContactDrawer
from sim.tape.journey_draws import draw_journeys
from sim.tape.merge import merge
from sim.tape.random_numbers import Tape, Tapes
from sim.tape.uniforms import fill_streams


class TapeDrawer:
    """A model made ready for the tapes of many replications.

    Parameters
    ----------
    model : Model
    antithetic : bool
        As for :func:`sim.tape.draw_tape`.
    """

    def __init__(self, model: Model, antithetic: bool = False) -> None:
        self._model, self._antithetic = model, antithetic
        parts = parts_of(model)
        self._names = [part.name for part in parts]
        self._from_backlog = np.array([part.day < 0 for part in parts])
        queues = np.arange(len(model.queues))
        self._part_end = np.searchsorted([part.queue for part in parts], queues, side="right")
        self._busy_days = BusyDays(model)
        self._arrivals = ArrivalDrawer(model, parts)
        self._first_contacts = FirstContactDrawer(model, parts)
        self._speeds = [_Speeds(group) for group in model.groups]
        self._present = [_Present(model, group) for group in range(len(model.groups))]

    def draw(self, seed: int, replication: int) -> Tape:
        """Draw the tape of one replication, counted from 1."""
        return self.draw_together(seed, range(replication, replication + 1))[0]

    def draw_together(self, seed: int, numbers: range) -> Tapes:
        """Draw the tapes of some replications: faster than one by one, and the same."""
        replications = [RandomStreams(seed, number, self._antithetic) for number in numbers]
        busy, talk_factor = self._busy_days.draw(replications)
        instants = self._arrivals.draw(replications, busy)
        times = self._first_contacts.draw(replications, instants)
        first = np.concatenate([[0], np.cumsum(instants.count.sum(axis=1))])
        issues = int(first[-1])
        born, work = np.empty(issues), np.empty((issues, len(TIMES)))
        queue, backlog = np.empty(issues, np.int64), np.empty(issues, np.bool_)
        keys = np.empty(issues, np.uint64)
        merge(
            instants.values, instants.first, instants.count,
            contact_stream_keys(replications, self._names), self._part_end, self._from_backlog,
            times.values, times.first, times.step, born, queue, backlog, keys, work,
        )  # fmt: skip
        if talk_factor is not None:
            self._first_contacts.lengthen(work, queue, born, first, talk_factor)
        mirrored = np.array([streams.mirrored for streams in replications])
        kind, segment, prevention = draw_journeys(
            self._model, queue, born, backlog, keys, np.repeat(mirrored, np.diff(first))
        )
        return Tapes(
            self._model, seed, numbers, first, queue, born, backlog, keys, work,
            kind, segment, prevention, tuple(one.draw(replications) for one in self._present),
            self._pause_keys(replications), mirrored, talk_factor,
            tuple(one.draw(replications) for one in self._speeds),
        )  # fmt: skip

    def _pause_keys(self, replications: Sequence[RandomStreams]) -> npt.NDArray[np.uint64]:
        """Return the keys of what agents draw, shape (replications, groups)."""
        groups = self._model.groups
        found = np.zeros((len(replications), len(groups)), np.uint64)
        for number, group in enumerate(groups):
            if group.quiet is not None:
                name = f"group/{group.name}/pauses"
                found[:, number] = contact_stream_keys(replications, [name])[:, 0]
        return found


class _Speeds:
    """How fast each agent of a group is, where that is random."""

    def __init__(self, group: Group) -> None:
        self._group, self._names = group, [f"group/{group.name}/speed"]
        self._sigma = float(np.sqrt(np.log1p(group.speed_spread**2)))

    def draw(self, replications: Sequence[RandomStreams]) -> Floats | None:
        """Return the factor on the speed of each agent, shape (replications, agents)."""
        if self._sigma == 0:
            return None
        score = special.ndtri(fill_streams(replications, self._names, [self._group.agents]))
        factors = np.exp(self._sigma * score - self._sigma**2 / 2)
        factors[:, : self._group.persons] = 1.0
        return np.asarray(factors)


class _Present:
    """Who of a group shows up on each day."""

    def __init__(self, model: Model, group: int) -> None:
        staff = model.groups[group]
        self._absent = np.array(staff.absent_by_day or [staff.absent] * model.days)
        self._shape = model.days, staff.agents
        self._names = [f"group/{staff.name}/{day}/absent" for day in range(model.days)]
        self._everybody = np.ones(self._shape, np.bool_)

    def draw(self, replications: Sequence[RandomStreams]) -> npt.NDArray[np.bool_]:
        """Return whether each agent shows up, shape (replications, days, agents)."""
        shape = len(replications), *self._shape
        if not self._absent.any():
            return np.broadcast_to(self._everybody, shape)
        days, agents = self._shape
        uniforms = fill_streams(replications, self._names, [agents] * days)
        return uniforms.reshape(shape) >= self._absent[:, None]
