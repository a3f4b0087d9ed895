"""How many contacts agents have at once, from those that overlap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.presences import latest_ends

EXCEEDED = 0.02
"""Share of contacts that may begin with more in progress: clock errors, calls passed on."""
GO_ON = 0.05
"""Share of talks that may go on when the agent begins the next contact."""
FEWEST = 10
"""As many contacts may, in short logs."""
LEFT_OPEN = 0.99
"""Contacts longer than this quantile of their queue may have been left open, and do not count."""
ROUNDING = 1.0
"""Times are often whole seconds: contacts that overlap by no more (s) follow each other."""


@dataclass(frozen=True)
class Concurrency:
    """How many contacts agents have at once.

    Attributes
    ----------
    at_once : ndarray of int, shape (queues,)
        1 where agents have one contact after another, or are not known.
    overlapping : ndarray, shape (queues,)
        Share of contacts that overlap another one of their agent and channel.
    contacts : ndarray of int, shape (queues,)
        Of known agents.
    other_channel : ndarray, shape (queues,)
        Share of contacts that begin while their agent has one of another channel.
    """

    at_once: Ints
    overlapping: Floats
    contacts: Ints
    other_channel: Floats

    @property
    def is_any(self) -> bool:
        """Whether agents have several contacts of any queue at once."""
        return bool((self.at_once > 1).any())


def concurrency(
    agent: Ints, queue: Ints, start: Floats, talk_end: Floats, end: Floats, channel: Ints
) -> Concurrency:
    """Return how many contacts agents have at once.

    Parameters
    ----------
    agent, queue : ndarray of int, shape (contacts,)
        Of contacts of known agents.
    start, talk_end, end : ndarray, shape (contacts,)
        When each was answered, and when its talk and the work on it ended (s).
    channel : ndarray of int, shape (queues,)
        Agents have contacts of one channel together.

    Notes
    -----
    It is the smallest number that no more than 2 % of the contacts of a queue exceed when they
    begin, counting themselves and those of the same agent and channel in progress, wrap-up
    included. It is 1 where no more than 5 % of the talks go on when the agent begins the next
    contact: a few records with a wrong end would be beside many others, and wrap-up may be recorded
    as going on beside the next contact.
    """
    length, together = end - start, agent * (int(channel.max(initial=0)) + 1) + channel[queue]
    goes_on = _goes_on(together, start, talk_end)
    queues = channel.size
    at_once = np.ones(queues, dtype=np.int64)
    overlapping, other = np.zeros(queues), np.zeros(queues)
    overlaps = _goes_on(together, start, end) | _begins_during(together, start, end)
    counts = length > ROUNDING
    for at in range(queues):
        mine = queue == at
        if mine.any():
            overlapping[at] = float(overlaps[mine].mean())
            counts &= ~mine | (length <= np.quantile(length[mine], LEFT_OPEN))
    number, of_agent = np.zeros((2, queue.size), dtype=np.int64)
    number[counts] = _in_progress(together[counts], start[counts], end[counts])
    of_agent[counts] = _in_progress(agent[counts], start[counts], end[counts])
    for at in range(queues):
        mine = counts & (queue == at)
        size = np.count_nonzero(mine)
        if np.count_nonzero(mine & goes_on) > max(GO_ON * size, FEWEST):
            allowed = int(max(EXCEEDED * size, FEWEST))
            at_once[at] = np.sort(number[mine])[-1 - allowed]
        if mine.any():
            other[at] = float((of_agent > number)[mine].mean())
    return Concurrency(at_once, overlapping, np.bincount(queue, minlength=queues), other)


def busy_until(agent: Ints, start: Floats, end: Floats, several: Bools) -> Floats:
    """Return until when the agent has had a contact, at the end of the work on each.

    Parameters
    ----------
    agent : ndarray of int, shape (contacts,)
        0 and above.
    start, end : ndarray, shape (contacts,)
    several : ndarray of bool, shape (contacts,)
        Contacts that agents have beside others. The end of the others does not matter to those
        that begin later: it is wrong where it seems to.

    Returns
    -------
    ndarray, shape (contacts,)
        The latest end of the contacts of the agent that began no later.
    """
    order = np.lexsort((start, agent))
    latest = latest_ends(agent[order], np.where(several, end, start)[order])
    found = end.copy()
    later = latest > end[order] + ROUNDING
    found[order[later]] = latest[later]
    return found


def busy_times(agent: Ints, start: Floats, until: Floats) -> Floats:
    """Return for how long (s) agents were busy without interruption.

    Parameters
    ----------
    agent : ndarray of int, shape (contacts,)
    start, until : ndarray, shape (contacts,)
        As of :func:`busy_until`.

    Returns
    -------
    ndarray, shape (times,)
    """
    order = np.lexsort((start, agent))
    who, begins, ends = agent[order], start[order], until[order]
    apart = (np.diff(who) != 0) | (begins[1:] > ends[:-1] - ROUNDING)
    first = np.append(0, np.flatnonzero(apart) + 1)[: order.size]
    last = np.append(first[1:] - 1, order.size - 1)[: first.size]
    return np.asarray(ends[last] - begins[first])


def _in_progress(code: Ints, start: Floats, end: Floats) -> Ints:
    """Return how many contacts of the same code are in progress as each begins, itself included.

    All last longer than :data:`ROUNDING`, so that those over by then have begun before.
    """
    span = float(end.max(initial=0.0)) + 2 * ROUNDING
    order = np.argsort(code * span + start, kind="stable")
    ended = np.sort(code * span + end)
    moment = (code * span + start)[order] + ROUNDING
    found = np.empty(code.size, dtype=np.int64)
    found[order] = np.arange(1, code.size + 1) - np.searchsorted(ended, moment, side="right")
    return found


def _begins_during(code: Ints, start: Floats, end: Floats) -> Bools:
    """Return which contacts begin while one of the same code goes on."""
    order = np.lexsort((start, code))
    found = np.zeros(code.size, dtype=bool)
    found[order[1:]] = (np.diff(code[order]) == 0) & (
        start[order[1:]] < latest_ends(code[order], end[order])[:-1] - ROUNDING
    )
    return found


def _goes_on(code: Ints, start: Floats, end: Floats) -> Bools:
    """Return which contacts go on when the next one of the same code begins."""
    order = np.lexsort((start, code))
    found = np.zeros(code.size, dtype=bool)
    found[order[:-1]] = (np.diff(code[order]) == 0) & (
        start[order[1:]] < end[order[:-1]] - ROUNDING
    )
    return found
