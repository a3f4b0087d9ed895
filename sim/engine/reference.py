"""The reference engine: one replication in SimPy.

To be read from the top:

- :mod:`sim.engine.contacts`: a contact from its arrival to the end of wrap;
  :mod:`sim.engine.recontacts`: why a customer makes another one;
- :mod:`sim.engine.outbound`: calls before the first contact;
- :mod:`sim.engine.agents`, :mod:`sim.engine.opening_hours`: who is there, and when;
- :mod:`sim.engine.waiting`: who may wait, and what ends a wait;
- :mod:`sim.engine.dispatch`: contacts are answered and finished, as
  :mod:`sim.engine.routing_policy` decides, and :mod:`sim.engine.service`: how fast;
- :mod:`sim.engine.entities` and :mod:`sim.engine.state`: what there is.

Decisions are made at the instant of the event that calls for them; processes wait in between.
No random number is drawn (the tape holds them all) and nothing is counted (the metrics read the
log).
"""

from __future__ import annotations

from simpy.events import ProcessGenerator

from sim.engine import containers
from sim.engine.agents import headcount, shift
from sim.engine.contacts import first_contact
from sim.engine.entities import Customer
from sim.engine.opening_hours import opening_hours
from sim.engine.outbound import outbound_calls, spares_contact
from sim.engine.recontacts import is_unstable
from sim.engine.rules import Rank, leg_order
from sim.engine.state import CenterState, initial_state
from sim.log import Log, Outcome
from sim.tape import Prevention, Tape


def simulate(tape: Tape) -> Log:
    """Simulate one replication, until nothing is left to happen, and return its log."""
    state = initial_state(tape)
    start_processes(state)
    state.env.run()
    record_unfinished(state)
    return state.recorder.log(tape, is_unstable(state))


def start_processes(state: CenterState) -> None:
    """Start the processes that make the rest happen: arrivals, opening hours and staffing."""
    env = state.env
    env.process(arrivals(state))
    for number, kind in enumerate(state.model.journeys.kinds if state.model.journeys else ()):
        if kind.outbound is not None:
            env.process(outbound_calls(state, number, kind.outbound))
    for queue_state in state.queues:
        if not queue_state.queue.deferred:
            env.process(opening_hours(state, queue_state))
    for group_state in state.groups:
        if group_state.group.headcount is not None:
            env.process(headcount(state, group_state))
        for plan in group_state.group.shifts:
            if state.tape.present[group_state.number][plan.day, plan.agent]:
                env.process(shift(state, group_state.agents[plan.agent], plan))


def arrivals(state: CenterState) -> ProcessGenerator:
    """Let each issue of the tape that is not settled beforehand lead to its first contact."""
    tape = state.tape
    columns = (tape.born.tolist(), tape.queue.tolist(), tape.backlog.tolist())
    for issue, (instant, queue, backlog) in enumerate(zip(*columns, strict=True)):
        if not len(tape.prevention) or tape.prevention[issue] <= Prevention.REACHED:
            yield state.env.timeout_at(instant, Rank.ARRIVAL, leg_order(issue, 0))
            if not spares_contact(state, issue):
                first_contact(state, state.called.get(issue, Customer(issue)), queue, backlog)


def record_unfinished(state: CenterState) -> None:
    """Record those who still wait when nothing is left to happen."""
    for queue_state in state.queues:
        for leg in containers.all_waiting(queue_state):
            begun = leg.service.starts > 0
            open_ = Outcome.IN_HAND if begun else Outcome.WAITING
            state.recorder.record_leg(leg, Outcome.SILENT if leg.is_silent else open_)
