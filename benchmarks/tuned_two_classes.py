"""Two classes with overflow as a bare event loop, tuned for this one scenario.

Like :mod:`benchmarks.bare_two_classes`, but the next event is the first of five: the next arrival,
the next end of a talk (a heap), the next end of patience (a heap of those who wait, emptied when
none does), the next overflow (the delay is the same for all, so a position in each queue) and the
next change of headcount. Its random numbers are splitmix64.
"""

import math
from typing import Any

import numpy as np

from benchmarks.bare import compiled
from benchmarks.bare_two_classes import (
    ABANDONED,
    AGENTS,
    ANSWERED,
    INTERVAL_S,
    LEAVING,
    OFF,
    OFFERED,
    OVERFLOW_S,
    PATIENCE_S,
    TALK_S,
    WAITED,
    WITHIN,
    answer,
    change_headcount,
    next_to_serve,
    tables,
)

GAMMA, MIX_1, MIX_2 = map(
    np.uint64, (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)  # of splitmix64
R11, R27, R30, R31 = map(np.uint64, (11, 27, 30, 31))

# -- random numbers ------------------------------------------------------------------------------


@compiled
def unit(state: Any) -> float:
    """Draw a number above 0, up to 1, by splitmix64."""
    state[0] += GAMMA
    z = state[0]
    z = (z ^ (z >> R30)) * MIX_1
    z = (z ^ (z >> R27)) * MIX_2
    z ^= z >> R31
    return (np.int64(z >> R11) + 1) * 2.0**-53


@compiled
def exponential(state: Any, mean: float) -> float:
    """Draw from the exponential distribution."""
    return -mean * math.log(unit(state))


# -- a heap of events, four below each; times beyond its end are infinite ------------------------


@compiled
def push(times: Any, what: Any, size: int, instant: float, item: int) -> None:
    """Add an event to a heap of some size."""
    k = size
    while k > 0 and times[(k - 1) >> 2] > instant:
        times[k], what[k] = times[(k - 1) >> 2], what[(k - 1) >> 2]
        k = (k - 1) >> 2
    times[k], what[k] = instant, item


@compiled
def replace_first(times: Any, what: Any, size: int, instant: float, item: int) -> None:
    """Replace the first event of a heap of some size by another."""
    k = 0
    while 4 * k + 1 < size:
        child = 4 * k + 1
        one = child if times[child] <= times[child + 1] else child + 1
        other = child + 2 if times[child + 2] <= times[child + 3] else child + 3
        child = one if times[one] <= times[other] else other
        if times[child] >= instant:
            break
        times[k], what[k] = times[child], what[child]
        k = child
    times[k], what[k] = instant, item


@compiled
def remove_first(times: Any, what: Any, size: int) -> None:
    """Remove the first event of a heap of some size."""
    instant, item = times[size - 1], what[size - 1]
    times[size - 1] = np.inf
    if size > 1:
        replace_first(times, what, size - 1, instant, item)


# -- the day ---------------------------------------------------------------------------------------


@compiled
def next_arrival(state: Any, now: float, rates: Any) -> float:
    """Draw the next arrival of a rate constant in each interval; infinity after the last."""
    area = exponential(state, 1.0)
    for k in range(int(now / INTERVAL_S), len(rates)):
        end = (k + 1) * INTERVAL_S
        instant: float = now + area / rates[k]
        if instant < end:
            return instant
        area -= (end - now) * rates[k]
        now = end
    return np.inf


@compiled
def simulate_days(days: int, seed: int, rates: Any, shares: Any, changes: Any) -> Any:  # noqa: C901
    """Simulate some days; return the sums by class, shape (5, 2).

    Parameters
    ----------
    days, seed : int
    rates, shares : array
        Arrivals per second, and the share of them that is of the small class, by interval.
    changes : array of int, shape (intervals, 2)
        Agents by which each group grows at the start of the interval.
    """
    state, sums = np.array([seed], np.uint64), np.zeros((5, 2))
    ends, talkers = np.full(1024, np.inf), np.zeros(1024, np.int64)
    hang_ups, callers = np.full(65_536, np.inf), np.zeros(65_536, np.int64)
    came, gone = np.empty((2, 65_536)), np.empty((2, 65_536), np.bool_)
    head, tail, over = np.zeros(2, np.int64), np.zeros(2, np.int64), np.zeros(2, np.int64)
    duty, idle = np.zeros((2, AGENTS), np.int8), np.zeros((2, AGENTS), np.int64)
    free = np.zeros(2, np.int64)
    for _ in range(days):
        head[:], tail[:], over[:], free[:], duty[:] = 0, 0, 0, 0, OFF
        talking, hanging, waiting, k = 0, 0, 0, -1
        arrival = next_arrival(state, 0.0, rates)
        timer = headcount_changes = 0.0
        while True:
            now = ends[0]
            if arrival < now and arrival <= timer:
                now = arrival
                arrival = next_arrival(state, now, rates)
                queue = 0 if unit(state) < shares[k] else 1
                sums[OFFERED, queue] += 1
                if free[queue] > 0:
                    free[queue] -= 1
                    sums[ANSWERED, queue] += 1
                    sums[WITHIN, queue] += 1
                    agent = 2 * idle[queue, free[queue]] + queue
                    push(ends, talkers, talking, now + exponential(state, TALK_S), agent)
                    talking += 1
                else:
                    contact = tail[queue]
                    came[queue, contact], gone[queue, contact] = now, False
                    hangs_up = now + exponential(state, PATIENCE_S)
                    push(hang_ups, callers, hanging, hangs_up, 2 * contact + queue)
                    timer = min(timer, hangs_up, now + OVERFLOW_S)
                    tail[queue] += 1
                    hanging += 1
                    waiting += 1
            elif now <= timer:
                if now == np.inf:
                    break
                agent, group, queue = talkers[0] >> 1, talkers[0] & 1, -1
                if duty[group, agent] == LEAVING:
                    duty[group, agent] = OFF
                else:
                    if waiting:
                        queue = next_to_serve(group, now, came, gone, head, tail)
                    idle[group, free[group]] = agent
                    free[group] += queue < 0
                if queue < 0:
                    remove_first(ends, talkers, talking)
                    talking -= 1
                else:
                    answer(queue, head[queue], now, came, gone, sums)
                    waiting -= 1
                    end = now + exponential(state, TALK_S)
                    replace_first(ends, talkers, talking, end, talkers[0])
            else:
                now = timer
                if now == headcount_changes:
                    k += 1
                    headcount_changes = (k + 1) * INTERVAL_S if k + 1 < len(rates) else np.inf
                    for g in range(2):
                        free[g] = change_headcount(changes[k, g], duty[g], idle[g], free[g])
                while hang_ups[0] <= now:
                    contact, queue = callers[0] >> 1, callers[0] & 1
                    remove_first(hang_ups, callers, hanging)
                    hanging -= 1
                    if not gone[queue, contact]:
                        gone[queue, contact] = True
                        sums[ABANDONED, queue] += 1
                        sums[WAITED, queue] += now - came[queue, contact]
                        waiting -= 1
                for group in range(2):
                    while waiting and free[group] > 0:
                        queue = next_to_serve(group, now, came, gone, head, tail)
                        if queue < 0:
                            break
                        answer(queue, head[queue], now, came, gone, sums)
                        waiting -= 1
                        free[group] -= 1
                        agent = 2 * idle[group, free[group]] + group
                        push(ends, talkers, talking, now + exponential(state, TALK_S), agent)
                        talking += 1
                timer = min(headcount_changes, hang_ups[0])
                for q in range(2):
                    while over[q] < tail[q] and came[q, over[q]] + OVERFLOW_S <= now:
                        over[q] += 1
                    if over[q] < tail[q]:
                        timer = min(timer, came[q, over[q]] + OVERFLOW_S)
            if waiting == 0 and hanging > 0:  # those left in the heap wait no more
                hang_ups[:hanging] = np.inf
                hanging = 0
                over[:] = tail
                timer = headcount_changes
    return sums


def tuned_two_class_days(days: int, seed: int) -> int:
    """Simulate some days; return the contacts.

    Parameters
    ----------
    days, seed : int
    """
    return int(simulate_days(days, seed, *tables())[OFFERED].sum())
