"""Recording what happens, and turning the records into a log."""

from __future__ import annotations

import math
from typing import Any, TypeVar

import numpy as np

from sim.engine.entities import Agent, Leg
from sim.log import Issues, Kind, Legs, Log, LogTable, Outcome, Presences, State, States
from sim.tape import Tape

T = TypeVar("T", bound=LogTable)


class Recorder:
    """The records of one replication: a row for each leg, agent state and presence."""

    def __init__(self) -> None:
        self._legs: list[tuple[Any, ...]] = []
        self._states: list[tuple[Any, ...]] = []
        self._presences: list[tuple[Any, ...]] = []

    def record_leg(self, leg: Leg, outcome: Outcome, end: float = math.nan) -> None:
        """Record a leg that is over; ``end`` is the instant (s) at which the agent was done."""
        work, times, service = leg.work, leg.times, leg.service
        leave = math.nan if outcome == Outcome.WAITING else times.leave
        served = service.starts > 0 and outcome not in (Outcome.NO_ANSWER, Outcome.SILENT)
        agent, required = service.agent, work.talk + work.hold
        self._legs.append((
            leg.customer.issue, leg.number, leg.contact, int(leg.kind), leg.queue_state.number,
            agent.group_state.number if agent else -1, agent.number if agent else -1,
            times.enter, leave, times.talk_end, end, times.talk_s, times.hold_s, times.wrap_s,
            required if served else 0.0,
            required - service.remaining + service.lost_work if served else 0.0,
            work.wrap if served else 0.0,
            service.starts, int(outcome), int(leg.result.then), leg.result.resolved, leg.context,
            leg.wait.announced,
        ))  # fmt: skip

    def record_session(self, leg: Leg, end: float, outcome: Outcome) -> None:
        """Record a session with the bot that ended at an instant (s)."""
        self._legs.append((
            leg.customer.issue, leg.number, leg.contact, int(Kind.SELF_SERVICE),
            leg.queue_state.number, -1, -1, leg.times.enter, end, math.nan, math.nan,
            0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0,
            int(outcome), int(leg.result.then), leg.result.resolved, leg.context, math.nan,
        ))  # fmt: skip

    def record_state(self, agent: Agent, state: State, now: float) -> None:
        """Record what an agent does, and with how many active contacts, from now on."""
        load = len(agent.active)
        if agent.state == state and agent.load == load:
            return
        self.close_state(agent, now)
        agent.state, agent.load = state, load

    def close_state(self, agent: Agent, now: float) -> None:
        """Record what an agent has done until now."""
        if agent.state_since < now:
            self._states.append((
                agent.number, agent.group_state.number, int(agent.state), agent.load,
                agent.overtime, agent.state_since, now,
            ))  # fmt: skip
        agent.state_since = now

    def record_presence(self, agent: Agent, now: float) -> None:
        """Record that an agent logs out."""
        self._presences.append((agent.number, agent.logged_in, now))

    def log(self, tape: Tape, unstable: bool) -> Log:
        """Return the records as a log."""
        legs = _table(Legs, self._legs, ("issue", "leg"))
        states = merge_states(_table(States, self._states, ("agent", "start")))
        presences = _table(Presences, self._presences, ("agent", "start"))
        return Log(
            tape.model,
            tape.seed,
            tape.replication,
            Issues.of(tape),
            legs,
            states,
            presences,
            unstable,
        )


def _table(kind: type[T], rows: list[tuple[Any, ...]], by: tuple[str, str]) -> T:
    """Return rows as a table sorted by two columns."""
    types = kind.__annotations__
    columns = zip(*rows, strict=True) if rows else [()] * len(types)
    arrays = {
        name: np.array(column, np.int64 if "int64" in str(types[name]) else np.float64)
        for name, column in zip(types, columns, strict=True)
    }
    order = np.lexsort((arrays[by[1]], arrays[by[0]]))
    return kind(**{name: column[order] for name, column in arrays.items()})


def merge_states(states: States) -> States:
    """Join rows that follow one another and say the same."""
    if not len(states):
        return states
    same = np.ones(len(states) - 1, np.bool_)
    for name in ("agent", "group", "state", "load", "overtime"):
        column = getattr(states, name)
        same &= column[1:] == column[:-1]
    same &= states.start[1:] == states.end[:-1]
    first = np.concatenate([[True], ~same])
    last = np.concatenate([~same, [True]])
    columns = {name: column[first] for name, column in states.columns().items()}
    columns["end"] = states.end[last]
    return States(**columns)
