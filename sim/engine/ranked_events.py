"""The clock of the reference engine: SimPy's, with a written order of simultaneous events."""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappop, heappush
from operator import attrgetter
from typing import Any

import simpy

Telling = Generator[Any, Any, None]
"""A story as it is told: it yields the events that it waits for."""


class Timer(simpy.Event):
    """An event at a given instant, before or after others of that instant by its rank.

    A story that waits for a timer can be put off to another instant or called at once
    without noticing: its callbacks move on.
    """

    _value = True
    _ok = True

    def __init__(self, clock: Clock, instant: float, order: int) -> None:
        # As in simpy.Timeout, but at an absolute instant: now + (instant - now) would round.
        self.env = self._clock = clock
        self.callbacks = []
        entry: Any = (instant, order, next(clock._eid), self)
        heappush(clock._queue, entry)

    def _hand_on(self, other: simpy.Event) -> None:
        assert self.callbacks is not None
        other.callbacks = self.callbacks
        self.callbacks = []

    def put_off(self, instant: float, order: int) -> Timer:
        """Return a timer for another instant that calls whoever waited for this one."""
        other = Timer(self._clock, instant, order)
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

    now = property(attrgetter("_now"))  # as in SimPy, but read without a Python call

    def live(self) -> None:
        """Let everything happen, until nothing is left to happen.

        SimPy's ``run`` without an end and without its look at failed events: none fails here.
        """
        events: list[Any] = self._queue
        while events:
            self._now, _, _, event = heappop(events)
            callbacks, event.callbacks = event.callbacks, None
            for callback in callbacks:
                callback(event)

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
        return Timer(self, instant, rank | number)


class Story:
    """A process of the model: a generator that yields the events it waits for.

    Like :class:`simpy.Process`, but it begins at once instead of by an event of its own, and
    its end is no event: nobody waits for it.
    """

    __slots__ = ("_send",)

    def __init__(self, telling: Telling) -> None:
        self._send = telling.send
        self._go_on(None)

    def _go_on(self, event: simpy.Event | None) -> None:
        value = None if event is None else event._value
        try:
            awaited = self._send(value)
            while awaited.callbacks is None:  # it has happened already
                awaited = self._send(awaited.value)
        except StopIteration:
            return
        awaited.callbacks.append(self._go_on)
