"""Estimates of a center as rows: value, confidence interval, origin and field."""

from __future__ import annotations

import numpy as np

from sim.history.calibration.agent_hours import agent_hours_rows
from sim.history.calibration.center_estimates import (
    LEAST_SHARE,
    CenterEstimates,
    QueueEstimates,
)
from sim.history.calibration.estimated_values import EstimatedValue, estimated
from sim.history.calibration.experience_rows import experience_rows
from sim.history.calibration.log_concurrency import concurrency_rows
from sim.history.calibration.state_estimates import (
    state_value_rows,
)
from sim.history.calibration.talk_level_rows import METHOD as LEVEL_METHOD
from sim.history.calibration.talk_level_rows import level_changes, mean_of_log, talk_level_rows
from sim.history.calibration.volume_growth import growth_rows
from sim.history.call_log import CallLog
from sim.history.estimation.repeat_calls import RepeatCalls


def rows_of(estimates: CenterEstimates) -> tuple[EstimatedValue, ...]:
    """Return all estimates as rows."""
    certain = estimates.trend is not None and estimates.trend.certain
    after = ", their trend taken off" if certain else ""
    rows: list[EstimatedValue] = [
        *growth_rows(estimates),
        estimated("busyness_cv", "center", estimates.volume.cv, "share",
                  f"variance of day totals beyond Poisson{after}", "center.busyness.cv"),
        estimated("busyness_memory", "center", estimates.volume.memory, "ratio",
                  "correlation of following days", "center.busyness.memory"),
        estimated("busyness_shared", "center", estimates.shared, "share",
                  "covariance of day totals of queues", "center.busyness.shared"),
        estimated("talk_day_cv", "center", estimates.talk_days.cv, "share",
                  "variance of day means beyond sampling, who worked included"
                  if not level_changes(estimates) else f"{LEVEL_METHOD}: the days",
                  "center.talk_variation.cv"),
        estimated("talk_day_cv_same_agents", "center", estimates.talk_days_of_same_agents, "share",
                  "the same, the speed of the agents who worked taken off"),
        estimated("talk_day_memory", "center", estimates.talk_days.memory, "ratio",
                  "correlation of following days", "center.talk_variation.memory"),
        estimated("talk_with_volume", "center", estimates.talk_with_volume, "ratio",
                  "correlation of day factors", "center.talk_variation.correlation"),
        *talk_level_rows(estimates),
        estimated("agent_speed_cv", "center", estimates.speeds.spread, "share",
                  "spread of agents beyond sampling error, shrunk", "group.persons"),
    ]  # fmt: skip
    rows += [
        *agent_hours_rows(estimates), *_gap_rows(estimates), *state_value_rows(estimates.states),
    ]  # fmt: skip
    for queue in estimates.queues:
        is_usual = abs(estimates.talk_factor(queue.name) - 1) < LEAST_SHARE
        rows += _queue_rows(queue, estimates.log, is_usual, mean_of_log(estimates))
    rows += concurrency_rows(estimates.concurrency, estimates.log.queues)
    rows += () if estimates.order is None else estimates.order.rows()
    rows += experience_rows(estimates.experience)
    return tuple(row for row in rows if np.isfinite(row.value))


def _gap_rows(estimates: CenterEstimates) -> list[EstimatedValue]:
    rows = []
    if (gap := estimates.gap) is not None:
        states = estimates.states
        how = "gaps begun while customers waited, Kaplan-Meier"
        if states is not None and states.has_details:
            how += ", without agents who left by recorded states"
        rows += [
            estimated("gap_mean", "center", gap.mean, "s", how, "group.gap"),
            estimated("gap_median", "center", gap.median, "s", how, "group.gap"),
            estimated("gap_zero", "center", gap.zero, "share", how, "group.gap"),
        ]
    if (apart := estimates.pauses) is not None:
        how = "mixture of lognormal gaps and pauses of 3 min and more, cut off as the gaps"
        more = "gaps of more than 3 min, Kaplan-Meier"
        long = "time between contacts of those away after 3 min, by when they were missing"
        rows += [
            estimated("gap_mean_without_pauses", "center", apart.gap, "s", how),
            estimated("pauses_after_contacts", "center", apart.pauses, "share", more, "group.gap"),
            estimated("pause_mean", "center", apart.length, "s", long, "group.gap"),
        ]
    if (ready := estimates.readiness) is not None:
        how = "who waits although agents are free, gaps taken off"
        field = "group.breaks_when_quiet"
        rows += [
            estimated("not_ready_when_quiet", "center", ready.not_ready, "share", how, field),
            estimated("quiet_break_mean", "center", ready.length, "s", how, field),
        ]
    return rows


def _retrial_method(repeats: RepeatCalls) -> str:
    seen = repeats.beyond_served.low > 0
    return "same customer, beyond those served" + (
        "" if seen else "; none seen beyond random variation"
    )


def _queue_rows(
    queue: QueueEstimates, log: CallLog, is_usual: bool, mean_talk: str
) -> list[EstimatedValue]:
    scope = f"queue.{queue.name}"
    from_states = log.states is not None and log.states.gives_wrap
    rows = []
    for name, model in (("talk", queue.talk), ("wrap", queue.wrap)):
        if model is not None:
            how = "mean of a measured curve" if model.best == "points" else f"mean of {model.best}"
            how += ", recorded states" if name == "wrap" and from_states else ""
            how += "" if is_usual else ", with the speeds of groups"
            how_cv = "contacts of one agent, hour and day" if name == "talk" else how
            field_path = f"{scope}.{name}"
            rows += [
                estimated(f"{name}_mean", scope, model.mean, "s",
                          how + (mean_talk if name == "talk" else ""), field_path),
                estimated(f"{name}_cv", scope, model.cv, "ratio", how_cv, field_path),
                estimated(f"{name}_zero", scope, model.zero, "share", how, field_path),
            ]  # fmt: skip
    if (patience := queue.patience) is not None:
        how = "Kaplan-Meier, answered cut off"
        rows += [
            estimated("patience_median", scope, patience.median, "s", how, f"{scope}.patience"),
            estimated("balking", scope, patience.balk, "share", how, f"{scope}.balk"),
        ]
        rows += [
            estimated(f"patience_beyond_{at:g}s", scope, found, "share", how, f"{scope}.patience")
            for at, found in patience.survival.items()
        ]
    if (repeats := queue.repeats) is not None:
        rows += [
            estimated("retrial_within_hour", scope, repeats.beyond_served, "share",
                      _retrial_method(repeats), f"{scope}.retry.share"),
            estimated("identified_abandoned", scope, repeats.abandoned.identified, "share",
                      "customer known"),
        ]  # fmt: skip
    return rows
