"""Day totals by a level, a trend and weekdays that move: structural time series, averaged."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.cancellation import end_if_cancelled
from sim.history.forecast.day_table import DayTable
from sim.history.forecast.origins import target_days

DAYS_NEEDED = 14
"""Days with volumes before it is used."""
WHOLE = 0.8
"""Share of the open intervals of a day that must be known."""
_LEVEL_STEPS = (0.0, 0.004, 0.012, 0.03)
"""Standard deviations by which the log of the level moves in a day."""
_BUSYNESS = (0.03, 0.08, 0.16)
"""Standard deviations of the log of the day's factor beyond Poisson noise."""
_MEMORY = ((0.0, 0.0), (0.6, 0.7))
"""Autocorrelation of a part of this factor, and its share of the variance."""
_GROWTH = 0.01
"""Standard deviation of the growth in a day as it is believed before the first day."""
_GROWTH_STEP = 0.0007
"""Standard deviation by which a growth that moves does so in a day."""
_STEADY_LEVEL_STEP = 0.004
"""Most by which the level moves beside a steady growth: what a level that moves more has grown by
since long ago says little of the next weeks."""
_WEEKDAY_STEP = 0.002
"""Standard deviation by which the log of a weekday's effect moves in a day."""
_BOUND = 2.5
"""Errors count up to so many standard deviations."""
_HALF_LIFE = 28.0
"""Days after which the likelihood of a day weighs half, so that a growth that ends is left."""
_MOST = 3.0
"""Of the log of a forecast total over the largest known one."""


@dataclass(frozen=True, eq=False)
class _Variances:
    """Standard deviations of the models, each of shape (models,)."""

    growth: Floats
    growth_step: Floats
    level_step: Floats
    memory: Floats
    remembered: Floats
    cv: Floats


def _variances() -> _Variances:
    """Combine levels, busyness and memory with no growth, a steady and a moving one."""
    rows = [
        (growth, growth_step, level_step, *memory, cv)
        for growth, growth_step in ((0.0, 0.0), (_GROWTH, 0.0), (_GROWTH, _GROWTH_STEP))
        for level_step, memory, cv in product(_LEVEL_STEPS, _MEMORY, _BUSYNESS)
        if growth_step > 0 or growth == 0 or level_step <= _STEADY_LEVEL_STEP
    ]
    return _Variances(*np.array(rows).T)


def local_trend(
    table: DayTable, profiles: Floats, ordinary: Floats, origins: Ints, leads: int
) -> Floats:
    """Forecast day totals by a level with a trend, where the history makes one likely.

    The log of a day's total is the sum of a level that moves as a random walk, whose growth may
    be nothing, steady or moving; of the weekday; and of noise with a memory. Every combination of
    a few variances is filtered (Kalman), and their forecasts are averaged by their likelihoods, so
    that a trend counts as far as it is likelier than none.

    Parameters
    ----------
    table : DayTable
        History.
    profiles : Floats
        Contacts forecast by calendar; shape (origins, leads, intervals). Gives the share of each
        interval.
    ordinary : Floats
        Weight of each day as judged on its evening; shape (days,). Days below one half are unknown.
    origins : Ints
        Consecutive days known.
    leads : int
        Days ahead.

    Returns
    -------
    Floats
        Contacts; shape (origins, leads, intervals). NaN with fewer days than needed.

    Notes
    -----
    Source: Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter,
    sections 2.3 and 3.4; the prior of the growth shrinks it as ridge regression does.
    """
    targets = target_days(origins, leads)
    weekdays = table.features[:, table.weekday_features]
    known = np.isfinite(table.counts)
    seen = table.seen & (table.special[: table.known] < 0) & (ordinary >= 0.5)
    seen &= known.sum(axis=1) >= WHOLE * table.is_open[: table.known].sum(axis=1)
    totals = np.where(known, table.counts, 0.0).sum(axis=1)
    levels = _paths(np.log(totals + 0.5), 1 / (totals + 0.5), seen, weekdays, origins, targets)
    profiles = profiles * table.hours[targets]
    sums = profiles.sum(axis=-1, keepdims=True)
    forecast: Floats = levels[..., None] * profiles / np.where(sums > 0, sums, 1.0)
    forecast[np.cumsum(seen)[origins - 1] < DAYS_NEEDED] = np.nan
    return forecast


