"""The issues of all queues in the order of their birth."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compile_cache import compiled_when_called
from sim.model import Floats, Ints
from sim.streams import Words

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_30, _27, _31 = np.uint64(30), np.uint64(27), np.uint64(31)


@compiled_when_called
def merge(
    instants: Floats, first: Ints, count: Ints, part_keys: Words, part_end: Ints, from_backlog: Any,
    times: Floats, first_time: Ints, same_time: Floats, born: Floats, queue: Ints, backlog: Any,
    keys: Words, work: Floats,
) -> None:  # fmt: skip
    """Number the issues of all queues by birth, the earlier queue first where they tie.

    Parameters
    ----------
    instants : ndarray
    first, count : ndarray of int64, shape (parts,)
        As in :class:`sim.tape.arrivals.Instants`.
    part_keys : ndarray of uint64, shape (parts,)
        From which the keys of the issues are derived.
    part_end : ndarray of int64, shape (queues,)
        Where the parts of each queue end.
    from_backlog : ndarray of bool, shape (parts,)
    times : ndarray
    first_time, same_time : ndarray, shape (queues, kinds)
        As in :class:`sim.tape.first_contacts.FirstContacts`.
    born, queue, backlog, keys : ndarray, shape (issues,)
    work : ndarray, shape (kinds, issues)
        Filled here: the columns of :class:`sim.tape.Tape`.
    """
    queues, kinds = same_time.shape
    part = np.empty(queues, np.int64)
    place = np.zeros(queues, np.int64)
    number = np.zeros(queues, np.int64)
    head = np.empty(queues)
    for q in range(queues):
        part[q] = 0 if q == 0 else part_end[q - 1]
        while part[q] < part_end[q] and count[part[q]] == 0:
            part[q] += 1
        head[q] = instants[first[part[q]]] if part[q] < part_end[q] else np.inf
    for issue in range(len(born)):
        q = 0
        for other in range(1, queues):
            if head[other] < head[q]:
                q = other
        p = part[q]
        born[issue] = head[q]
        queue[issue] = q
        backlog[issue] = from_backlog[p]
        z = part_keys[p] + np.uint64(place[q] + 1) * _GOLDEN
        z = (z ^ (z >> _30)) * _FIRST
        z = (z ^ (z >> _27)) * _SECOND
        keys[issue] = z ^ (z >> _31)
        for kind in range(kinds):
            begin = first_time[q, kind]
            work[kind, issue] = same_time[q, kind] if begin < 0 else times[begin + number[q]]
        number[q] += 1
        place[q] += 1
        if place[q] == count[p]:
            place[q] = 0
            p += 1
            while p < part_end[q] and count[p] == 0:
                p += 1
            part[q] = p
        head[q] = instants[first[p] + place[q]] if p < part_end[q] else np.inf
