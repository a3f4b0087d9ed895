"""What formulas leave out of a queue, and in which direction that bends the requirement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim import units
from sim.planning.group_allocation import skill_of, whole
from sim.scenario.problems import all_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.model import Group, Model, Skill
    from sim.planning.requirement import Requirement


def causes_of_a_miss(found: Requirement, queue: int) -> tuple[str, ...]:
    """Return what of the scenario makes a formula require too few agents.

    Parameters
    ----------
    found : Requirement
    queue : int
        Its number in the model.

    Returns
    -------
    tuple of str
        Never empty: the last resort is that no interval is stationary.
    """
    causes = [*_agents_elsewhere(found, queue), *_late_or_last(found, queue)]
    own = found.model.queues[queue]
    if found.model.busyness.cv > 0:
        causes.append(
            f"volumes differ from day to day (CV {units.show_share(found.model.busyness.cv)}), and "
            "the formula uses the average day"
        )
    if found.model.talk_variation.varies:
        last = found.model.talk_variation.cv_of_day(found.model.days - 1)
        cv = units.show_share(round(last, 3))
        causes.append(f"talk differs from day to day (CV {cv}), and the formula uses the mean")
    if own.callback is not None or own.retry is not None:
        causes.append("the formula leaves out callbacks and retrials")
    if own.silent is not None:
        causes.append("the formula leaves out what it costs to notice who left without a word")
    if any(group.quiet is not None for _, group, _ in _skilled(found, queue)):
        causes.append("the formula leaves out breaks in quiet times, when agents are not ready")
    if _is_called(found.model, queue):
        causes.append(
            "the formula assumes that agents find the time for all outbound calls, leaves out that "
            "time, and deducts what the calls settle in all intervals, whatever the hours of their "
            "queue"
        )
    if own.conditions:
        causes.append("the formula leaves out what events change but volume and agents")
    if own.deferred:
        causes.append("the plan covers expected work only, without a reserve for variation")
    return tuple(causes) or (
        "the formula treats each interval as stationary, but customers still waiting at its end "
        "are answered in the next",
    )


def _is_called(model: Model, queue: int) -> bool:
    """Return whether outbound calls wait in a queue, or spare it contacts."""
    journeys = model.journeys
    if journeys is None:
        return False
    shares = np.diff(journeys.kind_shares[queue], axis=1, prepend=0.0).sum(axis=0)
    return any(
        kind.outbound is not None and (kind.outbound.queue == queue or share > 0)
        for kind, share in zip(journeys.kinds, shares.tolist(), strict=True)
    )


def causes_of_a_surplus(found: Requirement, queue: int) -> tuple[str, ...]:
    """Return what of the scenario makes a formula require too many agents."""
    plan, model = found.queues[queue], found.model
    causes = []
    skilled = _skilled(found, queue)
    helpers = [group.name for g, group, _ in skilled if not _counted(found, queue, g)]
    if helpers:
        causes.append(f"agents of {all_of(helpers)} help out, which the formula does not count")
    for one in found.sharings:
        others = [name for name in one.queues if name != model.queues[queue].name]
        if not one.pooled and model.queues[queue].name in one.queues:
            causes.append(f"it shares agents with {all_of(others)} but is staffed separately")
        elif one.pooled and plan.stricter and model.queues[queue].name in one.queues:
            causes.append(f"the pool with {all_of(others)} is sized by its strictest target")
    if rounded := _rounded_apart(found, queue):
        causes.append(f"{all_of(rounded)} are each rounded up to whole agents")
    if plan.by == "erlang_c" and plan.by_a is not None:
        causes.append("customers abandon, which Erlang C ignores")
    return tuple(causes) or (
        "agents are rounded up in every interval, or handle times or arrivals vary less than the "
        "formula assumes",
    )


def _rounded_apart(found: Requirement, queue: int) -> list[str]:
    """Return the groups of a queue that rounding up one by one gives more agents than together."""
    lots = [lot for lot in found.alike if any(_counted(found, queue, g) for g in lot)]
    members = [g for lot in lots for g in lot]
    if len(lots) < 2:
        return []
    plans = [found.groups[g] for g in members]
    once = whole(np.sum([plan.fractional for plan in plans], axis=0))
    more = np.sum([plan.required for plan in plans], axis=0) > once
    return [found.model.groups[g].name for g in members] if more.any() else []


def _skilled(found: Requirement, queue: int) -> Iterator[tuple[int, Group, Skill]]:
    for g, group in enumerate(found.model.groups):
        skill = skill_of(group, queue)
        if skill is not None:
            yield g, group, skill


def _counted(found: Requirement, queue: int, group: int) -> bool:
    """Tell whether a group bears a part of a queue's requirement."""
    return bool(np.any(found.queues[queue].share.get(group, 0.0)))


def _agents_elsewhere(found: Requirement, queue: int) -> Iterator[str]:
    """Say what else the agents of a queue do that its formula does not count."""
    model = found.model
    for g, group, skill in _skilled(found, queue):
        if not _counted(found, queue, g):
            continue
        others = [s for s in group.skills if s.queue != queue]
        live = [s for s in others if not model.queues[s.queue].deferred]
        lent = [model.queues[s.queue].name for s in live if not _counted(found, s.queue, g)]
        if lent:
            yield (
                f"agents of {group.name} also answer {all_of(lent)}, which the formula does not "
                "count"
            )
        busy = [model.queues[s.queue].name for s in live if s.at_once > skill.at_once]
        if busy:
            yield (
                f"agents of {group.name} with active contacts of {all_of(busy)} are not free, "
                "while the formula gives each queue its own agents"
            )
        kept = [s.queue for s in others if model.queues[s.queue].deferred]
        kept = [q for q in kept if (q, queue) not in group.interrupts]
        if kept and not model.queues[queue].deferred:
            names = [model.queues[q].name for q in kept]
            yield f"agents of {group.name} at work on {all_of(names)} are not interrupted"


def _late_or_last(found: Requirement, queue: int) -> Iterator[str]:
    """Say why a queue's own agents may not come to it at once."""
    model, own = found.model, found.model.queues[queue]
    for g, group, skill in _skilled(found, queue):
        if not _counted(found, queue, g):
            continue
        if skill.after > 0:
            yield f"{group.name} answers only after {units.show_duration(skill.after)}"
        if skill.reserve > 0:
            yield f"{group.name} keeps {skill.reserve} of its agents in reserve"
        ahead = [
            model.queues[s.queue].name
            for s in group.skills
            if s.queue != queue
            and not model.queues[s.queue].deferred
            and (s.take < skill.take or model.queues[s.queue].priority > own.priority)
        ]
        if ahead:
            yield f"in {group.name} {all_of(ahead)} go{'es' * (len(ahead) == 1)} first"
