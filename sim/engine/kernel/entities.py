"""Who takes part, and what one asks of them, compiled: the twin of :mod:`sim.engine.entities`.

Arguments as in :mod:`sim.engine.kernel.state`.
"""

from __future__ import annotations

from sim.engine.kernel import codes as c
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled
from sim.engine.kernel.layout import Floor, World
from sim.model import AtClose

_ROOM = 1 + 1e-9
_SERVE = int(AtClose.SERVE)


@compiled
def new_leg(f: Floor, issue: int, kind: int, q: int, hop: int) -> int:
    """Return a new leg; the last place of the table is shared by all that find no room."""
    e = t.counts(f)[c.N_LEGS]
    if e >= len(t.legs(f)) - 1:
        t.counts(f)[c.N_FULL] = 1
    else:
        t.counts(f)[c.N_LEGS] = e + 1
    t.legs(f)[e] = t.blank(f)[0]
    leg, customer = t.legs(f)[e], t.customers(f)[issue]
    leg.issue, leg.kind, leg.queue, leg.hop = issue, kind, q, hop
    leg.number, leg.contact = customer.legs, customer.contact
    customer.legs += 1
    return e


@compiled
def order_of(f: Floor, e: int) -> int:
    """Return the number by which a contact's events are ordered."""
    return (t.legs(f)[e].issue << 8) | t.legs(f)[e].number


# -- queues --------------------------------------------------------------------------------------


@compiled
def is_open(w: World, f: Floor, q: int, now: float) -> bool:
    """Return whether a queue is open."""
    k = t.queues(w)[q].hours + t.lines(f)[q].stretch
    return k < t.queues(w)[q].hours_end and t.spans(w)[k, 0] <= now < t.spans(w)[k, 1]


@compiled
def is_over(w: World, q: int, now: float) -> bool:
    """Return whether a queue will not open again."""
    first, last = t.queues(w)[q].hours, t.queues(w)[q].hours_end
    return first == last or now >= t.spans(w)[last - 1, 1]


@compiled
def serves_out(w: World, f: Floor, q: int, now: float) -> bool:
    """Return whether a queue is closed but those who still wait are to be served."""
    return (
        t.lines(f)[q].waiting > 0
        and t.queues(w)[q].at_close == _SERVE
        and t.queues(w)[q].deferred == 0
        and not is_open(w, f, q, now)
    )


# -- agents --------------------------------------------------------------------------------------


@compiled
def wants_away(f: Floor, a: int) -> bool:
    """Return whether a break or the end of the shift is due."""
    return t.agents(f)[a].leaving != 0 or t.agents(f)[a].break_due != 0


@compiled
def only_deferred(w: World, f: Floor, a: int) -> bool:
    """Return whether there is deferred work in hand, and nothing else."""
    for n in range(t.agents(f)[a].in_hand):
        if t.queues(w)[t.legs(f)[t.hand(f)[a, n]].queue].deferred == 0:
            return False
    return t.agents(f)[a].in_hand > 0


@compiled
def has_room(w: World, f: Floor, a: int, k: int) -> bool:
    """Return whether an agent may take one more contact by a skill."""
    in_hand = t.agents(f)[a].in_hand
    if in_hand == 0:
        return True
    used = 1.0 / t.skills(w)[k].at_once
    for n in range(in_hand):
        other = t.legs(f)[t.hand(f)[a, n]].skill
        if t.together(w)[other, t.skills(w)[k].queue] & c.MIXES == 0:
            return False
        used += 1.0 / t.skills(w)[other].at_once
    return used <= _ROOM


@compiled
def busy_until(f: Floor, now: float, a: int) -> float:
    """Return the time (s) with a contact in hand so far."""
    agent = t.agents(f)[a]
    return agent.busy + (now - agent.busy_since if agent.in_hand > 0 else 0.0)


@compiled
def works_only_on(w: World, f: Floor, a: int, q: int) -> bool:
    """Return whether all in hand may be put aside for a contact of a queue."""
    for n in range(t.agents(f)[a].in_hand):
        leg = t.legs(f)[t.hand(f)[a, n]]
        if leg.phase != c.TALK or t.together(w)[leg.skill, q] & c.YIELDS == 0:
            return False
    return True
