"""Estimates as rows: what, how much, between which bounds, from what and how."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.history.estimation.day_bootstrap import DayEstimate


@dataclass(frozen=True, slots=True)
class EstimatedValue:
    """One estimate with its 95 % confidence interval.

    Attributes
    ----------
    name : str
        What is estimated, such as ``talk_mean``.
    scope : str
        ``center``, a queue as ``queue.billing``, or a group as ``group.team``.
    value : float
    low, high : float
        Ends of the 95 % confidence interval; NaN where there is none.
    unit : {"s", "share", "ratio", "count"}
    method : str
        How it was estimated.
    records : int
        Contacts, gaps or agents that it rests on.
    field : str
        Path in the scenario that has it, empty where the scenario cannot say it.
    no_interval : str
        Why there is no confidence interval, empty where there is one.
    """

    name: str
    scope: str
    value: float
    low: float
    high: float
    unit: str
    method: str
    records: int = 0
    field: str = ""
    no_interval: str = ""

    def document(self) -> dict[str, Any]:
        """Return the row for JSON; what is unknown is null."""
        numbers = {key: _plain(getattr(self, key)) for key in ("value", "low", "high")}
        return {
            "name": self.name, "scope": self.scope, **numbers, "unit": self.unit,
            "method": self.method, "records": self.records, "field": self.field,
            "no_interval": self.no_interval or None,
        }  # fmt: skip


def estimated(
    name: str, scope: str, found: DayEstimate, unit: str, method: str, field: str = ""
) -> EstimatedValue:
    """Return an estimate of the days as a row."""
    return EstimatedValue(
        name, scope, found.value, found.low, found.high, unit, method, found.records, field,
        _no_interval(found),
    )  # fmt: skip


def _no_interval(found: DayEstimate) -> str:
    """Return why an estimate has no confidence interval."""
    if math.isfinite(found.low) and math.isfinite(found.high):
        return ""
    if found.days == 1:
        return "none: one day"
    return "none: too few days or cases"


def _plain(value: float) -> float | None:
    return round(float(value), 6) if math.isfinite(value) else None
