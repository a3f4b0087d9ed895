"""The way into the compiled engine: from a tape to a log."""

from __future__ import annotations

from dataclasses import fields
from typing import TypeVar

import numpy as np

from sim.engine.kernel import codes as c
from sim.engine.kernel.buffers import Room
from sim.engine.kernel.encode import Compiler
from sim.engine.kernel.jit import given, readable
from sim.engine.kernel.layout import Floor, Records, World
from sim.engine.kernel.loop import live
from sim.engine.recorder import merged
from sim.engine.rules import recontact_cap
from sim.log import Issues, Legs, Log, Outcome, Presences, States
from sim.model import Model
from sim.tape import Tape

T = TypeVar("T", States, Presences)


class Kernel:
    """A model made ready for many replications; the floor of one serves the next."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._compiler = Compiler(model)
        self._room = Room(model)

    def play(self, tape: Tape) -> Log:
        """Simulate one replication and write its log.

        Parameters
        ----------
        tape : Tape
            Of this model.

        Returns
        -------
        Log
        """
        return _log(tape, self.live(tape)[1])

    def live(self, tape: Tape) -> tuple[World, Floor]:
        """Simulate one replication.

        Returns
        -------
        World, Floor
            The floor holds the notes, until the next replication is lived.
        """
        world = World(*map(readable, self._compiler.world(tape)))
        while True:
            floor = self._room.floor_for(world)
            live(given(world), given(floor))
            if not floor.counts[c.N_FULL]:
                return world, floor
            self._room.enlarge()


def is_unstable(floor: Floor, issues: int) -> bool:
    """Return whether customers came again without end."""
    return bool(floor.counts[c.N_PLANS] >= recontact_cap(issues))


def _log(tape: Tape, floor: Floor) -> Log:
    """Return the notes on the floor as a log."""
    return Log(
        tape.model, tape.seed, tape.replication, Issues(tape.queue, tape.born),
        _legs(floor), _states(floor), _presences(floor), is_unstable(floor, tape.born.size),
    )  # fmt: skip


def _legs(floor: Floor) -> Legs:
    rows = floor.legs[: floor.counts[c.N_LEGS]]
    rows = rows[np.lexsort((rows["number"], rows["issue"]))]
    begun, written = rows["stints"] > 0, rows["written"] != 0
    outcome = np.where(
        written, rows["outcome"], np.where(begun, int(Outcome.IN_HAND), int(Outcome.WAITING))
    )
    served = begun & (outcome != Outcome.NO_ANSWER)
    work = rows["talk"] + rows["hold"]
    column = {
        "leg": rows["number"],
        "group": rows["crew"],
        "leave": np.where(outcome == Outcome.WAITING, np.nan, rows["leave"]),
        "work": np.where(served, work, 0.0),
        "done": np.where(served, work - rows["left"] + rows["wasted"], 0.0),
        "wrap_work": np.where(served, rows["wrap"], 0.0),
        "outcome": outcome,
    }
    names = (field.name for field in fields(Legs))
    return Legs(**{name: column[name] if name in column else rows[name].copy() for name in names})


def _states(floor: Floor) -> States:
    rows = floor.states[: floor.counts[c.N_STATES]]
    return merged(_sorted(States, rows))


def _presences(floor: Floor) -> Presences:
    return _sorted(Presences, floor.presences[: floor.counts[c.N_PRESENCES]])


def _sorted(kind: type[T], rows: Records) -> T:
    rows = rows[np.lexsort((rows["start"], rows["agent"]))]
    return kind(**{field.name: rows[field.name].copy() for field in fields(kind)})
