"""The floor, compiled: the twin of :mod:`sim.engine.state`, function by function.

``w`` is the world, ``f`` the floor, ``now`` the instant (s); ``e`` numbers a leg, ``a`` an
agent, ``g`` a crew, ``q`` a queue and ``k`` a skill. -1 stands for none.
"""

from __future__ import annotations

from sim.engine.kernel import codes as c
from sim.engine.kernel import containers, entities
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled, service_speed
from sim.engine.kernel.layout import Floor, World
from sim.engine.rules import Rank
from sim.log import State

_COMPLETION = int(Rank.COMPLETION)
_AVAILABLE, _TALKING, _WRAPPING, _WORKING, _DIALLING, _HELD, _ON_BREAK = (int(s) for s in State)


# -- in hand -------------------------------------------------------------------------------------


@compiled
def into_hand(w: World, f: Floor, now: float, a: int, e: int) -> None:
    """Add a contact to those in an agent's hands."""
    n = t.agents(f)[a].in_hand
    if n == 0:
        t.agents(f)[a].busy_since = now
    t.hand(f)[a, n] = e
    t.agents(f)[a].in_hand = n + 1
    t.agents(f)[a].since = now
    t.legs(f)[e].started = now
    t.legs(f)[e].speed = 0.0
    pace(w, f, now, a)
    file(w, f, now, a)


@compiled
def out_of_hand(w: World, f: Floor, now: float, a: int, e: int) -> None:
    """Take a contact out of an agent's hands."""
    n = t.agents(f)[a].in_hand - 1
    at = 0
    while t.hand(f)[a, at] != e:
        at += 1
    for k in range(at, n):
        t.hand(f)[a, k] = t.hand(f)[a, k + 1]
    t.agents(f)[a].in_hand = n
    t.agents(f)[a].since = now
    if n == 0:
        t.agents(f)[a].busy += now - t.agents(f)[a].busy_since
    else:
        pace(w, f, now, a)


@compiled
def pace(w: World, f: Floor, now: float, a: int) -> None:
    """Set the speed of all in hand by their number, and the instants they will be done.

    A speed of 0 marks a phase that has not begun to run.
    """
    load = t.agents(f)[a].in_hand
    for n in range(load):
        e = t.hand(f)[a, n]
        leg = t.legs(f)[e]
        if leg.phase == c.HELD:
            continue
        speed = 1.0
        if leg.phase != c.DIAL:
            skill = t.skills(w)[leg.skill]
            speed = service_speed(t.numbers(w)[skill.speeds : skill.speeds_end], load)
        if speed == leg.speed:
            continue
        if leg.speed != 0.0:
            leg.left = max(0.0, leg.left - (now - leg.since) * leg.speed)
        leg.since, leg.speed = now, speed
        leg.version += 1
        order = _COMPLETION | entities.order_of(f, e)
        containers.push_event(f, now + leg.left / speed, order, c.DO_LEG, e, leg.version)


@compiled
def start_phase(w: World, f: Floor, now: float, e: int, phase: int, work: float) -> None:
    """Let a contact in hand go on to another phase with its own work (s at full speed)."""
    a = t.legs(f)[e].agent
    t.legs(f)[e].phase = phase
    t.legs(f)[e].left = work
    t.legs(f)[e].started = now
    t.legs(f)[e].speed = 0.0
    if phase != c.HELD:
        pace(w, f, now, a)
    file(w, f, now, a)


# -- lists and notes -----------------------------------------------------------------------------


@compiled
def file(w: World, f: Floor, now: float, a: int) -> None:
    """Keep the lists of the crew and the notes of what the agent does up to date."""
    agent = t.agents(f)[a]
    away = entities.wants_away(f, a)
    stays = away and needed(w, f, now, a)
    may_take = agent.on_duty != 0 and (stays or not away)
    idle = may_take and agent.in_hand == 0
    if idle != (agent.idle != 0):
        if idle:
            containers.add_idle(f, a)
        else:
            containers.drop_idle(f, a)
    if t.groups(w)[agent.crew].shares != 0:
        containers.drop_from_bucket(f, a)
        if may_take and not idle:
            kind = 1 if entities.only_deferred(w, f, a) else 0
            containers.add_to_bucket(f, a, kind, agent.in_hand)
    staying = 1 if idle and stays else 0
    t.counts(f)[c.N_STAYING] += staying - agent.staying
    agent.staying = staying
    containers.note_state(f, a, state_of(w, f, a), now)


@compiled
def needed(w: World, f: Floor, now: float, a: int) -> bool:
    """Return whether an agent whose time is over stays for those the closing left in line."""
    if t.agents(f)[a].leaving == 0:
        return False
    g = t.agents(f)[a].crew
    for k in range(t.groups(w)[g].skills, t.groups(w)[g].skills_end):
        if entities.serves_out(w, f, t.skills(w)[k].queue, now):
            return True
    return False


@compiled
def into_overtime(f: Floor, now: float, a: int) -> None:
    """Note that what an agent does from now on is beyond its schedule."""
    containers.close_state(f, a, now)
    t.agents(f)[a].overtime = 1


@compiled
def out_of_overtime(f: Floor, now: float, a: int) -> None:
    """Note that an agent is within its schedule again."""
    if t.agents(f)[a].on_duty != 0:
        containers.close_state(f, a, now)
    t.agents(f)[a].overtime = 0


# -- waiting and being held ----------------------------------------------------------------------


@compiled
def tell_soon(f: Floor, e: int, outcome: int) -> None:
    """Note that a contact ends unserved: the rest of its story follows the present event."""
    t.legs(f)[e].outcome = outcome
    t.to_tell(f)[t.counts(f)[c.N_TO_TELL]] = e
    t.counts(f)[c.N_TO_TELL] += 1


@compiled
def let_go(f: Floor, now: float, e: int) -> None:
    """Release the agent who stayed on the line until this contact was taken or gone."""
    held = t.legs(f)[e].held
    if held >= 0:
        version = t.legs(f)[held].version
        containers.push_event(
            f, now, _COMPLETION | entities.order_of(f, held), c.DO_LEG, held, version
        )
        t.legs(f)[e].held = -1


@compiled
def drop_holds(f: Floor, now: float, a: int) -> None:
    """Let go of customers who are being passed on and not met yet: the agent's time is up."""
    for n in range(t.agents(f)[a].in_hand):
        second = t.legs(f)[t.hand(f)[a, n]].second
        if second >= 0:
            let_go(f, now, second)


@compiled
def state_of(w: World, f: Floor, a: int) -> int:
    """Return what an agent is seen to do."""
    in_hand = t.agents(f)[a].in_hand
    if in_hand == 0:
        return _AVAILABLE if t.agents(f)[a].on_duty != 0 else _ON_BREAK
    live = held = dialling = False
    for n in range(in_hand):
        e = t.hand(f)[a, n]
        phase = t.legs(f)[e].phase
        if t.queues(w)[t.legs(f)[e].queue].deferred == 0:
            if phase == c.TALK:
                return _TALKING
            live = True
        held = held or phase == c.HELD
        dialling = dialling or phase == c.DIAL
    if held:
        return _HELD
    if dialling:
        return _DIALLING
    return _WRAPPING if live else _WORKING
