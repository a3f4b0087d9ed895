"""The story of an agent and of a door, compiled: the twin of :mod:`sim.engine.agents`.

Arguments as in :mod:`sim.engine.kernel.state`; ``s`` numbers a shift.
"""

from __future__ import annotations

from sim.engine.kernel import codes as c
from sim.engine.kernel import containers, dispatch, entities, state, waiting
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled
from sim.engine.kernel.layout import Floor, World
from sim.engine.rules import Rank
from sim.log import Outcome
from sim.model import AtClose

_AGENTS_ON_DUTY, _AGENTS_OFF_DUTY = int(Rank.AGENTS_ON_DUTY), int(Rank.AGENTS_OFF_DUTY)
_OPENING, _CLOSING = int(Rank.OPENING), int(Rank.CLOSING)
_SERVE, _SEND_AWAY, _CARRY_OVER = (int(way) for way in AtClose)
_SENT_AWAY, _WAITING = int(Outcome.SENT_AWAY), int(Outcome.WAITING)


@compiled
def plan_the_day(w: World, f: Floor) -> None:
    """Set the first event of every door, shift and headcount."""
    for q in range(len(t.queues(w))):
        if t.queues(w)[q].deferred == 0 and t.queues(w)[q].hours < t.queues(w)[q].hours_end:
            opens = t.spans(w)[t.queues(w)[q].hours, 0]
            containers.push_event(f, opens, _OPENING | q, c.DO_QUEUE, q, 0)
    for s in range(len(t.shifts(w))):
        order = _AGENTS_ON_DUTY | t.shifts(w)[s].agent
        containers.push_event(f, t.shifts(w)[s].start, order, c.DO_SHIFT, s, 0)
    for g in range(len(t.groups(w))):
        if t.groups(w)[g].by_headcount != 0:
            t.crews(f)[g].interval = -1
            _next_headcount(w, f, g)


# -- shifts --------------------------------------------------------------------------------------


@compiled
def begin_shift(w: World, f: Floor, now: float, s: int) -> None:
    """Come to work."""
    a = t.shifts(w)[s].agent
    t.agents(f)[a].shift, t.agents(f)[a].rest = s, t.shifts(w)[s].breaks
    if t.agents(f)[a].present != 0:
        dispatch.stay_on(w, f, now, a)
    else:
        dispatch.log_in(w, f, now, a)
    containers.push_event(f, t.shifts(w)[s].ends, _AGENTS_OFF_DUTY | a, c.DO_SHIFT, s, 0)
    _next_break(w, f, now, s)


@compiled
def _next_break(w: World, f: Floor, now: float, s: int) -> None:
    """Set the next break of a shift; what is due is taken now."""
    a = t.shifts(w)[s].agent
    if t.agents(f)[a].rest < t.shifts(w)[s].breaks_end:
        starts = t.spans(w)[t.agents(f)[a].rest, 0]
        if now < starts:
            containers.push_event(f, starts, _AGENTS_OFF_DUTY | a, c.DO_BREAK, s, 0)
        else:
            leave_for_break(w, f, now, s)


@compiled
def leave_for_break(w: World, f: Floor, now: float, s: int) -> None:
    """Take the break that is due, as soon as hands are empty."""
    if now < t.shifts(w)[s].ends:
        dispatch.ask_for_break(w, f, now, t.shifts(w)[s].agent)


@compiled
def end_break(w: World, f: Floor, now: float, s: int) -> None:
    """Come back from a break."""
    dispatch.come_back(w, f, now, t.shifts(w)[s].agent)
    _next_break(w, f, now, s)


@compiled
def end_shift(w: World, f: Floor, now: float, s: int) -> None:
    """Go home as soon as hands are empty, unless the next shift has begun at this instant."""
    a = t.shifts(w)[s].agent
    if t.agents(f)[a].shift == s:
        dispatch.ask_home(w, f, now, a)


# -- headcount -----------------------------------------------------------------------------------


@compiled
def _next_headcount(w: World, f: Floor, g: int) -> None:
    """Set the next change of a group's headcount."""
    i = t.crews(f)[g].interval
    before = 0 if i < 0 else t.headcount(w)[g, i]
    i += 1
    while i < t.headcount(w).shape[1] and t.headcount(w)[g, i] == before:
        i += 1
    t.crews(f)[g].interval = i
    if i < t.headcount(w).shape[1]:
        rank = _AGENTS_ON_DUTY if t.headcount(w)[g, i] > before else _AGENTS_OFF_DUTY
        order = rank | t.groups(w)[g].first
        containers.push_event(f, i * t.limits(w)[1], order, c.DO_HEADCOUNT, g, before)


