"""Contacts of one queue by day and interval: what a forecast is made from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats
from sim.messages import BadInputError, show_value

MINUTES_OF_DAY = 24 * 60


@dataclass(frozen=True, eq=False)
class VolumeHistory:
    """Contacts of one queue by day and interval, in the time of the center.

    Parameters
    ----------
    queue, channel : str
        Name of the queue, and its channel, such as ``voice``.
    first_day : datetime.date
        Day of the first row; each row is the next day of the calendar.
    interval_minutes : int
        Minutes of an interval; a day has a whole number of them.
    offered : Floats
        Contacts offered; shape (days, intervals of 24 hours). NaN where unknown.
    is_open : Bools, optional
        Intervals inside the opening hours of that day, same shape; inferred by
        :func:`infer_open` where absent.
    aht : Floats, optional
        Mean handle time in seconds, same shape. NaN where unknown.
    answered : Floats, optional
        Contacts answered, the weights of the handle times, same shape. NaN where unknown.

    Raises
    ------
    BadInputError
        When shapes differ, a count or a handle time is negative or infinite, or an interval
        does not divide a day.
    """

    queue: str
    channel: str
    first_day: dt.date
    interval_minutes: int
    offered: Floats
    is_open: Bools
    aht: Floats | None = None
    answered: Floats | None = None

    def __post_init__(self) -> None:
        if self.interval_minutes < 1 or MINUTES_OF_DAY % self.interval_minutes:
            raise BadInputError(
                f"queue {self.queue}: an interval of {self.interval_minutes} minutes does not "
                "divide a day; use one that does, such as 15, 30 or 60"
            )
        shape = (len(self.offered), MINUTES_OF_DAY // self.interval_minutes)
        for name in ("offered", "is_open", "aht", "answered"):
            values = getattr(self, name)
            if values is not None and values.shape != shape:
                raise BadInputError(
                    f"queue {self.queue}: {name} has shape {values.shape}, expected {shape}"
                )
        for name in ("offered", "aht", "answered"):
            values = getattr(self, name)
            if values is not None and (bad := (values < 0) | np.isinf(values)).any():
                day, interval = np.argwhere(bad)[0]
                raise BadInputError(
                    f"queue {self.queue}, {self.day(int(day))}, interval {interval + 1}: {name} "
                    f"is {show_value(values[day, interval])}; it must be a number of at least 0"
                )

    @property
    def days(self) -> int:
        """Number of days."""
        return len(self.offered)

    @property
    def intervals(self) -> int:
        """Intervals of 24 hours."""
        return MINUTES_OF_DAY // self.interval_minutes

    @property
    def last_day(self) -> dt.date:
        """Day of the last row."""
        return self.day(self.days - 1)

    def day(self, index: int) -> dt.date:
        """Return the date of a row; rows after the last count on."""
        return self.first_day + dt.timedelta(days=index)

    def weekdays(self, ahead: int = 0) -> list[int]:
        """Return the weekday of each row, 0 for Monday, and of ``ahead`` days after the last."""
        return [(self.first_day.weekday() + index) % 7 for index in range(self.days + ahead)]

    def until(self, days: int) -> VolumeHistory:
        """Return the history as it was after its first ``days`` days."""
        return VolumeHistory(
            self.queue,
            self.channel,
            self.first_day,
            self.interval_minutes,
            self.offered[:days],
            self.is_open[:days],
            None if self.aht is None else self.aht[:days],
            None if self.answered is None else self.answered[:days],
        )

    def in_intervals(self, minutes: int) -> VolumeHistory:
        """Return the history in longer intervals; one with an unknown part is unknown.

        Parameters
        ----------
        minutes : int
            A multiple of the minutes of an interval.
        """
        many = minutes // self.interval_minutes
        if many <= 1:
            return self

        def joined(values: Floats) -> Floats:
            return values.reshape(self.days, -1, many)

        offered: Floats = joined(self.offered).sum(axis=2)
        weight = self.offered if self.answered is None else self.answered
        answered: Floats | None = None
        aht: Floats | None = None
        if self.answered is not None:
            answered = joined(self.answered).sum(axis=2)
        if self.aht is not None:
            known = np.isfinite(self.aht) & (weight > 0)
            weights = joined(np.where(known, weight, 0.0)).sum(axis=2)
            work = joined(np.where(known, self.aht * weight, 0.0)).sum(axis=2)
            aht = np.where(weights > 0, work / np.maximum(weights, 1e-12), np.nan)
        is_open = np.array(self.is_open.reshape(self.days, -1, many).max(axis=2), dtype=bool)
        return VolumeHistory(
            self.queue, self.channel, self.first_day, minutes, offered, is_open, aht, answered
        )


def infer_open(offered: Floats, first_day: dt.date) -> Bools:
    """Return the intervals that seem to be inside the opening hours of their day.

    An interval is open where it has contacts itself, or where on at least half of the same
    weekdays that are not empty it has some; of a queue with few contacts, on half as many as the
    interval that has some most often. A day without any contact is closed.

    Parameters
    ----------
    offered : Floats
        Contacts; shape (days, intervals). NaN where unknown.
    first_day : datetime.date
        Day of the first row.

    Returns
    -------
    Bools
        Same shape.
    """
    busy = np.nan_to_num(offered) > 0
    seen = busy.any(axis=1)
    weekdays = (first_day.weekday() + np.arange(len(offered))) % 7
    is_open = busy.copy()
    for weekday in range(7):
        same = weekdays == weekday
        if (days := same & seen).any():
            share = busy[days].mean(axis=0)
            usual = share >= 0.5 * share.max()
            is_open[days] |= usual
            unknown = same & ~seen & np.isnan(offered).all(axis=1)
            is_open[unknown] = usual
    return is_open
