"""The rows of the log, as they come about.

Arguments as in :mod:`sim.engine.kernel.entities`.
"""

from __future__ import annotations

from sim.engine.kernel import codes as c
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled
from sim.engine.kernel.layout import StateTables


@compiled
def record_leg(s: StateTables, e: int, outcome: int) -> None:
    """Record a leg that is over: its row is the leg itself."""
    t.legs(s)[e].outcome = outcome
    t.legs(s)[e].in_log = 1


@compiled
def record_session(s: StateTables, e: int, outcome: int, now: float) -> None:
    """Record a session with the bot that ends now."""
    t.legs(s)[e].leave = now
    record_leg(s, e, outcome)


@compiled
def record_state(s: StateTables, a: int, state: int, now: float) -> None:
    """Record that an agent's state, or the number of active contacts, is another from now on."""
    load = t.agents(s)[a].active_count
    if t.agents(s)[a].state == state and t.agents(s)[a].load == load:
        return
    close_state(s, a, now)
    t.agents(s)[a].state = state
    t.agents(s)[a].load = load


@compiled
def close_state(s: StateTables, a: int, now: float) -> None:
    """Record the state of an agent until now."""
    if t.agents(s)[a].state_since < now:
        k = t.counts(s)[c.N_STATES]
        if k >= len(t.states(s)):
            t.counts(s)[c.IS_FULL] = 1
            return
        row, agent = t.states(s)[k], t.agents(s)[a]
        row.agent, row.group, row.state = a, agent.group, agent.state
        row.load, row.overtime = agent.load, agent.overtime
        row.start, row.end = agent.state_since, now
        t.counts(s)[c.N_STATES] = k + 1
    t.agents(s)[a].state_since = now


@compiled
def record_presence(s: StateTables, a: int, now: float) -> None:
    """Record that an agent logs out."""
    k = t.counts(s)[c.N_PRESENCES]
    if k >= len(t.presences(s)):
        t.counts(s)[c.IS_FULL] = 1
        return
    row = t.presences(s)[k]
    row.agent, row.start, row.end = a, t.agents(s)[a].logged_in, now
    t.counts(s)[c.N_PRESENCES] = k + 1
