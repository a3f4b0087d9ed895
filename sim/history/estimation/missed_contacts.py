"""Contacts that an agent would have taken between two others, had he been there."""

from __future__ import annotations

import numpy as np

from sim.array_types import Floats, Ints
from sim.history.estimation.agent_skills import able_of
from sim.history.estimation.free_spans import FreeSpans


def missed_contacts(
    agent: Ints, start: Floats, end: Floats, queue: Ints, instant: Floats, asked: Ints,
    usual_gap: float,
) -> Floats:  # fmt: skip
    """Return how many contacts each agent is expected to have missed before each of his own.

    An agent who waits for a contact would have been one of those who were free: of k others, one
    contact in k + 1 would have been his, and whoever had to wait would not have waited. Where few
    contacts arrive, a long time without one says little; where many do, a short one says much.

    Parameters
    ----------
    agent, queue : int64, shape (answered,)
        Of contacts of known agents; an agent serves the queues that he took contacts from.
    start, end : ndarray, shape (answered,)
        Begin and end of the work on each, in seconds since the start of the first day.
    instant : ndarray, shape (contacts,)
        When all contacts were offered.
    asked : int64, shape (contacts,)
        Their queues.
    usual_gap : float
        Seconds up to which an agent between two contacts counts as free for sure.

    Returns
    -------
    ndarray, shape (answered,)
        From the end of the agent's last contact to the begin of this one; 0 for his first.
    """
    found = np.zeros(agent.size)
    if not agent.size:
        return found
    able = able_of(agent, queue, asked)
    spans = FreeSpans.of(agent, start, end, usual_gap)
    expected = np.zeros(instant.size)
    for at in range(able.shape[1]):
        mine = np.flatnonzero(asked == at)
        expected[mine] = 1 / (1 + spans.count(instant[mine], able[:, at]))
    order = np.lexsort((start, agent))
    same = np.diff(agent[order]) == 0
    rows, since = order[1:][same], end[order[:-1][same]]
    by_time = np.argsort(instant, kind="stable")
    moments = instant[by_time]
    for serves in np.unique(able, axis=0):
        cumulated = np.append(0.0, np.cumsum((expected * serves[asked])[by_time]))
        mine = np.flatnonzero((able[agent[rows]] == serves).all(axis=1))
        places = (np.searchsorted(moments, at) for at in (start[rows[mine]], since[mine]))
        until, before = (cumulated[place] for place in places)
        found[rows[mine]] = until - before
    return found
