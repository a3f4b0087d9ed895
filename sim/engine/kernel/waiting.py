"""Waiting, compiled: the twin of :mod:`sim.engine.waiting`.

Arguments as in :mod:`sim.engine.kernel.state`.
"""

from __future__ import annotations

import math

from sim.engine.kernel import codes as c
from sim.engine.kernel import containers, dispatch, entities, state
from sim.engine.kernel import layout as t
from sim.engine.kernel.draws import leg_unit
from sim.engine.kernel.jit import callback_offered, compiled
from sim.engine.kernel.layout import Floor, World
from sim.engine.rules import Rank
from sim.log import Kind, Outcome
from sim.model import AtClose
from sim.tape import Purpose

_TRANSFER, _CALLBACK, _BACKLOG = int(Kind.TRANSFER), int(Kind.CALLBACK), int(Kind.BACKLOG)
_ABANDONED, _BALKED, _FULL = int(Outcome.ABANDONED), int(Outcome.BALKED), int(Outcome.FULL)
_MESSAGE, _CALLED_BACK = int(Outcome.MESSAGE), int(Outcome.CALLBACK)
_SENT_AWAY, _WAITING = int(Outcome.SENT_AWAY), int(Outcome.WAITING)
_SERVE, _CARRY_OVER = int(AtClose.SERVE), int(AtClose.CARRY_OVER)
_OVERFLOW, _OFFER = int(Rank.OVERFLOW), int(Rank.CALLBACK_OFFER)
_LONGEST_WAIT, _PATIENCE = int(Rank.LONGEST_WAIT), int(Rank.PATIENCE)
_BALK, _ACCEPT = int(Purpose.BALK), int(Purpose.ACCEPT_CALLBACK)


@compiled
def refused_at_close(w: World, f: Floor, now: float, e: int) -> int:
    """Return why a contact that reaches a closed queue may not join."""
    q = t.legs(f)[e].queue
    kind = t.legs(f)[e].kind
    if t.queues(w)[q].deferred != 0 or kind == _BACKLOG or entities.is_open(w, f, q, now):
        return -1
    if t.queues(w)[q].at_close == _CARRY_OVER:
        return _WAITING if entities.is_over(w, q, now) else -1
    if kind not in (_TRANSFER, _CALLBACK) and t.legs(f)[e].inside == 0:
        return _SENT_AWAY
    if t.queues(w)[q].at_close == _SERVE:
        for way in range(t.queues(w)[q].ways, t.queues(w)[q].ways_end):
            if t.crews(f)[t.skills(w)[t.ways(w)[way]].crew].present > 0:
                return -1
    return _SENT_AWAY


@compiled
def refused_in_line(w: World, f: Floor, e: int) -> int:
    """Return why a contact that nobody can take at once does not stand in line."""
    q, kind = t.legs(f)[e].queue, t.legs(f)[e].kind
    waiting = t.lines(f)[q].waiting
    if kind in (_CALLBACK, _BACKLOG):
        return -1
    if waiting >= t.queues(w)[q].limit and kind != _TRANSFER:
        return _FULL
    balk = t.queues(w)[q].balk
    if balk != 0 and leg_unit(w, f, e, _BALK) < balk:
        return _BALKED
    if t.queues(w)[q].callback == 0 or not callback_offered(t.queues(w)[q].offer_at, waiting):
        return -1
    return _CALLED_BACK if _accepts_callback(w, f, e) else -1


@compiled
def _accepts_callback(w: World, f: Floor, e: int) -> bool:
    return leg_unit(w, f, e, _ACCEPT) < t.queues(w)[t.legs(f)[e].queue].accepted


@compiled
def ask_those_who_stay(w: World, f: Floor, now: float, e: int) -> None:
    """Ask agents past their time, who stay while somebody is in line, for one more contact."""
    queue = t.queues(w)[t.legs(f)[e].queue]
    for way in range(queue.ways, queue.ways_end):
        g = t.skills(w)[t.ways(w)[way]].crew
        first = t.groups(w)[g].first
        for a in range(first, first + t.groups(w)[g].agents):
            agent = t.agents(f)[a]
            if t.legs(f)[e].waiting != 0 and agent.on_duty != 0 and agent.leaving != 0:
                dispatch.next_for(w, f, now, a)


@compiled
def set_timers(w: World, f: Floor, now: float, e: int) -> None:
    """Set what may end or change the wait of a contact in line."""
    q, order = t.legs(f)[e].queue, entities.order_of(f, e)
    queue = t.queues(w)[q]
    dispatch.set_overflow_timers(w, f, now, e)
    if t.legs(f)[e].kind == _CALLBACK:
        return
    if queue.callback != 0 and queue.offer_after < math.inf:
        containers.push_event(f, now + queue.offer_after, _OFFER | order, c.DO_LEG, e, 0)
    if queue.longest_wait < math.inf:
        containers.push_event(f, now + queue.longest_wait, _LONGEST_WAIT | order, c.DO_LEG, e, 0)
    if t.legs(f)[e].patience < math.inf:
        instant = now + t.legs(f)[e].patience
        containers.push_event(f, instant, _PATIENCE | order, c.DO_LEG, e, 0)


@compiled
def timer(w: World, f: Floor, now: float, e: int, rank: int) -> None:
    """Do what a timer of waiting calls for, if the contact still waits."""
    if t.legs(f)[e].waiting == 0:
        return
    if rank == _OVERFLOW:
        dispatch.route(w, f, now, e)
    elif rank == _OFFER:
        if _accepts_callback(w, f, e):
            stop_waiting(w, f, now, e, _CALLED_BACK)
    elif rank == _LONGEST_WAIT:
        stop_waiting(w, f, now, e, _MESSAGE)
    else:
        stop_waiting(w, f, now, e, _ABANDONED)


@compiled
def stop_waiting(w: World, f: Floor, now: float, e: int, outcome: int) -> None:
    """Leave the line unserved; work that was begun is not given up."""
    if t.legs(f)[e].stints != 0:
        return
    containers.quit_line(f, e)
    t.legs(f)[e].leave = now
    state.tell_soon(f, e, outcome)
    if t.counts(f)[c.N_STAYING] > 0:
        dispatch.dismiss(w, f, now)
