"""Time zones of tables, and what daylight saving does to their times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from zoneinfo import ZoneInfo

from sim.scenario.problems import nearest_zone
from sim.units import BadInputError


def zone(name: str) -> ZoneInfo:
    """Return a time zone by name.

    Raises
    ------
    BadInputError
        When there is none of the name.
    """
    from zoneinfo import available_timezones

    if name in available_timezones():
        return ZoneInfo(name)
    near = nearest_zone(name)
    hint = f'; did you mean "{near}"?' if near else ""
    raise BadInputError(f'zone: {name!r} is not a time zone; allowed: UTC or "Europe/Lisbon"{hint}')


@lru_cache(maxsize=200_000)
def is_missing(local: dt.datetime, here: ZoneInfo) -> bool:
    """Tell whether a local time is one that the clock jumps over in spring."""
    back = local.replace(tzinfo=here).astimezone(dt.UTC).astimezone(here)
    return back.replace(tzinfo=None) != local


@lru_cache(maxsize=200_000)
def is_doubled(local: dt.datetime, here: ZoneInfo) -> bool:
    """Tell whether a local time is one that the clock shows twice in autumn."""
    both = {local.replace(tzinfo=here, fold=fold).utcoffset() for fold in (0, 1)}
    return len(both) > 1 and not is_missing(local, here)


def set_forward(days: Iterable[dt.date], here: ZoneInfo | None) -> tuple[str, ...]:
    """Return a sentence for each day on which the clock is set forward."""
    notes = []
    for day in sorted(days) if here is not None else ():
        midnight = dt.datetime.combine(day, dt.time())
        halves = (midnight + dt.timedelta(minutes=30 * k) for k in range(48))
        gone = next((half for half in halves if is_missing(half, here)), None)
        if gone is not None:
            notes.append(
                f"on {day} the clock of {here} is set forward: the hour from {gone:%H:%M} does "
                "not exist, and the simulated day has one hour more than the real one"
            )
    return tuple(notes)
