"""Metrics of customer experience, for scenarios with a model of satisfaction."""

from __future__ import annotations

from sim.metrics.metric_definition import Needs, RatioMetric


def _of_customers(
    name: str, unit: str, top: str, bottom: str, meaning: str, better: bool | None,
    needs: Needs = "satisfaction",
) -> RatioMetric:  # fmt: skip
    return RatioMetric(name, unit, "journeys", top, bottom, meaning, better, needs)


EXPERIENCE_METRICS = (
    _of_customers(
        "csat", "share", "satisfied", "judged",
        "Expected share of satisfied customers.", True,
    ),
    _of_customers(
        "nps", "points", "promoters - detractors / 0.01", "judged",
        "Net promoter score: expected share of promoters minus that of detractors, times 100.",
        True,
    ),
    _of_customers(
        "effort", "points", "effort", "judged",
        "Mean effort of customers, from 1 (easy) to 7 (hard).", False,
    ),
    _of_customers(
        "high_effort", "share", "high_effort", "judged",
        "Share of customers with an effort of 5 or more.", False,
    ),
    _of_customers(
        "at_risk", "share", "at_risk", "judged",
        "Expected share of customers who leave.", False,
    ),
    _of_customers(
        "value_kept", "money", "value - value_lost", "",
        "Value a year of the customers who stay, expected; those whose issue was prevented or "
        "settled beforehand stay.", True, "value",
    ),
    _of_customers(
        "value_lost", "money", "value_lost", "",
        "Value a year of the customers who leave, expected.", False, "value",
    ),
    _of_customers(
        "measured_csat", "share", "responses_satisfied", "responses",
        "Share of satisfied customers among those who answer a survey.", True,
    ),
    _of_customers(
        "response_rate", "share", "responses", "judged",
        "Expected share of customers who answer a survey.", None,
    ),
)  # fmt: skip
"""In the order of the rows."""

_OF_ODDS = (
    "satisfied", "unresolved", "contact", "transfer", "context_lost", "switch", "wait", "channel",
)  # fmt: skip
_OF_EFFORT = (
    "effort_contact", "effort_transfer", "effort_context_lost", "effort_switch",
    "effort_unresolved",
)  # fmt: skip
_OF_RESPONSE = ("response_satisfied", "response_dissatisfied")
COEFFICIENTS_OF = {
    "csat": _OF_ODDS,
    "nps": (*_OF_ODDS, "promoter", "detractor"),
    "effort": _OF_EFFORT,
    "high_effort": _OF_EFFORT,
    "at_risk": (*_OF_ODDS, "leaves"),
    "value_kept": (*_OF_ODDS, "leaves"),
    "value_lost": (*_OF_ODDS, "leaves"),
    "measured_csat": (*_OF_ODDS, *_OF_RESPONSE),
    "response_rate": (*_OF_ODDS, *_OF_RESPONSE),
    "cost_of_poor_service": (*_OF_ODDS, "leaves"),
}
"""Coefficients of the satisfaction model that each metric depends on; ``channel`` stands for all
channels."""
BY_COEFFICIENTS = frozenset(COEFFICIENTS_OF)
"""Metrics that depend on the coefficients of the satisfaction model."""
HAPPENS = {
    "transfer": "transfers_per_issue",
    "context_lost": "context_lost",
    "switch": "channel_switches",
}
"""Coefficients for what may never happen in a scenario, and the metric that says how often it does:
where it is 0, they decide nothing."""
