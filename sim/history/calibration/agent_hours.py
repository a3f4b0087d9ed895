"""Agent hours of a day, and how many of them are short pauses and breaks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.history.calibration.center_estimates import INTERVAL_MINUTES, CenterEstimates
from sim.history.calibration.estimated_values import EstimatedValue, estimated
from sim.history.calibration.log_presences import work_hours
from sim.history.estimation.day_bootstrap import DayEstimate
from sim.history.estimation.method_error import agent_hours_error
from sim.history.estimation.presences import PRESENCE_GAP
from sim.units import HOUR, MINUTE


def agent_hours(estimates: CenterEstimates) -> DayEstimate:
    """Return the mean agent hours of a day, from log-in to log-out with short pauses.

    They are those of the days of the log, so that days are not drawn: the interval is the measured
    error of what is inferred from gaps between contacts; without ends where all is recorded.
    """
    usable = estimates.usable
    days = max(int(usable.sum()), 1)
    hours = INTERVAL_MINUTES / 60 / days * sum(
        float(one.present[usable].sum()) for one in estimates.groups
    )  # fmt: skip
    rule = {one.gap: one for one in estimates.sensitivity}.get(PRESENCE_GAP)
    if rule is None or hours <= 0:
        return DayEstimate(hours, days=days)
    inferred = min(float(rule.present[usable].sum()) * INTERVAL_MINUTES / 60 / days / hours, 1.0)
    ready = estimates.readiness
    error = agent_hours_error(0.0 if ready is None else ready.not_ready.value)
    error = replace(error, relative=error.relative * inferred)
    return error.widen(DayEstimate(hours, hours, hours, rule.presences, days))


def hours_not_ready(estimates: CenterEstimates, hours: float) -> float:
    """Return how many of the agent hours of a day are pauses and breaks when quiet.

    Pauses follow contacts as often, and last as long, as estimated; breaks when quiet take their
    share of what is left without contacts, wrap-up, gaps and pauses. NaN where neither is known,
    or states of agents are recorded.

    Parameters
    ----------
    estimates : CenterEstimates
    hours : float
        Agent hours of a day.
    """
    gap, apart, ready = estimates.gap, estimates.pauses, estimates.readiness
    if estimates.states is not None or (apart is None and ready is None):
        return np.nan
    work, contacts = work_hours(estimates.log, estimates.concurrency, estimates.usable)
    days = max(int(estimates.usable.sum()), 1)
    per_day = contacts / days
    pauses = 0.0
    if apart is not None:
        pauses = per_day * apart.pauses.value * apart.length.value / HOUR
    # The mean gap has the pauses in it.
    after = max(per_day * (0.0 if gap is None else gap.mean.value) / HOUR, pauses)
    idle = max(hours - work / days - after, 0.0)
    return pauses + estimates.quiet_breaks.not_ready * idle


def agent_hours_rows(estimates: CenterEstimates) -> list[EstimatedValue]:
    """Return the agent hours as rows, the second of those not ready."""
    name, scope, field = "agent_hours_a_day", "center", "group.agents"
    found = agent_hours(estimates)
    if not np.isfinite(found.low):
        how, no_interval = "of all groups, recorded states", "none: recorded"
        return [
            EstimatedValue(
                name, scope, found.value, np.nan, np.nan, "count", how, 0, field, no_interval
            )
        ]  # fmt: skip
    how = (
        "of all groups, gaps between contacts: shorter absences than "
        f"{PRESENCE_GAP / MINUTE:.0f} min count as present; interval of the measured error"
    )
    how_not_ready = "from pauses after contacts and breaks when quiet, as estimated"
    no_interval = "not estimated: an approximation"
    return [
        estimated(name, scope, found, "count", how, field),
        EstimatedValue(
            "agent_hours_not_ready", scope, hours_not_ready(estimates, found.value), np.nan, np.nan,
            "count", how_not_ready, 0, field, no_interval,
        ),
    ]  # fmt: skip
