"""What must be true of the log of any model, looked at instant by instant.

Independent of the engine's own lists and of the invariants that the package checks: here the
lines and the hands are rebuilt from the legs alone. Each check yields a sentence for what it
finds wrong. Legs that were interrupted have hidden stretches; checks leave them out where
that matters.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sim.log import Kind, Log, Outcome, State
from sim.model import AtClose, Group, Skill
from sim.tape import record

SLACK = 1e-6
Span = tuple[float, float]
EXEMPT = (Kind.TRANSFER, Kind.CALLBACK, Kind.BACKLOG)


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


def rows(log: Log) -> list[Row]:
    """Return the legs as records."""
    columns = [column.tolist() for column in log.legs.columns().values()]
    return [Row(*row) for row in zip(*columns, strict=True)]


def unsound(log: Log) -> list[str]:
    """Return what is wrong with a log, at most five sentences of each check."""
    found: list[str] = []
    legs = rows(log)
    for check in CHECKS:
        for number, sentence in enumerate(check(log, legs)):
            if number == 5:
                break
            found.append(f"{check.__name__}: {sentence}")
    return found


def was_put_aside(leg: Row) -> bool:
    """Whether some of a leg's time in hand is hidden, because it was interrupted."""
    return leg.stints > 1 or leg.outcome == Outcome.IN_HAND


def wait_of(log: Log, leg: Row) -> Span:
    """Return the first stretch in which a leg stood in line, empty when it did not."""
    if leg.kind == Kind.SELF_SERVICE:
        return leg.enter, leg.enter
    if leg.outcome != Outcome.WAITING:
        return leg.enter, leg.leave
    queue = log.model.queues[leg.queue]
    if queue.deferred or queue.at_close != AtClose.CARRY_OVER:
        return leg.enter, math.inf
    return leg.enter, max(leg.enter, float(queue.hours[-1, 1]))


def waits(log: Log, legs: list[Row]) -> list[tuple[float, float, Row]]:
    """Return start and end of each leg's first stretch in line, if it stood there at all."""
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


def order_within_issues(log: Log, legs: list[Row]) -> Iterator[str]:
    """The legs of an issue follow each other: nobody is in two places at once."""
    for a, b in pairwise(legs):
        if a.issue != b.issue:
            continue
        over = a.talk_end if a.talk_end == a.talk_end else a.leave
        if not b.enter >= over:
            yield f"issue {a.issue}: leg {b.leg} begins at {b.enter}, leg {a.leg} ends at {over}"
        if b.kind == Kind.TRANSFER and b.enter != a.talk_end:
            yield f"issue {a.issue}: transfer at {b.enter}, talk ended at {a.talk_end}"


def patience_is_kept(log: Log, legs: list[Row]) -> Iterator[str]:
    """Nobody waits beyond patience or the longest wait, nobody leaves before."""
    tape = record(log.model, log.seed, log.replication)
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
        if wait > patience + SLACK:
            yield f"issue {leg.issue}: waited {wait} with a patience of {patience}"
        if leg.outcome == Outcome.ABANDONED and abs(wait - patience) > SLACK:
            yield f"issue {leg.issue}: abandoned after {wait}, patience {patience}"


def work_is_conserved(log: Log, legs: list[Row]) -> Iterator[str]:
    """Whoever was answered got all the work, at the speed of the group."""
    for leg in legs:
        if leg.outcome != Outcome.ANSWERED:
            continue
        queue, group = log.model.queues[leg.queue], log.model.groups[leg.group]
        extra = leg.done - leg.work
        if extra < -SLACK or (extra > SLACK and not (queue.start_over and leg.stints > 1)):
            yield f"issue {leg.issue}: {leg.done} done of {leg.work}"
        skill = skill_of(group, leg.queue)
        if alone(group) and leg.stints == 1:
            speed = float(skill.speed[0])
            if abs((leg.talk_end - leg.leave) * speed - leg.work) > SLACK:
                yield f"issue {leg.issue}: {leg.work} of work from {leg.leave} to {leg.talk_end}"
            if abs(leg.wrap_s * speed - leg.wrap_work) > SLACK:
                yield f"issue {leg.issue}: {leg.wrap_work} of wrap in {leg.wrap_s} s"
        fixed = [s.speed for g in log.model.groups for s in g.skills if s.queue == leg.queue]
        held = leg.end - leg.talk_end - leg.wrap_s if alone(group) else 0.0
        plain = all(np.all(speed == 1) for speed in fixed) and not group.wrap_when_idle
        if plain and alone(group) and abs(leg.talk_s + leg.hold_s - held - leg.done) > SLACK:
            yield f"issue {leg.issue}: {leg.done} done in {leg.talk_s} + {leg.hold_s} - {held} s"


def skill_of(group: Group, queue: int) -> Skill:
    """Return a group's skill for a queue."""
    return next(skill for skill in group.skills if skill.queue == queue)


def alone(group: Group) -> bool:
    """Whether the agents of a group have one contact in hand at a time."""
    return not group.mixes and all(skill.at_once == 1 for skill in group.skills)


