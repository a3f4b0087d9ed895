"""Converts a queue's patience to the form that the Erlang formulas use."""

from __future__ import annotations

from sim.distributions import NEVER
from sim.erlang import Patience
from sim.model import Queue


def patience_of(queue: Queue) -> Patience | None:
    """Return the patience of a queue, those who leave at once included.

    Parameters
    ----------
    queue : Queue

    Returns
    -------
    Patience or None
        None when all customers wait forever; the name is "exponential" exactly when Erlang A
        holds.
    """
    if queue.patience == NEVER and queue.balk <= 0:
        return None
    return queue.patience.patience(queue.balk)
