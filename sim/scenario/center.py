"""The center itself: its calendar, what all queues share, and the experiment's defaults."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ValidationInfo, WithJsonSchema

from sim import units
from sim.scenario.calendar import Grid, Opening, date_of
from sim.scenario.field_types import (
    Choice,
    LongSeconds,
    Name,
    Note,
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


def _correlation(value: object) -> float:
    if isinstance(value, str):
        size: object = value.strip().removeprefix("-")
        negative = size != value.strip()
    else:
        negative = isinstance(value, int | float) and value < 0
        size = abs(value) if isinstance(value, int | float) else value
    found = units.share(size)
    return -found if negative else found


def _below_one(value: float) -> float:
    if value >= 1:
        raise ValueError("100% would make all days the same; allowed: below 100%")
    return value


Memory = Annotated[Share, AfterValidator(_below_one)]
"""Correlation from one day to the next, below 1."""
Correlation = Annotated[
    float,
    BeforeValidator(_correlation),
    WithJsonSchema(
        {"type": ["string", "number"], "description": "a correlation, -1 to 1 or in percent"}
    ),
]
"""A correlation from -1 to 1."""


class Busyness(Written):
    """How days differ: one random factor a day and queue, with mean 1."""

    SHORT = 'coefficient of variation of the day\'s factor, such as "10%"'
    EXAMPLES = ("10%", 0.1)

    cv: Ratio = 0.0
    """Coefficient of variation of the day's factor."""
    shared: Share = 1.0
    """How much all queues share it: 100% is one factor for all, 0% one for each."""
    shape: Annotated[str, Choice("gamma", "lognormal")] = "gamma"
    """Distribution of the factor."""
    memory: Annotated[Memory, Note(later=True, sentence="memory {} from one day to the next")] = 0.0
    """Correlation of the factor's normal score with that of the day before."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read the coefficient of variation."""
        return {"cv": units.ratio(value)}


class TalkVariation(Written):
    """How days differ in talk and hold: one random factor a day and queue, with mean 1."""

    SHORT = 'coefficient of variation of the day\'s factor on talk, such as "9%"'
    EXAMPLES = ("9%", 0.09)

    cv: Ratio = 0.0
    """Coefficient of variation of the day's factor, which is lognormal."""
    correlation: Annotated[
        Correlation,
        Note(unit="share, -100% to 100%", sentence="correlation {} with the volume of the day"),
    ] = 0.0
    """Correlation with the day's factor of the queue's volume (``busyness``), of their normal
    scores; negative where talk is shorter on busy days."""
    memory: Annotated[Memory, Note(sentence="memory {} from one day to the next")] = 0.0
    """Correlation of the factor's normal score with that of the day before."""
    level_change: Annotated[Share, Note(later=True)] = 0.0
    """Standard deviation of the random change of the level of talk and hold from one day to the
    next, the same for all queues: a random walk, so that later days are less certain."""
    level_date: Annotated[Date | None, Note(unset="day before `first_day`", later=True)] = None
    """Day on which talk has the level of the file, from which the changes count; at the latest
    ``first_day``."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read the coefficient of variation."""
        return {"cv": units.ratio(value)}


