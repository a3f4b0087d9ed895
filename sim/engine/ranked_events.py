"""The one place where the model goes beyond SimPy's public interface, and why.

SimPy processes the events of one instant in the order in which they were scheduled. Here times are
often whole seconds, so ties are not rare, and the order of simultaneous events is written down
(:class:`sim.engine.rules.Rank`): both engines keep to it, and the log of a replication does not
depend on what happened to be scheduled first. Three things are needed for that:

- **Ranked timeouts.** SimPy keeps its events in a heap of ``(instant, priority, counter, event)``.
  A timeout of the model has its rank as priority. All ranks are greater than SimPy's own two
  priorities, so the start of a process, an interrupt and an event that has succeeded come first:
  all consequences of one timeout are settled before the next one of that instant.
- **Absolute instants.** ``env.timeout(delay)`` happens at ``now + delay``, which is rounded. An
  agent who goes off duty at 17:00 has to do so at that very number, whenever it was scheduled.
- **Timers.** An agent who takes another chat works more slowly on the others, so the instant at
  which a service is completed changes while its process waits for it.

A test compares what is used here with the SimPy that is installed.
"""

from __future__ import annotations

from heapq import heappush
from typing import Any

import simpy

from sim.engine.rules import event_order


class RankedTimeout(simpy.Event):
    """An event at a given instant, before or after others of that instant by its rank."""

    def __init__(self, env: RankedEnvironment, instant: float, order: int) -> None:
        # As in simpy.Timeout, which is triggered when it is made; only the entry differs.
        self.env = env
        self.callbacks = []
        self._value = None
        self._ok = True
        entry: Any = (instant, order, next(env._eid), self)
        heappush(env._queue, entry)


class Timer(simpy.Event):
    """An event whose instant can be changed until it happens."""

    def __init__(self, env: RankedEnvironment, instant: float, order: int) -> None:
        super().__init__(env)
        self._ranked_env, self._order = env, order
        self.reschedule(instant)

    def reschedule(self, instant: float) -> None:
        """Let the event happen at another instant (s), not before now."""
        self._timeout = RankedTimeout(self._ranked_env, instant, self._order)
        self._timeout.callbacks.append(self._expire)

    def _expire(self, timeout: simpy.Event) -> None:
        if timeout is self._timeout:  # not one of an earlier schedule
            self.succeed()


class RankedEnvironment(simpy.Environment):
    """A SimPy environment whose timeouts have a rank."""

    def timeout_at(self, instant: float, rank: int, number: int) -> RankedTimeout:
        """Return a timeout.

        Parameters
        ----------
        instant : float
            Seconds, not before now.
        rank : Rank
        number : int
            Orders timeouts of the same instant and rank: the lower goes first.
        """
        return RankedTimeout(self, instant, event_order(rank, number))

    def timer_at(self, instant: float, rank: int, number: int) -> Timer:
        """Return a timer, which can be rescheduled; arguments as for :meth:`timeout_at`."""
        return Timer(self, instant, event_order(rank, number))
