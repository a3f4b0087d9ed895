"""Converts a queue's patience to the form that the Erlang formulas use."""

from __future__ import annotations

import numpy as np

from sim.distributions import NEVER, DistributionByInterval
from sim.erlang import Patience
from sim.model import Floats, Queue


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


def patience_by_interval(queue: Queue) -> Floats | None:
    """Return the mean patience (s) by interval where it is always exponential but not the same.

    Returns
    -------
    ndarray or None, shape (intervals,)
        Infinite where no customer abandons; None where the patience is the same all day, or not
        exponential.
    """
    if not isinstance(queue.patience, DistributionByInterval) or queue.balk > 0:
        return None
    if any(one != NEVER and one.patience().name != "exponential" for one in queue.patience.rows):
        return None
    return np.asarray(queue.patience.means(len(queue.patience.row)))


def is_exponential(queue: Queue) -> bool:
    """Return whether customers wait forever, or an exponential time, the mean by interval."""
    if patience_by_interval(queue) is not None:
        return True
    found = patience_of(queue)
    return found is None or found.name == "exponential"
