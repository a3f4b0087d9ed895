"""The share of contacts that a repeat contact follows, where several things change resolution.

A contact is followed from its queue through its transfers to where it ends; there the queue's
resolution counts, times the factors of issue, transfers, lost context and the tenure of agents. A
long wait is left out, as it is not known before the simulation.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from sim.model.build_groups import agent_factors
from sim.scenario.issue_volumes import issue_mix, usual_bot
from sim.scenario.schedules import on_duty

if TYPE_CHECKING:
    from sim.scenario import Queue, Scenario
    from sim.scenario.bot import Bot
    from sim.scenario.group import Group

MOST_TRANSFERS = 3
"""Of one contact, as in the engines."""

Shares = dict[str, float]
"""Share of contacts by the queue whose rule makes their customers come back."""


def has_factors(scenario: Scenario) -> bool:
    """Return whether anything but queue and skill changes the share resolved."""
    return (
        any(queue.resolution is not None for queue in scenario.queue.values())
        or any(issue.resolves != 1 for issue in scenario.issue.values())
        or any(band.resolves != 1 for group in scenario.group.values() for band in group.tenure)
        or any(one.resolves != 1 for group in scenario.group.values() for one in group.persons)
    )


def repeat_shares(scenario: Scenario, name: str) -> Shares:
    """Return the share of a queue's observed contacts that repeat contacts follow.

    New contacts of each issue and their repeats have the proportion in which these follow each
    other; repeats are assumed to return to the same queue.

    Parameters
    ----------
    scenario : Scenario
    name : str
    """
    new: Shares = defaultdict(float)
    per_new = 1.0
    repeat = scenario.queue[name].repeat
    most = 1 if repeat is None else repeat.at_most
    for issue, weight in _issues(scenario, name):
        resolves = 1.0 if issue is None else issue
        first = _after(scenario, name, resolves, 0.0)
        further = _after(scenario, name, resolves, _lost_by_repeat(scenario.queue[name]))
        each = sum(further.values())
        chain = (1 - each**most) / (1 - each) if each < 1 else float(most)
        per_new += weight * sum(first.values()) * chain
        for last, share in first.items():
            new[last] += weight * share
    total = sum(new.values())
    if total <= 0:
        return {}
    return {last: share / total * (1 - 1 / per_new) for last, share in new.items()}


def _issues(scenario: Scenario, name: str) -> list[tuple[float | None, float]]:
    """Return factor on resolution and share of the issues among a queue's own new contacts."""
    if not scenario.issue:
        return [(None, 1.0)]
    own = [(i, share) for i, share in issue_mix(scenario, name) if i is None or i.volume is None]
    total = sum(share for _, share in own)
    if not total > 0:
        return [(None, 1.0)]
    return [(None if i is None else i.resolves, share / total) for i, share in own]


def _lost_by_repeat(queue: Queue) -> float:
    """Return the share of repeat contacts without context."""
    repeat = queue.repeat
    return 0.0 if repeat is None or repeat.carried is None else 1 - repeat.carried


def _after(scenario: Scenario, name: str, resolves: float, lost: float) -> Shares:
    """Return which contacts that arrive at a queue, or its bot, are followed by a repeat.

    Parameters
    ----------
    scenario : Scenario
    name : str
    resolves : float
        Factor of the issue.
    lost : float
        Share of the contacts that come without context, but for those that the bot hands over.
    """
    found = usual_bot(scenario, name)
    if found is None:
        return _from_queue(scenario, name, resolves, lost, 0)
    bot = found[1]
    handed = _handed_over(bot)
    direct = _from_queue(scenario, name, resolves, lost, 0)
    by_bot = _from_queue(scenario, name, resolves, 1 - bot.handover.carried_share, 0)
    bounced = _from_queue(scenario, name, resolves, 0.0, 0)
    found_by: Shares = defaultdict(float)
    parts = ((1 - bot.tried, direct), (handed, by_bot), (bot.back, bounced))
    for weight, shares in parts:
        for last, share in shares.items():
            found_by[last] += weight * share
    return found_by


def _handed_over(bot: Bot) -> float:
    return bot.tried * (1 - bot.contained - bot.left)


def _from_queue(
    scenario: Scenario, name: str, resolves: float, lost: float, transfers: int
) -> Shares:
    """Return which contacts that reach a queue are followed by a repeat, and by whose rule."""
    queue = scenario.queue[name]
    found: Shares = defaultdict(float)
    stays = 1.0
    for to, transfer in queue.transfer.items():
        stays -= transfer.share
        if transfers < MOST_TRANSFERS and transfer.share > 0:
            without = 0.0 if transfer.carried is None else 1 - transfer.carried
            passed = _from_queue(scenario, to, resolves, without, transfers + 1)
            for last, share in passed.items():
                found[last] += transfer.share * share
    if queue.repeat is not None and queue.resolved is not None:
        unresolved = 1 - _resolved(scenario, name, resolves, lost, transfers)
        found[name] += max(stays, 0.0) * unresolved * queue.repeat.share
    return found


def _resolved(scenario: Scenario, name: str, resolves: float, lost: float, transfers: int) -> float:
    """Return the expected share of contacts that end at a queue which resolve their issue."""
    queue = scenario.queue[name]
    share = (queue.resolved or 0.0) * resolves * tenure_factor(scenario, name)
    if queue.resolution is None:
        return min(share, 1.0)
    share *= queue.resolution.transferred**transfers
    without = min(share * queue.resolution.context_lost, 1.0)
    return lost * without + (1 - lost) * min(share, 1.0)


def _of_agents(group: Group, on_duty: list[float]) -> tuple[float, float]:
    """Return the work that the agents on duty do, and the part that resolves, over all intervals.

    The first agents are on duty where not all are.
    """
    most = math.ceil(max(on_duty, default=0.0))
    factors = agent_factors(group, most)
    assert factors is not None
    speed = np.cumsum(np.append(0.0, factors[:most, 0]))
    done = np.cumsum(np.append(0.0, factors[:most, 0] * factors[:most, 1]))
    there = np.arange(most + 1)
    return float(np.interp(on_duty, there, speed).sum()), float(
        np.interp(on_duty, there, done).sum()
    )


def tenure_factor(scenario: Scenario, name: str) -> float:
    """Return the mean factor of agents on the share resolved of a queue, over its contacts.

    Each group counts with its agents, each agent with the speed at which contacts are handled.
    """
    top = bottom = 0.0
    for group in scenario.group.values():
        if name in group.skills:
            on = on_duty(scenario, group)
            agents = sum(on)
            if group.persons:
                speed, resolves = _of_agents(group, on)
                top, bottom = top + resolves, bottom + speed
                continue
            rest = max(1 - sum(band.share for band in group.tenure), 0.0)
            work = rest + sum(band.share * band.speed for band in group.tenure)
            done = rest + sum(band.share * band.speed * band.resolves for band in group.tenure)
            top, bottom = top + agents * done, bottom + agents * work
    return top / bottom if bottom > 0 else 1.0
