"""The center itself: its calendar, what all queues share, and the experiment's defaults."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from sim import units
from sim.scenario.calendar import Grid, Opening, date_of
from sim.scenario.field_types import (
    Choice,
    LongSeconds,
    Name,
    Ratio,
    Record,
    Seconds,
    Share,
    SomeLongSeconds,
    Variant,
    Whole,
    Written,
)
from sim.scenario.problems import nearest_zone
from sim.scenario.queue import Target

DEFAULT_INTERVAL = 1800.0
Date = Annotated[dt.date, BeforeValidator(date_of)]


def _zone(value: object) -> str:
    import zoneinfo

    if not isinstance(value, str):
        raise ValueError(f'{value!r} is not a time zone; allowed: a name such as "Europe/Lisbon"')
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        near = nearest_zone(value)
        hint = f'; did you mean "{near}"?' if near else ""
        raise ValueError(
            f'{value!r} is not a time zone; allowed: a name such as "Europe/Lisbon"{hint}'
        ) from None
    return value


def _in_time(target: Target | None) -> Target | None:
    if target is not None and target.within is None:
        raise ValueError('"on time" is for deferred queues; allowed: a time, as in "80% in 20s"')
    return target


class Busyness(Written):
    """How days differ: one random factor a day and queue, with mean 1."""

    SHORT = 'coefficient of variation of the day\'s factor, such as "10%"'
    EXAMPLES = ("10%", 0.1)

    cv: Ratio = 0.0
    """Coefficient of variation of the day's factor, zero or more."""
    shared: Share = 1.0
    """How much all queues share it: 100% is one factor for all, 0% one for each."""
    shape: Annotated[str, Choice("gamma", "lognormal")] = "gamma"
    """Distribution of the factor."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read the coefficient of variation."""
        return {"cv": units.ratio(value)}


class Center(Record):
    """The center: calendar, opening hours and what all queues share."""

    name: Name = "Contact center"
    """Name shown in reports."""
    first_day: Date = dt.date(2026, 1, 5)
    """Date of the first day."""
    days: Annotated[int, Whole(1, 366)] = 1
    """Number of days, from 1 to 366."""
    open: Opening = {"daily": ((0.0, units.DAY),)}
    """Opening hours: "08:00-20:00", "always", or a table by day; days not named are closed."""
    interval: SomeLongSeconds | None = None
    """Length of an interval: 5 to 60 min, dividing a day; 30min unless said otherwise."""
    time_zone: Annotated[str, BeforeValidator(_zone)] | None = None
    """Time zone of the dates, such as "Europe/Lisbon"; used to warn of changes of the clock."""
    at_close: Annotated[str, Choice("serve", "send away", "carry over")] = "serve"
    """What happens to those who wait at closing time; deferred queues always carry over."""
    busyness: Busyness = Busyness()
    """How days differ beyond chance."""
    length: SomeLongSeconds | None = None
    """A stationary run of this length (after the warm-up) instead of days."""
    warm_up: LongSeconds = 0.0
    """Time at the beginning that is simulated but not counted."""
    lines: Annotated[int, Whole(0)] | None = None
    """Lines common to all voice queues; no bound unless given."""
    variant: Variant = "abandons_ignored"
    """Formula of the service level, for all queues that do not name another."""
    target: Annotated[Target | None, AfterValidator(_in_time)] = None
    """Service that the live queues together should reach, by which they are judged in the
    figures of the whole and of channels; each by its own target unless given."""
    short: Seconds = 5.0
    """An abandonment after at most this wait is "short"."""

    @property
    def interval_s(self) -> float:
        """Length of an interval in seconds."""
        if self.interval is not None:
            return self.interval
        horizon = (self.length or 0.0) + self.warm_up
        if self.length is not None and horizon % DEFAULT_INTERVAL:
            return horizon
        return DEFAULT_INTERVAL

    @property
    def grid(self) -> Grid:
        """The intervals of the horizon."""
        if self.length is not None:
            horizon = self.length + self.warm_up
            return Grid(self.first_day, 1, horizon, self.interval_s, one_stretch=True)
        return Grid(self.first_day, self.days, units.DAY, self.interval_s)

    @property
    def hours(self) -> list[tuple[float, float]]:
        """Opening and closing instants over the horizon (s)."""
        return self.grid.hours(self.open)


class Experiment(Record):
    """Defaults of an experiment with this scenario."""

    runs: Annotated[int, Whole(1, 1_000_000)] = 100
    """Number of replications, from 1."""
    seed: Annotated[int, Whole(0)] = 1
    """Seed of all chance, zero or more."""
    precision: Share | None = None
    """Stop when the interval of the service level is at most this wide on either side."""
