"""Talk by hour as it is written, and of the same agents, who may be others at other hours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.history.calibration.center_estimates import LEAST_SHARE, CenterEstimates, QueueEstimates
from sim.units import HOUR

WORTH_SAYING = 0.02
"""A difference between both ratios from which the scenario says so."""


@dataclass(frozen=True)
class HourlyTalk:
    """Mean talk of one hour of the day in relation to that of all hours.

    Attributes
    ----------
    queue : str
    hour : int
    as_written : float
        In the scenario, whose agents are alike in all hours: who works then is part of it.
    same_agents : float
        Of the same agents.
    """

    queue: str
    hour: int
    as_written: float
    same_agents: float

    def document(self) -> dict[str, Any]:
        """Return the row for JSON."""
        ratios = {key: round(getattr(self, key), 4) for key in ("as_written", "same_agents")}
        return {"queue": self.queue, "hour": self.hour, **ratios}


def talk_by_hour(estimates: CenterEstimates) -> tuple[HourlyTalk, ...]:
    """Return the hours with answered contacts of queues whose talk differs by hour."""
    found = []
    for at, queue in enumerate(estimates.queues):
        if max(np.ptp(queue.talk_by_hour), np.ptp(queue.talk_by_hour_of_same_agents)) < LEAST_SHARE:
            continue
        found += [
            HourlyTalk(
                queue.name, hour, float(queue.talk_by_hour[hour]),
                float(queue.talk_by_hour_of_same_agents[hour]),
            )
            for hour in _hours(estimates, at)
        ]  # fmt: skip
    return tuple(found)


def _hours(estimates: CenterEstimates, queue: int) -> list[int]:
    log = estimates.log
    offered = log.offered[(log.queue == queue) & log.answered]
    return [int(hour) for hour in np.unique(np.minimum(offered // HOUR, 23))]


def talk_by_hour_comment(queue: QueueEstimates) -> str:
    """Return that who works is part of talk by hour, where that makes a difference."""
    apart = queue.talk_by_hour / queue.talk_by_hour_of_same_agents - 1
    if np.abs(apart).max() < WORTH_SAYING:
        return ""
    return (
        "by hour with the agents who worked then, as persons here are the same in all hours; for "
        "persons of your own with speeds and shifts: ratios of the same agents in report.html"
    )
