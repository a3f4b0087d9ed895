"""The trend of the volume over a log: its rows, and what it means for the written week."""

from __future__ import annotations

import numpy as np

from sim.array_types import Bools, Floats
from sim.history.calibration.center_estimates import CenterEstimates
from sim.history.calibration.estimated_values import EstimatedValue, estimated
from sim.history.calibration.experience_tables import percent
from sim.history.call_log import CallLog
from sim.history.estimation.volume_trend import VolumeTrend, levels_of_halves

CHANGE = "volume_change_per_week"
LEVEL = "contacts_per_day"


def growth_rows(estimates: CenterEstimates) -> list[EstimatedValue]:
    """Return the change of the volume per week, with several queues that of each too."""
    if estimates.trend is None:
        return []
    how = "log-linear trend of day totals by weekday"
    alone = not estimates.queue_trends
    field = "queue.volume" if alone else ""
    rows = [estimated(CHANGE, "center", estimates.trend.weekly, "share", how, field)]
    for queue, trend in zip(estimates.queues, estimates.queue_trends, strict=False):
        scope = f"queue.{queue.name}"
        rows.append(estimated(CHANGE, scope, trend.weekly, "share", how, f"{scope}.volume"))
    return rows


def growth_note(estimates: CenterEstimates) -> str:
    """Return what a volume that certainly grows or falls means for the written week, or nothing."""
    parts = []
    if (trend := estimates.trend) is not None and trend.certain:
        parts.append(_change("volume", trend))
    for queue, own in zip(estimates.queues, estimates.queue_trends, strict=False):
        differs = trend is None or not trend.certain or not own.weekly.contains(trend.weekly.value)
        if own.certain and differs:
            parts.append(_change(f"volume of {queue.name}", own))
    if not parts:
        return ""
    said = "; the ".join(parts)
    log, used = estimates.log, np.flatnonzero(estimates.usable)
    return (
        f"The {said}. Volumes and agents in week.csv are means of the days from "
        f"{log.date(int(used[0]))} to {log.date(int(used[-1]))}, busyness is what is left after "
        "the trend of the whole center; ccplan forecast HISTORY --scenario center/scenario.toml "
        "writes the volumes to expect"
    )


def _change(what: str, trend: VolumeTrend) -> str:
    change = trend.weekly.value
    verb = "grows" if change > 0 else "falls"
    ends = sorted((abs(trend.weekly.low), abs(trend.weekly.high)))
    low, high = (_percent(end) for end in ends)
    side = "above" if trend.ahead > 0 else "below"
    return (
        f"{what} {verb} by {_percent(abs(change))} a week ({low} to {high}), and is at the end of "
        f"the log {_percent(abs(trend.ahead))} {side} its mean"
    )


def _percent(share: float) -> str:
    return percent(float(f"{share:.2g}")).replace("%", " %")


def day_levels(estimates: CenterEstimates, first: CallLog) -> tuple[float, float]:
    """Return the contacts per day in the days of a first part of the log and in those after it."""
    log = estimates.log
    before: Bools = np.arange(log.days) < int(np.flatnonzero(first.day_used)[-1]) + 1
    totals: Floats = np.sum([one.first_calls.sum(axis=1) for one in estimates.queues], axis=0)
    return levels_of_halves(totals, log.weekday, estimates.usable, before)
