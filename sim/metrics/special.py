"""Figures that are no ratio of sums: percentiles, the longest wait, how days differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.counts import WAIT_EDGES
from sim.metrics.estimate import Estimate, per_run, percentile, quantile_of_days, ratio
from sim.metrics.finding import Finding
from sim.metrics.registry import DAY_QUANTILES, PERCENTILES, Needs
from sim.metrics.scopes import Scope, applies, scopes

if TYPE_CHECKING:
    from sim.metrics.counts import Floats
    from sim.metrics.sums import Sums, Tallies
    from sim.model import Model


def percentiles(model: Model, tallies: Tallies) -> list[Finding]:
    """Return percentiles of wait of the answered and of the time to finish deferred work."""
    found: list[Finding] = []
    for scope in _of_legs(model, "live"):
        found += _percentiles(model, scope, "live", "wait", tallies.waits)
    for scope in _of_legs(model, "deferred"):
        found += _percentiles(model, scope, "deferred", "completion", tallies.completions)
    return found


def _percentiles(
    model: Model,
    scope: Scope,
    needs: Needs,
    name: str,
    classes: np.ndarray[tuple[int, ...], np.dtype[np.int32]],
) -> Iterator[Finding]:
    counts = classes[:, scope.members(model, "legs", needs)].sum(axis=1)
    for p in PERCENTILES:
        yield Finding(scope, f"{name}_p{p}_s", "s", percentile(counts, WAIT_EDGES, p / 100))


def longest(model: Model, tallies: Tallies) -> list[Finding]:
    """Return the longest wait of the answered."""
    found = []
    for scope in _of_legs(model, "live"):
        members = scope.members(model, "legs", "live")
        most = tallies.longest[:, members].max(axis=(1, 2))
        found.append(Finding(scope, "longest_wait_s", "s", per_run(most)))
    return found


def days(model: Model, sums: Sums) -> list[Finding]:
    """Return the figures that compare single days.

    Parameters
    ----------
    model : Model
    sums : Sums
        Over days.
    """
    found = []
    for scope in _of_legs(model, "any"):
        met, judged = _judged(scope, sums)
        level = _divide(met.sum(axis=1), judged.sum(axis=1))
        for p in DAY_QUANTILES:
            day = quantile_of_days(level, p / 100)
            found.append(Finding(scope, f"service_level_day_p{p}", "share", day))
        found.append(Finding(scope, "days_on_target", "share", _on_target(scope, sums)))
    return found


def _judged(scope: Scope, sums: Sums) -> tuple[Floats, Floats]:
    members = scope.members(sums.model, "legs", "any", "service_level")
    legs = sums.by_name["legs"]
    return legs["met"][:, members], legs["judged"][:, members]


def _on_target(scope: Scope, sums: Sums) -> Estimate:
    """Share of days on which each queue with contacts reached its target."""
    members = scope.members(sums.model, "legs", "any", "service_level")
    met, judged = _judged(scope, sums)
    target = np.array([sums.model.queues[k].target for k in members])[:, None]
    # A level of exactly the target must not fail by rounding: compare counts.
    reached = (met >= target * judged - 1e-9).all(axis=1)
    open_ = (judged > 0).any(axis=1)
    top = (reached & open_).sum(axis=1).astype(np.float64)
    return ratio([top], [open_.sum(axis=1).astype(np.float64)])


def _divide(top: Floats, bottom: Floats) -> Floats:
    out = np.full(top.shape, np.nan)
    np.divide(top, bottom, out=out, where=bottom > 0)
    return out


def _of_legs(model: Model, needs: Needs) -> list[Scope]:
    return [scope for scope in scopes(model) if applies(model, needs, "legs", scope)]
