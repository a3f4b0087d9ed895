"""Several queues taken as one: their metrics, and a goal for all of them together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from sim.scenario.field_types import Names, Note, Record
from sim.scenario.problems import Problem, listed, nearest
from sim.scenario.queue import Target

if TYPE_CHECKING:
    from sim.scenario.scenario_record import ScenarioFields

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


def target_queues(scenario: ScenarioFields, target: CommonTarget) -> list[str]:
    """Return the queues that belong to a target, in the order of the scenario."""
    channels = {word.lower() for word in target.channels}
    served = {q for name in target.groups for q in scenario.group[name].skills}
    return [
        name
        for name, queue in scenario.queue.items()
        if name in target.queues or queue.channel.lower() in channels or name in served
    ]


def unknown_members(scenario: ScenarioFields, path: str, target: CommonTarget) -> Iterator[Problem]:
    """Yield a problem for members that are missing, unknown or named twice."""
    fields = target.member_fields
    if len(fields) != 1:
        found = f"has {' and '.join(fields)}" if fields else "does not say what belongs to it"
        yield Problem(path, f"{found}; allowed: one of {listed(MEMBERS)}")
        return
    (key,) = fields
    names: tuple[str, ...] = getattr(target, key)
    known = _known(scenario, key)
    if not names:
        yield Problem(f"{path}.{key}", f"is an empty list; allowed: some of {listed(known)}")
    seen = set()
    for name in names:
        word = name.lower() if key == "channels" else name
        if word not in known:
            message = f"the {key[:-1]} {name!r} is unknown; allowed: {listed(known)}."
            yield Problem(f"{path}.{key}", message, name, nearest(name, known))
        elif word in seen:
            yield Problem(f"{path}.{key}", f"names {name!r} twice; allowed: each once", name)
        seen.add(word)


def _known(scenario: ScenarioFields, key: str) -> set[str]:
    if key == "channels":
        return {queue.channel.lower() for queue in scenario.queue.values()}
    return set(scenario.queue if key == "queues" else scenario.group)


def check_target(scenario: ScenarioFields, path: str, target: CommonTarget) -> Iterator[Problem]:
    """Yield a problem where a goal does not fit the queues it is for."""
    queues = [scenario.queue[name] for name in target_queues(scenario, target)]
    if not queues:
        yield Problem(f"{path}.groups", "serve no queue; allowed: groups with skills")
        return
    if target.goal is None:
        return
    if target.goal.within is not None:
        if all(queue.is_deferred for queue in queues):
            message = 'is a time to answer, but all its queues are deferred; allowed: "95% on time"'
            yield Problem(f"{path}.goal", message)
    elif not all(queue.is_deferred and queue.due_s is not None for queue in queues):
        message = '"on time" is for deferred queues with a due time; allowed: "80% in 20s"'
        yield Problem(f"{path}.goal", message)
