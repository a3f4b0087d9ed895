"""A queue: what arrives, how it waits, how it is handled, and what follows."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo

from sim import units
from sim.scenario.calendar import Opening
from sim.scenario.distribution import Distribution, fixed
from sim.scenario.distribution_series import (
    Patiences,
    PatienceSeries,
    SeriesOrNone,
    Times,
    TimesOrNone,
)
from sim.scenario.field_types import (
    Choice,
    Flag,
    Money,
    Name,
    Note,
    Ratio,
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
from sim.scenario.queue_waiting import Announce, Silent
from sim.scenario.series import Series
from sim.scenario.volume import Volume

DEFERRED_CHANNELS = ("email", "case", "cases", "back office", "mail", "letter")
VOICE_CHANNELS = ("voice", "phone", "telephone")
_TARGET = re.compile(r"\s*(\S+(?:\s+%)?)\s*(?:in|within|/)\s*(.+?)\s*", re.IGNORECASE)
_ON_TIME = re.compile(r"\s*(\S+(?:\s+%)?)\s+on time\s*", re.IGNORECASE)
LATER = 1800.0
"""Time (s) until a callback joins the queue, when it comes later and the file says no time."""
NextTalk = Annotated[TalkChange, Note(unset="no change", lands="change", sentence="with {}")]
"""How the talk time of a further leg differs."""
LostTalk = Annotated[TalkChange, Note(unset="no change", later=True, sentence="without context {}")]
"""How the talk time of a further leg differs when context is lost."""
TARGET_FORM = '"80% in 20s" or "95% on time"'


class Target(Written):
    """What a queue should reach: ``"80% in 20s"``, or ``"95% on time"`` for deferred work."""

    SHORT = TARGET_FORM
    EXAMPLES = ("80% in 20s", "95% on time")

    service_level: Share = 0.8
    """Share that is to be answered in time."""
    within: Annotated[Seconds | None, Note(unset="`due`")] = None
    """Longest wait that counts as in time; left out for "on time", which means the due time."""
    variant: Annotated[Variant | None, Note(unset="the queue's, else the center's")] = None
    """Formula of the service level."""

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
    """A retrial after an abandonment or a busy signal."""

    share: Annotated[Share, Note(lands="after_abandon")]
    """Share of those who abandon that call back later."""
    busy: Annotated[Share | None, Note(unset="`share`", sentence="after a busy signal {}")] = None
    """The same share for those who got a busy signal."""
    after: Annotated[Distribution, Note(lands="delay")]
    """Distribution of the delay."""
    at_most: Annotated[int, Whole(1, 20)] = 3
    """Maximum number of retrials of one contact."""
    by: Annotated[Name | None, Note(unset="the same queue")] = None
    """Queue or channel of the retrial."""
    patience: Annotated[str, Choice("kept", "new"), Note(sentence="with the same patience")] = "new"
    """The patience of a retrial is drawn anew (``"new"``) or that of the first contact
    (``"kept"``)."""


class Repeat(Record):
    """Coming back because the issue was not resolved."""

    share: Share
    """Share of the customers with an unresolved issue who contact the center a second time."""
    after: Annotated[Distribution, Note(lands="delay")]
    """Distribution of the delay."""
    at_most: Annotated[int, Whole(1, 20)] = 3
    """Maximum number of repeat contacts for one issue."""
    by: Annotated[Name | None, Note(unset="the same queue")] = None
    """Queue or channel of the repeat contact."""
    talk: NextTalk = TalkChange()
    """Change of talk because context is lost or available."""
    carried: Annotated[
        Share | None,
        Note(unset="context is not modelled", later=True, sentence="{} come with context"),
    ] = None
    """Share of repeat contacts that come with context: agents know what was said before."""
    lost: LostTalk = TalkChange()
    """Further change of talk without context; needs ``carried``."""


class Transfer(Written):
    """Being passed on to another queue after the talk."""

    SHORT = "share of handled contacts that are passed on to the queue"
    EXAMPLES = ("6%", 0.06)

    share: Share
    """Share of handled contacts that are transferred."""
    warm: Annotated[Flag, Note(sentence="warm")] = False
    """The agent stays until the next one answers."""
    talk: NextTalk = TalkChange()
    """Change of talk after the transfer."""
    carried: Annotated[
        Share | None, Note(unset="context is not modelled", later=True, sentence="{} with context")
    ] = None
    """Share of transfers that come with context."""
    lost: LostTalk = TalkChange()
    """Further change of talk without context; needs ``carried``."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read the share."""
        return {"share": units.share(value)}


