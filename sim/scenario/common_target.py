"""Several queues taken as one: their metrics, and a goal for all of them together."""

from __future__ import annotations

from typing import Annotated

from sim.scenario.field_types import Names, Note, Record
from sim.scenario.queue import Target

MEMBERS = ("queues", "channels", "groups")
"""The fields of which one says what belongs to it."""


class CommonTarget(Record):
    """Several queues taken as one, named one by one, by channels or by the groups serving them."""

    queues: Annotated[Names, Note(unset="this, `channels` or `groups`")] = ()
    """Names of queues: ``["billing", "orders"]``."""
    channels: Annotated[Names, Note(unset="this, `queues` or `groups`")] = ()
    """All queues of these channels."""
    groups: Annotated[Names, Note(unset="this, `queues` or `channels`")] = ()
    """All queues that any of these groups serves; their contacts count whoever handles them."""
    goal: Annotated[Target | None, Note(unset="none: each queue by its own target")] = None
    """``"80% in 20s"`` of all contacts together (live queues only), or ``"95% on time"`` where all
    queues are deferred; each of these keeps its own due time."""

    @property
    def member_fields(self) -> list[str]:
        """Return which of the fields of members the file sets."""
        return [key for key in MEMBERS if key in self.model_fields_set]
