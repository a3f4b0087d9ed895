"""Routing, compiled: the twin of :mod:`sim.engine.dispatch`, function by function.

Arguments as in :mod:`sim.engine.kernel.state`.
"""

from __future__ import annotations

from sim.engine.kernel import codes as c
from sim.engine.kernel import containers, entities, routing_policy, state
from sim.engine.kernel import layout as t
from sim.engine.kernel.draws import leg_draw, leg_unit
from sim.engine.kernel.jit import compiled
from sim.engine.kernel.layout import Floor, World
from sim.engine.rules import Rank
from sim.log import Kind, State
from sim.tape import Purpose

_CALLBACK, _AVAILABLE = int(Kind.CALLBACK), int(State.AVAILABLE)
_ANSWER, _DIAL = int(Purpose.ANSWER_CALLBACK), int(Purpose.DIAL)
_AGENTS_ON_DUTY, _OVERFLOW = int(Rank.AGENTS_ON_DUTY), int(Rank.OVERFLOW)


# -- an agent for a contact ----------------------------------------------------------------------


@compiled
def route(w: World, f: Floor, now: float, e: int) -> bool:
    """Give a contact to the best agent who may take it now; return whether there is one."""
    if route_to_free(w, f, now, e):
        return True
    a = routing_policy.interruptible_for(w, f, now, e)
    if a < 0:
        return False
    interrupt(w, f, now, a, e)
    next_for(w, f, now, a)
    return True


@compiled
def interrupt(w: World, f: Floor, now: float, a: int, e: int) -> None:
    """Let an agent put all in hand aside for a contact; others may go on with it."""
    count = put_aside(w, f, now, a)
    take(w, f, now, a, e)
    for k in range(count):
        route_to_free(w, f, now, t.aside(f)[k])


@compiled
def route_to_free(w: World, f: Floor, now: float, e: int) -> bool:
    """Give a contact to the best agent with room for it; return whether there is one."""
    a = routing_policy.agent_for(w, f, now, e)
    if a < 0:
        return False
    take(w, f, now, a, e)
    return True


@compiled
def set_overflow_timers(w: World, f: Floor, now: float, e: int) -> None:
    """Ask further groups for a contact that waits, each after its delay."""
    leg = t.legs(f)[e]
    if leg.timed != 0:
        return
    leg.timed = 1
    for k in range(t.queues(w)[leg.queue].delays, t.queues(w)[leg.queue].delays_end):
        instant = leg.place + t.numbers(w)[k]
        if instant > now:
            containers.push_event(f, instant, _OVERFLOW | entities.order_of(f, e), c.DO_LEG, e, 0)


# -- a contact for an agent ----------------------------------------------------------------------


@compiled
def next_for(w: World, f: Floor, now: float, a: int) -> None:
    """Give an agent what waits while there is room; else let it wrap, be idle or go."""
    state.file(w, f, now, a)
    while _takes_more(w, f, now, a):
        e = routing_policy.contact_for(w, f, now, a)
        if e >= 0:
            take(w, f, now, a, e)
            continue
        e = routing_policy.interrupting(w, f, now, a)
        if e < 0:
            break
        interrupt(w, f, now, a, e)
    if t.agents(f)[a].in_hand > 0 or t.agents(f)[a].on_duty == 0:
        return
    if t.agents(f)[a].put_off_head >= 0:
        take_up_wrap(w, f, now, a)
    elif entities.wants_away(f, a) and not state.needed(w, f, now, a):
        depart(w, f, now, a)


@compiled
def _takes_more(w: World, f: Floor, now: float, a: int) -> bool:
    return t.agents(f)[a].on_duty != 0 and (
        not entities.wants_away(f, a) or state.needed(w, f, now, a)
    )


@compiled
def dismiss(w: World, f: Floor, now: float) -> None:
    """Let those go who stayed for contacts that have now left the line."""
    for a in range(len(t.agents(f))):
        if t.agents(f)[a].staying != 0 and not state.needed(w, f, now, a):
            depart(w, f, now, a)


# -- taking and releasing ------------------------------------------------------------------------


@compiled
def take(w: World, f: Floor, now: float, a: int, e: int) -> None:
    """Put a contact into an agent's hands."""
    leg = t.legs(f)[e]
    if leg.waiting != 0:
        containers.quit_line(f, e)
    q, g = leg.queue, t.agents(f)[a].crew
    leg.agent, leg.crew = a, g
    for k in range(t.groups(w)[g].skills, t.groups(w)[g].skills_end):
        if t.skills(w)[k].queue == q:
            leg.skill = k
            break
    if leg.stints == 0:
        leg.leave = now
        leg.left = leg.talk + leg.hold
    leg.stints += 1
    leg.phase = c.TALK
    if leg.kind == _CALLBACK:
        attempt = leg.attempt
        if leg_unit(w, f, e, _ANSWER + attempt) >= t.queues(w)[q].answered:
            leg.phase = c.DIAL
            leg.left = leg_draw(w, f, e, t.queues(w)[q].dial, _DIAL + attempt)
    state.into_hand(w, f, now, a, e)
    state.let_go(f, now, e)
    if t.counts(f)[c.N_STAYING] > 0:
        dismiss(w, f, now)


@compiled
def release(w: World, f: Floor, now: float, a: int, e: int) -> None:
    """End an agent's part in a contact and see what comes next."""
    state.out_of_hand(w, f, now, a, e)
    next_for(w, f, now, a)