def _paths(
    logs: Floats, noise: Floats, seen: Bools, weekdays: Floats, origins: Ints, targets: Ints
) -> Floats:
    """Return the total of each target day; shape (origins, leads).

    Parameters
    ----------
    logs, noise : Floats
        Log of the total of each day, and its variance by Poisson noise; shape (days known,).
    seen : Bools
        Days that are used; same shape.
    weekdays : Floats
        How much each day is like each weekday; shape (days, weekdays).
    origins, targets : Ints
        Days known, and the days forecast from there.
    """
    models = _Models(logs[seen][0] if seen.any() else 0.0, weekdays)
    paths = np.empty(targets.shape)
    known = 0
    for row, origin in enumerate(origins):
        for day in range(known, int(origin)):
            models.next_day(logs[day], noise[day], weekdays[day], bool(seen[day]))
        known = int(origin)
        end_if_cancelled()
        before = logs[:known][seen[:known]]
        paths[row] = models.totals(weekdays[targets[row]], before.max(initial=0.0) + _MOST)
    return paths


class _Models:
    """States of all models: level, growth, remembered busyness and weekdays, in logs.

    Parameters
    ----------
    level : float
        Log of the first total.
    weekdays : Floats
        Shape (days, weekdays).
    """

    def __init__(self, level: float, weekdays: Floats) -> None:
        self._of = of = _variances()
        number, size = len(of.cv), 3 + weekdays.shape[1]
        self._weekdays = np.arange(3, size)
        self._state = np.zeros((number, size))
        self._state[:, 0] = level
        self._spread = np.zeros((number, size, size))
        self._spread[:, 0, 0] = 1.0
        self._spread[:, 1, 1] = of.growth**2
        self._spread[:, 2, 2] = of.remembered * of.cv**2
        self._spread[:, self._weekdays, self._weekdays] = 0.5
        self._likelihood = np.zeros(number)

    def next_day(self, log: float, noise: float, weekdays: Floats, seen: bool) -> None:
        """Move to the next day, and learn from its total where it is used."""
        of, state, spread = self._of, self._state, self._spread
        state[:, 0] += state[:, 1]
        state[:, 2] *= of.memory
        spread[:, 0] += spread[:, 1]
        spread[:, :, 0] += spread[:, :, 1]
        spread[:, 2] *= of.memory[:, None]
        spread[:, :, 2] *= of.memory[:, None]
        spread[:, 0, 0] += of.level_step**2
        spread[:, 1, 1] += of.growth_step**2
        spread[:, 2, 2] += of.remembered * (1 - of.memory**2) * of.cv**2
        spread[:, self._weekdays, self._weekdays] += _WEEKDAY_STEP**2
        if not seen:
            return
        parts = np.concatenate([[1.0, 0.0, 1.0], weekdays])
        shared = spread @ parts
        variance = shared @ parts + (1 - of.remembered) * of.cv**2 + noise
        bound = _BOUND * np.sqrt(variance)
        error = np.clip(log - state @ parts, -bound, bound)
        gain = shared / variance[:, None]
        state += gain * error[:, None]
        spread -= gain[:, :, None] * shared[:, None, :]
        faded = 0.5 ** (1 / _HALF_LIFE) * self._likelihood
        self._likelihood = faded - 0.5 * (np.log(variance) + error**2 / variance)

    def totals(self, weekdays: Floats, most: float) -> Floats:
        """Return the mean totals of the next days, whose logs are at most so much.

        Parameters
        ----------
        weekdays : Floats
            Shape (leads, weekdays).
        most : float
            Bound of the logs.
        """
        weights = np.exp(self._likelihood - self._likelihood.max())
        ahead = np.arange(1.0, len(weekdays) + 1)
        logs = self._state[:, :1] + self._state[:, 1, None] * ahead
        logs += self._state[:, 2, None] * self._of.memory[:, None] ** ahead
        logs += self._state[:, 3:] @ weekdays.T + 0.5 * self._of.cv[:, None] ** 2
        totals: Floats = weights @ np.exp(np.minimum(logs, most)) / weights.sum()
        return totals
