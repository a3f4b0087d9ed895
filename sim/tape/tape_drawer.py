"""Draws the tapes of one model's replications."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.model import Model
from sim.streams import RandomStreams
from sim.tape.arrivals import ArrivalDrawer, parts_of
from sim.tape.busy_days import BusyDays
from sim.tape.first_contacts import TIMES, FirstContactDrawer
from sim.tape.merge import merge
from sim.tape.random_numbers import Tape
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
        self._present = [_Present(model, group) for group in range(len(model.groups))]

    def draw(self, seed: int, replication: int) -> Tape:
        """Draw the tape of one replication, counted from 1."""
        streams = RandomStreams(seed, replication, self._antithetic)
        instants = self._arrivals.draw(streams, self._busy_days.draw(streams))
        times = self._first_contacts.draw(streams, instants.count)
        issues = int(instants.count.sum())
        born, work = np.empty(issues), np.empty((len(TIMES), issues))
        queue, backlog = np.empty(issues, np.int64), np.empty(issues, np.bool_)
        keys = np.empty(issues, np.uint64)
        merge(
            instants.values, instants.first, instants.count,
            streams.contact_stream_keys(self._names), self._part_end, self._from_backlog,
            times.values, times.first, times.step, born, queue, backlog, keys, work,
        )  # fmt: skip
        talk, hold, wrap, patience = work
        return Tape(
            self._model, seed, replication, queue, born, backlog, keys, talk, hold, wrap, patience,
            tuple(one.draw(streams) for one in self._present), streams.mirrored,
        )  # fmt: skip


class _Present:
    """Who of a group shows up on each day."""

    def __init__(self, model: Model, group: int) -> None:
        staff = model.groups[group]
        self._absent, self._shape = staff.absent, (model.days, staff.agents)
        self._names = [f"group/{staff.name}/{day}/absent" for day in range(model.days)]
        self._everybody = np.ones(self._shape, np.bool_)

    def draw(self, streams: RandomStreams) -> npt.NDArray[np.bool_]:
        """Return whether each agent shows up, shape (days, agents)."""
        if self._absent == 0:
            return self._everybody
        days, agents = self._shape
        uniforms = fill_streams(streams, self._names, [agents] * days)
        return uniforms.reshape(self._shape) >= self._absent