class Center(Record):
    """The center: calendar, opening hours and what all queues share."""

    name: Annotated[Name, Note(section="Calendar")] = "Contact center"
    """Shown in reports."""
    first_day: Annotated[Date, Note(unset="`2026-01-05`, a Monday", section="Calendar")] = dt.date(
        2026, 1, 5
    )
    """Date of the first day."""
    days: Annotated[int, Whole(1, 366), Note(section="Calendar")] = 1
    """Number of days."""
    open: Annotated[Opening, Note(unset='`"always"`', section="Calendar")] = {
        "daily": ((0.0, units.DAY),)
    }
    """Hours: ``"08:00-20:00"``, ``"09:00-12:00, 13:00-18:00"``, ``"always"``, or a table by day:
    ``{ mon-fri = "08:00-20:00", sat = "09:00-14:00", "2026-12-25" = "closed" }`` (also
    ``daily``, ``weekdays``, ``weekend``, ``"mon,wed"``). Dates take precedence over weekdays,
    narrower rules over wider ones; days not listed are closed. Hours must start and end on
    interval boundaries and within one day; for a night write ``"20:00-24:00"`` and, the next
    day, ``"00:00-06:00"``."""
    interval: Annotated[SomeLongSeconds | None, Note(unset='`"30min"`', section="Calendar")] = None
    """5 to 60 min, a divisor of 24 h; in a stationary simulation a divisor of ``warm_up`` +
    ``length``."""
    time_zone: Annotated[
        Annotated[str, BeforeValidator(_zone)] | None,
        Note(
            unset="none",
            section="Calendar",
            sentence="time zone {}, every day is simulated as 24 hours",
        ),
    ] = None
    """Such as ``"Europe/Lisbon"``; for times of records, and to warn of daylight saving changes:
    every day is simulated with 24 h."""
    at_close: Annotated[
        str, Choice("serve", "send away", "carry over"), Note(section="Calendar")
    ] = "serve"
    """What happens to those waiting at closing: ``"serve"`` all of them, ``"send away"``, ``"carry
    over"``; deferred queues always carry over."""
    busyness: Annotated[
        Busyness, Note(unset='`0`, `"100%"`, `"gamma"`', section="Service and busyness")
    ] = Busyness()
    """Variation of the volume from day to day on top of Poisson: ``"10%"``, or ``{ cv = "10%",
    shared = "60%", shape = "gamma" }``. Each day and queue has a random factor with mean 1:
    ``cv`` is its coefficient of variation, ``shared`` the part common to all queues, ``shape``
    ``"gamma"`` or ``"lognormal"``, ``memory`` the correlation from one day to the next."""
    talk_variation: Annotated[
        TalkVariation,
        Note(unset="none", section="Service and busyness", later=True),
    ] = TalkVariation()
    """Variation of talk and hold from day to day: ``"9%"``, or ``{ cv = "9%", correlation = "30%",
    memory = "50%" }``. Each day and queue has a random factor with mean 1, the same for all
    contacts that begin on it; ``level_change`` lets the level of all queues change slowly."""
    length: Annotated[SomeLongSeconds | None, Note(unset="none")] = None
    """A stationary simulation of this length instead of ``days``, ``open`` and ``first_day``:
    always open, with constant volumes and agents."""
    warm_up: LongSeconds = 0.0
    """Time at the beginning that is left out of the metrics; in a stationary simulation it
    precedes ``length``."""
    lines: Annotated[
        Annotated[int, Whole(0)] | None,
        Note(
            unset="no bound",
            section="Service and busyness",
            sentence="trunks shared by all voice queues: {}",
        ),
    ] = None
    """Trunks shared by all voice queues, occupied during self-service, wait and talk."""
    variant: Annotated[Variant, Note(section="Service and busyness")] = "abandons_ignored"
    """Formula of the service level."""
    target: Annotated[
        Annotated[Target | None, AfterValidator(_in_time)],
        Note(unset="none: queue targets only", section="Service and busyness"),
    ] = None
    """Target of all live queues together, such as ``"80% in 20s"``, or ``{ service_level = "80%",
    within = "20s", variant = "answered_only" }``: applies to the metrics of the center and of
    channels; queues keep their own."""
    short: Annotated[
        Seconds,
        Note(section="Service and busyness", sentence="abandonments within {} count as short"),
    ] = 5.0
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
            return Grid(self.first_day, 1, horizon, self.interval_s, stationary=True)
        return Grid(self.first_day, self.days, units.DAY, self.interval_s)

    @property
    def level_days(self) -> int:
        """Days from the one on which the level of talk is that of the file to the first day."""
        known = self.talk_variation.level_date
        return 1 if known is None else (self.first_day - known).days

    @property
    def days_to_last(self) -> int:
        """Days from the one on which the level of talk is that of the file to the last day."""
        return self.level_days + self.grid.days - 1

    @property
    def level_change_by_last(self) -> float:
        """Standard deviation by which the level of talk has changed on the last day."""
        return float(self.talk_variation.level_change * self.days_to_last**0.5)

    @property
    def hours(self) -> list[tuple[float, float]]:
        """Opening and closing instants over the horizon (s)."""
        return self.grid.hours(self.open)


class Experiment(Record):
    """Defaults of an experiment with this scenario."""

    runs: Annotated[int, Whole(1, 1_000_000)] = 100
    """Replications."""
    seed: Annotated[int, Whole(0)] = 1
    """Random seed."""
    precision: Annotated[Share | None, Note(unset="none")] = None
    """Stop at this half width of the service level's confidence interval."""
