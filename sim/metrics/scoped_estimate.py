"""One metric at one scope, before it is written as rows."""

from __future__ import annotations

from dataclasses import dataclass

from sim.metrics.estimators import InfluenceEstimate
from sim.metrics.scopes import Scope


@dataclass(frozen=True, slots=True)
class ScopedEstimate:
    """One metric at one scope over one or all periods.

    Attributes
    ----------
    scope : Scope
    metric, unit : str
    estimate : InfluenceEstimate
        Value of shape () or (periods,).
    """

    scope: Scope
    metric: str
    unit: str
    estimate: InfluenceEstimate
