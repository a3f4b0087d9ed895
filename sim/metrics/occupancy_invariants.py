"""What must be true of lines and hands, rebuilt from the legs alone, instant by instant."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.log import Kind, Outcome, Then

if TYPE_CHECKING:
    from sim.log import Legs, Log
    from sim.model import Model

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SLACK_S = 1e-6
"""Sums of instants round; more than this (s) is not rounding."""

_GOES_ON = (Then.TRANSFER, Then.CALLBACK, Then.PEOPLE)


def report(wrong: Bools, table: str, what: str) -> Iterator[str]:
    """Yield a sentence when some rows are wrong, with the first of them."""
    if wrong.any():
        first = int(np.argmax(wrong))
        yield f"{table}: {what} ({int(wrong.sum())} rows, first is row {first})"


def one_place_at_a_time(log: Log) -> Iterator[str]:
    """The legs of an issue follow each other: one queue or one agent at a time."""
    legs = log.legs
    same = legs.issue[1:] == legs.issue[:-1]
    unanswered = (legs.kind == Kind.OUTBOUND) & (legs.outcome == Outcome.NO_ANSWER)
    gone = np.isnan(legs.talk_end) | (legs.outcome == Outcome.SILENT) | unanswered
    over = np.where(gone, legs.leave, legs.talk_end)[:-1]
    wrong = same & ~(legs.enter[1:] >= over)
    yield from report(wrong, "legs", "is not over when the next leg of the issue begins")
    passed = same & (legs.kind[1:] == Kind.TRANSFER) & (legs.enter[1:] != over)
    yield from report(passed, "legs", "is passed on at another instant than its talk ends")


def one_end_of_each_contact(log: Log) -> Iterator[str]:
    """Of the legs of a contact all but the last lead on to the next, and the last ends it."""
    legs = log.legs
    if not len(legs):
        return
    same = (legs.issue[1:] == legs.issue[:-1]) & (legs.contact[1:] == legs.contact[:-1])
    leads = np.isin(legs.then, _GOES_ON)
    followed = np.append(same, False) & (legs.kind != Kind.OUTBOUND)  # these lead to none
    yield from report(followed & ~leads, "legs", "ends a contact that goes on")
    yield from report(leads & ~followed, "legs", "leads on, but is the last leg of its contact")


def work_stays(log: Log) -> Iterator[str]:
    """More than its work is done on a leg only when interrupted work starts over."""
    legs = log.legs
    over = np.array([queue.start_over for queue in log.model.queues], dtype=np.bool_)
    more = (legs.outcome == Outcome.ANSWERED) & (legs.done > legs.work + SLACK_S)
    restarted = over[legs.queue] & (legs.stints > 1)
    yield from report(more & ~restarted, "legs", "more was done than there was work")


def little_formula(log: Log) -> Iterator[str]:
    """The number waiting, integrated over time, is the sum of the waits, in each line.

    Little (1961), over a period that begins and ends with an empty queue, where it is exact.
    Those who still wait when the clock stops are left out.
    """
    legs = log.legs
    stood = (legs.kind != Kind.SELF_SERVICE) & (legs.outcome != Outcome.WAITING)
    for number, queue in enumerate(log.model.queues):
        mine = stood & (legs.queue == number)
        enter, leave = np.sort(legs.enter[mine]), np.sort(legs.leave[mine])
        instants = np.union1d(enter, leave)[:-1]
        length = np.diff(np.union1d(enter, leave))
        waiting = np.searchsorted(enter, instants, "right") - np.searchsorted(
            leave, instants, "right"
        )
        waits = float((legs.leave[mine] - legs.enter[mine]).sum())
        stands = float((waiting * length).sum())
        if (waiting < 0).any() or not abs(stands - waits) <= SLACK_S * (1 + abs(waits)):
            yield (
                f"legs: {stands:.3f} s of waiting in queue {queue.name}, "
                f"its waits are {waits:.3f} s (Little's law)"
            )


def hands_agree(log: Log) -> Iterator[str]:
    """The active contacts of agents agree with the legs, at every instant.

    Left out are agents who may have put work aside, or put wrap off: their legs do not say
    when they handled them.
    """
    legs, states = log.legs, log.states
    timed = _plain_group(log)
    mine = (legs.agent >= 0) & timed[legs.group] & ~np.isnan(legs.end)
    row = timed[states.group]
    agent = np.concatenate([legs.agent[mine]] * 2 + [states.agent[row]] * 2)
    begin_s, end_s = _taken_up(legs)[mine], legs.end[mine]
    instant = np.concatenate([begin_s, end_s, states.start[row], states.end[row]])
    one, load = np.ones(int(mine.sum())), states.load[row].astype(np.float64)
    steps = np.concatenate([one, -one, -load, load])
    begin, length, differs = _running(agent, instant, steps[:, None])
    wrong = (np.abs(differs[:, 0]) > 0.5) & (length > SLACK_S)
    if wrong.any():
        first = int(np.argmax(wrong))
        yield (
            f"states: agent {agent[begin[first]]} has {differs[first, 0]:+.0f} active legs "
            f"against the load in the log at {instant[begin[first]]:.3f} s "
            f"({int(wrong.sum())} instants)"
        )


def concurrency_is_allowed(log: Log) -> Iterator[str]:
    """No agent has more active contacts than the group allows, nor channels that do not mix.

    A contact of which an agent may handle ``n`` at once takes an n-th of the agent. Legs taken up
    several times are left out, as the log does not say when they were put aside.
    """
    legs, model = log.legs, log.model
    late = np.array([g.wrap_when_idle for g in model.groups], dtype=np.bool_)
    end = np.where(late[legs.group], legs.talk_end, legs.end)
    mine = (legs.agent >= 0) & (legs.stints == 1) & ~np.isnan(end)
    agent = np.concatenate([legs.agent[mine]] * 2)
    group = np.concatenate([legs.group[mine]] * 2)
    instant = np.concatenate([_taken_up(legs)[mine], end[mine]])
    takes = _takes(model)[legs.group[mine], legs.queue[mine]]
    number = {name: k for k, name in enumerate(model.channels)}
    channel = np.array([number[q.channel] for q in model.queues], dtype=np.int64)
    by_channel = takes[:, None] * (
        channel[legs.queue[mine]][:, None] == np.arange(len(model.channels))
    )
    begin, length, shares = _running(agent, instant, np.concatenate([by_channel, -by_channel]))
    lasts, who = length > SLACK_S, group[begin]
    wrong = lasts & (shares.sum(axis=1) > 1 + SLACK_S)
    yield from _report_agents("more active contacts than allowed", agent, instant, begin[wrong])
    for a, b in combinations(range(len(model.channels)), 2):
        pair = (model.channels[a], model.channels[b])
        mixes = np.array([pair in g.mixes for g in model.groups], dtype=np.bool_)
        wrong = lasts & ~mixes[who] & (shares[:, a] > SLACK_S) & (shares[:, b] > SLACK_S)
        what = f"{pair[0]} together with {pair[1]} at once"
        yield from _report_agents(what, agent, instant, begin[wrong])


def _taken_up(legs: Legs) -> Floats:
    """Return when agents took up legs: as the wait ended, but for those found empty later."""
    return np.where(legs.outcome == Outcome.SILENT, legs.talk_end - legs.talk_s, legs.leave)


def _report_agents(what: str, agent: Ints, instant: Floats, wrong: Ints) -> Iterator[str]:
    if wrong.size:
        first = int(wrong[0])
        yield (
            f"legs: agent {agent[first]} has {what} at {instant[first]:.3f} s "
            f"({wrong.size} instants)"
        )


def _plain_group(log: Log) -> Bools:
    """Mark the groups of whose legs the log says when an agent handled them, shape (groups,)."""
    legs = log.legs
    aside = (legs.stints > 1) | (legs.outcome == Outcome.IN_HAND)
    hidden = set(legs.queue[aside].tolist())
    return np.array(
        [
            not group.wrap_when_idle and not hidden & {skill.queue for skill in group.skills}
            for group in log.model.groups
        ],
        dtype=np.bool_,
    )


def _takes(model: Model) -> Floats:
    """Return which part of an agent a contact takes, shape (groups, queues); infinite: none may."""
    takes = np.full((len(model.groups), len(model.queues)), 2.0)  # more than a whole agent
    for k, group in enumerate(model.groups):
        for skill in group.skills:
            takes[k, skill.queue] = 1 / skill.at_once
    return takes


def _running(agent: Ints, instant: Floats, steps: Floats) -> tuple[Ints, Floats, Floats]:
    """Add steps up over the time of each agent.

    Parameters
    ----------
    agent : ndarray, shape (events,)
    instant : ndarray, shape (events,)
    steps : ndarray, shape (events, columns)

    Returns
    -------
    begin : ndarray of int64, shape (periods,)
        The event with which a period begins.
    length : ndarray, shape (periods,)
        Seconds until the next event of the agent; 0 after the last.
    total : ndarray, shape (periods, columns)
        The steps of the agent until then. Steps of each agent add up to zero.
    """
    order = np.lexsort((instant, agent))
    total = np.cumsum(steps[order], axis=0)
    same = agent[order][1:] == agent[order][:-1]
    length = np.append(np.where(same, np.diff(instant[order]), 0.0), 0.0)[: order.size]
    return order, length, total
