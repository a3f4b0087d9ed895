"""By how much antithetic pairs and control variates lowered the variance of metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.metrics import RATIO_METRICS, VarianceReduction, parse_metric
from sim.metrics.scopes import Scope, applies

if TYPE_CHECKING:
    from sim.metrics import Tallies
    from sim.metrics.estimators import InfluenceEstimate
    from sim.model import Model

REPORTED = ("service_level", "asa_s", "abandonment", "occupancy")
"""Metrics of the whole center whose variance reduction is reported."""

RATIO_METRIC = {metric.name: metric for metric in RATIO_METRICS}


@dataclass(frozen=True, slots=True)
class VarianceSaving:
    """The share of variance removed from one metric.

    Attributes
    ----------
    scope, name, metric : str
    share : float
        Of the variance that as many independent replications without controls would have, by
        their spread in the same experiment; negative where it was added to.
    """

    scope: str
    name: str
    metric: str
    share: float


def reported_estimates(model: Model, tallies: Tallies) -> dict[str, InfluenceEstimate]:
    """Return the estimates of the reported metrics, not yet reduced."""
    return {
        name: parse_metric(model, name).evaluate(model, tallies).estimate
        for name in REPORTED
        if _applies(model, name)
    }


def _applies(model: Model, name: str) -> bool:
    metric = RATIO_METRIC[name]
    return applies(model, metric.needs, metric.base, Scope("total", "total"))


def variance_savings(
    found: Mapping[str, InfluenceEstimate], reduction: VarianceReduction
) -> list[VarianceSaving]:
    """Return the shares of variance removed from some metrics of the whole center.

    Parameters
    ----------
    found : mapping of str to InfluenceEstimate
        By name, of all replications, untouched.
    reduction : VarianceReduction
    """
    shares = {name: reduction.apply(estimate).share_removed for name, estimate in found.items()}
    known = {name: share for name, share in shares.items() if share is not None}
    return [VarianceSaving("total", "total", name, share) for name, share in known.items()]


def reduction_methods(reduction: VarianceReduction) -> str:
    """Return what lowered the variance, in words."""
    names = ["antithetic pairs"] * (reduction.unit_size > 1)
    names += ["controls (arrivals, work)"] * (reduction.controls is not None)
    return " and ".join(names)


def savings_text(found: Sequence[VarianceSaving], how: str) -> tuple[str, ...]:
    """Return a sentence on the removed variance, none where nothing is known."""
    if not found:
        return ()
    parts = [f"{s.metric} by {abs(s.share):.0%}{' more' if s.share < 0 else ''}" for s in found]
    words = "lower variance than the same number of independent replications"
    return (f"{words}, by {how}: {', '.join(parts)}",)