@compiled
def put_off_wrap(w: World, f: Floor, now: float, a: int, e: int) -> None:
    """Keep the wrap of a contact for when nothing waits, and take the next one."""
    t.legs(f)[e].phase = c.PUT_OFF
    t.legs(f)[e].next = -1
    tail = t.agents(f)[a].put_off_tail
    if tail < 0:
        t.agents(f)[a].put_off_head = e
    else:
        t.legs(f)[tail].next = e
    t.agents(f)[a].put_off_tail = e
    release(w, f, now, a, e)


@compiled
def take_up_wrap(w: World, f: Floor, now: float, a: int) -> None:
    """Do the oldest of the wraps put off."""
    e = t.agents(f)[a].put_off_head
    t.agents(f)[a].put_off_head = t.legs(f)[e].next
    if t.agents(f)[a].put_off_head < 0:
        t.agents(f)[a].put_off_tail = -1
    t.legs(f)[e].phase = c.WRAP
    t.legs(f)[e].left = t.legs(f)[e].wrap
    state.into_hand(w, f, now, a, e)


# -- deferred work that yields -------------------------------------------------------------------


@compiled
def put_aside(w: World, f: Floor, now: float, a: int) -> int:
    """Put the deferred work in an agent's hands back into its lines, as far as it is done.

    Returns how many legs were put aside; they stand in ``t.aside(f)``.
    """
    count = 0
    for n in range(t.agents(f)[a].in_hand):
        e = t.hand(f)[a, n]
        if t.queues(w)[t.legs(f)[e].queue].deferred != 0 and t.legs(f)[e].phase == c.TALK:
            t.aside(f)[count] = e
            count += 1
    for n in range(count):
        e = t.aside(f)[n]
        leg = t.legs(f)[e]
        done = (now - leg.since) * leg.speed
        leg.left = max(0.0, leg.left - done)
        leg.talk_s += now - leg.started
        if t.queues(w)[t.legs(f)[e].queue].start_over != 0:
            work = leg.talk + leg.hold
            leg.wasted += work - leg.left
            leg.left = work
        t.legs(f)[e].version += 1
        t.legs(f)[e].phase = c.WAITING
        state.out_of_hand(w, f, now, a, e)
        containers.join_line(f, e)
        set_overflow_timers(w, f, now, e)
    return count


@compiled
def hand_back(w: World, f: Floor, now: float, a: int) -> None:
    """Put deferred work back where the group does so at the end of a shift."""
    if t.groups(w)[t.agents(f)[a].crew].hands_back != 0:
        count = put_aside(w, f, now, a)
        state.file(w, f, now, a)
        for n in range(count):
            route_to_free(w, f, now, t.aside(f)[n])


# -- coming and going ----------------------------------------------------------------------------


@compiled
def log_in(w: World, f: Floor, now: float, a: int) -> None:
    """Begin a shift."""
    agent = t.agents(f)[a]
    agent.present = agent.on_duty = 1
    agent.leaving = agent.break_due = agent.overtime = 0
    agent.since = agent.logged_in = agent.mark = now
    agent.state, agent.load = _AVAILABLE, 0
    t.crews(f)[agent.crew].present += 1
    next_for(w, f, now, a)


@compiled
def stay_on(w: World, f: Floor, now: float, a: int) -> None:
    """Begin a shift with the last one not yet over."""
    agent = t.agents(f)[a]
    state.out_of_overtime(f, now, a)
    agent.leaving = agent.break_due = 0
    if agent.on_duty == 0:
        agent.on_duty, agent.since = 1, now
    next_for(w, f, now, a)


@compiled
def ask_for_break(w: World, f: Floor, now: float, a: int) -> None:
    """Let an agent go on a break as soon as its hands are empty."""
    t.agents(f)[a].break_due = 1
    state.drop_holds(f, now, a)
    next_for(w, f, now, a)


@compiled
def ask_home(w: World, f: Floor, now: float, a: int) -> None:
    """Let an agent go home as soon as its hands are empty; a break still due is dropped."""
    t.agents(f)[a].leaving, t.agents(f)[a].break_due = 1, 0
    state.into_overtime(f, now, a)
    state.drop_holds(f, now, a)
    if t.agents(f)[a].on_duty != 0:
        hand_back(w, f, now, a)
        next_for(w, f, now, a)
    else:
        depart(w, f, now, a)


@compiled
def depart(w: World, f: Floor, now: float, a: int) -> None:
    """Go on a break or home, now."""
    agent = t.agents(f)[a]
    agent.on_duty = 0
    state.file(w, f, now, a)
    if agent.leaving != 0:
        containers.close_state(f, a, now)
        containers.note_presence(f, a, now)
        t.crews(f)[agent.crew].present -= 1
        agent.leaving = agent.present = 0
    elif agent.break_due != 0:
        begin_break(w, f, now, a)


@compiled
def begin_break(w: World, f: Floor, now: float, a: int) -> None:
    """Set the end of a break that begins now; breaks due by then follow on."""
    agent = t.agents(f)[a]
    shift = t.shifts(w)[agent.shift]
    until = now + t.spans(w)[agent.rest, 1]
    agent.rest += 1
    while agent.rest < shift.breaks_end and t.spans(w)[agent.rest, 0] <= until:
        until += t.spans(w)[agent.rest, 1]
        agent.rest += 1
    if until < shift.ends:
        containers.push_event(f, until, _AGENTS_ON_DUTY | a, c.DO_BREAK_OVER, agent.shift, 0)


@compiled
def come_back(w: World, f: Floor, now: float, a: int) -> None:
    """Return from a break."""
    t.agents(f)[a].break_due, t.agents(f)[a].on_duty = 0, 1
    t.agents(f)[a].since = now
    next_for(w, f, now, a)
