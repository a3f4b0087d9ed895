"""Touchpoints, issues and segments of a scenario as records and arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.bots import TalkChange
from sim.model.journeys import IssueKind, Journeys, OutboundCalls, Segment, Touchpoint
from sim.model.same_fields import same_fields
from sim.scenario.issue_volumes import first_share, issue_volume, segment_shares

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.scenario import Scenario
    from sim.scenario.journeys import Issue


def added_volumes(scenario: Scenario, queue: str) -> dict[str, Floats]:
    """Return what issues with an own volume add to a queue, by interval and name of the issue."""
    return {
        name: np.array(issue_volume(scenario, issue, queue))
        for name, issue in sorted(scenario.issue.items())
        if issue.volume is not None and first_share(scenario, issue, queue) > 0
    }


def journeys(scenario: Scenario, names: list[str], own: list[Floats]) -> Journeys | None:
    """Return issues and segments as records and arrays; None where the scenario has none.

    Parameters
    ----------
    scenario : Scenario
    names : list of str
        Of the queues, in the order of their numbers.
    own : list of ndarray, shape (intervals,)
        By queue, new contacts without those of issues with a volume of their own.
    """
    if not scenario.has_journeys:
        return None
    points = sorted(scenario.touchpoint)
    kinds = [scenario.issue[name] for name in sorted(scenario.issue)]
    shares = [_kind_shares(scenario, name, volume) for name, volume in zip(names, own, strict=True)]
    return Journeys(
        touchpoints=tuple(Touchpoint(n, scenario.touchpoint[n].owner or "") for n in points),
        kinds=tuple(
            _kind(name, scenario.issue[name], points, names) for name in sorted(scenario.issue)
        ),
        segments=tuple(
            same_fields(Segment, scenario.segment[name], name=name)
            for name in sorted(scenario.segment)
        ),
        kind_shares=np.array(shares).reshape(len(names), len(own[0]), len(kinds)),
        segment_shares=np.array(
            [[_segments(scenario, kind, name) for kind in (None, *kinds)] for name in names]
        ).reshape(len(names), len(kinds) + 1, -1),
    )


def _kind(name: str, issue: Issue, points: list[str], queues: list[str]) -> IssueKind:
    notice, calls = issue.notice, issue.outbound
    return same_fields(
        IssueKind,
        issue,
        name=name,
        touchpoint=-1 if issue.touchpoint is None else points.index(issue.touchpoint),
        change=same_fields(TalkChange, issue.talk),
        reached=0.0 if notice is None else notice.reached,
        settled=0.0 if notice is None else notice.settled,
        message_cost=0.0 if notice is None else notice.cost,
        outbound=None
        if calls is None
        else same_fields(OutboundCalls, calls, queue=queues.index(calls.queue)),
    )


def _kind_shares(scenario: Scenario, queue: str, own: Floats) -> Floats:
    """Return the share of each kind among the new issues of a queue, cumulated over kinds.

    Intervals without any have the shares of the whole horizon.
    """
    added = added_volumes(scenario, queue)
    nothing = np.zeros_like(own)
    amounts = np.array([
        added.get(name, nothing) + own * _share(issue, queue)
        for name, issue in sorted(scenario.issue.items())
    ]).reshape(-1, len(own))  # fmt: skip
    total = own + sum(added.values(), nothing)
    overall = amounts.sum(axis=1) / max(total.sum(), 1e-300)
    if not total.sum() > 0:
        overall = np.array([_share(issue, queue) for _, issue in sorted(scenario.issue.items())])
    by_interval = np.where(total > 0, amounts / np.where(total > 0, total, 1.0), overall[:, None])
    return np.cumsum(by_interval, axis=0).T


def _share(issue: Issue, queue: str) -> float:
    return 0.0 if issue.volume is not None else issue.queues.get(queue, 0.0)


def _segments(scenario: Scenario, issue: Issue | None, queue: str) -> Floats:
    """Return the share of each segment among the issues of a kind at a queue, cumulated."""
    plain = [scenario.segment[name].share for name in sorted(scenario.segment)]
    if issue is None or issue.volume is None:
        return np.cumsum(np.array(plain))
    weights = np.array(segment_shares(scenario, issue, queue))
    total = weights.sum()
    return np.cumsum(weights[:-1] / total) if total > 0 else np.cumsum(np.array(plain))
