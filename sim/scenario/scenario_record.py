"""The fields of a whole scenario, which checks and descriptions read."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario.bot import Bot
from sim.scenario.center import Center, Experiment
from sim.scenario.common_target import CommonTarget
from sim.scenario.event import Event
from sim.scenario.field_types import Name, Note, Record
from sim.scenario.group import Group
from sim.scenario.journeys import Issue, Segment, Touchpoint
from sim.scenario.lever import Lever
from sim.scenario.pattern import Pattern, ShiftPlanning
from sim.scenario.queue import Queue
from sim.scenario.satisfaction import Satisfaction


class ScenarioFields(Record):
    """What a scenario file holds; :class:`~sim.scenario.Scenario` reads, checks and changes it."""

    center: Center = Center()
    """The center: calendar and what all queues share."""
    queue: dict[Name, Queue] = Field(default_factory=dict)
    """Queues by name."""
    bot: dict[Name, Bot] = Field(default_factory=dict)
    """Self-service, by the name of the queue it stands in front of."""
    group: dict[Name, Group] = Field(default_factory=dict)
    """Groups of agents by name."""
    pattern: Annotated[dict[Name, Pattern], Note(later=True)] = Field(default_factory=dict)
    """Shift patterns by name, for planning shifts."""
    shift_planning: Annotated[ShiftPlanning, Note(later=True)] = ShiftPlanning()
    """What all shift patterns share."""
    target: Annotated[dict[Name, CommonTarget], Note(later=True)] = Field(default_factory=dict)
    """Several queues taken as one, by name."""
    satisfaction: Annotated[Satisfaction | None, Note(unset="not modelled", later=True)] = None
    """What makes customers satisfied; its presence adds the metrics of customer experience."""
    touchpoint: Annotated[dict[Name, Touchpoint], Note(later=True)] = Field(default_factory=dict)
    """Where issues come from, by name."""
    issue: Annotated[dict[Name, Issue], Note(later=True)] = Field(default_factory=dict)
    """Reasons for which customers contact the center, by name."""
    segment: Annotated[dict[Name, Segment], Note(later=True)] = Field(default_factory=dict)
    """Parts of the customers, by name."""
    lever: dict[Name, Lever] = Field(default_factory=dict)
    """Changes that money can buy, by name; they take effect only in ``ccplan invest``."""
    event: Annotated[dict[Name, Event], Note(later=True)] = Field(default_factory=dict)
    """Events by name."""
    experiment: Experiment = Experiment()
    """Defaults of an experiment."""

    @property
    def has_journeys(self) -> bool:
        """Whether it says anything of issues and customers, so that these are added up."""
        if self.touchpoint or self.issue or self.segment or self.satisfaction:
            return True
        if any(bot.handover.carried is not None for bot in self.bot.values()):
            return True
        return any(
            way is not None and way.carried is not None
            for queue in self.queue.values()
            for way in (queue.repeat, *queue.transfer.values())
        )

    def bot_of(self, queue: str) -> tuple[str, Bot] | None:
        """Return name and fields of the self-service in front of a queue, or None."""
        for name, bot in self.bot.items():
            if (bot.queue or name) == queue:
                return name, bot
        return None

    def queues_meant(self, word: str) -> list[str]:
        """Return the queues that a word means: a queue, all of a channel, or all "live" ones."""
        if word in self.queue:
            return [word]
        if word.lower() == "live":
            return [name for name, queue in self.queue.items() if not queue.is_deferred]
        return [n for n, queue in self.queue.items() if queue.channel.lower() == word.lower()]

    def target_queues(self, target: CommonTarget) -> list[str]:
        """Return the queues that belong to a target, in the order of the scenario."""
        channels = {word.lower() for word in target.channels}
        served = {queue for name in target.groups for queue in self.group[name].skills}
        return [
            name
            for name, queue in self.queue.items()
            if name in target.queues or queue.channel.lower() in channels or name in served
        ]

    def followers(self, name: str, by: str | None) -> list[str]:
        """Return the queues that ``by`` may mean for a contact of a queue; one when it is clear.

        ``by`` is a queue or a channel. A channel means the contact's own queue when that is of
        the channel, else the only queue of the channel.
        """
        if by is None or by == name:
            return [name]
        if by in self.queue:
            return [by]
        same = [q for q, fields in self.queue.items() if fields.channel.lower() == by.lower()]
        return [name] if name in same else same
