"""Metrics of money beyond pay, for scenarios that say what else costs."""

from __future__ import annotations

from sim.metrics.metric_definition import Needs, RatioMetric


def _of_center(
    name: str, top: str, bottom: str, meaning: str, needs: Needs = "costs"
) -> RatioMetric:
    return RatioMetric(name, "money", "center", top, bottom, meaning, False, needs)


COST_METRICS = (
    RatioMetric(
        "bot_cost", "money", "legs", "bot_cost", "",
        "Cost of sessions of self-service.", False, "bot_cost",
    ),
    RatioMetric(
        "telephony_cost", "money", "legs", "telephony_cost", "",
        "Cost of the minutes in self-service, in queues, in talk and on hold.", False, "line_cost",
    ),
    RatioMetric(
        "tools_cost", "money", "time", "tools_cost", "",
        "Cost of tools and licences for the paid hours of agents.", False, "tools",
    ),
    RatioMetric(
        "message_cost", "money", "journeys", "message_cost", "",
        "Cost of messages to customers before they contact the center.", False, "messages",
    ),
    _of_center(
        "total_cost", "all_costs", "",
        "Pay, self-service, telephony, tools and messages together.",
    ),
    _of_center(
        "cost_per_contact", "all_costs", "done",
        "Total cost for each contact that agents handled or self-service contained.",
    ),
    _of_center(
        "cost_per_resolved", "all_costs", "ever_resolved",
        "Total cost for each resolved issue.", "costs_resolved",
    ),
    _of_center(
        "rework_cost", "rework_pay", "",
        "Share of the pay for repeat contacts, bounce-backs and transferred contacts, by handle "
        "time. With fixed staffing this time becomes free for other contacts; pay falls only if "
        "agents are scheduled less.", "costs_paid",
    ),
    _of_center(
        "cost_of_poor_service", "poor_service", "",
        "Pay for rework, and the expected value of the customers who leave.", "poor_service",
    ),
)  # fmt: skip
"""In the order of the rows."""
