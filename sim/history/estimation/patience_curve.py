"""Patience by queue, without a shape that is assumed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.day_bootstrap import (
    DayBootstrap,
    DayEstimate,
    wilson_interval,
)
from sim.history.estimation.distribution_text import few_points, points_text
from sim.history.estimation.kaplan_meier import (
    CurveReplicates,
    SurvivalCurve,
    curve_replicates,
)

BALK_WITHIN = 1.0
"""Hang-ups within this time (s) are looked at for balking."""
SHOWN = (10.0, 30.0, 60.0, 120.0, 300.0)
"""Times (s) at which the share that lasts longer is shown."""
_FEWEST_AT_RISK = 30
_TAIL_ENDS = 100
_TAIL_STEPS = (0.8, 0.6, 0.4, 0.25, 0.1, 0.03)


@dataclass(frozen=True)
class PatienceCurve:
    """Patience of those who wait, and the share who balk.

    Attributes
    ----------
    balk : DayEstimate
        Share who leave at once when they would have to wait, beyond those who lose their patience
        in that time at the rate of the seconds that follow.
    curve : SurvivalCurve
        Everyone who had to wait, those who balk included: the picture against the data.
    median : DayEstimate
        Seconds, of those who do not balk; in the tail it follows from the closing.
    survival : dict
        Share of those who do not balk who last longer than each of :data:`SHOWN` up to the tail:
        beyond, the log does not say.
    tail_from : float
        Time (s) from which too few were waiting to see more: from there the curve is closed.
    tail_share : float
        Share of those who do not balk whose patience lies in the closed tail.
    tail_rate : DayEstimate
        Abandonments per second of waiting in the closed tail, from the last hundred before it; 0:
        they never abandon.
    points : tuple of ndarray
        Times (s) and probabilities of the text.
    """

    balk: DayEstimate
    curve: SurvivalCurve
    median: DayEstimate
    survival: dict[float, DayEstimate]
    tail_from: float
    tail_share: float
    tail_rate: DayEstimate
    points: tuple[Floats, Floats]

    @property
    def text(self) -> str:
        """The patience of those who do not balk, for a scenario."""
        return points_text(*self.points) if self.points[0].size else "never"


def patience_curve(
    wait: Floats, abandoned: Bools, rows: Ints, bootstrap: DayBootstrap,
    balk_within: float = BALK_WITHIN,
) -> PatienceCurve:  # fmt: skip
    """Estimate patience; those who were answered are cut off at their wait.

    Parameters
    ----------
    wait : ndarray, shape (contacts,)
        Seconds, of the contacts that had to wait, and of those that abandoned at zero.
    abandoned : ndarray of bool, shape (contacts,)
    rows : ndarray of int, shape (contacts,)
        Their positions in the log of `bootstrap`.
    bootstrap : DayBootstrap
    balk_within : float
        Seconds.

    Notes
    -----
    The estimator is Kaplan and Meier's (1958): the wait that an answered customer would have
    accepted is not seen, only that it is longer. Brown et al. (2005, Statistical analysis of a
    telephone call center, JASA 100, sec. 5) do the same and find that the tail cannot be seen.
    """
    found = curve_replicates(wait, abandoned, bootstrap, rows)
    balk, still, still_drawn = _balk(found, wait, abandoned, rows, bootstrap, balk_within)
    rate, tail_from = _tail(found.curve, wait, abandoned, rows, bootstrap)
    points, tail_share = _points(found.curve, still, balk_within, tail_from, rate.value)

    def lasting(time: float) -> DayEstimate:
        at = float(found.curve.at(np.array([time]))[0])
        return bootstrap.estimate(
            min(at * still, 1.0), np.minimum(found.at(time) * still_drawn, 1.0), "logit", wait.size
        )

    median = _median(found, still, still_drawn, points, bootstrap, wait.size)
    survival = {t: lasting(t) for t in SHOWN if t <= tail_from}
    return PatienceCurve(balk, found.curve, median, survival, tail_from, tail_share, rate, points)


def _balk(
    found: CurveReplicates, wait: Floats, abandoned: Bools, rows: Ints, bootstrap: DayBootstrap,
    within: float,
) -> tuple[DayEstimate, float, Floats]:  # fmt: skip
    """Return the share who balk, and the factors that take them out of the curves.

    Hazards just after the first seconds are carried back to zero: what has ended beyond them has
    balked. In whole seconds, a wait of `within` lasted for up to half a second longer.
    """
    before = within + (0.5 if (wait % 1 == 0).all() else 0.0)
    until = 5 * max(within, 1.0)
    ended = bootstrap.sums((abandoned & (wait > within) & (wait <= until)).astype(float), rows)
    exposed = bootstrap.sums(np.clip(wait - within, 0, until - within), rows)

    def undo(at: Floats, ends: Floats, exposure: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            hazard = np.where(exposure > 0, ends / exposure, 0.0)
        # As much time lies before `within` as rounding to it leaves.
        return at * np.exp(hazard * before)

    whole = undo(found.curve.at(np.array([within])), ended.sum(), exposed.sum())
    drawn = undo(found.at(within), bootstrap.weights @ ended, bootstrap.weights @ exposed)
    share, shares = 1 - float(whole[0]), 1 - drawn
    plain = bootstrap.estimate(share, shares, "plain", wait.size)
    low, high = max(plain.low, 0.0), max(plain.high, 0.0)
    if share <= 0 and high <= 0:  # no day has one who balked
        low, high = wilson_interval(0, wait.size)
    balk = DayEstimate(max(share, 0.0), low, high, wait.size, plain.days)
    return balk, 1 / min(float(whole[0]), 1.0), 1 / np.minimum(drawn, 1.0)


def _tail(
    curve: SurvivalCurve, wait: Floats, abandoned: Bools, rows: Ints, bootstrap: DayBootstrap
) -> tuple[DayEstimate, float]:
    seen = curve.at_risk >= _FEWEST_AT_RISK
    if not seen.any():
        nothing = DayEstimate(np.nan, records=wait.size, days=bootstrap.days.size)
        return nothing, float(curve.time[-1]) if curve.time.size else 0.0
    last = float(curve.time[seen][-1])
    before = np.sort(wait[abandoned & (wait <= last)])
    start = float(before[-_TAIL_ENDS]) if before.size > _TAIL_ENDS else 0.0
    ends = bootstrap.sums((abandoned & (wait > start) & (wait <= last)).astype(float), rows)
    exposed = bootstrap.sums(np.clip(wait, start, last) - start, rows)
    return bootstrap.ratio(ends, exposed, "log", int(ends.sum())), last


def _points(
    curve: SurvivalCurve, still: float, within: float, tail_from: float, rate: float
) -> tuple[tuple[Floats, Floats], float]:
    """Return the points of those who do not balk, and the share beyond the last one seen."""
    inside = (curve.time > within) & (curve.time <= tail_from)
    if not inside.any():
        return (np.empty(0), np.empty(0)), 1.0
    time = np.concatenate(([0.0], curve.time[inside]))
    below = np.concatenate(([0.0], 1 - np.minimum(curve.survival[inside] * still, 1.0)))
    time, below = few_points(time, np.maximum.accumulate(below))
    left = 1 - float(below[-1])
    if left <= 0 or not rate > 0:
        return (time, below), left
    steps = np.array(_TAIL_STEPS)
    ends = tail_from - np.log(steps) / rate
    # The last of the tail ends where the mean of the exponential rest stays the same.
    last = ends[-1] + 2 / rate
    tail_time = np.concatenate((ends, [last]))
    tail_below = np.concatenate((1 - left * steps, [1.0]))
    return (np.concatenate((time, tail_time)), np.concatenate((below, tail_below))), left


def _median(
    found: CurveReplicates, still: float, still_drawn: Floats, points: tuple[Floats, Floats],
    bootstrap: DayBootstrap, records: int,
) -> DayEstimate:  # fmt: skip
    curve = found.curve
    if curve.time.size == 0 or float(curve.survival[-1]) * still > 0.5:
        # Not seen: read from the closed curve, without an interval.
        value = float(np.interp(0.5, points[1], points[0])) if points[0].size else np.nan
        return DayEstimate(value, records=records, days=bootstrap.days.size)
    seen = _first_below(curve.time, curve.survival[None, :] * still)
    drawn = _first_below(curve.time, found.survival * still_drawn[:, None])
    return bootstrap.estimate(float(seen[0]), drawn, "log", records)


def _first_below(time: Floats, survival: Floats) -> Floats:
    below = survival <= 0.5
    return np.where(below.any(axis=1), time[below.argmax(axis=1)], np.nan)
