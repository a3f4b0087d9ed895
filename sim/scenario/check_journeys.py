"""Consistency checks of touchpoints, issues and segments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from sim import units
from sim.scenario.issue_volumes import first_share, issue_volume
from sim.scenario.problems import Problem, listed, nearest

if TYPE_CHECKING:
    from sim.scenario.journeys import Issue, Segment
    from sim.scenario.scenario_record import ScenarioFields

MOST_CELLS = 100_000
"""Combinations of queue, issue and segment for which issues are added up."""
_ROUNDING = 1e-9


def unknown_in_journeys(scenario: ScenarioFields) -> Iterator[Problem]:
    """Yield a problem for every unknown touchpoint and queue."""
    for name, issue in scenario.issue.items():
        path, known = f"issue.{name}", scenario.touchpoint
        if issue.touchpoint is not None and issue.touchpoint not in known:
            yield _unknown(f"{path}.touchpoint", "touchpoint", issue.touchpoint, known)
        for key, shares in (("queues", issue.queues), ("first", issue.first)):
            yield from _unknown_queues(scenario, f"{path}.{key}", shares)
        if issue.outbound is not None and issue.outbound.queue not in scenario.queue:
            word = issue.outbound.queue
            yield _unknown(f"{path}.outbound.queue", "queue", word, scenario.queue)
        if name in scenario.queue:
            message = "is the name of a queue too, and metrics have the scope issue of both"
            yield Problem(path, f"{message}; allowed: another name")
    for name, segment in scenario.segment.items():
        yield from _unknown_queues(scenario, f"segment.{name}.first", segment.first)


def _unknown(path: str, what: str, word: str, known: Iterable[str]) -> Problem:
    message = f"the {what} {word!r} is unknown; allowed: {listed(known)}."
    return Problem(path, message, word, nearest(word, known))


def _unknown_queues(
    scenario: ScenarioFields, path: str, shares: Mapping[str, float]
) -> Iterator[Problem]:
    for queue in shares:
        if queue not in scenario.queue:
            yield _unknown(f"{path}.{queue}", "queue", queue, scenario.queue)


def check_journeys(scenario: ScenarioFields) -> Iterator[Problem]:
    """Yield a problem for what does not fit among touchpoints, issues and segments."""
    used = {issue.touchpoint for issue in scenario.issue.values()}
    for name in scenario.touchpoint:
        if name not in used:
            message = f'no issue comes from it; allowed: an issue with touchpoint = "{name}"'
            yield Problem(f"touchpoint.{name}", message)
    for name, issue in scenario.issue.items():
        yield from _issue(scenario, f"issue.{name}", issue)
        if issue.outbound is not None:
            yield from _outbound(scenario, f"issue.{name}.outbound.queue", issue.outbound.queue)
    yield from _shares_of_queues(scenario)
    yield from _segments(scenario.segment)
    cells = len(scenario.queue) * (len(scenario.issue) + 1) * (len(scenario.segment) + 1)
    if cells > MOST_CELLS:
        message = f"{cells:,} combinations of queue, issue and segment"
        yield Problem("issue", f"{message}; allowed: at most {MOST_CELLS:,}")


def _issue(scenario: ScenarioFields, path: str, issue: Issue) -> Iterator[Problem]:
    if issue.volume is None:
        if not issue.queues:
            message = "does not say how often it arises; allowed: queues with shares, or a volume"
            yield Problem(path, message)
        if issue.first:
            yield Problem(f"{path}.first", "goes with volume; allowed: leave it out with queues")
        return
    if issue.queues:
        yield Problem(f"{path}.queues", "cannot be combined with volume; allowed: one of the two")
        return
    if issue.volume.recorded is not None or issue.volume.exact:
        message = "is recorded or exact; allowed: expected numbers, such as 200 a day"
        yield Problem(f"{path}.volume", message)
        return
    yield from _sums_to_one(f"{path}.first", issue.first)
    for queue in scenario.queue:
        if first_share(scenario, issue, queue) > 0:
            yield from _added(scenario, path, issue, queue)


def _outbound(scenario: ScenarioFields, path: str, queue: str) -> Iterator[Problem]:
    """Yield a problem where outbound calls could not wait for agents, or for no agent."""
    if not scenario.queue[queue].is_deferred:
        message = f"{queue!r} is live, and outbound calls wait for agents without inbound contacts"
        yield Problem(path, f"{message}; allowed: a queue with deferred = true", queue)
    if not any(queue in group.skills for group in scenario.group.values()):
        message = f"no group has the skill {queue!r} to make the calls"
        yield Problem(path, f"{message}; allowed: a queue that a group serves", queue)


def _added(scenario: ScenarioFields, path: str, issue: Issue, queue: str) -> Iterator[Problem]:
    """Yield a problem where a volume cannot be added to that of a queue."""
    volume = scenario.queue[queue].volume
    if volume.recorded is not None or volume.exact:
        message = f"cannot be added to queue {queue}, whose volume is recorded or exact"
        yield Problem(f"{path}.volume", f"{message}; allowed: queues with expected volumes")
        return
    try:
        issue_volume(scenario, issue, queue)
    except ValueError as error:
        yield Problem(f"{path}.volume", str(error))


def _sums_to_one(path: str, shares: Mapping[str, float]) -> Iterator[Problem]:
    total = sum(shares.values())
    if abs(total - 1) > _ROUNDING:
        found = f"shares add up to {units.show_share(total)}" if shares else "is missing"
        yield Problem(path, f"{found}; allowed: shares of queues that add up to 100%")


def _shares_of_queues(scenario: ScenarioFields) -> Iterator[Problem]:
    for queue in scenario.queue:
        total = sum(issue.queues.get(queue, 0.0) for issue in scenario.issue.values())
        if total > 1 + _ROUNDING:
            message = f"shares of issues of queue {queue} add up to {units.show_share(total)}"
            yield Problem("issue", f"{message}; allowed: at most 100%")


def _segments(segments: Mapping[str, Segment]) -> Iterator[Problem]:
    total = sum(segment.share for segment in segments.values())
    if total > 1 + _ROUNDING:
        message = f"shares add up to {units.show_share(total)}; allowed: at most 100%"
        yield Problem("segment", message)
    for name, segment in segments.items():
        if segment.first:
            yield from _sums_to_one(f"segment.{name}.first", segment.first)
