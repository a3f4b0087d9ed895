"""Single draws: the twin of :meth:`sim.tape.Tape.uniform` and of the scalar quantiles.

Arguments as in :mod:`sim.engine.kernel.entities`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.kernel import layout as t
from sim.engine.kernel import rules
from sim.engine.kernel.jit import compiled, linked
from sim.engine.kernel.layout import ModelTables, StateTables
from sim.engine.rules import CALL

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_30, _27, _31, _12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)


@compiled
def uniform(m: ModelTables, issue: int, contact: int, transfers: int, purpose: int) -> float:
    """Return the number ``u`` in (0, 1) that decides one choice, ``1 - u`` on a mirrored tape."""
    return keyed_uniform(m, t.key(m, issue), rules.choice_number(contact, transfers, purpose))


@compiled
def keyed_uniform(m: ModelTables, key: Any, number: int) -> float:
    """Return the number in (0, 1) of a choice, by the key of what it belongs to."""
    z = key + np.uint64(number) * _GOLDEN
    z = (z ^ (z >> _30)) * _FIRST
    z = (z ^ (z >> _27)) * _SECOND
    z = z ^ (z >> _31)
    return abs(t.settings(m).mirrored - (np.float64(z >> _12) + 0.5) * 2.0**-52)


@compiled
def draw(
    m: ModelTables, number: int, issue: int, contact: int, transfers: int, purpose: int
) -> float:
    """Return a time (s) from the distribution of this number, decided by :func:`uniform`."""
    d = t.distribution(m, number)
    return rules.quantile(
        d.family, d.a, d.b, d.zero, t.knots(m, d.knots, d.knots_end),
        t.values(m, d.knots, d.knots_end), uniform(m, issue, contact, transfers, purpose),
    )  # fmt: skip


@compiled
def at_present(m: ModelTables, number: int, now: float) -> int:
    """Return the number of the distribution that holds now, of those by interval.

    A number below 0 means a part of the table of distributions by interval.
    """
    if number >= 0:
        return number
    interval = rules.interval_at(now, t.settings(m).interval_s, t.intervals(m) - 1)
    return int(t.interval_distribution(m, -1 - number + interval))


@compiled
def leg_uniform(m: ModelTables, s: StateTables, e: int, purpose: int) -> float:
    """Return the number in (0, 1) that decides a choice of a leg."""
    leg = t.leg(s, e)
    return uniform(m, leg.issue, leg.contact, leg.transfers, purpose)


@compiled
def call_uniform(m: ModelTables, s: StateTables, e: int, purpose: int) -> float:
    """Return the number in (0, 1) that decides a choice of an outbound call."""
    return uniform(m, t.leg(s, e).issue, 0, CALL + t.leg(s, e).attempt, purpose)


@linked
def leg_draw(m: ModelTables, s: StateTables, e: int, number: int, purpose: int) -> float:
    """Return a time (s) that a leg needs, from the distribution of this number."""
    leg = t.leg(s, e)
    return draw(m, number, leg.issue, leg.contact, leg.transfers, purpose)


@compiled
def agent_uniform(m: ModelTables, s: StateTables, a: int) -> float:
    """Return the next number in (0, 1) that decides a choice of an agent."""
    agent, g = t.agent(s, a), t.agent(s, a).group
    number = agent.draws
    agent.draws += 1
    place = a - t.group(m, g).first
    return keyed_uniform(m, t.pause_key(m, g), rules.agent_choice_number(place, number))


@compiled
def agent_draw(m: ModelTables, s: StateTables, number: int, a: int) -> float:
    """Return the next time (s) that an agent needs, from the distribution of this number."""
    d = t.distribution(m, number)
    return rules.quantile(
        d.family, d.a, d.b, d.zero, t.knots(m, d.knots, d.knots_end),
        t.values(m, d.knots, d.knots_end), agent_uniform(m, s, a),
    )  # fmt: skip


@linked
def call_draw(m: ModelTables, s: StateTables, e: int, number: int, purpose: int) -> float:
    """Return a time (s) that an outbound call needs, from the distribution of this number."""
    return draw(m, number, t.leg(s, e).issue, 0, CALL + t.leg(s, e).attempt, purpose)
