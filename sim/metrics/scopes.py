"""What a metric can be of: everything, a channel, several queues, a queue, a group, an issue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.metrics.journey_sums import journey_shape
from sim.units import show_duration

if TYPE_CHECKING:
    from sim.metrics.metric_definition import Base, Needs
    from sim.model import Goal, Journeys, Model, Queue

Members = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TargetOwner:
    """Whose target contacts are compared with.

    Attributes
    ----------
    kind : {"queue", "center", "target"}
        Each queue's own, the center's, or that of a target.
    name : str
        Of the target.
    """

    kind: str
    name: str = ""

    def sum_name(self, name: str) -> str:
        """Return the name of a sum such as ``within``, counted by this target."""
        if name not in BY_THRESHOLD or self.kind == "queue":
            return name
        return f"{name}_center" if self.kind == "center" else f"{name}{OF_TARGET}{self.name}"


EACH_QUEUE = TargetOwner("queue")
CENTER = TargetOwner("center")
BY_THRESHOLD = ("within", "abandoned_within", "met", "judged")
"""Sums that depend on the threshold or the variant of a target."""
OF_TARGET = " of target "
"""What stands between the name of a sum and that of the target."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One scope: its kind and the name of the channel, target, queue or group.

    The scope ``issue`` is of the issues that first turned to a queue, or of the issues of a kind;
    no kind is called like a queue.
    """

    kind: str
    name: str

    def members(self, model: Model, base: Base, needs: Needs = "any", metric: str = "") -> Members:
        """Return the queues or groups that count for a metric of this scope."""
        if base == "center":
            return np.arange(1 if self.kind == "total" and _is_known(model, needs) else 0)
        if base == "time":
            chosen = [
                k
                for k, group in enumerate(model.groups)
                if self.kind == "total" or group.name == self.name
                if needs != "wage" or not np.isnan(group.wage)
                if needs != "tools" or not np.isnan(group.tools)
                if needs != "not_ready" or group.has_pauses
            ]
            return np.array(chosen, dtype=np.int64)
        if base == "journeys":
            known = _is_known(model, needs) or needs not in _OF_CUSTOMERS
            return self._combinations(model, needs) if known else np.empty(0, np.int64)
        inside = self._queues(model)
        chosen = [k for k in inside if takes_part(model.queues[k], needs)]
        if metric == "service_level":
            chosen = _comparable(model, chosen)
        return np.array(chosen, dtype=np.int64)

    def base_of(self, model: Model, base: Base) -> Base:
        """Return the base whose sums this scope adds up for metrics of a base.

        Issues of a kind, touchpoint, segment or owner are in the sums by kind and segment only.
        """
        if base == "issues" and self.kind in _KINDS["journeys"] and self._is_of_journeys(model):
            return "journeys"
        return base

    def _is_of_journeys(self, model: Model) -> bool:
        return self.kind in OF_JOURNEYS or (
            self.kind == "issue" and all(queue.name != self.name for queue in model.queues)
        )

    def _combinations(self, model: Model, needs: Needs) -> Members:
        """Return the combinations of queue, kind and segment that belong to the scope."""
        journeys, shape = model.journeys, journey_shape(model)
        if journeys is None:
            return np.empty(0, np.int64)
        queue, kind, segment = np.indices(shape).reshape(3, -1)
        takes = [takes_part(one, needs) for one in model.queues]
        chosen = np.array(takes)[queue]
        if not self._is_of_journeys(model):
            chosen &= np.isin(queue, self._queues(model))
        elif self.kind == "segment":
            chosen &= np.array(["", *(one.name for one in journeys.segments)])[segment] == self.name
        else:
            chosen &= np.array(["", *self._words_of_kinds(journeys)])[kind] == self.name
        return np.flatnonzero(chosen)

    def _words_of_kinds(self, journeys: Journeys) -> list[str]:
        """Return of each kind what this scope tells apart: its name, touchpoint or owner."""
        if self.kind == "issue":
            return [one.name for one in journeys.kinds]
        points = [
            None if one.touchpoint < 0 else journeys.touchpoints[one.touchpoint]
            for one in journeys.kinds
        ]
        key = "name" if self.kind == "touchpoint" else "owner"
        return ["" if point is None else getattr(point, key) for point in points]

    def _queues(self, model: Model) -> list[int]:
        if self.kind == "target":
            return list(model.target(self.name).queues)
        return [k for k, queue in enumerate(model.queues) if self._holds(queue)]

    def _holds(self, queue: Queue) -> bool:
        if self.kind == "channel":
            return queue.channel == self.name
        if self.kind in OF_JOURNEYS:
            return False
        return self.kind == "total" or queue.name == self.name

    def goal(self, model: Model) -> Goal | None:
        """Return the target of the queues together; None where each has its own.

        The whole and channels have the center's goal for live queues, targets their own.
        """
        if self.kind == "target":
            return model.target(self.name).goal
        if model.goal is None or self.kind not in ("total", "channel"):
            return None
        members = self.members(model, "legs", "any", "service_level")
        return model.goal if any(not model.queues[k].deferred for k in members) else None

    def target_owner(self, model: Model) -> TargetOwner:
        """Return whose target contacts are compared with: of each queue, the center, a target."""
        if self.goal(model) is None:
            return EACH_QUEUE
        return TargetOwner("target", self.name) if self.kind == "target" else CENTER

    def note(self, model: Model, metric: str) -> str:
        """Say by which variant and threshold a service level is meant."""
        if metric not in _HEADLINE and not metric.startswith("service_level_"):
            return ""
        variant = "" if metric in _HEADLINE else metric.removeprefix("service_level_")
        goal = self.goal(model)
        if goal is not None and np.isfinite(goal.threshold):
            return common_threshold_text(goal, variant)
        members = self.members(model, "legs", "any", "service_level")
        terms = [threshold_text(model.queues[k], variant) for k in members]
        return "; ".join(dict.fromkeys(terms))


_HEADLINE = frozenset(
    {"service_level", "days_on_target", *(f"service_level_day_p{p}" for p in (10, 50, 90))}
)


def _comparable(model: Model, queues: list[int]) -> list[int]:
    """Leave deferred queues out where live ones are: a day's due time is not an answer time."""
    live = [k for k in queues if not model.queues[k].deferred]
    return live or queues