@compiled
def change_headcount(w: World, f: Floor, now: float, g: int, before: int) -> None:
    """Let agents of a group come, or go as their hands become empty."""
    count = t.headcount(w)[g, t.crews(f)[g].interval]
    if count > before:
        _more(w, f, now, g, count - before)
    else:
        _fewer(w, f, now, g, before - count, count == 0)
    _next_headcount(w, f, g)


@compiled
def _more(w: World, f: Floor, now: float, g: int, count: int) -> None:
    first = t.groups(w)[g].first
    for a in range(first, first + t.groups(w)[g].agents):
        if count > 0 and t.agents(f)[a].leaving != 0:
            t.agents(f)[a].leaving = 0
            count -= 1
            state.out_of_overtime(f, now, a)
            dispatch.next_for(w, f, now, a)
        elif t.agents(f)[a].overtime != 0 and t.agents(f)[a].leaving == 0:
            state.out_of_overtime(f, now, a)
    for a in range(first, first + t.groups(w)[g].agents):
        if count > 0 and t.agents(f)[a].on_duty == 0:
            dispatch.log_in(w, f, now, a)
            count -= 1


@compiled
def _fewer(w: World, f: Floor, now: float, g: int, count: int, nobody_left: bool) -> None:
    first = t.groups(w)[g].first
    last = first + t.groups(w)[g].agents
    if nobody_left:
        for a in range(first, last):
            if t.agents(f)[a].on_duty != 0 and t.agents(f)[a].overtime == 0:
                state.into_overtime(f, now, a)
                state.drop_holds(f, now, a)
    for kind in range(3):
        for a in range(last - 1, first - 1, -1):
            if count > 0 and _may_go(w, f, g, a, kind):
                _send_home(w, f, now, a)
                count -= 1


@compiled
def _may_go(w: World, f: Floor, g: int, a: int, kind: int) -> bool:
    """Return whether an agent is of those who go first, second or last."""
    agent = t.agents(f)[a]
    if agent.on_duty == 0 or agent.leaving != 0:
        return False
    if kind == 0:
        return agent.idle != 0
    if kind == 1:
        return t.groups(w)[g].hands_back != 0 and entities.only_deferred(w, f, a)
    return True


@compiled
def _send_home(w: World, f: Floor, now: float, a: int) -> None:
    t.agents(f)[a].leaving = 1
    dispatch.hand_back(w, f, now, a)
    dispatch.next_for(w, f, now, a)


# -- doors ---------------------------------------------------------------------------------------


@compiled
def open_queue(w: World, f: Floor, now: float, q: int, stretch: int) -> None:
    """Open a queue."""
    t.lines(f)[q].stretch, t.lines(f)[q].reserves_called = stretch, 0
    dispatch.dismiss(w, f, now)
    closes = t.spans(w)[t.queues(w)[q].hours + stretch, 1]
    containers.push_event(f, closes, _CLOSING | q, c.DO_QUEUE, q, stretch)


@compiled
def close_queue(w: World, f: Floor, now: float, q: int, stretch: int) -> None:
    """Close a queue: end the waits where it does not serve them out."""
    at_close = t.queues(w)[q].at_close
    if at_close == _SERVE:
        _call_in_reserves(w, f, now, q)
    elif at_close == _SEND_AWAY:
        _end_all_waits(w, f, now, q, _SENT_AWAY)
    elif at_close == _CARRY_OVER and entities.is_over(w, q, now):
        _end_all_waits(w, f, now, q, _WAITING)
    k = t.queues(w)[q].hours + stretch + 1
    if k < t.queues(w)[q].hours_end:
        containers.push_event(f, t.spans(w)[k, 0], _OPENING | q, c.DO_QUEUE, q, stretch + 1)


@compiled
def _call_in_reserves(w: World, f: Floor, now: float, q: int) -> None:
    """Ask all groups for those in line at closing: no reserve is held any more."""
    t.lines(f)[q].reserves_called = 1
    count, e = 0, t.lines(f)[q].head
    while e >= 0:
        t.to_tell(f)[len(t.to_tell(f)) - 1 - count] = e
        count += 1
        e = t.legs(f)[e].next
    for k in range(count):
        e = t.to_tell(f)[len(t.to_tell(f)) - 1 - k]
        if t.legs(f)[e].waiting != 0:
            dispatch.route(w, f, now, e)


@compiled
def _end_all_waits(w: World, f: Floor, now: float, q: int, outcome: int) -> None:
    e = t.lines(f)[q].head
    while e >= 0:
        after = t.legs(f)[e].next
        waiting.stop_waiting(w, f, now, e, outcome)
        e = after
