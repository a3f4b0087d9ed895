"""Self-service in front of a queue."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ValidationInfo

from sim import units
from sim.scenario.distribution import Distribution, exponential
from sim.scenario.field_types import (
    Choice,
    Clock,
    Flag,
    Money,
    Name,
    Note,
    Record,
    Share,
    SomeLongSeconds,
    SomeSeconds,
    TalkChange,
    Whole,
    Written,
)

EASY = 0.5
"""Talk time of a contained contact relative to the mean, when the file says nothing; an
assumption not backed by data."""


class Takes(Written):
    """How long the contacts that self-service contains would have talked with an agent."""

    SHORT = 'mean talk time of what is contained, or "average" when it is as long as the rest'
    EXAMPLES = ("120s", "average")

    talk: Annotated[SomeSeconds | None, Note(unset="the average")] = None
    """Mean talk time of the contained contacts."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read a time or ``"average"``."""
        if isinstance(value, str) and value.strip().lower() == "average":
            return {}
        return {"talk": units.duration(value)}


class Handover(Record):
    """How a contact is handed over to an agent."""

    context: Annotated[Flag | None, Note(unset="true if `talk` is set")] = None
    """Whether agents see the session; if not, ``talk`` has no effect."""
    talk: Annotated[TalkChange, Note(unset="no change")] = TalkChange()
    """How the talk time changes when agents see the session."""
    carried: Annotated[
        Share | None,
        Note(
            unset="100% if `context`, else 0",
            later=True,
            sentence="{} of handed-over contacts come with context",
        ),
    ] = None
    """Share of handed-over contacts whose session agents see; ``talk`` holds for these."""
    lost: Annotated[
        TalkChange, Note(unset="no change", later=True, sentence="without context {}")
    ] = TalkChange()
    """How the talk time changes when agents do not see the session."""

    @property
    def carried_share(self) -> float:
        """Share of handed-over contacts whose session agents see."""
        if self.carried is not None:
            return self.carried
        seen = self.context is True or (self.context is None and bool(str(self.talk)))
        return 1.0 if seen else 0.0

    @property
    def change(self) -> TalkChange:
        """How the talk time changes: not at all when agents do not see the session."""
        return TalkChange() if self.context is False else self.talk


class Returns(Record):
    """Bounce-backs: contained but unresolved customers who contact an agent."""

    share: Share = 1.0
    """Share of contained but unresolved customers who contact an agent."""
    after: Distribution = exponential(3600.0)
    """Time until they contact an agent."""


class Outage(Record):
    """An outage of self-service."""

    day: Annotated[int, Whole(1, 366)] = 1
    """Day of the horizon, counted from 1."""
    start: Clock
    """Time of day."""
    length: SomeLongSeconds
    """How long it lasts."""


class Bot(Record):
    """Self-service in front of a queue; shares are of sessions unless said otherwise."""

    queue: Annotated[Name | None, Note(unset="NAME", section="Bot")] = None
    """The queue behind it."""
    kind: Annotated[str, Choice("bot", "ivr", "faq"), Note(section="Bot")] = "bot"
    """Sort of self-service, named in reports."""
    tried: Annotated[Share, Note(section="Bot")] = 1.0
    """Share of arriving contacts that use it."""
    session: Annotated[Distribution, Note(section="Bot")]
    """Distribution of the session length."""
    contained: Annotated[Share, Note(section="Bot")]
    """Share of sessions that end without asking for an agent."""
    resolved: Annotated[Share, Note(section="Bot")] = 1.0
    """Share of contained sessions that truly resolve the issue."""
    left: Annotated[Share, Note(section="Bot")] = 0.0
    """Share of sessions abandoned in the bot."""
    takes: Annotated[Takes | None, Note(unset="half the mean talk, uncalibrated")] = None
    """Mean talk time that a contained session saves: ``"120s"``, ``{ talk = "120s" }`` or
    ``"average"``."""
    handover: Annotated[Handover, Note(unset="no change")] = Handover()
    """``{ context = true, talk = "-25s" }``: agents see the session, which changes their talk
    time; with ``context = false`` they do not, and ``talk`` has no effect. By default
    ``context`` is true if ``talk`` is set."""
    returns: Annotated[Returns, Note(unset="as shown")] = Returns()
    """``{ share = "100%", after = "exponential 1h" }``: share and delay of contained but
    unresolved customers who contact an agent."""
    cost: Annotated[
        Money | None,
        Note(unset="none", section="Bot", sentence="a session costs {}", later=True),
    ] = None
    """Cost of a session."""
    outage: Annotated[tuple[Outage, ...], Note(unset="none")] = ()
    """``[{ day = 1, start = "10:00", length = "2h" }]``: all contacts go to agents."""

    @property
    def taken(self) -> float:
        """Share of arriving contacts that the bot contains."""
        return self.tried * self.contained

    @property
    def passed(self) -> float:
        """Share of arriving contacts that reach agents."""
        return 1 - self.tried * (self.contained + self.left)

    @property
    def back(self) -> float:
        """Share of arriving contacts that is contained, not resolved and bounces back to agents."""
        return self.taken * (1 - self.resolved) * self.returns.share

    def taken_talk(self, mean_talk: float) -> float:
        """Return the mean talk time (s) of what is contained, given that of all contacts."""
        if self.takes is None:
            return EASY * mean_talk
        return mean_talk if self.takes.talk is None else self.takes.talk

    def residual(self, mean_talk: float) -> float:
        """Return the factor on the talk time of what is left for agents.

        With m the mean talk of all contacts, c the share contained and t the talk of the
        contained, the rest talks (m - c t) / (1 - c) on average.

        Parameters
        ----------
        mean_talk : float
            Mean talk time of all contacts in seconds, above zero.

        Returns
        -------
        float
            At or below zero when more is taken than there is.
        """
        c = self.taken
        if c >= 1 or mean_talk <= 0:
            return 1.0
        return (mean_talk - c * self.taken_talk(mean_talk)) / ((1 - c) * mean_talk)

    def comeback(self, mean_talk: float) -> float:
        """Return the factor on the talk time of bounce-backs: they bring the easy work.

        What was contained without being resolved talks as long as the contained would have
        talked, so that no work is lost when nothing is resolved.

        Parameters
        ----------
        mean_talk : float
            Mean talk time of all contacts in seconds.
        """
        return self.taken_talk(mean_talk) / mean_talk if mean_talk > 0 else 1.0
