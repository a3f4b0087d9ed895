"""A queue: what arrives, how it waits, how it is handled, and what follows."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo

from sim import units
from sim.scenario.calendar import Opening
from sim.scenario.distribution import Distribution, Patience, TimeOrNone, fixed
from sim.scenario.field_types import (
    Choice,
    Flag,
    Name,
    Record,
    Seconds,
    Share,
    SomeLongSeconds,
    SomeRatio,
    SomeSeconds,
    TalkChange,
    Variant,
    Whole,
    Written,
)
from sim.scenario.series import Series, Volume

DEFERRED_CHANNELS = ("email", "case", "cases", "back office", "mail", "letter")
VOICE_CHANNELS = ("voice", "phone", "telephone")
_TARGET = re.compile(r"\s*(\S+(?:\s+%)?)\s*(?:in|within|/)\s*(.+?)\s*", re.IGNORECASE)
_ON_TIME = re.compile(r"\s*(\S+(?:\s+%)?)\s+on time\s*", re.IGNORECASE)
LATER = 1800.0
"""Time (s) until a callback joins the line, when it comes later and the file says no time."""
TARGET_FORM = '"80% in 20s" or "95% on time"'


class Target(Written):
    """What a queue should reach: ``"80% in 20s"``, or ``"95% on time"`` for deferred work."""

    SHORT = TARGET_FORM
    EXAMPLES = ("80% in 20s", "95% on time")

    service_level: Share = 0.8
    """Share that is to be answered in time."""
    within: Seconds | None = None
    """Longest wait that counts as in time; left out for "on time", which means the due time."""
    variant: Variant | None = None
    """Formula of the service level; the queue's or the center's unless given."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read ``"80% in 20s"`` or ``"95% on time"``."""
        text = value if isinstance(value, str) else ""
        if match := units.matched(_ON_TIME, text):
            return {"service_level": units.share(match[1])}
        match = units.matched(_TARGET, text)
        if match is None:
            raise ValueError(f"{value!r} is not a target; allowed: {TARGET_FORM}")
        share = match[1] if "/" not in text or "%" in match[1] else f"{match[1]}%"
        return {"service_level": units.share(share), "within": units.duration(match[2])}


class Retry(Record):
    """Trying again after an abandonment or a busy line."""

    share: Share
    """Share of those who abandon that try again."""
    busy: Share | None = None
    """Share of those who met a busy line that try again; as ``share`` unless given."""
    after: Distribution
    """Time until they try again."""
    at_most: Annotated[int, Whole(1, 20)] = 3
    """Most further attempts of one contact."""
    by: Name | None = None
    """Queue or channel of the further attempt; the same queue unless given."""
    patience: Annotated[str, Choice("kept", "new")] = "new"
    """Whether the next attempt is as patient as the first or draws anew."""


class Repeat(Record):
    """Coming back because the issue was not resolved."""

    share: Share
    """Share of the unresolved that come back."""
    after: Distribution
    """Time until they come back."""
    at_most: Annotated[int, Whole(1, 20)] = 3
    """Most further contacts for one issue."""
    by: Name | None = None
    """Queue or channel of the further contact; the same queue unless given."""
    talk: TalkChange = TalkChange()
    """How the talk time of the further contact differs, as context is lost or kept."""


class Transfer(Written):
    """Being passed on to another queue after the talk."""

    SHORT = "share of handled contacts that are passed on to the queue"
    EXAMPLES = ("6%", 0.06)

    share: Share
    """Share of handled contacts that are passed on."""
    warm: Flag = False
    """The agent stays on the line until the next one answers."""
    talk: TalkChange = TalkChange()
    """How the talk time of the further leg differs."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read the share."""
        return {"share": units.share(value)}


class Callback(Record):
    """An offer to be called back instead of waiting."""

    offer_after: Seconds | None = None
    """Wait after which it is offered."""
    offer_at: Annotated[int, Whole(1)] | None = None
    """Place in line from which on it is offered at arrival (1 is the first to wait)."""
    accepted: Share
    """Share of those offered that accept."""
    answered: Share = 1.0
    """Chance that a customer answers when called back."""
    tries: Annotated[int, Whole(1, 20)] = 1
    """Most attempts to reach the customer."""
    place: Annotated[str, Choice("kept", "later")] = "kept"
    """Whether the place in line is kept, or the call comes after a time of its own."""
    after: Distribution | None = None
    """With place "later": time until the call joins the line; 30min unless given."""
    dial: Distribution = fixed(20.0)
    """Agent's time for an attempt that nobody answers."""
    again: Distribution = fixed(1800.0)
    """Time until the next attempt joins the line."""


