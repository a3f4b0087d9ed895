"""The rows of the log, as they come about.

Arguments as in :mod:`sim.engine.kernel.entities`.
"""

from __future__ import annotations

from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled
from sim.engine.kernel.layout import StateTables


@compiled
def record_leg(s: StateTables, e: int, outcome: int) -> None:
    """Record a leg that is over: its row is the leg itself."""
    t.leg(s, e).outcome = outcome
    t.leg(s, e).in_log = 1
    n = t.counts(s).finished
    if n >= t.most_finished(s):
        t.counts(s).is_full = 1
        return
    t.finished(s, n).leg = e
    t.counts(s).finished = n + 1


@compiled
def record_session(s: StateTables, e: int, outcome: int, now: float) -> None:
    """Record a session with the bot that ends now."""
    t.leg(s, e).leave = now
    record_leg(s, e, outcome)


@compiled
def record_state(s: StateTables, a: int, state: int, now: float) -> None:
    """Record that an agent's state, or the number of active contacts, is another from now on."""
    load = t.agent(s, a).active_count
    if t.agent(s, a).state == state and t.agent(s, a).load == load:
        return
    close_state(s, a, now)
    t.agent(s, a).state = state
    t.agent(s, a).load = load


@compiled
def close_state(s: StateTables, a: int, now: float) -> None:
    """Record the state of an agent until now."""
    if t.agent(s, a).state_since < now:
        k = t.counts(s).states
        if k >= t.most_states(s):
            t.counts(s).is_full = 1
            return
        row, agent = t.agent_state(s, k), t.agent(s, a)
        row.agent, row.group, row.state = a, agent.group, agent.state
        row.load, row.overtime = agent.load, agent.overtime
        row.start, row.end = agent.state_since, now
        t.counts(s).states = k + 1
    t.agent(s, a).state_since = now


@compiled
def record_presence(s: StateTables, a: int, now: float) -> None:
    """Record that an agent logs out."""
    k = t.counts(s).presences
    if k >= t.most_presences(s):
        t.counts(s).is_full = 1
        return
    row = t.presence(s, k)
    row.agent, row.start, row.end = a, t.agent(s, a).logged_in, now
    t.counts(s).presences = k + 1
