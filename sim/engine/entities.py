"""Who takes part in the reference engine: customers and their legs, lines, agents and crews.

Plain records with the few questions one asks of them. What happens to them within an instant
stands in :mod:`sim.engine.state` and :mod:`sim.engine.dispatch`, what takes time in
:mod:`sim.engine.contacts` and :mod:`sim.engine.agents`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from enum import Enum, auto
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from sim.log import Kind, State
from sim.model import AtClose, Group, Queue, Shift, Skill

if TYPE_CHECKING:
    import simpy

    from sim.engine.ranked_events import Timer

_ROOM = 1 + 1e-9


class Phase(Enum):
    """Where a leg stands."""

    WAITING = auto()
    TALK = auto()
    DIAL = auto()
    HELD = auto()
    PUT_OFF = auto()
    WRAP = auto()


class Customer:
    """Somebody with an issue: how often it has come so far."""

    legs = 0
    contact = 0
    retries = 0
    repeats = 0
    bounced = False

    def __init__(self, issue: int) -> None:
        self.issue = issue


class Leg:
    """One stretch of a contact at one queue; see :class:`sim.log.Legs` for what is recorded.

    Class attributes are what holds until it happens otherwise: most legs are simple.
    """

    attempt = 0  # which try to call back
    raw = (0.0, 0.0, 0.0)  # talk, hold and wrap work before self-service and context alter it
    talk = hold = wrap = 0.0
    patience = math.inf
    enter = place = 0.0
    leave = talk_end = math.nan
    talk_s = hold_s = wrap_s = 0.0
    wasted = 0.0  # work done that was lost when it started over
    stints = 0
    resolved = -1
    then = 0
    phase = Phase.WAITING
    waiting = False
    ticket = 0  # tells a present entry in the line from a former one
    on_line = False
    inside = False  # comes from self-service, not from outside
    timed = False  # its overflow timers are set
    left = since = started = 0.0  # work left, as of an instant; start of the phase or stint
    speed = 1.0
    agent: Agent | None = None
    skill: Skill | None = None
    turn: simpy.Event | None = None  # served, or gone from the line
    timer: Timer | None = None  # done with the phase in hand
    released: simpy.Event | None = None  # no longer held on the line
    held: Leg | None = None  # the leg whose agent stays on the line until this one is met
    second: Leg | None = None  # the leg to which the customer was passed on

    def __init__(self, customer: Customer, kind: Kind, line: Line, hop: int) -> None:
        self.customer, self.kind, self.line, self.hop = customer, kind, line, hop
        self.number = customer.legs
        self.contact = customer.contact
        self.order = (customer.issue << 8) | customer.legs
        customer.legs += 1

    @property
    def work(self) -> float:
        """Talk and hold work (s at full speed)."""
        return self.talk + self.hold


class Line:
    """Those who wait for one queue, by their place in line."""

    __slots__ = (
        "_entries", "_hours", "in_use", "number", "queue", "reserves_called", "stretch",
        "waiting",
    )  # fmt: skip

    def __init__(self, number: int, queue: Queue) -> None:
        self.number, self.queue = number, queue
        self._entries: list[tuple[float, int, int, Leg]] = []
        self._hours: list[list[float]] = queue.hours.tolist()
        self.waiting = 0
        self.in_use = 0  # lines held by contacts in self-service, waiting or talking
        self.reserves_called = False  # at closing: no reserve is held for those still in line
        self.stretch = 0  # which of the opening hours is the present or the coming one

    def join(self, leg: Leg) -> None:
        """Put a leg where its place is."""
        leg.waiting = True
        leg.ticket += 1
        self.waiting += 1
        heappush(self._entries, (leg.place, leg.order, leg.ticket, leg))

    def quit(self, leg: Leg) -> None:
        """Take a leg out, wherever it stands."""
        leg.waiting = False
        self.waiting -= 1

    def head(self) -> Leg:
        """Return the first of those who wait; the line must not be empty."""
        entries = self._entries
        while not self._valid(entries[0]):
            heappop(entries)
        return entries[0][3]

    def everybody(self) -> Iterator[Leg]:
        """Yield all who wait, in the order of the line."""
        return (entry[3] for entry in sorted(self._entries[:]) if self._valid(entry))

    @staticmethod
    def _valid(entry: tuple[float, int, int, Leg]) -> bool:
        return entry[3].waiting and entry[3].ticket == entry[2]

    def is_open(self, now: float) -> bool:
        """Return whether the queue is open at an instant (s)."""
        if not self._hours:
            return False
        opens, closes = self._hours[self.stretch]
        return opens <= now < closes

    def is_over(self, now: float) -> bool:
        """Return whether the queue will not open again after an instant (s)."""
        return not self._hours or now >= self._hours[-1][1]

    def serves_out(self, now: float) -> bool:
        """Return whether the queue is closed but those who still wait are to be served."""
        return (
            self.waiting > 0
            and self.queue.at_close == AtClose.SERVE
            and not self.queue.deferred
            and not self.is_open(now)
        )


class Agent:
    """A person at work."""

    __slots__ = (
        "away", "break_due", "busy", "busy_since", "crew", "hand", "idle", "leaving", "load",
        "logged_in", "mark", "number", "on_duty", "overtime", "plan", "present", "put_off", "since",
        "state",
    )  # fmt: skip

    def __init__(self, number: int, crew: Crew) -> None:
        self.number, self.crew = number, crew
        self.hand: list[Leg] = []
        self.put_off: list[Leg] = []  # legs whose wrap is still to be done
        self.present = False  # from logging in to logging out
        self.on_duty = False  # present, and not on a break
        self.plan: Shift | None = None  # the shift being worked
        self.idle = False
        self.break_due = self.leaving = self.overtime = False
        self.since = 0.0
        self.busy = self.busy_since = 0.0
        self.away: simpy.Event | None = None
        self.logged_in = self.mark = 0.0
        self.state, self.load = State.AVAILABLE, 0

    @property
    def wants_away(self) -> bool:
        """Whether a break or the end of the shift is due."""
        return self.break_due or self.leaving

    @property
    def only_deferred(self) -> bool:
        """Whether there is deferred work in hand, and nothing else."""
        return bool(self.hand) and all(leg.line.queue.deferred for leg in self.hand)

    def has_room(self, skill: Skill, channel: str) -> bool:
        """Return whether the agent may take one more contact of a channel."""
        if not self.hand:
            return True
        used = 1.0 / skill.at_once
        for leg in self.hand:
            other = leg.line.queue.channel
            if other != channel and (other, channel) not in self.crew.group.mixes:
                return False
            assert leg.skill is not None
            used += 1.0 / leg.skill.at_once
        return used <= _ROOM

    def busy_until(self, now: float) -> float:
        """Return the time (s) with a contact in hand so far."""
        return self.busy + (now - self.busy_since if self.hand else 0.0)

    def works_only_on(self, pairs: frozenset[tuple[int, int]], queue: int) -> bool:
        """Return whether all in hand may be put aside for a contact of ``queue``."""
        return all(
            leg.phase is Phase.TALK and (leg.line.number, queue) in pairs for leg in self.hand
        )


class Crew:
    """The agents of one group: who is free, who could take one more."""

    __slots__ = (
        "_idle", "agents", "concurrent", "group", "idle_count", "number", "present",
        "shares", "skills", "taking",
    )  # fmt: skip

    def __init__(self, number: int, group: Group, first_agent: int) -> None:
        self.number, self.group = number, group
        self.agents = [Agent(first_agent + k, self) for k in range(group.agents)]
        self.skills = {skill.queue: skill for skill in group.skills}
        self.concurrent = bool(group.mixes) or any(s.at_once > 1 for s in group.skills)
        self.shares = self.concurrent or bool(group.interrupts)
        self._idle: list[tuple[float, int, Agent]] = []
        self.idle_count = 0
        self.present = 0
        self.taking: dict[int, Agent] = {}  # with contacts in hand that leave room for others

    def add_idle(self, agent: Agent) -> None:
        """Count an agent among the idle."""
        agent.idle = True
        self.idle_count += 1
        heappush(self._idle, (agent.since, agent.number, agent))

    def drop_idle(self, agent: Agent) -> None:
        """Count an agent no longer among the idle."""
        agent.idle = False
        self.idle_count -= 1

    def longest_idle(self) -> Agent:
        """Return the agent idle for longest; there must be one."""
        heap = self._idle
        while not (heap[0][2].idle and heap[0][2].since == heap[0][0]):
            heappop(heap)
        return heap[0][2]

    def all_idle(self) -> list[Agent]:
        """Return the idle agents by number."""
        return [agent for agent in self.agents if agent.idle]
