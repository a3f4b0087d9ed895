"""Errors of estimators beyond the difference of days, which drawing days does not show.

What a log does not record is estimated by rules and models that are right in part. How far such
estimates are from the truth, beyond the confidence interval by days, is measured in random centers
that are simulated apart from the engines (docs/verification.md, Calibrated centers, whose table is
of other centers). The intervals are wider by it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.history.estimation.day_bootstrap import DayEstimate, Scale, from_scale, to_scale

_NORMAL = 1.96


@dataclass(frozen=True, slots=True)
class ErrorBeyondDays:
    """Standard deviation of the error of an estimator beyond the difference of days.

    Attributes
    ----------
    scale : {"log", "logit"}
    relative : float
        On that scale.
    absolute : float
        In addition, in the unit of the estimate.
    """

    scale: Scale
    relative: float
    absolute: float = 0.0

    def widen(self, found: DayEstimate) -> DayEstimate:
        """Return an estimate with this error in its interval; as it is where it has none.

        Independent errors: the squares of distances from the estimate to both ends add up.
        """
        value, ends = found.value, np.array([found.low, found.high])
        if not np.isfinite([value, *ends]).all():
            return found
        if 0 < value < (1 if self.scale == "logit" else np.inf):
            middle = float(to_scale(np.float64(value), self.scale))
            with np.errstate(divide="ignore"):
                apart = np.abs(to_scale(ends, self.scale) - middle)
            apart = np.hypot(apart, _NORMAL * self.relative)
            ends = np.array([
                from_scale(middle - float(apart[0]), self.scale),
                from_scale(middle + float(apart[1]), self.scale),
            ])  # fmt: skip
        if self.absolute:
            low, high = np.hypot(ends - value, _NORMAL * self.absolute)
            ends = np.array([max(value - low, 0.0), value + high])
            if self.scale == "logit":
                ends[1] = min(ends[1], 1.0)
        return replace(found, low=float(ends[0]), high=float(ends[1]))


MEASURED_IN = "157 other random centers, 57 of them with breaks when quiet or pauses"
GAP = ErrorBeyondDays("log", 0.04)
"""Of the mean gap after contacts."""
QUIET_SHARE = ErrorBeyondDays("logit", 0.10, 0.02)
"""Of the share not ready when quiet: the absolute part is that of pauses, which look like it."""
QUIET_LENGTH = ErrorBeyondDays("log", 0.12)
"""Of the mean length of breaks when quiet."""
AGENT_HOURS = 0.01
"""Of the logarithm of agent hours, where agents are ready whenever they are free; agent hours were
measured in 93 of these centers."""
AGENT_HOURS_QUIET = 0.022
"""The same where they take breaks when quiet."""
QUIET_FROM = 0.1
"""Share not ready when quiet from which that counts in full; in proportion below."""


def agent_hours_error(not_ready: float) -> ErrorBeyondDays:
    """Return the error of agent hours, which is larger where agents take breaks when quiet."""
    quiet = AGENT_HOURS_QUIET * min(not_ready / QUIET_FROM, 1.0)
    return ErrorBeyondDays("log", float(np.hypot(AGENT_HOURS, quiet)))
