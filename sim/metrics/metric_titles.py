"""Titles of metrics and of service level formulas, as people read them."""

from __future__ import annotations

_TITLES = {
    "message": "ended with a message",
    "callbacks": "callbacks chosen",
    "callbacks_answered": "callbacks answered",
    "callbacks_missed": "callbacks not answered",
    "callbacks_open": "callbacks not yet dialled",
    "abandonment_excl_short": "abandonment without short abandons",
    "asa_s": "ASA",
    "mean_wait_all_s": "mean wait of answered and abandoned",
    "wait_probability": "share of contacts that wait",
    "callback_wait_s": "mean wait for the callback",
    "announced_wait_s": "mean announced wait",
    "announced_error_s": "mean error of announced waits",
    "aht_s": "AHT",
    "talk_s": "mean talk time",
    "hold_s": "mean hold time",
    "wrap_s": "mean wrap-up time",
    "load_erlangs": "load in erlangs",
    "repeat_rate": "repeat contact rate",
    "retry_rate": "retrial rate",
    "completion_s": "mean completion time",
    "sessions": "bot sessions",
    "contained_share": "contained",
    "left_inside_share": "abandoned in the bot",
    "bot_resolution": "resolved by the bot",
    "bounce_back": "bounce-back",
    "session_s": "mean session length",
    "outbound_attempts": "outbound calls made",
    "outbound_reached": "outbound calls that reached the customer",
    "outbound_settled": "issues settled by an outbound call",
    "right_party_rate": "right party contact rate",
    "fcr": "FCR",
    "time_to_resolution_h": "time to resolution",
    "gave_up": "issues given up",
    "staff": "mean agents logged in",
    "not_ready_share": "share of time not ready",
    "not_ready_h": "hours not ready",
    "scheduled_h": "scheduled hours",
    "overtime_h": "overtime",
    "csat": "CSAT",
    "nps": "NPS",
    "effort": "customer effort",
    "high_effort": "customers with high effort",
    "at_risk": "customers at risk",
    "value_kept": "customer value kept",
    "value_lost": "customer value lost",
    "measured_csat": "CSAT as surveyed",
    "context_lost": "context lost per issue",
    "wait_per_issue_s": "wait per issue",
    "open_at_end": "issues open at the end",
    "longest_wait_s": "longest wait",
    "service_level_day_p10": "service level of the 10th percentile day",
    "service_level_day_p50": "service level of the median day",
    "service_level_day_p90": "service level of the 90th percentile day",
}
"""Where the name of a metric is not its title already."""


def label(metric: str) -> str:
    """Return a metric's title within a sentence: ``service level``, ``ASA``."""
    if metric in _TITLES:
        return _TITLES[metric]
    if metric.startswith("service_level_"):
        return f"service level, {variant_title(metric.removeprefix('service_level_'))}"
    for what in ("wait", "completion"):
        if metric.startswith(f"{what}_p"):
            rank = metric.removeprefix(f"{what}_p").removesuffix("_s")
            return f"{rank}th percentile {what}"
    return metric.replace("_", " ")


def reference_label(text: str) -> str:
    """Return a metric of a scope in words: ``queue.cards.fcr`` becomes ``FCR of queue cards``."""
    scope, _, metric = text.rpartition(".")
    kind, _, name = scope.partition(".")
    return label(metric) if not scope or kind == "total" else f"{label(metric)} of {kind} {name}"


def metric_title(metric: str) -> str:
    """Return a metric's title with a capital, as in the head of a column: ``Service level``."""
    words = label(metric)
    return words[:1].upper() + words[1:]


def variant_title(variant: str) -> str:
    """Return the name of a service level formula in words: ``abandons ignored``."""
    return variant.replace("_", " ")
