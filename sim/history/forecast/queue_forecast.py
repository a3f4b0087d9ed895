"""The forecast of a queue, with everything that a planner wants to know of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sim.array_types import Bools, Floats
from sim.history.forecast.back_test import BackTest
from sim.history.forecast.day_busyness import DayBusyness


@dataclass(frozen=True, eq=False)
class ForecastBand:
    """Expected contacts and their prediction interval, of intervals, days or weeks.

    Parameters
    ----------
    expected, low, high : Floats
        Contacts; same shape. A week is seven days from the first forecast one.
    """

    expected: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class HorizonChoice:
    """What forecasts the days of one horizon.

    Parameters
    ----------
    horizon : str
        ``1 day``, ``1 week`` (days 2 to 7) or ``4 weeks`` (from day 8 on).
    weights : dict[str, float]
        Weight of each method that was used.
    is_tested : bool
        Whether errors of the back-test decided; all weigh the same where not.
    coverage : dict[str, float]
        Share of actual counts inside their prediction intervals in the back-test, for
        ``intervals``, ``days`` and ``weeks``; NaN where too few days could be compared.
    busyness : DayBusyness or None
        Variation of days about this forecast; None where too few days could be compared.
    coverage_intervals : dict[str, tuple[float, float]]
        95 % confidence interval of each coverage, which allows for days that go together; NaN where
        too few are independent.
    """

    horizon: str
    weights: dict[str, float]
    is_tested: bool
    coverage: dict[str, float]
    busyness: DayBusyness | None
    coverage_intervals: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class QueueForecast:
    """Forecast of one queue: volumes with prediction intervals, handle times, and how good it is.

    Parameters
    ----------
    queue, channel : str
        As in the history.
    first_day : datetime.date
        First day forecast.
    interval_minutes : int
        Minutes of an interval.
    level : float
        Nominal coverage of the prediction intervals.
    intervals : ForecastBand
        Shape (days, intervals of 24 hours); 0 in closed hours.
    days : ForecastBand
        Shape (days,); expected contacts are the sums of the intervals.
    weeks : ForecastBand
        Of whole weeks from the first day; shape (weeks,).
    is_open : Bools
        Open intervals, shape of the intervals.
    aht : Floats or None
        Mean handle times in seconds, shape of the intervals; NaN in closed hours.
    back_test : BackTest
        Errors of all methods and of what was chosen.
    choices : tuple[HorizonChoice, ...]
        By horizon, the next day first.
    shared : float or None
        Part of the busyness of days that the queues forecast together share; None for one queue.
    refused : dict[str, str]
        Methods that could not be tried, and why.
    odd_days : tuple[datetime.date, ...]
        Days of the history that hardly counted, as they differ so much from the days around them.
    notes : tuple[str, ...]
        What else a reader should know, one sentence each.
    """

    queue: str
    channel: str
    first_day: dt.date
    interval_minutes: int
    level: float
    intervals: ForecastBand
    days: ForecastBand
    weeks: ForecastBand
    is_open: Bools
    aht: Floats | None
    back_test: BackTest
    choices: tuple[HorizonChoice, ...]
    shared: float | None
    refused: dict[str, str]
    odd_days: tuple[dt.date, ...]
    notes: tuple[str, ...]

    @property
    def dates(self) -> list[dt.date]:
        """Days forecast."""
        return [self.first_day + dt.timedelta(days=day) for day in range(len(self.days.expected))]
