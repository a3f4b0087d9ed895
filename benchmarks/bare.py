"""What the machine can do: the single queue as a bare event loop with its random numbers.

A heap of events, a ring of waiting contacts and a count of free agents; numbers are drawn as they
are needed, and of each day only the sum of waits and three counts are kept.
"""

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

F = TypeVar("F", bound=Callable[..., object])

AGENTS, PER_S, TALK_S, PATIENCE_S, DAY_S = 105, 20 / 60, 300.0, 120.0, 480 * 60.0


def compiled(function: F) -> F:
    """Compile a function, once on a machine."""
    return cast(F, numba.njit(cache=True)(function))


@compiled
def exponential(mean: float) -> float:
    """Draw from the exponential distribution."""
    return -mean * math.log1p(-np.random.random())  # noqa: NPY002 - numba's own generator


@compiled
def push(times: Any, what: Any, size: int, instant: float, kind: int) -> int:
    """Put an event on the heap; return its new size."""
    k = size
    while k > 0 and times[(k - 1) >> 1] > instant:
        times[k], what[k] = times[(k - 1) >> 1], what[(k - 1) >> 1]
        k = (k - 1) >> 1
    times[k], what[k] = instant, kind
    return size + 1


@compiled
def pop(times: Any, what: Any, size: int) -> int:
    """Take the first event off the heap; return its new size."""
    size -= 1
    instant, kind, k = times[size], what[size], 0
    while 2 * k + 1 < size:
        child = 2 * k + 1
        if child + 1 < size and times[child + 1] < times[child]:
            child += 1
        if times[child] >= instant:
            break
        times[k], what[k] = times[child], what[child]
        k = child
    times[k], what[k] = instant, kind
    return size


@compiled
def bare_days(days: int, seed: int) -> int:
    """Live some days; return the contacts.

    Parameters
    ----------
    days, seed : int
    """
    np.random.seed(seed)  # noqa: NPY002
    times, what = np.empty(100_000), np.empty(100_000, np.int64)
    came, gone = np.empty(20_000), np.empty(20_000, np.bool_)
    contacts, waited = 0, 0.0
    for _ in range(days):
        size, free, first, last = 0, AGENTS, 0, 0
        size = push(times, what, size, exponential(1 / PER_S), -1)
        while size > 0:
            now, event = times[0], what[0]
            size = pop(times, what, size)
            if event == -1:  # a contact comes
                if now >= DAY_S:
                    continue
                contacts += 1
                size = push(times, what, size, now + exponential(1 / PER_S), -1)
                if free > 0:
                    free -= 1
                    size = push(times, what, size, now + exponential(TALK_S), -2)
                else:
                    came[last], gone[last] = now, False
                    size = push(times, what, size, now + exponential(PATIENCE_S), last)
                    last += 1
            elif event == -2:  # a talk ends
                while first < last and gone[first]:
                    first += 1
                if first < last:
                    gone[first] = True
                    waited += now - came[first]
                    first += 1
                    size = push(times, what, size, now + exponential(TALK_S), -2)
                else:
                    free += 1
            elif not gone[event]:  # patience ends
                gone[event] = True
                waited += now - came[event]
    return contacts
