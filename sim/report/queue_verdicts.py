"""Whether each queue, and each target of several queues, is met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.metrics.scopes import common_threshold_text, threshold_text
from sim.metrics.target_status import MISSED, STATUS_WORDS, target_status
from sim.report.formatting import show
from sim.report.interval_metrics import TARGET, place_title

if TYPE_CHECKING:
    from sim.experiment import Result


@dataclass(frozen=True, slots=True)
class QueueVerdict:
    """What is said of one queue, or of several that have a target together.

    Attributes
    ----------
    queue : str
        Or a target, such as ``target.front``.
    deferred : bool
        The level is then the share on time.
    formula : str
        Formula and threshold of the level, in words.
    level, low, high : float or None
        Over the whole run, with its 95 % confidence interval; None for one replication.
    target : float
    """

    queue: str
    deferred: bool
    formula: str
    level: float | None
    low: float | None
    high: float | None
    target: float

    @property
    def verdict(self) -> str:
        """Return whether the target is met; empty when nothing was offered."""
        return "" if self.level is None else target_status(self.low, self.high, self.target)

    @property
    def words(self) -> str:
        """Return it as a sentence."""
        what = "on time" if self.deferred else "service level"
        if self.level is None:
            return f"{place_title(self.queue)}: nothing was offered"
        said = f"{place_title(self.queue)}: {what} ({self.formula}) {show(self.level, 'share')}"
        if self.low is None or self.high is None:
            return f"{said} in one replication, target {show(self.target, 'share')}"
        span = f"{show(self.low, 'share')} to {show(self.high, 'share')}"
        goal = f"target {show(self.target, 'share')}"
        return f"{said} ({span}), {goal}: {STATUS_WORDS[self.verdict]}"


def queue_verdicts(result: Result) -> list[QueueVerdict]:
    """Return what is to be said of each target and queue, those that miss it first."""
    found = []
    for target in result.model.targets:
        if target.goal is not None:
            estimate = result.estimate("service_level", "target", target.name)
            deferred = all(result.model.queues[k].deferred for k in target.queues)
            formula = common_threshold_text(target.goal).replace("_", " ")
            bounds = (estimate.value, estimate.low, estimate.high)
            place = f"{TARGET}{target.name}"
            found.append(QueueVerdict(place, deferred, formula, *bounds, target.goal.target))
    for queue in result.model.queues:
        metric = "on_time" if queue.deferred else "service_level"
        estimate = result.estimate(metric, "queue", queue.name)
        bounds = (estimate.value, estimate.low, estimate.high)
        formula = threshold_text(queue).replace("_", " ")
        found.append(QueueVerdict(queue.name, queue.deferred, formula, *bounds, queue.target))
    return sorted(found, key=lambda one: one.verdict != MISSED)
