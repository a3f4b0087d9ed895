"""Forecast intervals of a queue, and the rows that staffing, scenarios and the app read."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats
from sim.fileio.csv_text import csv_of
from sim.numerals import write_number

COLUMNS = ("interval_start", "queue", "channel", "offered", "aht_s", "offered_low", "offered_high")
"""Titles of the interval rows of a forecast; ``aht_s`` only where handle times are known."""


@dataclass(frozen=True, eq=False)
class IntervalForecast:
    """The forecast of one queue.

    Attributes
    ----------
    queue, channel : str
    first_day : date
        The day after the history.
    interval_minutes : int
    offered, low, high : ndarray, shape (days, intervals of 24 h)
        Expected contacts, and the ends of their prediction interval; 0 in closed intervals.
    is_open : ndarray of bool, shape (days, intervals)
    aht : ndarray, shape (days, intervals), or None
        Handle time (s).
    """

    queue: str
    channel: str
    first_day: dt.date
    interval_minutes: int
    offered: Floats
    low: Floats
    high: Floats
    is_open: Bools
    aht: Floats | None = None

    @property
    def days(self) -> int:
        """Number of days."""
        return len(self.offered)

    @property
    def last_day(self) -> dt.date:
        """Day of the last row."""
        return self.first_day + dt.timedelta(days=self.days - 1)

    def start(self, day: int, interval: int) -> dt.datetime:
        """Return when an interval begins, by the clock of the center."""
        minutes = interval * self.interval_minutes
        midnight = dt.datetime.combine(self.first_day, dt.time())
        return midnight + dt.timedelta(days=day, minutes=minutes)

    def open_intervals(self) -> Iterator[tuple[int, int]]:
        """Yield day and interval of the opening hours, in order."""
        for day, interval in np.argwhere(self.is_open):
            yield int(day), int(interval)

    def rows(self) -> Iterator[tuple[dt.datetime, str, str, float, float, float, float]]:
        """Yield a row for each open interval, in the order of :data:`COLUMNS`; NaN unknown."""
        for at in self.open_intervals():
            handle = math.nan if self.aht is None else float(self.aht[at])
            offered, low, high = (float(x[at]) for x in (self.offered, self.low, self.high))
            yield self.start(*at), self.queue, self.channel, offered, handle, low, high


def forecast_csv(forecasts: Sequence[IntervalForecast]) -> str:
    """Return forecasts as CSV with a row for each open interval and queue.

    Parameters
    ----------
    forecasts : sequence of IntervalForecast
    """
    has_aht = any(one.aht is not None for one in forecasts)
    lines = [[title for title in COLUMNS if title != "aht_s" or has_aht]]
    for one in forecasts:
        for start, queue, channel, offered, aht, low, high in one.rows():
            cells = [f"{start:%Y-%m-%d %H:%M}", queue, channel, write_number(offered, 7)]
            if has_aht:
                cells.append("" if math.isnan(aht) else write_number(aht, 6))
            lines.append([*cells, write_number(low, 7), write_number(high, 7)])
    return csv_of(lines)
