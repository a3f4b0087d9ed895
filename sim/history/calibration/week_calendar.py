"""Opening hours by weekday, as offered and answered contacts show them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.array_types import Bools
from sim.history.call_log import CallLog
from sim.history.estimation.arrival_rates import counts_by_interval
from sim.units import show_clock

USUAL_WEEK = "Calibrated on"
"""A center whose name begins so is a usual week: its dates stand for every week."""
HOLE = 4
"""Fewer closed intervals than these between open ones are open too."""
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OPEN_SHARE = 0.25
"""An interval is open where on at least this share of the days contacts are answered in it, and
some that are offered in it are answered: those who call before the opening and those who still wait
after closing do not open it."""


@dataclass(frozen=True)
class WeekOpening:
    """When the center is open, in whole intervals.

    Attributes
    ----------
    opens : bool, shape (7, intervals of 24 h)
        By weekday, Monday first.
    minutes : int
        Length of an interval.
    """

    opens: Bools
    minutes: int

    def rules(self) -> dict[str, str]:
        """Return the opening hours as a scenario has them."""
        spans = {name: _spans(self.opens[k]) for k, name in enumerate(DAY_NAMES)}
        return {
            name: ", ".join(f"{self._clock(a)}-{self._clock(b)}" for a, b in found)
            for name, found in spans.items()
            if found
        }

    def _clock(self, interval: int) -> str:
        return show_clock(60 * interval * self.minutes)

    def open_mask(self, weekday: int, minutes: int | None = None) -> Bools:
        """Return which intervals of a weekday are open, shape (intervals,)."""
        parts = self.minutes // (self.minutes if minutes is None else minutes)
        return np.repeat(self.opens[weekday], parts)


def week_calendar(log: CallLog, usable: Bools, minutes: int = 30) -> WeekOpening:
    """Return the opening hours of a log.

    Parameters
    ----------
    log : CallLog
    usable : bool, shape (days,)
    minutes : int
        Length of an interval.
    """
    answered = log.take(log.answered)
    answer = answered.offered + answered.wait
    inside = answer < 24 * 3600
    moments = ((answered.day, answered.offered), (answered.day[inside], answer[inside]))
    counts = [counts_by_interval(day, time, log.days, minutes) for day, time in moments]
    opens = np.zeros((7, counts[0].shape[1]), dtype=bool)
    for weekday in range(7):
        days = (log.weekday == weekday) & usable
        if days.any():
            shares = [(one[days] > 0).mean(axis=0) for one in counts]
            opens[weekday] = _without_holes(np.minimum(*shares) >= OPEN_SHARE)
    return WeekOpening(opens, minutes)


def _without_holes(opens: Bools) -> Bools:
    """Return open intervals with short holes between them filled."""
    found = opens.copy()
    spans = _spans(opens)
    for (_, end), (start, _) in pairwise(spans):
        if start - end < HOLE:
            found[end:start] = True
    return found


def _spans(opens: Bools) -> list[tuple[int, int]]:
    """Return first interval and the one behind the last of each open time of a day."""
    changes = np.flatnonzero(np.diff(np.concatenate([[False], opens, [False]]).astype(int)))
    return [(int(a), int(b)) for a, b in zip(changes[::2], changes[1::2], strict=True)]


def monday_after(last: dt.date) -> dt.date:
    """Return the first Monday after a date."""
    return last + dt.timedelta(days=7 - last.weekday())
