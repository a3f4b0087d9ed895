"""What the machine can do: two classes with overflow as a bare event loop with its random numbers.

As that of the single queue: one heap of events, numbers drawn as they are needed, and of each class
only four counts and the sum of waits are kept. Volumes and headcounts are those of the scenario.
"""

import tomllib
from functools import cache
from typing import Any

import numpy as np

from benchmarks.bare import compiled, exponential, pop, push
from sim.resources import scenarios_dir

TALK_S, PATIENCE_S, OVERFLOW_S, TARGET_S = 650.0, 300.0, 30.0, 20.0
INTERVAL_S = 1800.0
CLASSES = ("small", "large")
AGENTS, OFF, ON, LEAVING = 256, 0, 1, 2
OFFERED, ANSWERED, WITHIN, ABANDONED, WAITED = range(5)
ARRIVAL, TALK_ENDS, OVERFLOW, PATIENCE_ENDS, INTERVAL = range(5)


@compiled
def waits(head: int, tail: int, gone: Any) -> int:
    """Return the position of the first who still waits, or that of the end."""
    while head < tail and gone[head]:
        head += 1
    return head


@compiled
def next_to_serve(group: int, now: float, came: Any, gone: Any, head: Any, tail: Any) -> int:
    """Return the class that a free agent serves: the own, else who may overflow; −1 for none."""
    for k in range(2):
        queue = group ^ k
        head[queue] = first = waits(head[queue], tail[queue], gone[queue])
        if first < tail[queue] and (queue == group or came[queue, first] + OVERFLOW_S <= now):
            return queue
    return -1


@compiled
def answer(queue: int, contact: int, now: float, came: Any, gone: Any, sums: Any) -> None:
    """Answer a contact that waits."""
    gone[queue, contact] = True
    wait = now - came[queue, contact]
    sums[ANSWERED, queue] += 1
    sums[WITHIN, queue] += wait <= TARGET_S
    sums[WAITED, queue] += wait


@compiled
def change_headcount(change: int, duty: Any, idle: Any, free: int) -> int:
    """Let agents of a group log in or out; return how many are idle then.

    Parameters
    ----------
    change : int
        Of the agents on duty who are not about to leave.
    duty : array of int
        Of each agent.
    idle : array of int
        The idle agents, the `free` first.
    free : int
    """
    for state in (LEAVING, OFF):  # the first to stay are those about to leave
        for agent in range(AGENTS):
            if change > 0 and duty[agent] == state:
                if state == OFF:
                    idle[free] = agent
                    free += 1
                duty[agent] = ON
                change -= 1
    while change < 0 and free > 0:
        free -= 1
        duty[idle[free]] = OFF
        change += 1
    for agent in range(AGENTS):
        if change < 0 and duty[agent] == ON:
            duty[agent] = LEAVING
            change += 1
    return free


@compiled
def next_arrival(now: float, rates: Any) -> float:
    """Draw the next arrival of a rate constant in each interval; infinity after the last."""
    area = exponential(1.0)
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
    np.random.seed(seed)  # noqa: NPY002
    sums = np.zeros((5, 2))
    times, what = np.empty(262_144), np.empty(262_144, np.int64)
    came, gone = np.empty((2, 65_536)), np.empty((2, 65_536), np.bool_)
    head, tail, free = np.zeros(2, np.int64), np.zeros(2, np.int64), np.zeros(2, np.int64)
    duty, idle = np.zeros((2, AGENTS), np.int8), np.zeros((2, AGENTS), np.int64)
    for _ in range(days):
        head[:], tail[:], free[:], duty[:] = 0, 0, 0, OFF
        size, interval = 0, 0
        for k in range(len(rates)):
            size = push(times, what, size, k * INTERVAL_S, 16 * k + INTERVAL)
        size = push(times, what, size, next_arrival(0.0, rates), ARRIVAL)
        while size > 0:
            # What: the number of an agent, a contact or an interval, its class, and the event.
            now, item, q, event = times[0], what[0] >> 4, (what[0] >> 3) & 1, what[0] & 7
            size = pop(times, what, size)
            if event == ARRIVAL:
                if now == np.inf:
                    continue
                size = push(times, what, size, next_arrival(now, rates), ARRIVAL)
                q = 0 if np.random.random() < shares[interval] else 1  # noqa: NPY002
                sums[OFFERED, q] += 1
                contact = tail[q]
                tail[q] += 1
                came[q, contact], gone[q, contact] = now, False
                if free[q] == 0:
                    place = 16 * contact + 8 * q
                    size = push(times, what, size, now + OVERFLOW_S, place + OVERFLOW)
                    patience = exponential(PATIENCE_S)
                    size = push(times, what, size, now + patience, place + PATIENCE_ENDS)
            elif event == PATIENCE_ENDS:
                if not gone[q, item]:
                    gone[q, item] = True
                    sums[ABANDONED, q] += 1
                    sums[WAITED, q] += now - came[q, item]
                continue
            elif event == TALK_ENDS:
                if duty[q, item] == LEAVING:
                    duty[q, item] = OFF
                    continue
                idle[q, free[q]] = item
                free[q] += 1
            elif event == OVERFLOW:
                if gone[q, item]:
                    continue
            else:
                interval = item
                for group in range(2):
                    change = changes[interval, group]
                    free[group] = change_headcount(change, duty[group], idle[group], free[group])
            for group in range(2):  # who is free takes the next who waits
                while free[group] > 0:
                    queue = next_to_serve(group, now, came, gone, head, tail)
                    if queue < 0:
                        break
                    answer(queue, head[queue], now, came, gone, sums)
                    free[group] -= 1
                    agent = 16 * idle[group, free[group]] + 8 * group
                    size = push(times, what, size, now + exponential(TALK_S), agent + TALK_ENDS)
    return sums


@cache
def tables() -> tuple[Any, Any, Any]:
    """Return rates, shares and changes of the scenario, as `simulate_days` takes them."""
    text = (scenarios_dir() / "two_classes_overflow.toml").read_text(encoding="utf-8")
    center = tomllib.loads(text)
    volumes = np.array([center["queue"][name]["volume"] for name in CLASSES])
    agents = np.array([center["group"][name]["agents"] for name in CLASSES])
    changes = np.diff(agents.T, axis=0, prepend=0)
    return volumes.sum(axis=0) / INTERVAL_S, volumes[0] / volumes.sum(axis=0), changes


def bare_two_class_days(days: int, seed: int) -> int:
    """Simulate some days; return the contacts.

    Parameters
    ----------
    days, seed : int
    """
    return int(simulate_days(days, seed, *tables())[OFFERED].sum())
