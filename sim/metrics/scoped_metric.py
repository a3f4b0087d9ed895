"""One measure at one scope, before it is written as rows."""

from __future__ import annotations

from dataclasses import dataclass

from sim.metrics.estimate import Estimate
from sim.metrics.scopes import Scope


@dataclass(frozen=True, slots=True)
class Finding:
    """One measure at one scope over one or all stretches.

    Attributes
    ----------
    scope : Scope
    metric, unit : str
    estimate : Estimate
        Value of shape () or (stretches,).
    """

    scope: Scope
    metric: str
    unit: str
    estimate: Estimate