class Queue(Record):
    """One queue: contacts of one channel that wait together."""

    channel: Annotated[Name, AfterValidator(str.lower)] = "voice"
    """Channel, a free word in lower case: voice, chat, email, case, social, messaging, …"""
    deferred: Flag | None = None
    """Work that waits over closing time and yields to live contacts; true for email, case
    and back office unless given."""
    open: Opening | None = None
    """Opening hours; the center's unless given, for deferred queues round the clock."""
    volume: Volume
    """Contacts that arrive, per interval of the center."""
    profile: Series | None = None
    """Weights per open interval that spread a volume given by the day; flat unless given."""
    volume_is: Annotated[str, Choice("observed", "new")] = "observed"
    """Whether the volume holds today's repeats ("observed") or first contacts only ("new")."""
    talk: Distribution
    """Talk time: all of the agent's time with the customer but holds; for chats and deferred
    work the time of work on it."""
    hold: TimeOrNone = fixed(0.0)
    """Time on hold within the contact, which keeps the agent too; none unless given."""
    wrap: TimeOrNone = fixed(0.0)
    """Work after the contact; none unless given."""
    patience: Patience = Distribution(law="unlimited")
    """Longest time a customer waits; a bare time such as "4min" is the mean of an exponential
    law, "deterministic 4min" the same for everybody; unlimited unless given."""
    balk: Share = 0.0
    """Share of those who would have to wait that leave at once."""
    lines: Annotated[int, Whole(0)] | None = None
    """Lines: contacts in self-service, waiting or talking at once; no bound unless given."""
    limit: Annotated[int, Whole(0)] | None = None
    """Contacts waiting at once; no bound unless given."""
    longest_wait: SomeSeconds | None = None
    """Wait after which a message is taken and the contact ends; no bound unless given."""
    priority: Annotated[int, Whole(-1000, 1000)] = 1
    """Higher goes first."""
    weight: SomeRatio = 1.0
    """Among equal priorities the greatest wait times weight goes first; above zero."""
    target: Target | None = None
    """Service that should be reached; unless given 80% in 20s, for deferred queues on time."""
    variant: Variant | None = None
    """Formula of the service level; the center's unless given."""
    short: Seconds | None = None
    """Wait up to which an abandonment is "short"; the center's unless given."""
    due: SomeLongSeconds | None = None
    """Deferred work: time from arrival to be finished in."""
    backlog: Annotated[int, Whole(0)] = 0
    """Contacts that wait already when the horizon begins."""
    when_interrupted: Annotated[str, Choice("continue", "start over")] = "continue"
    """Whether interrupted work goes on where it stopped."""
    route: Annotated[str, Choice("longest idle", "least busy", "fastest", "best resolver")] = (
        "longest idle"
    )
    """Which agent is chosen among groups of the same level."""
    resolved: Share | None = None
    """Share of handled contacts that resolve the issue; not modelled unless given."""
    retry: Retry | None = None
    """Trying again after an abandonment or a busy line."""
    repeat: Repeat | None = None
    """Coming back because the issue was not resolved; needs ``resolved``."""
    transfer: dict[Name, Transfer] = Field(default_factory=dict)
    """Share of handled contacts passed on, by queue."""
    callback: Callback | None = None
    """Offer to be called back."""

    @property
    def is_deferred(self) -> bool:
        """Whether work waits over closing time and yields to live contacts."""
        if self.deferred is not None:
            return self.deferred
        return self.channel.lower().replace("_", " ") in DEFERRED_CHANNELS

    @property
    def due_s(self) -> float | None:
        """Time from arrival in which to finish (s); that of the target when none is written."""
        if self.due is None and self.is_deferred and self.target is not None:
            return self.target.within
        return self.due

    @property
    def is_voice(self) -> bool:
        """Whether contacts take up the center's lines."""
        return self.channel.lower() in VOICE_CHANNELS

    @property
    def hands(self) -> float:
        """Mean time an agent spends with one contact (s), before any effect of a bot."""
        return self.talk.mean + self.hold.mean + self.wrap.mean