class Callback(Record):
    """An offer to be called back instead of waiting."""

    offer_after: Annotated[Seconds | None, Note(unset="this or `offer_at`")] = None
    """Wait after which a callback is offered."""
    offer_at: Annotated[Annotated[int, Whole(1)] | None, Note(unset="this or `offer_after`")] = None
    """Position in the queue on arrival from which on a callback is offered; 1 is the first who
    waits."""
    accepted: Share
    """Share of those offered that accept."""
    answered: Share = 1.0
    """Probability that the customer answers each call."""
    tries: Annotated[int, Whole(1, 20)] = 1
    """Maximum number of calls to reach the customer."""
    place: Annotated[str, Choice("kept", "later")] = "kept"
    """The place in the queue is ``"kept"``, or the call is made ``"later"``."""
    after: Annotated[Distribution | None, Note(unset="30min")] = None
    """With ``place = "later"``, distribution of the delay."""
    dial: Distribution = fixed(20.0)
    """Agent time for a call that is not answered."""
    again: Distribution = fixed(1800.0)
    """Delay to the next call."""


class Waited(Record):
    """What a long wait does to resolution."""

    over: SomeLongSeconds
    """Waits longer than this."""
    factor: Ratio
    """Multiplies the share resolved."""


class Resolution(Record):
    """What changes the share of contacts that resolve their issue."""

    transferred: Annotated[Ratio, Note(sentence="{} of it for each transfer")] = 1.0
    """Multiplies the share resolved, once for each transfer of the contact so far."""
    context_lost: Annotated[Ratio, Note(sentence="{} of it where context was lost")] = 1.0
    """Multiplies the share resolved by a leg that came without context."""
    waited: Annotated[Waited | None, Note(unset="no effect")] = None
    """``{ over = "5min", factor = "95%" }``: multiplies the share resolved after a longer wait."""


