"""What each assumption does to the results of the usual week, by paired simulations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.experiment import simulate
from sim.history.calibration.adjustment import Adjustment
from sim.history.calibration.assumption_trials import trials
from sim.history.calibration.center_estimates import CenterEstimates
from sim.history.calibration.period_sums import METRICS, simulated_sums
from sim.history.calibration.scenario_tables import Tables
from sim.history.calibration.scenario_text import scenario_of
from sim.history.estimation.day_bootstrap import student_quantile

RUNS = 20
SEED = 1

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class AssumptionEffect:
    """What one assumption does between the ends of its confidence interval.

    Attributes
    ----------
    name : str
        The assumption in words.
    low, high : str
        Its ends: levels, each with its relative change.
    effects : dict of str to float
        Metric at the high end minus that at the low end, with the same random numbers.
    errors : dict of str to float
        Half the 95 % confidence interval of each difference.
    """

    name: str
    low: str
    high: str
    effects: dict[str, float]
    errors: dict[str, float]

    @property
    def size(self) -> float:
        """Return how much it matters: change of the service level and of abandonment."""
        known = (abs(self.effects[name]) for name in ("service_level", "abandonment"))
        return sum(one for one in known if np.isfinite(one))

    def document(self) -> dict[str, Any]:
        """Return the row for JSON."""
        return {
            "name": self.name, "low": self.low, "high": self.high,
            **{name: _plain(self.effects[name]) for name in METRICS},
            **{f"{name}_error": _plain(self.errors[name]) for name in METRICS},
        }  # fmt: skip


def assumption_effects(
    estimates: CenterEstimates, adjustment: Adjustment, progress: Progress | None = None
) -> tuple[AssumptionEffect, ...]:
    """Return what each assumption does, the most important first.

    Parameters
    ----------
    estimates : CenterEstimates
    adjustment : Adjustment
        Of the closed loop, from which the changes start.
    progress : callable, optional
        Called with the assumptions done and all.
    """
    tried = list(trials(estimates, adjustment))
    found = []
    for done, trial in enumerate(tried):
        low, high = (_replications(tables) for tables in trial.tables)
        differences = {name: high[name] - low[name] for name in METRICS}
        effects = {name: float(np.nanmean(one)) for name, one in differences.items()}
        errors = {name: _half_width(one) for name, one in differences.items()}
        found.append(AssumptionEffect(trial.name, *trial.ends, effects, errors))
        if progress is not None:
            progress(done + 1, len(tried))
    return tuple(sorted(found, key=lambda one: -one.size))


def _replications(tables: Tables) -> dict[str, Any]:
    result = simulate(scenario_of(tables), runs=RUNS, seed=SEED, workers=1, allow_large=True)
    total = simulated_sums(result.tallies, 1).in_all()
    return {name: total.metric(name)[:, 0] for name in METRICS}


def _half_width(values: Any) -> float:
    known = values[np.isfinite(values)]
    if known.size < 2:
        return float("nan")
    return float(student_quantile(known.size - 1) * known.std(ddof=1) / np.sqrt(known.size))


def _plain(value: float) -> float | None:
    return round(value, 6) if np.isfinite(value) else None
