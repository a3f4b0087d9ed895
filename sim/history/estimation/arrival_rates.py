"""Arrivals by weekday and interval, and the days that are unlike the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.day_bootstrap import student_quantile
from sim.history.outage_runs import low_runs
from sim.units import counted

_STRANGE = 4.0
_FEW, _MANY = 0.7, 1.5
_SILENT = 12.0
_LATE = 0.15
_MAD_TO_SD = 1.4826


@dataclass(frozen=True)
class ArrivalTable:
    """Mean number of arrivals by weekday and interval.

    Attributes
    ----------
    days : ndarray of int, shape (7,)
        Days of each weekday, Monday first.
    mean, low, high : ndarray, shape (7, intervals)
        Arrivals per interval with a 95 % confidence interval; NaN for a weekday without days.
    interval_minutes : float
    """

    days: Ints
    mean: Floats
    low: Floats
    high: Floats
    interval_minutes: float


@dataclass(frozen=True)
class UnusualDay:
    """A day that is unlike the others of its weekday.

    Attributes
    ----------
    day : int
        Row of the table.
    kind : str
        ``"no contacts"``, ``"few contacts"``, ``"many contacts"``, ``"silence"`` (no arrivals for
        longer than random arrivals explain), ``"outage"`` (too few for hours), ``"abandonment"``.
    value, usual : float
        Contacts of the day and of its weekday's median; for silence the arrivals missing and the
        hours of silence; for an outage its contacts and those expected; for abandonment the shares.
    first, last : int
        Intervals of a silence or an outage, -1 otherwise.
    hours : float
        Length of an outage, 0 otherwise.
    """

    day: int
    kind: str
    value: float
    usual: float
    first: int = -1
    last: int = -1
    hours: float = 0.0

    @property
    def reason(self) -> str:
        """What is unlike other days, in words."""
        if self.kind == "silence":
            return f"{self.usual:.3g} h without contacts, where {self.value:,.0f} were expected"
        if self.kind == "outage":
            contacts = counted(self.value, "contact")
            return f"{contacts} in {self.hours:.3g} h, where {self.usual:.0f} were expected"
        if self.kind == "abandonment":
            return f"{self.value:.0%} abandoned, usually {self.usual:.0%}"
        return f"{self.kind}: {self.value:,.0f}, usually {self.usual:,.0f}"


def counts_by_interval(
    day: Ints, time: Floats, days: int, interval_minutes: float = 30.0
) -> Floats:
    """Return the number of records by day and interval, shape (days, intervals of 24 h).

    Parameters
    ----------
    day : ndarray of int, shape (records,)
        From 0 to ``days - 1``.
    time : ndarray, shape (records,)
        Seconds since midnight; what is later than 24 h counts to the last interval.
    days : int
    interval_minutes : float
    """
    per_day = round(24 * 60 / interval_minutes)
    place = np.clip((time // (60 * interval_minutes)).astype(np.int64), 0, per_day - 1)
    cells = np.bincount(day * per_day + place, minlength=days * per_day)
    return cells.astype(float).reshape(days, per_day)


def arrival_table(
    counts: Floats, weekday: Ints, usable: Bools | None = None, interval_minutes: float = 30.0
) -> ArrivalTable:
    """Return mean arrivals by weekday and interval.

    Parameters
    ----------
    counts : ndarray, shape (days, intervals)
    weekday : ndarray of int, shape (days,)
        0 Monday to 6 Sunday.
    usable : ndarray of bool, shape (days,), optional
        Days that count: all but outages and closed days.
    interval_minutes : float

    Notes
    -----
    The interval of a mean over days by bootstrap is, with many replicates, that of Student's t
    with the standard deviation between the days (Efron 1979); this closed form is used.
    """
    usable = np.ones(weekday.size, dtype=bool) if usable is None else usable
    of_weekday = (weekday[None, :] == np.arange(7)[:, None]) & usable[None, :]
    n = of_weekday.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (of_weekday @ counts) / n[:, None]
        second = (of_weekday @ counts**2) / n[:, None]
        spread = np.sqrt(np.maximum(second - mean**2, 0) / (n - 1)[:, None])
    factor = np.array([student_quantile(max(int(k) - 1, 1)) if k > 1 else np.nan for k in n])
    half = factor[:, None] * spread
    return ArrivalTable(n, mean, np.maximum(mean - half, 0), mean + half, interval_minutes)


def unusual_days(
    counts: Floats, weekday: Ints, abandoned: Floats | None = None
) -> tuple[UnusualDay, ...]:
    """Return days that are unlike the others of their weekday, in the order of the days.

    Parameters
    ----------
    counts : ndarray, shape (days, intervals)
        Arrivals.
    weekday : ndarray of int, shape (days,)
    abandoned : ndarray, shape (days,), optional
        Abandonments of each day.

    Notes
    -----
    Medians and median absolute deviations, which outages themselves do not move (Rousseeuw and
    Croux 1993): a day is named that is more than four robust standard deviations from the median
    of its weekday, and by more than 30 % below or 50 % above. A silence is named when at least 12
    arrivals would have been expected in it: random arrivals leave such a gap once in 160,000.
    At the start or the end of a day it has to be 15 % of the day as well: opening hours move. Runs
    of intervals with a few contacts are judged as a whole, see :mod:`~sim.history.outage_runs`.
    """
    usual = _weekday_medians(counts.sum(axis=1)[:, None], weekday)[:, 0]
    found = [*_totals(counts.sum(axis=1), usual), *_silences(counts, weekday, usual)]
    found += _outages(counts, weekday, usual, {one.day for one in found})
    if abandoned is not None:
        found += _abandonment(counts.sum(axis=1), abandoned)
    return tuple(sorted(found, key=lambda one: (one.day, one.kind)))


def _totals(totals: Floats, usual: Floats) -> list[UnusualDay]:
    open_days = (totals > 0) & (usual > 0)
    z, ratio = np.zeros(totals.size), np.ones(totals.size)
    ratio[open_days] = totals[open_days] / usual[open_days]
    z[open_days] = _robust_scores(np.log(ratio[open_days]), 1 / np.sqrt(usual[open_days]))
    found = []
    for day in np.flatnonzero(usual > 0):
        kind = ""
        if totals[day] == 0:
            kind = "no contacts"
        elif z[day] < -_STRANGE and ratio[day] < _FEW:
            kind = "few contacts"
        elif z[day] > _STRANGE and ratio[day] > _MANY:
            kind = "many contacts"
        if kind:
            found.append(UnusualDay(int(day), kind, float(totals[day]), float(usual[day])))
    return found


def _silences(counts: Floats, weekday: Ints, usual: Floats) -> list[UnusualDay]:
    profile = _weekday_medians(counts, weekday)
    totals = counts.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        level = np.where(usual > 0, np.minimum(totals / usual, 1.0), 0.0)
    expected = profile * level[:, None]
    found = []
    for day in np.flatnonzero(totals > 0):
        silent = np.concatenate(([False], counts[day] == 0, [False]))
        edges = np.flatnonzero(np.diff(silent.astype(int)))
        missing = np.concatenate(([0.0], expected[day].cumsum()))
        for first, end in zip(edges[::2], edges[1::2], strict=True):
            lost = float(missing[end] - missing[first])
            inside = first > 0 and end < counts.shape[1]
            inside = inside and bool(counts[day, :first].any() and counts[day, end:].any())
            if lost >= max(_SILENT, 0.0 if inside else _LATE * usual[day]):
                hours = float(end - first) * 24 / counts.shape[1]
                found.append(UnusualDay(int(day), "silence", lost, hours, int(first), int(end - 1)))
    return found


def _outages(counts: Floats, weekday: Ints, usual: Floats, known: set[int]) -> list[UnusualDay]:
    """Return outages with a trickle of contacts, of other days than those known."""
    profile = _weekday_medians(counts, weekday)
    found = []
    for day, first, end, expected in low_runs(counts, profile, np.ones(weekday.size)):
        busy = np.flatnonzero(profile[day])
        inside = first > busy[0] and end <= busy[-1]
        if day not in known and (inside or expected >= _LATE * usual[day]):
            hours = float(end - first) * 24 / counts.shape[1]
            value = float(counts[day, first:end].sum())
            found.append(UnusualDay(day, "outage", value, expected, first, end - 1, hours))
    return found


def _abandonment(totals: Floats, abandoned: Floats) -> list[UnusualDay]:
    days = np.flatnonzero(totals > 20)
    if days.size < 5:
        return []
    share = (abandoned[days] + 0.5) / (totals[days] + 1)
    logit = np.log(share / (1 - share))
    noise = 1 / np.sqrt((totals[days] + 1) * share * (1 - share))
    z = _robust_scores(logit - np.median(logit), noise)
    usual = float(np.median(share))
    return [
        UnusualDay(int(day), "abandonment", float(abandoned[day] / totals[day]), usual)
        for day, score in zip(days, z, strict=True)
        if score > _STRANGE
    ]


def _robust_scores(deviations: Floats, noise: Floats) -> Floats:
    """Return deviations in standard deviations: between days by the median, or of sampling."""
    spread = _MAD_TO_SD * float(np.median(np.abs(deviations))) if deviations.size else 0.0
    return deviations / np.maximum(np.maximum(spread, noise), 1e-9)


def _weekday_medians(values: Floats, weekday: Ints) -> Floats:
    """Return the median of each day's weekday, shape of `values`; closed days count as zero."""
    found = np.zeros_like(values)
    for number in np.unique(weekday):
        same = weekday == number
        found[same] = np.median(values[same], axis=0)
    return found
