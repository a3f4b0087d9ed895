"""Whether each queue reaches its target, and which agents would mend it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.report.interval_grid import MISSED, NONE, Line, interval_lines, judged
from sim.report.quantity import show
from sim.scenario.calendar import WEEKDAYS
from sim.scenario.duty import scheduled
from sim.units import BadInputError, show_clock

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.scenario import Scenario
    from sim.scenario.what_if import Edit


@dataclass(frozen=True, slots=True)
class QueueVerdict:
    """What is said of one queue.

    Attributes
    ----------
    queue : str
    deferred : bool
        The level is then the share on time.
    level, low, high : float or None
    target : float
    verdict : str
        As of :func:`sim.report.interval_grid.judged`; empty for a single run.
    """

    queue: str
    deferred: bool
    level: float | None
    low: float | None
    high: float | None
    target: float
    verdict: str

    @property
    def words(self) -> str:
        """Return it as a sentence."""
        what = "on time" if self.deferred else "service level"
        if self.level is None:
            return f"{self.queue}: nothing was offered"
        said = f"{self.queue}: {what} {show(self.level, 'share')}"
        if self.low is None or self.high is None:
            return f"{said} in one run, target {show(self.target, 'share')}"
        span = f"{show(self.low, 'share')} to {show(self.high, 'share')}"
        ends = {"reached": "reached", "missed": "missed", "open": "more runs are needed to tell"}
        return f"{said} ({span}), target {show(self.target, 'share')}: {ends[self.verdict]}"


def queue_verdicts(result: Result) -> list[QueueVerdict]:
    """Return what is to be said of each queue, those that miss their target first."""
    found = []
    for queue in result.model.queues:
        metric = "on_time" if queue.deferred else "service_level"
        try:
            figure = result.figure(metric, "queue", queue.name)
        except KeyError:
            continue
        verdict = (
            judged(figure.low, figure.high, queue.target) if figure.value is not None else NONE
        )
        found.append(
            QueueVerdict(
                queue.name,
                queue.deferred,
                figure.value,
                figure.low,
                figure.high,
                queue.target,
                verdict,
            )
        )
    return sorted(found, key=lambda one: one.verdict != MISSED)


def mend(scenario: Scenario, result: Result, queue: str) -> Edit | None:
    """Return the agents that would help a queue most, where it misses its target.

    They are added to the group that comes first for the queue, in the stretch of intervals in
    which most contacts were answered too late: as many as the formula misses there, and at least
    one. That is a proposal to be simulated, not a promise.

    Parameters
    ----------
    scenario : Scenario
        The one that was simulated.
    result : Result
    queue : str
        A live one.

    Returns
    -------
    Edit or None
        None for deferred work, and where nobody can be added.
    """
    from sim.scenario.what_if import add_agents

    group = _first_group(scenario, queue)
    if group is None or scenario.queue[queue].is_deferred:
        return None
    lines = interval_lines(scenario, result, queue)
    grid = scenario.center.grid
    if scenario.center.length is not None:
        return add_agents(scenario, group, _short(lines))
    labels = {grid.label(k): k for k in range(grid.intervals)}
    worst = _worst(lines, labels, grid.per_day)
    if not worst:
        return None
    first, last = labels[worst[0].interval], labels[worst[-1].interval]
    start = show_clock(first % grid.per_day * grid.interval_s)
    end = show_clock((last % grid.per_day + 1) * grid.interval_s)
    days = None
    if grid.days > 1:
        days = WEEKDAYS[grid.date(first // grid.per_day).weekday()]
    try:
        return add_agents(scenario, group, _short(worst), start, end, days)
    except BadInputError:
        return None


def _first_group(scenario: Scenario, queue: str) -> str | None:
    """Return the group of the lowest level for a queue; of several the one with most agents."""
    able = {name: g for name, g in scenario.group.items() if queue in g.skills}
    if not able:
        return None
    agents = {name: sum(scheduled(scenario, g)) for name, g in able.items()}
    return min(able, key=lambda name: (able[name].skills[queue].level, -agents[name]))


def _worst(lines: Sequence[Line], labels: dict[str, int], per_day: int) -> list[Line]:
    """Return the stretch of one day in which the most contacts fall short of the target."""
    stretches: list[list[Line]] = []
    for line in lines:
        if _late(line) <= 0 or line.interval not in labels:
            continue
        k = labels[line.interval]
        before = labels[stretches[-1][-1].interval] if stretches else -2
        if k == before + 1 and k // per_day == before // per_day:
            stretches[-1].append(line)
        else:
            stretches.append([line])
    return max(stretches, key=lambda some: sum(map(_late, some)), default=[])


def _late(line: Line) -> float:
    """Return the contacts of an interval that are missing to its target."""
    if line.service_level is None or line.target is None:
        return 0.0
    return max(line.target - line.service_level, 0.0) * line.offered


def _short(lines: Sequence[Line]) -> int:
    gaps = [(line.required or 0.0) - (line.on_duty or 0.0) for line in lines]
    return max(1, math.ceil(max(gaps, default=0.0) - 0.5))
