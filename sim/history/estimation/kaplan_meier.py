"""Survival curves of times that are sometimes cut off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.day_bootstrap import DayBootstrap, student_quantile

_DECIMALS = 4  # differences of sums of floats are not differences of times


@dataclass(frozen=True)
class SurvivalCurve:
    """A product-limit curve (Kaplan and Meier 1958).

    Attributes
    ----------
    time : ndarray, shape (n,)
        Times (s) at which something ended, ascending.
    survival : ndarray, shape (n,)
        Probability to last longer than each time.
    low, high : ndarray, shape (n,)
        95 % confidence interval by Greenwood's variance (1926) on the scale of log(-log S), which
        stays between 0 and 1 (Kalbfleisch and Prentice 2002, sec. 1.4).
    at_risk, ended : ndarray, shape (n,)
        Records that lasted until each time, and those that ended at it.
    """

    time: Floats
    survival: Floats
    low: Floats
    high: Floats
    at_risk: Floats
    ended: Floats

    def at(self, times: Floats) -> Floats:
        """Return the probability to last longer than each time."""
        place = np.searchsorted(self.time, times, side="right")
        return np.concatenate(([1.0], self.survival))[place]

    def quantile(self, share: float) -> float:
        """Return the first time by which a share has ended; NaN if the curve does not reach it."""
        return float(_crossing(self.time, self.survival[None, :], 1 - share)[0])

    def restricted_mean(self, until: float) -> float:
        """Return the mean of the times, each cut off at `until` (s)."""
        return float(_area(self.time, self.survival[None, :], until)[0])


@dataclass(frozen=True)
class CurveReplicates:
    """The curve, and one for each bootstrap replicate on the same times.

    Attributes
    ----------
    curve : SurvivalCurve
    survival : ndarray, shape (replicates, n)
    """

    curve: SurvivalCurve
    survival: Floats

    def quantile(self, share: float) -> Floats:
        """Return the quantile (s) of each replicate; NaN where the curve does not reach it."""
        return _crossing(self.curve.time, self.survival, 1 - share)

    def at(self, time: float) -> Floats:
        """Return the survival of each replicate at a time (s)."""
        place = int(np.searchsorted(self.curve.time, time, side="right"))
        return self.survival[:, place - 1] if place else np.ones(self.survival.shape[0])

    def restricted_mean(self, until: float) -> Floats:
        """Return the restricted mean (s) of each replicate."""
        return _area(self.curve.time, self.survival, until)


def survival_curve(time: Floats, ended: Bools) -> SurvivalCurve:
    """Return the product-limit curve.

    Parameters
    ----------
    time : ndarray, shape (records,)
        Seconds until the end, or until the record was cut off.
    ended : ndarray of bool, shape (records,)
        False where it was cut off (censored). What ends and what is cut off at the same time is
        taken in this order.
    """
    values, place = np.unique(time, return_inverse=True)
    ends = np.bincount(place, ended, values.size).astype(float)
    leaves = np.bincount(place, minlength=values.size).astype(float)
    at_risk = leaves[::-1].cumsum()[::-1]
    keep = ends > 0
    return _curve(values[keep], ends[keep], at_risk[keep])


def curve_replicates(
    time: Floats, ended: Bools, bootstrap: DayBootstrap, rows: Ints | Bools, most: int = 2000
) -> CurveReplicates:
    """Return the curve with bootstrap replicates, on at most about `most` times.

    Parameters
    ----------
    time, ended : ndarray, shape (records,)
        As in :func:`survival_curve`.
    bootstrap : DayBootstrap
    rows : ndarray
        Which records of the log these are.
    most : int
        With more distinct times the curve is known at so many of them.
    """
    time = np.round(time, _DECIMALS)
    whole = survival_curve(time, ended)
    marks = whole.time
    if marks.size == 0:
        return CurveReplicates(whole, np.ones((bootstrap.weights.shape[0], 0)))
    if marks.size > most:
        ends = whole.ended.cumsum()
        marks = np.unique(marks[np.searchsorted(ends, np.linspace(ends[0], ends[-1], most))])
    # An end belongs to the first mark at or after it. Within a group of times the hazard is
    # that of those at risk at its mean, so the curve is drawn again through the exact one.
    end_bin = np.minimum(np.searchsorted(marks, time, side="left"), marks.size - 1)
    ends = bootstrap.table(end_bin, marks.size, rows, ended.astype(float))
    leaves = bootstrap.table(np.searchsorted(marks, time, side="left"), marks.size + 1, rows)
    at_risk = leaves[:, ::-1].cumsum(axis=1)[:, ::-1][:, :-1]
    exact = whole.at(marks)
    plain = _product(ends.sum(axis=0)[None, :], at_risk.sum(axis=0)[None, :])[0]
    drawn = _product(bootstrap.weights @ ends, bootstrap.weights @ at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        correction = np.where(plain > 0, exact / plain, 1.0)
    place = np.searchsorted(whole.time, marks)
    curve = SurvivalCurve(
        marks, exact, whole.low[place], whole.high[place], whole.at_risk[place],
        ends.sum(axis=0),
    )  # fmt: skip
    return CurveReplicates(curve, np.clip(drawn * correction, 0.0, 1.0))


def _curve(time: Floats, ended: Floats, at_risk: Floats) -> SurvivalCurve:
    survival: Floats = np.cumprod(1 - ended / at_risk).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(ended / (at_risk * (at_risk - ended)))
        spread = np.sqrt(greenwood) / np.abs(np.log(survival))
        z = student_quantile(10**6)
        low = np.asarray(survival ** np.exp(z * spread), dtype=float)
        high = np.asarray(survival ** np.exp(-z * spread), dtype=float)
    gone = survival <= 0
    low, high = np.where(gone, 0.0, low), np.where(gone, _before(high), high)
    return SurvivalCurve(time, survival, low, high, at_risk, ended)


def _before(high: Floats) -> Floats:
    """Return the upper ends one place later: where none is left, the last one known holds."""
    return np.concatenate(([1.0], high[:-1]))


def _product(ended: Floats, at_risk: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = np.where(at_risk > 0, ended / at_risk, 0.0)
    return np.cumprod(1 - np.minimum(hazard, 1.0), axis=1)


def _crossing(time: Floats, survival: Floats, level: float) -> Floats:
    """Return the first time at which each curve is at or below a level."""
    below = survival <= level + 1e-12
    first = below.argmax(axis=1) if time.size else np.zeros(survival.shape[0], dtype=int)
    reached = below.any(axis=1)
    return np.where(reached, time[first] if time.size else np.nan, np.nan)


def _area(time: Floats, survival: Floats, until: float) -> Floats:
    inside = int(np.searchsorted(time, until, side="left"))
    edges = np.concatenate(([0.0], time[:inside], [until]))
    heights = np.concatenate((np.ones((survival.shape[0], 1)), survival[:, :inside]), axis=1)
    return heights @ np.diff(edges)