def hands_agree(log: Log, legs: list[Row]) -> Iterator[str]:
    """What agents are said to do is what the legs in their hands say."""
    for agent, group in agents_of(log):
        mine = [leg for leg in legs if leg.agent == agent]
        if {leg.queue for leg in legs if was_put_aside(leg)} & {s.queue for s in group.skills}:
            continue
        told = [row for row in state_rows(log, agent) if row[1] > 0]
        if alone(group):
            expected = [piece for leg in mine for piece in pieces(log, leg)]
            was = merged([(start, end, state) for state, _, start, end in told])
            if merged(expected) != was:
                yield f"agent {agent}: {merged(expected)} but {was}"
        elif not group.wrap_when_idle:
            spans = [(leg.leave, leg.end) for leg in mine]
            for _, load, start, end in state_rows(log, agent):
                held = sum(max(0.0, min(b, end) - max(a, start)) for a, b in spans)
                if abs(held - load * (end - start)) > SLACK:
                    yield f"agent {agent}: {held} s in hand {start}-{end}, told {load} at once"


def pieces(log: Log, leg: Row) -> list[tuple[float, float, int]]:
    """Return what one contact alone makes an agent do: (start, end, state)."""
    deferred = log.model.queues[leg.queue].deferred
    if leg.outcome == Outcome.NO_ANSWER:
        return [(leg.leave, leg.end, State.DIALLING)]
    begin_wrap = leg.end - leg.wrap_s
    held_until = leg.leave + leg.talk_s + leg.hold_s
    return [
        (leg.leave, leg.talk_end, State.WORKING if deferred else State.TALKING),
        (leg.talk_end, held_until, State.HELD),
        (begin_wrap, leg.end, State.WORKING if deferred else State.WRAPPING),
    ]


def merged(spans: list[tuple[float, float, int]]) -> list[tuple[float, float, int]]:
    """Return spans in order, joined where they touch and say the same."""
    result: list[tuple[float, float, int]] = []
    for start, end, state in sorted(spans):
        start, end = round(start, 4), round(end, 4)
        if end - start <= 1e-3:
            continue
        if result and result[-1][2] == state and abs(result[-1][1] - start) <= 1e-3:
            result[-1] = (result[-1][0], end, state)
        else:
            result.append((start, end, state))
    return result


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


def hands_have_room(log: Log, legs: list[Row]) -> Iterator[str]:
    """No agent has more in hand than allowed, nor what does not mix."""
    for agent, group in agents_of(log):
        mine = [g for g in legs if g.agent == agent and g.stints == 1 and g.end == g.end]
        if group.wrap_when_idle:
            mine = [leg._replace(end=leg.talk_end) for leg in mine]
        mine.sort(key=lambda leg: leg.leave)
        for k, leg in enumerate(mine):
            others = [o for o in mine[:k] if o.end > leg.leave]
            used = sum(1 / skill_of(group, o.queue).at_once for o in [*others, leg])
            if used > 1 + 1e-9 and leg.end > leg.leave:
                yield f"agent {agent}: {len(others) + 1} in hand at {leg.leave}"
            channels = {log.model.queues[o.queue].channel for o in [*others, leg]}
            for a in channels:
                for b in channels - {a}:
                    if (a, b) not in group.mixes and leg.end > leg.leave:
                        yield f"agent {agent}: {a} with {b} at {leg.leave}"


def nobody_waits_beside_the_idle(log: Log, legs: list[Row]) -> Iterator[str]:
    """While somebody waits no agent who may take the contact is idle."""
    idle = [_idle_of(log, number) for number in range(len(log.model.groups))]
    for start, end, leg in waits(log, legs):
        for number, group in enumerate(log.model.groups):
            for skill in group.skills:
                if skill.queue != leg.queue:
                    continue
                when = _more_than(idle[number], skill.reserve, start + skill.after, end)
                if when is not None:
                    yield f"issue {leg.issue} waits {start}-{end}, group {number} idle at {when}"


def _idle_of(log: Log, number: int) -> tuple[list[float], list[int]]:
    """Return instants and the number of idle agents of a group from each on."""
    s = log.states
    mine = (s.group == number) & (s.state == State.AVAILABLE)
    instants, where = np.unique(np.concatenate([s.start[mine], s.end[mine]]), return_inverse=True)
    steps = np.zeros(instants.size, np.int64)
    count = int(mine.sum())
    np.add.at(steps, where[:count], 1)
    np.add.at(steps, where[count:], -1)
    return instants.tolist(), np.cumsum(steps).tolist()


def _more_than(
    idle: tuple[list[float], list[int]], reserve: int, start: float, end: float
) -> float | None:
    """Return an instant within a stretch at which more than ``reserve`` agents are idle."""
    instants, counts = idle
    first = max(0, bisect_left(instants, start) - 1)
    for k in range(first, len(instants) - 1):
        begin, until = max(instants[k], start), min(instants[k + 1], end)
        if begin >= end:
            return None
        if counts[k] > reserve and until - begin > SLACK:
            return begin
    return None


