"""Touchpoints, issues and segments as plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sim import units
from sim.scenario.form_fields import phrases
from sim.scenario.issue_volumes import first_share, issue_volume
from sim.scenario.problems import all_of

if TYPE_CHECKING:
    from sim.scenario.journeys import Issue, Outbound, Segment
    from sim.scenario.scenario_record import ScenarioFields

_share = units.show_share


def describe_journeys(scenario: ScenarioFields) -> Iterator[str]:
    """Yield where issues come from, how many there are, and which customers have them."""
    for name, touchpoint in scenario.touchpoint.items():
        issues = [one for one, issue in scenario.issue.items() if issue.touchpoint == name]
        notes = "".join(f"; {phrase}" for phrase in phrases(touchpoint))
        yield f"Touchpoint {name}: issues {all_of(issues)}{notes}."
    for name, issue in scenario.issue.items():
        yield from _issue(scenario, name, issue)
    for name, segment in scenario.segment.items():
        yield f"Segment {name}: {'; '.join(_segment(segment))}."


def _issue(scenario: ScenarioFields, name: str, issue: Issue) -> Iterator[str]:
    yield f"Issue {name}: {'; '.join([_amount(scenario, issue), *phrases(issue)])}."
    if issue.notice is not None:
        found = issue.notice
        words = f"a message reaches {_share(found.reached)}, which settles {_share(found.settled)}"
        yield f"Issue {name}: {'; '.join([f'{words} of these', *phrases(found)])}."
    if issue.outbound is not None:
        yield f"Issue {name}: {_outbound(issue.outbound)}."


def _outbound(calls: Outbound) -> str:
    """Return who is called before the contact, how often, and what that settles."""
    attempts = units.counted(calls.attempts, "attempt", 0)
    words = (
        f"agents of queue {calls.queue} call {units.show_duration(calls.ahead)} before the contact",
        f"up to {attempts}, {_share(calls.right_party)} of the calls reach the customer",
        f"which settles {_share(calls.settled)} of these",
    )
    return "; ".join([", ".join(words), *_next_call(calls), *phrases(calls)])


def _next_call(calls: Outbound) -> Iterator[str]:
    """Yield when the next call follows, unless that is the default."""
    again = calls.again
    if not again.mean:
        yield "another call at once"
    elif again != type(calls).model_fields["again"].default:
        yield f"another call after {again}"


def _amount(scenario: ScenarioFields, issue: Issue) -> str:
    """Return how often an issue arises, and at which queues."""
    if issue.volume is None:
        shares = [f"{_share(share)} of {queue}" for queue, share in issue.queues.items()]
        return f"{all_of(shares)} (new contacts)"
    at = [queue for queue in scenario.queue if first_share(scenario, issue, queue) > 0]
    total = sum(sum(issue_volume(scenario, issue, queue)) for queue in at)
    return (
        f"{units.counted(total, 'new issue', 1)}, added to the volumes; "
        f"customers first contact {_first(issue.first)}"
    )


def _first(first: Mapping[str, float]) -> str:
    return all_of([f"{queue} ({_share(share)})" for queue, share in first.items()])


def _segment(segment: Segment) -> Iterator[str]:
    yield f"{_share(segment.share)} of customers"
    if segment.first:
        yield f"first contact {_first(segment.first)} about issues with a volume of their own"
    yield from phrases(segment)
