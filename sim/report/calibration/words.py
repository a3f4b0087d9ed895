"""The words, cells and lines that the text, the page and the report of a calibration share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from sim.history.calibration.scenario_comments import shown_value
from sim.report.formatting import show
from sim.units import readable_duration

if TYPE_CHECKING:
    from sim.history.calibration import Calibration
    from sim.history.calibration.estimated_values import EstimatedValue
    from sim.history.calibration.past_days import FitError, QueueFit
    from sim.history.calibration.state_estimates import StateEstimates

UNITS = {"service_level": "share", "asa_s": "s", "abandonment": "share"}
TITLES = {"service_level": "service level", "asa_s": "ASA", "abandonment": "abandonment"}
IN_WORDS = {
    "agent_speed_cv": "differences in speed between agents",
    "break_share": "share of time in breaks",
    "busyness_cv": "variation of the volume from day to day",
    "busyness_memory": "correlation of the volume with the day before",
    "busyness_shared": "part of that variation common to all queues",
    "agent_hours_a_day": "agent hours a day",
    "agent_hours_not_ready": "of these not ready: short pauses and breaks",
    "gap_mean": "gap after a contact, mean",
    "gap_median": "gap after a contact, median",
    "gap_zero": "contacts after which there is no gap",
    "not_ready_share": "share of time not ready",
    "not_ready_when_quiet": "not ready while no customer waits",
    "balking": "abandon at once instead of waiting",
    "head_start": "head start in the queue",
    "channel_switch": "repeats by another channel",
    "concurrency": "contacts that an agent has at once",
    "contacts_per_issue": "contacts per issue",
    "csat_by_regression": "satisfied, of all: regression",
    "csat_if_satisfied_answer_half": "satisfied, of all: the satisfied have half the odds",
    "csat_if_satisfied_answer_twice": "satisfied, of all: the satisfied have twice the odds",
    "csat_of_answers": "satisfied, of those who answered",
    "csat_weighted": "satisfied, of all: answers weighted",
    "hand_off": "repeats taken by another agent",
    "identified_abandoned": "abandoned whose customer is known",
    "gap_mean_without_pauses": "gap after a contact without pauses, mean",
    "pauses_after_contacts": "contacts that a pause of 3 min or more follows",
    "pause_mean": "length of such a pause",
    "other_work_share": "share of time busy without a contact of the log",
    "patience_median": "patience, median",
    "priority": "priority, served strictly first",
    "weight": "weight of the waiting time",
    "resolved": "resolved contacts",
    "agent_resolution_cv": "differences between agents in what they resolve",
    "talk_cv": "talk, coefficient of variation",
    "talk_zero": "talks of zero length",
    "wrap_cv": "wrap-up, coefficient of variation",
    "wrap_zero": "contacts without wrap-up",
    "talk_mean": "talk, mean",
    "wrap_mean": "wrap-up, mean",
    "quiet_break_mean": "length of a break when quiet",
    "queue_switch": "repeats in another queue",
    "repeat_delay_mean": "time to the next contact of an issue, mean",
    "repeat_if_resolved": "resolved that another contact follows",
    "repeat_if_unresolved": "unresolved that another contact follows",
    "repeat_window": "repeat window",
    "survey_response": "share who answered the survey",
    "transferred": "transferred contacts",
    "retrial_within_hour": "abandoned who call again within an hour",
    "talk_day_cv_same_agents": "variation of talk from day to day that is not due to who worked",
    "talk_day_cv": "variation of talk from day to day",
    "talk_level_at_end": "level of talk at the end of the log, mean 1",
    "talk_level_change": "change of the level of talk from one day to the next",
    "talk_day_memory": "correlation of talk with the day before",
    "contacts_per_day": "contacts per day",
    "volume_change_per_week": "change of the volume per week",
    "unrelated_repeats": "repeats that are calls on other matters",
    "talk_with_volume": "correlation of talk with the volume of the day",
}
"""Names of estimates on the page and in the report."""
PATTERNS = (
    (r"patience_beyond_(.+)s", "waiting still after {} s"),
    (r"transferred_to_(.+)", "transferred to {}"),
    (r"fcr_(1)_days", "FCR within {} day"),
    (r"fcr_(.+)_days", "FCR within {} days"),
    (r"repeat_within_(1)_days", "another contact within {} day"),
    (r"repeat_within_(.+)_days", "another contact within {} days"),
    (r"response_(.+)", "odds to answer, {}"),
    (r"satisfaction_response_(.+)", "share of the {} who answer"),
    (r"satisfaction_(.+)", "coefficient: {}"),
)
"""Names of estimates with a part that varies."""
ASSUMPTIONS_IN_WORDS = {
    "breaks when quiet": "not ready while no customer waits",
    "length of breaks when quiet": "length of a break when quiet",
    "balking": "abandon at once instead of waiting",
    "head starts": "head starts in the queue",
    "busyness of days": "variation of the volume from day to day",
    "talk of days": "variation of talk from day to day",
    "presences (gap rules of 5 and 30 min)": "agents off duty after 5 or 30 min idle",
}
QUEUE_HEADS = [
    "queue",
    "contacts",
    "metric",
    "actual",
    "simulated",
    "95 % of simulations",
    "inside",
]
ERROR_HEADS = ["metric", "by", "mean error", "Erlang A", "bias", "days inside band"]


def value_text(value: float, unit: str) -> str:
    """Return an estimate with its unit: shares in per cent."""
    if unit == "s":
        return readable_duration(value)
    if unit == "share" and 0 < abs(value) < 0.01:
        return f"{100 * value:.2f} %"
    return shown_value(value, unit).replace("%", " %")


def level_text(level: str) -> str:
    """Return an end of an assumption, such as "15 s (+8 %)"."""
    return level.replace("%", " %")


def notes_of(found: Calibration) -> list[str]:
    """Return what was assumed at reading, each note once."""
    states = found.state_cleaning
    more = [] if states is None else [n for n in states.notes if n not in found.cleaning.notes]
    return [*found.cleaning.notes, *more]


def left_out_lines(found: Calibration) -> list[str]:
    """Return the whole days that estimates leave out, each with its reasons."""
    reasons: dict[int, list[str]] = {}
    for one in found.estimates.unusual:
        if not found.estimates.usable[one.day]:
            reasons.setdefault(one.day, []).append(one.reason)
    log = found.estimates.log
    return [f"{log.date(day)}: {'; '.join(why)}" for day, why in reasons.items()]


def error_cells(one: FitError) -> list[str]:
    """Return one error as cells, as :data:`ERROR_HEADS` names them."""
    unit = UNITS[one.metric]
    inside = f"{100 * one.inside:.0f} %" if np.isfinite(one.inside) else ""
    error, formula = (change_text(x, unit).removeprefix("+") for x in (one.error, one.erlang_a))
    return [TITLES[one.metric], one.period, error, formula, change_text(one.bias, unit), inside]


def queue_cells(one: QueueFit) -> list[str]:
    """Return a metric of a queue as cells, as :data:`QUEUE_HEADS` names them."""
    unit = UNITS[one.metric]
    actual, simulated, low, high = (
        show(float(value) if np.isfinite(value) else None, unit)
        for value in (one.actual, one.simulated, one.low, one.high)
    )
    return [
        one.queue, f"{one.contacts:,}", TITLES[one.metric], actual, simulated, f"{low} to {high}",
        "yes" if one.is_inside else "no",
    ]  # fmt: skip


def interval_text(row: EstimatedValue) -> str:
    """Return the ends of the confidence interval of an estimate, or why there is none."""
    if not np.isfinite([row.low, row.high]).all():
        return row.no_interval
    return f"{value_text(row.low, row.unit)} to {value_text(row.high, row.unit)}"


def change_text(value: float, unit: str) -> str:
    """Return a difference with its sign: of shares in percentage points."""
    if not np.isfinite(value):
        return "-"
    shown = round(100 * value if unit == "share" else value, 1) + 0.0  # no minus before a zero
    return f"{shown:+.1f} {'pp' if unit == 'share' else 's'}"


def in_words(name: str, scope: str) -> str:
    """Return the name of an estimate, and of what it is."""
    return f"{name_in_words(name)}, {scope.removeprefix('queue.')}"


def name_in_words(name: str) -> str:
    """Return the name of an estimate in words."""
    for pattern, words in PATTERNS:
        if (found := re.fullmatch(pattern, name)) is not None:
            return words.format(*found.groups()).replace("_", " ")
    return IN_WORDS.get(name, name.replace("_", " "))


def agents_text(states: StateEstimates | None) -> str:
    """Return where the agents of recorded days come from."""
    if states is None:
        return "inferred agents"
    if states.contacts == 1:
        return "recorded agents"
    return f"agents, recorded for {100 * states.contacts:.3g} % of the contacts and else inferred"
