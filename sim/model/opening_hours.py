"""Opening hours as instants, and where a moment outside them is moved to."""

from __future__ import annotations

import math

from sim.model import Floats


def next_open(hours: Floats, instant: float) -> float:
    """Return the open instant to which a moment is moved.

    A moment within opening hours stays. One that falls between a closing and the next
    opening is moved to the next opening hours in proportion: a moment a third into the
    gap comes a third into those hours. Before the first opening the gap begins at 0.
    Closing time itself belongs to the gap.

    Parameters
    ----------
    hours : ndarray, shape (n, 2)
        Opening and closing instants (s), ascending, disjoint.
    instant : float
        Seconds since midnight of the first day.

    Returns
    -------
    float
        Seconds; infinite when no opening follows.
    """
    closed = 0.0
    for k in range(len(hours)):
        opens = hours[k, 0]
        closes = hours[k, 1]
        if instant < opens:
            share = (instant - closed) / (opens - closed)
            return float(opens + share * (closes - opens))
        if instant < closes:
            return float(instant)
        closed = closes
    return math.inf


def first_open(hours: Floats, instant: float) -> float:
    """Return the first open instant from a moment on: that moment, or the next opening.

    Arguments and result as in :func:`next_open`.
    """
    for k in range(len(hours)):
        if instant < hours[k, 1]:
            return float(max(instant, hours[k, 0]))
    return math.inf


def next_closing(hours: Floats, instant: float) -> float:
    """Return when a queue that is open at a moment closes; hours that touch are one.

    Arguments and result as in :func:`next_open`.
    """
    last = len(hours) - 1
    for k in range(len(hours)):
        closes = hours[k, 1]
        if instant < closes and (k == last or hours[k + 1, 0] > closes):
            return float(closes)
    return math.inf
