"""The entities of the model: customers and their legs, queues, agents and groups.

Plain records and what one asks of them. A leg is one contact of a customer at one queue.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from sim.engine.rules import conditions_at, leg_order
from sim.log import Kind, State, Then
from sim.model import AtClose, Conditions, Floats, Group, Queue, Shift, Skill

if TYPE_CHECKING:
    import simpy

    from sim.engine.ranked_events import Timer

_FULL_CAPACITY = 1 + 1e-9


class Phase(Enum):
    """Where a leg is between waiting and its end."""

    WAITING = auto()
    TALK = auto()
    DIAL = auto()  # a callback or an outbound call that the customer does not answer
    CALL = auto()  # an outbound call that the customer answers; nothing interrupts it
    WARM_TRANSFER = auto()  # the agent stays on until the next one answers
    WRAP_DEFERRED = auto()  # the wrap is done when nothing waits
    WRAP = auto()


# -- customers and their legs --------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Customer:
    """A customer with one issue, and how many contacts it has led to so far."""

    issue: int
    legs: int = 0
    contact: int = 0
    retries: int = 0
    repeats: int = 0
    returned_from_bot: bool = False
    waiting_call: Leg | None = None  # an outbound call that waits for an agent
    in_call: bool = False  # talks to an agent who has called
    settled_by_call: bool = False


@dataclass(slots=True, eq=False)
class Work:
    """The work that a leg brings (s at full speed), and its patience (s)."""

    base: tuple[float, float, float] = (0.0, 0.0, 0.0)  # talk, hold, wrap before any change
    talk: float = 0.0
    hold: float = 0.0
    wrap: float = 0.0
    patience: float = math.inf


@dataclass(slots=True, eq=False)
class Times:
    """What happened when (instants, s), and how long (durations, s); see :class:`sim.log.Legs`."""

    enter: float = 0.0
    leave: float = math.nan
    talk_end: float = math.nan
    talk_s: float = 0.0
    hold_s: float = 0.0
    wrap_s: float = 0.0


@dataclass(slots=True, eq=False)
class Wait:
    """A leg's wait in its queue."""

    place: float = 0.0  # the instant (s) by which the queue is ordered
    waiting: bool = False
    entry: int = 0  # tells the present entry in the queue from an earlier one
    over: simpy.Event | None = None  # its value is the outcome of the wait
    overflow_set: bool = False
    announced: float = math.nan  # wait (s) that the customer has heard


@dataclass(slots=True, eq=False)
class Service:
    """What an agent does for a leg, as of now."""

    agent: Agent | None = None
    skill: Skill | None = None
    phase: Phase = Phase.WAITING
    starts: int = 0  # how often an agent took it up; more than once after interruptions
    remaining: float = 0.0  # work of the phase (s at full speed), as of ``since``
    since: float = 0.0
    speed: float = 1.0
    started: float = 0.0  # instant (s) at which the phase began
    completion: Timer | None = None  # the work of the phase is done
    wrap_started: simpy.Event | None = None  # if it was deferred
    lost_work: float = 0.0  # done, and lost when the work started over


@dataclass(slots=True, eq=False)
class WarmTransfer:
    """The two legs of a warm transfer know each other until the second is answered or over."""

    first: Leg | None = None  # the leg whose agent stays on for this one
    second: Leg | None = None  # the leg for which the agent of this one stays on
    over: simpy.Event | None = None


@dataclass(slots=True, eq=False)
class LegResult:
    """What a leg led to; see :class:`sim.log.Legs`."""

    resolved: int = -1
    then: Then = Then.NOTHING


@dataclass(slots=True, eq=False)
class Leg:
    """One contact of a customer at one queue, or one session with the bot in front of it."""

    customer: Customer
    kind: Kind
    queue_state: QueueState
    queue: Queue
    transfers: int  # within the contact, so far
    number: int
    contact: int
    order: int  # among simultaneous events
    attempt: int = 0  # to call back
    has_trunk: bool = False
    context: int = -1  # of the leg before: 1 carried, 0 lost, -1 not applicable
    is_internal: bool = False  # comes from self-service, not from outside
    is_silent: bool = False  # the customer has left the queue, and the center does not know
    leaves_in_talk: bool = False  # the customer leaves during the talk
    process: simpy.Process | None = None
    work: Work = field(default_factory=Work)
    times: Times = field(default_factory=Times)
    wait: Wait = field(default_factory=Wait)
    service: Service = field(default_factory=Service)
    warm_transfer: WarmTransfer = field(default_factory=WarmTransfer)
    result: LegResult = field(default_factory=LegResult)


def new_leg(customer: Customer, kind: Kind, queue_state: QueueState, transfers: int) -> Leg:
    """Return the next leg of a customer."""
    number = customer.legs
    customer.legs += 1
    return Leg(
        customer, kind, queue_state, queue_state.queue, transfers, number, customer.contact,
        leg_order(customer.issue, number),
    )  # fmt: skip


def lasting_patience(leg: Leg) -> float:
    """Return how long (s) a customer waits at most, knowing the announced wait."""
    if leg.queue.announce is None or math.isnan(leg.wait.announced):
        return leg.work.patience
    return leg.work.patience * leg.queue.announce.patience


# -- queues --------------------------------------------------------------------------------------


