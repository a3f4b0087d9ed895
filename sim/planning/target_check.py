"""Whether the simulated staffing reaches its targets: by how much not, where, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from sim import units
from sim.metrics.scopes import Scope, common_threshold_text, scopes, threshold_text
from sim.metrics.target_status import (
    MET,
    MISSED,
    MORE_RUNS,
    OVERSHOT,
    STATUSES,
    UNDECIDED,
    target_status,
)
from sim.planning.formula_limits import causes_of_a_miss, causes_of_a_surplus

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.metrics import MetricRow
    from sim.planning.queue_plans import QueuePlan
    from sim.planning.requirement import Requirement

ROUNDING = 0.02
"""Share by which a simulated service level may lie above the formula's without remark."""


@dataclass(frozen=True, slots=True)
class TargetCheck:
    """One target compared with the simulation of the required agents.

    Attributes
    ----------
    scope, name : str
        "queue" and its name, "total" for the target of the center, or "target" and the name of
        that of several queues.
    metric : {"service_level", "on_time"}
    formula : str
        Formula and threshold of the service level, in words.
    target : float
    simulated, low, high : float or None
        Over the whole horizon, with its 95 % confidence interval; None for one replication.
    by_formula : float or None
        Service level that the formula expects of the required agents; of the center only where
        its live queues are one queue or one pool, judged by its own formula and threshold.
    difference : float or None
        Simulated less target.
    intervals, intervals_missed : int
        Intervals with contacts, and those whose own 95 % confidence interval lies below the target.
    worst : str or None
        Start of the interval with the lowest service level, and that level.
    worst_level : float or None
    causes : tuple of str
        What the formula leaves out that bends it this way; not proven one by one.
    worst_contacts : float
        Contacts expected in the worst interval.
    """

    scope: str
    name: str
    metric: str
    formula: str
    target: float
    simulated: float | None
    low: float | None
    high: float | None
    by_formula: float | None
    difference: float | None
    intervals: int
    intervals_missed: int
    worst: str | None
    worst_level: float | None
    causes: tuple[str, ...]
    worst_contacts: float = 0.0

    @property
    def status(self) -> str:
        """Return what :func:`target_status` says; overshot is above what rounding up explains.

        Several queues are measured by their target alone where no formula gives their level.
        """
        most = None
        if self.by_formula is not None or self.scope != "queue":
            most = max(self.target, self.by_formula or 0.0) + ROUNDING
        return target_status(self.low, self.high, self.target, most)

    @property
    def title(self) -> str:
        """Return whose target it is, in words: ``billing``, ``target front``, ``center``."""
        return {"total": "center", "target": f"target {self.name}"}.get(self.scope, self.name)

    def record(self) -> dict[str, Any]:
        """Return it as the command line writes it as JSON."""
        found: dict[str, Any] = {}
        for name, value in asdict(self).items():
            found[name] = value
            if name == "difference":
                found["status"] = self.status
        return found | {"causes": list(self.causes)}

    def sentence(self) -> str:
        """Return it in one or two sentences, with causes where the target is not just met."""
        return f"{self.verdict_text()}. {self.reason()}" if self.reason() else self.verdict_text()

    def reason(self) -> str:
        """Return the likely causes of a target that is missed or overshot, else nothing."""
        causes = self.causes if self.status in (MISSED, OVERSHOT) else ()
        return f"Likely causes: {'; '.join(causes)}" if causes else ""

    def verdict_text(self) -> str:
        """Return it without causes."""
        head = f"{self.status.upper()}: {self.title}"
        goal = f"target {units.show_share(self.target)} ({self.formula.replace('_', ' ')})"
        if self.simulated is None or self.difference is None:
            return f"{head}, {goal}: no contacts, so nothing to compare"
        shown = units.show_share(self.simulated)
        if self.low is None or self.high is None:
            return f"{head}, {goal}: {shown} in one replication, which has no confidence interval"
        span = f"{units.show_share(self.low)} to {units.show_share(self.high)}"
        text = f"{head}, {goal}: {shown} simulated (95 % confidence interval {span})"
        if self.scope != "queue" and self.by_formula is None:
            together = "the center" if self.scope == "total" else "these queues together"
            text += f", no formula covers {together}"
        if self.status in (MISSED, OVERSHOT):
            side = "short" if self.status == MISSED else "above"
            text += f", {abs(self.difference) * 100:.1f} points {side}"
        elif self.status == UNDECIDED:
            text += f"; {MORE_RUNS}"
        return text + self._where()

    def _where(self) -> str:
        if not self.intervals_missed:
            return ""
        worst = "" if self.worst_level is None else units.show_share(self.worst_level)
        return (
            f"; missed in {self.intervals_missed} of {self.intervals} intervals, lowest "
            f"{worst} at {str(self.worst).replace('T', ' ')} "
            f"({units.counted(self.worst_contacts, 'contact', 1)} expected)"
        )


def paragraphs(checks: Sequence[TargetCheck]) -> list[str]:
    """Return checks as paragraphs: those with the same causes together, which are named once.

    Parameters
    ----------
    checks : sequence of TargetCheck
    """
    together: dict[str, list[str]] = {}
    for check in checks:
        together.setdefault(check.reason(), []).append(check.verdict_text())
    found = []
    for reason, verdicts in together.items():
        if reason and len(verdicts) == 1:
            found.append(f"{verdicts[0]}. {reason}")
        else:
            found += [*verdicts, *([f"{reason} (for each of these)"] if reason else [])]
    return found


