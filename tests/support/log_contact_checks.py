"""Checks of a log from the contacts' side: order, patience, work, lines."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from sim.log import Kind, Log, Outcome
from sim.tape import Tape, draw_tape
from tests.support.log_rows import SLACK, Row, alone, skill_of, wait_of, waits, was_put_aside

EXEMPT = (Kind.TRANSFER, Kind.CALLBACK, Kind.BACKLOG)


def order_within_issues(log: Log, legs: list[Row]) -> Iterator[str]:
    """The legs of an issue follow each other: no customer is in two places at once."""
    for a, b in pairwise(legs):
        if a.issue != b.issue:
            continue
        over = a.talk_end if a.talk_end == a.talk_end else a.leave
        if not b.enter >= over:
            yield f"issue {a.issue}: leg {b.leg} begins at {b.enter}, leg {a.leg} ends at {over}"
        if b.kind == Kind.TRANSFER and b.enter != a.talk_end:
            yield f"issue {a.issue}: transfer at {b.enter}, talk ended at {a.talk_end}"


def patience_is_kept(log: Log, legs: list[Row]) -> Iterator[str]:
    """No wait exceeds patience or the longest wait, and none ends before."""
    tape = draw_tape(log.model, log.seed, log.replication)
    for leg in legs:
        if leg.kind == Kind.CALLBACK or leg.stints > 1 or leg.outcome == Outcome.WAITING:
            continue
        wait, queue = leg.leave - leg.enter, log.model.queues[leg.queue]
        if leg.kind != Kind.SELF_SERVICE and wait > queue.longest_wait + SLACK:
            yield f"issue {leg.issue}: waited {wait}, the longest wait is {queue.longest_wait}"
        if leg.outcome == Outcome.MESSAGE and abs(wait - queue.longest_wait) > SLACK:
            yield f"issue {leg.issue}: message after {wait}"
        if leg.kind not in (Kind.INBOUND, Kind.BACKLOG):
            continue
        patience = float(tape.patience[leg.issue])
        if log.model.journeys is not None:
            patience *= log.model.journeys.segment(tape.segment[leg.issue]).patience
        if wait > patience + SLACK:
            yield f"issue {leg.issue}: waited {wait} with a patience of {patience}"
        if leg.outcome == Outcome.ABANDONED and abs(wait - patience) > SLACK:
            yield f"issue {leg.issue}: abandoned after {wait}, patience {patience}"


def speed_of_agent(log: Log, leg: Row, tape: Tape) -> float:
    """The factor of the agent of a leg on the speed of its group."""
    before = sum(group.agents for group in log.model.groups[: leg.group])
    drawn = tape.agent_speed[leg.group]
    place = int(leg.agent - before)
    own = log.model.groups[leg.group].factors_of(place)[0]
    return own if drawn is None else own * float(drawn[place])


def work_is_conserved(log: Log, legs: list[Row]) -> Iterator[str]:
    """Whoever was answered got all the work, at the speed of the group."""
    tape = draw_tape(log.model, log.seed, log.replication)
    for leg in legs:
        if leg.outcome != Outcome.ANSWERED:
            continue
        queue, group = log.model.queues[leg.queue], log.model.groups[leg.group]
        extra = leg.done - leg.work
        if extra < -SLACK or (extra > SLACK and not (queue.start_over and leg.stints > 1)):
            yield f"issue {leg.issue}: {leg.done} done of {leg.work}"
        skill = skill_of(group, leg.queue)
        if alone(group) and leg.stints == 1:
            speed = float(skill.speed[0]) * speed_of_agent(log, leg, tape)
            if abs((leg.talk_end - leg.leave) * speed - leg.work) > SLACK:
                yield f"issue {leg.issue}: {leg.work} of work from {leg.leave} to {leg.talk_end}"
            if abs(leg.wrap_s * speed - leg.wrap_work) > SLACK:
                yield f"issue {leg.issue}: {leg.wrap_work} of wrap in {leg.wrap_s} s"
        fixed = [s.speed for g in log.model.groups for s in g.skills if s.queue == leg.queue]
        held = leg.end - leg.talk_end - leg.wrap_s if alone(group) else 0.0
        plain = all((speed == 1).all() for speed in fixed) and not group.wrap_when_idle
        plain &= group.agent_factors is None and group.speed_spread == 0
        if plain and alone(group) and abs(leg.talk_s + leg.hold_s - held - leg.done) > SLACK:
            yield f"issue {leg.issue}: {leg.done} done in {leg.talk_s} + {leg.hold_s} - {held} s"


def lines_are_fair(log: Log, legs: list[Row]) -> Iterator[str]:
    """Within one queue no later contact is answered while an earlier one still waits."""
    standing = waits(log, legs)
    for number in range(len(log.model.queues)):
        here = [leg for leg in legs if leg.queue == number and leg.kind != Kind.SELF_SERVICE]
        line = [each for each in standing if each[2].queue == number]
        answered = [leg for leg in here if leg.stints and leg.kind != Kind.CALLBACK]
        for leg in answered:
            for enter, until, other in line:
                if enter < leg.enter and until > leg.leave + SLACK:
                    yield f"issue {leg.issue} passes {other.issue} at {leg.leave}"


def lines_are_bounded(log: Log, legs: list[Row]) -> Iterator[str]:
    """Lines and places to wait are never exceeded, and refusals only come when they are full."""
    standing = waits(log, legs)
    for number, queue in enumerate(log.model.queues):
        here = [leg for leg in legs if leg.queue == number and leg.kind != Kind.SELF_SERVICE]
        line = [each for each in standing if each[2].queue == number]
        if not math.isinf(queue.limit):
            for enter, _, leg in line:
                if leg.kind in EXEMPT:
                    continue
                before = sum(a < enter < b for a, b, _ in line)
                if before >= queue.limit:
                    yield f"issue {leg.issue} stands in line behind {before}"
        for leg in here:
            if leg.outcome == Outcome.FULL:
                others = sum(_is_by(log, other, leg.enter) for other in here)
                if others < queue.limit:
                    yield f"issue {leg.issue} meets a full queue of {others}"
        yield from _trunks(log, legs, {number}, queue.lines)
    common = {n for n, queue in enumerate(log.model.queues) if queue.shares_lines}
    yield from _trunks(log, legs, common, log.model.lines)


def _is_by(log: Log, leg: Row, instant: float) -> bool:
    """Whether a leg may have waited at an instant, even for no time at all."""
    refused = leg.outcome in (Outcome.FULL, Outcome.BALKED, Outcome.BUSY)
    start, end = wait_of(log, leg)
    return was_put_aside(leg) or (not refused and start <= instant <= end)


def _trunks(log: Log, legs: list[Row], queues: set[int], bound: float) -> Iterator[str]:
    if math.isinf(bound):
        return
    inside = [leg for leg in legs if leg.queue in queues and leg.kind not in EXEMPT]
    spans = []
    for leg in inside:
        end = leg.talk_end if leg.talk_end == leg.talk_end else wait_of(log, leg)[1]
        spans.append((leg.enter, end))
    for start, end in spans:
        if end > start and sum(a < start < b for a, b in spans) >= bound:
            yield f"more than {bound} lines of queues {sorted(queues)} in use at {start}"