class QueueState:
    """A queue at run time: who waits, and how many trunks its contacts occupy."""

    __slots__ = (
        "condition_starts", "entries", "hours", "number", "period", "queue", "reserves_released",
        "trunks_in_use", "waiting",
    )  # fmt: skip

    def __init__(self, number: int, queue: Queue) -> None:
        self.number, self.queue = number, queue
        self.hours: list[list[float]] = queue.hours.tolist()
        self.condition_starts = [each.start for each in queue.conditions]
        self.period = 0  # which of the opening hours is the present or the next one
        self.entries: list[tuple[float, int, int, Leg]] = []  # a heap; see containers
        self.waiting = 0
        self.trunks_in_use = 0
        self.reserves_released = False  # at closing: no agent is held in reserve any more


def conditions(queue_state: QueueState, instant: float) -> Conditions | None:
    """Return what holds of contacts that reach a queue at an instant (s), if that changes."""
    if not queue_state.condition_starts:
        return None
    return queue_state.queue.conditions[conditions_at(queue_state.condition_starts, instant)]


def is_open(queue_state: QueueState, now: float) -> bool:
    """Return whether a queue is open at an instant (s)."""
    if not queue_state.hours:
        return False
    opens, closes = queue_state.hours[queue_state.period]
    return opens <= now < closes


def is_closed_for_good(queue_state: QueueState, now: float) -> bool:
    """Return whether a queue does not open again after an instant (s)."""
    return not queue_state.hours or now >= queue_state.hours[-1][1]


def serves_remaining(queue_state: QueueState, now: float) -> bool:
    """Return whether a queue is closed, but those who still wait are to be served."""
    return (
        queue_state.waiting > 0
        and queue_state.queue.at_close == AtClose.SERVE
        and not queue_state.queue.deferred
        and not is_open(queue_state, now)
    )


# -- agents and groups ---------------------------------------------------------------------------


class Agent:
    """An agent: presence, active contacts, and what the log last said of it."""

    __slots__ = (
        "active", "break_at", "break_due", "break_started", "busy", "busy_since",
        "deferred_wraps", "draws", "gap", "group", "group_state", "has_worked", "idle", "load",
        "logged_in", "logging_out", "number", "on_duty", "overtime", "pause", "place", "present",
        "quiet_since", "resolves", "shift", "since", "speed", "state", "state_since",
    )  # fmt: skip

    def __init__(self, number: int, group_state: GroupState, place: int, speed: float) -> None:
        self.number, self.group_state, self.group = number, group_state, group_state.group
        self.speed, self.resolves = group_state.group.factors_of(place)
        self.speed *= speed
        self.gap = group_state.group.gap_of(place)
        self.present = False  # from logging in to logging out
        self.on_duty = False  # present, and neither on a break nor in a pause
        self.shift: Shift | None = None  # the one being worked
        self.break_due = self.logging_out = self.overtime = False
        self.break_started: simpy.Event | None = None
        self.pause: simpy.Event | None = None  # not ready until then
        self.has_worked = False  # since the last break that waited for a quiet moment
        self.quiet_since = -1.0  # ``since`` when it was last found that nothing waits
        self.break_at = 0.0  # instant (s) of the next such break, if still idle
        self.draws = 0
        self.place = place  # within the group
        self.active: list[Leg] = []
        self.deferred_wraps: list[Leg] = []
        self.idle = False
        self.since = 0.0  # instant (s) since which it has been as idle as now
        self.busy = self.busy_since = 0.0
        self.logged_in = self.state_since = 0.0
        self.state, self.load = State.AVAILABLE, 0


class GroupState:
    """A group at run time: who is idle, and who could take one more contact."""

    __slots__ = (
        "agents", "concurrent", "group", "idle", "idle_entries", "number", "present",
        "shares_capacity", "skills", "speeds", "taking",
    )  # fmt: skip

    def __init__(
        self, number: int, group: Group, first_agent: int, drawn: Floats | None = None
    ) -> None:
        self.number, self.group = number, group
        speeds = [1.0] * group.agents if drawn is None else drawn.tolist()
        self.agents = [Agent(first_agent + k, self, k, speeds[k]) for k in range(group.agents)]
        self.skills = {skill.queue: skill for skill in group.skills}
        self.speeds: dict[int, list[float]] = {s.queue: s.speed.tolist() for s in group.skills}
        self.concurrent = bool(group.mixes) or any(s.at_once > 1 for s in group.skills)
        self.shares_capacity = self.concurrent or bool(group.interrupts)
        self.idle_entries: list[tuple[float, int, Agent]] = []  # a heap; see containers
        self.idle = 0
        self.present = 0
        self.taking: dict[int, Agent] = {}  # with active contacts, and may take another


def absence_due(agent: Agent) -> bool:
    """Return whether a break or the end of the shift is due."""
    return agent.break_due or agent.logging_out


def only_deferred_work(agent: Agent) -> bool:
    """Return whether an agent has deferred work active, and nothing else."""
    return bool(agent.active) and all(leg.queue.deferred for leg in agent.active)


def has_capacity(agent: Agent, skill: Skill, channel: str) -> bool:
    """Return whether an agent may take one more contact of a channel."""
    if not agent.active:
        return True
    used = 1.0 / skill.at_once
    for leg in agent.active:
        other = leg.queue.channel
        if other != channel and (other, channel) not in agent.group.mixes:
            return False
        assert leg.service.skill is not None
        used += 1.0 / leg.service.skill.at_once
    return used <= _FULL_CAPACITY


def busy_time(agent: Agent, now: float) -> float:
    """Return the time (s) that an agent has had active contacts so far."""
    if not agent.active:
        return agent.busy
    return agent.busy + (now - agent.busy_since)


def interruptible_for(agent: Agent, queue: int) -> bool:
    """Return whether all active contacts may be suspended for a contact of a queue."""
    return all(
        leg.service.phase is Phase.TALK
        and (leg.queue_state.number, queue) in agent.group.interrupts
        for leg in agent.active
    )