def check_targets(found: Requirement, result: Result) -> tuple[TargetCheck, ...]:
    """Hold every target against the simulation of the required agents.

    Parameters
    ----------
    found : Requirement
    result : Result
        Simulation of the scenario with the required agents.

    Returns
    -------
    tuple of TargetCheck
        Those missed come first; of queues in which contacts can come, of the center when it
        has a target, and of several queues that have one together.
    """
    checks: list[TargetCheck] = []
    for plan in found.queues:
        queue = found.model.queues[plan.number]
        if not plan.volume.any() and not queue.demand.backlog:
            continue
        expected = _by_formula([plan])
        metric = "on_time" if queue.deferred else "service_level"
        checks.append(
            _check(
                result,
                "queue",
                queue.name,
                metric,
                threshold_text(queue),
                queue.target,
                expected,
                _planned(found, [plan]),
            )  # fmt: skip
        )
    checks += _common_checks(found, result)
    checks = [_explained(check, found) for check in checks]
    return tuple(sorted(checks, key=lambda check: STATUSES.index(check.status)))


def _common_checks(found: Requirement, result: Result) -> Iterator[TargetCheck]:
    """Yield the targets of several queues together: of the center, and those of the scenario."""
    for scope in scopes(found.model):
        goal = scope.goal(found.model) if scope.kind in ("total", "target") else None
        if goal is None:
            continue
        members = scope.members(found.model, "legs", "any", "service_level").tolist()
        plans = [plan for plan in found.queues if plan.number in members]
        formula = common_threshold_text(goal)
        expected, planned = _pool_by_formula(found, plans, formula), _planned(found, plans)
        if scope.kind == "target" and not planned:
            continue
        yield _check(
            result, scope.kind, scope.name, "service_level", formula, goal.target, expected, planned
        )


def _planned(found: Requirement, plans: Sequence[QueuePlan]) -> dict[str, float]:
    """Return the contacts that queues expect by start of the interval, where there are any."""
    starts, contacts = found.model.starts, dict[str, float]()
    for plan in plans:
        for k in plan.volume.nonzero()[0]:
            contacts[starts[k]] = contacts.get(starts[k], 0.0) + float(plan.volume[k])
    return contacts


def _by_formula(plans: list[QueuePlan]) -> float | None:
    """Return the service level that the formulas expect, by contacts; None where one has none."""
    total = float(sum(plan.volume.sum() for plan in plans))
    answered = 0.0
    for plan in plans:
        if plan.predicted is None:
            return None
        kept = plan.volume > 0
        answered += float(plan.predicted[kept] @ plan.volume[kept])
    return answered / total if total > 0 else None


def _pool_by_formula(found: Requirement, plans: Sequence[QueuePlan], formula: str) -> float | None:
    """Return the level of several queues where formulas know it: one pool or queue, judged alike.

    Parameters
    ----------
    formula : str
        Formula and threshold of their target, in words.
    """
    queues = found.model.queues
    live = [p for p in plans if p.volume.any() and not queues[p.number].deferred]
    names = {queues[plan.number].name for plan in live}
    pooled = any(one.pooled and set(one.queues) == names for one in found.sharings)
    alike = all(threshold_text(queues[plan.number]) == formula for plan in live)
    return _by_formula(live) if alike and (pooled or len(live) == 1) else None


def _check(
    result: Result,
    scope: str,
    name: str,
    metric: str,
    formula: str,
    target: float,
    expected: float | None,
    planned: Mapping[str, float],
) -> TargetCheck:
    """Compare one target; only intervals for which contacts are planned can miss it.

    After closing a queue may still get contacts, such as those handed over by a bot; no formula
    asks for agents then.
    """

    def mine(row: MetricRow) -> bool:
        return (row.scope, row.name, row.metric) == (scope, name, metric)

    whole = next((row for row in result.rows if mine(row)), None)
    each = [
        row
        for row in result.by_interval(metric)
        if mine(row) and row.interval in planned and row.value is not None
    ]
    lowest = min(each, key=lambda row: row.value or 0.0, default=None)
    value, low, high = (None,) * 3 if whole is None else (whole.value, whole.low, whole.high)
    return TargetCheck(
        scope, name, metric, formula, target, value, low, high, expected,
        None if value is None else value - target,
        len(each), sum(target_status(row.low, row.high, target) == MISSED for row in each),
        None if lowest is None else lowest.interval, None if lowest is None else lowest.value,
        (), 0.0 if lowest is None else planned[lowest.interval or ""],
    )  # fmt: skip


def _explained(check: TargetCheck, found: Requirement) -> TargetCheck:
    """Return a check with what the formula leaves out of this queue."""
    if check.scope != "queue":
        return replace(check, causes=_common_causes(check, found))
    number = next(k for k, q in enumerate(found.model.queues) if q.name == check.name)
    if check.status == MISSED or (check.status == MET and check.intervals_missed):
        return replace(check, causes=causes_of_a_miss(found, number))
    if check.status == OVERSHOT:
        return replace(check, causes=causes_of_a_surplus(found, number))
    return check


def _common_causes(check: TargetCheck, found: Requirement) -> tuple[str, ...]:
    """Return why queues miss their common target or lie above it: the latter as each of them."""
    if check.status == MISSED:
        return ("each queue is sized by its own target",)
    if check.status != OVERSHOT:
        return ()
    members = Scope(check.scope, check.name).members(found.model, "legs").tolist()
    live = [
        plan.number
        for plan in found.queues
        if plan.number in members
        and plan.volume.any()
        and not found.model.queues[plan.number].deferred
    ]
    causes = [cause for number in live for cause in causes_of_a_surplus(found, number)]
    return tuple(dict.fromkeys(causes))
