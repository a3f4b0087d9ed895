"""Issues, where they come from, and the customers who have them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats
from sim.distributions import TimeDistribution
from sim.model.bots import TalkChange


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """Where issues come from, and who can change it; empty where none is named."""

    name: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class OutboundCalls:
    """Calls by agents to customers before they contact the center.

    Attributes
    ----------
    queue : int
        Where the calls wait for agents; deferred.
    ahead : float
        How long before the contact the first call is due (s).
    attempts : int
    right_party : float
        Probability that a call reaches the customer.
    again, unanswered : TimeDistribution
        Delay to the next call, and agent time for a call that does not reach the customer.
    settled : float
        Share of those reached who make no contact.
    """

    queue: int
    ahead: float
    attempts: int
    right_party: float
    again: TimeDistribution
    unanswered: TimeDistribution
    settled: float


@dataclass(frozen=True, slots=True)
class IssueKind:
    """A reason for which customers contact the center.

    Attributes
    ----------
    name : str
    touchpoint : int
        -1 for none.
    change : TalkChange
        Of every contact about it.
    resolves, bot_contains, bot_resolves : float
        Multiply the shares resolved by agents, and contained and resolved by a bot.
    prevented : float
        Share that never arises.
    reached, settled : float
        Share reached by a message beforehand, and of these the share that makes no contact.
    message_cost : float
        Of each customer reached.
    outbound : OutboundCalls or None
    """

    name: str
    touchpoint: int = -1
    change: TalkChange = TalkChange()
    resolves: float = 1.0
    bot_contains: float = 1.0
    bot_resolves: float = 1.0
    prevented: float = 0.0
    reached: float = 0.0
    settled: float = 0.0
    message_cost: float = 0.0
    outbound: OutboundCalls | None = None


NO_KIND = IssueKind("")
"""What holds for issues of no kind."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the customers; ``value`` is of one customer and year, NaN where it is unknown."""

    name: str
    share: float
    value: float = np.nan
    patience: float = 1.0
    tries_bot: float = 1.0


NO_SEGMENT = Segment("", 1.0)
"""What holds for customers of no segment."""


@dataclass(frozen=True, slots=True)
class Journeys:
    """Kinds of issues, where they come from, and segments of customers.

    Attributes
    ----------
    touchpoints, kinds, segments : tuples, alphabetical by name
    kind_shares : ndarray, shape (queues, intervals, kinds)
        Share of new issues of a queue and interval that are of each kind, cumulated over kinds.
    segment_shares : ndarray, shape (queues, kinds + 1, segments)
        Share of the issues of a queue and kind that are of customers of each segment, cumulated
        over segments; first those of no kind.
    """

    touchpoints: tuple[Touchpoint, ...]
    kinds: tuple[IssueKind, ...]
    segments: tuple[Segment, ...]
    kind_shares: Floats
    segment_shares: Floats

    @property
    def owners(self) -> tuple[str, ...]:
        """Return the owners of touchpoints, alphabetical."""
        return tuple(sorted({point.owner for point in self.touchpoints} - {""}))

    @property
    def has_outbound(self) -> bool:
        """Return whether agents call customers before they contact the center."""
        return any(kind.outbound is not None for kind in self.kinds)

    def kind(self, number: int) -> IssueKind:
        """Return the kind with a number, -1 for none."""
        return NO_KIND if number < 0 else self.kinds[number]

    def segment(self, number: int) -> Segment:
        """Return the segment with a number, -1 for none."""
        return NO_SEGMENT if number < 0 else self.segments[number]
