"""The journey of issues as a flow: what they are about, the first channel, how they end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.experiment import Estimate
from sim.metrics.aggregation import sum_horizon
from sim.metrics.estimators import ratio
from sim.metrics.journey_sums import journey_shape

if TYPE_CHECKING:
    from sim.experiment import Result

Amounts = npt.NDArray[np.float64]

NO_KIND = "other issues"
NO_CONTACT = "no contact"
FIRST, LATER, NOT_RESOLVED, BEFORE = OUTCOMES = (
    "resolved at first contact",
    "resolved later",
    "not resolved",
    "prevented or settled before",
)
_COUNTED_AS = {
    FIRST: ("first_resolved",),
    LATER: ("ever_resolved", "-first_resolved"),
    NOT_RESOLVED: ("judged", "-ever_resolved"),
    BEFORE: ("prevented", "settled", "outbound_settled"),
}


@dataclass(frozen=True, slots=True)
class FlowNode:
    """A place in the flow.

    Attributes
    ----------
    stage : int
        0 for what issues are about (the first queue where the scenario names no issues), 1 for the
        first channel, 2 for the outcome.
    name : str
    share : Estimate
        Of all issues.
    """

    stage: int
    name: str
    share: Estimate


@dataclass(frozen=True, slots=True)
class FlowLink:
    """Issues that go from one place to one of the next stage; attributes as of a node."""

    stage: int
    source: str
    target: str
    share: Estimate


@dataclass(frozen=True, slots=True)
class JourneyFlow:
    """The flow of all issues whose resolution is modelled."""

    nodes: tuple[FlowNode, ...]
    links: tuple[FlowLink, ...]

    def stage(self, stage: int) -> list[FlowNode]:
        """Return the nodes of a stage, from top to bottom."""
        return [node for node in self.nodes if node.stage == stage]


def journey_flow(result: Result) -> JourneyFlow | None:
    """Return the flow of the issues of a result.

    Parameters
    ----------
    result : Result

    Returns
    -------
    JourneyFlow or None
        None where the scenario has no journeys, or there were no issues.
    """
    if result.model.journeys is None:
        return None
    paths: dict[Path, Amounts] = {}
    for path, amount in _paths(result):  # several queues of a channel have the same path
        paths[path] = paths.get(path, 0.0) + amount
    whole = sum(paths.values(), np.zeros(result.runs))
    if not whole.any():
        return None
    nodes = [
        FlowNode(stage, name, _share(result, _sum(paths, {stage: name}), whole))
        for stage in range(3)
        for name in _names(paths, stage)
    ]
    links = [
        FlowLink(stage, source, target, _share(result, amount, whole))
        for stage in range(2)
        for source in _names(paths, stage)
        for target in _names(paths, stage + 1)
        if (amount := _sum(paths, {stage: source, stage + 1: target})).any()
    ]
    return JourneyFlow(tuple(nodes), tuple(links))


Path = tuple[str, str, str]


def _paths(result: Result) -> Iterator[tuple[Path, Amounts]]:
    """Yield each path from source to outcome with its issues by replication."""
    model = result.model
    assert model.journeys is not None
    sums = sum_horizon(model, result.tallies).by_name["journeys"]
    queue, kind, _ = np.indices(journey_shape(model)).reshape(3, -1)
    kinds = [NO_KIND, *(one.name for one in model.journeys.kinds)]
    for k, one in enumerate(model.queues):
        if np.isnan(one.resolved):
            continue
        for n, name in enumerate(kinds):
            chosen = (queue == k) & (kind == n)
            source = name if len(kinds) > 1 else one.name
            for outcome, terms in _COUNTED_AS.items():
                amount = np.zeros(result.runs)
                for term in terms:
                    weight = -1.0 if term.startswith("-") else 1.0
                    amount += weight * sums[term.removeprefix("-")][:, chosen, 0].sum(axis=1)
                channel = NO_CONTACT if outcome == BEFORE else one.channel
                yield (source, channel, outcome), amount


def _names(paths: dict[Path, Amounts], stage: int) -> list[str]:
    """Return the names of a stage that have issues, outcomes in their fixed order."""
    found = [path[stage] for path, amount in paths.items() if amount.any()]
    if stage == 2:
        return [name for name in OUTCOMES if name in found]
    last = (NO_KIND, NO_CONTACT)
    return sorted(dict.fromkeys(found), key=lambda name: name in last)


def _sum(paths: dict[Path, Amounts], at: dict[int, str]) -> Amounts:
    """Add up the paths that go through some places."""
    amounts = [
        amount
        for path, amount in paths.items()
        if all(path[stage] == name for stage, name in at.items())
    ]
    return np.asarray(sum(amounts, np.zeros_like(next(iter(paths.values())))))


def _share(result: Result, amount: Amounts, whole: Amounts) -> Estimate:
    estimate = result.reduction.apply(ratio([amount], [whole]).settled())
    low, high = (float(bound) for bound in estimate.bounds(0.0, 1.0))
    known = bool(np.isfinite([low, high]).all())
    value = float(np.clip(estimate.value, 0.0, 1.0))
    return Estimate(value, low if known else None, high if known else None, "share")
