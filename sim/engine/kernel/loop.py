"""The clock of the compiled engine: from one event to the next.

Arguments as in :mod:`sim.engine.kernel.entities`.
"""

from __future__ import annotations

from sim.engine.kernel import (
    agents,
    contacts,
    containers,
    dispatch,
    entities,
    opening_hours,
    outbound,
    rules,
    waiting,
)
from sim.engine.kernel import codes as c
from sim.engine.kernel import layout as t
from sim.engine.kernel.buffers import EmptyState, clear
from sim.engine.kernel.jit import compiled, entry_point, linked
from sim.engine.kernel.layout import ModelTables, StateTables
from sim.engine.rules import Rank

_OPENING = int(Rank.OPENING)
_COMPLETION = int(Rank.COMPLETION)
_AGENTS_ON_DUTY = int(Rank.AGENTS_ON_DUTY)
_AGENTS_PAUSE = int(Rank.AGENTS_PAUSE)
_ARRIVAL = int(Rank.ARRIVAL)


@compiled
def leave_all_unserved(m: ModelTables, s: StateTables, now: float) -> None:
    """Let all contacts leave that the present event has left unserved, in turn."""
    while t.counts(s).unserved_done < t.counts(s).unserved:
        e = t.unserved(s, t.counts(s).unserved_done).leg
        t.counts(s).unserved_done += 1
        contacts.leave_unserved(m, s, now, e, t.leg(s, e).outcome)
    t.counts(s).unserved = t.counts(s).unserved_done = 0


@compiled
def schedule_day(m: ModelTables, s: StateTables) -> None:
    """Schedule the first event of the opening hours, of each shift and of each headcount."""
    for q in range(t.queues(m)):
        if t.queue(m, q).deferred == 0:
            opening_hours.schedule_opening(m, s, q, 0)
    for shift in range(t.shifts(m)):
        agents.schedule_shift(m, s, shift)
    for g in range(t.groups(m)):
        if t.group(m, g).by_headcount != 0:
            t.group_state(s, g).interval = -1
            agents.next_headcount(m, s, g)
    for kind in range(t.kinds(m)):
        if t.kind(m, kind).outbound != 0:
            outbound.schedule_first_call(m, s, kind, 0)


@compiled
def arrival_is_next(m: ModelTables, s: StateTables, issue: int) -> bool:
    """Return whether the first contact of an issue comes before all scheduled events."""
    if t.counts(s).events == 0 or t.born(m, issue) < t.event(s, 0).instant:
        return True
    order = rules.event_order(_ARRIVAL, rules.leg_order(issue, 0))
    return t.born(m, issue) == t.event(s, 0).instant and order < t.event(s, 0).order


@compiled
def handle_event(
    m: ModelTables, s: StateTables, now: float, order: int, kind: int, subject: int, version: int
) -> None:
    """Handle an event; arguments as in :func:`sim.engine.kernel.containers.push_event`."""
    rank = rules.rank_of(order)
    if kind == c.EVENT_LEG:
        if rules.event_order(rank, entities.leg_order(s, subject)) == order:  # it is not over
            handle_leg_event(m, s, now, rank, subject, version)
    elif kind == c.EVENT_RECONTACT:
        contacts.recontact(m, s, now, subject)
    elif kind == c.EVENT_OUTBOUND:
        outbound.make_call(m, s, now, subject, version)
    elif kind == c.EVENT_QUEUE:
        if rank == _OPENING:
            opening_hours.open_queue(m, s, now, subject, version)
        else:
            opening_hours.close_queue(m, s, now, subject, version)
    else:
        handle_agent_event(m, s, now, rank, kind, subject, version)


@compiled
def handle_leg_event(
    m: ModelTables, s: StateTables, now: float, rank: int, e: int, version: int
) -> None:
    """Handle an event of a leg; a completion that is out of date is none."""
    if rank == _COMPLETION:
        if version == t.leg(s, e).version:
            contacts.completed(m, s, now, e)
    elif rank == _ARRIVAL:
        contacts.call_back(m, s, now, e)
    else:
        waiting.wait_timer(m, s, now, e, rank)


@linked
def handle_agent_event(
    m: ModelTables, s: StateTables, now: float, rank: int, kind: int, subject: int, version: int
) -> None:
    """Handle an event of a shift or a headcount."""
    if kind == c.EVENT_HEADCOUNT:
        agents.change_headcount(m, s, now, subject, version)
    elif kind == c.EVENT_BREAK:
        agents.leave_for_break(m, s, now, subject)
    elif kind == c.EVENT_READY:
        if rank == _AGENTS_PAUSE:
            dispatch.later_break(m, s, now, subject)
        else:
            dispatch.pause_over(m, s, now, subject, version)
    elif kind == c.EVENT_BREAK_OVER:
        agents.end_break(m, s, now, subject)
    elif rank == _AGENTS_ON_DUTY:
        agents.begin_shift(m, s, now, subject)
    else:
        agents.end_shift(m, s, now, subject)


@linked
def advance(m: ModelTables, s: StateTables) -> bool:
    """Simulate until a table of rows has to be read, or to the end; return whether it is the end.

    Also ends with ``is_full`` set when a table of the state is full; the state is then of no use,
    and larger tables are to be tried.
    """
    entities.free_finished_legs(s)
    if t.counts(s).begun == 0:
        t.counts(s).begun = 1
        schedule_day(m, s)
    issue, issues = t.counts(s).next_issue, t.issues(m)
    while t.counts(s).is_full == 0:
        if rows_are_to_be_read(s):
            t.counts(s).next_issue = issue
            return False
        if issue < issues and arrival_is_next(m, s, issue):
            now = t.born(m, issue)
            contacts.first_contact(m, s, now, issue)
            issue += 1
        elif t.counts(s).events > 0:
            now, order, kind, subject, version = containers.pop_event(s)
            handle_event(m, s, now, order, kind, subject, version)
        else:
            return True
        if t.counts(s).unserved_done < t.counts(s).unserved:
            leave_all_unserved(m, s, now)
    return True


@compiled
def rows_are_to_be_read(s: StateTables) -> bool:
    """Return whether as many legs are over, or states written, as are read together."""
    counts = t.counts(s)
    most = counts.most_finished
    return counts.finished >= most or counts.states >= most


@entry_point
def simulate(m: ModelTables, s: StateTables, empty: EmptyState) -> bool:
    """Simulate one replication whose rows are read at the end.

    Parameters
    ----------
    m : ModelTables
        The model and the tape.
    s : StateTables
        Filled here.
    empty : EmptyState
        What empties it first.

    Returns
    -------
    bool
        No table was too small.
    """
    clear(empty, t.issues(m))
    advance(m, s)
    return t.counts(s).is_full == 0
