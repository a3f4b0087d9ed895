"""How many contacts of each issue a queue gets, and what that means for its work on average."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.scenario.interval_series import volume_of
from sim.scenario.interval_times import mean_of

if TYPE_CHECKING:
    from sim.scenario.bot import Bot
    from sim.scenario.journeys import Issue, Outbound
    from sim.scenario.scenario_record import ScenarioFields


def first_share(scenario: ScenarioFields, issue: Issue, queue: str) -> float:
    """Return the share of an issue with an own volume that contacts a queue first."""
    return sum(segment_shares(scenario, issue, queue))


def segment_shares(scenario: ScenarioFields, issue: Issue, queue: str) -> list[float]:
    """Return the share of an issue that is of each segment and contacts a queue first.

    Parameters
    ----------
    scenario : Scenario
    issue : Issue
        Where it has no own volume, each segment has its share at every queue.
    queue : str

    Returns
    -------
    list of float, length segments + 1
        In alphabetical order, customers without a segment last.
    """
    found, rest = [], 1.0
    for name in sorted(scenario.segment):
        segment = scenario.segment[name]
        rest -= segment.share
        found.append(segment.share * _first(issue, segment.first or issue.first, queue))
    return [*found, max(rest, 0.0) * _first(issue, issue.first, queue)]


def _first(issue: Issue, first: dict[str, float], queue: str) -> float:
    return 1.0 if issue.volume is None else first.get(queue, 0.0)


def issue_volume(scenario: ScenarioFields, issue: Issue, queue: str) -> list[float]:
    """Return what an issue with an own volume adds to a queue in each interval.

    Raises
    ------
    ValueError
        As :func:`sim.scenario.interval_series.volume_of`.
    """
    assert issue.volume is not None
    fields = scenario.queue[queue].model_copy(update={"volume": issue.volume})
    share = first_share(scenario, issue, queue)
    volume = volume_of(fields, scenario.center.grid, scenario.center.open)
    return [share * number for number in volume]


def queue_volume(scenario: ScenarioFields, name: str) -> list[float]:
    """Return the volume of a queue by interval, issues with a volume of their own included."""
    total = volume_of(scenario.queue[name], scenario.center.grid, scenario.center.open)
    for issue in scenario.issue.values():
        if issue.volume is not None and first_share(scenario, issue, name) > 0:
            added = issue_volume(scenario, issue, name)
            total = [a + b for a, b in zip(total, added, strict=True)]
    return total


def issue_mix(scenario: ScenarioFields, name: str) -> Iterator[tuple[Issue | None, float]]:
    """Yield the issues of a queue, each with its share of the volume; None for the others."""
    own = sum(volume_of(scenario.queue[name], scenario.center.grid, scenario.center.open))
    total = sum(queue_volume(scenario, name))
    rest = own
    for issue in scenario.issue.values():
        if issue.volume is not None:
            share = first_share(scenario, issue, name)
            amount = sum(issue_volume(scenario, issue, name)) if share > 0 else 0.0
        else:
            amount = own * issue.queues.get(name, 0.0)
            rest -= amount
        if amount > 0:
            yield issue, amount / total
    yield None, rest / total if total > 0 else 1.0


def arriving(issue: Issue) -> float:
    """Return the share of an issue that no repair, message or outbound call settles beforehand."""
    messaged = 0.0 if issue.notice is None else issue.notice.reached * issue.notice.settled
    called = 0.0 if issue.outbound is None else called_share(issue.outbound)
    return (1 - issue.prevented) * (1 - messaged) * (1 - called)


def calling_issues(scenario: ScenarioFields, queue: str) -> list[str]:
    """Return the issues about which outbound calls wait in a queue."""
    issues = scenario.issue.items()
    return [name for name, one in issues if one.outbound and one.outbound.queue == queue]


def called_share(calls: Outbound) -> float:
    """Return the share that outbound calls settle when agents are always free to make them.

    All attempts that fit in before the contact are made, at their mean delay; opening hours are
    left out.
    """
    between = calls.again.mean + calls.unanswered.mean
    fitting = math.ceil(calls.ahead / between) if between > 0 else calls.attempts
    attempts = min(calls.attempts, fitting)
    return float((1 - (1 - calls.right_party) ** attempts) * calls.settled)


def arriving_share(scenario: ScenarioFields, name: str) -> float:
    """Return the share of a queue's volume that arrives: what is not settled beforehand."""
    if not scenario.issue:
        return 1.0
    parts = ((issue, share) for issue, share in issue_mix(scenario, name))
    return sum(share if issue is None else share * arriving(issue) for issue, share in parts)


def mean_talk(scenario: ScenarioFields, name: str, before: float | None = None) -> float:
    """Return the mean talk time (s) of the contacts of a queue over all its issues.

    Parameters
    ----------
    scenario : Scenario
    name : str
    before : float, optional
        Mean talk (s) before any issue changes it; by default that of all contacts.
    """
    mean = mean_of(scenario, name, "talk") if before is None else before
    if not scenario.issue:
        return mean
    time = weight = 0.0
    for issue, share in issue_mix(scenario, name):
        if issue is None:
            time, weight = time + share * mean, weight + share
        else:
            part = share * arriving(issue)
            time += part * max(mean * issue.talk.factor + issue.talk.add, 0.0)
            weight += part
    return time / weight if weight > 0 else mean


def usual_bot(
    scenario: ScenarioFields, queue: str, changed: Bot | None = None
) -> tuple[str, Bot] | None:
    """Return the bot in front of a queue with the shares that it has over issues and segments.

    Parameters
    ----------
    scenario : Scenario
    queue : str
    changed : Bot, optional
        What the bot is during an event.
    """
    found = scenario.bot_of(queue)
    if found is None or not (scenario.issue or scenario.segment):
        return found if found is None or changed is None else (found[0], changed)
    name, bot = found[0], found[1] if changed is None else changed
    tries = 1.0 + sum(s.share * (s.tries_bot - 1) for s in scenario.segment.values())
    contains = resolves = 0.0
    for issue, share in issue_mix(scenario, queue):
        contains += share * (1.0 if issue is None else issue.bot_contains)
        resolves += share * (1.0 if issue is None else issue.bot_resolves)
    shares = {
        "tried": min(bot.tried * tries, 1.0),
        "contained": min(bot.contained * contains, 1 - bot.left),
        "resolved": min(bot.resolved * resolves, 1.0),
    }
    return name, bot.model_copy(update=shares)
