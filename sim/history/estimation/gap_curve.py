"""The share of gaps that last, as a curve without steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats
from sim.history.estimation.gap_after_contact import AT_ONCE, FEWEST_AT_RISK, GapEstimate
from sim.history.estimation.patience_models import FAMILIES
from sim.history.estimation.pauses import LONGEST_GAP_AT_WORK

_STEPS, _TAIL = 40, 14
_LONGEST = 3600.0


@dataclass(frozen=True)
class GapCurve:
    """The share of gaps that last longer than a time, linear between points.

    Attributes
    ----------
    time : ndarray, shape (points,)
        Seconds, from 0.
    left : ndarray, shape (points,)
        From 1 to 0.
    """

    time: Floats
    left: Floats

    @classmethod
    def of(cls, gap: GapEstimate | None) -> GapCurve:
        """Return the curve of an estimate; no gaps without one.

        At forty levels as measured, so that its steps do not matter, and from where few gaps are
        left as the lognormal distribution, or, beyond 3 min, as pauses last where there are any.
        """
        if gap is None:
            return cls(np.array([0.0, AT_ONCE]), np.array([1.0, 0.0]))
        curve = gap.curve
        some = (curve.time > AT_ONCE) & (
            curve.at_risk >= FEWEST_AT_RISK
            if gap.pauses is None
            else curve.time <= LONGEST_GAP_AT_WORK
        )
        time, left = np.array([0.0, AT_ONCE]), np.array([1.0, 1 - gap.zero.value])
        if some.any():
            levels = np.linspace(curve.survival[some][0], curve.survival[some][-1], _STEPS)
            times = np.unique(np.interp(-levels, -curve.survival[some], curve.time[some]))
            levels = np.interp(times, curve.time[some], curve.survival[some])
            time, left = np.append(time, times), np.append(left, levels)
        if left[-1] > 0 and gap.pauses is not None:
            tail, lasts = gap.pauses.points()
            later = tail > time[-1]
            time = np.append(time, tail[later])
            left = np.append(left, left[-1] * lasts[later])
        elif left[-1] > 0 and gap.later is not None:
            tail = np.geomspace(time[-1], _LONGEST, _TAIL)
            lasts = np.exp(FAMILIES["lognormal"].survival(tail, gap.later))
            time = np.append(time, tail[1:])
            left = np.append(left, left[-1] * lasts[1:] / max(lasts[0], 1e-12))
        return cls(np.append(time, time[-1] + AT_ONCE), np.append(left, 0.0))

    def at(self, time: Floats) -> Floats:
        """Return the share that lasts longer."""
        return np.asarray(np.interp(time, self.time, self.left))

    def density(self, time: Floats) -> Floats:
        """Return the share that ends per second."""
        steps = np.append(-np.diff(self.left) / np.diff(self.time), 0.0)
        return np.asarray(steps[np.searchsorted(self.time, time, side="right") - 1])

    @property
    def over(self) -> float:
        """Time (s) after which at most a twentieth of the gaps is left."""
        return float(self.time[self.left <= 0.05][0])
