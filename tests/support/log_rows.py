"""Rows of a log, and the lines and hands rebuilt from them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from sim.log import Kind, Log, Outcome
from sim.model import AtClose, Group, Skill

SLACK = 1e-6
Span = tuple[float, float]


class Row(NamedTuple):
    """One leg."""

    issue: int
    leg: int
    contact: int
    kind: int
    queue: int
    group: int
    agent: int
    enter: float
    leave: float
    talk_end: float
    end: float
    talk_s: float
    hold_s: float
    wrap_s: float
    work: float
    done: float
    wrap_work: float
    stints: int
    outcome: int
    then: int
    resolved: int
    context: int
    announced: float


def rows(log: Log) -> list[Row]:
    """Return the legs as records."""
    columns = [column.tolist() for column in log.legs.columns().values()]
    return [Row(*row) for row in zip(*columns, strict=True)]


def was_put_aside(leg: Row) -> bool:
    """Whether some of a leg's handling time is hidden, because it was interrupted."""
    return leg.stints > 1 or leg.outcome == Outcome.IN_HAND


def wait_of(log: Log, leg: Row) -> Span:
    """Return the first period in which a leg waited, empty if it did not."""
    if leg.kind == Kind.SELF_SERVICE:
        return leg.enter, leg.enter
    if leg.outcome != Outcome.WAITING:
        return leg.enter, leg.leave
    queue = log.model.queues[leg.queue]
    if queue.deferred or queue.at_close != AtClose.CARRY_OVER:
        return leg.enter, math.inf
    return leg.enter, max(leg.enter, float(queue.hours[-1, 1]))


def waits(log: Log, legs: list[Row]) -> list[tuple[float, float, Row]]:
    """Return start and end of each leg's first wait, if it waited at all."""
    found = []
    for k, leg in enumerate(legs):
        start, end = wait_of(log, leg)
        before = legs[k - 1] if leg.leg else None
        if end > start and not _never_joined(log, leg, before):
            found.append((start, end, leg))
    return found


def _never_joined(log: Log, leg: Row, before: Row | None) -> bool:
    """Whether a callback was promised for a time when the queue does not open any more."""
    if leg.kind != Kind.CALLBACK or leg.outcome != Outcome.WAITING or before is None:
        return False
    callback = log.model.queues[leg.queue].callback
    assert callback is not None
    over = before.end if before.outcome == Outcome.NO_ANSWER else before.leave
    by_time = before.outcome == Outcome.NO_ANSWER or not callback.keeps_place
    return by_time and leg.enter == over


def skill_of(group: Group, queue: int) -> Skill:
    """Return a group's skill for a queue."""
    return next(skill for skill in group.skills if skill.queue == queue)


def alone(group: Group) -> bool:
    """Whether the agents of a group handle one contact at a time."""
    return not group.mixes and all(skill.at_once == 1 for skill in group.skills)


def agents_of(log: Log) -> Iterator[tuple[int, Group]]:
    """Yield every agent with its group."""
    number = 0
    for group in log.model.groups:
        for _ in range(group.agents):
            yield number, group
            number += 1


def state_rows(log: Log, agent: int) -> list[tuple[int, int, float, float]]:
    """Return state, load, start and end of an agent's rows."""
    s = log.states
    mine = s.agent == agent
    columns = (s.state[mine], s.load[mine], s.start[mine], s.end[mine])
    return list(zip(*(column.tolist() for column in columns), strict=True))
