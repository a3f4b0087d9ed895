"""What must be true of every log, whatever the scenario: the invariants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.log import Kind, Outcome, State, Then
from sim.metrics.occupancy_invariants import (
    SLACK_S,
    concurrency_is_allowed,
    hands_agree,
    little_formula,
    one_end_of_each_contact,
    one_place_at_a_time,
    report,
    work_stays,
)
from sim.model.opening_hours import next_closing

if TYPE_CHECKING:
    from sim.log import Legs, Log

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_INSIDE = (Outcome.CONTAINED, Outcome.LEFT_INSIDE, Outcome.HANDED_OVER, Outcome.IN_SESSION)
_AT_ONCE = {Then.TRANSFER: Kind.TRANSFER, Then.CALLBACK: Kind.CALLBACK}
_FROM_OUTSIDE = {Then.RETRY: Kind.RETRY, Then.REPEAT: Kind.REPEAT, Then.BOUNCE: Kind.BOUNCE}


def violations(log: Log) -> list[str]:
    """Return what is wrong with a log.

    Parameters
    ----------
    log : Log

    Returns
    -------
    list of str
        One sentence for each broken invariant with the first row that breaks it; empty for a
        sound log. Checked: rows in canonical order; every issue has legs, numbered without a
        gap; instants in order; outcomes that fit the kind of leg and the agent; every
        follow-up exists; no work lost, none done twice but what starts over; agent states
        tile each presence; the time of agents adds up to the time of contacts; legs of an
        issue do not overlap; every contact has one end; Little's law in each line; what
        agents handle agrees with the legs, and is no more than is allowed.
    """
    found: list[str] = []
    for look in _LOOKS:
        found += look(log)
    return found


def _numbering(log: Log) -> Iterator[str]:
    legs = log.legs
    if not len(legs):
        return
    new = np.concatenate([[True], legs.issue[1:] != legs.issue[:-1]])
    step = np.concatenate([[0], np.diff(legs.leg)])
    yield from report(np.diff(legs.issue) < 0, "legs", "issues are not in order")
    yield from report(new & (legs.leg != 0), "legs", "the first leg of an issue is not number 0")
    yield from report(~new & (step != 1), "legs", "legs of an issue are not numbered in steps of 1")
    jump = np.concatenate([[0], np.diff(legs.contact)])
    wrong = ~new & ((jump < 0) | (jump > 1))
    yield from report(wrong, "legs", "contacts of an issue are not numbered in steps of 1")
    missing = np.bincount(legs.issue, minlength=len(log.issues)) == 0
    arrives = log.issues.arrives
    yield from report(missing & arrives, "issues", "an issue has no leg")
    yield from report(~missing & ~arrives, "issues", "an issue settled beforehand has a leg")
    contacts = np.flatnonzero(legs.kind != Kind.OUTBOUND)[::-1]
    first = np.full(len(log.issues), -1)
    first[legs.issue[contacts]] = contacts
    late = legs.enter[first[first >= 0]] < log.issues.born[first >= 0] - SLACK_S
    yield from report(late, "issues", "the first leg begins before the issue is born")


def _instants(log: Log) -> Iterator[str]:
    legs = log.legs
    yield from report(legs.leave < legs.enter, "legs", "leaves before it enters")
    yield from report(legs.talk_end < legs.leave, "legs", "talk ends before it begins")
    yield from report(legs.end < legs.talk_end, "legs", "the agent is done before the talk ends")
    for name in ("talk_s", "hold_s", "wrap_s", "work", "done", "wrap_work"):
        yield from report(getattr(legs, name) < -SLACK_S, "legs", f"{name} is negative")
    waiting = legs.outcome == Outcome.WAITING
    yield from report(~waiting & np.isnan(legs.leave), "legs", "has no end of its wait")
    answered = legs.outcome == Outcome.ANSWERED
    yield from report(answered & np.isnan(legs.end), "legs", "is answered, but has no end")


def _outcomes(log: Log) -> Iterator[str]:
    legs = log.legs
    inside = np.isin(legs.outcome, _INSIDE)
    in_bot = legs.kind == Kind.SELF_SERVICE
    yield from report(inside != in_bot, "legs", "outcome does not fit self-service")
    missed = legs.outcome == Outcome.NO_ANSWER
    wrong = missed & ~np.isin(legs.kind, (Kind.CALLBACK, Kind.OUTBOUND))
    yield from report(wrong, "legs", "without an answer, but not a call by an agent")
    helped = np.isin(legs.outcome, (Outcome.ANSWERED, Outcome.NO_ANSWER))
    yield from report(helped & (legs.agent < 0), "legs", "is answered by no agent")
    silent = legs.outcome == Outcome.SILENT
    wrong = silent & np.isin(legs.kind, (Kind.CALLBACK, Kind.SELF_SERVICE))
    yield from report(wrong, "legs", "left silently, but waited in no queue")
    can_be = np.array([queue.silent is not None for queue in log.model.queues], dtype=np.bool_)
    yield from report(silent & ~can_be[legs.queue], "legs", "left silently where all say so")
    wrong = silent & ((legs.work > 0) | (legs.wrap_s > 0) | (legs.resolved >= 0))
    yield from report(wrong, "legs", "left silently, but was served")
    unseen = silent & (legs.agent < 0) & ~np.isnan(legs.talk_end)
    yield from report(unseen, "legs", "was found empty, but by no agent")
    left = np.isin(legs.outcome, (Outcome.ABANDONED, Outcome.BALKED, Outcome.BUSY, Outcome.FULL))
    yield from report(left & (legs.agent >= 0), "legs", "was not answered, but has an agent")
    at_once = np.isin(legs.outcome, (Outcome.BALKED, Outcome.BUSY, Outcome.FULL))
    yield from report(at_once & (legs.leave > legs.enter), "legs", "was refused, but waited")
    answered = legs.outcome == Outcome.ANSWERED
    lost = answered & (legs.done < legs.work - SLACK_S)
    yield from report(lost, "legs", "work was lost")


def _outbound(log: Log) -> Iterator[str]:
    """Outbound calls come before the contact, within their hours, and settle it or not."""
    legs, born = log.legs, log.issues.born[log.legs.issue]
    outbound = legs.kind == Kind.OUTBOUND
    wrong = outbound != (legs.contact < 0)
    yield from report(wrong, "legs", "belongs to no contact, unlike others")
    ends = (Outcome.ANSWERED, Outcome.NO_ANSWER, Outcome.WITHDRAWN)
    wrong = outbound & ~np.isin(legs.outcome, ends)
    yield from report(wrong, "legs", "an outbound call has the end of a contact")
    wrong = ~outbound & (legs.outcome == Outcome.WITHDRAWN)
    yield from report(wrong, "legs", "is withdrawn as only an outbound call can be")
    late = outbound & ((legs.enter >= born) | (legs.leave > born))
    yield from report(late, "legs", "an outbound call begins when the customer has made contact")
    closed = outbound & ~_is_open(log, legs.enter, legs.leave)
    yield from report(closed, "legs", "an outbound call waits or begins outside its hours")
    if log.model.journeys is None:
        return
    answered = outbound & (legs.outcome == Outcome.ANSWERED)
    yield from report(answered & (legs.resolved < 0), "legs", "a call neither settles nor fails")
    calls = np.bincount(legs.issue[answered], minlength=len(log.issues))
    yield from report(calls > 1, "issues", "customers are reached more than once")
    settled = np.bincount(legs.issue[answered & (legs.resolved == 1)], minlength=len(log.issues))
    has_contact = np.zeros(len(log.issues), dtype=np.bool_)
    has_contact[legs.issue[~outbound]] = True
    wrong = log.issues.arrives & (has_contact == (settled > 0))
    yield from report(wrong, "issues", "is settled by a call and makes a contact, or neither")
    made = np.bincount(legs.issue[outbound & (legs.agent >= 0)], minlength=len(log.issues))
    kinds = log.model.journeys.kinds
    most = np.array([*(0 if k.outbound is None else k.outbound.attempts for k in kinds), 0])
    yield from report(made > most[log.issues.issue_kind], "issues", "there are too many calls")


def _is_open(log: Log, enter: Floats, leave: Floats) -> Bools:
    """Return whether the queue of each leg is open from one instant to another."""
    found = np.zeros(enter.size, dtype=np.bool_)
    for number, queue in enumerate(log.model.queues):
        if not len(queue.hours):
            continue
        mine = log.legs.queue == number
        period = np.searchsorted(queue.hours[:, 0], enter[mine], "right") - 1
        closes = np.array([next_closing(queue.hours, at) for at in enter[mine].tolist()])
        found[mine] = (period >= 0) & (leave[mine] <= closes)
        found[mine] &= enter[mine] < queue.hours[period, 1]
    return found


def _follow_ups(log: Log) -> Iterator[str]:
    """Every follow-up that was promised exists, and none came about by itself."""
    legs, size = log.legs, len(log.issues)
    for then, kind in _AT_ONCE.items():
        promised = np.bincount(legs.issue[legs.then == then], minlength=size)
        came = np.bincount(legs.issue[legs.kind == kind], minlength=size)
        yield from report(promised != came, "issues", f"{kind.name.lower()} legs do not match")
    contacts = np.zeros(size, dtype=np.int64)
    np.maximum.at(contacts, legs.issue, legs.contact)
    returning = np.isin(legs.then, tuple(_FROM_OUTSIDE))
    promised = np.bincount(legs.issue[returning], minlength=size)
    yield from report(promised != contacts, "issues", "further contacts do not match")
    first = _first_of_contact(legs)
    for then, kind in _FROM_OUTSIDE.items():
        promised = np.bincount(legs.issue[legs.then == then], minlength=size)
        # Of a contact that ends in self-service the log does not keep the kind.
        came = np.bincount(legs.issue[first & (legs.kind == kind)], minlength=size)
        yield from report(came > promised, "issues", f"a {kind.name.lower()} came by itself")


def _first_of_contact(legs: Legs) -> Bools:
    """Mark the first leg of each contact that is not a session of self-service."""
    people = np.flatnonzero(legs.kind != Kind.SELF_SERVICE)
    issue, contact = legs.issue[people], legs.contact[people]
    new = np.ones(people.size, dtype=np.bool_)
    new[1:] = (issue[1:] != issue[:-1]) | (contact[1:] != contact[:-1])
    first = np.zeros(len(legs), dtype=np.bool_)
    first[people[new]] = True
    return first


def _tiling(log: Log) -> Iterator[str]:
    """The states of an agent follow each other without a gap through every presence."""
    states, there = log.states, log.presences
    yield from report(states.end <= states.start, "states", "has no length")
    if len(states):
        same = states.agent[1:] == states.agent[:-1]
        overlap = same & (states.start[1:] < states.end[:-1])
        yield from report(overlap, "states", "overlaps the next")
    stated = _merged_spans(states.agent, states.start, states.end)
    meant = _merged_spans(there.agent, there.start, there.end)
    if stated.shape != meant.shape or not np.array_equal(stated, meant):
        odd = set(map(tuple, stated.tolist())) ^ set(map(tuple, meant.tolist()))
        agent, start, end = min(odd)
        yield (
            f"presences: states do not tile the presence of agent {agent:.0f} "
            f"between {start:.3f} and {end:.3f} s"
        )


def _merged_spans(agent: Ints, start: Floats, end: Floats) -> Floats:
    """Join rows that follow each other at once: agent, start and end, shape (n, 3)."""
    some = end > start
    agent, start, end = agent[some], start[some], end[some]
    if not agent.size:
        return np.empty((0, 3))
    begins = np.ones(agent.size, dtype=np.bool_)
    begins[1:] = (agent[1:] != agent[:-1]) | (start[1:] != end[:-1])
    last = np.append(begins[1:], True)
    return np.column_stack([agent[begins].astype(np.float64), start[begins], end[last]])


def _same_time(log: Log) -> Iterator[str]:
    """Active contacts times time, of agents, is the handling time of contacts."""
    legs, states = log.legs, log.states
    free = np.isin(states.state, (State.AVAILABLE, State.ON_BREAK, State.NOT_READY))
    yield from report(free != (states.load == 0), "states", "does not agree with active contacts")
    length = states.end - states.start
    active = float((states.load * length).sum())
    handled = float((legs.talk_s + legs.hold_s + legs.wrap_s).sum())
    open_ = np.isin(legs.outcome, (Outcome.IN_HAND,)).any()
    if not open_ and abs(active - handled) > SLACK_S * (1 + active):
        yield f"states: active contacts take {active:.3f} s, legs were handled {handled:.3f} s"


_LOOKS: tuple[Callable[[Log], Iterator[str]], ...] = (
    _numbering,
    _instants,
    _outcomes,
    _outbound,
    _follow_ups,
    _tiling,
    _same_time,
    one_place_at_a_time,
    one_end_of_each_contact,
    work_stays,
    little_formula,
    hands_agree,
    concurrency_is_allowed,
)
