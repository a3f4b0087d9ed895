"""Self-service in front of queues."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats
from sim.distributions import TimeDistribution


@dataclass(frozen=True, slots=True)
class TalkChange:
    """How talk work is altered on a further leg: ``work * factor + add`` (never below zero)."""

    factor: float = 1.0
    add: float = 0.0


@dataclass(frozen=True, slots=True)
class Context:
    """How often the context of one contact is carried to the next, and how talk changes if not.

    ``carried`` is a share; NaN where context is not modelled.
    """

    carried: float = np.nan
    lost: TalkChange = TalkChange()


@dataclass(frozen=True, slots=True)
class Bot:
    """Self-service in front of a queue; shares are of sessions unless said otherwise.

    ``residual`` multiplies the talk work of everything that reaches agents, because what
    the bot contains is the easy part; customers who bounce back bring that
    easy part, ``comeback``.
    """

    tried: float  # of arriving contacts
    session: TimeDistribution
    left: float
    contained: float
    resolved: float  # of the contained
    comes_back: float  # of the contained but unresolved
    comes_back_after: TimeDistribution
    handover: TalkChange
    residual: float
    outage: Floats  # shape (n, 2): start and end of each outage
    comeback: float = 1.0  # multiplies the talk of bounce-backs: the easy part
    name: str = ""
    context: Context = Context()  # of what is handed over; ``handover`` is for the carried
    cost: float = np.nan  # of a session; NaN: not known