class Queue(Record):
    """One queue: contacts of one channel that wait together."""

    channel: Annotated[Name, AfterValidator(str.lower), Note(section="Arrivals")] = "voice"
    """Any name, in lower case: voice, chat, email, case, social, messaging, back office, …."""
    deferred: Annotated[
        Flag | None, Note(unset="true for email, case, back office", section="Arrivals")
    ] = None
    """Work that is carried over at closing and yields to live contacts."""
    open: Annotated[
        Opening | None,
        Note(unset="the center's; deferred: around the clock", section="Arrivals"),
    ] = None
    """Hours of this queue, as in ``[center]``."""
    volume: Annotated[Volume, Note(section="Arrivals")]
    """Arriving contacts, see below."""
    profile: Annotated[Series | None, Note(unset="flat", section="Arrivals")] = None
    """Weights per open interval (list or column) that distribute a volume "a day"."""
    volume_is: Annotated[str, Choice("observed", "new"), Note(section="Arrivals")] = "observed"
    """``"observed"``: the volume includes today's repeat contacts; ``"new"``: first contacts
    only."""
    talk: Annotated[Times, Note(section="Handling")]
    """Distribution of the talk time; for chats the whole chat with an agent who has no other, for
    email the work; a list or column has one per open interval."""
    hold: Annotated[TimesOrNone, Note(unset="none", section="Handling")] = SeriesOrNone(time=0.0)
    """Distribution of the hold time, also by interval."""
    wrap: Annotated[TimesOrNone, Note(unset="none", section="Handling")] = SeriesOrNone(time=0.0)
    """Distribution of the wrap-up time, also by interval."""
    patience: Annotated[Patiences, Note(section="Waiting")] = PatienceSeries(law="unlimited")
    """Distribution of the wait after which a customer hangs up; a bare time such as ``"4min"`` is
    the mean of an exponential distribution, as in ``ccplan erlang`` and ``staff``; with
    ``"deterministic 4min"`` everyone hangs up after exactly that time; also by interval."""
    balk: Annotated[Share, Note(section="Waiting", sentence="{} leave rather than wait")] = 0.0
    """Share of those who would have to wait that hang up at once."""
    lines: Annotated[
        Annotated[int, Whole(0)] | None, Note(unset="no bound", sentence="{} trunks")
    ] = None
    """Trunks of this queue: contacts in self-service, waiting or talking at the same time; further
    callers get a busy signal."""
    limit: Annotated[
        Annotated[int, Whole(0)] | None, Note(unset="no bound", sentence="at most {} waiting")
    ] = None
    """Maximum number of waiting contacts."""
    longest_wait: Annotated[
        SomeSeconds | None, Note(unset="no bound", sentence="a message is taken after {}")
    ] = None
    """Wait after which a message is taken and the contact ends."""
    priority: Annotated[
        int, Whole(-1000, 1000), Note(sentence="priority {} (higher goes first)")
    ] = 1
    """The higher number is served first."""
    weight: Annotated[
        SomeRatio, Note(unset="`1`", sentence="waits weigh {} among queues of the same priority")
    ] = 1.0
    """Among equal priorities the greatest (wait + ``head_start``) × weight is served first."""
    head_start: Annotated[
        Seconds,
        Note(sentence="waits count {} longer among queues of the same priority", later=True),
    ] = 0.0
    """Among equal priorities waits count as longer by this time."""
    target: Annotated[
        Target | None, Note(unset='`"80% in 20s"`, deferred `"80% on time"`', section="Waiting")
    ] = None
    """``"80% in 20s"``, ``"95% on time"`` (deferred, needs ``due``), or ``{ service_level = "80%",
    within = "20s", variant = "answered_only" }``; for deferred queues the time is the due time
    and must equal ``due``."""
    variant: Annotated[Variant | None, Note(unset="the center's")] = None
    """Formula of the service level, as in ``[center]``."""
    short: Annotated[
        Seconds | None,
        Note(unset="the center's", sentence="abandonments within {} count as short"),
    ] = None
    """An abandonment after at most this wait is "short"."""
    due: Annotated[SomeLongSeconds | None, Note(unset="the time of `target`, else none")] = None
    """Deferred work: time allowed from arrival to completion."""
    backlog: Annotated[int, Whole(0), Note(sentence="a backlog of {} at the start")] = 0
    """Contacts already waiting at the start."""
    when_interrupted: Annotated[str, Choice("continue", "start over")] = "continue"
    """Interrupted work is continued (``"continue"``) or repeated from the start (``"start
    over"``)."""
    route: Annotated[
        str,
        Choice("longest idle", "least busy", "fastest", "best resolver"),
        Note(sentence="agents of the same level are chosen by the rule {}"),
    ] = "longest idle"
    """Which agent is chosen among groups of the same level."""
    resolved: Annotated[Share | None, Note(unset="not modelled", section="Handling")] = None
    """Share of handled contacts that resolve the issue."""
    resolution: Annotated[
        Resolution | None, Note(unset="no effect", section="Handling", later=True)
    ] = None
    """What lowers or raises ``resolved``: ``{ transferred = "86%", context_lost = "90%" }``."""
    retry: Annotated[Retry | None, Note(unset="none", section="Recontacts")] = None
    """Retrials after abandonment or a busy signal."""
    repeat: Annotated[Repeat | None, Note(unset="none", section="Recontacts")] = None
    """Repeat contacts because the issue was not resolved; needs ``resolved``."""
    transfer: Annotated[dict[Name, Transfer], Note(unset="none", section="Handling")] = Field(
        default_factory=dict
    )
    """By queue, the share of handled contacts that are transferred: ``{ cards = "6%" }`` or ``{
    cards = { share = "6%", warm = true, talk = "-25s" } }``."""
    callback: Annotated[Callback | None, Note(unset="none", section="Waiting")] = None
    """Callback offer."""
    cost_per_minute: Annotated[
        Money | None,
        Note(unset="none", section="Handling", sentence="a minute costs {}", later=True),
    ] = None
    """Telephony cost of a minute: in self-service, in the queue, in talk and on hold."""
    silent: Annotated[Silent | None, Note(unset="none", section="Waiting", later=True)] = None
    """Customers who leave without a word, as in chat: ``{ waiting = "40%", within = "5%", noticed =
    "exponential 2min" }``."""
    announce: Annotated[Announce | None, Note(unset="none", section="Waiting", later=True)] = None
    """The wait is announced to those who are not answered at once, see below: ``{ balk = "5%",
    patience = "80%" }``, ``{}``."""

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
