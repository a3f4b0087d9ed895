"""Small formulas for work that waits: inflated chat times, email and backlogs."""

from __future__ import annotations

import numpy as np

from sim.erlang.arguments import Duration, Number, Share, fraction, number, seconds, whole
from sim.erlang.special_functions import Array, Value, erlang_b, plain
from sim.units import BadInputError


def effective_concurrency(at_once: Number, compose_ratio: Number) -> Value:
    """Give how many chats an agent really serves in the time of one.

    Parameters
    ----------
    at_once : array_like of int
        Chats open at once, >= 1.
    compose_ratio : array_like
        Time the customer composes over time the agent composes, >= 0.

    Returns
    -------
    float or ndarray
        Work done per unit of time against one chat alone; at most 1 + ratio.

    Raises
    ------
    BadInputError
        If an argument is out of its bounds.

    Notes
    -----
    Finite-source queue of one agent and k customers (Palm's machine repair): the agent is busy
    with probability 1 - B(k, ratio), B being Erlang's loss formula; one chat alone keeps the
    agent busy for 1 / (1 + ratio) of the time. US patent 8,064,589 prints an example.
    """
    k, r = whole("at_once", at_once), number("compose_ratio", compose_ratio)
    return plain((1.0 - erlang_b(r, k)) * (1.0 + r))


def inflated_handle_s(aht: Duration, at_once: Number, compose_ratio: Number) -> Value:
    """Give the duration in seconds of a chat that shares its agent with others.

    Parameters
    ----------
    aht : duration
        Handle time of a chat handled alone.
    at_once, compose_ratio
        As for `effective_concurrency`.

    Raises
    ------
    BadInputError
        If an argument is out of its bounds.
    """
    k = whole("at_once", at_once)
    return plain(seconds("aht", aht) * k / effective_concurrency(k, compose_ratio))


def deferred_agents(
    items: Number, aht: Duration, window: Duration, occupancy: Share = 1.0, shrinkage: Share = 0.0
) -> Value:
    """Return the agents required to handle deferred items within a window of time.

    Parameters
    ----------
    items : array_like
        Emails or cases to be done in the window.
    aht, window : duration
        Handle time of an item, and time there is.
    occupancy : share
        Largest share of ready time spent on items, in (0, 1].
    shrinkage : share
        Share of paid time not available, in [0, 1).

    Returns
    -------
    float or ndarray
        Whole number of people: work over what one person does, rounded up.

    Raises
    ------
    BadInputError
        If an argument is out of its bounds.
    """
    busy = number("occupancy", fraction("occupancy", occupancy), above=True)
    ready = 1.0 - fraction("shrinkage", shrinkage, below_one=True)
    each = seconds("window", window, above=True) * busy * ready
    people = number("items", items) * seconds("aht", aht) / each
    return plain(np.maximum(np.ceil(people - 1e-9 * np.maximum(people, 1.0)), 0.0))


def drain(arrivals: Number, capacity: Number, backlog: float = 0.0) -> tuple[Array, Array]:
    """Work off a backlog interval by interval; no item is lost.

    Parameters
    ----------
    arrivals, capacity : array_like, shape (intervals,)
        Items that come, and items that can be done, per interval.
    backlog : float
        Items open at the start.

    Returns
    -------
    carried, done : ndarray, shape (intervals,)
        Items open at each interval's end, and items done in it:
        backlog + sum(arrivals) = sum(done) + carried[-1].

    Raises
    ------
    BadInputError
        If a number is negative or the lengths differ.
    """
    came, can = number("arrivals", arrivals), number("capacity", capacity)
    if came.ndim != 1 or came.shape != can.shape:
        raise BadInputError(f"capacity: {can.size} intervals must match {came.size} of arrivals")
    still = float(number("backlog", backlog))
    carried, done = np.zeros(came.size), np.zeros(came.size)
    for i in range(came.size):
        done[i] = min(still + came[i], can[i])
        still = still + came[i] - done[i]
        carried[i] = still
    return carried, done
