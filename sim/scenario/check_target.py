"""Consistency checks of the targets of several queues."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.scenario.common_target import MEMBERS
from sim.scenario.problems import Problem, listed, nearest

if TYPE_CHECKING:
    from sim.scenario.common_target import CommonTarget
    from sim.scenario.scenario_record import ScenarioFields


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
    queues = [scenario.queue[name] for name in scenario.target_queues(target)]
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
