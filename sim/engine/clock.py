"""The clock of the reference engine: SimPy's, with a written order of simultaneous events."""

from __future__ import annotations

from heapq import heappush
from typing import Any

import simpy

from sim.engine.rules import priority


class Timer(simpy.Event):
    """An event at a given instant, before or after others of that instant by its rank.

    A story that waits for a timer can be put off to another instant or called at once
    without noticing: its callbacks move on.
    """

    __slots__ = ()

    def __init__(self, clock: Clock, instant: float, order: int, value: Any = True) -> None:
        # As in simpy.Timeout, but at an absolute instant: now + (instant - now) would round.
        self.env = clock
        self.callbacks = []
        self._value = value
        self._ok = True
        self._defused = False
        heappush(clock._queue, (instant, order, next(clock._eid), self))

    def _hand_on(self, other: simpy.Event) -> None:
        assert self.callbacks is not None
        other.callbacks = self.callbacks
        self.callbacks = []

    def put_off(self, instant: float, order: int) -> Timer:
        """Return a timer for another instant that calls whoever waited for this one."""
        other = Timer(self.env, instant, order)
        self._hand_on(other)
        return other

    def call_off(self, value: Any) -> None:
        """Call whoever waits for this timer now, with ``value``."""
        event = self.env.event()
        self._hand_on(event)
        event.succeed(value)


class Clock(simpy.Environment):
    """A SimPy environment in which timed events have a rank.

    SimPy's own immediate events (a triggered event, the start of a process) keep their
    priorities 0 and 1 and so come before every timer: all consequences of one timer are
    settled before the next one of the same instant.
    """

    def at(self, instant: float, rank: int, number: int) -> Timer:
        """Return a timer.

        Parameters
        ----------
        instant : float
            Seconds, not before now.
        rank : Rank
        number : int
            Orders timers of the same instant and rank.
        """
        return Timer(self, instant, priority(rank, number))
