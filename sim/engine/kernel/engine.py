"""The way into the compiled engine: from a tape to a log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from sim.engine.kernel import codes as c
from sim.engine.kernel.buffers import Buffers
from sim.engine.kernel.encode import Encoder
from sim.engine.kernel.jit import link
from sim.engine.kernel.layout import ModelTables, Records, StateTables
from sim.engine.kernel.loop import simulate
from sim.engine.kernel.tables import Addresses
from sim.engine.recorder import merge_states
from sim.engine.rules import recontact_cap
from sim.log import Issues, Legs, Log, Outcome, Presences, States
from sim.model import Model
from sim.tape import Tape

T = TypeVar("T", States, Presences)


class Kernel:
    """A model made ready for many replications, which share the memory of their state."""

    def __init__(self, model: Model) -> None:
        link()
        self.model = model
        self._encoder = Encoder(model)
        self._buffers = Buffers(model)

    def simulate(self, tape: Tape) -> Log:
        """Simulate one replication and return its log.

        Parameters
        ----------
        tape : Tape
            Of this model.

        Returns
        -------
        Log
        """
        return _log(tape, self.run(tape)[1])

    def run(self, tape: Tape) -> tuple[ModelTables, StateTables]:
        """Simulate one replication.

        Returns
        -------
        ModelTables, StateTables
            The state holds the rows of the log, until the next replication is simulated.
        """
        return self.run_by(tape, c.ALL, lambda _, m, s: simulate(m, s))

    def run_by(
        self, tape: Tape, most_finished: int, simulate: Callable[[ModelTables, Any, Any], None]
    ) -> tuple[ModelTables, StateTables]:
        """Simulate one replication by another function, with larger tables where they are needed.

        Parameters
        ----------
        tape : Tape
            Of this model.
        most_finished : int
            How many rows are written before they are read.
        simulate : callable
            Called with the tables of the tape and with what compiled functions take for them and
            for an empty state; called again when a table was too small.

        Returns
        -------
        ModelTables, StateTables
        """
        tables = self._encoder.tables(tape)
        addresses = Addresses(tables)
        while True:
            state, state_addresses = self._buffers.empty_state(tables, most_finished)
            simulate(tables, addresses.argument, state_addresses.argument)
            if not state.counts["is_full"][0]:
                return tables, state
            self._buffers.enlarge()


def is_unstable(state: StateTables, issues: int) -> bool:
    """Return whether there were more recontacts than any finite load leads to."""
    return bool(state.counts["recontacts"][0] >= recontact_cap(issues))


def _log(tape: Tape, state: StateTables) -> Log:
    """Return the rows of the state as a log."""
    return Log(
        tape.model, tape.seed, tape.replication, Issues(tape.queue, tape.born),
        _legs(state), _states(state), _presences(state), is_unstable(state, tape.born.size),
    )  # fmt: skip


def _legs(state: StateTables) -> Legs:
    rows = state.legs[: state.counts["legs"][0]]
    rows = rows[np.lexsort((rows["number"], rows["issue"]))]
    begun, in_log = rows["starts"] > 0, rows["in_log"] != 0
    outcome = np.where(
        in_log, rows["outcome"], np.where(begun, int(Outcome.IN_HAND), int(Outcome.WAITING))
    )
    served = begun & (outcome != Outcome.NO_ANSWER)
    work = rows["talk"] + rows["hold"]
    column = {
        "leg": rows["number"],
        "leave": np.where(outcome == Outcome.WAITING, np.nan, rows["leave"]),
        "work": np.where(served, work, 0.0),
        "done": np.where(served, work - rows["remaining"] + rows["lost_work"], 0.0),
        "wrap_work": np.where(served, rows["wrap"], 0.0),
        "stints": rows["starts"],
        "outcome": outcome,
    }
    names = (field.name for field in fields(Legs))
    columns = {name: column[name] if name in column else rows[name] for name in names}
    return Legs(**{name: _widened(values) for name, values in columns.items()})


def _states(state: StateTables) -> States:
    rows = state.states[: state.counts["states"][0]]
    return merge_states(_sorted(States, rows))


def _presences(state: StateTables) -> Presences:
    return _sorted(Presences, state.presences[: state.counts["presences"][0]])


def _sorted(kind: type[T], rows: Records) -> T:
    rows = rows[np.lexsort((rows["start"], rows["agent"]))]
    return kind(**{field.name: _widened(rows[field.name]) for field in fields(kind)})


def _widened(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a column of its own, its integers of 64 bits."""
    return column.astype(np.float64 if column.dtype.kind == "f" else np.int64)
