"""The calibration that days left out were simulated with: that on the days before them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.history.calibration.center_estimates import LEAST_SHARE
from sim.history.calibration.close_loop import ClosedLoop
from sim.history.calibration.estimated_values import EstimatedValue

OF_THE_DAYS = ("center.busyness", "group.agents")
"""Beginnings of fields that recorded days have as recorded, whatever was estimated."""


@dataclass(frozen=True)
class EarlierFit:
    """What the days before those left out were estimated and changed to.

    Attributes
    ----------
    first, last : date
        Its days.
    days_used : int
    rows : tuple of EstimatedValue
    loop : ClosedLoop
        What removed the bias on its own days, in the same way as on all days.
    """

    first: dt.date
    last: dt.date
    days_used: int
    rows: tuple[EstimatedValue, ...]
    loop: ClosedLoop


@dataclass(frozen=True)
class EarlierDifference:
    """An estimate of the days before that is not that of all days.

    Attributes
    ----------
    name, scope, unit : str
    earlier, all_days : float
    """

    name: str
    scope: str
    unit: str
    earlier: float
    all_days: float

    def document(self) -> dict[str, Any]:
        """Return the row for JSON."""
        numbers = {key: round(getattr(self, key), 6) for key in ("earlier", "all_days")}
        return {"name": self.name, "scope": self.scope, "unit": self.unit, **numbers}


def earlier_differences(
    earlier: Sequence[EstimatedValue], all_days: Sequence[EstimatedValue]
) -> tuple[EarlierDifference, ...]:
    """Return the estimates of a scenario of which one lies outside the interval of the other.

    Parameters
    ----------
    earlier, all_days : sequence of EstimatedValue
        Of the days before, and of all days. What recorded days have as recorded does not count.
    """
    others = {(row.name, row.scope): row for row in earlier}
    return tuple(
        EarlierDifference(row.name, row.scope, row.unit, one.value, row.value)
        for row in all_days
        if row.field and not row.field.startswith(OF_THE_DAYS)
        for one in [others.get((row.name, row.scope))]
        if one is not None and _differ(one, row)
    )


def _differ(one: EstimatedValue, other: EstimatedValue) -> bool:
    """Return whether one of two estimates lies outside the interval of the other, and matters."""
    if one.unit == "share" and abs(one.value - other.value) < LEAST_SHARE:
        return False
    return _is_outside(one.value, other) or _is_outside(other.value, one)


def _is_outside(value: float, row: EstimatedValue) -> bool:
    """Return whether a value lies outside the interval of an estimate, if that has one."""
    return value < row.low or value > row.high


def earlier_document(found: EarlierFit, all_days: Sequence[EstimatedValue]) -> dict[str, Any]:
    """Return the fit for JSON, with its estimates that are not those of all days."""
    return {
        "first_day": found.first.isoformat(),
        "last_day": found.last.isoformat(),
        "days_used": found.days_used,
        **found.loop.document(),
        "different": [one.document() for one in earlier_differences(found.rows, all_days)],
    }
