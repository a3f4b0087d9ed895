"""A single line before a single crew of equals: one step a contact instead of several events.

First come, first served by agents who are all alike: the next in line is met by whoever is free
first, so the instants at which agents come free are all there is to keep (Kiefer and Wolfowitz
1955; with patience: Baccelli and Hebuterne 1981). The contacts fare as in the event loop, equal
to the bit, and so do the agents taken together; which agent met whom is not told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.engine.kernel.jit import compiled, entrance
from sim.log import Outcome
from sim.model import AtClose, Floats, Ints

if TYPE_CHECKING:
    from sim.model import Group, Model, Queue
    from sim.tape import Tape

_ANSWERED, _ABANDONED = int(Outcome.ANSWERED), int(Outcome.ABANDONED)
_SENT_AWAY, _WAITING = int(Outcome.SENT_AWAY), int(Outcome.WAITING)
_SERVE, _SEND_AWAY = int(AtClose.SERVE), int(AtClose.SEND_AWAY)


class Fates(NamedTuple):
    """How each contact of a tape fared, and when the crew was there.

    Attributes
    ----------
    outcome : ndarray of int64, shape (issues,)
    leave, talk_end, end : ndarray, shape (issues,)
        Instants (s) as in :class:`sim.log.Legs`; only ``leave`` holds for the unserved.
    agents : int
    come, go : float
        When all agents come and go (s).
    """

    outcome: Ints
    leave: Floats
    talk_end: Floats
    end: Floats
    agents: int
    come: float
    go: float


@dataclass(frozen=True)
class PlainLine:
    """A model with one plain line; see :func:`plain_line`.

    Attributes
    ----------
    at_close : int
    opens, closes : float
        Instants (s).
    speed : float
        Work per second.
    interval_s : float
    """

    at_close: int
    opens: float
    closes: float
    speed: float
    interval_s: float

    def live(self, tape: Tape) -> Fates | None:
        """Live one replication; None where this tape is not that plain."""
        agents, come, go = _block(tape.headcount(0), self.interval_s)
        born = tape.born
        if not agents or come > self.opens or go < self.closes:
            return None
        if born.size and not (born[0] >= self.opens and born[-1] < self.closes):
            return None
        outcome = np.empty(born.size, np.int64)
        leave, talk_end, end = np.empty((3, born.size))
        free = np.full(agents, come)
        take_turns(
            born, tape.talk, tape.hold, tape.wrap, tape.patience, free, self.speed, self.closes,
            self.at_close, outcome, leave, talk_end, end,
        )  # fmt: skip
        return Fates(outcome, leave, talk_end, end, agents, come, go)


def plain_line(model: Model) -> PlainLine | None:
    """Return how to live a model step by step, None where it has more to it than one line.

    Plain is one queue with one stretch of opening hours and nothing but patience and closing
    time to end a wait, and one group, staffed by headcount, that takes one contact at a time.
    """
    if len(model.queues) != 1 or len(model.groups) != 1:
        return None
    queue, group = model.queues[0], model.groups[0]
    if not (_is_plain_queue(queue) and _is_plain_group(group)):
        return None
    if queue.shares_lines and np.isfinite(model.lines):
        return None
    opens, closes = queue.hours[0].tolist()
    speed = float(group.skills[0].speed[0])
    return PlainLine(int(queue.at_close), opens, closes, speed, model.interval_s)


def _is_plain_queue(queue: Queue) -> bool:
    more = (queue.bot, queue.retry, queue.repeat, queue.callback)
    bounds = (queue.lines, queue.limit, queue.longest_wait)
    return (
        not queue.deferred
        and all(one is None for one in more)
        and all(np.isinf(bound) for bound in bounds)
        and not queue.transfers
        and queue.balk == 0
        and np.isnan(queue.resolved)
        and queue.demand.backlog == 0
        and len(queue.hours) == 1
    )


def _is_plain_group(group: Group) -> bool:
    if group.headcount is None or group.wrap_when_idle or len(group.skills) != 1:
        return False
    [skill] = group.skills
    return skill.after == 0 and skill.reserve == 0 and skill.at_once == 1


def _block(headcount: Ints, interval_s: float) -> tuple[int, float, float]:
    """Return how many agents come, when and until when; nobody where that is not all."""
    there = np.flatnonzero(headcount)
    if there.size == 0:
        return 0, 0.0, 0.0
    first, last = int(there[0]), int(there[-1]) + 1
    agents = int(headcount[first])
    if (headcount[first:last] != agents).any():
        return 0, 0.0, 0.0
    return agents, first * interval_s, last * interval_s


@entrance
def take_turns(
    born: Floats, talk: Floats, hold: Floats, wrap: Floats, patience: Floats, free: Floats,
    speed: float, closes: float, at_close: int, outcome: Ints, leave: Floats, talk_end: Floats,
    end: Floats,
) -> None:  # fmt: skip
    """Let one contact after the other meet whoever is free first.

    Parameters
    ----------
    born, talk, hold, wrap, patience : ndarray, shape (issues,)
        As in :class:`sim.tape.Tape`.
    free : ndarray, shape (agents,)
        Instants (s) at which the agents are free, as a heap.
    speed, closes : float
    at_close : int
    outcome, leave, talk_end, end : ndarray, shape (issues,)
        Filled here.
    """
    for k in range(len(born)):
        gives_up = born[k] + patience[k]
        turn = max(free[0], born[k])
        closed = turn > closes and at_close != _SERVE
        if turn > born[k] and (turn > gives_up or closed):
            leave[k] = gives_up
            outcome[k] = _ABANDONED
            if gives_up > closes and at_close != _SERVE:
                leave[k] = closes
                outcome[k] = _SENT_AWAY if at_close == _SEND_AWAY else _WAITING
            continue
        outcome[k] = _ANSWERED
        leave[k] = turn
        talk_end[k] = turn + (talk[k] + hold[k]) / speed
        end[k] = talk_end[k] + wrap[k] / speed if wrap[k] > 0 else talk_end[k]
        _replace_first(free, end[k])


@compiled
def _replace_first(heap: Floats, value: float) -> None:
    """Put a value in the place of the smallest of a heap."""
    k, size = 0, len(heap)
    while True:
        child = 2 * k + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[k] = heap[child]
        k = child
    heap[k] = value
