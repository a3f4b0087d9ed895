"""Where issues come from and who has them: touchpoints, issues and segments of customers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario.distribution import Distribution, TimeOrNone, fixed
from sim.scenario.field_types import (
    Money,
    Name,
    Note,
    Ratio,
    Record,
    Share,
    SomeLongSeconds,
    SomeRatio,
    TalkChange,
    Whole,
)
from sim.scenario.queue import NextTalk
from sim.scenario.volume import Volume

Shares = dict[Name, Share]
"""Shares by the name of a queue."""


class Touchpoint(Record):
    """Where issues arise before customers contact the center: a product, the web site, delivery."""

    owner: Annotated[Name | None, Note(unset="none", sentence="can be changed by {}")] = None
    """Who inside the company can change it; metrics add up issues by owner."""


class Notice(Record):
    """A message to customers before they contact the center."""

    reached: Share
    """Share of the customers concerned who are reached."""
    settled: Share
    """Share of those reached who need no contact any more."""
    cost: Annotated[Money, Note(sentence="{} for each customer reached")] = 0.0
    """Cost of a message, for each customer reached."""


class Outbound(Record):
    """Calls that agents make to customers before they contact the center."""

    queue: Name
    """The deferred queue of these calls: agents who have the skill make them when no live contact
    waits, within its hours ``open``; ``talk``, ``hold`` and ``wrap`` are those of the queue."""
    ahead: SomeLongSeconds
    """How long before the contact the first call is due; outside the hours it is due at the next
    opening."""
    attempts: Annotated[int, Whole(1, 20)] = 1
    """Maximum number of calls to reach the customer."""
    right_party: Share
    """Probability that a call reaches the customer: the right party contact rate."""
    again: TimeOrNone = fixed(3600.0)
    """Delay to the next call after one that did not reach the customer."""
    unanswered: Annotated[Distribution, Note(sentence="{} for a call without an answer")] = fixed(
        30.0
    )
    """Agent time for a call that does not reach the customer; the default is an assumption."""
    settled: Share
    """Share of those reached who need no contact any more."""


class Issue(Record):
    """A reason for which customers contact the center."""

    touchpoint: Annotated[Name | None, Note(unset="none")] = None
    """The touchpoint it comes from."""
    queues: Annotated[Shares, Note(unset="this or `volume`")] = Field(default_factory=dict)
    """By queue, the share of its new contacts that are about it: ``{ calls = "25%" }``. The shares
    of a queue add up to at most 100 %; the others are about nothing in particular."""
    volume: Annotated[Volume | None, Note(unset="this or `queues`")] = None
    """New issues as an own volume, expected numbers written like that of a queue, and added to
    the volumes of the queues of ``first``."""
    first: Annotated[Shares, Note(unset="required with `volume`")] = Field(default_factory=dict)
    """With ``volume``, the queues that customers contact first, with shares that add up to 100 %.
    In each of them the volume follows its hours and profile."""
    talk: NextTalk = TalkChange()
    """How the talk time differs from that of the queue, in every contact about it."""
    resolves: Annotated[Ratio, Note(sentence="an agent resolves {} of the queue's share")] = 1.0
    """Multiplies the share that agents resolve."""
    bot_contains: Annotated[Ratio, Note(sentence="a bot contains {} of its usual share")] = 1.0
    """Multiplies ``contained`` of a bot."""
    bot_resolves: Annotated[Ratio, Note(sentence="a bot resolves {} of its usual share")] = 1.0
    """Multiplies ``resolved`` of a bot."""
    prevented: Annotated[Share, Note(sentence="{} never arise")] = 0.0
    """Share that never arises, because the cause was repaired: the volumes are those without the
    repair."""
    notice: Annotated[Notice | None, Note(unset="none")] = None
    """A message before the contact, ``{ reached = "60%", settled = "40%", cost = 0.08 }``: who is
    reached and settled does not contact the center."""
    outbound: Annotated[Outbound | None, Note(unset="none", later=True)] = None
    """Calls by agents before the contact, ``{ queue = "outreach", ahead = "2h", attempts = 3,
    right_party = "35%", again = "1h", settled = "60%" }``: who is reached and settled does not
    contact the center."""


class Segment(Record):
    """A part of the customers."""

    share: Share
    """Share of all customers; the shares add up to at most 100 %, the others have no segment."""
    value: Annotated[Money | None, Note(unset="none", sentence="worth {} a year each")] = None
    """What a customer is worth in a year, in any currency."""
    patience: Annotated[SomeRatio, Note(sentence="{} of the patience of the queue")] = 1.0
    """Multiplies the patience."""
    tries_bot: Annotated[Ratio, Note(sentence="try a bot {} as often as others")] = 1.0
    """Multiplies ``tried`` of a bot."""
    first: Annotated[Shares, Note(unset="that of the issue")] = Field(default_factory=dict)
    """For issues with a volume of their own, the queues that these customers contact first, instead
    of the ``first`` of the issue; the shares add up to 100 %."""
