"""A single queue and a single group of equal agents: one step a contact instead of several events.

First come, first served by identical agents: the next contact is answered by the agent who
becomes free first, so the instants at which agents become free are the whole state (Kiefer and
Wolfowitz 1955; with patience: Baccelli and Hebuterne 1981). Contacts have the same times as in the
event loop, equal to the bit, and so have all agents together; which agent answered which contact is
not known.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.engine.kernel.jit import compiled, entry_point
from sim.log import Outcome
from sim.model import AtClose, Floats, Ints

if TYPE_CHECKING:
    from sim.model import Group, Model, Queue
    from sim.tape import Tape

_ANSWERED, _ABANDONED = int(Outcome.ANSWERED), int(Outcome.ABANDONED)
_SENT_AWAY, _WAITING = int(Outcome.SENT_AWAY), int(Outcome.WAITING)
_SERVE, _SEND_AWAY = int(AtClose.SERVE), int(AtClose.SEND_AWAY)
QUEUE_FIELDS = frozenset((
    "name", "channel", "deferred", "demand", "hours", "at_close", "talk", "hold", "wrap",
    "patience", "shares_lines", "priority", "weight", "head_start", "threshold", "target",
    "variant", "short", "due", "start_over", "rule",
))  # fmt: skip
GROUP_FIELDS = frozenset((
    "name", "skills", "scheduled", "headcount", "shifts", "agents", "absent", "wage",
    "overtime_wage", "hands_back", "mixes", "interrupts", "absent_by_day",
))  # fmt: skip
SKILL_FIELDS = frozenset((
    "queue", "level", "take", "after", "speed", "at_once", "reserve", "resolves",
))  # fmt: skip
"""Fields of the model that are taken into account here or change nothing for a single queue."""


class ContactTimes(NamedTuple):
    """Outcome and instants of each contact of a tape, and when the agents were on duty.

    Attributes
    ----------
    outcome : ndarray of int64, shape (issues,)
    leave, talk_end, end : ndarray, shape (issues,)
        Instants (s) as in :class:`sim.log.Legs`; only ``leave`` holds for the unserved.
    agents : int
    start, end_of_duty : float
        When all agents log in and out (s).
    """

    outcome: Ints
    leave: Floats
    talk_end: Floats
    end: Floats
    agents: int
    start: float
    end_of_duty: float


@dataclass(frozen=True)
class SingleQueue:
    """A model of one queue without anything special; see :func:`as_single_queue`.

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

    def simulate(self, tape: Tape) -> ContactTimes | None:
        """Simulate one replication; None where it takes the event loop."""
        agents, start, end_of_duty = _constant_headcount(tape.headcount(0), self.interval_s)
        born = tape.born
        if not agents or start > self.opens or end_of_duty < self.closes:
            return None
        if born.size and not (born[0] >= self.opens and born[-1] < self.closes):
            return None
        outcome = np.empty(born.size, np.int64)
        leave, talk_end, end = np.empty((3, born.size))
        free = np.full(agents + 1, start)
        free[agents] = np.inf
        serve_in_turn(
            born, tape.talk, tape.hold, tape.wrap, tape.patience, free, self.speed, self.closes,
            self.at_close, outcome, leave, talk_end, end,
        )  # fmt: skip
        return ContactTimes(outcome, leave, talk_end, end, agents, start, end_of_duty)


def as_single_queue(model: Model) -> SingleQueue | None:
    """Return how to simulate a model contact by contact, None where it takes the event loop.

    That needs one queue that opens once and where nothing but patience and closing time ends a
    wait, and one group, staffed by headcount, that takes one contact at a time.
    """
    if len(model.queues) != 1 or len(model.groups) != 1 or model.journeys is not None:
        return None
    queue, group = model.queues[0], model.groups[0]
    if not (_is_simple_queue(queue) and _is_simple_group(group)):
        return None
    if queue.shares_lines and np.isfinite(model.lines):
        return None
    opens, closes = queue.hours[0].tolist()
    speed = float(group.skills[0].speed[0])
    return SingleQueue(int(queue.at_close), opens, closes, speed, model.interval_s)


def _is_simple_queue(queue: Queue) -> bool:
    return (
        not queue.deferred
        and queue.demand.backlog == 0
        and len(queue.hours) == 1
        and _has_defaults_beyond(queue, QUEUE_FIELDS)
    )


def _is_simple_group(group: Group) -> bool:
    if group.headcount is None or len(group.skills) != 1:
        return False
    [skill] = group.skills
    alone = skill.after == 0 and skill.reserve == 0 and skill.at_once == 1
    return (
        alone
        and _has_defaults_beyond(group, GROUP_FIELDS)
        and _has_defaults_beyond(skill, SKILL_FIELDS)
    )


def _has_defaults_beyond(record: Any, known: frozenset[str]) -> bool:
    """Return whether every field that is not among the known ones has its default.

    A field that is added to the model is not known here, so a scenario that sets it is simulated
    event by event until its name is added.
    """
    others = (field for field in fields(record) if field.name not in known)
    return all(_same(getattr(record, field.name), field.default) for field in others)


def _same(value: Any, default: Any) -> bool:
    return value is default or value == default or (value != value and default != default)


def _constant_headcount(headcount: Ints, interval_s: float) -> tuple[int, float, float]:
    """Return how many agents there are, from and until when; zero where the number changes."""
    staffed = np.flatnonzero(headcount)
    if staffed.size == 0:
        return 0, 0.0, 0.0
    first, last = int(staffed[0]), int(staffed[-1]) + 1
    agents = int(headcount[first])
    if (headcount[first:last] != agents).any():
        return 0, 0.0, 0.0
    return agents, first * interval_s, last * interval_s


@entry_point
def serve_in_turn(
    born: Floats, talk: Floats, hold: Floats, wrap: Floats, patience: Floats, free: Floats,
    speed: float, closes: float, at_close: int, outcome: Ints, leave: Floats, talk_end: Floats,
    end: Floats,
) -> None:  # fmt: skip
    """Let one contact after the other be answered by the agent who becomes free first.

    Parameters
    ----------
    born, talk, hold, wrap, patience : ndarray, shape (issues,)
        As in :class:`sim.tape.Tape`.
    free : ndarray, shape (agents + 1,)
        Instants (s) at which the agents become free, as a heap; the last one is infinite.
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
    """Put a value in the place of the smallest of a heap, behind which an infinite one stands.

    Which of two children is smaller cannot be predicted, so that it is computed without a branch.
    """
    k, child, size = 0, 1, len(heap) - 1
    while child < size:
        child += heap[child + 1] < heap[child]
        if heap[child] >= value:
            break
        heap[k] = heap[child]
        k, child = child, 2 * child + 1
    heap[k] = value
