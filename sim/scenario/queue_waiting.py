"""What customers of a queue do who wait: announced waits, and leaving without a word."""

from __future__ import annotations

from typing import Annotated

from sim.scenario.distribution import TimeOrNone
from sim.scenario.field_types import Note, Record, Share, SomeRatio


class Silent(Record):
    """Customers of a live queue, such as a chat, who leave without a word."""

    waiting: Annotated[Share, Note(sentence="{} of those whose patience ends leave silently")] = 0.0
    """Share of those whose patience ends who do not close the chat: it waits on until an agent
    takes it up and notices."""
    within: Annotated[Share, Note(sentence="{} of the answered leave silently during the talk")] = (
        0.0
    )
    """Share of the answered who leave during the talk, at a random point of it; their issue is not
    resolved."""
    noticed: TimeOrNone
    """Distribution of the talk until the agent notices that the customer has left."""


class Announce(Record):
    """An announced wait: what customers do on hearing how long they would wait."""

    scale: Annotated[SomeRatio, Note(unset="`1`", sentence="{} of the estimate is announced")] = 1.0
    """The announced wait as a multiple of the estimate, such as ``"80%"`` where it is too short."""
    balk: Annotated[Share, Note(sentence="{} more balk for each announced minute")] = 0.0
    """Share who leave at once for each announced minute, in addition to the queue's ``balk``."""
    patience: Annotated[
        SomeRatio, Note(unset="`1`", sentence="patience of those who stay is {}")
    ] = 1.0
    """Multiplies the patience of those who stay."""
    accept: Annotated[
        Share, Note(sentence="{} more accept a callback for each announced minute")
    ] = 0.0
    """Share who accept a callback for each announced minute, in addition to ``accepted``."""
