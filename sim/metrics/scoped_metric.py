"""One measure at one scope, before it is written as rows."""

from __future__ import annotations

from dataclasses import dataclass

from sim.metrics.estimate import InfluenceEstimate
from sim.metrics.scopes import Scope


@dataclass(frozen=True, slots=True)
class ScopedEstimate:
    """One measure at one scope over one or all stretches.

    Attributes
    ----------
    scope : Scope
    metric, unit : str
    estimate : InfluenceEstimate
        Value of shape () or (stretches,).
    """

    scope: Scope
    metric: str
    unit: str
    estimate: InfluenceEstimate
