"""Hours of daylight saving, and a last day whose rows end early."""

from __future__ import annotations

import datetime as dt

import numpy as np

from sim import units
from sim.array_types import Bools
from sim.history.irregularities import CLOSED, LEFT_OUT, Irregularity
from sim.history.tables import time_zones
from sim.history.volume_history import VolumeHistory

INCOMPLETE = "incomplete last day"


def incomplete_last_day(history: VolumeHistory, has_row: Bools) -> list[Irregularity]:
    """Return whether the rows of the last day end before those of its weekday do.

    Parameters
    ----------
    history : VolumeHistory
    has_row : ndarray of bool, shape (days, intervals)
    """
    weekdays = np.asarray(history.weekdays())
    same = np.flatnonzero((weekdays == weekdays[-1]) & has_row.any(axis=1))
    if same.size < 4 or same[-1] != history.days - 1:
        return []
    ends = [int(np.flatnonzero(has_row[day])[-1]) for day in same]
    usual = round(float(np.median(ends[:-1])))
    if usual - ends[-1] < max(2, 60 // history.interval_minutes):
        return []
    clock = units.show_clock((ends[-1] + 1) * history.interval_minutes * units.MINUTE)
    day = history.last_day
    text = f"rows end at {clock}"
    return [Irregularity(INCOMPLETE, history.queue, day, day, None, None, text, LEFT_OUT)]


def clock_changes(history: VolumeHistory, center_zone: str | None) -> list[Irregularity]:
    """Return the open hours that daylight saving skips or doubles.

    Parameters
    ----------
    history : VolumeHistory
    center_zone : str or None
        Time zone of the center; without it nothing is known.
    """
    if center_zone is None:
        return []
    here = time_zones.zone(center_zone)
    found = []
    for day in range(history.days):
        midnight = dt.datetime.combine(history.day(day), dt.time())
        if (
            midnight.replace(tzinfo=here).utcoffset()
            == (midnight + dt.timedelta(days=1)).replace(tzinfo=here).utcoffset()
        ):
            continue
        for kind, test, text, treatment in (
            ("skipped hour", time_zones.is_missing, "the clock is set forward", CLOSED),
            ("doubled hour", time_zones.is_doubled, "the clock is set back", LEFT_OUT),
        ):
            step = dt.timedelta(minutes=history.interval_minutes)
            at = [i for i in range(history.intervals) if test(midnight + i * step, here)]
            if at and history.is_open[day, at].any():
                date = history.day(day)
                found.append(
                    Irregularity(
                        kind, history.queue, date, date, at[0], at[-1] + 1, text, treatment
                    )
                )
    return found
