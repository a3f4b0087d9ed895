"""Metrics that are not ratios of sums: percentiles, the longest wait, how days differ."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.estimators import (
    InfluenceEstimate,
    mean_per_replication,
    percentile,
    quantile_of_days,
    share_of_days,
)
from sim.metrics.metric_definition import Needs
from sim.metrics.registry import DAY_QUANTILES, PERCENTILES
from sim.metrics.scoped_estimate import ScopedEstimate
from sim.metrics.scopes import Scope, applies, scopes
from sim.metrics.tally_fields import WAIT_EDGES

if TYPE_CHECKING:
    from sim.metrics.aggregation import PeriodSums
    from sim.metrics.tally_fields import Floats
    from sim.metrics.tally_store import Tallies
    from sim.model import Model


PERCENTILE_METRICS = frozenset(
    f"{name}_p{p}_s" for name in ("wait", "completion") for p in PERCENTILES
)
"""Percentiles of the wait, and of the time to finish deferred work."""

LONGEST_WAIT = "longest_wait_s"

DAY_METRICS = frozenset({"days_on_target", *(f"service_level_day_p{p}" for p in DAY_QUANTILES)})
"""Metrics that compare single days."""


def percentiles(model: Model, tallies: Tallies) -> list[ScopedEstimate]:
    """Return percentiles of wait of the answered and of the time to finish deferred work."""
    found: list[ScopedEstimate] = []
    for scope in _leg_scopes(model, "live"):
        found += _percentiles(model, scope, "live", "wait", tallies)
    for scope in _leg_scopes(model, "deferred"):
        found += _percentiles(model, scope, "deferred", "completion", tallies)
    return found


def _percentiles(
    model: Model, scope: Scope, needs: Needs, name: str, tallies: Tallies
) -> Iterator[ScopedEstimate]:
    members = scope.members(model, "legs", needs)
    counts = tallies.classes(f"{name}s", [int(k) for k in members])
    most = float(tallies.longest[:, members].max()) if name == "wait" else np.inf
    for p in PERCENTILES:
        found = percentile(counts, WAIT_EDGES, p / 100, tallies.unit_size).at_most(most)
        yield ScopedEstimate(scope, f"{name}_p{p}_s", "s", found)


def longest_waits(model: Model, tallies: Tallies) -> list[ScopedEstimate]:
    """Return the longest wait of the answered."""
    found = []
    for scope in _leg_scopes(model, "live"):
        members = scope.members(model, "legs", "live")
        most = tallies.longest[:, members].max(axis=1)
        found.append(ScopedEstimate(scope, LONGEST_WAIT, "s", mean_per_replication(most)))
    return found


def day_estimates(model: Model, sums: PeriodSums) -> list[ScopedEstimate]:
    """Return the metrics that compare single days.

    Parameters
    ----------
    model : Model
    sums : PeriodSums
        Over days.
    """
    found = []
    legs = cache(sums.by_name["legs"].__getitem__)  # the same for many scopes
    for scope in _leg_scopes(model, "any"):
        owner, goal = scope.target_owner(model), scope.goal(model)
        members = scope.members(model, "legs", "any", "service_level")
        met, judged = (legs(owner.sum_name(name))[:, members] for name in ("met", "judged"))
        level = _divide(met.sum(axis=1), judged.sum(axis=1))
        for p in DAY_QUANTILES:
            day = quantile_of_days(level, p / 100, unit_size=sums.unit_size)
            found.append(ScopedEstimate(scope, f"service_level_day_p{p}", "share", day))
        target = np.array([[model.queues[k].target] for k in members])
        if goal is not None:
            met, judged = (x.sum(axis=1, keepdims=True) for x in (met, judged))
            target = np.array([[goal.target]])
        reached = _on_target(met, judged, target, sums.unit_size)
        found.append(ScopedEstimate(scope, "days_on_target", "share", reached))
    return found


def _on_target(met: Floats, judged: Floats, target: Floats, unit_size: int) -> InfluenceEstimate:
    """Share of days on which each queue (or all unit_size) with contacts reached its target.

    Parameters
    ----------
    met, judged : ndarray, shape (runs, queues, days)
    target : ndarray, shape (queues, 1)
    unit_size : int
        Consecutive runs that share random numbers.
    """
    # A level of exactly the target must not fail by rounding: compare counts.
    reached = (met >= target * judged - 1e-9).all(axis=1)
    open_ = (judged > 0).any(axis=1)
    top = (reached & open_).sum(axis=1).astype(np.float64)
    return share_of_days(top, open_.sum(axis=1).astype(np.float64), unit_size)


def _divide(top: Floats, bottom: Floats) -> Floats:
    out = np.full(top.shape, np.nan)
    np.divide(top, bottom, out=out, where=bottom > 0)
    return out


def _leg_scopes(model: Model, needs: Needs) -> list[Scope]:
    return [scope for scope in scopes(model) if applies(model, needs, "legs", scope)]
