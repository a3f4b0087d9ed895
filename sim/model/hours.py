"""When a queue opens again."""

from __future__ import annotations

import math

from sim.model import Floats


def next_open(hours: Floats, instant: float) -> float:
    """Return when a contact meant for an instant (s) can come.

    Within opening hours that is the instant itself. What falls between two stretches is
    carried onto the later one in proportion, so that a night's worth of delays does not
    come in one wave at the opening.

    Parameters
    ----------
    hours : ndarray, shape (n, 2)
        Opening and closing instants (s), ascending and disjoint.
    instant : float

    Returns
    -------
    float
        Infinite when the queue does not open again.
    """
    closed = 0.0
    for k in range(len(hours)):
        opens, closes = hours[k, 0], hours[k, 1]
        if instant < opens:
            return float(opens + (instant - closed) / (opens - closed) * (closes - opens))
        if instant < closes:
            return float(instant)
        closed = closes
    return math.inf
