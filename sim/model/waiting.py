"""What customers do who wait: announced waits, and leaving without a word."""

from __future__ import annotations

from dataclasses import dataclass

from sim.distributions import TimeDistribution


@dataclass(frozen=True, slots=True)
class Silent:
    """Customers who leave without the center knowing, as in chat.

    Attributes
    ----------
    waiting : float
        Share of those whose patience ends who stay in the queue as if they still waited.
    within : float
        Share of the answered who leave during the talk.
    noticed : TimeDistribution
        Talk work (s at full speed) until the agent notices that the customer has left.
    """

    waiting: float
    within: float
    noticed: TimeDistribution


@dataclass(frozen=True, slots=True)
class Announce:
    """An announced wait, and what customers do on hearing it.

    Attributes
    ----------
    handle : float
        Mean handle time (s) by which the wait is estimated.
    scale : float
        The announced wait as a multiple of the estimate.
    balk : float
        Share who leave at once for each announced minute, in addition to the queue's.
    patience : float
        Multiplies the patience of those who stay.
    accept : float
        Share who accept a callback for each announced minute, in addition to the offer's.
    """

    handle: float
    scale: float = 1.0
    balk: float = 0.0
    patience: float = 1.0
    accept: float = 0.0
