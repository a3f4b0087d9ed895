"""The most calls that given agents can take."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.erlang.arguments import Duration, Number, seconds, whole
from sim.erlang.goals import Goals, missed
from sim.erlang.queue_formula import open_queue
from sim.erlang.special_functions import Array, Truth, Value, climb, plain
from sim.units import BadInputError


def most_calls(
    model: str, agents: Number, per: Duration, aht: Duration, goals: Goals | str, **more: Any
) -> Value:
    """Give the most calls per `per` with which the agents still reach every goal.

    Parameters
    ----------
    model, aht, goals, **more
        As for `fewest_agents`.
    agents : array_like of int
        Number of agents, >= 1.
    per : duration
        The interval to which the answer refers.

    Returns
    -------
    float or ndarray
        Calls per `per`, a real number; 0 where no call at all may come.

    Raises
    ------
    BadInputError
        If an argument is out of its bounds, or any number of calls reaches the goals.
    """
    goals = Goals.of(goals) if isinstance(goals, str) else goals
    queue, n = open_queue(model, aht, **more), whole("agents", agents)
    n = n + np.zeros(np.broadcast_shapes(n.shape, queue.shape))
    every = list(goals.each().values())

    def short(rate: Array) -> Truth:
        bad = [missed(queue.excess(rate, n, excess)) for excess in every]
        return np.asarray(np.any(bad, axis=0))

    low, high = np.zeros(n.shape), n / queue.work
    for _ in range(40):
        met = ~short(high)
        if not bool(np.any(met)):
            break
        low, high = np.where(met, high, low), np.where(met, 2.0 * high, high)
    else:
        raise BadInputError("goals: any number of calls reaches them")

    def over(rate: Array) -> Array:
        return np.asarray(np.max([queue.excess(rate, n, excess) for excess in every], axis=0))

    rate = climb(over, low, high)
    return plain(rate * seconds("per", per, above=True))