def lines_are_fair(log: Log, legs: list[Row]) -> Iterator[str]:
    """Within one queue nobody who came later is answered while an earlier one still waits."""
    standing = waits(log, legs)
    for number in range(len(log.model.queues)):
        here = [leg for leg in legs if leg.queue == number and leg.kind != Kind.SELF_SERVICE]
        line = [each for each in standing if each[2].queue == number]
        answered = [leg for leg in here if leg.stints and leg.kind != Kind.CALLBACK]
        for leg in answered:
            for enter, until, other in line:
                if enter < leg.enter and until > leg.leave + SLACK:
                    yield f"issue {leg.issue} passes {other.issue} at {leg.leave}"


def agents_choose_right(log: Log, legs: list[Row]) -> Iterator[str]:
    """An agent takes the queue that comes first for the group, then by priority and wait."""
    standing = waits(log, legs)
    for leg in legs:
        group = log.model.groups[leg.group]
        if leg.stints != 1 or leg.leave <= leg.enter or leg.kind == Kind.CALLBACK:
            continue
        if group.interrupts or not alone(group):
            continue
        for enter, until, other in standing:
            if other.queue == leg.queue or not enter < leg.leave < until - SLACK:
                continue
            skill = next((s for s in group.skills if s.queue == other.queue), None)
            if skill is None or skill.reserve or enter + skill.after >= leg.leave - SLACK:
                continue
            if _key(log, group, other, leg.leave) < _key(log, group, leg, leg.leave):
                yield f"issue {leg.issue} taken at {leg.leave} before {other.issue}"


def _key(log: Log, group: Group, leg: Row, now: float) -> tuple[float, ...]:
    queue, skill = log.model.queues[leg.queue], skill_of(group, leg.queue)
    urgency = round(queue.weight * (now - leg.enter), 6)
    return (skill.take, queue.deferred, -queue.priority, -urgency)


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
    """Whether a leg may have stood in line at an instant, be it for no time at all."""
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


def staff_is_there(log: Log, legs: list[Row]) -> Iterator[str]:
    """No agent is lost: as many are there as the headcount says, or as the shifts say."""
    tape = record(log.model, log.seed, log.replication)
    first = 0
    for number, group in enumerate(log.model.groups):
        there = (log.presences.agent >= first) & (log.presences.agent < first + group.agents)
        starts, ends = log.presences.start[there], log.presences.end[there]
        if group.headcount is not None:
            for interval, count in enumerate(tape.headcount(number).tolist()):
                begin = interval * log.model.interval_s
                middle = begin + log.model.interval_s * 0.5
                present = int(((starts <= middle) & (ends > middle)).sum())
                if present < count:
                    yield f"group {number}: {present} of {count} there at {middle}"
        else:
            planned = sorted(
                (first + s.agent, s.start)
                for s in group.shifts
                if tape.present[number][s.day, s.agent]
            )
            came = sorted(zip(log.presences.agent[there].tolist(), starts.tolist(), strict=True))
            if planned != came:
                yield f"group {number}: came {came}, planned {planned}"
        first += group.agents


def states_tile_presences(log: Log, legs: list[Row]) -> Iterator[str]:
    """The states of each agent run without gap from the login to the logout."""
    for agent, _ in agents_of(log):
        mine = log.presences.agent == agent
        spans = zip(
            log.presences.start[mine].tolist(), log.presences.end[mine].tolist(), strict=True
        )
        expected = [span for span in spans if span[1] > span[0]]
        joined: list[Span] = []
        for _, _, start, end in state_rows(log, agent):
            if joined and joined[-1][1] == start:
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        touching: list[Span] = []
        for start, end in expected:
            if touching and touching[-1][1] == start:
                touching[-1] = (touching[-1][0], end)
            else:
                touching.append((start, end))
        if joined != touching:
            yield f"agent {agent}: states over {joined}, there over {touching}"


def breaks_keep_their_length(log: Log, legs: list[Row]) -> Iterator[str]:
    """Every break of a shift is taken in full, unless the shift ends before."""
    tape = record(log.model, log.seed, log.replication)
    first = 0
    for number, group in enumerate(log.model.groups):
        for shift in group.shifts:
            if not tape.present[number][shift.day, shift.agent]:
                continue
            told = state_rows(log, first + shift.agent)
            taken = sum(
                e - s for state, _, s, e in told
                if state == State.ON_BREAK and shift.start <= s < shift.end
            )  # fmt: skip
            planned = sum(length for _, length in shift.breaks.tolist())
            if taken > planned + SLACK:
                yield f"agent {first + shift.agent}: {taken} of {planned} s of break"
            late = any(e > shift.end - SLACK and s < shift.end for st, _, s, e in told if st)
            if taken < planned - SLACK and not late:
                yield f"agent {first + shift.agent}: only {taken} of {planned} s of break"
        first += group.agents


CHECKS = (
    order_within_issues,
    patience_is_kept,
    work_is_conserved,
    hands_agree,
    hands_have_room,
    nobody_waits_beside_the_idle,
    lines_are_fair,
    agents_choose_right,
    lines_are_bounded,
    staff_is_there,
    states_tile_presences,
    breaks_keep_their_length,
)
