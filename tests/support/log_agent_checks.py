"""Checks of a log from the agents' side: active contacts, whom they take, when they are there."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from sim.engine.rules import MAX_TRANSFERS
from sim.log import Kind, Log, Outcome, State
from sim.model import Group
from sim.tape import Purpose, draw_tape
from tests.support.log_rows import (
    SLACK,
    Row,
    Span,
    agents_of,
    alone,
    skill_of,
    state_rows,
    waits,
    was_put_aside,
)


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


def hands_have_room(log: Log, legs: list[Row]) -> Iterator[str]:
    """No agent has more active contacts than allowed, nor what does not mix."""
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


def no_contact_waits_for_an_idle_agent(log: Log, legs: list[Row]) -> Iterator[str]:
    """While a contact waits no agent who may take the contact is idle."""
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
    """Return an instant within a period at which more than ``reserve`` agents are idle."""
    instants, counts = idle
    first = max(0, bisect_left(instants, start) - 1)
    for k in range(first, len(instants) - 1):
        begin, until = max(instants[k], start), min(instants[k + 1], end)
        if begin >= end:
            return None
        if counts[k] > reserve and until - begin > SLACK:
            return begin
    return None


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
    urgency = round(queue.weight * (now - leg.enter + queue.head_start), 6)
    return (skill.take, queue.deferred, -queue.priority, -urgency)


def staff_is_there(log: Log, legs: list[Row]) -> Iterator[str]:
    """No agent is lost: as many are there as the headcount says, or as the shifts say."""
    tape = draw_tape(log.model, log.seed, log.replication)
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
            planned = {
                (first + s.agent, s.start)
                for s in group.shifts
                if tape.present[number][s.day, s.agent]
            }
            agents = log.presences.agent[there].tolist()
            spans = list(zip(agents, starts.tolist(), ends.tolist(), strict=True))
            if not {span[:2] for span in spans} <= planned:
                yield f"group {number}: there {spans}, planned {sorted(planned)}"
            for agent, start in planned:  # perhaps still there from the shift before
                if not any(a == agent and s <= start < e for a, s, e in spans):
                    yield f"group {number}: agent {agent} not there at {start}"
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
    tape = draw_tape(log.model, log.seed, log.replication)
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


def gaps_follow_contacts(log: Log, legs: list[Row]) -> Iterator[str]:
    """Who is not ready has just finished a contact, and for as long as the tape says or less."""
    tape = draw_tape(log.model, log.seed, log.replication)
    for agent, group in agents_of(log):
        gap = group.gap_of(agent - first_agent(log, group))
        if gap is None or group.quiet is not None:
            continue
        ended: dict[float, list[float]] = {}
        for leg in legs:
            if leg.agent == agent and leg.end == leg.end:
                attempts = range(32) if leg.kind == Kind.CALLBACK else (0,)
                ended.setdefault(leg.end, []).extend(
                    tape.draw(gap, leg.issue, leg.contact, transfers, Purpose.GAP + attempt)
                    for transfers in range(MAX_TRANSFERS + 1)
                    for attempt in attempts
                )
        due = absences_due(log, agent, group)
        for state, _, start, until in state_rows(log, agent):
            if state != State.NOT_READY:
                continue
            # Contacts without any work may stand between gaps.
            cuts = [start, *sorted(instant for instant in ended if start < instant < until), until]
            for begin, end in pairwise(cuts):
                drawn = ended.get(begin, [])
                if not any(abs(begin + length - end) <= SLACK for length in drawn) and not (
                    drawn and any(abs(end - instant) <= SLACK for instant in due)
                ):
                    yield f"agent {agent}: not ready {begin}-{end}, but {drawn}"


def breaks_begin_when_quiet(log: Log, legs: list[Row]) -> Iterator[str]:
    """No agent begins a break that waits for a quiet moment while a contact waits for the agent."""
    standing = waits(log, legs)
    for agent, group in agents_of(log):
        begins = [
            start for state, _, start, _ in state_rows(log, agent) if state == State.NOT_READY
        ]
        gap = group.gap_of(agent - first_agent(log, group))
        if begins and gap is None and group.quiet is None:
            yield f"agent {agent}: not ready at {begins}"
        if gap is not None or group.quiet is None:
            continue
        mine = {skill.queue for skill in group.skills if not (skill.after or skill.reserve)}
        for begin in begins:
            for start, end, leg in standing:
                if leg.queue in mine and start < begin - SLACK and begin + SLACK < end:
                    yield f"agent {agent}: a break at {begin} while issue {leg.issue} waits"


def first_agent(log: Log, group: Group) -> int:
    """Return the number of the first agent of a group."""
    names = [one.name for one in log.model.groups]
    return sum(one.agents for one in log.model.groups[: names.index(group.name)])


def absences_due(log: Log, agent: int, group: Group) -> list[float]:
    """Return the instants at which breaks of an agent begin, and the presence may have to end."""
    breaks = [start for state, _, start, _ in state_rows(log, agent) if state == State.ON_BREAK]
    if group.headcount is None:
        return breaks + [shift.end for shift in group.shifts]
    return [k * log.model.interval_s for k in range(log.model.intervals + 1)]
