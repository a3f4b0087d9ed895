"""The clock of the kernel: from one event to the next."""

from __future__ import annotations

from sim.engine.kernel import agents, contacts, containers, waiting
from sim.engine.kernel import codes as c
from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled, entrance
from sim.engine.kernel.layout import Floor, World
from sim.engine.rules import Rank

_OPENING, _COMPLETION, _ARRIVAL = int(Rank.OPENING), int(Rank.COMPLETION), int(Rank.ARRIVAL)
_AGENTS_ON_DUTY = int(Rank.AGENTS_ON_DUTY)
_RANKS = 0xFF << 48


@entrance
def live(w: World, f: Floor) -> None:
    """Live through the whole horizon.

    Stops early with ``N_FULL`` set when a table of the floor has no room left; the floor is
    then of no use, and a larger one is to be tried.

    Parameters
    ----------
    w : World
    f : Floor
        Empty; filled here.
    """
    agents.plan_the_day(w, f)
    issue, issues = 0, len(t.born(w))
    while t.counts(f)[c.N_FULL] == 0:
        if issue < issues and _birth_comes_first(w, f, issue):
            now = t.born(w)[issue]
            contacts.first_contact(w, f, now, issue)
            issue += 1
        elif t.counts(f)[c.N_EVENTS] > 0:
            containers.pop_event(f)
            event = t.events(f)[len(t.events(f)) - 2]
            now = event.instant
            _happen(w, f, now, event.order, event.what, event.whom, event.version)
        else:
            return
        if t.counts(f)[c.N_TOLD] < t.counts(f)[c.N_TO_TELL]:
            contacts.tell_unserved(w, f, now)


@compiled
def _birth_comes_first(w: World, f: Floor, issue: int) -> bool:
    if t.counts(f)[c.N_EVENTS] == 0 or t.born(w)[issue] < t.events(f)[0].instant:
        return True
    first = t.events(f)[0]
    return t.born(w)[issue] == first.instant and (_ARRIVAL | (issue << 8)) < first.order


@compiled
def _happen(w: World, f: Floor, now: float, order: int, what: int, whom: int, version: int) -> None:
    """Do what an event calls for."""
    rank = order & _RANKS
    if what == c.DO_LEG:
        _happen_to_contact(w, f, now, rank, whom, version)
    elif what == c.DO_PLAN:
        contacts.come_as_planned(w, f, now, whom)
    elif what == c.DO_QUEUE:
        if rank == _OPENING:
            agents.open_queue(w, f, now, whom, version)
        else:
            agents.close_queue(w, f, now, whom, version)
    else:
        _happen_to_agents(w, f, now, rank, what, whom, version)


@compiled
def _happen_to_contact(w: World, f: Floor, now: float, rank: int, e: int, version: int) -> None:
    if rank == _COMPLETION:
        if version == t.legs(f)[e].version:
            contacts.completed(w, f, now, e)
    elif rank == _ARRIVAL:
        contacts.call_as_promised(w, f, now, e)
    else:
        waiting.timer(w, f, now, e, rank)


@compiled
def _happen_to_agents(
    w: World, f: Floor, now: float, rank: int, what: int, whom: int, version: int
) -> None:
    if what == c.DO_HEADCOUNT:
        agents.change_headcount(w, f, now, whom, version)
    elif what == c.DO_BREAK:
        agents.leave_for_break(w, f, now, whom)
    elif what == c.DO_BREAK_OVER:
        agents.end_break(w, f, now, whom)
    elif rank == _AGENTS_ON_DUTY:
        agents.begin_shift(w, f, now, whom)
    else:
        agents.end_shift(w, f, now, whom)
