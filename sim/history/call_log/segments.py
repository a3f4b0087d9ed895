"""Contacts whose log has several rows: segments with the same agent are one talk."""

from __future__ import annotations

import numpy as np

from sim.array_types import Bools, Floats, Ints


def first_segments(
    instant: Floats, wait: Floats, talk: Floats, contact: Ints, agent: Ints, queue: Ints
) -> tuple[Bools, Floats]:
    """Return which rows begin a talk, and the talk of each with what follows it.

    Rows of one contact that follow each other with the same agent and queue, such as after a hold,
    are one talk. A row with another agent or queue is a transfer and stays a record of its own.

    Parameters
    ----------
    instant, wait, talk : float64, shape (rows,)
        Seconds.
    contact, agent, queue : int64, shape (rows,)
        Codes; -1 where unknown. Rows without a contact are records of their own.

    Returns
    -------
    first : bool, shape (rows,)
    talk : float64, shape (rows,)
        Of the rows that begin a talk the sum over its segments.
    """
    order = np.lexsort((instant + wait, contact))
    same = contact[order][1:] == contact[order][:-1]
    same &= contact[order][1:] >= 0
    same &= (agent[order][1:] == agent[order][:-1]) & (queue[order][1:] == queue[order][:-1])
    begins = np.concatenate([[True], ~same])[: order.size]
    starts = np.flatnonzero(begins)
    first = np.zeros(order.size, dtype=bool)
    first[order[starts]] = True
    joined = talk.copy()
    if starts.size < order.size:
        joined[order[starts]] = np.add.reduceat(np.nan_to_num(talk[order]), starts)
        unknown = np.isnan(talk) & first & (joined == 0)
        joined = np.where(unknown, np.nan, joined)
    return first, joined
