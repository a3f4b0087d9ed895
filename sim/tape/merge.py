"""The issues of all queues in the order of their birth."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compile_cache import compiled_when_called, inlined
from sim.model import Floats, Ints
from sim.streams import Words

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_30, _27, _31 = np.uint64(30), np.uint64(27), np.uint64(31)


@inlined
def _earliest(head: Floats) -> tuple[int, float, float, float]:
    """Return the queue whose next issue is born first, and when.

    And when the next one is born at the queues before it and after it. Without a branch on the
    instants, which no processor could predict.
    """
    q, instant, earlier, later = 0, head[0], np.inf, np.inf
    for other in range(1, len(head)):
        is_first = head[other] < instant
        earlier = min(earlier, later, instant) if is_first else earlier
        later = np.inf if is_first else min(later, head[other])
        q = other if is_first else q
        instant = head[other] if is_first else instant
    return q, instant, earlier, later


@inlined
def _four(row: Ints) -> tuple[int, int, int, int]:
    """Return the elements of a row."""
    return row[0], row[1], row[2], row[3]


@inlined
def _with_issues(part: int, end: int, count: Ints) -> int:
    """Return the next part of a queue, from this one on, that has any issues."""
    while part < end and count[part] == 0:
        part += 1
    return part


@inlined
def _scrambled(z: Any) -> Any:
    """Return the scrambled word, as :mod:`sim.streams` does."""
    z = (z ^ (z >> _30)) * _FIRST
    z = (z ^ (z >> _27)) * _SECOND
    return z ^ (z >> _31)


@compiled_when_called
def _merge_one(
    instants: Floats, first: Ints, count: Ints, part_keys: Words, part_end: Ints, from_backlog: Any,
    times: Floats, first_time: Ints, time_step: Ints, born: Floats, queue: Ints, backlog: Any,
    keys: Words, work: Floats,
) -> None:  # fmt: skip
    """Number the issues of one replication; arguments as for :func:`merge`."""
    queues = len(part_end)
    part, place, number = np.zeros((3, queues), np.int64)
    head = np.empty(queues)
    for q in range(queues):
        part[q] = _with_issues(0 if q == 0 else part_end[q - 1], part_end[q], count)
        head[q] = instants[first[part[q]]] if part[q] < part_end[q] else np.inf
    issue = 0
    while issue < len(born):
        q, instant, earlier, later = _earliest(head)
        p, at, k = part[q], place[q], number[q]
        talk, hold, wrap, patience = _four(first_time[q])
        talk_step, hold_step, wrap_step, patience_step = _four(time_step[q])
        while True:
            born[issue] = instant
            queue[issue] = q
            backlog[issue] = from_backlog[p]
            keys[issue] = _scrambled(part_keys[p] + np.uint64(at + 1) * _GOLDEN)
            work[issue, 0] = times[talk + k * talk_step]
            work[issue, 1] = times[hold + k * hold_step]
            work[issue, 2] = times[wrap + k * wrap_step]
            work[issue, 3] = times[patience + k * patience_step]
            issue, k, at = issue + 1, k + 1, at + 1
            if at == count[p]:
                p, at = _with_issues(p + 1, part_end[q], count), 0
            instant = instants[first[p] + at] if p < part_end[q] else np.inf
            if not (instant < earlier and instant <= later):
                break
        part[q], place[q], number[q], head[q] = p, at, k, instant


@compiled_when_called
def merge(
    instants: Floats, first: Ints, count: Ints, part_keys: Words, part_end: Ints, from_backlog: Any,
    times: Floats, first_time: Ints, time_step: Ints, born: Floats, queue: Ints, backlog: Any,
    keys: Words, work: Floats,
) -> None:  # fmt: skip
    """Number the issues of all queues in each replication by birth.

    The earlier queue comes first where they tie; one replication follows the other.

    Parameters
    ----------
    instants : ndarray
    first, count : ndarray of int64, shape (replications, parts)
        As in :class:`sim.tape.arrivals.Instants`.
    part_keys : ndarray of uint64, shape (replications, parts)
        From which the keys of the issues are derived.
    part_end : ndarray of int64, shape (queues,)
        Where the parts of each queue end.
    from_backlog : ndarray of bool, shape (parts,)
    times : ndarray
    first_time : ndarray of int64, shape (replications, queues, kinds)
    time_step : ndarray of int64, shape (queues, kinds)
        As in :class:`sim.tape.first_contacts.FirstContacts`.
    born, queue, backlog, keys : ndarray, shape (issues,)
    work : ndarray, shape (issues, kinds)
        Filled here: the columns of :class:`sim.tape.Tapes`.
    """
    begin = 0
    for r in range(len(count)):
        end = begin + count[r].sum()
        _merge_one(
            instants, first[r], count[r], part_keys[r], part_end, from_backlog, times,
            first_time[r], time_step, born[begin:end], queue[begin:end], backlog[begin:end],
            keys[begin:end], work[begin:end],
        )  # fmt: skip
        begin = end
