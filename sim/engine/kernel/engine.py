"""The way into the compiled engine: from a tape to a log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from sim.engine.kernel import codes as c
from sim.engine.kernel.buffers import Buffers, EmptyState
from sim.engine.kernel.encode import Encoder
from sim.engine.kernel.jit import link
from sim.engine.kernel.layout import Records, StateTables
from sim.engine.kernel.loop import simulate
from sim.engine.kernel.tables import AddressesOfEach
from sim.engine.recorder import merge_states
from sim.engine.rules import recontact_cap
from sim.log import Issues, Legs, Log, Outcome, Presences, States
from sim.model import Model
from sim.tape import Tape, Tapes
from sim.tape.random_numbers import as_tapes

T = TypeVar("T", States, Presences)


class Kernel:
    """A model made ready for many replications, which share the memory of their state."""

    def __init__(self, model: Model, most_finished: int = c.ALL) -> None:
        link()
        self.model = model
        self._encoder = Encoder(model)
        self._buffers = Buffers(model, self._encoder.groups, most_finished)

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
        state = self.run_by(as_tapes(tape), _simulate_one)
        return _log(tape, state)

    def run_by(
        self, tapes: Tapes, simulate: Callable[[Any, Any, EmptyState, int], int]
    ) -> StateTables:
        """Simulate replications by a function, with larger tables where they are needed.

        Parameters
        ----------
        tapes : Tapes
            Of this model.
        simulate : callable
            Called with what compiled functions take for the models of all replications and for
            the state, with what empties the state, and with the number of replications that are
            done. Returns how many are done now: fewer than all when a table was too small, and
            it is called again.

        Returns
        -------
        StateTables
            Holds the rows of the last replication that were not used again.
        """
        tables, first = self._encoder.tables(tapes)
        models, done = AddressesOfEach(tables, first), 0
        most = int(np.diff(tapes.first).max())
        while True:
            state, addresses, empty = self._buffers.state(most)
            done = simulate(models.arguments, addresses.argument, empty, done)
            if done == len(tapes):
                return state
            self._buffers.enlarge()


def _simulate_one(models: Any, state: Any, empty: EmptyState, done: int) -> int:
    """Simulate a single replication whose rows are read at the end."""
    return int(simulate(models[done], state, empty))


def is_unstable(state: StateTables, issues: int) -> bool:
    """Return whether there were more recontacts than any finite load leads to."""
    return bool(state.counts["recontacts"][0] >= recontact_cap(issues))


def _log(tape: Tape, state: StateTables) -> Log:
    """Return the rows of the state as a log."""
    return Log(
        tape.model, tape.seed, tape.replication, Issues.of(tape),
        _legs(state), _states(state), _presences(state), is_unstable(state, tape.born.size),
    )  # fmt: skip


def _legs(state: StateTables) -> Legs:
    rows = state.legs[: state.counts["legs"][0]]
    rows = rows[np.lexsort((rows["number"], rows["issue"]))]
    begun, in_log = rows["starts"] > 0, rows["in_log"] != 0
    open_ = np.where(begun, int(Outcome.IN_HAND), int(Outcome.WAITING))
    open_[rows["is_silent"] != 0] = Outcome.SILENT
    outcome = np.where(in_log, rows["outcome"], open_)
    served = begun & ~np.isin(outcome, (Outcome.NO_ANSWER, Outcome.SILENT))
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