def threshold_text(queue: Queue, variant: str = "") -> str:
    """Return variant and threshold of a queue in words: ``abandons_ignored within 20s``."""
    if queue.deferred:
        return (
            f"done within {show_duration(queue.due)}" if np.isfinite(queue.due) else "no due time"
        )
    return f"{variant or queue.variant} within {show_duration(queue.threshold)}"


def common_threshold_text(goal: Goal, variant: str = "") -> str:
    """Return variant and threshold of the center or a target in words."""
    if not np.isfinite(goal.threshold):
        return "done by the due time of each queue"
    return f"{variant or goal.variant} within {show_duration(goal.threshold)}"


def takes_part(queue: Queue, needs: Needs) -> bool:
    """Return whether a queue counts for metrics with such a need."""
    if needs == "live":
        return not queue.deferred
    if needs == "deferred":
        return queue.deferred
    if needs == "callback":
        return queue.callback is not None
    if needs == "bot":
        return queue.bot is not None
    if needs == "silent":
        return queue.silent is not None
    if needs == "announce":
        return queue.announce is not None
    if needs in ("resolution", "satisfaction", "value"):
        return not np.isnan(queue.resolved)
    if needs == "bot_cost":
        return queue.bot is not None and not np.isnan(queue.bot.cost)
    if needs == "line_cost":
        return not np.isnan(queue.cost_per_minute)
    return True


_OF_CUSTOMERS = ("messages", "outbound", "satisfaction", "value")


def _is_known(model: Model, needs: Needs) -> bool:
    """Return whether the center as a whole has what a metric of money or customers needs."""
    journeys = model.journeys
    if needs == "messages":
        return journeys is not None and any(kind.message_cost > 0 for kind in journeys.kinds)
    if needs == "outbound":
        return journeys is not None and journeys.has_outbound
    if needs == "value" and journeys is not None:
        known = any(not np.isnan(segment.value) for segment in journeys.segments)
        return known and model.satisfaction is not None
    if needs in ("satisfaction", "value"):
        return model.satisfaction is not None
    return _costs_are_known(model, needs)


def _costs_are_known(model: Model, needs: Needs) -> bool:
    beyond_pay = (
        model.satisfaction is not None
        or _is_known(model, "messages")
        or any(not np.isnan(group.tools) for group in model.groups)
        or any(takes_part(q, "bot_cost") or takes_part(q, "line_cost") for q in model.queues)
    )
    paid = any(not np.isnan(group.wage) for group in model.groups)
    if needs == "costs_resolved":
        return beyond_pay and any(takes_part(queue, "resolution") for queue in model.queues)
    if needs == "poor_service":
        return beyond_pay and paid and _is_known(model, "value")
    return beyond_pay and (paid or needs != "costs_paid")


def scopes(model: Model) -> list[Scope]:
    """Return every scope of a model, in the order in which metrics are listed."""
    return [
        Scope("total", "total"),
        *(Scope("channel", name) for name in model.channels),
        *(Scope("target", target.name) for target in model.targets),
        *(Scope("queue", queue.name) for queue in model.queues),
        *(Scope("group", group.name) for group in model.groups),
        *(Scope("issue", queue.name) for queue in model.queues),
        *_scopes_of_journeys(model),
    ]


def _scopes_of_journeys(model: Model) -> list[Scope]:
    journeys = model.journeys
    if journeys is None:
        return []
    return [
        *(Scope("issue", kind.name) for kind in journeys.kinds),
        *(Scope("touchpoint", point.name) for point in journeys.touchpoints),
        *(Scope("segment", segment.name) for segment in journeys.segments),
        *(Scope("owner", owner) for owner in journeys.owners),
    ]


OF_JOURNEYS = ("touchpoint", "segment", "owner")
"""Kinds of scopes that there are only with issues or segments."""


_KINDS: dict[Base, tuple[str, ...]] = {
    "legs": ("total", "channel", "target", "queue"),
    "issues": ("total", "channel", "target", "issue", *OF_JOURNEYS),
    "journeys": ("total", "channel", "target", "issue", *OF_JOURNEYS),
    "time": ("total", "group"),
    "center": ("total",),
}


def applies(model: Model, needs: Needs, base: Base, scope: Scope) -> bool:
    """Return whether a metric exists at a scope."""
    if scope.kind not in _KINDS[base]:
        return False
    return scope.members(model, scope.base_of(model, base), needs).size > 0
