"""Writing down what happens, and turning the notes into a log."""

from __future__ import annotations

import math
from typing import Any, TypeVar

import numpy as np

from sim.engine.entities import Agent, Leg
from sim.log import Issues, Kind, Legs, Log, Outcome, Presences, State, States, Table
from sim.tape import Tape

T = TypeVar("T", bound=Table)


class Recorder:
    """The notes of one replication: a row for each leg, state and presence."""

    def __init__(self) -> None:
        self._legs: list[tuple[Any, ...]] = []
        self._states: list[tuple[Any, ...]] = []
        self._presences: list[tuple[Any, ...]] = []

    def leg(self, leg: Leg, outcome: Outcome, end: float = math.nan) -> None:
        """Write down a leg that is over; ``end`` is the instant (s) the agent was done."""
        leave = math.nan if outcome == Outcome.WAITING else leg.leave
        served = leg.stints > 0 and outcome != Outcome.NO_ANSWER
        agent, work = leg.agent, leg.work
        self._legs.append((
            leg.customer.issue, leg.number, leg.contact, int(leg.kind), leg.line.number,
            agent.crew.number if agent else -1, agent.number if agent else -1,
            leg.enter, leave, leg.talk_end, end, leg.talk_s, leg.hold_s, leg.wrap_s,
            work if served else 0.0,
            work - leg.left + leg.wasted if served else 0.0,
            leg.wrap if served else 0.0,
            leg.stints, int(outcome), int(leg.then), leg.resolved,
        ))  # fmt: skip

    def session(self, leg: Leg, end: float, outcome: Outcome) -> None:
        """Write down a session with the bot that ended at an instant (s)."""
        self._legs.append((
            leg.customer.issue, leg.number, leg.contact, int(Kind.SELF_SERVICE), leg.line.number,
            -1, -1, leg.enter, end, math.nan, math.nan, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0,
            int(outcome), int(leg.then), leg.resolved,
        ))  # fmt: skip

    def state(self, agent: Agent, state: State, now: float) -> None:
        """Note that an agent does something else, or has another number in hand, from now on."""
        load = len(agent.hand)
        if agent.state == state and agent.load == load:
            return
        self.close_state(agent, now)
        agent.state, agent.load = state, load

    def close_state(self, agent: Agent, now: float) -> None:
        """Write down what an agent has done until now."""
        if agent.mark < now:
            self._states.append((
                agent.number, agent.crew.number, int(agent.state), agent.load, agent.overtime,
                agent.mark, now,
            ))  # fmt: skip
        agent.mark = now

    def presence(self, agent: Agent, now: float) -> None:
        """Write down that an agent logs out."""
        self._presences.append((agent.number, agent.logged_in, now))

    def log(self, tape: Tape, unstable: bool) -> Log:
        """Return the notes as a log."""
        legs = _table(Legs, self._legs, ("issue", "leg"))
        states = merged(_table(States, self._states, ("agent", "start")))
        presences = _table(Presences, self._presences, ("agent", "start"))
        issues = Issues(tape.queue, tape.born)
        return Log(
            tape.model, tape.seed, tape.replication, issues, legs, states, presences, unstable
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


def merged(states: States) -> States:
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
