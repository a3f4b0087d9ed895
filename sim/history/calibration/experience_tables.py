"""Estimates of issues and satisfaction as fields of a scenario."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.history.calibration.center_estimates import LEAST_SHARE
from sim.history.calibration.experience_estimates import ExperienceEstimates
from sim.history.estimation.agent_differences import AgentDifferences, correlation_of_agents
from sim.history.estimation.day_bootstrap import DayEstimate

_NEAREST = 0.999
"""A share satisfied that rounding would make 1, or 0, is this, or what is left of 1."""


def percent(share: float) -> str:
    """Return a share as a scenario writes it."""
    return f"{100 * share:.4g}%"


def resolution_fields(found: ExperienceEstimates | None, queue: str) -> dict[str, Any]:
    """Return the share resolved of a queue, and repeat contacts of the unresolved.

    Where the log does not say what was resolved, contacts without a repeat count as resolved, and
    all others are repeated: only the satisfaction model requires that.
    """
    if found is None or not found.resolved or not _is_used(found):
        return {}
    resolved = found.resolved[queue].value
    if not np.isfinite(resolved):
        return {}
    fields: dict[str, Any] = {"resolved": percent(resolved)}
    records = found.records
    if records is None or not records.delay_text:
        return fields
    share = 1.0 if found.is_inferred else records.repeat_if_not.value
    if np.isfinite(share) and share >= LEAST_SHARE:
        fields["repeat"] = {"share": percent(min(share, 1.0)), "after": records.delay_text}
    return fields


def transfer_fields(found: ExperienceEstimates | None, queue: str) -> dict[str, Any]:
    """Return the shares of a queue's contacts that are transferred to others."""
    if found is None:
        return {}
    shares = {
        to: percent(one.value)
        for (source, to), one in found.transfers_to.items()
        if source == queue and one.value > 0
    }
    return {"transfer": shares} if shares else {}


def agent_resolution_of(
    found: ExperienceEstimates | None, speeds: AgentDifferences
) -> tuple[float, float]:
    """Return the CV of what agents resolve and its correlation with speed; 0 unless certain."""
    if found is None or found.agents is None or not _is_used(found):
        return 0.0, 0.0
    spread = found.agents.spread
    if not (spread.low > 0 and spread.value > LEAST_SHARE):
        return 0.0, 0.0
    both = correlation_of_agents(speeds, found.agents)
    is_certain = both.low > 0 or both.high < 0
    return spread.value, float(np.clip(both.value, -0.99, 0.99)) if is_certain else 0.0


def _is_used(found: ExperienceEstimates) -> bool:
    """Return whether the scenario says what is resolved."""
    return not found.is_inferred or found.satisfaction.fit is not None


def satisfaction_table(found: ExperienceEstimates | None) -> dict[str, dict[str, Any]]:
    """Return the table ``satisfaction`` by its name; empty where nothing was estimated.

    Coefficients without an estimate stay at their defaults, and uncalibrated.
    """
    if found is None or not found.resolved or (fit := found.satisfaction.fit) is None:
        return {}
    on = found.satisfaction.calibrated_on
    table: dict[str, Any] = {"calibrated_on": on}
    for name, one in {"satisfied": fit.satisfied, **fit.factors}.items():
        row = _coefficient(name, one, on)
        if name.startswith("channel."):
            if channel := name.removeprefix("channel."):
                table.setdefault("channel", {})[channel] = row
        else:
            table[name] = row
    if (bias := found.satisfaction.bias) is not None:
        for name, (value, low, high) in bias.by_answer.items():
            if np.isfinite([value, low, high]).all():
                table[name] = {
                    "value": _rounded(value), "low": _rounded(low), "high": _rounded(high),
                    "source": "share who answered; range if the satisfied have half to twice the "
                    "odds to answer", "calibrated_on": on,
                }  # fmt: skip
    return {"satisfaction": table}


def _coefficient(name: str, one: DayEstimate, on: str) -> dict[str, object]:
    """Return a coefficient with its confidence interval, within what scenarios allow."""
    source = "logistic regression of survey answers"
    ends = [one.value, one.low, one.high]
    if name == "satisfied":
        ends = [min(max(x, 1 - _NEAREST), _NEAREST) for x in ends]
    elif not name.startswith("channel.") and one.high > 1:
        # More trouble never satisfies more: what the answers say beyond 1 is random.
        source += f" ({one.value:.3g}, {one.low:.3g} to {one.high:.3g}), cut off at 1"
        ends = [min(x, 1.0) for x in ends]
    value, low, high = (_rounded(x) for x in ends)
    return {"value": value, "low": low, "high": high, "source": source, "calibrated_on": on}


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
